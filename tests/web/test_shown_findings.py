"""What a page says of a finding: no key, no command, and the way to its place."""

import re
import shutil
from pathlib import Path

import pytest

from sjs_forms.base.errors import Fault, UsageFault
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import error, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, FilePlace, MaterialPlace
from sjs_forms.base.findings.remedies import MendAnswer, MendNotice, PutFile, RunJob
from sjs_forms.jobs.session import Session
from sjs_forms.web.form.form_fields import groups
from sjs_forms.web.form.form_places import places
from sjs_forms.web.views.page_views import sections, unplaced
from sjs_forms.web.wording.page_wording import (
    error_on_page,
    message_on_page,
    remedy_on_page,
    without_folders,
)
from sjs_forms.web.wording.shown_findings import element_id, shown
from sjs_forms.web.workspace.open_application import View
from tests.samples import (
    MINIMAL,
    REFUSED,
    judge,
    minimal_answers,
    put,
    the_programme,
    write_application,
)

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
    file = "attachments/2-x/合同.pdf"
    findings = (
        error("required-missing", AnswerPlace(("founders", 0, "name")), "名称", "空着。", "请填。"),
        warning("attachment-shrunk", FilePlace(file, 3), "合同", "缩小了。", "请看。"),
        error("material-missing", MaterialPlace("lease"), lease.title, "缺。", PutFile("x", "y")),
        warning("blank-left", WHOLE, "申报内容", "有空着的。", "请看。"),
    )
    answer, of_file, material, whole = shown(findings, the_programme())
    beside = warning("attachment-unlisted", FilePlace("合同.pdf"), "附件", "没有归入。", "请移。")
    [outside] = shown([beside], the_programme(), minimal_answers())
    assert outside.part == "materials" and not outside.is_todo
    assert answer.href == f"/form#{element_id('q', 'founders[0].name')}" and answer.is_todo
    assert of_file.href == f"/materials#{element_id('file', file)}"
    assert material.href == f"/materials#{element_id('m', 'lease')}"
    assert "拖到这一项" in material.remedy
    assert whole.href == "/"


def test_a_remedy_names_answers_by_their_labels_and_pages_by_their_names() -> None:
    mend = MendAnswer("请核对{}与{}是否写反。", (("term", "start"), ("term", "end")))
    assert remedy_on_page(mend) == "请核对“起止年限（起）”与“起止年限（止）”是否写反。"
    assert "“生成”" in remedy_on_page(RunJob("请重新生成（{}）。", ("build",)))


def test_a_mistake_of_a_notice_s_author_is_told_as_nothing_that_the_applicant_can_mend() -> None:
    remedy = MendNotice(template_of="x")
    told = error_on_page(UsageFault("forms/a.html 无法填写：没有“x”这一项。", remedy))
    assert "申报通知的文件有误" in told[0] and "编写通知的人" in told[1]
    assert not ENGLISH.search("".join(told))
    full = UsageFault("磁盘已满。", "请清理磁盘。")
    assert error_on_page(full) == ("磁盘已满。", "请清理磁盘。")


def test_each_question_is_found_on_the_page_that_prints_its_label() -> None:
    questions = [each for group in groups(the_programme().fields) for each in group.questions]
    first, second, third = questions[:3]
    texts = {"a": [f"{first.label} {third.label[:2]}\n{third.label[2:]}"], "b": [second.label]}
    found = places((first, second), {"a": [first.label], "b": [second.label]})
    assert found[first.path] == ("a", 1)
    assert found[second.path] == ("b", 1)
    assert places((first,), {"a": ["nothing"]}) == {}
    assert places((first,), texts)[first.path] == ("a", 1)


@pytest.mark.parametrize(
    ("files", "shown_as"),
    [
        (("attachments/2-合同/甲.pdf",), "“甲.pdf”有误。"),
        (("/home/u/文档/某单位-成册",), "“某单位-成册”有误。"),
        ((r"C:\Users\u\某单位-成册",), "“某单位-成册”有误。"),
        (("甲.pdf",), "“甲.pdf”有误。"),
    ],
)
def test_a_page_names_a_file_without_its_folders(files: tuple[str, ...], shown_as: str) -> None:
    for problem in (
        warning("title-unclear", WHOLE, "附件", f"“{FILE}”有误。", "请改。", *files),
        UsageFault(f"“{FILE}”有误。", "请改。", *files),
    ):
        assert message_on_page(problem) == shown_as
        assert files[0] in problem.message


def test_files_of_one_name_in_two_materials_keep_the_names_of_their_folders() -> None:
    files = ("attachments/2-合同/甲.pdf", "attachments/3-证明/甲.pdf")
    same = error("duplicate-attachment", WHOLE, "", f"“{FILE}”与“{FILE}”相同。", "", *files)
    assert message_on_page(same) == "“2-合同/甲.pdf”与“3-证明/甲.pdf”相同。"
    text = "“attachments/2-合同/甲.pdf”看不清。“甲.pdf”也是。"
    assert without_folders(text, files) == "“甲.pdf”看不清。“甲.pdf”也是。"


def test_a_name_that_holds_the_placeholder_is_shown_as_it_is() -> None:
    odd = error(
        "duplicate-attachment", WHOLE, "", f"“{FILE}”与“{FILE}”相同。", "", f"{FILE}.x", "乙"
    )
    assert odd.message == f"“{FILE}.x”与“乙”相同。"


def test_a_fault_of_this_program_is_told_without_its_exception() -> None:
    message, remedy = error_on_page(Fault("内部错误：KeyError: 'a'"))
    assert message == "这一步没有做成，是本软件的问题。" and "再试一次" in remedy


def test_a_finding_on_a_choice_with_its_date_stands_at_the_choice(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(MINIMAL, tmp_path / "x"))
    write_application(folder, put(minimal_answers(), "platform.category", "新认定、新迁入"))
    with Session.open(folder) as session:
        state = session.state()
    view = View(state, shown(state.findings, state.programme, state.written))
    made = sections(view)
    at = [each for each in view.findings if each.where == "platform.category"]
    assert at and not unplaced(view, made)
    [control] = [c for s in made for c in s.controls if set(at) & set(c.findings)]
    assert control.question.path == "platform.category.kind"
    assert at[0].href == f"/form#{control.anchors[-1]}"
