"""Addresses for electronic mail."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.entries import Doubt, Entry, EntryReading, Value
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell
from sjs_forms.domain.fields.line import (
    LINE_LIMIT,
    length_doubt,
    one_line,
    printed_line,
    read_text,
)

SEPARATOR = "；"
"""Separator of several addresses on a form."""
_SEPARATORS = re.compile(r"[;,、/|\s]+")


@dataclass(frozen=True)
class EmailKind(Kind):
    """One address or several. It is not checked whether they exist."""

    name: ClassVar[str] = "email"

    def read(self, entry: Entry) -> EntryReading:
        """Return the addresses, with full-width characters as half-width."""
        understood = read_text(entry)
        if not isinstance(understood.value, str):
            return understood
        plain = unicodedata.normalize("NFKC", one_line(understood.value))
        return EntryReading(SEPARATOR.join(_addresses(plain)))

    def takes(self, value: object) -> bool:
        """Return whether it is text."""
        return isinstance(value, str)

    def bounds(self, value: Value) -> Doubt | None:
        """Return a doubt if the text is too long."""
        return length_doubt(value, LINE_LIMIT)

    def faults(self, value: Any) -> Iterator[Doubt]:
        """Yield a fault for each invalid address."""
        from email_validator import EmailNotValidError, validate_email

        for address in _addresses(value or ""):
            try:
                validate_email(address, check_deliverability=False)
            except EmailNotValidError:
                yield Doubt(
                    "email-invalid",
                    f"{address} 不是有效的邮箱地址。",
                    "请核对，应为 name@example.cn 的样子，用英文半角字符，中间不留空格；"
                    "两个地址之间用分号隔开。",
                )

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of text; `faults` checks the address."""
        return {"type": "string", "maxLength": LINE_LIMIT}

    def printed(self, value: Any) -> str:
        """Return the addresses unchanged."""
        return printed_line(value)

    def example(self) -> Value:
        """Return an address in a domain reserved for examples (RFC 2606)."""
        return "name@example.com"

    def ask(self) -> str:
        """Return what to enter."""
        return "写电子邮箱地址，如 name@example.cn；有两个时用分号隔开。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Require an @ and forbid spaces."""
        formula = f'AND(ISNUMBER(FIND("@",{own})),ISERROR(FIND(" ",{own})))'
        return CellRule("custom", formula, None, "邮箱地址中应有 @，不能有空格。")


def _addresses(text: str) -> list[str]:
    """Return the addresses in a text. A single one is not split at spaces, which are a mistake."""
    if text.count("@") < 2:
        return [text] if text else []
    return [part for part in _SEPARATORS.split(unicodedata.normalize("NFKC", text)) if part]
