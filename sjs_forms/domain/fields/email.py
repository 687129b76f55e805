"""Addresses for electronic mail."""

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


@dataclass(frozen=True)
class EmailKind(Kind):
    """One address. It is not checked whether it exists."""

    name: ClassVar[str] = "email"

    def read(self, entry: Entry) -> EntryReading:
        """Return the address, with full-width characters as half-width."""
        understood = read_text(entry)
        if not isinstance(understood.value, str):
            return understood
        return EntryReading(unicodedata.normalize("NFKC", one_line(understood.value)))

    def takes(self, value: object) -> bool:
        """Return whether it is text."""
        return isinstance(value, str)

    def bounds(self, value: Value) -> Doubt | None:
        """Return a doubt if the text is too long."""
        return length_doubt(value, LINE_LIMIT)

    def faults(self, value: Any) -> Iterator[Doubt]:
        """Yield a fault if the address is invalid."""
        from email_validator import EmailNotValidError, validate_email

        if not value:
            return
        try:
            validate_email(value, check_deliverability=False)
        except EmailNotValidError:
            yield Doubt(
                "email-invalid",
                f"{value} 不是有效的邮箱地址。",
                "请核对，应为 name@example.cn 的样子，用英文半角字符，中间不留空格。",
            )

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of text; `faults` checks the address."""
        return {"type": "string", "maxLength": LINE_LIMIT}

    def printed(self, value: Any) -> str:
        """Return the address unchanged."""
        return printed_line(value)

    def example(self) -> Value:
        """Return an address in a domain reserved for examples (RFC 2606)."""
        return "name@example.com"

    def ask(self) -> str:
        """Return what to enter."""
        return "写电子邮箱地址，如 name@example.cn。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Require an @ and forbid spaces."""
        formula = f'AND(ISNUMBER(FIND("@",{own})),ISERROR(FIND(" ",{own})))'
        return CellRule("custom", formula, None, "邮箱地址中应有 @，不能有空格。")
