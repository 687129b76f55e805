"""Detects a round red seal on a page by its colour and shape.

Red ink absorbs green and blue but not red, so the measured redness does not depend on paper tone
and shadows. Red cells of one millimetre are searched for ellipses of a seal's size, at all places
at once: the page is one integer with one bit per cell, and the cells on an ellipse are counted by
adding shifted copies of it, bit plane by bit plane. The paper around a seal is usually free; if it
is not, more of the ellipse must be red.

Companies' seals are 38 to 45 mm wide, oval ones 40 × 30 or 45 × 30.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pikepdf import Name
from PIL import Image, ImageChops, ImageFilter

from sjs_forms.domain.source_facts import SealLook
from sjs_forms.pdf.matrices import Box
from sjs_forms.pdf.objects import Key, entry, items, key_of, name_of, names_of, number, stream

MM = 2
"""Pixels per millimetre of the examined picture: about 50 dpi."""
_A4 = (210 * MM, 297 * MM)
_NEARLY = 0.99
"""A page that would be shrunk by less is not scaled: the seal changes by half a
millimetre at most.
"""
_BLACK = 1.4
"""Weight of missing red, subtracted from the redness to exclude black, blue and brown."""
_PALEST = 12
"""Redness (of 255) below which a cell is never red."""
_AGAINST_NEXT, _NEXT = 0.45, 4
"""A cell with less than this share of the highest redness within _NEXT millimetres is only its
blur.
"""
_UNEVEN = 4
"""Amount (of 255) by which the redness of paper may vary."""
_MIN = 60
"""Red cells that even a poor seal has; pages with fewer are not searched."""
_FAINTEST = _PALEST + _UNEVEN - 1
"""Difference of channels that one pixel of each red cell has at least: see `_may_be_red`. The mean
of a cell has no greater difference than its pixels, but for one by rounding.
"""
_SHARED = 4
"""Cells that may share a pixel where a page is scaled."""
_POINTS = 48
"""Number of sample points on an ellipse."""
_BEYOND = (3.5, 5.5)
"""Distances in millimetres outside an ellipse at which the surrounding paper is sampled."""
_CIRCLES = ((27, 2), (34, 8), (42, 16))
_OVALS = ((43, 12),)
"""Minimum number of red points, by the maximum number of red points around them.

Measured by tests/intake/measure_seals.py on 240 pages with a seal and 240 without. The seals were
clear, oval, pale, dry, off in hue, on coloured paper, over another seal, under a letterhead, over
a red table, or photographed. The other pages had letterheads, tables, names' seals, frames,
corrections, photographs and signs in red, blue seals, or text all in red. Of the seals 237 were
found; 2 were too pale and 1 too dry. Of the other pages 2 were taken for sealed: a photograph, and
a paragraph set in red.
"""
_HOLLOW = 20
"""Maximum number of red points on the ellipse of half the size, because a seal is empty between its
star and its text.
"""
_APART = 0.6
"""Distance of the centres of two seals, in half heights of the lower one."""
_MARGIN = 38
"""Margin in cells, so that no ellipse wraps from one row to the next."""
_GREY = 12
"""A pixel whose channels differ by no more than this is grey."""
_MAX_PICTURES = 1_000


@dataclass(frozen=True, slots=True)
class _Shape:
    """An ellipse by its half axes in millimetres and the rotation of the first in radians."""

    a: float
    b: float
    angle: float = 0.0


@cache
def _points(shape: _Shape, beyond: float = 0.0, size: float = 1.0) -> tuple[tuple[int, int], ...]:
    """Return cells along an ellipse, along one some millimetres outside it, or a smaller one."""
    cos, sin = math.cos(shape.angle), math.sin(shape.angle)
    a, b = shape.a * size + beyond, shape.b * size + beyond
    found = []
    for step in range(_POINTS):
        t = 2 * math.pi * step / _POINTS
        x, y = a * math.cos(t), b * math.sin(t)
        found.append((round(x * cos - y * sin), round(x * sin + y * cos)))
    return tuple(found)


_ROUND = tuple(
    _Shape(across / 2, across / 2) for across in sorted(range(30, 61), key=lambda d: abs(d - 41))
)
"""Diameters from 30 mm (42 mm on A3 shrunk to A4) to 60 mm (the largest seals of authorities), the
usual ones first.
"""
_OVAL = tuple(
    _Shape(a, a * ratio, turn * math.pi / 12)
    for a in (18.5, 20, 21.5, 23)
    for ratio in (2 / 3, 3 / 4)
    for turn in range(12)
)


def seal_look(picture: Image.Image, spreads: Sequence[int], page: Any, scanned: bool) -> SealLook:
    """Return the seal state of a clean `page` drawn as `picture`, at two pixels per millimetre.

    `spreads` counts its pixels by the difference of their channels; JPEG gives grey a small one.
    """
    if any(spreads[_GREY + 1 :]):
        vivid_enough = sum(spreads[_FAINTEST:]) * _SHARED >= _MIN
        return "red" if vivid_enough and has_red_seal(picture) else "none"
    spaces = list(_colour_spaces(entry(page, "/Resources"), set()))
    return "grey" if scanned and spaces and all(map(_is_grey, spaces)) else "colourless"


def _colour_spaces(resources: Any, seen: set[Key]) -> Iterator[Any]:
    """Yield the colour spaces of the pictures in these resources; None if a picture has none."""
    for _, drawn in names_of(entry(resources, "/XObject")):
        key = key_of(drawn)
        if stream(drawn) is None or key in seen:
            continue
        seen.update([key] if key else [])
        if name_of(drawn.get("/Subtype")) == "/Image":
            yield Name.DeviceGray if drawn.get("/ImageMask") else drawn.get("/ColorSpace")
        elif len(seen) < _MAX_PICTURES:
            yield from _colour_spaces(drawn.get("/Resources"), seen)


def _is_grey(space: Any) -> bool:
    """Return whether a colour space is colourless (PDF 32000-1, 8.6)."""
    family = items(space) or [space]
    name = name_of(family[0])
    if name == "/ICCBased" and len(family) > 1:
        return number(entry(family[1], "/N")) == 1
    return name in ("/DeviceGray", "/CalGray", "/G")


@dataclass(frozen=True, slots=True)
class _RedCells:
    """The red cells of a page, and those near one, with one bit per cell in rows of `row` cells.

    `left` and `top` are the cells of the page at which they begin, `size` that of the page.
    """

    red: int
    near: int
    row: int
    left: int
    top: int
    size: tuple[int, int]


def has_red_seal(picture: Image.Image) -> bool:
    """Return whether an RGB page, at two pixels per millimetre, has a round or oval red seal."""
    cells = _searched(picture)
    return cells is not None and any(
        _found(shape, rules, cells)[0] for shape, rules in _shapes_and_rules()
    )


def red_seals(picture: Image.Image) -> tuple[Box, ...]:
    """Return the boxes of the round and oval red seals on such a page.

    A box is (left, top, right, bottom) in shares of the picture's width and height. Takes some
    0.2 s for a page with enough red on it.
    """
    cells = _searched(picture)
    if cells is None:
        return ()
    candidates = []
    for shape, rules in _shapes_and_rules():
        found, ring = _found(shape, rules, cells)
        candidates += [(_count_at(ring, at), shape, at) for at in _places(found)]
    kept: list[tuple[_Shape, int, int]] = []
    for _, shape, at in sorted(candidates, key=lambda one: -one[0]):
        y, x = divmod(at, cells.row)
        if all(math.hypot(x - p, y - q) > _APART * min(s.b, shape.b) for s, p, q in kept):
            kept.append((shape, x, y))
    return tuple(_box(shape, x, y, cells) for shape, x, y in kept)


def _shapes_and_rules() -> Iterator[tuple[_Shape, Sequence[tuple[int, int]]]]:
    for shapes, rules in ((_ROUND, _CIRCLES), (_OVAL, _OVALS)):
        for shape in shapes:
            yield shape, rules


def _searched(picture: Image.Image) -> _RedCells | None:
    """Return the red cells of a page, or None if there are too few for a seal."""
    cells = _fitted(picture)
    if not _may_be_red(cells):
        return None
    redness = _redness(cells)
    if sum(redness.histogram()[_PALEST:]) < _MIN:
        return None
    part = redness.point([0] * _PALEST + [255] * (256 - _PALEST)).getbbox()
    assert part is not None, "there are red cells"
    mask = _red_cells(redness.crop(part))
    box = mask.getbbox()
    if box is None or mask.histogram()[255] < _MIN:
        return None
    wide, high = box[2] - box[0], box[3] - box[1]
    canvas = Image.new("L", (wide + 2 * _MARGIN, high + 2 * _MARGIN))
    canvas.paste(mask.crop(box), (_MARGIN, _MARGIN))
    red, near = _bits(canvas), _bits(canvas.filter(ImageFilter.MaxFilter(3)))
    left, top = part[0] + box[0] - _MARGIN, part[1] + box[1] - _MARGIN
    return _RedCells(red, near, canvas.width, left, top, cells.size)


def _found(
    shape: _Shape, rules: Sequence[tuple[int, int]], cells: _RedCells
) -> tuple[int, list[int]]:
    """Return the cells around which red cells, or cells near one, form an ellipse.

    Second, the counts of points on the ellipse around each cell, as bit planes.
    """
    points, fewest, row = _points(shape), rules[0][0], cells.row
    ring = _counted(cells.near, points[::2], row)
    if not _at_least(ring, max(1, fewest - len(points[1::2]))):
        return 0, []
    ring = _counted(cells.near, points[1::2], row, ring)
    if not _at_least(ring, fewest):
        return 0, []
    around = [_counted(cells.near, _points(shape, beyond), row) for beyond in _BEYOND]
    filled = _at_least(_counted(cells.red, _points(shape, size=0.5), row), _HOLLOW + 1)
    found = 0
    for least, most in rules:
        fitting = _at_least(ring, least) & ~filled
        for planes in around:
            fitting &= ~_at_least(planes, most + 1)
        found |= fitting
    return found, ring


def _places(found: int) -> Iterator[int]:
    """Yield the numbers of the set bits."""
    while found:
        lowest = found & -found
        yield lowest.bit_length() - 1
        found ^= lowest


def _count_at(planes: Sequence[int], at: int) -> int:
    return sum((plane >> at & 1) << place for place, plane in enumerate(planes))


def _box(shape: _Shape, x: int, y: int, cells: _RedCells) -> Box:
    across = math.hypot(shape.a * math.cos(shape.angle), shape.b * math.sin(shape.angle))
    down = math.hypot(shape.a * math.sin(shape.angle), shape.b * math.cos(shape.angle))
    x, y = x + cells.left, y + cells.top
    wide, high = cells.size
    return (
        max(0.0, (x + 0.5 - across) / wide),
        max(0.0, (y + 0.5 - down) / high),
        min(1.0, (x + 0.5 + across) / wide),
        min(1.0, (y + 0.5 + down) / high),
    )


def _fitted(picture: Image.Image) -> Image.Image:
    """Return the picture in cells of a millimetre on paper, where the page is A4 at most."""
    room = _A4 if picture.width <= picture.height else _A4[::-1]
    shrunk = min(1.0, room[0] / picture.width, room[1] / picture.height)
    if shrunk > _NEARLY:
        return picture.reduce(MM)  # takes a tenth of the time of `resize`
    scale = shrunk / MM
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.BOX)


def _may_be_red(cells: Image.Image) -> bool:
    """Return whether enough cells are redder than the paper; excludes most pages without a seal.

    On untinted paper, the excess of red over green and blue is an upper bound of `_redness`.
    """
    red, green, blue = cells.split()
    paper = [max(range(256), key=band.histogram().__getitem__) for band in (red, green, blue)]
    cast = max(0, max(paper[1:]) - paper[0]) + _UNEVEN
    over = ImageChops.subtract(red, ImageChops.lighter(green, blue), offset=cast)
    return sum(over.histogram()[_PALEST:]) >= _MIN


def _redness(picture: Image.Image) -> Image.Image:
    """Return how much more green and blue than red are missing, relative to the nearby paper."""
    red, green, blue = (_darker_than_paper(band) for band in picture.split())
    weighed = red.point([min(255, round(value * _BLACK)) for value in range(256)])
    return ImageChops.subtract(ImageChops.darker(green, blue), weighed)


def _darker_than_paper(band: Image.Image) -> Image.Image:
    """Return how much darker than the nearby paper each pixel of a band is."""
    small = _highest(band.reduce(min(3, *band.size)), 3)
    paper = small.filter(ImageFilter.GaussianBlur(4)).resize(band.size, Image.Resampling.BILINEAR)
    return ImageChops.subtract(paper, band)


def _highest(picture: Image.Image, reach: int) -> Image.Image:
    """Return the maximum within so many pixels of each; several small steps are faster than one."""
    for _ in range(reach):
        picture = picture.filter(ImageFilter.MaxFilter(3))
    return picture


def _red_cells(redness: Image.Image) -> Image.Image:
    """Return an image that is white where a cell is red, unless it is only beside a redder one."""
    bound = _highest(redness, _NEXT).point(
        [max(_PALEST, math.ceil(value * _AGAINST_NEXT)) - 1 for value in range(256)]
    )
    return ImageChops.subtract(redness, bound).point([0] + [255] * 255)


def _bits(mask: Image.Image) -> int:
    """Return a mask as an integer, row by row, its lowest bit at the top left."""
    return int(mask.tobytes()[::-1].translate(_DIGITS), 2)


_DIGITS = bytes(49 if value else 48 for value in range(256))


def _counted(
    mask: int, points: Sequence[tuple[int, int]], row: int, counted: Sequence[int] = ()
) -> list[int]:
    """Count at each cell the set points around it, in addition to those `counted` before.

    A count is a list of bit planes, lowest first.
    """
    planes = list(counted)
    for x, y in points:
        by = y * row + x
        carry = mask >> by if by >= 0 else mask << -by
        for at, plane in enumerate(planes):
            planes[at], carry = plane ^ carry, plane & carry
            if not carry:
                break
        else:
            if carry:
                planes.append(carry)
    return planes


def _at_least(planes: Sequence[int], least: int) -> int:
    """Return the cells whose count is at least that, compared bit by bit from the highest."""
    more, same = 0, -1
    for at in reversed(range(max(len(planes), least.bit_length()))):
        plane = planes[at] if at < len(planes) else 0
        if least >> at & 1:
            same &= plane
        else:
            more |= same & plane
            same &= ~plane
    return more | same
