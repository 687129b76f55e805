"""A notice's questions are read from its fields.toml, and its author's mistakes told by line."""

import os
import pickle
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from sjs_forms.base.errors import ExitCode
from sjs_forms.base.resources import templates_folder
from sjs_forms.domain.installed_notices import installed_programmes
from sjs_forms.domain.notice.bad_notice import BadNotice
from sjs_forms.domain.notice.fields_file import read_fields
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.notice.toml_lines import read_toml

GOOD = """
[roles]
applicant = "applicant.name"

[[field]]
at = "applicant.name"
label = "申报单位"
kind = "line"
required = true

[[field]]
at = "equipment"
label = "设备清单"
kind = "rows"
most = 20

[[field.field]]
at = "name"
label = "设备{n}名称"
kind = "line"
required = true

[[field.field]]
at = "price"
label = "设备{n}单价"
kind = "number"
unit = "万元"

[[field]]
at = "move"
label = "迁入"
kind = "choice_with_date"
choices = { yes = "是", no = "否" }
date_label = "迁入时间"

[[field]]
at = "total"
label = "合计"
kind = "number"
unit = "万元"

[[rule]]
code = "notice-total-wrong"
if = "total != sum(equipment.price)"
at = "total"
say = "“{label}”{total} 与设备清单之和 {sum(equipment.price)} 不一致。"
mend = "请核对。"

[[derived]]
at = "share"
label = "占比"
is = "total / notice.limits.most"
"""
CONSTANTS = {"limits": {"most": 500}}


def read(folder: Path, text: str) -> NoticeFields:
    file = folder / "某通知" / "fields.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return read_fields(file, CONSTANTS)


@pytest.mark.parametrize("programme", installed_programmes())
def test_the_questions_of_every_notice_can_be_read(programme: str) -> None:
    folder = templates_folder() / programme
    constants = tomllib.loads((folder / "programme.toml").read_text(encoding="utf-8"))
    fields = read_fields(folder / "fields.toml", constants)
    assert fields.role("applicant")
    for answer in fields.answers():
        assert fields.label_of(answer.place) == answer.label
        assert fields.answer_at(answer.place) == answer


def test_answers_labels_and_keys_are_read_off_the_questions(tmp_path: Path) -> None:
    fields = read(tmp_path, GOOD)
    assert [one.place for one in fields.answers({("equipment",): 1})] == [
        ("applicant", "name"),
        ("equipment", 0, "name"),
        ("equipment", 0, "price"),
        ("move", "kind"),
        ("move", "date"),
        ("total",),
    ]
    assert fields.label_of(("equipment", 2, "price")) == "设备3单价"
    assert fields.label_of(("equipment", 2)) == "设备清单3"
    assert fields.label_of(("move", "date")) == "迁入时间"
    assert fields.label_of(("attachments", 1, "title")) == "附件2标题"
    assert fields.label_of(("applicant", "x")) == "申报内容"
    assert fields.known_keys(()) == (
        *("programme", "applicant", "equipment", "move", "total", "attachments"),
    )
    assert fields.known_keys(("equipment", 7)) == ("name", "price")
    assert fields.known_keys(("move",)) == ("kind", "date")
    assert fields.answer_at(("equipment",)) is None
    assert fields.answer_at(("equipment", 1, "x")) is None


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('kind = "line"', 'kind = "lines"', 8, "没有“lines”这种 kind"),
        ('label = "合计"\n', "", 36, "缺少 label"),
        ("required = true\n\n[[field]]", "requird = true\n\n[[field]]", 9, "是否想写 required"),
        ("most = 20", "most = true", 15, "most 应是整数"),
        ('at = "total"\nlabel', 'at = "合计"\nlabel', 37, "小写英文"),
        ('at = "total"\nlabel', 'at = "move.date"\nlabel', 37, "重叠"),
        ('label = "合计"', 'label = "迁入时间"', 38, "label 都是“迁入时间”"),
        ('label = "合计"', 'label = "迁入 时间"', 38, "“total”的 label“迁入 时间”与“move.date”的"),
        (
            'label = "合计"',
            'label = "合计"\naliases = ["迁入"]',
            39,
            "“total”与“move.kind”都叫“迁入”",
        ),
        ('label = "合计"', 'label = "合计"\nas_part = "sums"', 39, "“sums”没有 label"),
        ("total != sum", "total != summe", 44, "没有“summe”这个函数"),
        ('sum(equipment.price)"', 'sum(equipment.name)"', 44, "表格的一列数字"),
        ("{sum(equipment.price)}", "{sum(equipment.prise)}", 46, "没有“equipment.prise”这一项"),
        ('mend = "请核对。"', 'mend = "请核对"', 47, "以“。”结尾"),
        ('mend = "请核对。"', 'mind = "请核对。"', 47, "是否想写 mend"),
        ('at = "total"\nsay', 'at = "sum"\nsay', 45, "没有“sum”这一项"),
        ("total / notice.limits.most", "total > 1", 52, "应是数字、文字或日期"),
        ("total / notice.limits.most", "move.kind", 52, "用 when(…)"),
        ("total / notice.limits.most", "equipment.price", 52, "应是数字、文字或日期"),
        ("{sum(equipment.price)}", "{equipment.price}", 46, "花括号里应是"),
        ("{sum(equipment.price)}", "{total > 1}", 46, "花括号里应是"),
        ("notice.limits.most", "notice.limits.least", 52, "没有“notice.limits.least”这一项"),
        ('applicant = "applicant.name"', 'applicant = "applicant"', 3, "没有“applicant”这一项"),
        ('applicant = "applicant.name"', "", 2, "须写明 applicant"),
        ('{ yes = "是", no = "否" }', '{ yes = "是", no = "是" }', 33, "相同"),
        ('label = "申报单位"', "label = 申报单位", 7, "TOML"),
        ('"notice-total-wrong"', '"total-wrong"', 43, "以 notice- 开头"),
        ('"notice-total-wrong"', '"notice-file-total"', 43, "以 notice- 开头"),
        ('mend = "请核对。"', 'mend = "请核对[totl]。"', 47, "没有“totl”这一项"),
        ('applicant = "applicant.name"', 'applicant = "total"', 3, "“total”不是填写的文字"),
        ('at = "price"', 'at = "model_dump"', 24, "“model_dump”另有用途"),
        ('at = "price"', 'at = "items"', 24, "“items”在表格模板里另有含义"),
        ('at = "move"', 'at = "questions"', 30, "“questions”另有用途"),
        ('at = "move"', 'at = "true"', 30, "“true”在表格模板里另有含义"),
        ("[[rule]]", "[rule]", 1, "[[rule]]"),
        ("[[derived]]", "[[derive]]", 1, "是否想写 derived"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert GOOD.count(old) == 1 or old.startswith("kind")
    with pytest.raises(BadNotice) as refused:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert f"fields.toml 第 {line} 行" in refused.value.message
    assert said in refused.value.message
    assert refused.value.exit_code == ExitCode.USAGE


def test_rows_whose_questions_are_written_in_one_line_are_told(tmp_path: Path) -> None:
    rows = '[[field]]\nat = "papers"\nlabel = "文件"\nkind = "rows"\nmost = 2\n'
    rows += 'field = [{ at = "name", label = "文件{n}", kind = "line" }]\n\n'
    with pytest.raises(BadNotice) as refused:
        read(
            tmp_path,
            GOOD.replace('[[field]]\nat = "equipment"', f'{rows}[[field]]\nat = "equipment"'),
        )
    assert "fields.toml 第 16 行" in refused.value.message
    assert "应写成 [[field.field]]" in refused.value.message


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadNotice, match="无法读取"):
        read_fields(tmp_path / "fields.toml", {})
    (tmp_path / "fields.toml").write_bytes("名".encode("gbk"))
    with pytest.raises(BadNotice, match="UTF-8"):
        read_fields(tmp_path / "fields.toml", {})


def test_an_authors_mistake_crosses_from_one_process_to_another() -> None:
    told = BadNotice(Path("next-2031/fields.toml"), 3, "没有“x”这一项")
    again = pickle.loads(pickle.dumps(told))
    assert (again.message, again.remedy, again.line) == (told.message, told.remedy, 3)


@pytest.mark.parametrize(
    "text", ["x = " + "[" * 50_000, f"x = {'9' * 10_000}", "x = " + "{a=" * 20_000]
)
def test_what_python_cannot_take_in_is_the_files_mistake(tmp_path: Path, text: str) -> None:
    file = tmp_path / "fields.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadNotice, match="嵌套过深，或含有过长的数字"):
        read_toml(file)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_a_file_of_a_notice_that_is_no_file_is_told(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    file = tmp_path / "fields.toml"
    make(file)
    with pytest.raises(BadNotice, match="不是普通文件"):
        read_toml(file)
