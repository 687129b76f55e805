"""Which pictures lie on a page and how large: found from the drawing without decoding any."""

import math
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Pdf, Stream

from sjs_forms.intake.geometry import IDENTITY, Box, Matrix, area, common, moved, times
from sjs_forms.intake.objects import entry, name_of, names_of, number, numbers, stream
from sjs_forms.intake.unusable import Unusable, too_large

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

_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's pixels and the box (points of the page as shown) that it fills."""

    across: int
    down: int
    box: Box


@dataclass(frozen=True, slots=True)
class Drawn:
    """A piece of content: its bytes, the resources it draws with, where it goes."""

    content: bytes
    resources: Any
    matrix: Matrix


def check_pixels(pdf: Pdf, max_pixels: int) -> None:
    """Raise Unusable where any picture of the document has more than `max_pixels`."""
    for found in pdf.objects:
        if stream(found) is None or name_of(found.get("/Subtype")) != "/Image":
            continue
        across, down = number(found.get("/Width")) or 0, number(found.get("/Height")) or 0
        if across * down > max_pixels:
            raise oversized(across * down, max_pixels)


def oversized(pixels: float, bound: int) -> Unusable:
    """The refusal of a picture of too many pixels."""
    return too_large("图像像素", f"{pixels / 1e6:,.0f} 百万", f"{bound / 1e6:,.0f} 百万")


def has_picture(resources: Any, depth: int = 0) -> bool:
    """Whether anything large enough for a scan hangs on these resources."""
    for _, drawn in names_of(entry(resources, "/XObject")):
        if stream(drawn) is None:
            continue
        kind = name_of(drawn.get("/Subtype"))
        if kind == "/Image" and _size(drawn, SMALLEST, THINNEST) is not None:
            return True
        if kind == "/Form" and depth < _DEEPEST and has_picture(drawn.get("/Resources"), depth + 1):
            return True
    return False


def covering(pdf: Pdf, drawn: Drawn, page: Box) -> list[Picture]:
    """The pictures that make `page` (a box as shown) a scan.

    That is each that covers COVERING of it; or, where none does, the strips and tiles that
    cover it together, as one picture of as many pixels.
    """
    if len(drawn.content) > LONGEST_DRAWING or not has_picture(drawn.resources):
        return []
    found: list[Picture] = []
    _gather(pdf, drawn, found, 0)
    whole = area(page)
    shares = [(picture, area(shared)) for picture in found if (shared := common(picture.box, page))]
    alone = [
        picture
        for picture, share in shares
        if share >= COVERING * whole and min(picture.across, picture.down) >= SMALLEST
    ]
    return alone or _together(shares, page)


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


def _size(image: Stream, longest: int, shortest: int) -> tuple[int, int] | None:
    """The picture's pixels, if it has so many along its longer and its shorter side."""
    across, down = number(image.get("/Width")) or 0, number(image.get("/Height")) or 0
    enough = max(across, down) >= longest and min(across, down) >= shortest
    return (int(across), int(down)) if enough else None


def _gather(pdf: Pdf, drawn: Drawn, found: list[Picture], depth: int) -> None:
    """Follow q, Q, cm and Do, into forms too, and note every picture drawn."""
    xobjects = dict(names_of(entry(drawn.resources, "/XObject")))
    now, saved = drawn.matrix, list[Matrix]()
    try:
        steps = pikepdf.parse_content_stream(Stream(pdf, drawn.content), "q Q cm Do")
    except pikepdf.PdfError:
        return
    for step in steps:
        operator = str(step.operator)
        if operator == "q":
            saved.append(now)
        elif operator == "Q":
            now = saved.pop() if saved else now
        elif operator == "cm":
            now = times(matrix_of(list(step.operands)), now)
        elif operator == "Do" and step.operands:
            _note(pdf, xobjects.get(name_of(step.operands[0])), now, found, depth)


def _note(pdf: Pdf, target: Any, now: Matrix, found: list[Picture], depth: int) -> None:
    if stream(target) is None or len(found) > 2_000:
        return
    size = _size(target, SMALLEST, THINNEST)
    if name_of(target.get("/Subtype")) == "/Image" and size is not None:
        box = moved(now, (0, 0, 1, 1))
        if area(box) > 0:
            found.append(Picture(size[0], size[1], box))
    elif name_of(target.get("/Subtype")) == "/Form" and depth < _DEEPEST:
        own = numbers(target.get("/Matrix"))
        matrix = times(matrix_of(own) if own else IDENTITY, now)
        try:
            content = target.read_bytes()
        except pikepdf.PdfError:
            return
        if len(content) <= LONGEST_DRAWING:
            resources = target.get("/Resources")
            _gather(pdf, Drawn(content, resources, matrix), found, depth + 1)


def matrix_of(values: list[Any]) -> Matrix:
    """Six numbers as a matrix; the identity for anything else."""
    found = [number(value) for value in values]
    if len(found) != 6 or None in found:
        return IDENTITY
    a, b, c, d, e, f = (value or 0.0 for value in found)
    return a, b, c, d, e, f
