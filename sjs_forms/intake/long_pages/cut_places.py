"""Long strips: decides whether one is readable on a single page, and where to cut it if not.

A phone's long screenshot, a fan-fold listing or a web page saved as one page is many times as long
as wide; shrunk to A4, its letters become illegible. Such a strip is cut across at empty rows into
parts of its full width, without overlap or gap.

Legibility is measured: bands of ink between empty rows are lines of text, and their height is that
of the letters. Without such bands (a pattern, a photo) letters are assumed to be a 30th of the
width, as on a phone's screen; but a landscape strip without lines of text, upright or sideways, is
a panorama and stays whole.

A page too wide for its parts to be readable (a plan of 2 m) is not a strip; see `fit_on_a4`.
"""

from dataclasses import dataclass

from PIL import Image, ImageChops

from sjs_forms.domain.placement import place
from sjs_forms.pdf.matrices import A4
from sjs_forms.pdf.page_pictures import CLEAR_DPI

LEGIBLE = 5.0
"""Height in points up to which letters count as illegible: 八号, the smallest Chinese type size,
has 5 points.
"""

LETTERS_ACROSS = 30
"""Letters assumed across a strip if they cannot be measured; as many as on a phone's screen."""

SLENDER = 2.2
"""Ratio of length to width from which a page may be a strip."""

WIDEST = 1 / 0.4
"""Width, in widths of A4, beyond which even the parts would be shrunk too far."""

WORTHWHILE = 0.75
"""Cutting is worthwhile only if the whole page would have at most this scale."""

ROOM = (170 * 72 / 25.4, 265 * 72 / 25.4)
"""Size in points that every binding margin and the number leave free; such a part is not shrunk."""

MAX_PARTS = 200
"""A strip of more parts than this is left whole."""

ACROSS = 1000
"""Width in pixels at which a strip is analysed."""

_EDGE = 24
"""Difference in grey levels (of 255) between neighbours that counts as an edge."""
_SPECKS = 0.004
"""Share of a row's pixels that may differ in an empty row."""
_THINNEST = 3
"""Empty rows needed for a cut between lines of text."""
_CLEARLY = 3
"""The fullest row of a line of text has at least this multiple of an empty row's edges."""
_FEWEST_LINES = 6
"""Lines of text needed to measure the letters."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A page that is too long: its cuts, in points from its beginning (top or left).

    No cuts means that it is illegible as a whole but would need too many parts. `rough` are the
    cuts for which no empty place was found.
    """

    cuts: tuple[float, ...] = ()
    rough: tuple[float, ...] = ()


def is_slender(width: float, height: float) -> bool:
    """Return whether a page of this size in points may be a strip that is worth cutting."""
    short, long = sorted((width, height))
    part = min(1.0, A4[0] / short)
    whole = place(width, height).scale
    return long >= SLENDER * short and short <= WIDEST * A4[0] and whole <= WORTHWHILE * part


def natural_size(across: int, down: int) -> tuple[float, float]:
    """Return the size in points at which a strip without a size of its own is readable."""
    short = min(across, down)
    points = min(ROOM[0], max(short * 72 / CLEAR_DPI, LETTERS_ACROSS * LEGIBLE))
    return across * points / short, down * points / short


def strip_of(seen: Image.Image, width: float, height: float) -> Strip | None:
    """Analyse a slender page of `width` × `height` points, upright and in grey (mode L).

    Returns None if it is legible as a whole.
    """
    short, long = sorted((width, height))
    dots = min(seen.size) / short
    letters, is_sideways = _letters(seen), False
    if letters is None and width > height:
        letters, is_sideways = _letters(seen.transpose(Image.Transpose.TRANSPOSE)), True
        if letters is None:
            return None
    size = short / LETTERS_ACROSS if letters is None else letters / dots
    if size * place(width, height).scale > LEGIBLE:
        return None
    longest = max(ROOM[1], short * A4[1] / A4[0])
    if long > MAX_PARTS * longest * 0.5:
        return Strip()
    rows, gap = seen, _THINNEST
    if width > height:
        # Between two columns, a line of text is empty at every gap between letters.
        rows = seen.transpose(Image.Transpose.TRANSPOSE)
        gap = gap if is_sideways else max(gap, round(size * dots / 2))
    found = _cuts(rows, longest * dots, gap)
    point = long / rows.height
    rough = tuple(row * point for row, empty in found.items() if not empty)
    return Strip(tuple(row * point for row in found), rough)


def _letters(seen: Image.Image) -> float | None:
    """Return the height in pixels of the smaller lines of text, or None if there are too few."""
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
    """Return the heights in rows of the bands with more edges than `bound`.

    A band has two empty rows above, one below, and somewhere far more edges, unlike noise.
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
    """Return the rows before which to cut, and whether at least `gap` rows are empty there."""
    edges, changes = _edges(seen), _changes(seen)
    specks = max(2, round(seen.width * _SPECKS))
    cuts: dict[int, bool] = {}
    start = 0
    while seen.height - start > longest:
        # At least a tenth of a page remains for the last part.
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
    """Return the best row for a cut, and how many rows are empty there.

    It is in the widest run of emptiest rows. Vertical lines through the window (a table's rules,
    the edges of a bubble) count equally in every row and do not matter. Of runs of similar width
    the last is taken.
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
    # In the run, the row with the fewest edges that is nearest to its middle.
    middle = end - wide / 2
    row = min(range(end - wide, end), key=lambda at: (edges[at] + changes[at], abs(at - middle)))
    return row, widest if lowest <= max(specks, average / 4) else 0


def _edges(seen: Image.Image) -> list[int]:
    """Return, for each row, how many pixels differ from their horizontal neighbour."""
    wide, high = seen.size
    beside = ImageChops.difference(seen.crop((1, 0, wide, high)), seen.crop((0, 0, wide - 1, high)))
    return _marked(beside)


def _changes(seen: Image.Image) -> list[int]:
    """Return, for each row, how many pixels differ from the one above."""
    wide, high = seen.size
    above = ImageChops.difference(seen.crop((0, 1, wide, high)), seen.crop((0, 0, wide, high - 1)))
    return [0, *_marked(above)]


def _marked(difference: Image.Image) -> list[int]:
    marks = difference.point([255 if value > _EDGE else 0 for value in range(256)]).tobytes()
    wide = difference.width
    return [marks[at : at + wide].count(255) for at in range(0, len(marks), wide)]
