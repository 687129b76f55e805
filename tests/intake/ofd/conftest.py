"""What the tests of OFD share: a file written as a PDF, and what PDFium shows of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
import pytest

from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake.ofd import write_ofd_as_pdf

POINTS = 72 / 25.4
_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """The PDF of an OFD file. Places are in millimetres from the top left of a page."""

    path: Path
    remarks: tuple[Finding, ...]

    @property
    def codes(self) -> set[str]:
        """The codes of what is said of the file."""
        return {remark.code for remark in self.remarks}

    def colours(self, *places: tuple[float, float], page: int = 0) -> list[tuple[int, ...]]:
        """The colours at places of a page."""
        with pypdfium2.PdfDocument(self.path) as pdf:
            seen = pdf[page].render(scale=_SCALE).to_pil().convert("RGB")
        scale = POINTS * _SCALE
        found = [seen.getpixel((round(x * scale), round(y * scale))) for x, y in places]
        return [colour for colour in found if isinstance(colour, tuple)]

    def text(self, page: int = 0) -> str:
        """The text of a page without blanks."""
        with pypdfium2.PdfDocument(self.path) as pdf:
            return "".join(pdf[page].get_textpage().get_text_bounded().split())

    def place_of(self, words: str, page: int = 0) -> tuple[float, float, float, float]:
        """The left, top, right and bottom of words, which stand together on a page."""
        with pypdfium2.PdfDocument(self.path) as pdf:
            height = pdf[page].get_height()
            text = pdf[page].get_textpage()
            count = text.count_chars()
            whole = "".join(text.get_text_range(at, 1) or "\0" for at in range(count))
            start = whole.index(words)
            boxes = [text.get_charbox(at) for at in range(start, start + len(words))]
        left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
        right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
        return left / POINTS, (height - top) / POINTS, right / POINTS, (height - bottom) / POINTS

    def sizes(self) -> list[tuple[float, float]]:
        """The width and height of each page in millimetres."""
        with pypdfium2.PdfDocument(self.path) as pdf:
            return [tuple(round(side / POINTS, 1) for side in page.get_size()) for page in pdf]


Draw = Callable[..., Drawn]


@pytest.fixture
def draw(tmp_path: Path, limits: IntakeLimits) -> Draw:
    """Write an OFD file of these bytes as a PDF."""

    def draw_it(data: bytes, **bounds: int) -> Drawn:
        source, target = tmp_path / "source.ofd", tmp_path / "drawn.pdf"
        source.write_bytes(data)
        remarks = write_ofd_as_pdf(source, target, replace(limits, **bounds))
        return Drawn(target, remarks)

    return draw_it
