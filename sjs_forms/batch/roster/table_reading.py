"""Reads the sheets of tables, each row of which belongs to an applicant of the first sheet.

A row names its applicant by code or by name. One that names nobody, or an applicant who is in the
roster twice, is reported and assigned to nobody.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace
from sjs_forms.base.findings.remedies import UseNewRoster
from sjs_forms.batch.roster.columns import columns_of, header_key, owner_places, tables_of
from sjs_forms.batch.roster.headers import Header, find_header
from sjs_forms.batch.roster.row_reading import (
    SheetRow,
    answers_of,
    cell_label,
    column_letters,
    filled_rows,
    header_findings,
    read_row,
    row_label,
)
from sjs_forms.batch.roster.table_files.sheets import Sheet
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.places import written_at

MAX_TABLE_ROWS = 100_000
"""Maximum number of rows in the sheet of one table."""
_SHOWN = 5
"""Rows that a message names."""
_MAX_TOLD = 50
"""Limit on unknown names that are reported individually."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """The position of a table's row: its sheet, Excel's row, and the column of each answer."""

    sheet: str
    number: int
    letters: Mapping[Place, str]

    def named(self, within: Place) -> str:
        """Return the place of an answer of the row in words: “设备清单”第 7 行 F 列."""
        letters = self.letters.get(within)
        return row_label(self.number, self.sheet) + (f" {letters} 列" if letters else "")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the notice, the sheet with its rows, and the rows."""

    question: Field
    title: str
    letters: Mapping[Place, str]
    rows: tuple[SheetRow, ...]
    everywhere: tuple[Finding, ...]


_SHOWN_AGAIN = {
    "hidden": "右击工作表标签",
    "veryHidden": "右击看不到它：在 Excel 中按 Alt+F11，选中它，把属性 Visible 改为 -1",
}
"""How a sheet is shown again, by its state."""


@dataclass(slots=True)
class TableAnswers:
    """The table rows of one applicant, by the place of their table, and findings on them."""

    rows: dict[Place, list[dict[str, Any]]] = field(default_factory=dict)
    lines: dict[Place, TableLine] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def table_header(sheet: Sheet, fields: NoticeFields) -> Header | None:
    """Return the header of a table's sheet, or None for any other sheet.

    A sheet is a table's if it has the name of the table, or more of the table's columns than of the
    first sheet's.
    """
    tables = tables_of(fields)
    for question in tables:
        if header_key(sheet.title) == header_key(question.label):
            return find_header(sheet, fields, question.place)
    found = [
        header
        for question in tables
        if (header := find_header(sheet, fields, question.place)) and not _lacks(header)
    ]
    best = max(found, key=lambda header: len(header.columns), default=None)
    first = find_header(sheet, fields) if best else None
    return best if best and (not first or len(first.columns) < len(best.columns)) else None


def _lacks(header: Header) -> str:
    """Return what is missing in a table's header: the applicant, or the answers."""
    owners = [column.place in owner_places(header.fields) for column in header.columns.values()]
    if not any(owners):
        return "没有写明属于哪个申报单位的一列"
    return "没有表上的任何一列" if all(owners) else ""


def read_tables(name: str, fields: NoticeFields, sheets: Sequence[Sheet]) -> tuple[Table, ...]:
    """Return the tables of the workbook `name`.

    Raises UsageFault for a sheet with the name of a table that has no header, for two of one table,
    and for too many rows.
    """
    tables: dict[Place, Table] = {}
    for question in tables_of(fields):
        for sheet in sheets:
            header = table_header(sheet, fields)
            is_called = header_key(sheet.title) == header_key(question.label)
            if is_called and sheet.rows and (header is None or _lacks(header)):
                raise _no_header(sheet.title, fields, question, header)
            if header is None or header.table != question.place:
                continue
            table = _table(question, sheet, header)
            earlier = tables.get(question.place)
            if earlier and earlier.rows and table.rows:
                raise UsageFault(
                    f"“{name}”里有两张工作表都像“{question.label}”："
                    f"“{earlier.title}”、“{sheet.title}”。",
                    "请把各行放在一张表里。",
                )
            if not earlier or table.rows:
                tables[question.place] = table
    return tuple(tables.values())


def refuse_hidden(name: str, fields: NoticeFields, hidden: Sequence[Sheet]) -> None:
    """Raise UsageFault for a hidden sheet with rows of a table, which the clerk cannot see."""
    for sheet in hidden:
        header = table_header(sheet, fields)
        if header and (filled := filled_rows(sheet, header)):
            raise UsageFault(
                f"“{name}”里的工作表“{sheet.title}”是隐藏的，其中填了 {len(filled):,} 行。",
                f"要用的请取消隐藏（{_SHOWN_AGAIN[sheet.state]}），核对它的内容；"
                "不要的请删去这张工作表。",
            )


def _no_header(
    title: str, fields: NoticeFields, question: Field, header: Header | None
) -> UsageFault:
    labels = tuple(column.label for column in columns_of(fields, question.place))
    what = _lacks(header) if header else "找不到表头"
    return UsageFault(
        f"工作表“{title}”里{what}，其中的内容无法读取。",
        UseNewRoster(labels),
    )


def _table(question: Field, sheet: Sheet, header: Header) -> Table:
    filled = filled_rows(sheet, header)
    if len(filled) > MAX_TABLE_ROWS:
        raise UsageFault(
            f"工作表“{sheet.title}”填了 {len(filled):,} 行，超过 {MAX_TABLE_ROWS:,} 行的上限。",
            "请把申报单位分成几个文件。",
        )
    length = len(question.place) + 1
    letters = {
        column.place[length:]: column_letters(at)
        for at, column in sorted(header.columns.items(), reverse=True)
        if column.place not in owner_places(header.fields)
    }
    rows = tuple(read_row(number, cells, header, sheet) for number, cells in filled)
    return Table(question, sheet.title, letters, rows, header_findings(header))


class Applicants:
    """The applicants of a roster, searched by code or name."""

    def __init__(self, rows: Sequence[SheetRow]) -> None:
        self._by_key: dict[tuple[Place, str], set[int]] = {}
        self.names: dict[str, None] = {}
        for index, row in enumerate(rows):
            for place, text in row.owner.items():
                if text:
                    self._by_key.setdefault((place, _key(text)), set()).add(index)
                    self.names[text] = None

    def of(self, row: SheetRow) -> set[int]:
        """Return the indices of the applicants whom a table's row may mean."""
        said = [(place, _key(text)) for place, text in row.owner.items() if text]
        found = [self._by_key.get(each, set[int]()) for each in said]
        return set.intersection(*found) if found else set()


def _key(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).casefold()


def assigned(
    fields: NoticeFields, tables: Sequence[Table], applicants: Sequence[SheetRow]
) -> tuple[list[TableAnswers], dict[str, list[Finding]]]:
    """Return each applicant's table rows, and by sheet the findings on rows of no applicant."""
    known = Applicants(applicants)
    answers = [TableAnswers() for _ in applicants]
    unassigned: dict[str, list[Finding]] = {}
    for table in tables:
        nobody_s: dict[str, list[SheetRow]] = {}
        twice: dict[int, list[SheetRow]] = {}
        for row in table.rows:
            found = known.of(row)
            if len(found) == 1:
                _add(fields, answers[found.pop()], table, row)
            elif found:
                for index in found:
                    twice.setdefault(index, []).append(row)
            elif _answers_in(fields, table, row) or row.findings:
                nobody_s.setdefault(_named(row), []).append(row)
        for index, rows in twice.items():
            answers[index].findings.append(_ambiguous(table, rows))
        if nobody_s:
            unassigned[table.title] = list(_unknown_names(table, nobody_s, list(known.names)))
    return answers, unassigned


def _answers_in(fields: NoticeFields, table: Table, row: SheetRow) -> dict[str, Any] | None:
    """Return a row's answers by their keys, or None if all are blank."""
    place = table.question.place
    own = [one for one in columns_of(fields, place) if one.place not in owner_places(fields)]
    said: dict[str, Any] = written_at(answers_of(own, row.values), (*place, 0))
    return said if any(value not in (None, []) for value in said.values()) else None


def _add(fields: NoticeFields, answers: TableAnswers, table: Table, row: SheetRow) -> None:
    place = table.question.place
    rows = answers.rows.setdefault(place, [])
    said = _answers_in(fields, table, row)
    refused = any(found.severity == "error" for found in row.findings)
    at = (*place, len(rows))
    if said is None and not refused:
        answers.findings += row.findings
        return
    if not rows:
        answers.findings += (_of_row(row, found) for found in table.everywhere)
    blank = dict.fromkeys(fields.known_keys(at))
    rows.append(said or blank)
    answers.lines[at] = TableLine(table.title, row.number, table.letters)
    answers.findings += (_at_row(found, at) for found in row.findings)


def _at_row(found: Finding, at: Place) -> Finding:
    """Return a finding with the row's index among the rows of its applicant."""
    if not isinstance(found.place, AnswerPlace):
        return found
    return replace(found, place=AnswerPlace((*at, *found.place.steps[len(at) :])))


def _of_row(row: SheetRow, found: Finding) -> Finding:
    """Return a finding on the header, for the first row to which it applies."""
    label = cell_label(row.number, found.label, row.sheet)
    return replace(found, label=label, template=f"{label}：{found.template}")


def _named(row: SheetRow) -> str:
    return "、".join(text for text in row.owner.values() if text)


def _numbers(rows: Sequence[SheetRow]) -> str:
    shown = "、".join(str(row.number) for row in rows[:_SHOWN])
    return shown + (f" 等 {len(rows)}" if len(rows) > _SHOWN else "")


def _ambiguous(table: Table, rows: Sequence[SheetRow]) -> Finding:
    label = f"“{table.title}”第 {_numbers(rows)} 行"
    return error(
        "table-row-ambiguous",
        AnswerPlace(table.question.place),
        label,
        f"{label}写的是“{_named(rows[0])}”，名册里不止一行是这个单位，看不出属于哪一行。",
        "请在两张表里都写上能区分的代码，或删去名册里重复的一行。",
    )


def _unknown_names(
    table: Table, rows: Mapping[str, Sequence[SheetRow]], names: Sequence[str]
) -> Iterator[Finding]:
    """Yield a finding for each name that is not in the roster, in the order of the rows."""
    for number, (name, named) in enumerate(rows.items()):
        label = f"“{table.title}”第 {_numbers(named)} 行"
        if number == _MAX_TOLD:
            label = f"“{table.title}”第 {named[0].number} 行起"
            what = f"另有 {len(rows) - _MAX_TOLD} 个单位不在名册里，这些行没有采用。"
            yield error("table-row-stranger", WHOLE, label, label + what, "请逐行核对。")
            return
        what = f"写的申报单位“{name}”不在名册里" if name else "没有写是哪个申报单位"
        near = nearest(name, names) if name else None
        meant = f"是否是“{near}”？" if near else ""
        yield error(
            "table-row-stranger",
            WHOLE,
            label,
            f"{label}{what}，没有采用。",
            f"{meant}请写成与名册中一样的代码或名称；不要的行请删去。",
        )
