"""Evidence: the place on a paper that a finding speaks of, and what was read there."""

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was read on a page, from 1, of a file, and what was expected.

    `file` is as the user knows it. `box` is left, top, right and bottom in points, from the upper
    left corner of the page upright, as it stands after `turned` clockwise quarter turns.
    `confidence` runs from 0 to 1.
    """

    file: str
    page: int
    box: tuple[float, float, float, float]
    read: str
    expected: str
    source: Literal["text", "ocr", "qr", "seal"]
    confidence: float
    turned: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The evidence as `check --json` shows it."""
        return {
            "file": self.file,
            "page": self.page,
            "box": [round(length, 1) for length in self.box],
            "read": self.read,
            "expected": self.expected,
            "source": self.source,
            "confidence": self.confidence,
        }
