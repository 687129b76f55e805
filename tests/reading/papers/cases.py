"""What the papers of one applicant say. All of it is invented."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from stdnum.cn import uscc

NUMBER = 40

_STEMS = (
    "砚云澜", "栖岳", "澄研", "朔禾", "拓矩", "熠行", "岑数", "泊构", "珩智", "翊川",
    "沐格", "榕序", "铎维", "霁衡", "筱晟", "楷垣", "璟禾", "昀拓", "洺原", "晏舟",
)  # fmt: skip
_TRADES = (
    "智能科技", "数据技术", "生物医药", "新材料科技", "机器人", "信息技术", "检测技术研究", "半导体科技",
)  # fmt: skip
_FORMS = ("有限公司", "有限公司", "有限责任公司", "股份有限公司")
_SURNAMES = "林周陆韩沈顾邱傅贺梁欧阳"
_GIVEN = ("砚秋", "禾", "采薇", "松月", "一鸣", "喆", "若琳", "景行", "镕", "望舒", "知远", "玥")
_STREETS = ("样例大街", "样例北路", "永样路", "实样兴街", "阜样路", "古样南里")
_LESSORS = ("首样园区运营管理", "京西样产业园发展", "石样置业", "样诚资产管理", "北样商业地产经营")
_BANKS = ("样例银行", "样商银行", "北样银行", "样华银行")
_AUDITORS = ("样信", "华样中和", "京样永道", "立样")
_OFFICES = (
    "北京市样例科学技术委员会",
    "北京市样例发展和改革委员会",
    "样例经济和信息化局",
    "国家样例局",
)
_FIELDS = (
    "大模型评测",
    "细胞治理工程",
    "先进传感",
    "工业软件",
    "智能网联",
    "绿色建材",
    "量子测量",
    "数字文化",
)


@dataclass(frozen=True)
class Case:
    """One applicant, by number. Every value follows from the number."""

    number: int

    @cached_property
    def _dice(self) -> random.Random:
        return random.Random(7_000 + self.number)

    @cached_property
    def name(self) -> str:
        stem = _STEMS[self.number % len(_STEMS)]
        trade = _TRADES[(self.number * 3 + self.number // 20) % len(_TRADES)]
        form = _FORMS[self.number % len(_FORMS)]
        place = ("北京{}{}{}", "{}（北京）{}{}", "北京石景山{}{}{}", "中样{}（北京）{}{}")
        return place[(self.number // 4) % len(place)].format(stem, trade, form)

    @cached_property
    def code(self) -> str:
        return _code(self.number * 2)

    @cached_property
    def lessor_code(self) -> str:
        return _code(self.number * 2 + 1)

    @cached_property
    def legal(self) -> str:
        return _person(self.number)

    @cached_property
    def contact(self) -> str:
        return _person(self.number + 5)

    @cached_property
    def address(self) -> str:
        street = _STREETS[self.number % len(_STREETS)]
        house = 3 + self.number * 7 % 90
        rooms = (
            f"{2 + self.number % 9}层{201 + self.number % 9 * 100}室",
            f"A座{3 + self.number % 5}—7层",
        )
        return f"北京市石景山区{street}{house}号院{1 + self.number % 6}号楼{rooms[self.number % 2]}"

    @cached_property
    def lessor(self) -> str:
        return f"北京{_LESSORS[self.number % len(_LESSORS)]}有限公司"

    @cached_property
    def area(self) -> str:
        whole = 480 + self.number * 137 % 4200
        return f"{whole}{('', '.5', '.28', '')[self.number % 4]}"

    @cached_property
    def rd_area(self) -> str:
        return f"{float(self.area) * 0.75:.1f}".removesuffix(".0")

    @cached_property
    def unit_price(self) -> str:
        return ("5.2", "4.85", "6", "3.90")[self.number % 4]

    @cached_property
    def start(self) -> date:
        return date(2025, 1 + self.number % 3, 1)

    @cached_property
    def end(self) -> date:
        return date(self.start.year + 3, self.start.month, 1) - timedelta(days=1)

    @cached_property
    def bank(self) -> str:
        return f"{_BANKS[self.number % len(_BANKS)]}股份有限公司北京{['石样', '八样', '古样'][self.number % 3]}支行"

    @cached_property
    def account(self) -> str:
        return (
            "0000"
            + "".join(str(random.Random(self.number).randrange(10)) for _ in range(3))
            + (f"{88_000_000_000 + self.number * 104_729:011d}")
        )

    @cached_property
    def account_permit(self) -> str:
        return f"J1000{10_000_000 + self.number * 7919:08d}"

    @cached_property
    def auditor(self) -> str:
        return f"北京{_AUDITORS[self.number % len(_AUDITORS)]}会计师事务所（普通合伙）"

    @cached_property
    def audit_year(self) -> int:
        return 2024

    @cached_property
    def platform(self) -> str:
        return f"{_FIELDS[self.number % len(_FIELDS)]}北京市重点实验室"

    @cached_property
    def authority(self) -> str:
        return _OFFICES[self.number % len(_OFFICES)]

    @cached_property
    def accredited_on(self) -> date:
        return date(2024, 3 + self.number % 9, 5 + self.number % 20)

    @cached_property
    def founded(self) -> date:
        return date(2012 + self.number % 10, 1 + self.number % 12, 3 + self.number % 25)

    @cached_property
    def invoice_number(self) -> str:
        return f"25112000000{100_000_000 + self.number * 1_299_709:09d}"

    @cached_property
    def invoice_date(self) -> date:
        return self.start + timedelta(days=8 + self.number % 12)

    @cached_property
    def invoice_total(self) -> int:
        """In fen."""
        days = 90
        return round(float(self.area) * float(self.unit_price) * days * 100)

    @cached_property
    def invoice_net(self) -> int:
        return round(self.invoice_total / 1.09)

    @cached_property
    def is_special_invoice(self) -> bool:
        return self.number % 2 == 0

    @cached_property
    def invoice_payload(self) -> str:
        """The text of the QR code, as invoices of this kind have it, with its check sum."""
        kind = "31" if self.is_special_invoice else "32"
        total = f"{self.invoice_total / 100:.2f}"
        text = f"01,{kind},,{self.invoice_number},{total},{self.invoice_date:%Y%m%d},,"
        return f"{text}{check_sum(text):04X}"


def check_sum(text: str) -> int:
    """CRC-16 with the polynomial 0x8005, from 0, highest bit first."""
    found = 0
    for byte in text.encode("ascii"):
        found ^= byte << 8
        for _ in range(8):
            found = (found << 1 ^ (0x8005 if found & 0x8000 else 0)) & 0xFFFF
    return found


def cases() -> tuple[Case, ...]:
    """All cases."""
    return tuple(Case(number) for number in range(NUMBER))


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def money(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def chinese_money(fen: int) -> str:
    """An amount as it is written out on cheques, below a hundred million yuan."""
    digits = "零壹贰叁肆伍陆柒捌玖"
    yuan, rest = divmod(fen, 100)
    words, gap = "", False
    for power, value in reversed(list(enumerate(map(int, reversed(str(yuan)))))):
        if value:
            words += ("零" if gap else "") + digits[value] + ("", "拾", "佰", "仟")[power % 4]
            gap = False
        else:
            gap = bool(words)
        if power == 4:
            words, gap = words + "万", False
    jiao, last = divmod(rest, 10)
    tail = (digits[jiao] + "角" if jiao else "零" if last else "") + (
        digits[last] + "分" if last else ""
    )
    return f"{words}圆{tail or '整'}"


def _code(number: int) -> str:
    """A code with its check character, of a district that does not exist."""
    body = f"91110199MA{_base(1_000_000 + number * 48_611)}"
    return body + str(uscc.calc_check_digit(body))


def _base(number: int) -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    found = ""
    for _ in range(7):
        number, rest = divmod(number, len(signs))
        found = signs[rest] + found
    return found


def _person(number: int) -> str:
    return _SURNAMES[number % (len(_SURNAMES) - 2)] + _GIVEN[number * 5 % len(_GIVEN)]
