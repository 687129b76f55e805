"""How alike a scanned page and a generated one look, whatever the scanner did between them.

First coarsely: both maps are reduced to cells, a bit each, and laid over each other at every turn,
size and shift that an office machine makes; a shift of bits and a count of them is all it takes.
Then finely, for the few that come nearest: small blocks of the generated page are each found again
on the scan, an affine map is fitted through where they were found, and the scan laid by it exactly
over the generated page.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from operator import mul

from PIL import Image

from sjs_forms.stamped.affine_maps import Affine, FoundPlace, after, fitted
from sjs_forms.stamped.ink_map import EDGE, FINE, HEIGHT, WIDTH, InkMap

_PAGE = (float(WIDTH), float(HEIGHT))


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells a page is reduced to: how many, and how many of them it may lie beside its place."""

    columns: int
    rows: int
    shift: int


_COARSE = Grid(53, 75, 6)
"""Cells of 4 mm."""
_CLOSER = Grid(105, 149, 2)
"""Cells of 2 mm."""
_SIZES = (0.95, 0.975, 1.0, 1.025, 1.05)
"""What a machine may have made of the page's size, for the coarse cells."""
_CLOSER_SIZES = (-0.01, -0.005, 0.0, 0.005, 0.01)
"""The same around the best of them."""
_BLOCK = 36
"""Fine cells to the side of a block: 25 mm."""
_LEAST_INK = 0.03
"""Share of a block's cells that must be inked for it to be found again."""
_REACHES = (6, 2)
"""Fine cells around its place in which a block is searched, in one round after the other."""
_OTHER_TEXT = 0.52
"""A piece of text less like ours, against the clearest tenth of its page, is another: of 1,124
pieces on rough scans of our own pages none was below 0.6, reworded answers lie from 0 to 0.5."""
_LEGIBLE = 0.62
"""Where even the clearest pieces are less like ours than this, text cannot be compared."""
_WRITTEN_OVER = 1.25
"""A piece with so many times the ink that is usual on the page is stamped or written over."""
_FADED, _FREE = 0.4, 0.05
"""A piece with less than the first of its ink has faded; with less than the second it is free."""
_INKED = 0.25
"""Share of the strongest ink from which on a cell counts as inked."""


@dataclass(frozen=True, slots=True)
class Bits:
    """A map of cells as one integer, row after row, the lowest bit at the head and left."""

    value: int
    stride: int
    count: int


@dataclass(frozen=True, slots=True)
class Laid:
    """A way to lay a scan over a generated page: how alike they are, size and shift in points."""

    score: float
    size: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Match:
    """A scan laid exactly over a generated page: how alike (at most 1), and by which map."""

    score: float
    placed: Affine


def _bits(page: InkMap, grid: Grid, size: float, room: tuple[int, int]) -> Bits:
    """The page's cells at a size; `room` columns lie free before and after each row and rows."""
    key = (grid, size, room)
    if key not in page.cells:
        page.cells[key] = _reduced(page, grid, size, room)
    bits: Bits = page.cells[key]
    return bits


def _reduced(page: InkMap, grid: Grid, size: float, room: tuple[int, int]) -> Bits:
    before, after = room
    ink = page.small if size == 1 else _laid_by(_start(Laid(0, 1 / size, 0, 0)), page.small, FINE)
    cells = ink.resize((grid.columns, grid.rows), Image.Resampling.BOX)
    canvas = Image.new("L", (grid.columns + before + after, grid.rows + before + after))
    canvas.paste(_inked(cells), (before, before))
    return _as_bits(canvas)


def _as_bits(cells: Image.Image) -> Bits:
    """Black and white cells as bits."""
    value = int(cells.tobytes()[::-1].translate(_DIGITS), 2)
    return Bits(value, cells.width, value.bit_count())


_DIGITS = bytes(49 if value else 48 for value in range(256))


def _inked(cells: Image.Image) -> Image.Image:
    """White where a cell is inked, black elsewhere."""
    left, strongest = 0.02 * cells.width * cells.height, 255
    histogram = cells.histogram()
    while strongest and left > histogram[strongest]:
        left -= histogram[strongest]
        strongest -= 1
    bound = max(4, _INKED * strongest)
    return cells.point([255 if value > bound else 0 for value in range(256)])


def _phi(cells: int, both: int, one: int, other: int) -> float:
    """Correlation of two maps of `cells` bits, of which `one`, `other` and `both` are set."""
    spread = one * other * (cells - one) * (cells - other)
    return (cells * both - one * other) / math.sqrt(spread) if spread > 0 else 0.0


def _best_shift(reference: Bits, scan: Bits, grid: Grid) -> tuple[float, int, int]:
    """The shift of the scan's cells at which they are most like the reference's."""
    best = (-1.0, 0, 0)
    cells, reach = grid.columns * grid.rows, 2 * grid.shift
    for y in range(reach + 1):
        for x in range(reach + 1):
            both = (scan.value >> (y * scan.stride + x) & reference.value).bit_count()
            score = _phi(cells, both, reference.count, scan.count)
            if score > best[0]:
                best = (score, x - grid.shift, y - grid.shift)
    return best


def coarsely(scan: InkMap, reference: InkMap) -> Laid:
    """The best of all ways to lay the scan over the reference, by coarse cells."""
    return max((_laid(scan, reference, _COARSE, size) for size in _SIZES), key=lambda at: at.score)


def _laid(scan: InkMap, reference: InkMap, grid: Grid, size: float) -> Laid:
    own = _bits(reference, grid, 1.0, (0, 2 * grid.shift))
    score, x, y = _best_shift(own, _bits(scan, grid, 1 / size, (grid.shift, grid.shift)), grid)
    return Laid(score, size, x * WIDTH / grid.columns, y * HEIGHT / grid.rows)


def closely(scan: InkMap, reference: InkMap, at: Laid) -> Match:
    """Lay the scan exactly over the reference, starting from about where it lies."""
    placed = _start(_closer(scan, reference, at))
    for reach in _REACHES:
        laid = _laid_by(placed, scan.small, FINE)
        correction = fitted(list(_blocks_found(reference.small, laid, reach)), _PAGE)
        if correction is None:
            break
        placed = after(placed, correction)
    return Match(likeness(_laid_by(placed, scan.ink, 1), reference.ink), placed)


def _laid_by(placed: Affine, ink: Image.Image, unit: float) -> Image.Image:
    """Ink moved by a map to where it lies on the reference; both have pixels of `unit` points."""
    a, b, c, d, e, f = placed
    return ink.transform(
        ink.size,
        Image.Transform.AFFINE,
        (a, b, c / unit, d, e, f / unit),
        Image.Resampling.BILINEAR,
    )


def _closer(scan: InkMap, reference: InkMap, at: Laid) -> Laid:
    """The same with smaller cells, around where the page was found."""
    own = _bits(reference, _CLOSER, 1.0, (0, 2 * _CLOSER.shift))
    ways = []
    for step in _CLOSER_SIZES:
        size = at.size + step
        moved = InkMap(_laid_by(_start(Laid(0, size, at.x, at.y)), scan.small, FINE))
        other = _bits(moved, _CLOSER, 1.0, (_CLOSER.shift, _CLOSER.shift))
        score, x, y = _best_shift(own, other, _CLOSER)
        along, down = x * WIDTH / _CLOSER.columns, y * HEIGHT / _CLOSER.rows
        ways.append(Laid(score, size, at.x + along, at.y + down))
    return max(ways, key=lambda way: way.score)


def _start(at: Laid) -> Affine:
    """The map of a size and shift: sizes are about the page's centre."""
    x = WIDTH / 2 * (1 - at.size) + at.x
    y = HEIGHT / 2 * (1 - at.size) + at.y
    return (at.size, 0.0, x, 0.0, at.size, y)


def likeness(one: Image.Image, other: Image.Image) -> float:
    """Correlation of two maps laid over each other, at most 1; edges do not count."""
    box = (EDGE, EDGE, WIDTH - EDGE, HEIGHT - EDGE)
    return correlation(one.crop(box).reduce(FINE), other.crop(box).reduce(FINE))


def correlation(one: Image.Image, other: Image.Image) -> float:
    """Correlation of two grey pictures of one size; 0 where either has no feature."""
    first, second = one.tobytes(), other.tobytes()
    count, own, its = len(first), sum(first), sum(second)
    spread = (count * _product(first, first) - own * own) * (
        count * _product(second, second) - its * its
    )
    return (count * _product(first, second) - own * its) / math.sqrt(spread) if spread > 0 else 0.0


def _product(first: bytes, second: bytes) -> int:
    return sum(map(mul, first, second))


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of text of a generated page: left, top, right and foot in points from the head."""

    box: tuple[float, float, float, float]
    text: str


def unlike(scan: InkMap, reference: InkMap, match: Match, lines: Sequence[Line]) -> Iterator[str]:
    """The lines of the reference in whose place the scan shows other text, or none.

    What is written or stamped over adds ink and proves nothing. A changed digit or a single
    character is not seen: on a worn scan the right one looks no better.
    """
    laid = _laid_by(match.placed, scan.ink, 1)
    pieces = [(line, box) for line in lines for box in _pieces(line)]
    looks = [_look_of(laid, reference.ink, box) for _, box in pieces]
    if not looks:
        return
    usual = sorted(ink for _, ink in looks)[len(looks) // 2] or 1.0
    clear = sorted(alike for alike, _ in looks)[len(looks) * 9 // 10]
    if clear < _LEGIBLE:
        return
    shown = [
        line.text
        for (line, _), (alike, ink) in zip(pieces, looks, strict=True)
        if alike < _OTHER_TEXT * clear and _tells(ink / usual)
    ]
    yield from dict.fromkeys(shown)


def _tells(ink: float) -> bool:
    """Whether a piece with that share of the page's usual ink was printed so, or left free."""
    return ink < _FREE or _FADED < ink < _WRITTEN_OVER


def _pieces(line: Line) -> Iterator[tuple[int, int, int, int]]:
    """A line cut into pieces of some five characters; short ones are too little to judge."""
    left, top, right, foot = line.box
    high = foot - top
    if high < 4 or right - left < 2.5 * high:
        return
    count = max(1, round((right - left) / (5 * high)))
    wide = (right - left) / count
    for index in range(count):
        start = left + index * wide
        yield round(start) - 1, round(top) - 1, round(start + wide) + 1, round(foot) + 1


def _look_of(
    laid: Image.Image, reference: Image.Image, box: tuple[int, int, int, int]
) -> tuple[float, float]:
    """How alike a piece looks at its best within two points, and its ink against the reference."""
    left, top, right, foot = box
    own = reference.crop(box)
    best = (-1.0, 0.0)
    for x, y in _AROUND:
        there = laid.crop((left + x, top + y, right + x, foot + y))
        alike = correlation(own, there)
        if alike > best[0]:
            best = (alike, sum(there.tobytes()))
        if alike > _LEGIBLE:
            break
    return best[0], best[1] / max(1, sum(own.tobytes()))


_AROUND = sorted(product(range(-2, 3), repeat=2), key=lambda step: (math.hypot(*step), step))
"""Points by which a piece may lie beside its place, the nearest first."""


def _blocks_found(reference: Image.Image, scan: Image.Image, reach: int) -> Iterable[FoundPlace]:
    """The blocks of the reference that are found on the scan; both in fine cells."""
    own, other = _inked(reference), _inked(scan)
    for y in range(0, own.height - _BLOCK + 1, _BLOCK):
        for x in range(0, own.width - _BLOCK + 1, _BLOCK):
            piece = own.crop((x, y, x + _BLOCK, y + _BLOCK))
            if sum(piece.tobytes()) < 255 * _LEAST_INK * _BLOCK**2:
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
    """How far a block lies beside its place, in fine cells, and how alike it is there."""
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
    """Where between three neighbours the top lies, -0.5 to 0.5."""
    bend = before - 2 * at + after
    return max(-0.5, min(0.5, 0.5 * (before - after) / bend)) if bend < 0 else 0.0
