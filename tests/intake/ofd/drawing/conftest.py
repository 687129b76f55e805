"""Draws OFD files and looks at the pages, by PDFium and by poppler."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake.ofd import write_ofd_as_pdf
from tests.intake.ofd.drawing.objects import OfdFile

DPI = 127
"""Five pixels a millimetre."""


class Drawn:
    """The PDF of an OFD. Places are millimetres from a page's top left."""

    def __init__(self, path: Path, remarks: tuple[Finding, ...]) -> None:
        self.path, self.remarks = path, remarks
        self._pdf = pypdfium2.PdfDocument(path)
        self._pictures: dict[int, Image.Image] = {}

    @property
    def codes(self) -> list[str]:
        """The codes of the remarks."""
        return [remark.code for remark in self.remarks]

    def __len__(self) -> int:
        return len(self._pdf)

    def size(self, page: int = 0) -> tuple[int, int]:
        """A page's size in whole millimetres."""
        width, height = self._pdf[page].get_size()
        return round(width / 72 * 25.4), round(height / 72 * 25.4)

    def text(self, page: int = 0) -> str:
        """What PDFium reads."""
        return str(self._pdf[page].get_textpage().get_text_range())

    def text_by_poppler(self) -> str:
        """What poppler reads."""
        if shutil.which("pdftotext") is None:
            pytest.skip("poppler is not installed")
        done = subprocess.run(
            ["pdftotext", "-layout", str(self.path), "-"], capture_output=True, check=True
        )
        return done.stdout.decode()

    def place(self, sign: str, page: int = 0) -> tuple[float, float]:
        """Where a character begins, and its baseline."""
        opened = self._pdf[page]
        read = opened.get_textpage()
        at = str(read.get_text_range()).index(sign)
        left, bottom, _, _ = read.get_charbox(at, loose=False)
        return left / 72 * 25.4, (opened.get_height() - bottom) / 72 * 25.4

    def starts(self, words: str, page: int = 0) -> list[float]:
        """Where each character of a text begins, from the left, by its origin."""
        read = self._pdf[page].get_textpage()
        first = str(read.get_text_range()).index(words)
        boxes = [read.get_charbox(first + index, loose=True) for index in range(len(words))]
        return [round(box[0] / 72 * 25.4, 1) for box in boxes]

    def colour(self, x: float, y: float, page: int = 0) -> tuple[int, int, int]:
        """The colour of a point."""
        found = self.picture(page).getpixel((round(x * 5), round(y * 5)))
        assert isinstance(found, tuple)
        return found[0], found[1], found[2]

    def picture(self, page: int = 0) -> Image.Image:
        """A page as a picture."""
        if page not in self._pictures:
            drawn = self._pdf[page].render(scale=DPI / 72).to_pil()
            self._pictures[page] = drawn.convert("RGB")
        return self._pictures[page]

    def close(self) -> None:
        """Close the PDF."""
        self._pdf.close()


Draw = Callable[[OfdFile], Drawn]


@pytest.fixture
def draw(tmp_path: Path, limits: IntakeLimits) -> Iterator[Draw]:
    """Write an OFD as PDF and open that."""
    made: list[Drawn] = []

    def drawn(file: OfdFile) -> Drawn:
        target = tmp_path / f"{len(made)}.pdf"
        remarks = write_ofd_as_pdf(file.write(tmp_path / f"{len(made)}.ofd"), target, limits)
        made.append(Drawn(target, remarks))
        return made[-1]

    yield drawn
    for each in made:
        each.close()
