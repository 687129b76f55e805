"""One line of text, and the common base of the kinds of text."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, ClassVar

from sjs_forms.base.usual_characters import usual_characters
from sjs_forms.domain.fields.entries import (
    BLANKS,
    NOTHING,
    Doubt,
    Entry,
    EntryReading,
    Value,
    refusal,
    shown,
)
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell

LINE_LIMIT = 200
"""Limit on the characters of a line."""

EXACT_DIGITS = 10**15
"""Excel stores 15 digits of a number; from here on the last ones are lost."""

_LINE_END = re.compile(r"\s*(?:\r\n?|[\n\v\f\x85\u2028\u2029])\s*")
_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_EDGES = re.compile(r"^[\s\ufeff]+|[\s\ufeff]+$")
_SEVERAL_BLANKS = re.compile(" {2,}")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class WrittenKind(Kind):
    """Text of at most `limit` characters, of one line or several paragraphs."""

    limit: int

    def takes(self, value: object) -> bool:
        """Return whether it is text."""
        return isinstance(value, str)

    def bounds(self, value: Value) -> Doubt | None:
        """Return a doubt if the text is too long."""
        return length_doubt(value, self.limit)

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of text of at most `limit` characters."""
        return {"type": "string", "maxLength": self.limit}

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Allow text no longer than `limit`."""
        return CellRule("textLength", "1", str(self.limit), f"最多 {self.limit:,} 个字。")


@dataclass(frozen=True)
class LineKind(WrittenKind):
    """One line of text."""

    name: ClassVar[str] = "line"
    limit: int = LINE_LIMIT

    def read(self, entry: Entry) -> EntryReading:
        """Return the text, without line ends that a clerk inserted to fit a cell."""
        understood = read_text(entry)
        if not isinstance(understood.value, str):
            return understood
        return EntryReading(one_line(understood.value), note=understood.note)

    def printed(self, value: Any) -> str:
        """See `printed_line`."""
        return printed_line(value)

    def ask(self) -> str:
        """Return what to enter."""
        return f"写一行文字，最多 {self.limit} 个字。"


def read_text(entry: Entry) -> EntryReading:
    """Return text as written; a number as its cell shows it, unless Excel has lost digits.

    Second codes of a character are replaced by the usual one, see `usual_characters`.
    """
    value = entry.value
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return EntryReading(usual_characters(value.strip(BLANKS)) or None)
    if entry.is_cell:
        return _from_cell(entry)
    return refusal("not-text", "应是文字。", "请重新填写。", "text")


def _from_cell(entry: Entry) -> EntryReading:
    value = entry.value
    if isinstance(value, bool):
        return EntryReading("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        if abs(value) >= EXACT_DIGITS:
            return digits_lost(number_text(value))
        return EntryReading(number_text(value, entry.digits))
    if isinstance(value, date | time | timedelta):
        return refusal(
            "became-date",
            f"被 Excel 当成了日期或时间（{shown(value)}），原来写的已无从知道。",
            "请先把单元格格式设为“文本”，再重新填写。",
        )
    return EntryReading(str(value))


def number_text(value: float, digits: int = 0) -> str:
    """Return a number as its cell shows it, with the leading zeros of the cell's format."""
    text = f"{value:.15g}"
    return text.zfill(digits) if text.isdigit() else text


def digits_lost(text: str) -> EntryReading:
    """Return the refusal of a number whose last digits Excel has lost."""
    return refusal(
        "digits-lost",
        f"存成了数字 {text}，末几位已被 Excel 舍去。",
        "请对照原件重新填写；在 Excel 里，先把单元格格式设为“文本”。",
    )


def one_line(text: str) -> str:
    """Return text without line ends: beside Chinese each is dropped, else it becomes a space."""

    def joined(end: re.Match[str]) -> str:
        beside = (text[at] for at in (end.start() - 1, end.end()) if 0 <= at < len(text))
        return "" if any(ord(one) >= 0x2E80 for one in beside) else " "

    return _LINE_END.sub(joined, text)


def length_doubt(value: Value, limit: int) -> Doubt | None:
    """Return a doubt if a text is longer than `limit`."""
    if not isinstance(value, str) or len(value) <= limit:
        return None
    return Doubt("length", f"最多 {limit} 个字。", "请删减后再试。")


def printed_line(value: str | None) -> str:
    """Return text as one line: each run of spaces and line ends becomes one space.

    Otherwise Word and PDF could break the line at different places.
    """
    return _SEVERAL_BLANKS.sub(" ", _EDGES.sub("", _printable(_LINE_ENDS.sub(" ", value or ""))))


def printed_paragraphs(value: str | None) -> list[str]:
    """Return the paragraphs of a text without empty ones and without indents; at least one."""
    written = [printed_line(part) for part in _LINE_ENDS.split(value or "")]
    return [part for part in written if part] or [""]


def _printable(text: str) -> str:
    # XML allows neither most control characters nor lone surrogates. `checks` reports them; here
    # they are replaced, so that Word can open the file and shows the same as the PDF.
    return _NOT_IN_XML.sub(_REPLACEMENT, text.replace("\t", " "))
