"""Numbers with their unit; an ambiguous notation is refused."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any, ClassVar

from sjs_forms.domain.fields.entries import (
    BLANKS,
    NOTHING,
    Doubt,
    Entry,
    EntryReading,
    Value,
    plain_hyphens,
    refusal,
    shown,
)
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell
from sjs_forms.domain.fields.line import EXACT_DIGITS

_NUMBER = r"[+-]?(?:[1-9]\d{0,2}([, ])\d{3}(?:\1\d{3})*|\d+)(?:\.\d+)?"
"""Digits, or groups of three between which one kind of separator stands: 0,800 is unclear."""
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "平方米": ("平方米", "平米", "平方", "平", "m2", "M2"),
    "元": ("元", "人民币元", "元人民币"),
    "年": ("年",),
}
"""Other notations of a unit; NFKC makes ㎡ and m² the same."""
_LARGE = ("万", "亿", "千", "百")
_ABOUT = ("约", "近", "大约", "左右", "余", "多", "逾", "超", "±", "~")
_MAX_DIGITS = 400
_LARGEST_SIZE = 1e15


@dataclass(frozen=True)
class NumberKind(Kind):
    """A number in `unit`, above `above` (None: any) and at most `most`.

    `decimals` is the maximum number of decimal places, None for any.
    """

    name: ClassVar[str] = "number"
    unit: str = ""
    above: float | None = 0
    most: float = _LARGEST_SIZE
    decimals: int | None = None

    def read(self, entry: Entry) -> EntryReading:
        """Return the number without unit and thousands separators, never scaled or rounded."""
        value = entry.value
        if value is None:
            return NOTHING
        if isinstance(value, int | float) and not isinstance(value, bool):
            return EntryReading(_as_shown(value) if entry.is_cell else value)
        if isinstance(value, str):
            return self._written(value)
        return self._refused(shown(value))

    def _written(self, text: str) -> EntryReading:
        plain = plain_hyphens(unicodedata.normalize("NFKC", text.replace("_", ""))).strip(BLANKS)
        if not plain:
            return NOTHING
        for unit in (*self._units(), ""):
            bare = plain.removesuffix(unit).rstrip()
            if re.fullmatch(_NUMBER, bare) and len(bare) <= _MAX_DIGITS:
                return EntryReading(_as_number(re.sub("[, ]", "", bare)))
        return self._refused(shown(text))

    def _units(self) -> tuple[str, ...]:
        unit = unicodedata.normalize("NFKC", self.unit)
        return _SPELLINGS.get(self.unit, (unit,)) if unit else ()

    def _refused(self, text: str) -> EntryReading:
        why = "不是一个数"
        if "%" in text or "％" in text:
            why = "写的是百分比，看不出是多少"
        elif any(word in text for word in _ABOUT) and re.search(r"\d", text):
            why = "不是确定的数"
        elif any(word in text for word in _LARGE) and re.search(r"\d", text):
            why = "带着“万”一类的字，请写出完整的数"
        unit = f"，单位是{self.unit}" if self.unit else ""
        return refusal("not-number", f"{why}：“{text}”。", f"请只写数字{unit}，如 2460.5。")

    def bounds(self, value: Value) -> Doubt | None:
        """Return a doubt if the number is out of range or has too many decimals."""
        if not isinstance(value, int | float):
            return None
        size = f"数值过大，请核对{f'单位是否为{self.unit}' if self.unit else '数字'}。"
        unit = f"请核对，单位是{self.unit}。" if self.unit else "请核对。"
        try:
            number = float(value)
        except OverflowError:
            return Doubt("out-of-bounds", size, unit)
        if not isfinite(number) or number > self.most:
            return Doubt("out-of-bounds", size, unit)
        if self.above is not None and number <= self.above:
            return Doubt("out-of-bounds", f"应大于 {printed_number(self.above)}。", unit)
        places = -int(Decimal(str(value)).normalize().as_tuple().exponent)
        if self.decimals is not None and places > self.decimals:
            few = f"最多保留 {self.decimals} 位小数" if self.decimals else "应是整数"
            meant = f"请写到 {self.decimals} 位小数" if self.decimals else "请写整数"
            unit = f"，单位是{self.unit}。" if self.unit else "。"
            return Doubt("out-of-bounds", f"{few}，现为 {printed_number(value)}。", meant + unit)
        return None

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of a number within the bounds."""
        schema: dict[str, Any] = {"type": "number" if self.decimals != 0 else "integer"}
        if self.above is not None:
            schema["exclusiveMinimum"] = self.above
        return {**schema, "maximum": self.most}

    def printed(self, value: Any) -> str:
        """See `printed_number`."""
        return printed_number(value)

    def example(self) -> Value:
        """Return a number, an integer if there may be no decimals."""
        return 3 if self.decimals == 0 else 2460.5

    def ask(self) -> str:
        """Return what to enter."""
        unit = f"，单位是{self.unit}" if self.unit else ""
        what, example = ("整数", "3") if self.decimals == 0 else ("数字", "2460.5")
        return f"只写{what}{unit}，如 {example}。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Allow a number within the bounds, not above that in another cell."""
        limit = printed_number(self.most)
        most = f"IF(ISNUMBER({beside.cell}),{beside.cell},{limit})" if beside else limit
        order = f"，{beside.words}" if beside else ""
        least = "-1000000000000000" if self.above is None else f"{self.above + 0.01:g}"
        above = "" if self.above is None else f"大于 {printed_number(self.above)} 的"
        if self.decimals == 0:
            return CellRule("whole", least, most, f"请只填{above}整数，不写单位{order}。")
        return CellRule("decimal", least, most, f"请只填{above}数字，不写单位{order}。")


def printed_number(value: float | None) -> str:
    """Return a number without trailing zeros: 2460.5, 3200."""
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


def _as_number(text: str) -> int | float:
    """Parse digits; returns an int if there are no decimals."""
    found = float(Decimal(text))
    return int(found) if found.is_integer() and abs(found) < EXACT_DIGITS else found


def _as_shown(value: float) -> int | float:
    """Return a cell's number rounded to the 15 digits that Excel shows; an int if it is whole."""
    if isinstance(value, int):
        return value
    return _as_number(f"{value:.15g}") if isfinite(value) else value
