"""Verdicts on many applicants, as a batch's check of small applications leaves them."""

from collections.abc import Mapping
from dataclasses import replace

from benchmarks.applications import MINIMAL, another
from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import AnswerPlace, FilePlace
from sjs_forms.batch.outputs.report import Verdict
from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.pipeline import check_folder


def verdicts_of(
    count: int,
) -> tuple[list[Verdict], Mapping[int, Programme | None], Mapping[int, Application | None]]:
    """Return verdicts, notices and answers by row. One applicant in three is refused."""
    from sjs_forms.domain.folder.application_folder import read_folder

    read = read_folder(MINIMAL)
    assert read.application is not None
    known = check_folder(read)
    wrong = error(
        "email-invalid",
        AnswerPlace(("contact", "email")),
        "邮箱",
        "“邮箱”x@ 不是有效的邮箱地址。",
        "请核对。",
    )
    verdicts: list[Verdict] = []
    answers: dict[int, Application | None] = {}
    for number in range(1, count + 1):
        answers[number] = another(read.application, number)
        found = (*known, _lost(number), *([wrong] if number % 3 == 0 else ()))
        verdicts.append(_verdict(number, found))
    return verdicts, dict.fromkeys(answers, read.programme), answers


def _lost(number: int) -> Finding:
    return warning(
        "attachment-pages-lost",
        FilePlace(f"attachments/2-场地租赁合同/合同{number}.pdf"),
        "场地租赁合同",
        f"“attachments/2-场地租赁合同/合同{number}.pdf”的第 3 页是空白的。",
        "请打开原文件核对。",
    )


def _verdict(number: int, findings: tuple[Finding, ...]) -> Verdict:
    status = "wanting" if any(each.severity == "error" for each in findings) else "passed"
    made = Verdict(number, f"北京第{number}样例有限公司", "passed", findings, None, 0.1, None)
    return replace(made, status=status, own_findings=findings, filed=f"{number:03d}")
