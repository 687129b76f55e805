"""A photograph of a paper becomes a clean page, or nothing where the outline is not certain."""

from random import Random

import pytest
from PIL import Image, ImageDraw, ImageStat

from sjs_forms.intake.photographs import opencv, straightening
from tests.intake.photographs.desks import DPI, flat_page, tilted
from tests.reading.papers.copies import DESKS, photo_on

if not opencv.is_installed():
    pytest.skip("the extra `read` is not installed", allow_module_level=True)


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return flat_page()


def straightened(picture: Image.Image) -> Image.Image:
    corners = straightening.page_corners(picture)
    assert corners is not None
    return Image.fromarray(straightening.flattened(picture, corners))


@pytest.mark.parametrize("seed", range(4))
def test_the_corners_of_a_page_on_a_dark_desk_are_found_to_two_millimetres(
    page: Image.Image, seed: int
) -> None:
    picture, (first, second, third, fourth) = photo_on(page, DESKS[seed], Random(seed))
    found = straightening.page_corners(picture)
    assert found is not None
    for corner, (x, y) in zip(found, (first, fourth, third, second), strict=True):
        assert ((corner[0] - x) ** 2 + (corner[1] - y) ** 2) ** 0.5 < 2 * DPI / 25.4


def test_a_straightened_page_has_the_shape_of_a4_and_is_white_all_over(page: Image.Image) -> None:
    picture, _ = photo_on(page, DESKS[1], Random(2))
    clean = straightened(picture)
    assert clean.height / clean.width == pytest.approx(297 / 210, rel=0.005)
    for part in range(4):
        high = clean.height // 4
        strip = clean.crop((10, part * high + 10, clean.width - 10, (part + 1) * high - 10))
        assert ImageStat.Stat(strip.convert("L")).median[0] > 240


def test_a_red_seal_stays_red(page: Image.Image) -> None:
    sealed = page.copy()
    ImageDraw.Draw(sealed).ellipse((750, 1350, 1050, 1650), outline=(210, 30, 40), width=12)
    clean = straightened(photo_on(sealed, DESKS[0], Random(1))[0])
    red, green, _ = clean.split()
    strongest = max(a - b for a, b in zip(red.tobytes(), green.tobytes(), strict=True))
    assert strongest > 120


def test_a_frame_that_is_printed_on_the_page_is_not_taken_for_its_edge(page: Image.Image) -> None:
    framed = page.copy()
    wide, high = framed.size
    ImageDraw.Draw(framed).rectangle((68, 68, wide - 68, high - 68), outline=(200, 20, 40), width=9)
    for desk in ((235, 233, 228), (215, 208, 196), (250, 250, 250)):
        picture, corners = photo_on(framed, desk, Random(4))
        found = straightening.page_corners(picture)
        assert found is None or abs(found[0] - corners[0]).max() < 2 * DPI / 25.4


@pytest.mark.parametrize("colour", ["white", "black", (128, 128, 128)])
def test_nothing_is_proposed_for_a_picture_without_a_page(colour: str) -> None:
    assert straightening.page_corners(Image.new("RGB", (700, 900), colour)) is None


def test_nothing_is_proposed_for_a_scan_or_a_page_with_a_corner_cut_off(page: Image.Image) -> None:
    assert straightening.page_corners(page) is None
    picture, _ = photo_on(page, DESKS[0], Random(3))
    cut = picture.crop((0, 0, picture.width - 390, picture.height))
    assert straightening.page_corners(cut) is None


def test_a_page_that_was_photographed_from_the_side_keeps_its_proportions(
    page: Image.Image,
) -> None:
    for short, tilt in ((1.0, 30), (0.75, 30), (1.0, 40)):
        picture = tilted(page, short, tilt)
        corners = straightening.page_corners(picture)
        wide, high = straightening.page_size(corners, picture.size)
        true = short * page.height / page.width
        assert high / wide == pytest.approx(true, rel=0.06)
