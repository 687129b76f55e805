"""Where a page of any size stands on an A4 side: pure geometry, in points.

The coordinates are those of PDF 32000-1 (8.3): origin at the lower left, y upwards.
"""

from dataclasses import dataclass

from sjs_forms.domain.source_facts import Ink

MM = 72 / 25.4
A4_WIDTH = 210 * MM
A4_HEIGHT = 297 * MM
_TOLERANCE = 2.0
"""A page this little larger than A4 (rounding, 595 × 842) is not shrunk."""
_HAIR = 0.05
"""Ink that ends within this of a zone does not touch it."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """How far TrimBox and BleedBox lie within every side of the page, in points."""

    trim: float
    bleed: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, foot, right and head, in points."""

    left: float
    foot: float
    right: float
    head: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From foot to head."""
        return self.head - self.foot

    def inset(self, by: float) -> "Box":
        """The same, smaller by so much on every side."""
        return Box(self.left + by, self.foot + by, self.right - by, self.head - by)


@dataclass(frozen=True, slots=True)
class Frame:
    """What must stay free of a page's ink on one side: the binding margin and the number.

    `gutter` is the strip along the binding edge, `number` the box in which the number stands,
    `within` where ink may come to stand once a page has to be moved or shrunk.
    """

    gutter: Box
    number: Box
    within: Box


@dataclass(frozen=True, slots=True)
class Placement:
    """The matrix [a b c d e f] that carries a page's own box onto the A4 side.

    `scale` is at most 1 (shrink to fit, never enlarge); `turn` counts quarter-turns
    anticlockwise from the page as a viewer shows it.
    """

    matrix: tuple[float, float, float, float, float, float]
    scale: float
    turn: int

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page comes to stand."""
        a, b, c, d, e, f = self.matrix
        return (a * x + c * y + e, b * x + d * y + f)

    def carry(self, box: Box) -> Box:
        """Where a rectangle of the page comes to stand."""
        xs, ys = zip(self.apply(box.left, box.foot), self.apply(box.right, box.head), strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def bring_back(self, box: Box) -> Box:
        """The rectangle of the page that comes to stand on `box`."""
        a, b, c, d, e, f = self.matrix
        area = a * d - b * c
        corners = [
            ((d * (x - e) - c * (y - f)) / area, (a * (y - f) - b * (x - e)) / area)
            for x, y in ((box.left, box.foot), (box.right, box.head))
        ]
        xs, ys = zip(*corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def moved(self, dx: float, dy: float) -> "Placement":
        """The same, shifted by points."""
        a, b, c, d, e, f = self.matrix
        return Placement((a, b, c, d, e + dx, f + dy), self.scale, self.turn)


UPRIGHT = Placement((1, 0, 0, 1, 0, 0), 1.0, 0)
"""A page that is A4 already."""


def place(width: float, height: float, rotate: int = 0) -> Placement:
    """Centre a page of `width` × `height` points on A4 portrait.

    `rotate` is the user's own correction, clockwise degrees. A landscape page that does not fit
    upright at full size is turned a quarter anticlockwise, so that one quarter-turn of the book
    clockwise makes it readable.
    """
    turn = -rotate // 90 % 4
    shown_width, shown_height = (height, width) if turn % 2 else (width, height)
    if shown_width > shown_height and _fit(shown_width, shown_height) < 1:
        turn = (turn + 1) % 4
        shown_width, shown_height = shown_height, shown_width
    placement = _turned(width, height, turn, _fit(shown_width, shown_height))
    stands = placement.carry(Box(0, 0, width, height))
    return placement.moved((A4_WIDTH - stands.width) / 2, (A4_HEIGHT - stands.height) / 2)


def place_free(
    width: float, height: float, rotate: int, ink: Ink | None, frame: Frame
) -> Placement:
    """Place a page so that its ink leaves the binding margin and the number's box free.

    At full size where it stands free already; else moved as little as will do; and only where
    that is not enough shrunk, just enough. A page that nobody looked at counts as all ink.
    """
    placement = place(width, height, rotate)
    page = Box(0, 0, width, height)
    if _is_free(placement, page, ink, frame):
        return placement
    bounds = ink_bounds(ink, page)
    if bounds is None:
        return placement
    moved = _moved(placement, bounds, frame)
    for candidate in moved:
        if _is_free(candidate, page, ink, frame):
            return candidate
    return _shrunk(placement, page, bounds, frame)


def _moved(placement: Placement, bounds: Box, frame: Frame) -> list[Placement]:
    """Aside, upwards, and both: where the ink would still be within the frame."""
    stands, within = placement.carry(bounds), frame.within
    bound_left = frame.gutter.left <= 0
    aside = max(within.left - stands.left, 0) if bound_left else min(within.right - stands.right, 0)
    upwards = max(within.foot - stands.foot, 0)
    moved = []
    for dx, dy in ((aside, 0.0), (0.0, upwards), (aside, upwards)):
        fits_aside = not dx or (
            stands.left + dx >= within.left - 0.01 and stands.right + dx <= within.right + 0.01
        )
        fits_up = not dy or stands.head + dy <= within.head + 0.01
        if (dx or dy) and fits_aside and fits_up:
            moved.append(placement.moved(dx, dy))
    return moved


def _shrunk(placement: Placement, page: Box, bounds: Box, frame: Frame) -> Placement:
    """As large as its ink fits the frame, and as near as may be to the middle of the paper."""
    stands, within = placement.carry(bounds), frame.within
    ratio = min(1.0, within.width / stands.width, within.height / stands.height)
    scaled = _turned(page.width, page.height, placement.turn, placement.scale * ratio)
    now, whole = scaled.carry(bounds), scaled.carry(page)
    left = (A4_WIDTH - whole.width) / 2 + now.left - whole.left
    foot = (A4_HEIGHT - whole.height) / 2 + now.foot - whole.foot
    left = min(max(left, within.left), within.right - now.width)
    foot = min(max(foot, within.foot), within.head - now.height)
    return scaled.moved(left - now.left, foot - now.foot)


def _is_free(placement: Placement, page: Box, ink: Ink | None, frame: Frame) -> bool:
    return not any(
        touches(ink, placement.bring_back(zone.inset(_HAIR)), page)
        for zone in (frame.gutter, frame.number)
    )


def _turned(width: float, height: float, turn: int, scale: float) -> Placement:
    """Turned about and scaled, its box at the origin again."""
    a, b, c, d, e, f = {
        0: (1, 0, 0, 1, 0, 0),
        1: (0, 1, -1, 0, height, 0),
        2: (-1, 0, 0, -1, width, height),
        3: (0, -1, 1, 0, 0, width),
    }[turn]
    matrix = (scale * a, scale * b, scale * c, scale * d, scale * e, scale * f)
    return Placement(matrix, scale, turn)


def _fit(width: float, height: float) -> float:
    if width <= A4_WIDTH + _TOLERANCE and height <= A4_HEIGHT + _TOLERANCE:
        return 1.0
    return min(A4_WIDTH / width, A4_HEIGHT / height)


def touches(ink: Ink | None, box: Box, page: Box) -> bool:
    """Whether any ink of the page lies in `box`, both in the page's own coordinates."""
    left, right = max(box.left, page.left), min(box.right, page.right)
    foot, head = max(box.foot, page.foot), min(box.head, page.head)
    if left >= right or foot >= head:
        return False
    if ink is None:
        return True
    first, last = int(left / ink.cell), int(right / ink.cell)
    mask = ((1 << (last - first + 1)) - 1) << first
    return any(row & mask for row in ink.rows[int(foot / ink.cell) : int(head / ink.cell) + 1])


def ink_bounds(ink: Ink | None, page: Box) -> Box | None:
    """The smallest box round all ink, None for a page without any."""
    if ink is None:
        return page
    together, inked = 0, []
    for number, row in enumerate(ink.rows):
        together |= row
        if row:
            inked.append(number)
    if not inked:
        return None
    lowest_bit = (together & -together).bit_length() - 1
    return Box(
        lowest_bit * ink.cell,
        inked[0] * ink.cell,
        min(together.bit_length() * ink.cell, page.right),
        min((inked[-1] + 1) * ink.cell, page.head),
    )
