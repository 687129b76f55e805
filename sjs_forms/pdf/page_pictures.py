"""Finds which pictures a page shows and how large, from its content, without decoding them."""

import math
from dataclasses import dataclass

from pikepdf import Pdf, Stream

from sjs_forms.base.findings.file_refusal import FileRefused, too_large
from sjs_forms.pdf.image_places import Drawing, Drawings, Place
from sjs_forms.pdf.matrices import Box, Matrix, area, intersection, moved, multiplied
from sjs_forms.pdf.objects import name_of, number, stream

CLEAR_DPI = 150
"""Dots per inch on paper below which a scan is not clear (清晰)."""

COVERING = 0.6
"""Share of the page that one picture must cover for the page to count as a scan."""

TOGETHER = 0.8
"""Share of the page that several pictures must cover together to count as a scan in strips."""

THINNEST = 4
"""A strip less than this many pixels wide or high is a plain fill."""

SMALLEST = 100
"""A picture with fewer pixels than this on either side is an ornament or a fill, not a scan."""

LONGEST_DRAWING = 3_000_000
"""A page with more bytes of content than this is a vector drawing, not a scan."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's size in pixels and the box (points, on the page as shown) that it fills."""

    across: int
    down: int
    box: Box


def check_pixels(pdf: Pdf, max_pixels: int) -> None:
    """Raise FileRefused if any picture of the document has more than `max_pixels`."""
    for found in pdf.objects:
        if stream(found) is None or name_of(found.get("/Subtype")) != "/Image":
            continue
        across, down = number(found.get("/Width")) or 0, number(found.get("/Height")) or 0
        if across * down > max_pixels:
            raise oversized(across * down, max_pixels)


def oversized(pixels: float, bound: int) -> FileRefused:
    """Return the refusal of a picture with too many pixels."""
    return too_large("图像像素", f"{pixels / 1e6:,.0f} 百万", f"{bound / 1e6:,.0f} 百万")


def drawings_of(pdf: Pdf) -> Drawings:
    """Return a reader of the places of pictures that may be a scan or a strip of one."""
    return Drawings(pdf, LONGEST_DRAWING, lambda image: _size(image) is not None)


def covering(drawing: Drawing, matrix: Matrix, page: Box) -> list[Picture]:
    """Return the pictures that make `page` a scan.

    `page` is a box as shown, `matrix` that of its content. These are the pictures that each cover
    COVERING of the page; if none does, the strips and tiles that cover it together, as one picture
    of as many pixels.
    """
    found = [picture for place in drawing.places if (picture := _picture(place, matrix))]
    whole = area(page)
    shares = [
        (picture, area(shared)) for picture in found if (shared := intersection(picture.box, page))
    ]
    alone = [
        picture
        for picture, share in shares
        if share >= COVERING * whole and min(picture.across, picture.down) >= SMALLEST
    ]
    return alone or _together(shares, page)


def _picture(place: Place, matrix: Matrix) -> Picture | None:
    size, box = _size(place.image), moved(multiplied(place.matrix, matrix), (0, 0, 1, 1))
    return Picture(*size, box) if size is not None and area(box) > 0 else None


def _together(shares: list[tuple[Picture, float]], page: Box) -> list[Picture]:
    """Combine the strips of a scan into one picture."""
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
    """Return the finest resolution of the covering pictures at the page's own size, or None."""
    found = []
    for picture in pictures:
        inches = sorted(
            ((picture.box[2] - picture.box[0]) / 72, (picture.box[3] - picture.box[1]) / 72)
        )
        pixels = sorted((picture.across, picture.down))
        found.append(min(pixels[0] / inches[0], pixels[1] / inches[1]))
    return max(found) if found else None


def _size(image: Stream) -> tuple[int, int] | None:
    """Return the picture's size in pixels, if it is large enough for a strip of a scan."""
    across, down = number(image.get("/Width")) or 0, number(image.get("/Height")) or 0
    enough = max(across, down) >= SMALLEST and min(across, down) >= THINNEST
    return (int(across), int(down)) if enough else None
