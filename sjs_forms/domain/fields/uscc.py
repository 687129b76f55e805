"""统一社会信用代码, GB 32100-2015: corrected only where the check character proves it."""

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
"""A code that is nobody's."""
_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXYabcdefghjklmnpqrtuwxy"
"""Of a code: digits and letters without I, O, S, V and Z."""
_MISREAD = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
"""Letters that no code has, and what was most likely meant."""
_DIGITS = frozenset("0125")
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True)
class UsccKind(Kind):
    """A code of 18 digits and letters, the last of which checks the others."""

    name: ClassVar[str] = "uscc"

    def read(self, entry: Entry) -> EntryReading:
        """The code; a form of it that the check character proves is taken, and noted.

        Anything else stays as it was written, without full-width forms and blank edges, for
        `faults` to judge.
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
        """Text, or digits for want of quotation marks."""
        return isinstance(value, str | int) and not isinstance(value, bool)

    def bounds(self, value: Value) -> Doubt | None:
        """Too long a text to be printed; its faults are told otherwise."""
        return length_doubt(value, LINE_LIMIT)

    def faults(self, value: Any) -> Iterator[Doubt]:
        """A code that is none."""
        if value and not is_code(value):
            yield Doubt(
                "uscc-invalid",
                f"{value} 不是有效的统一社会信用代码（{_fault_of(value)}）。",
                "请对照营业执照核对18位代码：大写字母和数字，不含 I、O、S、V、Z，不留空格。",
            )

    def json_schema(self) -> dict[str, Any]:
        """Text; the check character is beyond a schema."""
        return {"type": "string", "maxLength": LINE_LIMIT}

    def printed(self, value: Any) -> str:
        """The code as it is."""
        return printed_line(value)

    def example(self) -> Value:
        """A code that is nobody's, with its check character."""
        return EXAMPLE

    def ask(self) -> str:
        """What to enter."""
        return "照营业执照写 18 位代码，字母大写，中间不留空格。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """18 characters."""
        refusal = "统一社会信用代码是 18 位，请对照营业执照核对。"
        return CellRule("textLength", str(LENGTH), None, refusal, "equal")


def is_code(text: str) -> bool:
    """Whether a text is a code, its check character included."""
    from stdnum.cn import uscc

    return bool(uscc.is_valid(text)) and uscc.compact(text) == text


def corrected_code(written: str) -> EntryReading:
    """A code without spaces, full-width and small letters, and with digits for misread letters.

    Each correction is noted. Where no check character proves it, the text stays as it was.
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
    """What is wrong with a code: the first character that is none of a code's, else its length."""
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
