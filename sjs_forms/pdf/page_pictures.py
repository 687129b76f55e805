"""Which pictures lie on a page and how large: found from the drawing without decoding any."""

import math
from dataclasses import dataclass

from pikepdf import Pdf, Stream

from sjs_forms.base.file_refusal import FileRefused, too_large
from sjs_forms.pdf.image_places import Drawing, Drawings, Place
from sjs_forms.pdf.matrices import Box, Matrix, area, common, moved, times
from sjs_forms.pdf.objects import name_of, number, stream

CLEAR_DPI = 150
"""Dots per inch on paper below which a scan is not 清晰."""

COVERING = 0.6
"""Share of the page that one picture must cover for the page to be a scan."""

TOGETHER = 0.8
"""Share of the page that several pictures must cover, for it to be a scan cut in strips."""

THINNEST = 4
"""Pixels below which a strip is a plain fill."""

SMALLEST = 100
"""Pixels on either side below which a picture is an ornament or a plain fill, not a scan."""

LONGEST_DRAWING = 3_000_000
"""Bytes of content above which a page is taken for a drawing, not for a scan."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's pixels and the box (points of the page as shown) that it fills."""

    across: int
    down: int
    box: Box


def check_pixels(pdf: Pdf, max_pixels: int) -> None:
    """Raise FileRefused where any picture of the document has more than `max_pixels`."""
    for found in pdf.objects:
        if stream(found) is None or name_of(found.get("/Subtype")) != "/Image":
            continue
        across, down = number(found.get("/Width")) or 0, number(found.get("/Height")) or 0
        if across * down > max_pixels:
            raise oversized(across * down, max_pixels)


def oversized(pixels: float, bound: int) -> FileRefused:
    """The refusal of a picture of too many pixels."""
    return too_large("图像像素", f"{pixels / 1e6:,.0f} 百万", f"{bound / 1e6:,.0f} 百万")


def drawings_of(pdf: Pdf) -> Drawings:
    """Reads where the document draws pictures that may be a scan or a strip of one."""
    return Drawings(pdf, LONGEST_DRAWING, lambda image: _size(image) is not None)


def covering(drawing: Drawing, matrix: Matrix, page: Box) -> list[Picture]:
    """The pictures that make `page` (a box as shown) a scan; `matrix` is that of its content.

    That is each that covers COVERING of it; or, where none does, the strips and tiles that
    cover it together, as one picture of as many pixels.
    """
    found = [picture for place in drawing.places if (picture := _picture(place, matrix))]
    whole = area(page)
    shares = [(picture, area(shared)) for picture in found if (shared := common(picture.box, page))]
    alone = [
        picture
        for picture, share in shares
        if share >= COVERING * whole and min(picture.across, picture.down) >= SMALLEST
    ]
    return alone or _together(shares, page)


def _picture(place: Place, matrix: Matrix) -> Picture | None:
    size, box = _size(place.image), moved(times(place.matrix, matrix), (0, 0, 1, 1))
    return Picture(*size, box) if size is not None and area(box) > 0 else None


def _together(shares: list[tuple[Picture, float]], page: Box) -> list[Picture]:
    """Strips of a scan as the one picture that they were cut from."""
    covered = sum(share for _, share in shares)
    if len(shares) < 2 or covered < TOGETHER * area(page):
        return []
    pixels = sum(
        picture.across * picture.down * share / area(picture.box) for picture, share in shares
    )
    dots = math.sqrt(pixels / covered)
    across, down = (page[2] - page[0]) * dots, (page[3] - page[1]) * dots
    return [Picture(round(across), round(down), page)]


def dots_per_inch(pictures: list[Picture]) -> float | None:
    """The finest of the covering pictures at the page's own size; None without one."""
    found = []
    for picture in pictures:
        inches = sorted(
            ((picture.box[2] - picture.box[0]) / 72, (picture.box[3] - picture.box[1]) / 72)
        )
        pixels = sorted((picture.across, picture.down))
        found.append(min(pixels[0] / inches[0], pixels[1] / inches[1]))
    return max(found) if found else None


def _size(image: Stream) -> tuple[int, int] | None:
    """The picture's pixels, if they are enough for a strip of a scan."""
    across, down = number(image.get("/Width")) or 0, number(image.get("/Height")) or 0
    enough = max(across, down) >= SMALLEST and min(across, down) >= THINNEST
    return (int(across), int(down)) if enough else None
