"""The sheet 填写说明: instructions for the roster, in plain Chinese."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sjs_forms.batch.roster.cell_rules import how_to_fill
from sjs_forms.batch.roster.columns import FOLDER_LABEL, PASSWORD_LABEL, Column, tables_of
from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choices import NO, YES
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.field import Field
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.places import written_at
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.new_folder import sample_of

NOTES_TITLE = "填写说明"
_EXAMPLE_LENGTH = 40
_HEADING = ("各列名称", "是否必填", "怎样填", "举例（虚构）")
_WIDTHS = (34, 11, 56, 46)


def add_notes(
    sheet: Any,
    programme: Programme,
    columns: Sequence[Column],
    tables: Sequence[Sequence[Column]] = (),
) -> None:
    """Write the instructions onto an empty sheet; `tables` are the columns of further sheets."""
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
    every = (*columns, *(column for table in tables for column in table))
    for cells in (_HEADING, *_table(programme, every)):
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
    named = "、".join(map(_table_named, tables_of(programme.fields)))
    if named:
        yield (
            f"各单位的{named}在另外的工作表中填写，每行一项；"
            "每行都要写明是哪个申报单位，代码和名称写一样即可，与“申报单位”表一致。"
        )
    yield "2. 带 * 的各列必须填写；其余各列留空的，表上也留空，由单位手填。"
    yield f"3. {''.join(_about_rows(programme))}代码和电话两种列已设为文本，请勿改。"
    names = "、".join(
        f"{number}-{material.short}" for number, material in enumerate(programme.materials, 1)
    )
    yield (
        f"4. 材料：在本表旁边为每个单位建一个文件夹，名字写在“{FOLDER_LABEL}”列。"
        f"其中按材料序号再建文件夹，把文件放进去：{names}。"
        "同一类的文件按名称排序，可用 01-、02- 开头排定先后。"
        f"文件有密码的，加一列“{PASSWORD_LABEL}”写明。"
    )
    yield "5. 填好后保存为 .xlsx，关闭本表，再生成各单位的装订版：sjs-forms batch 本表 -o 成册。"


def _table_named(question: Field) -> str:
    """The label of a table, and how many rows of it an applicant may have."""
    assert isinstance(question.kind, RowsKind)
    return f"“{question.label}”（最多 {question.kind.most} 行）"


def _about_rows(programme: Programme) -> Iterator[str]:
    """Yield the maximum number of rows of each table whose rows are all columns of the sheet."""
    for question in programme.fields.fields:
        kind, label = question.kind, question.label
        if isinstance(kind, RowsKind) and kind.is_fixed:
            further = "、".join(str(number) for number in range(kind.least + 1, kind.most + 1))
            many = "零一二三四五六七八九十"[kind.most] if kind.most <= 10 else str(kind.most)
            yield f"{label}最多{many}个；没有{label}{further} 的留空。"


def _table(programme: Programme, columns: Sequence[Column]) -> Iterator[tuple[str, str, str, str]]:
    sample = sample_of(programme)
    for column in columns:
        required = "必填" if column.required else ""
        yield column.label, required, how_to_fill(column), _example(column, sample)


def _example(column: Column, sample: Any) -> str:
    """Return the sample's answer in a column, as a clerk would write it."""
    if not sample:
        return ""
    if column.is_folder:
        return f"材料/{sample['applicant']['name']}"
    value = written_at(sample, column.place)
    if column.tick:
        return YES if column.tick.id in (value or ()) else NO
    if isinstance(column.kind, DayKind) and value:
        day = date.fromisoformat(value)
        return f"{day.year}-{day.month}-{day.day}"
    is_choice = isinstance(column.kind, ChoiceKind)
    text = column.kind.printed(value) if is_choice else "" if value is None else str(value)
    text = " ".join(text.split())
    return text if len(text) <= _EXAMPLE_LENGTH else text[: _EXAMPLE_LENGTH - 1] + "…"
