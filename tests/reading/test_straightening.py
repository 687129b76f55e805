"""A photograph of a paper becomes a clean page, or nothing where the outline is not certain."""

from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageStat

from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.intake import RunCache
from sjs_forms.reading import straightening
from sjs_forms.reading.reading_process import PageReader
from tests.reading.pages import html_page
from tests.reading.papers.copies import DESKS, photo_on
from tests.scanner import as_pdf, drawn_pages

if not straightening.is_installed():
    pytest.skip("the extra `read` is not installed", allow_module_level=True)

TEXT = "<h1>房屋租赁合同</h1>" + "<p>甲乙双方经协商一致订立本合同。</p>" * 14
DPI = 120


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return drawn_pages(html_page(TEXT), DPI)[0]


@pytest.mark.parametrize("seed", range(4))
def test_the_corners_of_a_page_on_a_dark_desk_are_found_to_two_millimetres(
    page: Image.Image, seed: int
) -> None:
    import numpy

    picture, (first, second, third, fourth) = photo_on(page, DESKS[seed], Random(seed))
    found = straightening.page_corners(numpy.asarray(picture))
    assert found is not None
    for corner, (x, y) in zip(found, (first, fourth, third, second), strict=True):
        assert ((corner[0] - x) ** 2 + (corner[1] - y) ** 2) ** 0.5 < 2 * DPI / 25.4


def test_a_straightened_page_has_the_shape_of_a4_and_is_white_all_over(page: Image.Image) -> None:
    picture, _ = photo_on(page, DESKS[1], Random(2))
    clean = straightening.straightened(picture)
    assert clean is not None
    assert clean.height / clean.width == pytest.approx(297 / 210, rel=0.005)
    for part in range(4):
        high = clean.height // 4
        strip = clean.crop((10, part * high + 10, clean.width - 10, (part + 1) * high - 10))
        assert ImageStat.Stat(strip.convert("L")).median[0] > 240


def test_a_red_seal_stays_red(page: Image.Image) -> None:
    sealed = page.copy()
    ImageDraw.Draw(sealed).ellipse((500, 900, 700, 1100), outline=(210, 30, 40), width=12)
    clean = straightening.straightened(photo_on(sealed, DESKS[0], Random(1))[0])
    assert clean is not None
    red, green, _ = clean.split()
    strongest = max(a - b for a, b in zip(red.tobytes(), green.tobytes(), strict=True))
    assert strongest > 120


def test_a_frame_that_is_printed_on_the_page_is_not_taken_for_its_edge(page: Image.Image) -> None:
    framed = page.copy()
    wide, high = framed.size
    ImageDraw.Draw(framed).rectangle((45, 45, wide - 45, high - 45), outline=(200, 20, 40), width=9)
    for desk in ((235, 233, 228), (215, 208, 196), (250, 250, 250)):
        picture, corners = photo_on(framed, desk, Random(4))
        import numpy

        found = straightening.page_corners(numpy.asarray(picture))
        assert found is None or abs(found[0] - corners[0]).max() < 2 * DPI / 25.4


@pytest.mark.parametrize("colour", ["white", "black", (128, 128, 128)])
def test_nothing_is_proposed_for_a_picture_without_a_page(colour: str) -> None:
    assert straightening.straightened(Image.new("RGB", (700, 900), colour)) is None


def test_nothing_is_proposed_for_a_scan_or_a_page_with_a_corner_cut_off(page: Image.Image) -> None:
    assert straightening.straightened(page) is None
    picture, _ = photo_on(page, DESKS[0], Random(3))
    cut = picture.crop((0, 0, picture.width - 260, picture.height))
    assert straightening.straightened(cut) is None


def test_a_confined_process_makes_the_proposal(page: Image.Image, tmp_path: Path) -> None:
    picture, _ = photo_on(page, DESKS[0], Random(1))
    pdf = as_pdf(tmp_path / "photo.pdf", [picture, page], DPI)
    with PageReader(RunCache(tmp_path / "kept"), load_programme().intake) as reader:
        proposed, none = reader.straightened(pdf, 1), reader.straightened(pdf, 2)
    assert proposed is not None
    assert proposed.startswith(b"\xff\xd8") and none is None
