"""Text of several paragraphs."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.entries import Entry, EntryReading
from sjs_forms.domain.fields.line import WrittenKind, printed_paragraphs, read_text

TEXT_LIMIT = 20_000
"""Characters that a text of several paragraphs may have."""


@dataclass(frozen=True)
class TextKind(WrittenKind):
    """Text in which a newline starts a paragraph.

    A form prints `line_length` characters of it in a line (0: not known): so it is decided
    whether a text stays on one page.
    """

    name: ClassVar[str] = "text"
    limit: int = TEXT_LIMIT
    line_length: int = 0

    def read(self, entry: Entry) -> EntryReading:
        """The text as it was written."""
        return read_text(entry)

    def printed(self, value: Any) -> str:
        """The paragraphs, one below the other."""
        return "\n".join(printed_paragraphs(value))

    def ask(self) -> str:
        """What to enter."""
        return f"可写多段，最多 {self.limit:,} 个字。"

    def ask_in_cell(self) -> str:
        """What to enter, and how a cell starts a paragraph."""
        return f"可写多段，Alt+Enter 换段，最多 {self.limit:,} 个字。"
