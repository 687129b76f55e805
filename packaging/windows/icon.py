"""Draws the icon, a bound book with coloured dividers, and the installer's picture with it."""

from pathlib import Path

from PIL import Image, ImageDraw

_SIDE = 256
_SIZES = (16, 24, 32, 48, 64, 128, 256)
_COVER, _SPINE, _PAPER, _LINE = "#b3261e", "#8c1d18", "#fffdf7", "#b3261e"
_PICTURE, _GROUND = (164, 314), "#f3ede4"
"""Size in pixels, as NSIS's Modern UI asks for it."""
_TABS = ("#3b6fb5", "#e0a526", "#3f8f5f")


def write_icon(path: Path) -> None:
    """Write the icon in all sizes that Windows asks for."""
    _book().save(path, sizes=[(side, side) for side in _SIZES])


def write_picture(path: Path) -> None:
    """Write the bitmap at the left of the installer's first and last page."""
    image = Image.new("RGB", _PICTURE, _GROUND)
    book = _book().resize((112, 112), Image.Resampling.LANCZOS)
    image.paste(book, ((_PICTURE[0] - 112) // 2, 76), book)
    image.save(path, "BMP")


def _book() -> Image.Image:
    image = Image.new("RGBA", (_SIDE, _SIDE))
    draw = ImageDraw.Draw(image)
    for number, colour in enumerate(_TABS):
        top = 58 + 50 * number
        draw.rounded_rectangle((196, top, 240, top + 36), 8, fill=colour)
    draw.rounded_rectangle((38, 16, 214, 240), 14, fill=_COVER)
    draw.rounded_rectangle((38, 16, 76, 240), 14, fill=_SPINE)
    draw.rectangle((62, 16, 76, 240), fill=_SPINE)
    draw.rounded_rectangle((96, 52, 194, 128), 6, fill=_PAPER)
    for top, right in ((72, 178), (90, 178), (108, 150)):
        draw.rectangle((112, top - 3, right, top + 3), fill=_LINE)
    return image
