"""An invoice: who bought, its number and amounts, and what its QR code says of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sjs_forms.reading.facts import Fact
from sjs_forms.reading.organisations import completed
from sjs_forms.reading.page_text import Found, PageText

_NAME = re.compile(r"(?:购买?方|买方)?(?:信息)?名称(?=:|$|[\u4e00-\u9fffA-Z])")
_SERIES = re.compile(r"发票代码:?(\d{12}|\d{10})(?!\d)")
_SERIES_LABEL = re.compile(r"发票代码(?=:|$)")
_NUMBER = re.compile(r"(?:发票号码|№|No\.?):?(\d{20}|\d{8})(?!\d)")
_DIGITS = re.compile(r"\d{12}|\d{10}")
_AMOUNT = re.compile(r"(-?[¥￥]-?\d[\d,]{0,18}\.\d\d)")
_COLUMN = 0.2
"""Share of the page's width from which two names stand beside each other."""
_POLYNOMIAL = 0x8005
_MOST = 50
"""Numbers and amounts of a page that are looked at."""


@dataclass(frozen=True, slots=True)
class InvoiceCode:
    """What the QR code of an invoice says: 发票代码 of an older one ("" for others), number,
    amount as `1234.50`, date as `20250101`.
    """

    series: str
    number: str
    amount: str
    day: str


def invoice_facts(pages: Sequence[PageText]) -> Iterator[Fact]:
    """Yield `buyer`, `series`, `number`, `amount` and, if its check sum holds, `qr`."""
    for page in pages:
        buyer = _buyer(page)
        if buyer is not None:
            yield page.fact("buyer", buyer)
        for found in _series(page):
            yield page.fact("series", found)
        for found in islice(page.matches(_NUMBER), _MOST):
            yield page.fact("number", found)
        for found in islice(page.matches(_AMOUNT), _MOST):
            amount = re.sub(r"[^-.\d]", "", found.text)
            yield page.fact("amount", Found(amount, found.box))
        for code in page.reading.codes:
            if invoice_code(code.text) is not None:
                yield Fact("qr", code.text, page.reading.page, code.box, "qr", verified=True)


def _series(page: PageText) -> Iterator[Found]:
    """Yield each 发票代码 that a page labels, once."""
    seen = set()
    for found in islice((*page.matches(_SERIES), *page.labelled(_SERIES_LABEL)), _MOST):
        if _DIGITS.fullmatch(found.text) and found.text not in seen:
            seen.add(found.text)
            yield found


def _buyer(page: PageText) -> Found | None:
    """Return the name of the buyer, who stands left of the seller, or above.

    Where one name alone was read, it may be the seller's.
    """
    named = filter(None, map(completed, page.labelled(_NAME)))
    found = sorted(named, key=lambda one: one.box[0])
    if len(found) < 2:
        return None
    if found[1].box[0] - found[0].box[0] > _COLUMN * page.reading.width:
        return found[0]
    return min(found, key=lambda one: one.box[1])


def invoice_code(text: str) -> InvoiceCode | None:
    """Return what the text of a QR code says if it is an invoice's, and its check sum holds.

    The fields are 01, the kind, the code of older invoices, number, amount, date, the check code
    of older invoices, and the sum.
    """
    head, _, written = text.strip().rpartition(",")
    fields = head.split(",")
    if len(fields) != 7 or fields[0] != "01" or not fields[3].isdecimal():
        return None
    if f"{_check_sum(head + ',').upper():0>4}" != f"{written.upper():0>4}":
        return None
    return InvoiceCode(fields[2], fields[3], fields[4], fields[5])


def _check_sum(text: str) -> str:
    """CRC-16 with the polynomial 0x8005 from 0, highest bit first, in hexadecimal digits."""
    found = 0
    for byte in text.encode("utf-8"):
        found ^= byte << 8
        for _ in range(8):
            found = (found << 1 ^ (_POLYNOMIAL if found & 0x8000 else 0)) & 0xFFFF
    return f"{found:x}"
