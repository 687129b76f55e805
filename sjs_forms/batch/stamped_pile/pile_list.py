"""Writes 盖章收件单.xlsx: the scans filed, the pages still open, and the scans still missing."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sjs_forms.base.files.workbook_style import AMBER, INK, RED
from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.libraries.openpyxl_loader import load_openpyxl
from sjs_forms.base.output import patient_moves
from sjs_forms.base.output.output_folder import unwritable
from sjs_forms.batch.outputs.table_sheets import (
    HEAD_ROW,
    SheetColumn,
    finished,
    put_line,
    table_sheet,
)
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.stamped_pile.pile_calls import Ground, PileCall
from sjs_forms.batch.stamped_pile.pile_result import (
    PileResult,
    errors_of,
    form_state,
    forms_of,
    is_settled,
)
from sjs_forms.batch.stamped_pile.pile_wording import names_with
from sjs_forms.domain.programme import Form
from sjs_forms.stamped.verdict_findings import Names

if TYPE_CHECKING:
    from openpyxl import Workbook

LIST = "盖章收件单.xlsx"
"""The list in the output folder."""

_PAGES = (
    SheetColumn("页", 6, True),
    SheetColumn("扫描件", 30),
    SheetColumn("其中第几页", 11, True),
    SheetColumn("单位", 36),
    SheetColumn("表和页", 18, True),
    SheetColumn("依据", 16, True),
    SheetColumn("怎样处理", 66),
)
_REMARKS = (
    SheetColumn("编号", 8, True),
    SheetColumn("单位名称", 36),
    SheetColumn("提醒", 84),
    SheetColumn("怎样处理", 66),
)
_GROUNDS: Mapping[Ground, str] = {
    "answers": "上面填的内容",
    "order": "前后页的次序",
    "hand": "人工说明",
    "blank": "空白页",
    "undrawn": "画不出来",
    "": "未认准",
}


def write_list(out: Path, result: PileResult) -> Path:
    """Write the list into the output folder, and return its path. Raises OutputUnwritable."""
    book = load_openpyxl().Workbook()
    book.remove(book.worksheets[0])
    _applicants(book, result)
    _pages(book, result)
    _remarks(book, result)
    try:
        patient_moves.write(out / LIST, finished(book, "盖章收件单"))
    except OSError as problem:
        raise unwritable(out / LIST, problem) from problem
    return out / LIST


def _applicants(book: "Workbook", result: PileResult) -> None:
    from openpyxl.utils import get_column_letter

    forms = {form.number: form for row in result.rows for form in forms_of(row)}
    columns = (
        SheetColumn("编号", 8, True),
        SheetColumn("单位名称", 36),
        *(SheetColumn(f"{form.number} {form.title}", 22, True) for form in forms.values()),
        SheetColumn("要办的事", 84),
    )
    sheet = table_sheet(book, "各家", "盖章扫描件收件单", columns)
    for at, row in enumerate(result.rows, start=HEAD_ROW + 1):
        states = [_state(result, row, form) for form in forms.values()]
        done = all(is_settled(state) for state in states if state)
        errors = errors_of(result, row)
        ink = INK if done else RED if errors else AMBER
        put_line(sheet, at, columns, (row.filed, row.name, *states, _to_do(errors)), ink)
    last = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + len(result.rows)}"


def _state(result: PileResult, row: SourceRow, form: Form) -> str:
    his = {each.number: each for each in forms_of(row)}
    return form_state(result, row, his[form.number]) if form.number in his else ""


def _to_do(errors: Sequence[Finding]) -> str:
    return "\n".join(f"{found.message}{found.remedy}" for found in errors)


def _pages(book: "Workbook", result: PileResult) -> None:
    sheet = table_sheet(book, "逐页", "盖章扫描件逐页辨认", _PAGES)
    names = next(iter(result.names.values()))
    last = HEAD_ROW
    for last, call in enumerate(result.calls, start=HEAD_ROW + 1):
        ink = RED if call.is_open else INK
        put_line(sheet, last, _PAGES, tuple(_cells(result, call, names)), ink)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:G{max(last, HEAD_ROW + 1)}"


def _cells(result: PileResult, call: PileCall, names: Names) -> Iterator[str | int]:
    origin, page = names.origins[call.number], call.page.page
    row = next((each for each in result.rows if each.number == call.applicant), None)
    yield call.number
    yield origin.file
    yield origin.page
    yield f"{'可能是 ' if call.is_open else ''}{row.filed} {row.name}" if row else ""
    whose = result.names.get(call.applicant or 0)
    if page and (whose is None or page.form not in whose.forms):
        whose = names_with(result.names, page.form)
    yield whose.place(page) if whose and page and call.page.state in ("placed", "unsure") else ""
    yield "不用" if call.page.state == "left-out" else _GROUNDS[call.ground]
    yield result.open_pages[call.number].remedy if call.is_open else ""


def _remarks(book: "Workbook", result: PileResult) -> None:
    sheet = table_sheet(book, "提醒", "盖章扫描件提醒", _REMARKS)
    lines = [("", "", found) for found in result.findings]
    for row in result.rows:
        filed = result.filed.get(row.number)
        lines += [(row.filed, row.name, found) for found in (filed.findings if filed else ())]
    at = HEAD_ROW
    for number, name, found in lines:
        if found not in blocking([found]):
            at += 1
            put_line(sheet, at, _REMARKS, (number, name, found.message, found.remedy), INK)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:D{max(at, HEAD_ROW + 1)}"
