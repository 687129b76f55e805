"""统一社会信用代码 (GB 32100-2015), corrected only if the check character then matches."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.entries import Doubt, Entry, EntryReading, Value
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell
from sjs_forms.domain.fields.line import (
    LINE_LIMIT,
    digits_lost,
    length_doubt,
    one_line,
    printed_line,
    read_text,
)

LENGTH = 18
EXAMPLE = "91110107MAYYYYY12M"
"""A code that belongs to no company."""
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXYabcdefghjklmnpqrtuwxy"
"""Characters of a code: digits and letters without I, O, S, V and Z."""
_MISREAD = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
"""Letters that no code contains, and the character that was most likely meant."""
_DIGITS = frozenset("0125")
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class UsccKind(Kind):
    """A code of 18 digits and letters, the last of which is the check character."""

    name: ClassVar[str] = "uscc"

    def read(self, entry: Entry) -> EntryReading:
        """Return the code; a correction confirmed by the check character is made, with a note.

        Any other text is returned without full-width characters and outer blanks, and left to
        `faults`.
        """
        value = entry.value
        if isinstance(value, int) and not isinstance(value, bool) and not entry.is_cell:
            entry = Entry(str(value)) if abs(value) < 10**LENGTH else entry
        understood = read_text(entry)
        if not isinstance(understood.value, str):
            return understood
        written = one_line(understood.value)
        if _EXPONENT.fullmatch(unicodedata.normalize("NFKC", written)):
            return digits_lost(written)
        return corrected_code(written)

    def takes(self, value: object) -> bool:
        """Return whether it is text, or an integer (digits without quotation marks)."""
        return isinstance(value, str | int) and not isinstance(value, bool)

    def bounds(self, value: Value) -> Doubt | None:
        """Return a doubt if the text is too long to be printed; `faults` has all others."""
        return length_doubt(value, LINE_LIMIT)

    def faults(self, value: Any) -> Iterator[Doubt]:
        """Yield a fault if the code is invalid."""
        if value and not is_code(value):
            yield Doubt(
                "uscc-invalid",
                f"{value} 不是有效的统一社会信用代码（{_fault_of(value)}）。",
                "请对照营业执照核对18位代码：大写字母和数字，不含 I、O、S、V、Z，不留空格。",
            )

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of text; a schema cannot check the check character."""
        return {"type": "string", "maxLength": LINE_LIMIT}

    def printed(self, value: Any) -> str:
        """Return the code unchanged."""
        return printed_line(value)

    def example(self) -> Value:
        """Return a valid code that belongs to no company."""
        return EXAMPLE

    def ask(self) -> str:
        """Return what to enter."""
        return "照营业执照写 18 位代码，字母大写，中间不留空格。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Require 18 characters."""
        refusal = "统一社会信用代码是 18 位，请对照营业执照核对。"
        return CellRule("textLength", str(LENGTH), None, refusal, "equal")


def is_code(text: str) -> bool:
    """Return whether a text is a code with a valid check character."""
    from stdnum.cn import uscc

    return bool(uscc.is_valid(text)) and uscc.compact(text) == text


def corrected_code(written: str) -> EntryReading:
    """Return a code with spaces removed, letters in ASCII capitals, and misread letters replaced.

    Corrections are noted. If the check character does not then match, the text is unchanged.
    """
    plain = unicodedata.normalize("NFKC", written)
    if is_code(written):
        return EntryReading(written)
    tidy = "".join(plain.split()).replace("-", "").upper()
    meant = "".join(_MISREAD.get(one, one) for one in tidy)
    if len(tidy) != LENGTH or not is_code(meant):
        return EntryReading(written)
    why = "；".join(_corrections(written, tidy, meant))
    note = Doubt(
        "code-corrected",
        f"写的是“{written}”，已按 {meant} 读取（{why}）。",
        "请对照营业执照核对。",
    )
    return EntryReading(meant, note=note)


def _corrections(written: str, tidy: str, meant: str) -> Iterator[str]:
    for number, (was, now) in enumerate(zip(tidy, meant, strict=True), 1):
        if was != now:
            what = "数字" if now in _DIGITS else "字母"
            yield f"第{number}位字母 {was} 应为{what} {now}"
    if any(one.isspace() or one in "-－" for one in written):
        yield "去掉了空格和短横"
    if unicodedata.normalize("NFKC", written) != written:
        yield "全角改为半角"
    if written != written.upper():
        yield "字母改为大写"


def _fault_of(code: str) -> str:
    """Return what is wrong with a code: its first invalid character, else its length."""
    for number, character in enumerate(code, 1):
        plain = unicodedata.normalize("NFKC", character)
        if plain != character and len(plain) == 1 and plain in _CHARACTERS:
            return f"第{number}位“{character}”是全角字符，应为半角的 {plain}"
        if character.isspace() and len("".join(code.split())) == LENGTH:
            return f"第{number}位是空格"
    if len(code) != LENGTH:
        return f"应为18位，现为{len(code)}位"
    if code != code.upper():
        return "字母应为大写"
    for number, character in enumerate(code, 1):
        if character in _MISREAD:
            return f"第{number}位“{character}”不会出现在代码中，多半是 {_MISREAD[character]}"
        if character not in _CHARACTERS:
            return f"第{number}位“{character}”不会出现在代码中"
    return "校验位不符，可能有一位写错"
