"""`read_roster`: reads one application from each row of a workbook."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import UseNewRoster
from sjs_forms.base.progress import never_cancelled, until_cancelled
from sjs_forms.batch.roster.columns import (
    FOLDER_LABEL,
    FOLDER_PLACE,
    PASSWORD_LABEL,
    PASSWORD_PLACE,
    Column,
    columns_of,
    tables_of,
)
from sjs_forms.batch.roster.headers import Header, find_header
from sjs_forms.batch.roster.row_attachments import (
    NO_FILES,
    RowFiles,
    row_files,
    shared_folder,
    unused_password,
)
from sjs_forms.batch.roster.row_reading import (
    SheetRow,
    answers_of,
    cell_label,
    filled_rows,
    header_findings,
    put,
    read_rows,
)
from sjs_forms.batch.roster.table_files import read_table
from sjs_forms.batch.roster.table_files.sheets import Sheet
from sjs_forms.batch.roster.table_reading import (
    TableAnswers,
    TableLine,
    assigned,
    read_tables,
    refuse_hidden,
    table_header,
)
from sjs_forms.domain.fields.entries import Value
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.installed_notices import (
    installed_programmes,
    load_programme,
    readable_programmes,
)
from sjs_forms.domain.notice.notice_fields import PROGRAMME_LABEL, NoticeFields
from sjs_forms.domain.places import written_at
from sjs_forms.domain.programme import Programme

MAX_ROWS = 10_000
"""Maximum number of applicants in one workbook."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One applicant.

    `number` is Excel's row number, `name` the applicant's as written ("" if missing), `document`
    the content of application.json with paths relative to the workbook's folder. `findings` report
    the cells that could not be parsed; these answers are null in `document`. `lines` are the Excel
    rows of tables, by their place; `given` is the number that the office gave. An empty `document`
    stands for rows of a table that belong to no applicant.
    """

    number: int
    name: str
    document: dict[str, Any]
    findings: tuple[Finding, ...]
    lines: Mapping[Place, TableLine] = field(default_factory=dict)
    given: str = ""


@dataclass(frozen=True, slots=True)
class _UnderstoodRoster:
    """The rows of a workbook, and the table rows of each; `everywhere` are findings for each.

    `unassigned` are findings on rows of tables without an applicant, by the title of the sheet.
    """

    programme: Programme
    rows: tuple[SheetRow, ...]
    tables: Sequence[TableAnswers]
    everywhere: tuple[Finding, ...]
    unassigned: Mapping[str, Sequence[Finding]]

    def made(self, files: Sequence[RowFiles]) -> Iterator[RosterRow]:
        """Yield the applicants; `files` are those of each."""
        for row, tables, found in zip(self.rows, self.tables, files, strict=True):
            yield _row(self.programme, row, tables, found, self.everywhere)


def read_roster(
    path: Path, programme_id: str | None = None, is_cancelled: Callable[[], bool] = never_cancelled
) -> tuple[RosterRow, ...]:
    """Return every applicant of the workbook at `path` in the order of its rows.

    It is read as a roster of the notice `programme_id`, else of the notice with most of whose
    answers its headers agree. Rows of tables without an applicant come last. Raises Cancelled, and
    UsageFault if it cannot be read or has no header, two candidate sheets, or no filled row.
    """
    roster = _read(path, programme_id, is_cancelled)
    files = _all_files(path.parent, roster, is_cancelled)
    nobody_s = (
        RosterRow(0, title, {}, tuple(findings)) for title, findings in roster.unassigned.items()
    )
    return (*roster.made(files), *nobody_s)


def read_roster_answers(path: Path) -> tuple[RosterRow, ...]:
    """Like `read_roster`, without searching the rows' folders for attachments.

    Table rows without an applicant are not reported.
    """
    roster = _read(path, None, never_cancelled)
    return tuple(roster.made([NO_FILES] * len(roster.rows)))


def _read(
    path: Path, programme_id: str | None, is_cancelled: Callable[[], bool]
) -> _UnderstoodRoster:
    asked = (load_programme(programme_id),) if programme_id else readable_programmes()
    every = read_table(path, is_cancelled)
    sheets = [sheet for sheet in every if not sheet.is_hidden]
    programme, sheet, header = _the_roster(path.name, sheets, asked)
    rows = filled_rows(sheet, header)
    if not rows:
        raise UsageFault(
            f"“{path.name}”的表头下面一行也没有填写。", "请每行填写一个申报单位，保存后再试。"
        )
    if len(rows) > MAX_ROWS:
        raise UsageFault(
            f"“{path.name}”填了 {len(rows):,} 行，超过 {MAX_ROWS:,} 行的上限。",
            "请把申报单位分成几个文件。",
        )
    read = list(read_rows(until_cancelled(rows, is_cancelled), header, sheet))
    others = [other for other in sheets if other is not sheet]
    refuse_hidden(path.name, programme.fields, [each for each in every if each.is_hidden])
    tables = read_tables(path.name, programme.fields, others)
    answers, unassigned = assigned(programme.fields, tables, read)
    return _UnderstoodRoster(programme, tuple(read), answers, header_findings(header), unassigned)


def _the_roster(
    name: str, sheets: Sequence[Sheet], asked: Sequence[Programme]
) -> tuple[Programme, Sheet, Header]:
    """Return the one sheet that has a header, the header, and the notice that it belongs to."""
    found = [best for sheet in sheets if (best := _likeliest_header(sheet, asked))]
    filled = [each for each in found if filled_rows(each[1], each[2])]
    if len(filled) > 1:
        titles = "、".join(f"“{sheet.title}”" for _, sheet, _ in filled)
        raise UsageFault(
            f"“{name}”里有几张工作表都像名册：{titles}。",
            "请把申报单位都放在一张表里，或分别存成几个文件。",
        )
    if not found:
        columns = columns_of(asked[0].fields)
        labels = tuple(column.label for column in columns if column.required)
        raise UsageFault(
            f"“{name}”里找不到表头：没有一行写着表上各项的名称。",
            UseNewRoster(labels),
        )
    return (filled or found)[0]


def _likeliest_header(
    sheet: Sheet, asked: Sequence[Programme]
) -> tuple[Programme, Sheet, Header] | None:
    """Return a sheet's header for the notice with most of whose answers it agrees."""
    found = []
    for programme in asked:
        header = find_header(sheet, programme.fields)
        if header and table_header(sheet, programme.fields) is None:
            found.append((programme, sheet, header))
    return max(found, key=lambda each: len(each[2].columns), default=None)


def _all_files(
    base: Path, roster: _UnderstoodRoster, is_cancelled: Callable[[], bool]
) -> list[RowFiles]:
    """Return the files of every row's folder.

    Rows that name the same folder get a finding, and those of which one takes files of another's.
    """
    rows = roster.rows
    found = [_files(base, row, roster.programme) for row in until_cancelled(rows, is_cancelled)]
    named = {root for files in found for root in files.roots}
    searched = [_named_folders(base.resolve(), files, named) for files in found]
    users: dict[Path, set[int]] = {}
    for row, folders in zip(rows, searched, strict=True):
        for folder in folders:
            users.setdefault(folder, set()).add(row.number)
    return [
        _with_shared_folder(row, files, {number for folder in folders for number in users[folder]})
        for row, files, folders in zip(rows, found, searched, strict=True)
    ]


def _named_folders(base: Path, files: RowFiles, named: Collection[Path]) -> set[Path]:
    """Return a row's folders, and those within that rows name and it takes files from."""
    around = {folder for entry in files.entries for folder in (base / entry["file"]).parents}
    taken = (folder for folder in around if folder in named)
    own = files.roots
    return {*own, *(one for one in taken if any(one.is_relative_to(root) for root in own))}


def _files(base: Path, row: SheetRow, of_roster: Programme) -> RowFiles:
    written, programme_id = _value(row, FOLDER_PLACE), _value(row, ("programme",))
    password = _value(row, PASSWORD_PLACE)
    if not written:
        unused = unused_password(cell_label(row.number, PASSWORD_LABEL))
        return RowFiles((), (), (unused,)) if password else NO_FILES
    label = cell_label(row.number, FOLDER_LABEL)
    try:
        programme = load_programme(programme_id) if programme_id else of_roster
    except UsageFault as problem:
        unknown = error(
            "unknown-programme",
            AnswerPlace(("programme",)),
            cell_label(row.number, PROGRAMME_LABEL),
            problem.template,
            problem.action,
            *problem.files,
        )
        return RowFiles((), (), (unknown,))
    return row_files(base, written, programme, label).opened_by(password)


def _with_shared_folder(row: SheetRow, files: RowFiles, users: Collection[int]) -> RowFiles:
    others = sorted({*users} - {row.number})
    if not others:
        return files
    shown = "、".join(str(number) for number in others[:5]) + (" 等" if len(others) > 5 else "")
    label = cell_label(row.number, FOLDER_LABEL)
    written = _value(row, FOLDER_PLACE) or ""
    shared = shared_folder(label, written, f"第 {shown} 行的")
    return RowFiles(files.entries, files.roots, (*files.findings, shared))


def _row(
    programme: Programme,
    read: SheetRow,
    tables: TableAnswers,
    files: RowFiles,
    everywhere: Sequence[Finding],
) -> RosterRow:
    of_header = []
    for found in everywhere:
        label = cell_label(read.number, found.label)
        of_header.append(replace(found, label=label, template=f"{label}：{found.template}"))
    document = _document(programme.fields, read.values, tables)
    if document["programme"] is None and len(installed_programmes()) > 1:
        document["programme"] = programme.id
    document["attachments"] = list(files.entries)
    name = _value(read, programme.fields.roles["applicant"]) or ""
    findings = (*of_header, *read.findings, *tables.findings, *files.findings)
    return RosterRow(read.number, name, document, findings, tables.lines, read.given)


def _document(
    fields: NoticeFields, values: Mapping[Column, Value], tables: TableAnswers
) -> dict[str, Any]:
    """Return application.json with every key of the notice; missing answers are null."""
    document = answers_of(columns_of(fields), values)
    apart = {question.place for question in tables_of(fields)}
    for question in fields.fields:
        if question.place in apart:
            put(document, question.place, tables.rows.get(question.place, []))
        elif isinstance(question.kind, RowsKind):
            put(document, question.place, _rows(written_at(document, question.place)))
    return {key: document.get(key) for key in fields.known_keys(())}


def _rows(by_index: Any) -> list[dict[str, Any]]:
    """Return the rows of a table as a list, without blank ones at the end."""
    rows = list((by_index or {}).values())
    while rows and not any(rows[-1].values()):
        rows.pop()
    return rows


def _value(row: SheetRow, place: Place) -> str | None:
    """Return a row's text in the column that fills a place."""
    value = next((value for column, value in row.values.items() if column.place == place), None)
    return value if isinstance(value, str) else None
