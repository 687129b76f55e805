"""Day and authority of a recognition are compared only where a paper says them for certain."""

import pytest

from sjs_forms.domain.reading_rules import Compared
from sjs_forms.reading.checks.comparison import Answer, comparisons
from sjs_forms.reading.checks.comparison_findings import finding_of
from sjs_forms.reading.page_text import PageText
from tests.reading.checks.test_comparison import paper
from tests.reading.typed_pages import typed

PLATFORM = "石景山区样例机器视觉工程研究中心"
AUTHORITY = "北京市样例发展和改革委员会"


def notice(
    *lines: str,
    title: str = "关于认定2024年度北京市工程研究中心的通知",
    signed: tuple[str, ...] = (AUTHORITY, "2024年3月5日"),
    source: str = "text",
) -> PageText:
    """A letter that recognises the platform."""
    text = f"现认定依托北京样例公司建设的“{PLATFORM}”为北京市工程研究中心，有效期三年。"
    return typed(f"{AUTHORITY}文件", title, "各有关单位：", text, *lines, *signed, source=source)


def outcomes(
    page: PageText, *more: PageText, on: str = "2024-03-05", by: str = AUTHORITY
) -> dict[Compared, str]:
    """What papers say beside the answers, by what is compared."""
    answers: dict[Compared, Answer] = {
        "recognised": Answer(("platform", "name"), "平台名称", PLATFORM),
        "recognised_on": Answer(("platform", "accredited_on"), "资质认定时间", on),
        "recognised_by": Answer(("platform", "accredited_by"), "资质认定部门", by),
    }
    papers = [paper("accreditation", each) for each in (page, *more)]
    return {each.what: each.outcome for each in comparisons(answers, papers)}


SAME = {"recognised": "same", "recognised_on": "same", "recognised_by": "same"}


@pytest.mark.parametrize("day", ["2024年3月5日", "2024年03月05日", "二〇二四年三月五日"])
def test_the_day_under_the_signature_is_that_of_a_notice(day: str) -> None:
    page = notice(signed=(AUTHORITY, day))
    assert outcomes(page) == SAME
    assert outcomes(page, on="2024-03-06")["recognised_on"] == "differs"
    assert outcomes(page, by="北京市样例科学技术委员会")["recognised_by"] == "differs"


def test_a_labelled_day_goes_before_that_of_the_paper() -> None:
    certificate = typed(
        "认定证书", PLATFORM, "认定时间：2023年12月20日", f"认定部门：{AUTHORITY}", "2024年1月2日"
    )
    assert outcomes(certificate, on="2023-12-20") == SAME
    letter = notice("同意认定，认定时间为2024年2月1日。")
    assert outcomes(letter, on="2024-02-01")["recognised_on"] == "same"
    assert outcomes(letter)["recognised_on"] == "unread", "both days stand on the paper"


def test_one_paper_that_agrees_is_enough() -> None:
    certificate = typed("认定证书", PLATFORM, "认定时间：2023年12月20日")
    assert outcomes(notice(), certificate)["recognised_on"] == "same"
    assert outcomes(notice(), certificate, on="2023-12-20")["recognised_on"] == "same"
    assert outcomes(notice(), certificate, on="2022-01-01")["recognised_on"] == "unread"


def test_a_paper_about_something_else_is_not_compared() -> None:
    other = typed(
        "高新技术企业证书", "企业名称：北京样例公司", "发证日期：2023年12月20日", "批准机关"
    )
    assert set(outcomes(other).values()) == {"unread"}
    for title in ("关于公布2025年度工程研究中心评估结果的通知", "关于同意更名的批复"):
        later = notice(title=title, signed=("北京市样例办公室", "2025年9月1日"))
        assert outcomes(later)["recognised_on"] == outcomes(later)["recognised_by"] == "unread"


@pytest.mark.parametrize(
    "by", ["北京市样例发改委", "市样例发改委", f"{AUTHORITY}、北京市样例局", "样例发展和改革委员会"]
)
def test_an_authority_that_is_abbreviated_or_one_of_two_does_not_differ(by: str) -> None:
    assert outcomes(notice(), by=by)["recognised_by"] == "unread"


def test_two_authorities_that_sign_are_both_told() -> None:
    second = "北京市样例财政局"
    page = notice(signed=(AUTHORITY, second, "2024年3月5日"))
    assert outcomes(page, by=f"{AUTHORITY}、{second}") == SAME
    assert outcomes(page, by="北京市样例教育委员会")["recognised_by"] == "differs"


def test_papers_with_signatures_of_several_days_have_none_for_certain() -> None:
    page = notice("附件", signed=(AUTHORITY, "2024年3月5日", "样例区政府", "2024年5月1日"))
    assert outcomes(page, on="2020-01-01")["recognised_on"] == "unread"


def test_one_digit_that_may_be_misread_does_not_differ() -> None:
    page = notice(source="ocr")
    assert outcomes(page, on="2024-03-06")["recognised_on"] == "unread"
    assert outcomes(page, on="2022-11-16")["recognised_on"] == "differs"
    misread = notice(source="ocr", signed=("北京市样例发展和改革委贝会", "2024年3月5日"))
    assert outcomes(misread)["recognised_by"] != "differs"


def test_on_a_scan_the_day_counts_though_a_seal_hides_who_signed() -> None:
    def hidden(*days: str) -> PageText:
        signed = tuple(("", day) for day in days)
        return typed(f"关于认定{PLATFORM}的通知", *signed, source="ocr")

    assert outcomes(hidden("2024年3月5日"))["recognised_on"] == "same"
    assert outcomes(hidden("2024年3月5日"), on="2022-11-16")["recognised_on"] == "differs"
    two = hidden("2024年3月5日", "2024年5月1日")
    assert outcomes(two, on="2022-11-16")["recognised_on"] == "unread"


def test_a_difference_is_worded_with_both() -> None:
    answers: dict[Compared, Answer] = {
        "recognised": Answer(("platform", "name"), "平台名称", PLATFORM),
        "recognised_on": Answer(("platform", "accredited_on"), "资质认定时间", "2023-01-01"),
        "recognised_by": Answer(("platform", "accredited_by"), "资质认定部门", "样例区科技局"),
    }
    found = [finding_of(each) for each in comparisons(answers, [paper("accreditation", notice())])]
    told = [each for each in found if each is not None]
    assert [each.code for each in told] == ["read-date-differs", "read-authority-differs"]
    assert "2024-03-05" in told[0].message and "2023-01-01" in told[0].message
    assert AUTHORITY in told[1].message and "样例区科技局" in told[1].message
