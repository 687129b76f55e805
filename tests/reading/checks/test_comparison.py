"""What papers say is compared with the answers; what is not sure differs from nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.domain.reading_rules import Compared, PaperKind, ReadingRule
from sjs_forms.reading.checks.comparison import Answer, Comparison, Paper, comparisons
from sjs_forms.reading.checks.comparison_findings import finding_of, line_of
from sjs_forms.reading.checks.paper_faults import invoices_twice, material_faults, page_faults
from sjs_forms.reading.kinds import kind_of
from sjs_forms.reading.page_text import PageText
from sjs_forms.reading.pages.page_words import PageQuality, SealMark
from sjs_forms.reading.rules import facts_of
from sjs_forms.reading.rules.invoice import invoice_code
from tests.reading.rules.test_rules import BANK, CODE, INVOICE, LESSOR, LICENCE, NAME, RECEIPT
from tests.reading.typed_pages import coded, typed
from tests.samples import is_chinese_sentence


def paper(kind: PaperKind | None, *pages: PageText, **more: Any) -> Paper:
    """An attachment with these pages."""
    facts = facts_of(kind, pages) if kind else ()
    title = more.pop("title", "材料")
    place = AnswerPlace(("attachments", 0))
    return Paper(f"{title}.pdf", title, "lease", place, pages, kind, facts, **more)


def compared(what: Compared, wanted: str, *papers: Paper) -> list[Comparison]:
    answer = Answer(("applicant", "name"), "申报单位", wanted)
    return list(comparisons({what: answer}, papers))


def lease(*lines: str, **more: Any) -> Paper:
    page = typed("房屋租赁合同", *lines, **more)
    return paper("lease", page)


def outcome(what: Compared, wanted: str, *papers: Paper) -> str:
    (one,) = compared(what, wanted, *papers)
    return one.outcome


def test_what_a_licence_says_is_compared_with_each_answer() -> None:
    page = paper("licence", LICENCE)
    for what, same, other in (
        ("code", CODE, "91110107MAYYYYY478"),
        ("name", NAME, LESSOR),
        ("legal", "林砚秋", "林砚春"),
    ):
        assert outcome(what, same, page) == "same"  # type: ignore[arg-type]
        assert outcome(what, other, page) == "differs"  # type: ignore[arg-type]


def test_a_finding_has_what_was_read_what_was_expected_and_the_place() -> None:
    (one,) = compared("name", LESSOR, paper("licence", LICENCE))
    found = finding_of(one)
    assert found is not None and found.evidence is not None
    assert found.code == "read-name-differs" and found.severity == "warning"
    assert is_chinese_sentence(found.message) and NAME in found.message and LESSOR in found.message
    shown = found.as_dict()["evidence"]
    assert shown["read"] == NAME and shown["expected"] == LESSOR and shown["source"] == "text"
    left, top, right, bottom = shown["box"]
    assert 0 < left < right < 600 and 0 < top < bottom < 842
    line = line_of(one)
    assert (line.what, line.read, line.outcome) == ("名称", NAME, "differs")


def test_brackets_and_spaces_make_no_difference() -> None:
    page = paper("licence", typed("名称：砚溪（北京）科技 有限公司"))
    assert outcome("name", "砚溪(北京)科技有限公司", page) == "same"


def test_radicals_in_a_pdf_s_text_and_other_dots_make_no_difference() -> None:
    page = paper("licence", typed("名称：⻰⻔⾦⻋科技有限公司", "法定代表人：阿依•努尔"))
    assert outcome("name", "龙门金车科技有限公司", page) == "same"
    assert outcome("legal", "阿依·努尔", page) == "same"


def test_an_ending_that_a_name_goes_on_after_is_no_difference() -> None:
    branch = "北京砚溪有限公司石景山分公司"
    assert outcome("account", branch, paper("bank", typed(f"户名：{branch}"))) == "same"


@pytest.mark.parametrize(
    "line",
    [
        f"户名：{NAME} 账号：31001234",
        f"户名：{NAME}，账号：31001234，开户行：样例银行",
        f"户名：{NAME}（统一社会信用代码：{CODE}）",
    ],
)
def test_a_name_ends_where_the_next_label_begins(line: str) -> None:
    assert outcome("account", NAME, paper("bank", typed(line))) == "same"


def test_the_head_of_a_table_s_next_column_is_no_name() -> None:
    page = typed(("户名", "账号"), (NAME, "31001234"))
    assert outcome("account", NAME, paper("bank", page)) != "differs"


def test_a_longer_name_of_another_organisation_is_not_the_same() -> None:
    park = lease("承租方（乙方）：上海大学科技园有限公司")
    assert outcome("lessee", "上海大学", park) == "unread"
    assert outcome("lessee", "上海大学科技园有限公司", park) == "same"


def test_who_lets_is_not_taken_for_the_one_who_rents() -> None:
    turned = lease(f"甲方：{NAME}", f"乙方：{LESSOR}", "甲方承租乙方房屋")
    assert outcome("lessee", NAME, turned) == "unread"


def test_a_partner_that_is_an_organisation_is_no_person() -> None:
    seen = paper("licence", typed(("执行事务合伙人", "上海某某投资管理有限公司")))
    assert outcome("legal", "张三", seen) == "unread"


def test_one_changed_character_is_a_difference() -> None:
    changed = NAME.replace("砚", "研")
    assert outcome("lessee", NAME, lease(f"承租方：{changed}")) == "differs"
    assert outcome("lessee", NAME, lease(f"承租方：{changed}", source="ocr")) == "differs"


def test_a_recognised_name_that_stands_right_elsewhere_on_the_paper_is_unread() -> None:
    seen = lease(f"承租方：{NAME.replace('砚', '研')}", f"甲乙双方：{NAME}", source="ocr")
    assert outcome("lessee", NAME, seen) == "unread"


def test_a_recognised_person_with_one_wrong_character_is_unread() -> None:
    seen = paper("licence", typed(("法定代表人", "林研秋"), source="ocr"))
    assert outcome("legal", "林砚秋", seen) == "unread"
    assert outcome("legal", "王五", seen) == "differs"


def test_an_area_may_be_that_of_several_leases() -> None:
    one, two = lease("租赁面积1,000平方米"), lease("租赁面积200.5平方米")
    assert [each.outcome for each in compared("area", "1200.5", one, two)] == ["same", "same"]
    assert [each.outcome for each in compared("area", "900", one, two)] == ["unread", "unread"]
    assert outcome("area", "900", one) == "differs"


@pytest.mark.parametrize(
    ("clauses", "area", "said"),
    [
        (["101室建筑面积为800平方米", "102室建筑面积为400平方米"], "1200", "same"),
        (["101室建筑面积为800平方米", "102室建筑面积为400平方米"], "1300", "unread"),
        (["产权证记载建筑面积25,000.00平方米", "承租面积：1200平方米"], "1200", "same"),
        (["公用分摊面积为200平方米", "租赁面积为1200平方米"], "1200", "same"),
    ],
)
def test_of_several_areas_none_differs_for_certain(
    clauses: list[str], area: str, said: str
) -> None:
    assert outcome("area", area, lease(*clauses)) == said


def test_ten_times_an_area_is_not_the_same() -> None:
    seen = lease("租赁面积120平方米", source="ocr")
    assert outcome("area", "1200", seen) == "differs"


def test_a_point_that_recognition_dropped_makes_no_other_area() -> None:
    assert outcome("area", "480.5", lease("租赁面积4805平方米", source="ocr")) == "same"
    assert outcome("area", "480.5", lease("租赁面积4805平方米")) == "differs"


@pytest.mark.parametrize(("end", "said"), [("2027-12-31", "same"), ("2028-01-01", "differs")])
def test_a_lease_must_cover_the_term(end: str, said: str) -> None:
    assert outcome("end", end, lease("租赁期限自2025年1月1日至2027年12月31日止")) == said


def test_leases_that_follow_each_other_cover_it_together() -> None:
    leases = [
        lease("租赁期限自2025年1月1日至2025年12月31日"),
        lease("租赁期限自2026年1月1日至2027年12月31日"),
    ]
    assert outcome("end", "2027-12-31", *leases) == "same"
    assert outcome("start", "2025-01-01", *leases) == "same"
    assert outcome("start", "2024-12-31", *leases) == "differs"


def test_a_gap_between_leases_is_not_covered() -> None:
    leases = [
        lease("租赁期限自2023年1月1日至2023年12月31日"),
        lease("租赁期限自2026年1月1日至2026年12月31日"),
    ]
    answers: dict[Compared, Answer] = {
        "start": Answer(("term", "start"), "起", "2023-06-01"),
        "end": Answer(("term", "end"), "止", "2026-06-01"),
    }
    told = {one.what: one.outcome for one in comparisons(answers, leases)}
    assert told == {"start": "same", "end": "differs"}


def test_beside_a_lease_that_was_not_read_no_term_is_short() -> None:
    leases = [lease("补充条款另附"), lease("租赁期限自2025年1月1日至2026年12月31日")]
    assert outcome("start", "2024-01-01", *leases) == "unread"


@pytest.mark.parametrize(
    "clause",
    [
        "租赁期限为3年，免租期为2025年1月1日至2025年3月31日",
        "租赁期限届满前，2025年1月1日至2025年3月1日搬离",
    ],
)
def test_the_dates_of_something_else_are_not_the_term(clause: str) -> None:
    assert outcome("end", "2027-12-31", lease(clause)) == "unread"


def test_an_answer_that_no_paper_was_compared_with_is_unread() -> None:
    (one,) = compared("code", CODE, paper(None, typed("看不出是什么")))
    assert one.outcome == "unread"
    assert not compared("code", CODE)


@given(st.sampled_from(["code", "name", "legal", "lessee", "buyer", "account", "company"]))
def test_what_was_not_read_differs_from_nothing(what: Compared) -> None:
    for kind in ("licence", "lease", "invoice", "bank", "audit"):
        for one in compared(what, NAME, paper(kind, typed("无关的文字"))):
            assert one.outcome == "unread" and finding_of(one) is None


# Papers by themselves


def told(rule: dict[str, Any], *papers: Paper) -> list[str]:
    made = ReadingRule.model_validate({"material": "lease", **rule})
    found = list(material_faults(made, papers))
    for one in found:
        assert one.severity == "warning" and is_chinese_sentence(one.message)
    return [one.code for one in found]


def test_a_paper_that_is_surely_another_is_told() -> None:
    assert told({"papers": ["licence"]}, paper(kind_of([BANK]), BANK)) == ["read-other-document"]
    assert not told({"papers": ["licence"]}, paper(None, typed("看不出是什么")))
    assert not told({"papers": ["lease", "receipt"]}, paper(kind_of([RECEIPT]), RECEIPT))


def test_a_lease_without_a_price_is_told_where_all_of_it_was_read() -> None:
    silent, unread = typed("租金按季支付"), typed(page=2, source="none")
    assert told({"unit_price": True}, paper("lease", silent)) == ["read-no-unit-price"]
    assert not told({"unit_price": True}, paper("lease", silent, unread))
    assert not told({"unit_price": True}, lease("租金单价5元/平方米·天"))


def test_of_a_lease_that_was_not_read_to_its_end_nothing_is_missing() -> None:
    long = paper("lease", typed("租金按季支付"), looks=("none",) * 30)
    assert not told({"unit_price": True}, long)


def test_an_audit_of_another_year_is_told_unless_there_is_one_of_the_right_year() -> None:
    old, new = (paper("audit", typed(f"{year}年度审计报告")) for year in (2023, 2024))
    assert told({"year": 2024}, old) == ["read-year-differs"]
    assert not told({"year": 2024}, old, new)


def test_a_paper_without_its_seal_is_told_where_one_would_be_seen() -> None:
    rule = {"sealed": ["bank"]}
    assert told(rule, paper("bank", BANK, looks=("none",))) == ["read-no-seal"]
    for looks in (("red",), ("grey",), ("none", "red"), ("",), ()):
        assert not told(rule, paper("bank", BANK, looks=looks))
    sealed = typed("户名", seals=(SealMark(0, 0, 100, 100),))
    assert not told(rule, paper("bank", sealed, looks=("none",)))


def test_an_invoice_that_is_there_twice_is_told_with_both_places() -> None:
    first, second = paper("invoice", INVOICE, title="一"), paper("invoice", INVOICE, title="二")
    (found,) = invoices_twice([first, second])
    assert found.code == "read-invoice-twice"
    assert "“二”" in found.message and "“一”" in found.message
    assert not list(invoices_twice([first]))


def test_older_invoices_are_the_same_only_with_the_same_code_and_number() -> None:
    def old(code: str, title: str = "后票") -> Paper:
        lines = ("北京增值税普通发票", code, "发票号码：12345678")
        return paper("invoice", typed(*lines), title=title)

    first = old("发票代码：011002000111", "前票")
    (found,) = invoices_twice([first, old("发票代码：011002000111")])
    assert "12345678" in found.message and "011002000111" in found.message
    assert not list(invoices_twice([first, old("发票代码：011002000222")]))
    assert not list(invoices_twice([first, old("机打号码")]))
    assert not list(invoices_twice([old("", "前票"), old("")])), "a number alone is not unique"


def test_pages_of_one_invoice_are_not_the_invoice_twice() -> None:
    number = "发票号码：25110000000000008801"
    two = paper("invoice", typed(number, "¥500.00"), typed(number, "¥1,500.00", page=2))
    assert not list(invoices_twice([two]))


def test_a_qr_code_that_says_another_number_or_amount_is_told() -> None:
    def signed(payload: str, **more: Any) -> Paper:
        sums = (f"{payload}{number:04X}" for number in range(0x10000))
        text = next(text for text in sums if invoice_code(text))
        page = typed("发票号码：25110000000000008801", "¥1,100.00", codes=coded(text), **more)
        return paper("invoice", page)

    number, day = "25110000000000008801", "20250110"
    ocr = {"source": "ocr"}
    misread = signed(f"01,32,,{number[:-1]}2,1100.00,{day},,", **ocr)
    assert not told({}, misread), "one digit may be recognised wrongly"
    other = signed(f"01,32,,{number[:-4]}9999,1100.00,{day},,", **ocr)
    assert told({}, other) == ["read-qr-differs"]
    assert not told({}, signed(f"01,32,,{number},1100.00,{day},,"))
    assert told({}, signed(f"01,32,,{number},1200.00,{day},,")) == ["read-qr-differs"]
    assert told({}, signed(f"01,32,,{number[:-1]}2,1100.00,{day},,")) == ["read-qr-differs"]


def test_pages_that_cannot_be_read_on_paper_are_told_by_number() -> None:
    pages = (
        typed("一"),
        typed("二", page=2, turned=2),
        typed("三", page=3, quality=PageQuality(faint=True)),
        typed("四", page=4, quality=PageQuality(dark=True, blurred=True)),
        typed(page=5, quality=PageQuality(blank=True)),
    )
    found = list(page_faults(paper(None, *pages)))
    assert [one.code for one in found] == [
        *("read-upside-down", "read-faint", "read-dark", "read-blurred", "read-blank"),
    ]
    assert "第 2 页" in found[0].message


def test_a_page_that_will_be_turned_is_not_upside_down() -> None:
    page = typed("一", turned=2)
    assert not list(page_faults(paper(None, page, rotate=180)))
    assert [one.code for one in page_faults(paper(None, typed("一"), rotate=180))] == [
        "read-upside-down"
    ]


def test_photographs_that_can_be_straightened_are_named() -> None:
    (found,) = page_faults(paper(None, typed("一"), typed("二", page=2), photographs=(2,)))
    assert found.code == "read-photograph" and "第 2 页" in found.message
    assert is_chinese_sentence(found.message) and "straighten" in found.remedy
    assert not list(page_faults(paper(None, typed("一"))))
