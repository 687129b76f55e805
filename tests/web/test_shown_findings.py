"""What a page says of a finding: no key, no command, and the way to its place."""

import re

from sjs_forms.base.findings import error, warning
from sjs_forms.web.form_fields import groups
from sjs_forms.web.form_places import places
from sjs_forms.web.shown_findings import element_id, shown
from tests.samples import REFUSED, judge, minimal_answers, put, the_programme

ENGLISH = re.compile(r"json|sjs-forms|--|null|term\.|contact\.|attachments", re.IGNORECASE)


def test_no_key_and_no_command_is_named() -> None:
    answers = put(minimal_answers(), "term", {"start": "2025-01-01", "end": "2024-01-01"})
    answers = put(put(answers, "contact.email", "坏"), "applicant.name", None)
    for found in shown(judge(answers), the_programme()):
        assert not ENGLISH.search(found.message + found.remedy), found


def test_every_finding_of_the_refused_fixtures_is_shown_without_keys() -> None:
    from sjs_forms.jobs.pipeline import check

    for folder in sorted(REFUSED.iterdir()):
        if (folder / "application.json").is_file():
            for found in shown(check(folder), the_programme()):
                assert found.message and found.href.startswith("/")
                assert not ENGLISH.search(found.message + found.remedy), (folder.name, found)


def test_a_finding_leads_to_its_place() -> None:
    lease = the_programme().material("lease")
    findings = (
        error("x", "founders[0].name", "名称", "没有填写。", "请填写。"),
        warning("x", "attachments/2-x/合同.pdf#3", "合同", "第 3 页模糊。", "请重扫。"),
        error("material-missing", "attachments", lease.title, "缺少。", "请放进来。"),
        error("material-missing", "material:lease", lease.title, "缺少。", "请放进来。"),
        error("x", "", "申报内容", "有误。", "请改。"),
    )
    answer, file, one, other, whole = shown(findings, the_programme())
    assert answer.href == f"/form#{element_id('q', 'founders[0].name')}"
    assert file.href == f"/materials#{element_id('file', 'attachments/2-x/合同.pdf')}"
    assert one.href == other.href == f"/materials#{element_id('m', 'lease')}"
    assert whole.href == "/"


def test_each_question_is_found_on_the_page_that_prints_its_label() -> None:
    questions = [each for group in groups() for each in group.questions]
    first, second, third = questions[:3]
    texts = {"a": [f"{first.label} {third.label[:2]}\n{third.label[2:]}"], "b": [second.label]}
    found = places((first, second), {"a": [first.label], "b": [second.label]})
    assert found[first.path] == ("a", 1)
    assert found[second.path] == ("b", 1)
    assert places((first,), {"a": ["nothing"]}) == {}
    assert places((first,), texts)[first.path] == ("a", 1)
