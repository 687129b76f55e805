"""Words what a comparison found: the warning, and the line of the table of `read`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.remedies import MendAnswer
from sjs_forms.domain.places import where
from sjs_forms.domain.reading_rules import Compared
from sjs_forms.reading.checks.comparison import Comparison

WHAT: Mapping[Compared, str] = {
    "code": "统一社会信用代码",
    "name": "名称",
    "legal": "法定代表人",
    "lessee": "承租方",
    "buyer": "购买方",
    "account": "账户名称",
    "company": "被审计单位",
    "area": "租赁面积",
    "start": "租期起",
    "end": "租期止",
    "recognised": "平台名称",
    "recognised_on": "认定时间",
    "recognised_by": "认定部门",
}
"""What a value is called on its paper."""

_CODES: Mapping[Compared, str] = {
    "code": "read-code-differs",
    "name": "read-name-differs",
    "legal": "read-legal-differs",
    "lessee": "read-lessee-differs",
    "buyer": "read-buyer-differs",
    "account": "read-account-differs",
    "company": "read-company-differs",
    "area": "read-area-differs",
    "start": "read-term-short",
    "end": "read-term-short",
    "recognised": "read-name-differs",
    "recognised_on": "read-date-differs",
    "recognised_by": "read-authority-differs",
}


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of the table of what was read: 表上写的, 材料上读到的, 在哪里.

    `where` is the path of the answer, `label` its label, `what` what its paper calls it. `read` is
    "" for what was not read.
    """

    where: str
    label: str
    what: str
    expected: str
    read: str
    place: str
    outcome: str


def finding_of(comparison: Comparison) -> Finding | None:
    """Return the warning of a comparison that differs."""
    fact, answer, paper = comparison.fact, comparison.answer, comparison.paper
    if comparison.outcome != "differs" or fact is None:
        return None
    said = _shown(comparison.what, fact.value)
    sure = "" if fact.verified else "（由图片识别，请核对）"
    page = paper.page_name(fact.page)
    message = (
        f"{page}的{WHAT[comparison.what]}是“{said}”{sure}，"
        f"表上“{answer.label}”是“{_shown(comparison.what, answer.value)}”。"
    )
    if comparison.what in ("start", "end"):
        message = (
            f"{page}的租期{'从' if comparison.what == 'start' else '到'} {said}"
            f"{sure}，没有覆盖表上的“{answer.label}”{answer.value}。"
        )
    found = warning(
        _CODES[comparison.what],
        paper.place,
        paper.title,
        message,
        MendAnswer("请对照原件：表上写错的，在{}处改正；放错文件的，换上正确的一份。",
                   (answer.steps,), link="的"),
    )  # fmt: skip
    return replace(found, evidence=paper.evidence(fact, answer.value))


def line_of(comparison: Comparison) -> ReadLine:
    """Return the line of a comparison."""
    paper = comparison.paper
    fact = comparison.fact if comparison.outcome != "unread" else None
    return ReadLine(
        where(comparison.answer.steps),
        comparison.answer.label,
        WHAT[comparison.what],
        _shown(comparison.what, comparison.answer.value),
        _shown(comparison.what, fact.value) if fact else "",
        paper.page_name(fact.page) if fact else f"“{paper.title}”",
        comparison.outcome,
    )


def _shown(what: Compared, value: str) -> str:
    return f"{value} 平方米" if what == "area" else value
