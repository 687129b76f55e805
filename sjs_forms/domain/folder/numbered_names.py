"""Numbers in names of files and folders, as people write them.

`leading_number` parses the number before a name (4-执照, （4）执照, 五、财务, 材料3). `natural_key`
sorts names by their numbers.
"""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbered:
    """A name that begins with a number.

    `rest` is what follows number and separator, as written. Unless `sure`, the number may belong to
    the name (3 号楼, 3.15合同).
    """

    number: int
    rest: str
    sure: bool = True


_DIGIT = "[0-9０-９]"
_HAN_DIGITS = "一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_VALUES = {c: value % 10 + 1 for value, c in enumerate(_HAN_DIGITS)}
_OPEN, _CLOSE = r"[（(［\[【〔｛{《〈「]", r"[）)］\]】〕｝}》〉」]"
_SEPARATOR = r"[-－‐‑‒–—―_＿.．。、､,，:：;；·・•|｜~～\s]"
_NUMBER = rf"(?:(?P<digits>{_DIGIT}{{1,3}})(?!{_DIGIT})|(?P<han>[{_HAN_DIGITS}]{{1,3}}))"
_MEASURE = re.compile(
    "[号號年月日天周季份张頁页本套个個件项条款楼层栋幢座室单户间房期次批类级等种方人家名位组班队部"
    "元万亿千百角分厘吨斤公克米平㎡亩升度点时秒倍折成%％℃°#＃街路巷弄院区门站线环村镇届岁代版卷册集"
    "章节轮步维寸核孔相台辆只块片封篇幅面盒箱包大强星甲中小多余几至到和与及或比]"
)
"""What follows a number in a quantity, ordinal, date or range: 3号楼, 10张, 3至5月."""

_BRACKETED = re.compile(rf"{_OPEN}\s*{_NUMBER}\s*{_CLOSE}{_SEPARATOR}*")
_HALF_BRACKETED = re.compile(rf"{_NUMBER}\s*{_CLOSE}{_SEPARATOR}*")
_SEPARATED = re.compile(rf"{_NUMBER}(?P<separator>{_SEPARATOR}+)")
_DIRECT = re.compile(_NUMBER)
_ORDINAL = re.compile(
    rf"第\s*{_OPEN}?\s*{_NUMBER}\s*{_CLOSE}?\s*"
    rf"(?P<unit>项(?!目)|类|部分)(?:材料|资料)?{_SEPARATOR}*"
)
_WORD = re.compile(
    rf"(?:(?P<material>(?:申报|书面|提交)?(?:材料|资料))|附件?|序号|编号|no\.?|№|[#＃]){_SEPARATOR}*",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"(?:19|20|１９|２０){_DIGIT}{{2}}(?!{_DIGIT})")
_LISTED = re.compile(r"\s*[、,，]\s*")
_ENDS = re.compile(rf"{_SEPARATOR}|{_CLOSE}|$")
_LONE_LETTER = re.compile(r"[A-Za-z](?![A-Za-z])")


def leading_number(name: str) -> Numbered | None:
    """Return the number that a name begins with, or None.

    A number with a measure word (10张照片, 2024年, 3号楼), in a range (1-5月) or of more than two
    digits is part of the name, unless padded with zeros.
    """
    name = name.strip().lstrip("\ufeff\u200b")
    if circled := _circled(name):
        return circled
    if match := _ORDINAL.match(name):
        return _made(match, name, sure=match["unit"] == "项")
    if word := _WORD.match(name):
        found = _plain(name[word.end() :], after_word=True)
        if found is None or word["material"]:
            return found
        return Numbered(found.number, found.rest, sure=False)
    return _plain(name, after_word=False)


def _circled(name: str) -> Numbered | None:
    """Parse ①执照, ❶执照, ⒈执照, ㈠执照: numerals that need no separator; Ⅲ needs one."""
    kind = unicodedata.category(name[:1] or " ")
    value = unicodedata.numeric(name[0]) if kind in ("No", "Nl") else 0.5
    tag = unicodedata.decomposition(name[:1] or " ")
    if value != int(value) or not 0 < value < 100 or tag.startswith(("<super>", "<sub>")):
        return None
    rest = re.sub(rf"^{_SEPARATOR}+", "", name[1:])
    if kind == "Nl" and rest == name[1:] != "":
        return None
    return Numbered(int(value), rest)


def _plain(name: str, *, after_word: bool) -> Numbered | None:
    """Parse a number at the beginning: in brackets, separated, or directly before the rest."""
    if match := _BRACKETED.match(name) or _HALF_BRACKETED.match(name):
        return _made(match, name, sure=not _MEASURE.match(name, match.end()))
    if match := _SEPARATED.match(name):
        return _separated(match, name)
    match = _DIRECT.match(name)
    if match is None:
        return None
    found = _made(match, name)
    if found is None or not found.rest:
        return found
    joined = not is_han(found.rest[0]) or _MEASURE.match(found.rest)
    if joined or (match["han"] and not after_word):
        return None
    return Numbered(found.number, found.rest, sure=after_word or _is_padded(match))


def _separated(match: re.Match[str], name: str) -> Numbered | None:
    """Parse a separated number: 5-2024年报 has the number 5, 1-5月 none; 3.15合同 may have one."""
    found = _made(match, name)
    if found is None or _YEAR.match(found.rest):
        return found
    second = _DIRECT.match(found.rest)
    if second and _LISTED.fullmatch(match["separator"]) and _ENDS.match(found.rest, second.end()):
        return None  # two numbers: 2、3-材料
    if second and bool(second["han"]) == bool(match["han"]):
        following = _value(second) or 0
        is_measured = _MEASURE.match(found.rest, second.end())
        if match["han"]:
            return Numbered(found.number, found.rest, not is_measured or following <= found.number)
        if is_measured and following > found.number:
            return None
        return Numbered(found.number, found.rest, sure=False)
    is_blank = not match["separator"].strip()
    in_doubt = (is_blank and _MEASURE.match(found.rest)) or _LONE_LETTER.match(found.rest)
    return Numbered(found.number, found.rest, sure=not in_doubt)


def _made(match: re.Match[str], name: str, *, sure: bool = True) -> Numbered | None:
    value = _value(match)
    return None if value is None else Numbered(value, name[match.end() :].strip(), sure)


def _value(match: re.Match[str]) -> int | None:
    """Return the number; None for three digits without padding, or a row of numerals."""
    if match["digits"]:
        is_long = len(match["digits"]) > 2 and not _is_padded(match)
        return None if is_long else int(match["digits"]) or None
    return _han_value(match["han"])


def _is_padded(match: re.Match[str]) -> bool:
    return bool(match["digits"]) and match["digits"][0] in "0０"


def _han_value(text: str) -> int | None:
    """Return 三, 十, 十二, 二十, 二十一 as numbers; None for others (一二)."""
    values = [_VALUES[c] for c in text]
    if len(values) == 1:
        return values[0]
    if 10 not in values:
        return None
    tens, _, ones = "".join("X" if v == 10 else str(v) for v in values).partition("X")
    if "X" in ones or len(tens) > 1 or len(ones) > 1:
        return None
    return 10 * int(tens or 1) + int(ones or 0)


def is_han(character: str) -> bool:
    """Return whether a character is Chinese."""
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000"


_FULL_WIDTH = {ord("０") + digit: str(digit) for digit in range(10)}
_FIRST_HAN = 0x4E00


def natural_key(text: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return a unique sort key by which 2 precedes 10, and 二 precedes 三 and 十.

    Chinese numerals sort at the position of 一.
    """
    parts = [
        (0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, _in_order(part))
        for part in re.split(r"([0-9]{1,40})", text.translate(_FULL_WIDTH))
    ]
    return parts, text


def _in_order(part: str) -> str:
    """Return text with each Chinese numeral replaced by characters that sort by its value."""

    def sortable(match: re.Match[str]) -> str:
        value = _han_value(match[0])
        return match[0] if value is None else chr(_FIRST_HAN) + chr(_FIRST_HAN + value)

    return re.sub(f"[{_HAN_DIGITS}]+", sortable, part.casefold())
