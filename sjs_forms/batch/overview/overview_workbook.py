"""Writes 总览.xlsx: all applicants, all findings, and the totals for the print shop, on A4."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sjs_forms import TOOL
from sjs_forms.base.findings.finding import blocking
from sjs_forms.base.stable_bytes import workbook_bytes
from sjs_forms.base.workbook_style import (
    AMBER,
    EPOCH,
    HEAD_GROUND,
    INK,
    RED,
    Look,
    lines_in,
    put,
    set_landscape_a4,
)
from sjs_forms.batch.overview.applicant_rows import ApplicantRow
from sjs_forms.batch.overview.packing_boxes import BOX_MM
from sjs_forms.batch.overview.print_totals import PrintTotals
from sjs_forms.batch.overview.review_table import ReviewTable

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_HEAD_ROW = 2
_LINK = "0563C1"
_MOST_LINES = 25
"""Maximum lines of a row; Excel allows a height of 409 points."""

_LONGEST = 32_000
"""Maximum characters of a cell; Excel allows 32,767."""


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    width: int
    centred: bool = False


_APPLICANTS = (
    _Column("编号", 7, True),
    _Column("单位名称", 34),
    _Column("结果", 11, True),
    _Column("必须改正", 9, True),
    _Column("提醒", 7, True),
    _Column("待盖章件", 26),
    _Column("缺少的材料", 30),
    _Column("面数", 7, True),
    _Column("张数", 7, True),
    _Column("书脊（毫米）", 10, True),
    _Column("册数", 6, True),
    _Column("文件夹", 32),
)
_FINDINGS = (
    _Column("编号", 7, True),
    _Column("单位名称", 30),
    _Column("类别", 10, True),
    _Column("位置", 26),
    _Column("问题", 62),
    _Column("怎样处理", 56),
)
_REVIEW_WIDTHS = {"编号": 7, "单位名称": 30}
_TOTALS = (_Column("项目", 34), _Column("数量", 14, True), _Column("单位", 10, True))


def overview_bytes(
    title: str,
    rows: Sequence[ApplicantRow],
    totals: PrintTotals,
    review: ReviewTable | None = None,
) -> bytes:
    """Return the workbook. The same rows give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _applicants(book, title, rows)
    _findings(book, title, rows)
    _totals(book, title, totals)
    if review is not None:
        _review(book, title, review)
    book.properties.creator = TOOL
    book.properties.title = f"{title}总览"
    book.properties.created = book.properties.modified = EPOCH
    return workbook_bytes(book)


def _sheet(book: "Workbook", name: str, title: str, columns: Sequence[_Column]) -> "Worksheet":
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(name)
    put(sheet, 1, 1, title, Look(size=16, bold=True, centred=True, lines=""))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    sheet.row_dimensions[1].height, sheet.row_dimensions[_HEAD_ROW].height = 30, 22
    head = Look(bold=True, centred=True, ground=HEAD_GROUND)
    for at, column in enumerate(columns, start=1):
        put(sheet, _HEAD_ROW, at, column.title, head)
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    set_landscape_a4(sheet, _HEAD_ROW)
    return sheet


def _line(
    sheet: "Worksheet", at: int, columns: Sequence[_Column], values: Sequence[Any], ink: str
) -> None:
    lines = [1]
    for number, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
        put(sheet, at, number, _cut(value), Look(ink=ink, centred=column.centred))
        if isinstance(value, str):
            lines.append(lines_in(value, column.width))
    sheet.row_dimensions[at].height = 7 + 15 * min(max(lines), _MOST_LINES)


def _cut(value: Any) -> Any:
    return value[:_LONGEST] if isinstance(value, str) else value


def _applicants(book: "Workbook", title: str, rows: Sequence[ApplicantRow]) -> None:
    sheet = _sheet(book, "总览", f"{title}申报总览", _APPLICANTS)
    for at, row in enumerate(rows, start=_HEAD_ROW + 1):
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
            row.folder or "",
        )
        _line(sheet, at, _APPLICANTS, values, RED if row.is_stopped else INK)
        if row.folder:
            cell: Any = sheet.cell(at, len(_APPLICANTS))
            cell.hyperlink = row.folder + "/"
            put(sheet, at, len(_APPLICANTS), row.folder, Look(ink=_LINK))
    _foot(sheet, _HEAD_ROW + 1 + len(rows), rows)
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:L{_HEAD_ROW + len(rows)}"


def _foot(sheet: "Worksheet", at: int, rows: Sequence[ApplicantRow]) -> None:
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
        "",
    )
    look = Look(bold=True, ground=HEAD_GROUND)
    for number, (column, value) in enumerate(zip(_APPLICANTS, sums, strict=True), start=1):
        put(sheet, at, number, value, replace(look, centred=column.centred))
    sheet.row_dimensions[at].height = 22


def _findings(book: "Workbook", title: str, rows: Sequence[ApplicantRow]) -> None:
    sheet = _sheet(book, "问题清单", f"{title}问题清单", _FINDINGS)
    at = _HEAD_ROW
    for row in rows:
        errors = blocking(row.findings)
        for found in row.findings:
            at += 1
            stops = found in errors
            kind = "必须改正" if stops else "提醒"
            values = (row.number, row.name, kind, found.label, found.message, found.remedy)
            _line(sheet, at, _FINDINGS, values, RED if stops else AMBER)
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:F{max(at, _HEAD_ROW + 1)}"


def _totals(book: "Workbook", title: str, totals: PrintTotals) -> None:
    sheet = _sheet(book, "付印总单", f"{title}付印总单", _TOTALS)
    for at, values in enumerate(total_lines(totals), start=_HEAD_ROW + 1):
        _line(sheet, at, _TOTALS, values, INK)


def _review(book: "Workbook", title: str, review: ReviewTable) -> None:
    from openpyxl.utils import get_column_letter

    columns = [_Column(label, _REVIEW_WIDTHS.get(label, 18)) for label in review.heading]
    sheet = _sheet(book, "评审汇总", f"{title}评审汇总", columns)
    for at, line in enumerate(review.lines, start=_HEAD_ROW + 1):
        _line(sheet, at, columns, line, INK)
    last = get_column_letter(len(columns))
    sheet.auto_filter.ref = f"A{_HEAD_ROW}:{last}{_HEAD_ROW + max(1, len(review.lines))}"


def total_lines(totals: PrintTotals) -> Iterator[tuple[str, int, str]]:
    """Yield the lines of the totals: label, number, unit."""
    yield "可付印的单位", totals.applicants, "家"
    yield "不同的册", totals.volumes, "种"
    yield "总册数（各册 × 份数）", totals.books, "册"
    yield "总面数", totals.sides, "面"
    yield "总张数", totals.sheets, "张"
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
