"""Text of several paragraphs."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.entries import Entry, EntryReading
from sjs_forms.domain.fields.line import WrittenKind, printed_paragraphs, read_text

TEXT_LIMIT = 20_000
"""Limit on the characters of a text of several paragraphs."""


@dataclass(frozen=True)
class TextKind(WrittenKind):
    """Text in which a newline starts a paragraph.

    A form prints `line_length` characters in a line (0: unknown). From this it is estimated
    whether the text fits on one page.
    """

    name: ClassVar[str] = "text"
    limit: int = TEXT_LIMIT
    line_length: int = 0

    def read(self, entry: Entry) -> EntryReading:
        """Return the text as written."""
        return read_text(entry)

    def printed(self, value: Any) -> str:
        """Return the paragraphs, separated by newlines."""
        return "\n".join(printed_paragraphs(value))

    def ask(self) -> str:
        """Return what to enter."""
        return f"可写多段，最多 {self.limit:,} 个字。"

    def ask_in_cell(self) -> str:
        """Return what to enter, and how to start a paragraph in a cell."""
        return f"可写多段，Alt+Enter 换段，最多 {self.limit:,} 个字。"
