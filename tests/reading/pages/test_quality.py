"""A page is called blank, dark, faint or blurred only where it certainly is."""

import pytest
from PIL import Image

from sjs_forms.reading.pages.page_words import PageQuality
from sjs_forms.reading.pages.quality import page_quality
from tests.reading.small_pdfs import html_page
from tests.scanner import Scan, drawn_pages, scanned

TEXT = (
    "<h1>开户证明</h1>" + "<p>兹证明该单位在我行开立基本存款账户，账户状态正常，特此证明。</p>" * 12
)


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return drawn_pages(html_page(TEXT), 200)[0]


def judged(page: Image.Image, how: Scan, dpi: float = 200) -> PageQuality:
    picture = scanned(page, how)
    points = picture.width * 72 / how.dpi, picture.height * 72 / how.dpi
    return page_quality(picture, points, dpi)


@pytest.mark.parametrize(
    "how",
    [
        Scan(dpi=200),
        Scan(dpi=200, paper=150),
        Scan(dpi=200, toner=0.4),
        Scan(dpi=200, noise=18),
        Scan(dpi=200, blur=1.2),
        Scan(dpi=200, mode="1"),
    ],
    ids=["clean", "greyish", "pale", "noisy", "soft", "black and white"],
)
def test_a_usual_scan_has_no_fault(page: Image.Image, how: Scan) -> None:
    assert judged(page, how) == PageQuality()


def test_paper_as_dark_as_ink_is_dark_and_not_also_faint(page: Image.Image) -> None:
    assert judged(page, Scan(dpi=200, paper=80)) == PageQuality(dark=True)


def test_text_that_hardly_differs_from_its_paper_is_faint(page: Image.Image) -> None:
    assert judged(page, Scan(dpi=200, toner=0.15)).faint


def test_a_page_out_of_focus_is_blurred(page: Image.Image) -> None:
    assert judged(page, Scan(dpi=200, blur=4)).blurred


def test_a_coarse_scan_is_not_called_blurred(page: Image.Image) -> None:
    assert not judged(page, Scan(dpi=200, blur=4), dpi=75).blurred


def test_a_skewed_page_slopes_by_so_many_degrees_clockwise(page: Image.Image) -> None:
    assert judged(page, Scan(dpi=200, skew=2.5)).skew == pytest.approx(2.5, abs=0.2)


@pytest.mark.parametrize("noise", [0, 18])
def test_a_page_with_nothing_but_the_grain_of_a_scan_is_blank(noise: int) -> None:
    empty = Image.new("RGB", (1654, 2339), "white")
    assert judged(empty, Scan(dpi=200, noise=noise, paper=230)) == PageQuality(blank=True)


@pytest.mark.parametrize("text", ["此页无正文", "（盖章）"])
def test_a_page_with_one_short_line_is_not_blank(text: str) -> None:
    assert not judged(drawn_pages(html_page(text), 200)[0], Scan(dpi=200, noise=10)).blank


def test_of_a_page_of_text_only_blankness_is_judged(page: Image.Image) -> None:
    dim = page.point([value // 4 for value in range(256)] * 3)
    assert page_quality(dim, (595, 842), None) == PageQuality()


@pytest.mark.parametrize("points", [(14_400, 14_400), (1, 14_400), (3, 3)])
def test_a_page_of_any_size_is_judged_within_the_pixels_of_its_picture(
    points: tuple[float, float],
) -> None:
    picture = Image.new("RGB", (max(1, int(points[0] / 40)), max(1, int(points[1] / 40))), "white")
    assert page_quality(picture, points, 200).blank
