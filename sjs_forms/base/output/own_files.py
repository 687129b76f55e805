"""Detects whether an existing file was written by this tool and is unchanged."""

from pathlib import Path

from sjs_forms.base.files.plain_files import is_special
from sjs_forms.base.files.stable_bytes import is_fixed_zip

PICTURE_SOFTWARE = b"Software\0sjs-forms"
"""The metadata of our PNGs, in their first chunks (PNG 11.3.4.3)."""

_HEAD = 1_000


def is_made_here(path: Path) -> bool:
    """Return whether a .docx, PDF or PNG is as this tool writes it; no other program saves them so.

    Raises OSError.
    """
    if is_special(path):
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK"):
        return is_fixed_zip(path)
    if head.startswith(b"\x89PNG"):
        return PICTURE_SOFTWARE in head
    return head.startswith(b"%PDF-") and _is_our_pdf(path)


def _is_our_pdf(path: Path) -> bool:
    """Check the producer, which any program that prints, signs or scans replaces."""
    import pikepdf

    try:
        with pikepdf.open(path) as pdf:
            producer = str(pdf.docinfo.get("/Producer", ""))
            return producer.startswith(("WeasyPrint", "sjs-forms")) and len(pdf.pages) > 0
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return False
