"""A small notice with tables whose rows are repeated, made for tests in a folder of its own."""

import re
import shutil
from pathlib import Path
from typing import Any

from docx import Document

from tests.samples import the_programme

ID = "devices-2026"
FIELDS = """
[roles]
applicant = "applicant.name"
applicant_code = "applicant.uscc"

[[field]]
at = "applicant.name"
label = "申请单位全称"
group = "单位"
kind = "line"
required = true

[[field]]
at = "applicant.uscc"
label = "社会信用代码"
group = "单位"
kind = "uscc"

[[field]]
at = "project.address"
label = "存放地址"
group = "项目"
kind = "line"

[[field]]
at = "equipment"
label = "设备清单"
kind = "rows"
most = 50
item_label = "设备{n}"

[[field.field]]
at = "name"
label = "设备{n}名称"
kind = "line"
required = true

[[field.field]]
at = "way"
label = "设备{n}取得方式"
kind = "choice"
choices = { rent = "租用", buy = "购置" }

[[field.field]]
at = "uses"
label = "设备{n}用途"
kind = "choices"
choices = { train = "训练", infer = "推理" }

[[field.field]]
at = "bought_on"
label = "设备{n}购置日期"
kind = "day"

[[field.field]]
at = "price"
label = "设备{n}金额（万元）"
kind = "number"
unit = "万元"

[[field.field]]
at = "remark"
label = "设备{n}说明"
kind = "text"

[[field]]
at = "staff"
label = "人员名单"
kind = "rows"
most = 20
slots = 2
item_label = "人员{n}"

[[field.field]]
at = "name"
label = "人员{n}姓名"
kind = "line"
required = true

[[field.field]]
at = "phone"
label = "人员{n}电话"
kind = "phone"

[[field]]
at = "opinion"
label = "单位意见"
group = "项目"
kind = "text"

[[derived]]
at = "total.price"
label = "设备金额合计"
is = "sum(equipment.price)"
"""
_COVER = 'cover_lines = [\n  { label = "申请单位", answers = ["applicant.name"] },\n]\n'
_HEAD = (
    '<!doctype html><title>x</title><link rel="stylesheet" href="fonts/fonts.css">'
    "<style>@page { size: A4 } body { font-family: SJS Song, SJS Symbols; overflow-wrap: anywhere }"
    "</style>"
)
_PARTS = "{{% for part in {} %}}{{{{ part }}}}{{% endfor %}}"
_HTML = {
    "application-form": (
        "{{ applicant.name }}{% for d in equipment %}<p>{{ d.name }}{{ d.way.label }}"
        "{{ d.uses.train.tick }}{{ d.uses.infer.tick }}{{ d.bought_on }}{{ d.price }}"
        f"{_PARTS.format('d.remark')}{{% endfor %}}<p>{{{{ total.price }}}}"
        "{% for p in staff %}<p>{{ p.name }}{{ p.phone }}{% endfor %}<p>{{ project.address }}"
        f"{_PARTS.format('opinion')}"
    ),
    "commitment": "{{ applicant.name }}",
}
DEVICES = ["序号", "设备名称", "取得方式", "用途", "购置日期", "金额（万元）", "说明"]
STAFF = ["姓名", "电话"]


def make_notice(holder: Path) -> Path:
    """Write the notice's folder into another, and return it."""
    own = the_programme().folder
    folder = holder / ID
    shutil.copytree(own, folder, ignore=shutil.ignore_patterns("forms", "fields.toml"))
    (folder / "forms").mkdir()
    (folder / "fields.toml").write_text(FIELDS, encoding="utf-8")
    text = (folder / "programme.toml").read_text(encoding="utf-8").replace(own.name, ID)
    text = re.sub(r"cover_lines = \[\n.*?\n\]\n", _COVER, text, flags=re.DOTALL)
    text = re.sub(r"review = \[\n.*?\n\]\n", "", text, flags=re.DOTALL)
    text = re.sub(r"\[\[reading\]\].*?(?=\[\[materials\]\])", "", text, flags=re.DOTALL)
    (folder / "programme.toml").write_text(text, encoding="utf-8")
    application_form().save(str(folder / "forms" / "application-form.docx"))
    pledge = Document()
    for line in ("设备承诺书", "承诺单位：{{ applicant.name }}", "承诺以上设备属实。"):
        pledge.add_paragraph(line)
    pledge.save(str(folder / "forms" / "commitment.docx"))
    for form, html in _HTML.items():
        (folder / "forms" / f"{form}.html").write_text(_HEAD + html, encoding="utf-8")
    return folder


def application_form() -> Any:
    """The Word template: a table with a total, and one with rows of other answers behind it."""
    document = Document()
    document.add_paragraph("设备补贴申请表")
    add_table(document, ["申请单位全称", "{{ applicant.name }}"])
    document.add_paragraph("一、设备清单")
    cells = [
        "{{ loop.index }}",
        "{{ d.name }}",
        "{{ d.way.label }}",
        "{{ d.uses.train.tick }}训练 {{ d.uses.infer.tick }}推理",
        "{{ d.bought_on }}",
        "{{ d.price }}万元",
        "",
    ]
    table = add_table(document, DEVICES, *looped("d", "equipment", cells))
    add_paragraphs(table.rows[2].cells[6], "d.remark")
    add_row(table, ["合计", "", "", "", "", "{{ total.price }}万元", ""])
    document.add_paragraph("二、人员名单")
    table = add_table(document, STAFF, *looped("p", "staff", ["{{ p.name }}", "{{ p.phone }}"]))
    add_row(table, ["存放地址", "{{ project.address }}"])
    table = add_table(document, ["单位意见", ""])
    add_paragraphs(table.rows[0].cells[1], "opinion")
    document.add_paragraph("以上内容真实有效。")
    return document


def looped(variable: str, path: str, cells: list[str]) -> list[list[str]]:
    """The three rows of a template that repeat one."""
    rest = [""] * (len(cells) - 1)
    return [[f"{{%tr for {variable} in {path} %}}", *rest], cells, ["{%tr endfor %}", *rest]]


def add_table(document: Any, *rows: list[str]) -> Any:
    """Add a table with these texts."""
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        add_row(table, row)
    return table


def add_paragraphs(cell: Any, path: str) -> None:
    """Have a cell print a text of several paragraphs."""
    for line in (f"{{%p for part in {path} %}}", "{{ part }}", "{%p endfor %}"):
        cell.add_paragraph(line)


def add_row(table: Any, texts: list[str]) -> None:
    """Add a row with these texts, without merging anything."""
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        cell.text = text
