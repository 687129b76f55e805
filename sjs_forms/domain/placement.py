"""The placement of a page of any size on an A4 side. Pure geometry, in points.

Coordinates are those of PDF 32000-1 (8.3): origin at the lower left, y upwards.
"""

from dataclasses import dataclass

from sjs_forms.domain.source_facts import Ink

MM = 72 / 25.4
A4_WIDTH = 210 * MM
A4_HEIGHT = 297 * MM
_TOLERANCE = 2.0
"""A page larger than A4 by no more than this (rounding, 595 × 842) is not shrunk."""
_HAIR = 0.05
"""Ink within this distance of a zone does not touch it."""


@dataclass(frozen=True, slots=True)
class Boxes:
    """Distance of TrimBox and BleedBox from every edge of the page, in points."""

    trim: float
    bleed: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, bottom, right and top, in points."""

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
        """From bottom to top."""
        return self.head - self.foot

    def inset(self, by: float) -> "Box":
        """Return the box reduced by this much on every side."""
        return Box(self.left + by, self.foot + by, self.right - by, self.head - by)


@dataclass(frozen=True, slots=True)
class Frame:
    """The areas of a side that a page's ink must leave free: binding margin and number.

    `gutter` is the strip along the binding edge, `number` the box of the number, `within` the area
    for ink of a page that has to be moved or shrunk.
    """

    gutter: Box
    number: Box
    within: Box


@dataclass(frozen=True, slots=True)
class Placement:
    """The matrix [a b c d e f] from a page's own box to the A4 side.

    `scale` is at most 1 (shrink to fit, never enlarge). `turn` counts anticlockwise quarter-turns
    from the page as a viewer shows it.
    """

    matrix: tuple[float, float, float, float, float, float]
    scale: float
    turn: int

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the page on the side."""
        a, b, c, d, e, f = self.matrix
        return (a * x + c * y + e, b * x + d * y + f)

    def to_side(self, box: Box) -> Box:
        """Return a rectangle of the page on the side."""
        xs, ys = zip(self.apply(box.left, box.foot), self.apply(box.right, box.head), strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def to_page(self, box: Box) -> Box:
        """Return the rectangle of the page that is placed at `box`."""
        a, b, c, d, e, f = self.matrix
        area = a * d - b * c
        corners = [
            ((d * (x - e) - c * (y - f)) / area, (a * (y - f) - b * (x - e)) / area)
            for x, y in ((box.left, box.foot), (box.right, box.head))
        ]
        xs, ys = zip(*corners, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def moved(self, dx: float, dy: float) -> "Placement":
        """Return the placement shifted by points."""
        a, b, c, d, e, f = self.matrix
        return Placement((a, b, c, d, e + dx, f + dy), self.scale, self.turn)


UPRIGHT = Placement((1, 0, 0, 1, 0, 0), 1.0, 0)
"""The placement of an A4 page."""


def place(width: float, height: float, rotate: int = 0) -> Placement:
    """Centre a page of `width` × `height` points on A4 portrait.

    `rotate` is the user's correction in clockwise degrees. A landscape page that does not fit
    upright at full size is turned a quarter anticlockwise, so that it can be read with the book
    turned a quarter clockwise.
    """
    turn = -rotate // 90 % 4
    shown_width, shown_height = (height, width) if turn % 2 else (width, height)
    if shown_width > shown_height and _fit(shown_width, shown_height) < 1:
        turn = (turn + 1) % 4
        shown_width, shown_height = shown_height, shown_width
    placement = _turned(width, height, turn, _fit(shown_width, shown_height))
    placed = placement.to_side(Box(0, 0, width, height))
    return placement.moved((A4_WIDTH - placed.width) / 2, (A4_HEIGHT - placed.height) / 2)


def place_free(
    width: float, height: float, rotate: int, ink: Ink | None, frame: Frame
) -> Placement:
    """Place a page so that its ink leaves the binding margin and the number's box free.

    At full size if possible, else moved as little as possible, and only if that is not enough
    shrunk by the minimum. A page without an ink map counts as entirely inked.
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
    """Return moves aside, upwards, and both, that keep the ink within the frame."""
    placed, within = placement.to_side(bounds), frame.within
    bound_left = frame.gutter.left <= 0
    aside = max(within.left - placed.left, 0) if bound_left else min(within.right - placed.right, 0)
    upwards = max(within.foot - placed.foot, 0)
    moved = []
    for dx, dy in ((aside, 0.0), (0.0, upwards), (aside, upwards)):
        fits_aside = not dx or (
            placed.left + dx >= within.left - 0.01 and placed.right + dx <= within.right + 0.01
        )
        fits_up = not dy or placed.head + dy <= within.head + 0.01
        if (dx or dy) and fits_aside and fits_up:
            moved.append(placement.moved(dx, dy))
    return moved


def _shrunk(placement: Placement, page: Box, bounds: Box, frame: Frame) -> Placement:
    """Return the largest placement whose ink fits the frame, as close to the centre as possible."""
    placed, within = placement.to_side(bounds), frame.within
    ratio = min(1.0, within.width / placed.width, within.height / placed.height)
    scaled = _turned(page.width, page.height, placement.turn, placement.scale * ratio)
    now, whole = scaled.to_side(bounds), scaled.to_side(page)
    left = (A4_WIDTH - whole.width) / 2 + now.left - whole.left
    foot = (A4_HEIGHT - whole.height) / 2 + now.foot - whole.foot
    left = min(max(left, within.left), within.right - now.width)
    foot = min(max(foot, within.foot), within.head - now.height)
    return scaled.moved(left - now.left, foot - now.foot)


def _is_free(placement: Placement, page: Box, ink: Ink | None, frame: Frame) -> bool:
    return not any(
        touches(ink, placement.to_page(zone.inset(_HAIR)), page)
        for zone in (frame.gutter, frame.number)
    )


def _turned(width: float, height: float, turn: int, scale: float) -> Placement:
    """Return a turned and scaled placement with its box at the origin."""
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
    """Return whether any ink of the page is in `box`, both in the page's coordinates."""
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
    """Return the bounding box of all ink, or None for a page without any."""
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
