"""Limits the unpacked size of streams other than pictures, to protect later readers.

A megabyte can become a gigabyte, and PDFium takes about 20 bytes of memory per byte of content.
Pictures are limited by their pixels (see `page_pictures`).
"""

from pikepdf import Pdf, PdfError, Stream

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.intake.refusals import too_intricate
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import decoded, items, name_of, stream

_MAX_TIMES = 1032
"""Maximum ratio of deflate (zlib: 258 bytes from two bits each)."""


def check_unpacked(pdf: Pdf, bound: int) -> None:
    """Raise FileRefused if a stream other than a picture unpacks to more than `bound` bytes."""
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
            continue  # no reader can decode it


def _is_surely_small(held: Stream, bound: int) -> bool:
    """Return whether a stream cannot unpack to that many bytes. Its /Length is ignored."""
    given = held.get("/Filter")
    if given is None:
        return True
    filters = [name_of(one) for one in items(given) or [given]]
    if filters not in (["/FlateDecode"], ["/Fl"]):
        return False
    return len(held.read_raw_bytes()) * _MAX_TIMES <= bound
