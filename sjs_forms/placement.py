"""Where a page of any size stands on an A4 side: pure geometry, in points.

The coordinates are those of PDF 32000-1 (8.3): origin at the lower left, y upwards.
"""

from dataclasses import dataclass

MM = 72 / 25.4
A4_WIDTH = 210 * MM
A4_HEIGHT = 297 * MM
_TOLERANCE = 2.0
"""A page this little larger than A4 (rounding, 595 × 842) is not shrunk."""


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
    scale = _fit(shown_width, shown_height)
    left = (A4_WIDTH - scale * shown_width) / 2
    foot = (A4_HEIGHT - scale * shown_height) / 2
    a, b, c, d, e, f = {
        0: (1, 0, 0, 1, 0, 0),
        1: (0, 1, -1, 0, height, 0),
        2: (-1, 0, 0, -1, width, height),
        3: (0, -1, 1, 0, 0, width),
    }[turn]
    return Placement(
        (scale * a, scale * b, scale * c, scale * d, scale * e + left, scale * f + foot),
        scale,
        turn,
    )


def _fit(width: float, height: float) -> float:
    if width <= A4_WIDTH + _TOLERANCE and height <= A4_HEIGHT + _TOLERANCE:
        return 1.0
    return min(A4_WIDTH / width, A4_HEIGHT / height)
