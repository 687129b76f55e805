"""What a page says of a finding: no key, no command, and the way to its place."""

import re
import shutil
from pathlib import Path

import pytest

from sjs_forms.base.findings.finding import error, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, FilePlace, MaterialPlace
from sjs_forms.base.findings.remedies import (
    DecideScanPage,
    EnterPassword,
    ListFile,
    MendAnswer,
    NameFile,
    PutFile,
    RunJob,
    ScanForm,
    SplitVolume,
)
from sjs_forms.jobs.session import Session
from sjs_forms.web.form.form_fields import groups
from sjs_forms.web.form.form_places import places
from sjs_forms.web.views.page_views import sections, unplaced
from sjs_forms.web.wording.page_remedies import on_page
from sjs_forms.web.wording.page_words import failure_words, plain_words
from sjs_forms.web.wording.shown_findings import element_id, shown
from sjs_forms.web.workspace.live import View
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
    assert on_page(mend) == "请核对“起止年限（起）”与“起止年限（止）”是否写反。"
    assert "“生成”" in on_page(RunJob("请重新生成（{}）。", ("build",)))
    for remedy in (PutFile("x", "y"), ScanForm("x"), EnterPassword(), ListFile(), SplitVolume(),
                   DecideScanPage("{}", ("3=x",)), NameFile("甲", "乙", True)):  # fmt: skip
        assert not ENGLISH.search(on_page(remedy))


def test_a_mistake_of_a_notice_s_author_is_told_as_nothing_that_the_applicant_can_mend() -> None:
    remedy = "请编写通知的人用 sjs-forms notice check 检查并改正。"
    told = failure_words("forms/a.html 无法填写：没有“x”这一项。", remedy)
    assert "申报通知的文件有误" in told[0] and "编写通知的人" in told[1]
    assert not ENGLISH.search("".join(told))
    assert failure_words("磁盘已满。", "请清理磁盘。") == ("磁盘已满。", "请清理磁盘。")


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
    ("said", "shown_as"),
    [
        ("请检查磁盘空间，或用 -o 换一个位置。", "请检查磁盘空间。"),
        ("为免丢失，请用 -o 换一个新的文件夹，或先把它移走。", "为免丢失，请先把它移走。"),
        ("磁盘已满（No space left on device）。", "磁盘已满。"),
        ("无法写入“/home/u/文档/某单位-成册”。", "无法写入“某单位-成册”。"),
        (r"无法写入“C:\Users\u\某单位-成册”。", "无法写入“某单位-成册”。"),
        ("“attachments/2-合同/甲.pdf”已损坏。", "“甲.pdf”已损坏。"),
        ("“甲.pdf”的 pages“7-3”有误：看不懂。", "“甲.pdf”只取的页码“7-3”有误：看不懂。"),
        ("印不出的字符：😀（U+1F600）。", "印不出的字符：😀。"),
        ("看不见的字符：U+200B。", "看不见的字符：U+200B。"),
        ("“title pages.pdf”是苹果软件的文稿（Pages）。", "“title pages.pdf”是苹果软件的文稿。"),
        ("内部错误：KeyError: 'a'", "这一步没有做成，是本软件的问题。"),
        ("请写进 application.json；不是的可以不管。", "请在“填写”页写上；不是的可以不管。"),
        ("请用 sjs-forms doctor 看一看。", "别的话"),
        ("加 --force 再试。", "别的话"),
    ],
)
def test_what_speaks_of_commands_paths_or_the_system_is_said_as_a_page_says_it(
    said: str, shown_as: str
) -> None:
    assert plain_words(said, "别的话") == shown_as


def test_files_of_one_name_in_two_materials_keep_the_names_of_their_folders() -> None:
    said = "“attachments/2-合同/甲.pdf”与“attachments/3-证明/甲.pdf”是同一个文件。"
    assert plain_words(said, "") == "“2-合同/甲.pdf”与“3-证明/甲.pdf”是同一个文件。"


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
