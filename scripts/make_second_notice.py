"""Make the Word templates of the invented notice in fixtures/notices, and of the starter that
`notice new` copies, the same bytes each time.

    python scripts/make_second_notice.py

The styles are those of make_word_templates.
"""

import tempfile
from pathlib import Path
from typing import Any

from docx.shared import Pt
from make_word_templates import (
    CHOICE,
    END,
    FILL,
    LABEL,
    NUMBER,
    PLEDGE,
    PLEDGE_DATE,
    PLEDGE_SIGNATURE,
    PLEDGE_STYLES,
    PLEDGE_TITLE,
    SECTION,
    SIGNATURE,
    TEXT,
    add,
    blank_document,
    drop_first_paragraph,
    form_table,
    paragraphs,
    row,
    save,
    tick,
)

from sjs_forms.domain.installed_notices import read_notice
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.notices.notice_jobs import new_notice
from sjs_forms.typesetting.word_filling import template_path

ROOT = Path(__file__).resolve().parent.parent
NOTICE = ROOT / "fixtures/notices/computing-power-2026"
STARTER = ROOT / "templates/starter/notice"
COLUMNS = (80, 96, 76, 88, 46, 62)
"""Widths of the table's grid, in points."""
FORM_STYLES = (NUMBER, PLEDGE_TITLE, LABEL, TEXT, CHOICE, SECTION, SIGNATURE, END)


def main() -> None:
    """Write the templates."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "starter")
        new_notice(folder)
        programme = read_notice(folder)
    save(starter(programme), programme, STARTER / "forms/application.docx")
    programme = read_notice(NOTICE)
    for form, make in (("application", application), ("pledge", pledge)):
        save(make(programme), programme, template_path(programme, form))


def starter(programme: Programme) -> Any:
    """The one form of the starter."""
    document = blank_document(programme, "application", FORM_STYLES)
    add(document, NUMBER, "附件1")
    add(document, PLEDGE_TITLE, "示例补贴申请表")
    table = form_table(document, COLUMNS)
    row(table, (1, "申请单位"), (5, "{{ applicant.name }}"))
    row(table, (1, "统一社会\n信用代码"), (5, "{{ applicant.uscc }}"))
    row(
        table,
        (1, "联系人"),
        (1, "{{ contact.name }}"),
        *pair("contact", "联系电话", "phone", 1, 3),
    )
    row(table, (1, "项目名称"), (5, "{{ project.name }}"))
    cells = row(table, (1, "项目类别"), (5, ""))
    boxes(cells[1], "kind", (("new", "新建  "), ("extended", "扩建")), 1)
    drop_first_paragraph(cells[1])
    row(table, (1, "项目支出\n（万元）"), (5, "{{ project.cost }}"))
    row(table, (6, "单位意见"), style=SECTION)
    (cell,) = row(table, (6, ""), may_break=True)
    paragraphs(cell, "opinion")
    for text in ("单位负责人：（签字）", "（单位公章）"):
        add(cell, SIGNATURE, text)
    add(document, END)
    return document


def application(programme: Programme) -> Any:
    """附件1: one table, with a list of equipment in it."""
    document = blank_document(programme, "application", FORM_STYLES)
    add(document, NUMBER, "附件1")
    add(document, PLEDGE_TITLE, "算力补贴申领表")
    table = form_table(document, COLUMNS)
    subject_rows(table)
    project_rows(table)
    equipment_rows(table)
    opinion_rows(table)
    add(document, END)
    return document


def subject_rows(table: Any) -> None:
    """The applicant, and who answers for it."""
    row(table, (1, "申领单位"), (5, "{{ applicant.name }}"))
    row(
        table,
        (1, "统一社会\n信用代码"),
        (2, "{{ applicant.uscc }}"),
        (1, "成立日期"),
        (2, "{{ applicant.founded_on }}"),
    )
    row(table, (1, "注册地址"), (5, "{{ applicant.address }}"))
    cells = row(table, (1, "单位性质"), (2, ""), (1, "在职人数"), (2, "{{ applicant.staff }}"))
    boxes(cells[1], "nature", (("enterprise", "企业  "), ("institute", "科研院所")), 1)
    boxes(cells[1], "nature", (("university", "高等学校"),), 1)
    drop_first_paragraph(cells[1])
    for label, path, second, third in (
        ("项目联系人", "contact", ("联系电话", "phone"), ("电子邮箱", "email")),
        ("项目负责人", "leader", ("职务", "title"), ("手机", "mobile")),
    ):
        row(table, (1, label), (1, f"{{{{ {path}.name }}}}"), *pair(path, *second, 1, 3))
        row(table, (1, third[0]), (5, f"{{{{ {path}.{third[1]} }}}}"))


def pair(path: str, label: str, key: str, one: int, other: int) -> tuple[tuple[int, str], ...]:
    """A label and the cell of its answer."""
    return (one, label), (other, f"{{{{ {path}.{key} }}}}")


def project_rows(table: Any) -> None:
    """The project, to 项目简介, the one row that may run over pages."""
    row(table, (1, "项目名称"), (5, "{{ project.name }}"))
    cells = row(
        table, (1, "算力取得方式"), (2, ""), *pair("project", "算力提供方", "provider", 1, 2)
    )
    boxes(cells[1], "way", (("rented", "租用算力  "), ("built", "自建算力")), 1)
    drop_first_paragraph(cells[1])
    row(
        table,
        *pair("project", "算力规模\n（PFLOPS）", "power", 1, 2),
        *pair("project", "算力支出\n（万元）", "cost", 1, 2),
    )
    cells = row(table, (1, "主要用途"), (5, ""))
    uses = (
        ("training", "模型训练  "),
        ("inference", "模型推理  "),
        ("simulation", "仿真计算  "),
        ("other", "其他"),
    )
    boxes(cells[1], "uses", uses, 1)
    drop_first_paragraph(cells[1])
    cells = row(table, (1, "项目进展"), (5, ""))
    for key, label in (("running", "已投入使用（"), ("planned", "计划投入使用（")):
        line = tick(add(cells[1], CHOICE), f"stage.{key}.tick", label)
        line.add_run(f"{{{{ stage.{key}.date }}}}）")
    drop_first_paragraph(cells[1])
    row(table, (1, "服务期限"), (5, "{{ term.start }}至{{ term.end }}"))
    cells = row(table, (1, "项目简介"), (5, ""), may_break=True)
    paragraphs(cells[1], "project.summary")


def equipment_rows(table: Any) -> None:
    """设备清单: a row for each piece, and the totals."""
    row(table, (6, "设备清单"), style=SECTION)
    heads = ("序号", "名称", "型号", "购置日期", "数量\n（台）", "金额\n（万元）")
    row(table, *((1, head) for head in heads))
    row(table, (6, "{%tr for piece in equipment %}"))
    keys = ("name", "model", "bought_on", "count", "price")
    row(table, (1, "{{ loop.index }}"), *((1, f"{{{{ piece.{key} }}}}") for key in keys))
    row(table, (6, "{%tr endfor %}"))
    row(table, (4, "合计"), (1, "{{ total.count }}"), (1, "{{ total.price }}"))


def opinion_rows(table: Any) -> None:
    """The opinion, signed and sealed."""
    row(table, (6, "申领单位意见"), style=SECTION)
    (cell,) = row(table, (6, ""), may_break=True)
    paragraphs(cell, "opinion")
    lines = [
        add(cell, SIGNATURE, text)
        for text in ("单位负责人：（签字）", "（单位公章）", "{{ signed.application }}")
    ]
    lines[0].paragraph_format.space_before = Pt(60)
    lines[-1].paragraph_format.space_after = Pt(14)


def boxes(cell: Any, path: str, choices: tuple[tuple[str, str], ...], lines: int) -> None:
    """Append a line with a tick box for each choice."""
    for _ in range(lines):
        paragraph = add(cell, CHOICE)
        for key, label in choices:
            tick(paragraph, f"{path}.{key}.tick", label)


def pledge(programme: Programme) -> Any:
    """附件2."""
    document = blank_document(programme, "pledge", PLEDGE_STYLES)
    add(document, NUMBER, "附件2")
    add(document, PLEDGE_TITLE, "诚信承诺书")
    opening = add(document, PLEDGE, "本单位")
    opening.add_run("{{ pledger.name }}", FILL)
    opening.add_run("（统一社会信用代码：")
    opening.add_run("{{ pledger.uscc }}", FILL)
    opening.add_run("）申领2026年度算力补贴，现承诺如下：")
    for text in (
        "一、所交材料真实、完整，设备清单所列设备均已到货并投入使用。",
        "二、同一笔算力支出没有申领其他财政补贴。",
        "三、接受对资金使用和设备状况的检查，如有不实，退回全部补贴。",
    ):
        add(document, PLEDGE, text)
    signers = add(document, PLEDGE_SIGNATURE, "法定代表人（签字）\t承诺单位（盖章）")
    signers.paragraph_format.tab_stops.add_tab_stop(Pt(234))
    add(document, PLEDGE_DATE, "{{ signed.pledge }}")
    return document


if __name__ == "__main__":
    main()
