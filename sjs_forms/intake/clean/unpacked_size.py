"""What the streams of a clean PDF unpack to, pictures apart: whoever reads it later is spared more.

A megabyte can become a gigabyte, and PDFium takes some 20 bytes for each byte of a drawing.
Pictures are bounded by their pixels (see `page_pictures`).
"""

from pikepdf import Pdf, PdfError, Stream

from sjs_forms.base.file_refusal import FileRefused
from sjs_forms.intake.refusals import too_intricate
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import decoded, items, name_of, stream

_MOST_TIMES = 1032
"""How often its own size deflated data can become (zlib: 258 bytes of two bits each)."""


def check_unpacked(pdf: Pdf, bound: int) -> None:
    """Raise FileRefused where a stream that is no picture unpacks to more than `bound` bytes."""
    for found in pdf.objects:
        held = stream(found)
        if held is None or name_of(held.get("/Subtype")) == "/Image":
            continue
        try:
            if not _is_surely_small(held, bound):
                decoded(held, bound)
        except FileRefused:
            raise too_intricate(bound) from None
        except (Damaged, PdfError, RuntimeError):
            continue  # whoever reads it gets nothing of it


def _is_surely_small(held: Stream, bound: int) -> bool:
    """Whether that many bytes cannot come of a stream; its /Length is not believed."""
    given = held.get("/Filter")
    if given is None:
        return True
    filters = [name_of(one) for one in items(given) or [given]]
    if filters not in (["/FlateDecode"], ["/Fl"]):
        return False
    return len(held.read_raw_bytes()) * _MOST_TIMES <= bound
