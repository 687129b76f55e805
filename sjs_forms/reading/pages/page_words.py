"""What was read on a page: words with their boxes, seals, codes, and how readable the page is.

Lengths are points, from the upper left corner of the page as it is shown upright.
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

WordSource = Literal["text", "ocr", "none"]
"""Where the words of a page come from: its text layer; its picture; it was not read."""


Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text on one line, without a wide gap in it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def box(self) -> Box:
        """Where it stands."""
        return self.left, self.top, self.right, self.bottom

    @property
    def height(self) -> float:
        """The height of its box."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height at which the middle of its box lies, from the head of the page."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class SealMark:
    """A seal's imprint."""

    left: float
    top: float
    right: float
    bottom: float
    colour: Literal["red"] = "red"


@dataclass(frozen=True, slots=True)
class CodeMark:
    """A QR code and the text in it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def box(self) -> Box:
        """Where it stands."""
        return self.left, self.top, self.right, self.bottom


@dataclass(frozen=True, slots=True)
class PageQuality:
    """How readable a page is. `skew` is the clockwise slope of its lines in degrees, 0 if unknown.

    Each is True only where it is certain; a page that was not examined has none of these faults.
    """

    blank: bool = False
    dark: bool = False
    faint: bool = False
    blurred: bool = False
    skew: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page, from 1, and what was read on it.

    `width` and `height` are those of the page as it stands upright. `turned` is the number of
    clockwise quarter turns that make it upright, 0 unless it is certain.
    """

    page: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    source: WordSource = "none"
    turned: int = 0
    seals: tuple[SealMark, ...] = ()
    codes: tuple[CodeMark, ...] = ()
    quality: PageQuality = PageQuality()


Marked = TypeVar("Marked", Word, SealMark, CodeMark)


def upright(mark: Marked, size: tuple[float, float], turned: int) -> Marked:
    """Return a mark on a page of this width and height as it stands after clockwise quarter turns.

    Its box is then measured from the upper left corner of the turned page.
    """
    left, top, right, bottom = mark.left, mark.top, mark.right, mark.bottom
    wide, high = size
    for _ in range(turned % 4):
        left, top, right, bottom = high - bottom, left, high - top, right
        wide, high = high, wide
    return replace(mark, left=left, top=top, right=right, bottom=bottom)
