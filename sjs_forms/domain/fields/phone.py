"""Telephone numbers that can be dialled in China."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.entries import Doubt, Entry, EntryReading, Value, refusal
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell
from sjs_forms.domain.fields.line import (
    LINE_LIMIT,
    length_doubt,
    one_line,
    printed_line,
    read_text,
)

_SEVERAL = re.compile(r"[/;,、，；]")
"""Separators of several numbers in one answer."""
_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|#)", re.IGNORECASE)
_BEIJING = "010"
_MOBILE = re.compile(r"(1[ -]?\d(?:[ -]?\d){9})")
_LANDLINE = re.compile(r"[(]?(0(?:1\d|2\d|[3-9]\d\d))[)]? ?-? ?(\d(?:[ -]?\d){6,7})")


@dataclass(frozen=True)
class PhoneKind(Kind):
    """A number, or several separated by “/”. With `mobile`, only mobile numbers."""

    name: ClassVar[str] = "phone"
    mobile: bool = False

    def read(self, entry: Entry) -> EntryReading:
        """Return the number; refuse one stored as a number that may have lost a leading 0."""
        value = entry.value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and not entry.is_cell and isinstance(value, int) and abs(value) < 10**20:
            entry = Entry(str(value))
        understood = read_text(entry)
        if not isinstance(understood.value, str):
            return understood
        text = unicodedata.normalize("NFKC", one_line(understood.value))
        if is_number and not _kept_whole(text):
            return refusal(
                "digits-lost",
                f"存成了数字 {text}，开头的 0 可能已经丢失。",
                "请先把单元格格式设为“文本”，再重新填写，区号连同开头的 0 一起写。"
                if entry.is_cell
                else "请重新填写，区号连同开头的 0 一起写。",
                "" if entry.is_cell else "text",
            )
        return EntryReading(text)

    def takes(self, value: object) -> bool:
        """Return whether it is text, or an integer (digits without quotation marks)."""
        return isinstance(value, str | int) and not isinstance(value, bool)

    def bounds(self, value: Value) -> Doubt | None:
        """Return a doubt if the text is too long."""
        return length_doubt(value, LINE_LIMIT)

    def faults(self, value: Any) -> Iterator[Doubt]:
        """Yield a fault if a number cannot be dialled."""
        if value and not all(_dialable(one, self.mobile) for one in _SEVERAL.split(value)):
            yield Doubt(
                "phone-invalid",
                f"{value} 不像有效的{'手机' if self.mobile else '电话'}号码。",
                "手机写11位数字；座机写区号和号码，如 010-68863654；分机写成 转123。",
            )

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of text, because numbers may begin with 0."""
        return {"type": "string", "maxLength": LINE_LIMIT}

    def printed(self, value: Any) -> str:
        """See `printed_phone`."""
        return printed_phone(value)

    def example(self) -> Value:
        """Return a mobile or landline number."""
        return "13800138000" if self.mobile else "010-68863654"

    def ask(self) -> str:
        """Return what to enter."""
        if self.mobile:
            return "写 11 位手机号码。"
        return "座机写区号，如 010-68863654；几个号码用“/”隔开。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Allow only text, so that Excel removes no leading 0."""
        refused = "请填写电话号码，以文本保存；座机写区号，如 010-68863654。"
        return CellRule("custom", f"AND(ISTEXT({own}),LEN({own})>=5)", None, refused)


def printed_phone(value: str | None) -> str:
    """Return a telephone number in one format, however its digits were grouped.

    A mobile is eleven digits, a landline 010-68863654. Anything else, such as several numbers or
    an extension, is unchanged.
    """
    text = printed_line(unicodedata.normalize("NFKC", value or ""))
    match = _MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text)
    if match is None:
        return printed_line(value)
    return "-".join(re.sub(r"\D", "", group) for group in match.groups())


def _kept_whole(digits: str) -> bool:
    """Return whether digits that were stored as a number cannot have lost a leading 0.

    Mobile, local and service numbers do not begin with 0; those with an area code do.
    """
    if not digits.isdigit() or digits.startswith("0"):
        return digits.isdigit()
    mobile = len(digits) == 11 and digits[0] == "1"
    nationwide = len(digits) == 10 and digits[:3] in ("400", "800")
    return mobile or nationwide or len(digits) <= 8


def _dialable(written: str, mobile: bool) -> bool:
    """Return whether a number can be dialled in China; eight digits alone count as Beijing's."""
    import phonenumbers

    try:
        number = phonenumbers.parse(_EXTENSION.split(written)[0], "CN")
        local = phonenumbers.parse(f"{_BEIJING}{number.national_number}", "CN")
    except phonenumbers.NumberParseException:
        return False
    if mobile:
        return bool(phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE)
    return bool(
        phonenumbers.is_valid_number(number)
        or phonenumbers.is_valid_short_number(number)
        or (len(str(number.national_number)) == 8 and phonenumbers.is_valid_number(local))
    )
