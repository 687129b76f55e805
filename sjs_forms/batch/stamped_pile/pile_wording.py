"""Words what was recognised in a pile: findings, and questions that the user must answer."""

from collections.abc import Mapping, Sequence

from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import WHOLE, FilePlace
from sjs_forms.base.findings.remedies import DecideScanPage
from sjs_forms.batch.stamped_pile.pile_calls import PileCall
from sjs_forms.batch.stamped_pile.printed_applicants import PrintedApplicant
from sjs_forms.stamped.verdict_findings import Names

_SCANS = "盖章扫描件"


def called(applicant: PrintedApplicant) -> str:
    """Return an applicant's number and name."""
    return f"{applicant.row.filed} {applicant.row.name}"


def open_finding(
    call: PileCall, names: Mapping[int, Names], applicants: Mapping[int, PrintedApplicant]
) -> Finding:
    """Return the error for a page that the user must decide. `names` are by applicant."""
    any_names = next(iter(names.values()))
    place = FilePlace(any_names.origins[call.number].file, any_names.origins[call.number].page)
    scan, unwanted = any_names.scan(call.number), any_names.option(call.number, None)
    page = call.page.page
    if call.ground == "undrawn":
        return error(
            "scan-page-unsure",
            place,
            _SCANS,
            f"{scan}画不出来，无法辨认。",
            DecideScanPage(
                f"请打开原文件看看，重扫后再放；或照 --as {call.number}={_example(applicants)} "
                "的样子写明是哪一家的哪一页；不要这一页，加{}。",
                (unwanted,),
            ),
        )
    if page is None or call.page.state == "foreign":
        return error(
            "scan-page-foreign",
            place,
            _SCANS,
            f"{scan}不像任何一家的任何一张表。",
            DecideScanPage(
                f"不是这些表的，加{{}}；确实是的，照 --as {call.number}={_example(applicants)} "
                "的样子写明是哪一家的哪一页，或按原大、端正地重扫。",
                (unwanted,),
            ),
        )
    if call.applicant is None:
        shown = names_with(names, page.form).forms[page.form].number
        return error(
            "scan-page-unsure",
            place,
            _SCANS,
            f"{scan}是{shown}的第 {page.page} 页，但看不出是哪一家的。",
            DecideScanPage(
                f"请对照原件，照 --as {call.number}={_example(applicants)} 的样子"
                "写明是哪一家的哪一页；不要这一页，加{}。",
                (unwanted,),
            ),
        )
    his = names[call.applicant]
    if applicants[call.applicant].is_refused:
        return error(
            "scan-page-unsure",
            place,
            _SCANS,
            f"{scan}像 {called(applicants[call.applicant])} 的{his.place(page)}，"
            "这一家填的内容须先改正，没有放入。",
            DecideScanPage(
                "请先改正这一家填的内容，再放入一次；是别家的，"
                f"照 --as {call.number}={_example(applicants)} 的样子写明；不要这一页，加{{}}。",
                (unwanted,),
            ),
        )
    rivals = [each for each in call.likely if each != call.applicant]
    others = "，也可能是 " + "、".join(called(applicants[each]) for each in rivals)
    return error(
        "scan-page-unsure",
        place,
        _SCANS,
        f"{scan}像 {called(applicants[call.applicant])} 的{his.place(page)}"
        f"{others if rivals else ''}，但没有把握。",
        DecideScanPage(
            "请对照原件：是的，加{}；是别家或别页的，照样写明；不要这一页，加{}。",
            (his.option(call.number, page, call.page.turn or None), unwanted),
        ),
    )


def names_with(names: Mapping[int, Names], form: str) -> Names:
    """Return the names of an applicant to the notice that has a form, by its id."""
    return next(each for each in names.values() if form in each.forms)


def _example(applicants: Mapping[int, PrintedApplicant]) -> str:
    """Return how the second page of the first applicant's first form is named."""
    first = next(each for each in applicants.values() if not each.is_refused)
    form = next(iter(first.programme.forms))
    return f"{first.row.filed}:{form.number}:{min(2, first.forms.lengths[form.id])}"


def question(
    call: PileCall, names: Mapping[int, Names], applicants: Mapping[int, PrintedApplicant]
) -> str:
    """Return the question about an open page."""
    start = open_finding(call, names, applicants).message.removesuffix("，但没有把握。")
    example = _example(applicants)
    if call.applicant is None or applicants[call.applicant].is_refused:
        return f"{start.rstrip('。')}。[n 不用这一页 / 或写出是哪一家的哪一页，如 {example}]"
    return (
        f"{start}，是吗？[y 是 / n 不用这一页 / 或写出是哪一家的哪一页，"
        f"如 {example}；要转的再写转角，如 {example}:180]"
    )


def by_order(calls: Sequence[PileCall], names: Names) -> Finding:
    """Return a warning that pages were given to an applicant because of those beside them."""
    pages = "、".join(
        f"第 {call.number} 页（{names.place(call.page.page)}）" for call in calls if call.page.page
    )
    return warning(
        "scan-page-by-order",
        WHOLE,
        _SCANS,
        f"扫描件{pages}上的内容分不出是哪一家的，按前后页的次序归入。",
        "请打开放好的扫描件，看一眼这几页。",
    )


def blank_pages(numbers: Sequence[int], names: Names) -> Finding:
    """Return a warning that blank pages were left out."""
    return warning(
        "scan-page-blank",
        WHOLE,
        _SCANS,
        f"扫描件{names.scans(numbers)}是空白页，不放入。",
        "请看一眼：是纸的背面就可以不管；上面有内容的，请重扫。",
    )
