"""QR codes are read with their places, skewed or not."""

import pytest
from PIL import Image

from sjs_forms.reading.pages.codes import code_marks

zxingcpp = pytest.importorskip("zxingcpp", reason="the extra `read` is not installed")
TEXT = "01,32,,25110000000000000001,1518400.00,20250109,,0000"


def page_with_code(angle: float = 0) -> Image.Image:
    barcode = zxingcpp.create_barcode(TEXT, zxingcpp.BarcodeFormat.QRCode)
    page = Image.new("RGB", (1241, 1754), "white")
    drawn = Image.fromarray(barcode.to_image(scale=4)).convert("RGB")
    page.paste(drawn, (100, 200))
    return page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


@pytest.mark.parametrize("angle", [0, 3, -4, 90, 180])
def test_a_code_is_read_however_it_lies(angle: float) -> None:
    assert [mark.text for mark in code_marks(page_with_code(angle), (595, 842))] == [TEXT]


def test_its_box_is_where_it_stands_in_points() -> None:
    (mark,) = code_marks(page_with_code(), (595, 842))
    assert (mark.left, mark.top) == pytest.approx((56, 104), abs=12)
    assert mark.right - mark.left == pytest.approx(mark.bottom - mark.top, abs=2)


def test_a_page_without_a_code_has_none() -> None:
    assert code_marks(Image.new("RGB", (1241, 1754), "white"), (595, 842)) == ()
