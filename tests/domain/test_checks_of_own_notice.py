"""What checks say of a notice of one's own: 0 is no blank, a choice is told in its words."""

from pathlib import Path

from sjs_forms.base.files.plain_files import copy_tree
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.resources import starter_folder
from sjs_forms.domain.application import application_model
from sjs_forms.domain.checks import check_application
from sjs_forms.domain.installed_notices import read_notice

_RULE = """
[[rule]]
code = "notice-cost-and-kind"
rule = "all_or_none"
at = "project.cost"
say = "还缺：{missing}。"
mend = "请补填。"

[rule.parts]
"project.cost" = "支出"
"project.kind" = "类别"
"""


_NEW = """
[[rule]]
code = "notice-new"
if = "project.kind == 'new'"
at = "project.kind"
say = "“{label}”写的是{project.kind}。"
mend = "请核对。"
"""


def _findings(folder: Path, cost: float | None) -> tuple[Finding, ...]:
    """Findings about answers of a notice whose cost may be 0 and is told where it is blank."""
    notice = folder / "zero"
    notice.mkdir()
    copy_tree(starter_folder(), notice)
    programme, fields = notice / "programme.toml", notice / "fields.toml"
    programme.write_text(programme.read_text("utf-8").replace('"NOTICE"', '"zero"'), "utf-8")
    number, _, rest = fields.read_text("utf-8").partition("decimals = 2\n")
    assert rest
    told = f"{number}decimals = 2\nabove = -1\n{rest.replace('required', 'blank_told', 1)}"
    fields.write_text(told + _RULE + _NEW, "utf-8")
    read = read_notice(notice)
    answers = {"applicant": {"name": "甲公司"}, "project": {"cost": cost, "kind": "new"}}
    return check_application(read, application_model(read).model_validate(answers), ())


def test_zero_is_no_blank_for_warnings_and_rules(tmp_path: Path) -> None:
    found = _findings(tmp_path, 0)
    assert "notice-cost-and-kind" not in {each.code for each in found}
    assert not any("项目支出" in each.message for each in found)


def test_a_blank_in_its_place_is_told_by_both(tmp_path: Path) -> None:
    found = _findings(tmp_path, None)
    assert "notice-cost-and-kind" in {each.code for each in found}
    assert any("项目支出" in each.message for each in found if each.code == "blank-left")


def test_a_rule_says_a_choice_in_the_form_s_words(tmp_path: Path) -> None:
    (said,) = [each for each in _findings(tmp_path, 1) if each.code == "notice-new"]
    assert said.message == "“项目类别”写的是新建。"
