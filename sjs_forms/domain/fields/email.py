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
"""Between several addresses, as a form prints them."""
_SEPARATORS = re.compile(r"[;,、/|\s]+")


@dataclass(frozen=True)
class EmailKind(Kind):
    """One address or several; whether they are reachable is not looked up."""

    name: ClassVar[str] = "email"

    def read(self, entry: Entry) -> EntryReading:
        """The addresses, full-width forms as half-width."""
        understood = read_text(entry)
        if not isinstance(understood.value, str):
            return understood
        plain = unicodedata.normalize("NFKC", one_line(understood.value))
        return EntryReading(SEPARATOR.join(_addresses(plain)))

    def takes(self, value: object) -> bool:
        """Text."""
        return isinstance(value, str)

    def bounds(self, value: Value) -> Doubt | None:
        """Too long a text."""
        return length_doubt(value, LINE_LIMIT)

    def faults(self, value: Any) -> Iterator[Doubt]:
        """An address that is none."""
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
        """Text; `faults` judges the address."""
        return {"type": "string", "maxLength": LINE_LIMIT}

    def printed(self, value: Any) -> str:
        """The address as it is."""
        return printed_line(value)

    def example(self) -> Value:
        """An address of a domain that is nobody's (RFC 2606)."""
        return "name@example.com"

    def ask(self) -> str:
        """What to enter."""
        return "写电子邮箱地址，如 name@example.cn；有两个时用分号隔开。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """An @ and no blank."""
        formula = f'AND(ISNUMBER(FIND("@",{own})),ISERROR(FIND(" ",{own})))'
        return CellRule("custom", formula, None, "邮箱地址中应有 @，不能有空格。")


def _addresses(text: str) -> list[str]:
    """Return the addresses in a text; one with a blank inside is still one, and a mistake."""
    if text.count("@") < 2:
        return [text] if text else []
    return [part for part in _SEPARATORS.split(unicodedata.normalize("NFKC", text)) if part]
