"""Measures the likeness of a scanned and a generated page, whatever the scanner did to it.

Coarse search: both maps are reduced to cells of one bit and compared at every turn, size and shift
that an office scanner produces, by shifting bits and counting them. Fine search, for the best few:
small blocks of the generated page are located on the scan, an affine map is fitted to them, and the
scan is transformed by it onto the generated page.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from operator import mul

from PIL import Image

from sjs_forms.pdf.ink_map import EDGE, FINE, HEIGHT, WIDTH, InkMap
from sjs_forms.stamped.affine_maps import Affine, FoundPlace, after, fitted

_PAGE = (float(WIDTH), float(HEIGHT))


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of cells: columns, rows, and the shift in cells that is searched."""

    columns: int
    rows: int
    shift: int


_COARSE = Grid(53, 75, 6)
"""Cells of 4 mm."""
_CLOSER = Grid(105, 149, 2)
"""Cells of 2 mm."""
_SIZES = (0.95, 0.975, 1.0, 1.025, 1.05)
"""Scaling factors tried with the coarse cells."""
_CLOSER_SIZES = (-0.01, -0.005, 0.0, 0.005, 0.01)
"""Offsets from the best of them, tried with the closer cells."""
_BLOCK = 36
"""Side of a block in fine cells: 25 mm."""
_MIN_INK = 0.03
"""Minimum share of inked cells for a block to be located."""
_REACHES = (6, 2)
"""Search radius of a block in fine cells, one per round."""
OTHER_TEXT = 0.52
"""A piece of text with less likeness than this, relative to the clearest tenth of its page, is
other text. Of 1,124 pieces on poor scans of our own pages none was below 0.6; reworded answers
range from 0 to 0.5.
"""
LEGIBLE = 0.62
"""If even the clearest pieces have less likeness than this, text cannot be compared."""
_WRITTEN_OVER = 1.25
"""A piece with this multiple of the page's usual ink is stamped or written over."""
_FADED, _FREE = 0.4, 0.05
"""A piece with less than _FADED of its ink has faded; with less than _FREE it is empty."""
_INKED = 0.25
"""Share of the strongest ink from which a cell counts as inked."""


@dataclass(frozen=True, slots=True)
class Bits:
    """A map of cells as one integer, row by row; the lowest bit is at the top left."""

    value: int
    stride: int
    count: int


@dataclass(frozen=True, slots=True)
class CoarsePlacement:
    """A coarse placement of a scan on a generated page: likeness, size, and shift in points."""

    score: float
    size: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class ExactPlacement:
    """An exact placement of a scan on a generated page: likeness (at most 1) and the map."""

    score: float
    placed: Affine


def bits_of(page: InkMap, grid: Grid, size: float, room: tuple[int, int]) -> Bits:
    """Return the page's cells at a size, with `room` empty columns and rows on every side."""
    key = (grid, size, room)
    if key not in page.cells:
        page.cells[key] = _reduced(page, grid, size, room)
    bits: Bits = page.cells[key]
    return bits


def _reduced(page: InkMap, grid: Grid, size: float, room: tuple[int, int]) -> Bits:
    before, after = room
    ink = (
        page.small
        if size == 1
        else mapped_by(_start(CoarsePlacement(0, 1 / size, 0, 0)), page.small, FINE)
    )
    cells = ink.resize((grid.columns, grid.rows), Image.Resampling.BOX)
    canvas = Image.new("L", (grid.columns + before + after, grid.rows + before + after))
    canvas.paste(_inked(cells), (before, before))
    return _as_bits(canvas)


def _as_bits(cells: Image.Image) -> Bits:
    """Return black and white cells as bits."""
    value = int(cells.tobytes()[::-1].translate(_DIGITS), 2)
    return Bits(value, cells.width, value.bit_count())


_DIGITS = bytes(49 if value else 48 for value in range(256))


def _inked(cells: Image.Image) -> Image.Image:
    """Return an image that is white where a cell is inked, black elsewhere."""
    left, strongest = 0.02 * cells.width * cells.height, 255
    histogram = cells.histogram()
    while strongest and left > histogram[strongest]:
        left -= histogram[strongest]
        strongest -= 1
    bound = max(4, _INKED * strongest)
    return cells.point([255 if value > bound else 0 for value in range(256)])


def _phi(cells: int, both: int, one: int, other: int) -> float:
    """Return the phi coefficient of two maps of `cells` bits, with `one`, `other` and
    `both` set.
    """
    spread = one * other * (cells - one) * (cells - other)
    return (cells * both - one * other) / math.sqrt(spread) if spread > 0 else 0.0


def best_shift(reference: Bits, scan: Bits, grid: Grid) -> tuple[float, int, int]:
    """Return the shift of the scan's cells with the highest likeness to the reference."""
    best = (-1.0, 0, 0)
    cells, reach = grid.columns * grid.rows, 2 * grid.shift
    for y in range(reach + 1):
        for x in range(reach + 1):
            both = (scan.value >> (y * scan.stride + x) & reference.value).bit_count()
            score = _phi(cells, both, reference.count, scan.count)
            if score > best[0]:
                best = (score, x - grid.shift, y - grid.shift)
    return best


def coarse_cells(reference: InkMap) -> Bits:
    """Return the cells of a generated page on which scans are placed coarsely."""
    return bits_of(reference, _COARSE, 1.0, (0, 2 * _COARSE.shift))


def place_coarsely(scan: InkMap, reference: Bits) -> CoarsePlacement:
    """Return the best coarse placement of the scan on a generated page (see `coarse_cells`)."""
    return max((_laid(scan, reference, size) for size in _SIZES), key=lambda at: at.score)


def _laid(scan: InkMap, reference: Bits, size: float) -> CoarsePlacement:
    cells = bits_of(scan, _COARSE, 1 / size, (_COARSE.shift, _COARSE.shift))
    score, x, y = best_shift(reference, cells, _COARSE)
    return CoarsePlacement(score, size, x * WIDTH / _COARSE.columns, y * HEIGHT / _COARSE.rows)


def place_exactly(scan: InkMap, reference: InkMap, at: CoarsePlacement) -> ExactPlacement:
    """Place the scan exactly on the reference, starting from a coarse placement."""
    placed = _start(_closer(scan, reference, at))
    for reach in _REACHES:
        laid = mapped_by(placed, scan.small, FINE)
        correction = fitted(list(_blocks_found(reference.small, laid, reach)), _PAGE)
        if correction is None:
            break
        placed = after(placed, correction)
    return ExactPlacement(likeness(mapped_by(placed, scan.ink, 1), reference.ink), placed)


def mapped_by(placed: Affine, ink: Image.Image, unit: float) -> Image.Image:
    """Return ink mapped onto the reference. Pixels of both are `unit` points wide."""
    a, b, c, d, e, f = placed
    return ink.transform(
        ink.size,
        Image.Transform.AFFINE,
        (a, b, c / unit, d, e, f / unit),
        Image.Resampling.BILINEAR,
    )


def _closer(scan: InkMap, reference: InkMap, at: CoarsePlacement) -> CoarsePlacement:
    """Refine a placement with smaller cells."""
    own = bits_of(reference, _CLOSER, 1.0, (0, 2 * _CLOSER.shift))
    placements = []
    for step in _CLOSER_SIZES:
        size = at.size + step
        moved = InkMap(mapped_by(_start(CoarsePlacement(0, size, at.x, at.y)), scan.small, FINE))
        other = bits_of(moved, _CLOSER, 1.0, (_CLOSER.shift, _CLOSER.shift))
        score, x, y = best_shift(own, other, _CLOSER)
        along, down = x * WIDTH / _CLOSER.columns, y * HEIGHT / _CLOSER.rows
        placements.append(CoarsePlacement(score, size, at.x + along, at.y + down))
    return max(placements, key=lambda placement: placement.score)


def _start(at: CoarsePlacement) -> Affine:
    """Return the map of a placement. Scaling is about the page's centre."""
    x = WIDTH / 2 * (1 - at.size) + at.x
    y = HEIGHT / 2 * (1 - at.size) + at.y
    return (at.size, 0.0, x, 0.0, at.size, y)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Return the correlation of two aligned maps, at most 1. Edges are ignored."""
    box = (EDGE, EDGE, WIDTH - EDGE, HEIGHT - EDGE)
    return correlation(one.crop(box).reduce(FINE), other.crop(box).reduce(FINE))


def correlation(one: Image.Image, other: Image.Image) -> float:
    """Return the correlation of two grey pictures of one size; 0 if either is uniform."""
    first, second = one.tobytes(), other.tobytes()
    count, own, its = len(first), sum(first), sum(second)
    spread = (count * _product(first, first) - own * own) * (
        count * _product(second, second) - its * its
    )
    return (count * _product(first, second) - own * its) / math.sqrt(spread) if spread > 0 else 0.0


def _product(first: bytes, second: bytes) -> int:
    return sum(map(mul, first, second))


Box = tuple[int, int, int, int]
"""Left, top, right and bottom of a piece in points from the top left."""


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text of a generated page: left, top, right and bottom in points from the
    top left.
    """

    box: tuple[float, float, float, float]
    text: str


def differing_lines(
    scan: InkMap, reference: InkMap, match: ExactPlacement, lines: Sequence[Line]
) -> Iterator[str]:
    """Yield the lines of the reference where the scan shows other text, or none.

    Writing or stamps over text add ink and prove nothing. A changed digit or single character is
    not detected: on a poor scan the right one scores no better.
    """
    laid = mapped_by(match.placed, scan.ink, 1)
    pieces = [(line, box) for line in lines for box in pieces_of(line)]
    looks = [look_of(laid, reference.ink, box) for _, box in pieces]
    if not looks:
        return
    usual = sorted(ink for _, ink in looks)[len(looks) // 2] or 1.0
    clear = sorted(alike for alike, _ in looks)[len(looks) * 9 // 10]
    if clear < LEGIBLE:
        return
    shown = [
        line.text
        for (line, _), (alike, ink) in zip(pieces, looks, strict=True)
        if alike < OTHER_TEXT * clear and is_printed(ink / usual)
    ]
    yield from dict.fromkeys(shown)


def is_printed(ink: float) -> bool:
    """Return whether a piece with this share of the usual ink was printed so, or left empty."""
    return ink < _FREE or _FADED < ink < _WRITTEN_OVER


def pieces_of(line: Line, length: float = 5) -> Iterator[Box]:
    """Split a line into pieces of about `length` characters, skipping those too short to judge."""
    left, top, right, foot = line.box
    high = foot - top
    if high < 4 or right - left < min(length / 2, 2.5) * high:
        return
    count = max(1, round((right - left) / (length * high)))
    wide = (right - left) / count
    for index in range(count):
        start = left + index * wide
        yield round(start) - 1, round(top) - 1, round(start + wide) + 1, round(foot) + 1


def look_of(
    laid: Image.Image, reference: Image.Image, box: Box, enough: float = LEGIBLE
) -> tuple[float, float]:
    """Return a piece's best likeness within two points, and its ink relative to the reference.

    The search ends with a likeness above `enough`.
    """
    left, top, right, foot = box
    own = reference.crop(box)
    best = (-1.0, 0.0)
    for x, y in _AROUND:
        there = laid.crop((left + x, top + y, right + x, foot + y))
        alike = correlation(own, there)
        if alike > best[0]:
            best = (alike, sum(there.tobytes()))
        if alike > enough:
            break
    return best[0], best[1] / max(1, sum(own.tobytes()))


_AROUND = sorted(product(range(-2, 3), repeat=2), key=lambda step: (math.hypot(*step), step))
"""Shifts in points that are tried for a piece, the nearest first."""


def _blocks_found(reference: Image.Image, scan: Image.Image, reach: int) -> Iterable[FoundPlace]:
    """Yield the blocks of the reference that are found on the scan. Both are in fine cells."""
    own, other = _inked(reference), _inked(scan)
    for y in range(0, own.height - _BLOCK + 1, _BLOCK):
        for x in range(0, own.width - _BLOCK + 1, _BLOCK):
            piece = own.crop((x, y, x + _BLOCK, y + _BLOCK))
            if sum(piece.tobytes()) < 255 * _MIN_INK * _BLOCK**2:
                continue
            around = other.crop((x - reach, y - reach, x + _BLOCK + reach, y + _BLOCK + reach))
            found = _block_found(piece, around, reach)
            if found:
                dx, dy, weight = found
                centre = ((x + _BLOCK / 2) * FINE, (y + _BLOCK / 2) * FINE)
                yield FoundPlace(centre, (centre[0] + dx * FINE, centre[1] + dy * FINE), weight)


def _block_found(
    piece: Image.Image, around: Image.Image, reach: int
) -> tuple[float, float, float] | None:
    """Return how far a block is shifted, in fine cells, and its likeness there."""
    wide = Image.new("L", around.size)
    wide.paste(piece, (0, 0))
    own, other = _as_bits(wide), _as_bits(around)
    window = Image.new("L", around.size)
    window.paste(255, (0, 0, _BLOCK, _BLOCK))
    mask = _as_bits(window).value
    scores: dict[tuple[int, int], float] = {}
    for y in range(2 * reach + 1):
        for x in range(2 * reach + 1):
            shown = other.value >> (y * other.stride + x)
            both, count = (shown & own.value).bit_count(), (shown & mask).bit_count()
            scores[x - reach, y - reach] = _phi(_BLOCK * _BLOCK, both, own.count, count)
    (x, y), score = max(scores.items(), key=lambda item: item[1])
    if score < 0.25 or max(abs(x), abs(y)) == reach:
        return None
    dx = _peak(*(scores[x + step, y] for step in (-1, 0, 1)))
    dy = _peak(*(scores[x, y + step] for step in (-1, 0, 1)))
    return x + dx, y + dy, score


def _peak(before: float, at: float, after: float) -> float:
    """Return the peak of the parabola through three neighbours, -0.5 to 0.5."""
    bend = before - 2 * at + after
    return max(-0.5, min(0.5, 0.5 * (before - after) / bend)) if bend < 0 else 0.0
