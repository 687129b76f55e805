"""The automatic numbers of paragraphs, 一、 or 1., which are not in their text."""

import re
from dataclasses import dataclass
from typing import Any

_DIGITS = "〇一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographLegalTraditional",
}
_DIGITAL = {"ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"}
_MAX = 9999


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """The lists of one document. Counts while its paragraphs are read."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._styles: dict[str, tuple[str | None, str | None, str | None]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._starts: dict[tuple[str, int], int] = {}
        if numbering is not None:
            self._read_lists(numbering)
        if styles is not None:
            self._read_styles(styles)

    def before(self, properties: Any | None) -> str:
        """Return the number before a paragraph with these properties, or ""."""
        if properties is None or not self._lists:
            return ""
        number, level = _number_of(properties)
        if number is None:
            style = properties.find("{*}pStyle")
            number, styled = self._of_style(_value(style))
            level = level or styled
        if number is None or number == "0" or number not in self._lists:
            return ""
        return self._drawn(number, _whole(level, 0))

    def _drawn(self, number: str, at: int) -> str:
        abstract = self._lists[number]
        levels = self._levels.get(abstract, {})
        level = levels.get(at)
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        begin = self._starts.pop((number, at), None)
        counts[at] = begin if begin is not None else counts.get(at, level.start - 1) + 1
        for deeper in [known for known in counts if known > at]:
            del counts[deeper]
        if level.form in ("bullet", "none"):
            return ""

        def filled(match: re.Match[str]) -> str:
            of = int(match[1]) - 1
            known = levels.get(of, level)
            return spelt(counts.get(of, known.start), known.form)

        return re.sub(r"%([1-9])", filled, level.text)

    def _read_lists(self, root: Any) -> None:
        for abstract in root.iterchildren("{*}abstractNum"):
            levels = {
                _whole(_attribute(level, "ilvl"), 0): _Level(
                    _whole(_value(level.find("{*}start")), 1),
                    _value(level.find("{*}numFmt")) or "decimal",
                    _value(level.find("{*}lvlText")) or "",
                )
                for level in abstract.iterchildren("{*}lvl")
            }
            self._levels[_attribute(abstract, "abstractNumId") or ""] = levels
        for made in root.iterchildren("{*}num"):
            number = _attribute(made, "numId") or ""
            self._lists[number] = _value(made.find("{*}abstractNumId")) or ""
            for override in made.iterchildren("{*}lvlOverride"):
                start = _value(override.find("{*}startOverride"))
                if start is not None:
                    level = _whole(_attribute(override, "ilvl"), 0)
                    self._starts[number, level] = _whole(start, 1)

    def _read_styles(self, root: Any) -> None:
        for style in root.iterchildren("{*}style"):
            properties = style.find("{*}pPr")
            number, level = _number_of(properties) if properties is not None else (None, None)
            based = _value(style.find("{*}basedOn"))
            self._styles[_attribute(style, "styleId") or ""] = (number, level, based)

    def _of_style(self, name: str | None) -> tuple[str | None, str | None]:
        seen = set()
        while name is not None and name in self._styles and name not in seen:
            seen.add(name)
            number, level, name = self._styles[name]
            if number is not None:
                return number, level
        return None, None


def spelt(number: int, form: str) -> str:
    """Format a number in one of Word's numbering formats, or in digits if the format is unknown."""
    number = max(0, min(number, _MAX))
    if form in _CHINESE:
        return _in_chinese(number)
    if form in _DIGITAL:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    if form in ("upperLetter", "lowerLetter") and number:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("upperRoman", "lowerRoman"):
        roman = _in_roman(number)
        return roman.upper() if form == "upperRoman" else roman
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x245F + number)
    if form == "decimalZero":
        return f"{number:02d}"
    if form.startswith("decimalFullWidth"):
        return "".join(chr(0xFF10 + int(digit)) for digit in str(number))
    return str(number)


def _in_chinese(number: int) -> str:
    if number == 0:
        return "零"
    digits = str(number)
    numeral = ""
    for position, digit in enumerate(digits):
        unit = _UNITS[len(digits) - position - 1]
        if digit != "0":
            numeral += _DIGITS[int(digit)] + unit
        elif numeral and not numeral.endswith("零"):
            numeral += "零"
    numeral = numeral.rstrip("零")
    return numeral[1:] if numeral.startswith("一十") else numeral


def _in_roman(number: int) -> str:
    numeral = ""
    for value, letters in _ROMAN:
        numeral += letters * (number // value)
        number %= value
    return numeral


def _number_of(properties: Any) -> tuple[str | None, str | None]:
    holder = properties.find("{*}numPr")
    if holder is None:
        return None, None
    return _value(holder.find("{*}numId")), _value(holder.find("{*}ilvl"))


def _value(element: Any | None) -> str | None:
    return None if element is None else _attribute(element, "val")


def _attribute(element: Any, name: str) -> str | None:
    """Return an attribute from either of WordprocessingML's two namespaces."""
    for key, value in element.attrib.items():
        if key == name or key.endswith(f"}}{name}"):
            return str(value)
    return None


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
