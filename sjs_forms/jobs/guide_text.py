"""The text of 填写说明 for a notice: how to begin, where files go, and every answer. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.field import Field
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.domain.folder.material_folders import material_folder
from sjs_forms.domain.places import where, written_at
from sjs_forms.domain.programme import Programme
from sjs_forms.typesetting.text_document import Paragraph, Table, TextDocument

_LONGEST_EXAMPLE = 24
_ANSWER_WIDTHS = (38, 46, 42, 46)
_MATERIAL_WIDTHS = (58, 114)
_TYPING = (
    "只把 null 换成内容，其余的字、括号、逗号、冒号都不要动；不填的留着 null。",
    '文字写在英文半角的双引号里，如 "周禾"；数字不加引号，如 2460.5。',
    "文字里面要用引号的，写中文引号“ ”；要换段的，写 \\n。",
    "存盘时编码选 UTF-8，文件名仍是 application.json，不要变成 application.json.txt。",
)


def guide_of(programme: Programme, forms: Sequence[str], sample: Mapping[str, Any]) -> TextDocument:
    """Return the guide to a notice. `forms` are the file names of the blank Word forms beside it.

    Examples are the answers in `sample`, if it has them.
    """
    return TextDocument(
        f"{programme.title}：怎样填写",
        (
            Paragraph("先填写，再检查；表格打印盖章后把扫描件放回来，最后生成装订版。"),
            *_ways_to_begin(forms),
            *_after_filling(),
            Paragraph("材料放在哪里", "heading"),
            Paragraph(
                "每种材料一个文件夹，文件放进去就算提交；同一文件夹里按文件名排序，"
                "可用 01-、02- 开头排定先后。没有的材料，文件夹空着。",
                "note",
            ),
            _materials(programme),
            Paragraph("各项怎样填", "heading"),
            Paragraph("带 * 的必须填写；其余不填的，表上留空，可以手写。例子都是虚构的。", "note"),
            _answers(programme, sample),
        ),
    )


def _ways_to_begin(forms: Sequence[str]) -> Iterator[Paragraph]:
    yield Paragraph("怎样填写（几种办法任选）", "heading")
    yield Paragraph("甲\t在浏览器里填：", "step")
    yield Paragraph("sjs-forms web 本文件夹", "code")
    number = "乙"
    if forms:
        yield Paragraph(
            f"乙\t在 Word 里填：打开旁边的 {'、'.join(forms)}，填好存盘，再读回来"
            "（在网页上是“导入”一页）；不用的空白表格放着不管就行。",
            "step",
        )
        yield Paragraph(f"sjs-forms import {' '.join(forms)} -o .", "code")
        number = "丙"
    yield Paragraph(f"{number}\t用记事本填 {APPLICATION_FILE}：各项的写法见后面的表。", "step")
    for text in _TYPING:
        yield Paragraph(f"·\t{text}", "step")


def _after_filling() -> Iterator[Paragraph]:
    steps = (
        ("检查，一次列出所有问题：", "sjs-forms check 本文件夹"),
        ("生成表格，打印、签字、盖章、扫描：", "sjs-forms fill 本文件夹 -o 表格"),
        ("收入盖章扫描件：", "sjs-forms stamped 本文件夹 扫描件.pdf"),
        ("生成装订版和在线申报的文件：", "sjs-forms build 本文件夹 -o 成册"),
    )
    yield Paragraph("填好以后", "heading")
    for number, (text, typed) in enumerate(steps, start=1):
        yield Paragraph(f"{number}.\t{text}", "step")
        yield Paragraph(typed, "code")


def _materials(programme: Programme) -> Table:
    rows = (
        (
            material_folder(programme, material),
            f"{material.title}（{material.hint}）" if material.hint else material.title,
        )
        for material in programme.materials
    )
    return Table(("文件夹", "放什么"), tuple(rows), _MATERIAL_WIDTHS)


def _answers(programme: Programme, sample: Mapping[str, Any]) -> Table:
    """Return every answer under its group; for a table, those of its first row."""
    fields = programme.fields
    tables = {one.place: one for one in fields.fields if isinstance(one.kind, RowsKind)}
    rows: list[tuple[str, ...]] = []
    group = ""
    for answer in fields.answers(dict.fromkeys(tables, 1)):
        if answer.group != group:
            group = answer.group
            question = fields.question_at(answer.place)
            table = question if question and question.place in tables else None
            rows.append((_of_table(table) if table else group,))
        label = f"{answer.label} *" if answer.required else answer.label
        rows.append((label, _what(answer), _example(answer, sample), where(answer.place)))
    heading = ("项目", "怎样填", "例子", f"{APPLICATION_FILE} 的键")
    return Table(heading, tuple(rows), _ANSWER_WIDTHS, frozenset({2, 3}))


def _of_table(table: Field) -> str:
    kind = table.kind
    assert isinstance(kind, RowsKind)
    return f"{table.label}（最多 {kind.most} 项，每项一组 {{ … }}，之间用逗号；下面是第一项）"


def _what(answer: Field) -> str:
    """Return what to enter; for a choice, the words that may be written."""
    asked = answer.ask()
    if isinstance(answer.kind, TextKind):
        return f"{asked}换段写 \\n。"
    kind = answer.kind
    listed = kind.choices if isinstance(kind, ChoiceKind | ChoicesKind) else ()
    words = "、".join(choice.label for choice in listed)
    return asked if words in asked else f"{asked}可写：{words}。"


def _example(answer: Field, sample: Mapping[str, Any]) -> str:
    """Return an example as it is typed into application.json, or "" if there is none."""
    kind, value = answer.kind, written_at(sample, answer.place)
    if value in (None, "", []) or isinstance(kind, ChoiceKind | ChoicesKind):
        value = kind.example()
    if value is None:
        return ""
    if isinstance(value, str) and len(value) > _LONGEST_EXAMPLE:
        value = value[: _LONGEST_EXAMPLE - 1] + "…"
    return json.dumps(value, ensure_ascii=False)
