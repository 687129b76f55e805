"""Writes 总览.xlsx: all applicants, all findings, and the totals for the print shop, on A4."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sjs_forms.base.files.workbook_style import AMBER, HEAD_GROUND, INK, RED, Look, digits_wide, put
from sjs_forms.base.findings.finding import blocking
from sjs_forms.base.libraries.openpyxl_loader import load_openpyxl
from sjs_forms.batch.outputs.overview.applicant_rows import ApplicantRow, is_compared
from sjs_forms.batch.outputs.overview.overview_remarks import PLAIN, OverviewRemarks
from sjs_forms.batch.outputs.overview.packing_boxes import BOX_MM
from sjs_forms.batch.outputs.overview.print_totals import PrintTotals
from sjs_forms.batch.outputs.overview.review_table import ReviewTable
from sjs_forms.batch.outputs.table_sheets import (
    HEAD_ROW,
    SheetColumn,
    finished,
    put_line,
    put_note,
    table_sheet,
)

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LINK = "0563C1"

_APPLICANTS = (
    SheetColumn("编号", 7, True),
    SheetColumn("单位名称", 34),
    SheetColumn("结果", 11, True),
    SheetColumn("必须改正", 9, True),
    SheetColumn("提醒", 7, True),
    SheetColumn("待盖章件", 26),
    SheetColumn("缺少的材料", 30),
    SheetColumn("面数", 7, True),
    SheetColumn("张数", 7, True),
    SheetColumn("书脊（毫米）", 12, True),
    SheetColumn("册数", 6, True),
)
_OF_VOLUMES = _APPLICANTS[-4:]
"""Columns that are empty if nothing was built."""
_OF_FILES = _APPLICANTS[5:7]
"""Columns about the files, which say nothing if nobody looked at them."""
_PAPERS = SheetColumn("材料上的疑点", 9, True)
_REPRINT = SheetColumn("补印（每册）", 24)
_FOLDER = SheetColumn("文件夹", 32)
_FINDINGS = (
    SheetColumn("编号", 7, True),
    SheetColumn("单位名称", 30),
    SheetColumn("类别", 10, True),
    SheetColumn("位置", 26),
    SheetColumn("问题", 62),
    SheetColumn("怎样处理", 56),
)
_REVIEW_WIDTHS = {"编号": 7, "单位名称": 24}
_REVIEW_NARROWEST, _REVIEW_WIDEST = 9, 17
_TOTALS = (SheetColumn("项目", 34), SheetColumn("数量", 14, True), SheetColumn("单位", 10, True))


def overview_bytes(
    title: str,
    rows: Sequence[ApplicantRow],
    totals: PrintTotals,
    review: ReviewTable | None = None,
    remarks: OverviewRemarks = PLAIN,
) -> bytes:
    """Return the workbook. The same rows and remarks give the same bytes."""
    book = load_openpyxl().Workbook()
    book.remove(book.worksheets[0])
    _applicants(book, title, rows, remarks)
    _findings(book, title, rows)
    _totals(book, title, totals)
    if review is not None:
        _review(book, title, review)
    return finished(book, f"{title}总览")


def _applicants(
    book: "Workbook", title: str, rows: Sequence[ApplicantRow], remarks: OverviewRemarks
) -> None:
    from openpyxl.utils import get_column_letter

    compared, read = is_compared(rows), any(row.doubted_papers for row in rows)
    more = (*([_PAPERS] if read else []), *([_REPRINT] if compared else []))
    columns = (*_APPLICANTS, *more, _FOLDER)
    said = "（只生成表格，没有核对所附材料）" if remarks.answers_only else ""
    sheet = table_sheet(book, "总览", f"{title}申报总览{said}", columns)
    for at, row in enumerate(rows, start=HEAD_ROW + 1):
        values = (
            row.number,
            row.name,
            row.status,
            row.errors or None,
            row.warnings or None,
            "、".join(row.awaited),
            "、".join(row.missing),
            row.sides or None,
            row.sheets or None,
            "、".join(f"{volume.spine_mm:g}" for volume in row.volumes),
            len(row.volumes) or None,
            *([row.doubted_papers or None] if read else []),
            *([row.reprint] if compared else []),
            row.folder or "",
        )
        put_line(sheet, at, columns, values, RED if row.is_stopped else INK)
        if row.folder:
            cell: Any = sheet.cell(at, len(columns))
            cell.hyperlink = row.folder + "/"
            put(sheet, at, len(columns), row.folder, Look(ink=_LINK))
    foot = HEAD_ROW + 1 + len(rows)
    _foot(sheet, foot, columns, rows)
    for at, told in enumerate(remarks.words(), start=foot + 1):
        put_note(sheet, at, columns, told, RED)
    last = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + len(rows)}"
    empty = {*_OF_VOLUMES} if not any(row.volumes for row in rows) else set()
    empty |= {_FOLDER} if not any(row.folder for row in rows) else set()
    _hide(sheet, columns, empty | ({*_OF_FILES} if remarks.answers_only else set()))


def _hide(
    sheet: "Worksheet", columns: Sequence[SheetColumn], empty: Collection[SheetColumn]
) -> None:
    """Hide columns without content, so that the others are larger in print."""
    from openpyxl.utils import get_column_letter

    for at, column in enumerate(columns, start=1):
        if column in empty:
            sheet.column_dimensions[get_column_letter(at)].hidden = True


def _foot(
    sheet: "Worksheet", at: int, columns: Sequence[SheetColumn], rows: Sequence[ApplicantRow]
) -> None:
    stopped = sum(row.is_stopped for row in rows)
    sums = (
        "合计",
        f"{len(rows)} 家",
        f"{stopped} 家须改正" if stopped else "",
        sum(row.errors for row in rows) or None,
        sum(row.warnings for row in rows) or None,
        "",
        "",
        sum(row.sides for row in rows) or None,
        sum(row.sheets for row in rows) or None,
        "",
        sum(len(row.volumes) for row in rows) or None,
        *[""] * (len(columns) - len(_APPLICANTS)),
    )
    look = Look(bold=True, ground=HEAD_GROUND)
    for number, (column, value) in enumerate(zip(columns, sums, strict=True), start=1):
        put(sheet, at, number, value, replace(look, centred=column.centred))
    sheet.row_dimensions[at].height = 22


def _findings(book: "Workbook", title: str, rows: Sequence[ApplicantRow]) -> None:
    sheet = table_sheet(book, "问题清单", f"{title}问题清单", _FINDINGS)
    at = HEAD_ROW
    for row in rows:
        errors = blocking(row.findings)
        for found in row.findings:
            at += 1
            stops = found in errors
            kind = "必须改正" if stops else "提醒"
            values = (row.number, row.name, kind, found.label, found.message, found.remedy)
            put_line(sheet, at, _FINDINGS, values, RED if stops else AMBER)
    sheet.auto_filter.ref = f"A{HEAD_ROW}:F{max(at, HEAD_ROW + 1)}"


def _totals(book: "Workbook", title: str, totals: PrintTotals) -> None:
    sheet = table_sheet(book, "付印总单", f"{title}付印总单", _TOTALS)
    for at, values in enumerate(total_lines(totals), start=HEAD_ROW + 1):
        put_line(sheet, at, _TOTALS, values, INK)


def _review(book: "Workbook", title: str, review: ReviewTable) -> None:
    from openpyxl.utils import get_column_letter

    columns = [_review_column(review, at) for at in range(len(review.heading))]
    sheet = table_sheet(book, "评审汇总", f"{title}评审汇总", columns)
    for at, line in enumerate(review.lines, start=HEAD_ROW + 1):
        put_line(sheet, at, columns, line, INK)
    last = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + max(1, len(review.lines))}"


def _review_column(review: ReviewTable, at: int) -> SheetColumn:
    """Return a column as wide as its longest text, within limits, so that all fit on A4."""
    label = review.heading[at]
    longest = max((digits_wide(line[at]) for line in review.lines), default=0) + 3
    widest = _REVIEW_WIDTHS.get(label, _REVIEW_WIDEST)
    return SheetColumn(label, min(max(longest, _REVIEW_NARROWEST), widest), longest <= widest)


def total_lines(totals: PrintTotals) -> Iterator[tuple[str, int, str]]:
    """Yield the lines of the totals: label, number, unit."""
    yield "可付印的单位", totals.applicants, "家"
    if totals.drafts:
        yield "另有草稿，不能付印，以下都不计", totals.drafts, "家"
    yield "不同的册", totals.volumes, "种"
    yield "总册数（各册 × 份数）", totals.books, "册"
    yield "总面数", totals.sides, "面"
    yield "总张数", totals.sheets, "张"
    if totals.to_print is not None:
        yield "其中要印（各家见“补印”），以下只计要印的", totals.to_print, "张"
    for name, count in totals.stocks.items():
        yield f"内页用纸：{name}", count, "张"
    yield "其中彩色印刷", totals.colour_sheets, "张"
    for name, count in totals.colours.items():
        yield f"彩页：{name}", count, "张"
    for name, count in totals.covers.items():
        yield f"封面用纸：{name}", count, "张"
    for width, count in totals.spines.items():
        yield f"书脊 {width:g} 毫米", count, "种"
    yield f"装箱（每箱约 {BOX_MM // 10} 厘米厚）", totals.boxes, "箱"
