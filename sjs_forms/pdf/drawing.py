"""Renders the sides of a volume as pictures with PDFium."""

import math
from io import BytesIO
from pathlib import Path
from typing import Any

from sjs_forms import TOOL

_GREY = 20
"""A page is grey if its channels differ by less than this (of 255) in a small rendering."""
_SMALL = (105, 148)
_MAX_PIXELS = 16_000_000
"""Limit on a picture in which a page is read or straightened."""


def drawn_within(page: Any, dpi: float) -> Any:
    """Return a page as a Pillow picture at this resolution, or as fine as the limit allows."""
    wide, high = page.get_size()
    most = math.sqrt(_MAX_PIXELS / max(wide * high, 1e-6))
    return page.render(scale=min(dpi / 72, most)).to_pil().convert("RGB")


class PageRenderer:
    """An open volume (a file or bytes) that renders pages. A context manager."""

    def __init__(self, volume: Path | bytes) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(volume)

    def __enter__(self) -> "PageRenderer":
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the volume."""
        self._document.close()

    def __len__(self) -> int:
        """Return the number of sides."""
        return len(self._document)

    def size(self, side: int) -> tuple[float, float]:
        """Return a side's width and height in points."""
        width, height = self._document.get_page_size(side - 1)
        return float(width), float(height)

    def text(self, side: int) -> str:
        """Return the text of a side, in the order of its content."""
        page = self._document[side - 1]
        try:
            words = page.get_textpage()
            try:
                return str(words.get_text_bounded())
            finally:
                words.close()
        finally:
            page.close()

    def picture(self, side: int, dpi: float) -> Any:
        """Render a side as a Pillow image, in grey if it has no colour."""
        from PIL import ImageChops

        page = self._document[side - 1]
        try:
            image = page.render(scale=dpi / 72).to_pil().convert("RGB")
        finally:
            page.close()
        red, green, blue = image.resize(_SMALL).split()
        differences = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
        if all(max(difference.tobytes()) < _GREY for difference in differences):
            return image.convert("L")
        return image

    def png(self, side: int, dpi: float, *, optimise: bool = True) -> bytes:
        """Render a side as PNG. `optimise=False` is faster and gives a larger file."""
        from PIL.PngImagePlugin import PngInfo

        metadata = PngInfo()
        metadata.add_text("Software", TOOL)
        stream = BytesIO()
        picture = self.picture(side, dpi)
        level = {"optimize": True} if optimise else {"compress_level": 1}
        picture.save(stream, "PNG", dpi=(dpi, dpi), pnginfo=metadata, **level)
        return stream.getvalue()

    def jpeg(self, side: int, dpi: float, quality: int) -> bytes:
        """Render a side as JPEG."""
        stream = BytesIO()
        self.picture(side, dpi).save(stream, "JPEG", quality=quality, optimize=True)
        return stream.getvalue()
