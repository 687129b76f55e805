"""`read_roster`: reads one application from each row of a workbook."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, Whole
from sjs_forms.base.progress import never, until_cancelled
from sjs_forms.batch.roster.cell_answers import BLANK_CELL, Cell, read_cell, text_of
from sjs_forms.batch.roster.columns import FOLDER_LABEL, FOLDER_PLACE, Column, columns_of
from sjs_forms.batch.roster.headers import MAX_COLUMNS, Header, find_header, repeats_header
from sjs_forms.batch.roster.row_attachments import NO_FILES, RowFiles, row_files, shared_folder
from sjs_forms.batch.roster.workbook_cells import Sheet, read_sheets
from sjs_forms.domain.answers.summary_rows import is_summary
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.entries import Doubt, Value
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.near_words import nearest
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
    what could not be understood and is null in `document`.
    """

    number: int
    name: str
    document: dict[str, Any]
    findings: tuple[Finding, ...]


def read_roster(path: Path, is_cancelled: Callable[[], bool] = never) -> tuple[RosterRow, ...]:
    """Return every applicant of the workbook at `path` in the order of its rows.

    Raises UsageFault if it cannot be read, has no header, two candidate sheets, or no filled row,
    and Cancelled.
    """
    roster = _read(path, is_cancelled)
    files = _all_files(path.parent, roster.rows, is_cancelled)
    return tuple(
        _row(roster.programme, row, found, roster.everywhere)
        for row, found in zip(roster.rows, files, strict=True)
    )


def read_roster_answers(path: Path) -> tuple[RosterRow, ...]:
    """As `read_roster`, but no row's folder is looked for, and none has attachments."""
    roster = _read(path, never)
    return tuple(_row(roster.programme, row, NO_FILES, roster.everywhere) for row in roster.rows)


def _read(path: Path, is_cancelled: Callable[[], bool]) -> "_UnderstoodRoster":
    programme, sheet, header = _the_roster(path.name, read_sheets(path, is_cancelled))
    rows = _filled_rows(sheet, header)
    if not rows:
        raise UsageFault(
            f"“{path.name}”的表头下面一行也没有填写。", "请每行填写一个申报单位，保存后再试。"
        )
    if len(rows) > MAX_ROWS:
        raise UsageFault(
            f"“{path.name}”填了 {len(rows):,} 行，超过 {MAX_ROWS:,} 行的上限。",
            "请把申报单位分成几个文件。",
        )
    read = [
        _read_row(number, cells, header, sheet.hidden)
        for number, cells in until_cancelled(rows, is_cancelled)
    ]
    return _UnderstoodRoster(programme, tuple(read), _header_findings(header))


def _the_roster(name: str, sheets: Sequence[Sheet]) -> tuple[Programme, Sheet, Header]:
    """The one sheet that has a header, that header, and the notice whose answers it names."""
    found = [best for sheet in sheets if (best := _likeliest_header(sheet))]
    filled = [each for each in found if _filled_rows(each[1], each[2])]
    if len(filled) > 1:
        titles = "、".join(f"“{sheet.title}”" for _, sheet, _ in filled)
        raise UsageFault(
            f"“{name}”里有几张工作表都像名册：{titles}。",
            "请把申报单位都放在一张表里，或分别存成几个文件。",
        )
    if not found:
        asked = columns_of(load_programme(installed_programmes()[0]).fields)
        labels = "、".join(column.label for column in asked if column.required)
        raise UsageFault(
            f"“{name}”里找不到表头：没有一行写着表上各项的名称。",
            f"表头至少应有：{labels}。可用 sjs-forms new --excel 文件名.xlsx 得到一张空表。",
        )
    return (filled or found)[0]


def _likeliest_header(sheet: Sheet) -> tuple[Programme, Sheet, Header] | None:
    """The header of a sheet, read as that of the notice of which it names most answers."""
    found = []
    for programme_id in installed_programmes():
        programme = load_programme(programme_id)
        header = find_header(sheet, programme.fields)
        if header:
            found.append((programme, sheet, header))
    return max(found, key=lambda each: len(each[2].columns), default=None)


def _filled_rows(sheet: Sheet, header: Header) -> list[tuple[int, dict[int, Cell]]]:
    """Return the rows below the header with content of their own, without totals and notes.

    Cells merged over several rows apply to each of them.
    """
    last = max(sheet.rows, default=0)
    lent: dict[int, dict[int, Cell]] = {}
    for block in sheet.merged:
        if block.top > header.last_row and block.left in header.columns:
            for row in range(block.top + 1, min(block.bottom, last) + 1):
                if row in sheet.rows:
                    lent.setdefault(row, {})[block.left] = sheet.cell(block.top, block.left)
    rows = []
    for row in sorted(sheet.rows):
        cells = sheet.rows[row]
        if row <= header.last_row or not any(_says_something(cell) for cell in cells.values()):
            continue
        texts = {number: text_of(cell) for number, cell in cells.items()}
        if not repeats_header(header, texts) and not is_summary(texts.values()):
            rows.append((row, {**lent.get(row, {}), **cells}))
    return rows


def _says_something(cell: Cell) -> bool:
    return bool(text_of(cell)) or cell.error is not None or cell.uncalculated


@dataclass(frozen=True, slots=True)
class _UnderstoodRow:
    """A row with its cells parsed, before its folder is searched."""

    number: int
    name: str
    values: Mapping[Column, Value]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _UnderstoodRoster:
    """The rows of a workbook; the findings of its header apply to each."""

    programme: Programme
    rows: tuple[_UnderstoodRow, ...]
    everywhere: tuple[Finding, ...]


def _read_row(
    number: int, cells: Mapping[int, Cell], header: Header, hidden: frozenset[int]
) -> _UnderstoodRow:
    values: dict[Column, Value] = {}
    findings: list[Finding] = []
    name = ""
    for at, column in header.columns.items():
        cell = cells.get(at, BLANK_CELL)
        understood = read_cell(column, cell)
        if understood.refused:
            findings.append(_unclear(number, column, understood.refused))
            continue
        if understood.note:
            findings.append(_noted(number, column, understood.note))
        if column not in header.twice:
            values[column] = understood.value
            if column.place == header.fields.roles.get("applicant"):
                name = str(understood.value or "")
    findings += _stray_cells(number, cells, header)
    if number in hidden:
        findings.append(_hidden_row(number))
    return _UnderstoodRow(number, name, values, tuple(findings))


def cell_label(number: int, title: str) -> str:
    """Return the name of a cell in words: 第 5 行“联系人”."""
    return f"第 {number} 行“{title}”"


def _place_of(column: Column) -> AnswerPlace | Whole:
    """The answer that a column fills; the column of folders fills none."""
    return WHOLE if column.is_folder else AnswerPlace(column.place)


def _unclear(number: int, column: Column, doubt: Doubt) -> Finding:
    label, code = cell_label(number, column.label), f"cell-{doubt.code}"
    return error(code, _place_of(column), label, f"{label}：{doubt.message}", doubt.remedy)


def _noted(number: int, column: Column, doubt: Doubt) -> Finding:
    label = cell_label(number, column.label)
    message = f"{label}：{doubt.message}"
    return warning(doubt.code, _place_of(column), label, message, doubt.remedy)


def _hidden_row(number: int) -> Finding:
    return warning(
        "row-hidden",
        WHOLE,
        f"第 {number} 行",
        f"第 {number} 行在表里是隐藏的（或被筛选掉了），仍作为一个申报单位读取。",
        "不需要的请删去这一行；需要的请取消隐藏或筛选，核对它的内容。",
    )


def _stray_cells(number: int, cells: Mapping[int, Cell], header: Header) -> Iterator[Finding]:
    """Yield a warning for each cell in an unassigned column: it is not used."""
    for at, cell in sorted(cells.items()):
        if at in header.columns or at in header.ignored or not _says_something(cell):
            continue
        letters = column_letters(at)
        title = header.unknown.get(at)
        label = cell_label(number, title) if title else f"第 {number} 行 {letters} 列"
        near = nearest(title, _labels(header.fields)) if title else None
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


def _header_findings(header: Header) -> tuple[Finding, ...]:
    """Return the header's faults, which apply to every row; labels are the columns'."""
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


def _all_files(
    base: Path, rows: Sequence[_UnderstoodRow], is_cancelled: Callable[[], bool]
) -> list[RowFiles]:
    """Return the files of every row's folder. Rows that name the same folder get a finding."""
    found = [_files(base, row) for row in until_cancelled(rows, is_cancelled)]
    users: dict[Path, list[int]] = {}
    for row, files in zip(rows, found, strict=True):
        for root in files.roots:
            users.setdefault(root, []).append(row.number)
    return [_told(row, files, users) for row, files in zip(rows, found, strict=True)]


def _files(base: Path, row: _UnderstoodRow) -> RowFiles:
    written, programme_id = _value(row, FOLDER_PLACE), _value(row, ("programme",))
    if not written:
        return NO_FILES
    label = cell_label(row.number, FOLDER_LABEL)
    try:
        programme = load_programme(programme_id)
    except UsageFault as problem:
        unknown = error(
            "unknown-programme",
            AnswerPlace(("programme",)),
            cell_label(row.number, PROGRAMME_LABEL),
            problem.message,
            problem.remedy,
        )
        return RowFiles((), (), (unknown,))
    return row_files(base, written, programme, label)


def _told(row: _UnderstoodRow, files: RowFiles, users: Mapping[Path, Sequence[int]]) -> RowFiles:
    others = sorted({number for root in files.roots for number in users[root]} - {row.number})
    if not others:
        return files
    shown = "、".join(str(number) for number in others[:5]) + (" 等" if len(others) > 5 else "")
    label = cell_label(row.number, FOLDER_LABEL)
    written = _value(row, FOLDER_PLACE) or ""
    shared = shared_folder(label, written, f"第 {shown} 行的")
    return RowFiles(files.entries, files.roots, (*files.findings, shared))


def _row(
    programme: Programme,
    read: _UnderstoodRow,
    files: RowFiles,
    everywhere: Sequence[Finding],
) -> RosterRow:
    of_header = []
    for found in everywhere:
        label = cell_label(read.number, found.label)
        of_header.append(replace(found, label=label, message=f"{label}：{found.message}"))
    document = _document(programme.fields, read.values)
    if document["programme"] is None and len(installed_programmes()) > 1:
        document["programme"] = programme.id
    document["attachments"] = list(files.entries)
    findings = (*of_header, *read.findings, *files.findings)
    return RosterRow(read.number, read.name, document, findings)


def _document(fields: NoticeFields, values: Mapping[Column, Value]) -> dict[str, Any]:
    """application.json with every key of the notice; what the row does not say is null."""
    document: dict[str, Any] = {}
    ticked: dict[Place, list[str]] = {}
    for column in columns_of(fields):
        value = values.get(column)
        if isinstance(column.kind, ChoicesKind):
            chosen = ticked.setdefault(column.place, [])
            chosen += value if isinstance(value, list) else []
            _put(document, column.place, column.kind.in_order(chosen))
        elif not column.is_folder:
            _put(document, column.place, value)
    for question in fields.fields:
        if isinstance(question.kind, RowsKind):
            _put(document, question.place, _rows(written_at(document, question.place)))
    return {key: document.get(key) for key in fields.known_keys(())}


def _rows(by_index: Any) -> list[dict[str, Any]]:
    """The rows of a table as a list, without the blank ones at its end."""
    rows = list((by_index or {}).values())
    while rows and not any(rows[-1].values()):
        rows.pop()
    return rows


def _put(document: dict[str, Any], place: Place, value: Any) -> None:
    *way, last = place
    holder: dict[Any, Any] = document
    for step in way:
        holder = holder.setdefault(step, {})
    holder[last] = value


def _value(row: _UnderstoodRow, place: Place) -> str | None:
    """What a row says in the one column of text that fills a place."""
    value = next((value for column, value in row.values.items() if column.place == place), None)
    return value if isinstance(value, str) else None


def _labels(fields: NoticeFields) -> list[str]:
    return [column.label for column in columns_of(fields)]


def column_letters(number: int) -> str:
    """Return Excel's name of a column: 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
