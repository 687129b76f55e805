"""Papers in the wording of offices, banks, auditors and landlords: each says what it says, no more.

A fact that is missing here is unread; one that is wrong would be a warning about nothing, or hide a
true one. None of the wording is that of tests.reading.papers.
"""

from collections.abc import Sequence

import pytest

from sjs_forms.reading.kinds import kind_of
from sjs_forms.reading.page_text import PageText
from sjs_forms.reading.rules import facts_of
from tests.reading.typed_pages import typed

NAME, LESSOR = "北京云岫样例科技股份有限公司", "北京石样物业管理有限公司"
CODE, OTHER_CODE = "91110107MAYYYYY12M", "91110107MAYYYYY478"
AUTHORITY, PLATFORM = "北京市科学技术委员会", "云岫样例机器人北京市重点实验室"

Said = dict[str, Sequence[str]]
"""The values of each kind of fact that a paper gives; of any other kind there must be none."""

LICENCES: dict[str, tuple[list[PageText], Said]] = {
    "of 2014, upright, with a registration number": (
        [
            typed(
                *("营业执照", "（正 本）", "注册号：110107012345678", ("名　　称", NAME)),
                ("类　　型", "股份有限公司(非上市、自然人投资或控股)"),
                ("住　　所", "北京市石景山区样例路1号院2号楼3层301"),
                *(("法定代表人", "周样文"), ("注册资本", "5000万元")),
                *(("成立日期", "2012年05月06日"), ("营业期限", "2012年05月06日至 长期")),
                ("经营范围", "技术开发；销售自行开发的产品。"),
                *("登记机关", "2014 年 08 月 01 日", "企业信用信息公示系统"),
            )
        ],
        {"name": [NAME], "legal": ["周样文"]},
    ),
    "of 2016, three numbers in one": (
        [
            typed(
                *("营业执照", "（副　本）（3-1）", f"统一社会信用代码 {CODE}"),
                *(f"名　　称 {NAME}", "类　　型 其他股份有限公司（非上市）"),
                *("住　　所 北京市石景山区样例路1号", "法定代表人 周样文"),
                *("注册资本 5000万元", "成立日期 2012年05月06日"),
                *("营业期限 2012年05月06日 至 2042年05月05日", "经营范围 技术推广服务"),
                "登记机关",
            )
        ],
        {"code": [CODE], "name": [NAME], "legal": ["周样文"]},
    ),
    "of 2019, two columns": (
        [
            typed(
                *("营 业 执 照", "(副 本)", "统一社会信用代码"),
                (CODE, "扫描二维码登录“国家企业信用信息公示系统”了解更多登记、备案、许可信息"),
                (f"名    称 {NAME}", "注册资本 人民币伍仟万元整"),
                ("类    型 有限责任公司(法人独资)", "成立日期 2012年05月06日"),
                ("法定代表人 周样文", "营业期限 2012年05月06日至长期"),
                ("经营范围 一般项目：技术服务", "住    所 北京市石景山区样例路1号"),
                "登记机关",
            )
        ],
        {"code": [CODE], "name": [NAME], "legal": ["周样文"]},
    ),
    "of a branch": (
        [
            typed(
                *("营业执照", f"统一社会信用代码{CODE}", f"名称 {NAME}石景山分公司"),
                *("类型 股份有限公司分公司", "营业场所 北京市石景山区", "负责人 吴样"),
                *("成立日期 2020年1月1日", "经营范围 技术服务", "登记机关"),
            )
        ],
        {"code": [CODE], "name": [f"{NAME}石景山分公司"], "legal": ["吴样"]},
    ),
    "of a public institution": (
        [
            typed(
                *("中华人民共和国", "事业单位法人证书", f"统一社会信用代码 {CODE}"),
                *("名称 北京样例先进制造研究院", "宗旨和业务范围 开展研究", "法定代表人 郑样"),
                *("经费来源 财政补助", "开办资金 ￥100万元", "举办单位 北京市样例委员会"),
                *("住所 北京市石景山区", "登记管理机关"),
            )
        ],
        {"code": [CODE], "name": ["北京样例先进制造研究院"], "legal": ["郑样"]},
    ),
}

INVOICES: dict[str, tuple[list[PageText], Said]] = {
    "数电票, ordinary": (
        [
            typed(
                ("电子发票（普通发票）", "发票号码：25112000000012345678"),
                ("", "开票日期：2025年03月10日"),
                *(("购买方信息", "销售方信息"), (f"名称：{NAME}", f"名称：{LESSOR}")),
                (f"统一社会信用代码/纳税人识别号：{CODE}", f"纳税人识别号：{OTHER_CODE}"),
                *(
                    "项目名称 规格型号 单位 数量 单价 金额 税率/征收率 税额",
                    "价税合计（小写）¥1,090.00",
                ),
                "开票人：李样",
            )
        ],
        {"buyer": [NAME], "number": ["25112000000012345678"], "amount": ["1090.00"]},
    ),
    "数电票, of a lease of premises": (
        [
            typed(
                *(
                    "电子发票（增值税专用发票）",
                    "不动产经营租赁服务",
                    "发票号码：25112000000012345679",
                ),
                "开票日期：2025年04月01日",
                (f"购买方信息 名称：{NAME}", f"销售方信息 名称：{LESSOR}"),
                "*不动产经营租赁*房租 京（2020）石不动产权第0001234号 平方米 800",
                "不动产地址：北京市石景山区样例路1号 租赁期起止：2025-04-01 2025-06-30",
                "价税合计（小写）¥2,180.00 开票人：李样",
            )
        ],
        {"number": ["25112000000012345679"], "amount": ["2180.00"]},
    ),
    "数电票, of freight, bought by another": (
        [
            typed(
                *("电子发票（普通发票）", "货物运输服务", "发票号码：25112000000012345680"),
                "开票日期：2025年04月01日",
                (f"名称：{LESSOR}", "名称：北京样例运输有限公司"),
                "运输工具种类 起运地 到达地 运输货物名称",
                "价税合计（小写）¥109.00 收款人：甲 开票人：丙",
            )
        ],
        {"buyer": [LESSOR], "number": ["25112000000012345680"], "amount": ["109.00"]},
    ),
    "with a list of goods on a second page": (
        [
            typed(
                *("电子发票（增值税专用发票）", "发票号码：25112000000012345681"),
                *("开票日期：2025年04月01日", (f"名称：{NAME}", f"名称：{LESSOR}")),
                "价税合计（小写）¥1,000.00 共2页 第1页 开票人：李样",
            ),
            typed(
                *(
                    "销售货物或者提供应税劳务、服务清单",
                    f"购买方名称：{NAME}",
                    f"销售方名称：{LESSOR}",
                ),
                *("所属电子发票号码：25112000000012345681 共2页 第2页", "序号 货物名称 金额"),
                page=2,
            ),
        ],
        {
            "buyer": [NAME],
            "number": ["25112000000012345681", "25112000000012345681"],
            "amount": ["1000.00"],
        },
    ),
    "of the older kind": (
        [
            typed(
                *("北京增值税普通发票", "发票代码：011002100211 发票号码：12345678"),
                *("开票日期：2021年06月01日 校验码：1234", ("购", f"名　　　　称：{NAME}")),
                *(("买", f"纳税人识别号：{CODE}"), "货物或应税劳务、服务名称 单价 金额"),
                *("价税合计(大写) 壹佰零玖圆整 (小写)¥109.00", ("销", f"名　　　　称：{LESSOR}")),
                *(("售", f"纳税人识别号：{OTHER_CODE}"), "收款人： 复核： 开票人：李样"),
            )
        ],
        {
            "buyer": [NAME],
            "series": ["011002100211"],
            "number": ["12345678"],
            "amount": ["109.00"],
        },
    ),
}

PARTIES = (f"出租方（甲方）：{LESSOR}", f"承租方（乙方）：{NAME}")
LEASES: dict[str, tuple[list[PageText], Said]] = {
    "of several rooms, with a rent-free time": (
        [
            typed(
                *("房屋租赁合同", *PARTIES, "第一条 租赁房屋"),
                "1.1 其中301室建筑面积120.5平方米，302室建筑面积80平方米，305室建筑面积200平方米，",
                "合计建筑面积400.5平方米。",
                "2.1 租赁期限为三年，自2025年3月1日起至2028年2月29日止。",
                "2.2 免租期：自2025年3月1日起至2025年4月30日止为免租装修期。",
                "3.1 租金标准为每平方米每天人民币3.2元。",
            )
        ],
        {"lessee": [NAME], "area": ["400.5"], "start": ["2025-03-01"], "end": ["2028-02-29"]},
    ),
    "in which 乙方 is the one who lets": (
        [
            typed(
                *("房屋租赁协议", f"甲方：{NAME}（承租方）", f"乙方：{LESSOR}（出租方）"),
                *("租赁面积：800㎡（套内面积560㎡）", "租期：2025.01.01—2026.12.31"),
                "日租金4.5元/㎡/天，押金两个月",
            ),
            typed(f"甲方：{NAME}", f"乙方：{LESSOR}", page=2),
        ],
        {"area": ["800"], "start": ["2025-01-01"], "end": ["2026-12-31"]},
    ),
    "in which 甲方 rents, said in a clause": (
        [
            typed(
                *("租赁协议", f"甲方：{NAME}", f"乙方：{LESSOR}"),
                "乙方同意将样例路1号的房屋出租给甲方使用，租金每月一付，租赁期一年，押金一个月。",
            )
        ],
        {},
    ),
    "with a price for each year": (
        [
            typed(
                *("写字楼租赁合同", *PARTIES),
                "计租面积为1,234.56平方米（含公摊面积），套内建筑面积约860平方米。",
                "租赁期自2024年7月1日至2029年6月30日。",
                "第一租赁年度（2024年7月1日至2025年6月30日）租金单价为5.00元/平方米/日；",
                "第二租赁年度（2025年7月1日至2026年6月30日）租金单价为5.20元/平方米/日；",
            )
        ],
        {"lessee": [NAME], "area": ["1234.56"], "start": ["2024-07-01"], "end": ["2029-06-30"]},
    ),
    "whose term is told in years only": (
        [
            typed(
                *("写字楼租赁合同", *PARTIES, "租赁期限五年，自交付之日起算。"),
                "租赁期内第一年（2024年7月1日至2025年6月30日）租金单价为5.00元/平方米/日；",
            )
        ],
        {"lessee": [NAME]},
    ),
    "from a form with blanks, beside the area of the deed": (
        [
            typed(
                *("北京市房屋租赁合同", "（自行成交版）", f"出租人：{LESSOR}", f"承租人：{NAME}"),
                "第一条 房屋坐落于北京市石景山区样例路1号，建筑面积 _300_ 平方米。",
                "第二条 房屋所有权证证号：京房权证石字第0001号，房屋产权面积为2,500平方米，",
                "土地使用期限2005年1月1日至2055年1月1日。",
                "第三条 租赁期自 2025 年 01 月 01 日至 2025 年 12 月 31 日，共计12个月。",
            )
        ],
        {"lessee": [NAME], "area": ["300"], "start": ["2025-01-01"], "end": ["2025-12-31"]},
    ),
    "that changes an earlier one": (
        [
            typed(
                *("房屋租赁合同补充协议", f"甲方：{LESSOR}", f"乙方：{NAME}", "承租方租金押金"),
                "一、原合同租赁期限延长，即自2026年1月1日至2027年12月31日。",
                "二、承租面积由500平方米调整为650平方米，租赁面积增加150平方米。",
            )
        ],
        {"lessee": [NAME], "area": ["650"], "start": ["2026-01-01"], "end": ["2027-12-31"]},
    ),
    "of a part of a large building": (
        [
            typed(
                *(
                    "厂房租赁合同",
                    f"出租方（以下简称甲方）：{LESSOR}",
                    f"承租方（以下简称乙方）：{NAME}",
                ),
                "该项目总建筑面积30000平方米。乙方租赁面积800平方米，实测面积差异不超过5平方米。",
                "租赁期限：5年，从2023年9月1日起至2028年8月31日。",
                "乙方续租的，续租期限为2028年9月1日至2030年8月31日。",
                "甲方营业期限2012年05月06日至2032年05月05日。",
            )
        ],
        {"lessee": [NAME], "area": ["800"], "start": ["2023-09-01"], "end": ["2028-08-31"]},
    ),
    "in a table": (
        [
            typed(
                *("租 赁 合 同", ("出租方", LESSOR), ("承租方", NAME)),
                *(("租赁面积（平方米）", "420"), ("租赁期限", "2025-01-01 至 2027-12-31")),
                *(("单价（元/㎡/天）", "3.5"), ("押金", "10000"), "租金按季支付"),
            )
        ],
        {"lessee": [NAME], "area": ["420"], "start": ["2025-01-01"], "end": ["2027-12-31"]},
    ),
}

OTHERS: dict[str, tuple[list[PageText], Said]] = {
    "开户许可证": (
        [
            typed(
                *("开户许可证", "核准号：J1000012345678 编号：1000-00012345"),
                *(f"经审核，{NAME}符合开户条件，准予", "开立基本存款账户。"),
                "法定代表人（单位负责人） 周样文 开户银行 样例银行石景山支行",
            )
        ],
        {"account": [NAME]},
    ),
    "基本存款账户信息": (
        [
            typed(
                *("基本存款账户信息", ("账户名称：", NAME), ("账户号码：", "0200000000001")),
                *(("开户银行：", "样例银行股份有限公司石景山支行"), ("法定代表人：", "周样文")),
                ("基本存款账户编号：", "J1000012345678"),
            )
        ],
        {"account": [NAME]},
    ),
    "an application to open an account, of a group's company": (
        [
            typed(
                *(
                    "开立单位银行结算账户申请书",
                    ("存款人名称", NAME),
                    ("账户性质", "基本(√) 一般( )"),
                ),
                *(("上级法人或主管单位名称", "北京样例集团有限公司"), ("开户银行名称", "样例银行")),
                *("基本存款账户开户许可证核准号", ("账号", "0200")),
            )
        ],
        {"account": [NAME]},
    ),
    "a bank's letter": (
        [
            typed(
                "账户开户证明",
                f"兹证明{NAME}已在我行开立基本存款账户，账号：0200 0001，开户行：样例银行。",
                "样例银行股份有限公司北京石景山支行",
            )
        ],
        {"account": [NAME]},
    ),
    "an audit of two years, with a cover": (
        [
            typed(NAME, "2024年度审计报告及财务报表", "样例会计师事务所（特殊普通合伙）"),
            typed(
                *("审计报告", "样会审字（2025）第A01号", f"{NAME}董事会："),
                f"我们审计了后附的{NAME}（以下简称贵公司）合并及母公司财务报表，包括2024年12月31日、",
                "2023年12月31日的资产负债表，2024年度、2023年度的利润表",
                page=2,
            ),
        ],
        {"company": [NAME], "year": ["2024"]},
    ),
    "an audit that a parent company has ordered": (
        [
            typed(
                *(
                    "审计报告",
                    "北京样例投资集团有限公司：",
                    f"我们接受贵公司委托，审计了{NAME}的财务报表，",
                ),
                "包括2024年12月31日的资产负债表 会计师事务所 中国注册会计师",
            )
        ],
        {"year": ["2024"]},
    ),
    "an audit of three years' research": (
        [
            typed(
                *("专项审计报告", f"{NAME}："),
                "我们接受委托，审计了后附的贵公司2022年度、2023年度、2024年度研究开发费用明细表",
                "样例会计师事务所 中国注册会计师",
            )
        ],
        {},
    ),
    "a joint letter under a red head": (
        [
            typed(
                *(AUTHORITY, "中关村科技园区管理委员会", "文件", "京科发〔2024〕88号"),
                *("关于认定2024年度北京市重点实验室的通知", "各有关单位："),
                f"经组织申报、专家评审，现认定“{PLATFORM}”等30家为北京市重点实验室。",
                *((AUTHORITY, "中关村科技园区管理委员会"), "2024年6月20日", "（此件公开发布）"),
            )
        ],
        {"recognised_on": ["2024-06-20"], "recognised_by": [AUTHORITY, "中关村科技园区管理委员会"]},
    ),
    "a certificate signed in Chinese numerals": (
        [
            typed(
                *("北京市工程研究中心", "认定证书", PLATFORM, f"依托单位：{NAME}"),
                *("证书编号：BZ2022001", "有效期：2022年12月至2025年12月"),
                *("北京市发展和改革委员会", "二〇二二年十二月三十日"),
            )
        ],
        {"recognised_on": ["2022-12-30"], "recognised_by": ["北京市发展和改革委员会"]},
    ),
}
KINDS = {"licence": LICENCES, "invoice": INVOICES, "lease": LEASES}
LEFT_OUT = {"unit_price"}


@pytest.mark.parametrize(
    ("kind", "what"), [(kind, what) for kind, papers in KINDS.items() for what in papers]
)
def test_a_paper_is_of_its_kind_and_says_no_more_than_it_says(kind: str, what: str) -> None:
    pages, said = KINDS[kind][what]
    assert kind_of(pages) == kind
    assert facts(pages) == said


@pytest.mark.parametrize("what", OTHERS)
def test_sheets_of_banks_auditors_and_authorities_say_no_more_than_they_say(what: str) -> None:
    pages, said = OTHERS[what]
    assert kind_of(pages) in ("bank", "audit", "accreditation")
    assert facts(pages) == said


@pytest.mark.parametrize(
    "lines",
    [
        (
            "高新技术企业证书",
            f"企业名称：{NAME}",
            "发证时间：2023年10月26日",
            "有效期：三年",
            AUTHORITY,
        ),
        (
            *("北京市经济和信息化局", "关于2024年度北京市“专精特新”中小企业名单的通知"),
            *(f"认定{NAME}等500家企业为专精特新中小企业，有效期三年。", "2024年5月6日"),
        ),
    ],
)
def test_another_recognition_of_the_applicant_is_no_accreditation_of_a_platform(
    lines: Sequence[str],
) -> None:
    page = typed(*lines)
    assert PLATFORM not in page.text
    assert kind_of([page]) in (None, "accreditation")


def facts(pages: Sequence[PageText]) -> Said:
    """What a document says, each value once a page."""
    kind = kind_of(pages)
    assert kind is not None
    found: dict[str, list[str]] = {}
    seen = set()
    for fact in facts_of(kind, pages):
        if fact.kind not in LEFT_OUT and (fact.kind, fact.value, fact.page) not in seen:
            seen.add((fact.kind, fact.value, fact.page))
            found.setdefault(fact.kind, []).append(fact.value)
    return found
