"""Small pictures of a volume's pages, drawn by PDFium."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

DOTS_PER_INCH = 30


def thumbnails(path: Path, sides: Iterable[int]) -> dict[int, bytes]:
    """Each side of the PDF at `path` (page n is side n) as PNG bytes."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        return {side: _drawn(document[side - 1]) for side in sides}
    finally:
        document.close()


def _drawn(page: Any) -> bytes:
    picture = page.render(scale=DOTS_PER_INCH / 72).to_pil()
    page.close()
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
