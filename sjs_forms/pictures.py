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
    from PIL.PngImagePlugin import PngInfo

    with Camera(volume) as camera:
        said = PngInfo()
        said.add_text("Software", TOOL)
        digits = max(3, len(str(max(sides, default=0))))
        for side in sides:
            stream = BytesIO()
            picture = camera.picture(side, dpi)
            picture.save(stream, "PNG", dpi=(dpi, dpi), optimize=True, pnginfo=said)
            yield f"{side:0{digits}}.png", stream.getvalue()


class Camera:
    """An open volume of which pictures are taken; `with` closes it."""

    def __init__(self, volume: Path) -> None:
        import pypdfium2

        self._document = pypdfium2.PdfDocument(volume)

    def __enter__(self) -> "Camera":
        """The camera itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the volume."""
        self._document.close()

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

    def jpeg(self, side: int, dpi: float, quality: int) -> bytes:
        """A side as JPEG."""
        stream = BytesIO()
        self.picture(side, dpi).save(stream, "JPEG", quality=quality, optimize=True)
        return stream.getvalue()
