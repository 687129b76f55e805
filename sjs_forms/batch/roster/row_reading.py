"""Reads the rows of a sheet: every cell is parsed by the kind of its column."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, Whole
from sjs_forms.batch.roster.cell_answers import read_cell, text_of
from sjs_forms.batch.roster.columns import Column, columns_of, owner_places
from sjs_forms.batch.roster.headers import MAX_COLUMNS, Header, repeats_header
from sjs_forms.batch.roster.table_files.sheets import BLANK_CELL, MAX_CELLS, Cell, Sheet
from sjs_forms.batch.roster.table_files.workbooks import too_large
from sjs_forms.domain.answers.summary_rows import is_summary
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.entries import Doubt, Value, shown
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.near_words import nearest

_NAMED = 5
"""Columns that a message names."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its cells parsed. `sheet` is the title of a table's sheet, "" for the first.

    `owner` has the answers that identify the applicant, by their place; text that could not be
    parsed is kept unchanged. `given` is the number that the office gave the application.
    """

    number: int
    values: Mapping[Column, Value]
    findings: tuple[Finding, ...]
    owner: Mapping[Place, str]
    sheet: str = ""
    given: str = ""


def filled_rows(sheet: Sheet, header: Header) -> list[tuple[int, dict[int, Cell]]]:
    """Return the rows below the header with content of their own, without totals and notes.

    Cells merged over several rows apply to each of them. Raises UsageFault for too many of them.
    """
    numbers = sorted(sheet.rows)
    from_merged = _from_merged(sheet, header, numbers)
    rows = []
    for row in numbers:
        cells = sheet.rows[row]
        if row <= header.last_row or not any(_says_something(cell) for cell in cells.values()):
            continue
        texts = {number: text_of(cell) for number, cell in cells.items()}
        if not repeats_header(header, texts) and not is_summary(texts.values()):
            rows.append((row, {**from_merged.get(row, {}), **cells}))
    return rows


def _from_merged(
    sheet: Sheet, header: Header, numbers: Sequence[int]
) -> dict[int, dict[int, Cell]]:
    """Return the cells that reach into rows from above. `numbers` are those of all rows, sorted."""
    found: dict[int, dict[int, Cell]] = {}
    count = 0
    for block in sheet.merged:
        if block.top <= header.last_row or block.left not in header.columns:
            continue
        reached = range(bisect_right(numbers, block.top), bisect_right(numbers, block.bottom))
        count += len(reached)
        if count > MAX_CELLS:  # blocks of a hostile workbook lie on each other
            raise too_large(sheet.title)
        cell = sheet.cell(block.top, block.left)
        for at in reached:
            found.setdefault(numbers[at], {})[block.left] = cell
    return found


def read_rows(
    rows: Iterable[tuple[int, Mapping[int, Cell]]], header: Header, sheet: Sheet
) -> Iterator[SheetRow]:
    """Yield the rows. An unknown or hidden column is reported for the first row that uses it."""
    for number, cells in rows:
        yield read_row(number, cells, header, sheet)
        strange = cells.keys() - header.columns.keys() - header.ignored
        told = {at for at in strange if _says_something(cells[at])}
        if told:
            header = replace(header, ignored=header.ignored | told)
        shown = {at for at in sheet.hidden_columns & cells.keys() if _says_something(cells[at])}
        if shown:
            sheet = replace(sheet, hidden_columns=sheet.hidden_columns - shown)


def _says_something(cell: Cell) -> bool:
    return bool(text_of(cell)) or cell.error is not None or cell.uncalculated


def read_row(number: int, cells: Mapping[int, Cell], header: Header, sheet: Sheet) -> SheetRow:
    """Return the answers in the cells of a row, with a finding on each that cannot be parsed.

    The applicant's name and code are checked on the first sheet only; those in a table's rows need
    only match them.
    """
    called = sheet.title if header.table else ""
    values: dict[Column, Value] = {}
    findings: list[Finding] = []
    owner: dict[Place, str] = {}
    owners = owner_places(header.fields)
    for at, column in header.columns.items():
        cell = cells.get(at, BLANK_CELL)
        understood = read_cell(column, cell)
        if column.place in owners and column not in header.twice:
            owner[column.place] = str(understood.value or text_of(cell))
            if header.table:
                continue
        if understood.refused:
            label = cell_label(number, column.label, called, at)
            findings.append(_unclear(label, column, understood.refused))
            continue
        if understood.note:
            label = cell_label(number, column.label, called, at)
            findings.append(_noted(label, column, understood.note))
        if column not in header.twice:
            values[column] = understood.value
    findings += _stray_cells(number, cells, header, called)
    findings += _struck_cells(number, cells, header, called)
    findings += _unseen_cells(number, cells, header, called)
    if number in sheet.hidden:
        findings.append(_hidden_row(number, called))
    findings += _hidden_columns(number, cells, header, sheet)
    given = "" if header.number_at is None else text_of(cells.get(header.number_at, BLANK_CELL))
    return SheetRow(number, values, tuple(findings), owner, called, given)


def row_label(number: int, sheet: str = "") -> str:
    """Return the name of a row in words: 第 5 行, “设备清单”第 5 行."""
    return f"“{sheet}”第 {number} 行" if sheet else f"第 {number} 行"


def cell_label(number: int, title: str, sheet: str = "", at: int = 0) -> str:
    """Return the name of a cell in words: 第 5 行“联系人”, “设备清单”第 5 行 F 列“金额”."""
    letters = f" {column_letters(at)} 列" if sheet and at else ""
    return f"{row_label(number, sheet)}{letters}“{title}”"


def _place_of(column: Column) -> AnswerPlace | Whole:
    """Return the place of a column's answer, or Whole if it fills none."""
    return AnswerPlace(column.place) if column.is_answer else WHOLE


def _unclear(label: str, column: Column, doubt: Doubt) -> Finding:
    code = f"cell-{doubt.code}"
    return error(code, _place_of(column), label, f"{label}：{doubt.message}", doubt.remedy)


def _noted(label: str, column: Column, doubt: Doubt) -> Finding:
    message = f"{label}：{doubt.message}"
    return warning(doubt.code, _place_of(column), label, message, doubt.remedy)


def _hidden_row(number: int, sheet: str) -> Finding:
    label, as_what = row_label(number, sheet), "其中一行" if sheet else "一个申报单位"
    return warning(
        "row-hidden",
        WHOLE,
        label,
        f"{label}在表里是隐藏的（或被筛选掉了），仍作为{as_what}读取。",
        "不需要的请删去这一行；需要的请取消隐藏或筛选，核对它的内容。",
    )


def _hidden_columns(
    number: int, cells: Mapping[int, Cell], header: Header, sheet: Sheet
) -> Iterator[Finding]:
    """Yield a warning for each answer in a hidden column; who hides a password means to."""
    for at in sorted(sheet.hidden_columns & header.columns.keys() & cells.keys()):
        column = header.columns[at]
        if not column.is_answer or not _says_something(cells[at]):
            continue
        label = cell_label(number, column.label, sheet.title if header.table else "", at)
        yield warning(
            "column-hidden",
            _place_of(column),
            label,
            f"{label}：这一列在表里是隐藏的，其中的内容仍然读取。",
            "请取消隐藏，核对各行这一列的内容；不要的请删去这一列。",
        )


def _struck_cells(
    number: int, cells: Mapping[int, Cell], header: Header, sheet: str
) -> Iterator[Finding]:
    """Yield a finding for each cell that is struck out in part, and one for all that are wholly."""
    wholly = []
    for at, column in header.columns.items():
        cell = cells.get(at, BLANK_CELL)
        if cell.is_struck_out:
            wholly.append(column.label)
        elif cell.struck:
            label = cell_label(number, column.label, sheet, at)
            yield warning(
                "cell-struck-out",
                _place_of(column),
                label,
                f"{label}：划了删除线的“{shown(cell.struck)}”没有读入，读入的是“{text_of(cell)}”。",
                "请核对；划掉的字请从单元格里删去。",
            )
    if wholly:
        label = row_label(number, sheet)
        yield error(
            "row-struck-out",
            WHOLE,
            label,
            f"{label}的“{'”“'.join(wholly[:_NAMED])}”{'等' if len(wholly) > _NAMED else ''}"
            "划了删除线，看不出还算不算。",
            "整行作废的请删去这一行；仍要的请取消删除线，改掉的请写上新的内容。",
        )


def _unseen_cells(
    number: int, cells: Mapping[int, Cell], header: Header, sheet: str
) -> Iterator[Finding]:
    """Yield a warning for each cell with text in the colour of its ground."""
    for at, column in header.columns.items():
        cell = cells.get(at, BLANK_CELL)
        if not cell.unseen:
            continue
        label = cell_label(number, column.label, sheet, at)
        said = f"{label}：“{shown(cell.unseen)}”与底色同色（如白底白字），看不见，"
        said += "仍按它读入。" if cell.is_unseen else f"没有读入，读入的是“{text_of(cell)}”。"
        remedy = "请核对；要的请改成看得见的颜色，不要的请从单元格里删去。"
        yield warning("cell-unseen", _place_of(column), label, said, remedy)


def _stray_cells(
    number: int, cells: Mapping[int, Cell], header: Header, sheet: str
) -> Iterator[Finding]:
    """Yield a warning for each cell in an unassigned column: it is not used."""
    for at, cell in sorted(cells.items()):
        if at in header.columns or at in header.ignored or not _says_something(cell):
            continue
        letters = column_letters(at)
        title = header.unknown.get(at)
        label = f"{row_label(number, sheet)} {letters} 列"
        label = cell_label(number, title, sheet, at) if title else label
        near = nearest(title, _labels(header)) if title else None
        what = f"不认识“{title}”这一列" if title else "这一列没有表头"
        yield warning(
            "column-unknown",
            WHOLE,
            label,
            f"{label}：{what}，其中的内容没有采用。",
            (f"是否应为“{near}”？请改正表头。" if near else "请改正表头，或删去这一列。")
            if at <= MAX_COLUMNS
            else "请把内容移到前面的列中。",
        )


def header_findings(header: Header) -> tuple[Finding, ...]:
    """Return the findings on the header, which apply to every row, labelled with the columns."""
    found = []
    for column, places in header.twice.items():
        letters = "、".join(f"{column_letters(at)} 列" for at in places)
        message = f"有 {len(places)} 列（{letters}），无法判断以哪一列为准。"
        found.append(
            error(
                "column-duplicate",
                _place_of(column),
                column.label,
                message,
                "请只保留一列，删去多余的。",
            )
        )
    for column, near in header.missing():
        remedy = (
            f"表里有“{near}”，是否是它？请改正表头。" if near else "请在表头中加上这一列并填写。"
        )
        found.append(
            error(
                "column-missing",
                _place_of(column),
                column.label,
                "表里没有这一列，这一项必须填写。",
                remedy,
            )
        )
    return tuple(found)


def answers_of(columns: Sequence[Column], values: Mapping[Column, Value]) -> dict[Any, Any]:
    """Return a row's answers nested by their places; missing ones are null."""
    answers: dict[Any, Any] = {}
    ticked: dict[Place, list[str]] = {}
    for column in columns:
        value = values.get(column)
        if isinstance(column.kind, ChoicesKind):
            chosen = ticked.setdefault(column.place, [])
            chosen += value if isinstance(value, list) else []
            put(answers, column.place, column.kind.in_order(chosen))
        elif column.is_answer:
            put(answers, column.place, value)
    return answers


def put(answers: dict[Any, Any], place: Place, value: Any) -> None:
    """Put an answer at its place."""
    *way, last = place
    for step in way:
        answers = answers.setdefault(step, {})
    answers[last] = value


def _labels(header: Header) -> list[str]:
    return [column.label for column in columns_of(header.fields, header.table)]


def column_letters(number: int) -> str:
    """Return Excel's name of a column: 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
