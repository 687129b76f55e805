"""A page read for comparison says how it is turned."""

import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from sjs_forms.pdf.page_reading import page_reading


def _with_text(matrix: str) -> bytes:
    """A page with a word written by a text matrix."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(600, 600))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.Contents = pdf.make_stream(f"BT /F 40 Tf {matrix} Tm (Word) Tj ET".encode())
    held = io.BytesIO()
    pdf.save(held)
    return held.getvalue()


def _drawn(pdf: bytes, turn: int = 0) -> Image.Image:
    """The ink of its page, turned clockwise."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=1).to_pil().convert("L").rotate(-turn)
    ink = page.point([255] * 128 + [0] * 128)
    return ink.crop(ink.getbbox())


UPRIGHT = "1 0 0 1 200 300"


@pytest.mark.parametrize(
    "matrix", [UPRIGHT, "0 1 -1 0 300 200", "-1 0 0 -1 400 300", "0 -1 1 0 300 400"]
)
def test_a_page_turned_as_was_read_of_it_shows_its_text_upright(matrix: str) -> None:
    with pypdfium2.PdfDocument(_with_text(matrix)) as document:
        turn = page_reading(document[0]).text_turn
    shown, wanted = _drawn(_with_text(matrix), turn), _drawn(_with_text(UPRIGHT))
    assert shown.size == wanted.size
    unlike = ImageChops.difference(shown, wanted).histogram()[255]
    assert unlike < 0.1 * shown.width * shown.height
