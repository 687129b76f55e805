"""What the streams of a clean PDF unpack to, pictures apart: whoever reads it later is spared more.

A megabyte can become a gigabyte, and PDFium takes some 20 bytes for each byte of a drawing.
Pictures are bounded by their pixels (see `page_pictures`).
"""

from typing import Any

import pikepdf
from pikepdf import Pdf, PdfError, Stream

from sjs_forms.base.file_refusal import Unusable
from sjs_forms.intake.refusals import too_intricate
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import decoded, name_of, stream

_MOST_TIMES = 1032
"""How often its own size deflated data can become (zlib: 258 bytes of two bits each)."""


def check_unpacked(pdf: Pdf, bound: int) -> None:
    """Raise Unusable where a stream that is no picture unpacks to more than `bound` bytes."""
    for found in pdf.objects:
        held = stream(found)
        if held is None or name_of(held.get("/Subtype")) == "/Image":
            continue
        if not _is_surely_small(held, bound):
            try:
                decoded(held, bound)
            except Unusable:
                raise too_intricate(bound) from None
            except (Damaged, PdfError):
                continue  # whoever reads it gets nothing of it


def _is_surely_small(held: Stream, bound: int) -> bool:
    filters: Any = held.get("/Filter")
    if filters is None:
        return True
    once = isinstance(filters, pikepdf.Name) or len(filters) == 1
    only = name_of(filters if isinstance(filters, pikepdf.Name) else filters[0]) if once else ""
    raw = int(held.get("/Length", bound))
    return only in ("/FlateDecode", "/Fl") and raw * _MOST_TIMES <= bound
