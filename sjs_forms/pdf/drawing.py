"""Sides of a volume as pictures, drawn by PDFium."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from sjs_forms import TOOL

_GREY = 20
"""Channels that differ less than this (of 255) everywhere in the small make a grey page."""
_SMALL = (105, 148)


def png_pictures(volume: Path, sides: Sequence[int], dpi: float) -> Iterator[tuple[str, bytes]]:
    """Each side's file name (007.png) and PNG, one at a time."""
    with Camera(volume) as camera:
        digits = max(3, len(str(max(sides, default=0))))
        for side in sides:
            yield f"{side:0{digits}}.png", camera.png(side, dpi)


class Camera:
    """An open volume, or its bytes, of which pictures are taken; `with` closes it."""

    def __init__(self, volume: Path | bytes) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(volume)

    def __enter__(self) -> "Camera":
        """The camera itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the volume."""
        self._document.close()

    def __len__(self) -> int:
        """How many sides it has."""
        return len(self._document)

    def size(self, side: int) -> tuple[float, float]:
        """Width and height of a side in points."""
        width, height = self._document.get_page_size(side - 1)
        return float(width), float(height)

    def text(self, side: int) -> str:
        """The text of a side, in the order of its content."""
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
        """A side as a Pillow image, in grey where it has no colour."""
        from PIL import ImageChops

        page = self._document[side - 1]
        try:
            image = page.render(scale=dpi / 72).to_pil().convert("RGB")
        finally:
            page.close()
        red, green, blue = image.resize(_SMALL).split()
        apart = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
        if all(max(difference.tobytes()) < _GREY for difference in apart):
            return image.convert("L")
        return image

    def png(self, side: int, dpi: float, *, optimise: bool = True) -> bytes:
        """A side as PNG; one that need not be small is made in less time."""
        from PIL.PngImagePlugin import PngInfo

        said = PngInfo()
        said.add_text("Software", TOOL)
        stream = BytesIO()
        picture = self.picture(side, dpi)
        level = {"optimize": True} if optimise else {"compress_level": 1}
        picture.save(stream, "PNG", dpi=(dpi, dpi), pnginfo=said, **level)
        return stream.getvalue()

    def jpeg(self, side: int, dpi: float, quality: int) -> bytes:
        """A side as JPEG."""
        stream = BytesIO()
        self.picture(side, dpi).save(stream, "JPEG", quality=quality, optimize=True)
        return stream.getvalue()
