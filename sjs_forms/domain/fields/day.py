"""Dates: parses all notations in use, such as 2025-3-1, 2025年3月1日 and 二〇二五年三月一日."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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

EARLIEST, LATEST = 18_264, 73_050
"""Excel's numbers of 1950-01-01 and 2099-12-31; whole numbers between them are read as dates."""

_DIGITS = {**{c: i for i, c in enumerate("〇一二三四五六七八九")}, "零": 0, "○": 0, "O": 0}
_CHINESE = "一二三四五六七八九十"
_APART = re.compile(r"\s*([-./年月])\s*|\s+(?=[日号])")
_DAY = re.compile(
    rf"(?P<year>\d{{4}}|\d{{2}}(?=年)|[〇○零O一二三四五六七八九]{{4}}(?=年))[-./年]"
    rf"(?P<month>\d{{1,2}}|[{_CHINESE}]{{1,2}}(?=月))[-./月]"
    rf"(?P<day>\d{{1,2}}|[{_CHINESE}]{{1,3}})[日号]?"
    r"(?:(?:(?<=[日号])|[\sT])\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT_DAY = re.compile(r"(?P<year>\d{4})\s*(?P<month>\d{2})\s*(?P<day>\d{2})")
_REMEDY = "请写成 2025-3-1 或 2025年3月1日 的样子，年写四位，写到日。"


@dataclass(frozen=True)
class DayKind(Kind):
    """A date, stored as 2025-03-01."""

    name: ClassVar[str] = "day"

    def read(self, entry: Entry) -> EntryReading:
        """Return the day that is meant; a two-digit year before 年 is completed, with a note."""
        value = entry.value
        if value is None:
            return NOTHING
        if isinstance(value, datetime):
            return EntryReading(value.date().isoformat())
        if isinstance(value, date):
            return EntryReading(value.isoformat())
        if isinstance(value, str):
            return _written(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _numbered(value, entry.epoch)
        return _no_day(value)

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of a date in the format of RFC 3339."""
        return {"type": "string", "format": "date"}

    def printed(self, value: Any) -> str:
        """See `printed_day`."""
        return printed_day(value)

    def example(self) -> Value:
        """Return a day."""
        return "2025-03-01"

    def ask(self) -> str:
        """Return what to enter."""
        return "写日期，如 2025-3-1。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Allow a date from 1950 to 2099, not before that in another cell."""
        first = f"MAX({beside.cell},{EARLIEST})" if beside else str(EARLIEST)
        order = f"，{beside.words}" if beside else ""
        return CellRule("date", first, str(LATEST), f"请填写日期，如 2025-3-1{order}。")


def printed_day(value: date | None, blank: str = "") -> str:
    """Return a date as it is printed, 2025年3月1日, or the printed blank."""
    return f"{value.year:04d}年{value.month}月{value.day}日" if value else blank


def _written(text: str) -> EntryReading:
    plain = unicodedata.normalize("NFKC", plain_hyphens(text.replace("_", ""))).strip(BLANKS)
    if not plain:
        return NOTHING
    plain = _APART.sub(lambda match: match[1] or "", plain_hyphens(plain))
    match = _DAY.fullmatch(plain) or _DAY.fullmatch("".join(plain.split()))
    match = match or _COMPACT_DAY.fullmatch(plain)
    if match is None:
        return _no_day(text)
    year = match["year"]
    is_short = len(year) == 2
    number = _year(year) + (2000 if is_short else 0)
    try:
        found = date(number, _counted(match["month"]), _counted(match["day"]))
    except ValueError:
        return refusal("not-date", f"没有这一天：“{shown(text)}”。", _REMEDY)
    note = Doubt("year-completed", f"年份只写了两位，读作 {number} 年。", "请核对，年写四位。")
    return EntryReading(found.isoformat(), note=note if is_short else None)


def _year(text: str) -> int:
    return int("".join(str(_DIGITS.get(one, one)) for one in text))


def _counted(text: str) -> int:
    """Return 十一 as 11, 二十 as 20, 三 as 3; 0 for Chinese numerals that are no day or month."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[ones] if len(ones) == 1 else 0
    if len(tens) > 1 or len(ones) > 1 or tens == "十":
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _numbered(number: float, epoch: date | None) -> EntryReading:
    """Parse a number as a date that lost its format: Excel's count of days, or 20250301."""
    if epoch and EARLIEST <= int(number) <= LATEST:
        return EntryReading((epoch + timedelta(days=int(number))).isoformat())
    if number == int(number) and 10_000_000 <= number < 100_000_000:
        return _written(str(int(number)))
    return _no_day(number)


def _no_day(value: object) -> EntryReading:
    return refusal("not-date", f"看不出是哪一天：“{shown(value)}”。", _REMEDY)
