"""Long strips: whether one can be read on a single page, and where it is cut if not.

A phone's long screenshot, a fan-fold listing or a web page saved as one page is many times as
long as wide. Shrunk to A4 as a whole its letters vanish. It is cut across where nothing stands,
into parts that keep its width; neighbours share nothing and nothing lies between them.

Whether letters vanish is measured: the bands of ink between empty rows are lines of text, and
their height is that of the letters. Where there are none (a pattern, a photo), letters are taken
to be a 30th of the width, as on a phone's screen; but a landscape strip without lines of text is
a panorama, and stays whole.

What is too wide for its parts to be read (a plan of 2 m) is no strip; see `fit_on_a4`.
"""

from dataclasses import dataclass

from PIL import Image, ImageChops

from sjs_forms.domain.placement import place
from sjs_forms.pdf.matrices import A4
from sjs_forms.pdf.page_pictures import CLEAR_DPI

LEGIBLE = 5.0
"""Height of letters in points up to which they cannot be read: 八号, the smallest of the Chinese
type sizes, has 5 points."""

LETTERS_ACROSS = 30
"""How many letters go across a strip where they cannot be measured: so many on a phone's screen."""

SLENDER = 2.2
"""Length by width from which a page may be a strip."""

WIDEST = 1 / 0.4
"""Widths of A4 from which parts as wide as the strip would be shrunk too far themselves."""

WORTHWHILE = 0.75
"""A part must stand on paper so much larger than the whole: the whole has at most this scale."""

ROOM = (170 * 72 / 25.4, 265 * 72 / 25.4)
"""Points of A4 that every binding margin and the number leave free: such a part is not shrunk."""

MOST_PARTS = 200
"""Parts beyond which a strip is left whole."""

ACROSS = 1000
"""Pixels across at which a strip is looked at."""

_EDGE = 24
"""Grey levels (of 255) between neighbours that make an edge."""
_SPECKS = 0.004
"""Share of a row that may change without anything standing there."""
_THINNEST = 3
"""Empty rows that make a place to cut between lines of text."""
_CLEARLY = 3
"""How many times the edges of an empty row a line of text has in its fullest row."""
_FEWEST_LINES = 6
"""Lines of text that are enough to measure letters by."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A page that is too long: where it is cut, in points from its beginning (top or left).

    No cuts: it cannot be read as a whole, and would make too many parts. `rough` are those of the
    cuts for which no empty place was found.
    """

    cuts: tuple[float, ...] = ()
    rough: tuple[float, ...] = ()


def is_slender(width: float, height: float) -> bool:
    """Whether a page of so many points may be a strip: long, shrunk as a whole, less in parts."""
    short, long = sorted((width, height))
    part = min(1.0, A4[0] / short)
    whole = place(width, height).scale
    return long >= SLENDER * short and short <= WIDEST * A4[0] and whole <= WORTHWHILE * part


def natural_size(across: int, down: int) -> tuple[float, float]:
    """Width and height in points at which a strip without a size of its own reads well."""
    short = min(across, down)
    points = min(ROOM[0], max(short * 72 / CLEAR_DPI, LETTERS_ACROSS * LEGIBLE))
    return across * points / short, down * points / short


def strip_of(seen: Image.Image, width: float, height: float) -> Strip | None:
    """Look at a slender page of `width` × `height` points, upright and in grey (mode L).

    None where it can be read as a whole.
    """
    short, long = sorted((width, height))
    dots = min(seen.size) / short
    letters = _letters(seen)
    if letters is None and width > height:
        return None
    size = short / LETTERS_ACROSS if letters is None else letters / dots
    if size * place(width, height).scale > LEGIBLE:
        return None
    longest = max(ROOM[1], short * A4[1] / A4[0])
    if long > MOST_PARTS * longest * 0.5:
        return Strip()
    rows, gap = seen, _THINNEST
    if width > height:
        # Between two columns of pixels a line of text is empty at every letter.
        rows, gap = seen.transpose(Image.Transpose.TRANSPOSE), max(gap, round(size * dots / 2))
    found = _cuts(rows, longest * dots, gap)
    point = long / rows.height
    rough = tuple(row * point for row, empty in found.items() if not empty)
    return Strip(tuple(row * point for row in found), rough)


def _letters(seen: Image.Image) -> float | None:
    """The height in pixels of the smaller lines of text; None where there are too few."""
    side = min(seen.size)
    heights: list[int] = []
    for start in range(0, max(seen.size) - side + 1, side):
        corner = (0, start) if seen.height >= seen.width else (start, 0)
        tile = seen.crop((*corner, corner[0] + side, corner[1] + side))
        edges = _edges(tile)
        bound = min(edges) + max(2, round(side * _SPECKS))
        heights += [high for high in _runs(edges, bound) if 4 <= high <= side // 6]
    if len(heights) < _FEWEST_LINES:
        return None
    return float(sorted(heights)[len(heights) // 4])


def _runs(edges: list[int], bound: int) -> list[int]:
    """How many rows there are in each band with more edges than `bound`.

    A band has two empty rows above it, one below, and somewhere far more edges: unlike noise.
    """
    found = []
    length, most, calm = 0, 0, 0
    for count in edges:
        if count > bound:
            length, most = length + 1, max(most, count)
            continue
        if length and calm >= 2 and most >= _CLEARLY * bound:
            found.append(length)
        calm = 1 if length else calm + 1
        length, most = 0, 0
    return found


def _cuts(seen: Image.Image, longest: float, gap: int) -> dict[int, bool]:
    """The rows before which a strip is cut across; whether at least `gap` rows are empty there."""
    edges, changes = _edges(seen), _changes(seen)
    specks = max(2, round(seen.width * _SPECKS))
    cuts: dict[int, bool] = {}
    start = 0
    while seen.height - start > longest:
        # What is left for the last part is at least a tenth of a page.
        last = min(int(start + longest), int(seen.height - longest / 10))
        row, empty = _best(edges, changes, (int(start + longest * 0.7), last), specks)
        if empty < gap:
            earlier, wider = _best(edges, changes, (int(start + longest * 0.4), last), specks)
            row, empty = (earlier, wider) if wider >= gap else (row, empty)
        cuts[row] = empty >= gap
        start = row
    return cuts


def _best(
    edges: list[int], changes: list[int], window: tuple[int, int], specks: int
) -> tuple[int, int]:
    """A row in the widest run with least in it; how many rows are empty there.

    Lines that run down through the window (rules of a table, the edges of a bubble) count in
    every row alike and hide no place. Of runs of like width the last is taken.
    """
    first, last = window
    lowest = min(edges[first:last])
    average = sum(edges[first:last]) / (last - first)
    widest, end, length, wide = 0, last, 0, 1
    most = max(1, (last - first) // 8)
    for at in range(first, last):
        calm = edges[at] <= lowest + specks
        length = length + 1 if calm and length and changes[at] <= specks else int(calm)
        if min(length, most) >= widest and length:
            widest, end, wide = min(length, most), at + 1, length
    # In the run, as near to its middle as may be, where least is cut through.
    middle = end - wide / 2
    row = min(range(end - wide, end), key=lambda at: (edges[at] + changes[at], abs(at - middle)))
    return row, widest if lowest <= max(specks, average / 4) else 0


def _edges(seen: Image.Image) -> list[int]:
    """For each row, how many pixels differ from the one beside them."""
    wide, high = seen.size
    beside = ImageChops.difference(seen.crop((1, 0, wide, high)), seen.crop((0, 0, wide - 1, high)))
    return _marked(beside)


def _changes(seen: Image.Image) -> list[int]:
    """For each row, how many pixels differ from the one above them."""
    wide, high = seen.size
    above = ImageChops.difference(seen.crop((0, 1, wide, high)), seen.crop((0, 0, wide, high - 1)))
    return [0, *_marked(above)]


def _marked(difference: Image.Image) -> list[int]:
    marks = difference.point([255 if value > _EDGE else 0 for value in range(256)]).tobytes()
    wide = difference.width
    return [marks[at : at + wide].count(255) for at in range(0, len(marks), wide)]
