"""Facts: what a paper says, with the place where it stands."""

from dataclasses import dataclass
from typing import Literal

from sjs_forms.reading.pages.page_words import Box

FactSource = Literal["text", "ocr", "qr", "seal"]
FactKind = Literal[
    "code", "name", "legal", "lessee", "buyer", "account", "company", "area", "start", "end",
    "year", "unit_price", "series", "number", "amount", "qr", "recognised",
    "recognised_on", "recognised_by",
]  # fmt: skip
"""As `domain.reading_rules.Compared`; and of invoices the number (with its `series`, the 发票代码
of an older one), the amounts and the QR code's text, of audit reports the year, of leases the price
of a square metre.
"""

CONFIDENCE = {"text": 1.0, "qr": 1.0, "seal": 0.9, "ocr": 0.8}
"""How sure a reading is by its source; what a check character proves is certain."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a page, from 1, says.

    `value` is without spaces, with half-width letters, digits and brackets. `verified` says that a
    check character or a check sum holds, or that it was text.
    """

    kind: FactKind
    value: str
    page: int
    box: Box
    source: FactSource
    verified: bool = False

    @property
    def confidence(self) -> float:
        """How sure it is, from 0 to 1."""
        return 1.0 if self.verified else CONFIDENCE[self.source]
