"""The sheet 填写说明: instructions for the roster, in plain Chinese."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sjs_forms.base.resources import sample_folder
from sjs_forms.batch.roster.cell_rules import how_to_fill
from sjs_forms.batch.roster.columns import FOLDER_LABEL, NO, YES, Column
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.domain.labels import CHOICE_WORDS
from sjs_forms.domain.programme import Programme

NOTES_TITLE = "填写说明"
_EXAMPLE_LENGTH = 40
_HEADING = ("各列名称", "是否必填", "怎样填", "举例（虚构）")
_WIDTHS = (34, 11, 56, 46)


def add_notes(sheet: Any, programme: Programme, columns: Sequence[Column]) -> None:
    """Write the instructions onto an empty sheet."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    plain, heavy = Font(name="宋体", size=11), Font(name="黑体", size=11)
    wrapped = Alignment(vertical="center", wrap_text=True)
    line = Side(style="thin", color="BFBFBF")
    sheet.title = NOTES_TITLE
    for letters, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letters].width = width
    row = 1
    sheet.cell(row, 1, f"{programme.title}申报单位名册：怎样填写").font = Font(name="黑体", size=16)
    sheet.row_dimensions[row].height = 32
    for text in _advice(programme):
        row += 1
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=4)
        cell = sheet.cell(row, 1, text)
        cell.font, cell.alignment = plain, wrapped
        sheet.row_dimensions[row].height = 18 * (1 + len(text) // 70)
    row += 1
    for cells in (_HEADING, *_table(columns)):
        row += 1
        for number, text in enumerate(cells, start=1):
            cell = sheet.cell(row, number, text)
            cell.data_type = "s"
            cell.number_format = "@"
            cell.font = heavy if cells is _HEADING else plain
            cell.alignment = wrapped
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            if cells is _HEADING:
                cell.fill = PatternFill("solid", start_color="DCE6F1")
        sheet.row_dimensions[row].height = 20 if len(cells[2]) <= 28 else 34
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _advice(programme: Programme) -> Iterator[str]:
    yield "1. 在“申报单位”表中填写，每行一个申报单位，从表头下面的第一行写起，不要改动表头的文字。"
    yield "2. 带 * 的各列必须填写；其余各列留空的，表上也留空，由单位手填。"
    yield "3. 设立主体最多三个；没有设立主体2、3 的留空。代码和电话两种列已设为文本，请勿改。"
    names = "、".join(
        f"{number}-{material.short}" for number, material in enumerate(programme.materials, 1)
    )
    yield (
        f"4. 材料：在本表旁边为每个单位建一个文件夹，名字写在“{FOLDER_LABEL}”列。"
        f"其中按材料序号再建文件夹，把文件放进去：{names}。"
        "同一类的文件按名称排序，可用 01-、02- 开头排定先后。"
    )
    yield "5. 填好后保存为 .xlsx，关闭本表，再生成各单位的装订版：sjs-forms batch 本表 -o 成册。"


def _table(columns: Sequence[Column]) -> Iterator[tuple[str, str, str, str]]:
    sample = json.loads((sample_folder() / APPLICATION_FILE).read_text(encoding="utf-8"))
    for column in columns:
        required = "必填" if column.required else ""
        yield column.label, required, how_to_fill(column), _example(column, sample)


def _example(column: Column, sample: Any) -> str:
    """Return the sample application's answer for a column, as one would enter it."""
    if column.kind == "folder":
        return f"材料/{sample['applicant']['name']}"
    value = sample
    for step in column.place:
        value = value[step]
    if column.kind == "tick":
        return YES if column.choices[0] in value else NO
    if column.kind == "day" and value:
        day = date.fromisoformat(value)
        return f"{day.year}-{day.month}-{day.day}"
    text = CHOICE_WORDS.get(value, "" if value is None else str(value))
    text = " ".join(text.split())
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"
