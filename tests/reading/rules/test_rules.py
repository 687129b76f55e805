"""Rules find on a paper what its words say, wherever a layout has them, and guess nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.reading_rules import PaperKind
from sjs_forms.reading.facts import FactKind
from sjs_forms.reading.kinds import kind_of
from sjs_forms.reading.page_text import PageText
from sjs_forms.reading.rules import facts_of
from sjs_forms.reading.rules.invoice import invoice_code
from tests.reading.typed_pages import coded, typed

NAME, LESSOR = "北京砚溪样例智能科技有限公司", "北京样例园区运营管理有限公司"
CODE = "91110107MAYYYYY12M"


def values(kind: PaperKind, what: FactKind, *pages: PageText) -> list[str]:
    """What a document says of one thing."""
    return [fact.value for fact in facts_of(kind, pages) if fact.kind == what]


LICENCE = typed(
    "营业执照",
    "（副　本）",
    ("统一社会信用代码", CODE),
    ("名　　称", NAME),
    ("类　　型", "有限责任公司"),
    ("法定代表人", "林砚秋"),
    "经营范围　技术开发；软件开发。",
    "注册资本　500万元　成立日期　2020年1月1日",
    "登记机关",
)
BANK = typed(
    "基本存款账户信息",
    f"账户名称：{NAME}",
    "账户号码：0000123456789",
    "开户银行：样例银行北京石样支行",
    "基本存款账户编号：J1000010000000",
)
RECEIPT = typed(
    "样例银行网上银行电子回单",
    ("付款人户名", NAME),
    ("收款人户名", LESSOR),
    "付款人账号：0000123456789",
    "交易流水号：123456",
    "用途：房租",
)
INVOICE = typed(
    "电子发票（增值税专用发票）",
    "发票号码：25110000000000008801",
    "开票日期：2025年01月10日",
    (f"名称：{NAME}", f"名称：{LESSOR}"),
    (f"统一社会信用代码：{CODE}", "统一社会信用代码：91110107MAYYYYY478"),
    "价税合计（大写）壹佰元整　（小写）¥1,100.00",
    "购买方　销售方　开票人：甲",
)


@pytest.mark.parametrize(
    ("page", "kind"),
    [(LICENCE, "licence"), (BANK, "bank"), (RECEIPT, "receipt"), (INVOICE, "invoice")],
)
def test_a_paper_is_known_by_its_words(page: PageText, kind: str) -> None:
    assert kind_of([page]) == kind


@pytest.mark.parametrize(
    "lines",
    [
        ["关于召开年会的通知", "各有关单位：请派人参加。"],
        ["租金"],
        [],
        ["营业执照复印件请加盖公章", "申报单位填写"],
    ],
)
def test_of_a_paper_that_says_too_little_nothing_is_said(lines: list[str]) -> None:
    assert kind_of([typed(*lines)]) is None


def test_a_licence_says_code_name_and_legal_representative() -> None:
    assert values("licence", "code", LICENCE) == [CODE]
    assert values("licence", "name", LICENCE) == [NAME]
    assert values("licence", "legal", LICENCE) == ["林砚秋"]


def test_a_code_whose_check_character_does_not_hold_is_not_read() -> None:
    assert not values("licence", "code", typed(CODE[:-1] + "N", "91110107MAYYYYY12"))


def test_a_name_broken_over_two_lines_is_one_name() -> None:
    page = typed("统一社会信用代码", f"名称：{NAME[:9]}", NAME[9:], "住所　北京市")
    assert values("licence", "name", page) == [NAME]


def test_the_buyer_stands_left_of_the_seller_or_above() -> None:
    assert values("invoice", "buyer", INVOICE) == [NAME]
    stacked = typed("购买方", f"名称：{NAME}", "销售方", f"名称：{LESSOR}")
    assert values("invoice", "buyer", stacked) == [NAME]


def test_an_invoice_says_number_and_amounts() -> None:
    assert values("invoice", "number", INVOICE) == ["25110000000000008801"]
    assert values("invoice", "amount", INVOICE) == ["1100.00"]


PAYLOAD = "01,32,,25110000000000008801,1100.00,20250110,,"


def test_a_qr_code_is_an_invoice_s_where_its_check_sum_holds() -> None:
    sums = [f"{PAYLOAD}{number:04X}" for number in range(0x10000)]
    held = [text for text in sums if invoice_code(text)]
    assert len(held) == 1
    read = invoice_code(held[0])
    assert read is not None
    assert (read.number, read.amount, read.day) == ("25110000000000008801", "1100.00", "20250110")
    page = typed("电子发票", codes=coded(held[0]))
    assert values("invoice", "qr", page) == [held[0]]
    assert not values("invoice", "qr", typed("电子发票", codes=coded("https://example.cn")))


@given(st.text(st.sampled_from("01,32A.:"), max_size=60) | st.text(max_size=60))
def test_any_text_of_a_qr_code_is_an_invoice_s_or_none(text: str) -> None:
    assert invoice_code(text) is None or text.strip().startswith("01,")


@pytest.mark.parametrize(
    "line",
    [
        f"承租方（乙方）：{NAME}（统一社会信用代码：{CODE}）",
        f"承租人：{NAME}",
        ("乙方（承租方）", NAME),
        f"乙方：{NAME}，地址：北京市",
        ("甲方（盖章）：", "乙方（盖章）："),
    ],
)
def test_who_rents_is_found_however_the_parties_are_called(line: str | tuple[str, ...]) -> None:
    below = (LESSOR, NAME) if line[0] == "甲方（盖章）：" else "鉴于双方协商一致"
    assert set(values("lease", "lessee", typed("租赁合同", line, below))) == {NAME}


@pytest.mark.parametrize(
    ("clause", "area"),
    [
        ("建筑面积共3,200平方米，其中五层1,080平方米", ["3200"]),
        ("租赁面积：480.5㎡（建筑面积）", ["480.5"]),
        ("该房屋面积为 1200 m2", ["1200"]),
        ("双方同意以此面积为准，共享会议室除外", []),
        ("其中研发及办公面积2,460.5平方米", []),
        ("公摊面积80平方米", []),
    ],
)
def test_the_area_of_a_lease_is_the_whole_one(clause: str, area: list[str]) -> None:
    assert values("lease", "area", typed("租赁合同", clause)) == area


@pytest.mark.parametrize(
    "clause",
    [
        "租赁期限自2025年1月1日起至2027年12月31日止，共三年",
        "租期36个月，即从2025年01月01日至2027年12月31日",
        "租赁期限：2025-01-01 至 2027-12-31",
        "租赁期：2025.1.1—2027.12.31",
    ],
)
def test_the_term_of_a_lease_is_read_as_people_write_it(clause: str) -> None:
    page = typed("租赁合同", clause)
    assert values("lease", "start", page) == ["2025-01-01"]
    assert values("lease", "end", page) == ["2027-12-31"]


@pytest.mark.parametrize(
    "clause",
    ["本合同于2025年1月1日至2025年1月5日签署", "租期2025年2月30日至2027年1月1日", "租期三年"],
)
def test_other_days_are_not_the_term(clause: str) -> None:
    assert not values("lease", "end", typed("租赁合同", clause))


@pytest.mark.parametrize(
    ("clause", "is_priced"),
    [
        ("租金单价为人民币5.2元/平方米·天", True),
        ("租金标准为每日每平方米人民币4.85元", True),
        ("租金标准：6元/（㎡·日）", True),
        ("每平方米每天人民币叁元", True),
        ("肆元伍角每平方米每日", True),
        ("4.5元/建筑平方米/日", True),
        ("租金标准（元/平方米·天）", True),
        ("租金按季度支付，先付后用", False),
    ],
)
def test_a_price_for_the_square_metre_is_seen(clause: str, is_priced: bool) -> None:
    assert bool(values("lease", "unit_price", typed("租赁合同", clause))) is is_priced


@pytest.mark.parametrize(
    "line",
    [
        ("被审计单位名称", NAME),
        f"我们审计了{NAME}（以下简称“砚溪公司”）财务报表",
        f"{NAME}全体股东：",
        f"编制单位：{NAME}",
    ],
)
def test_an_audit_report_says_whose_books_it_is_about(line: str | tuple[str, ...]) -> None:
    assert set(values("audit", "company", typed("审计报告", line))) == {NAME}


def test_the_year_of_an_audit_is_the_one_named_most_often() -> None:
    page = typed("2024年12月31日的资产负债表，2024年度的利润表", "2023年12月31日")
    assert values("audit", "year", page) == ["2024"]
    assert not values("audit", "year", typed("2024年度和2023年度"))


@pytest.mark.parametrize(
    "line",
    [
        f"户名：{NAME}",
        ("客户名称", NAME),
        f"经审核，{NAME}符合开户条件，准予开立",
        f"兹证明{NAME}（统一社会信用代码：{CODE}）已在我行开立",
    ],
)
def test_a_bank_s_sheet_says_whose_the_account_is(line: str | tuple[str, ...]) -> None:
    assert set(values("bank", "account", typed("开户证明", line))) == {NAME}


@given(st.lists(st.text(max_size=30), max_size=8))
def test_no_text_breaks_a_rule(lines: list[str]) -> None:
    page = typed(*lines)
    for kind in ("licence", "lease", "invoice", "bank", "audit"):
        assert all(fact.value for fact in facts_of(kind, [page]))
    kind_of([page])
