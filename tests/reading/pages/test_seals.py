"""Where the red seals of a page are."""

from random import Random

from PIL import Image

from sjs_forms.reading.pages.seals import seal_marks
from tests.seal_scans import SIZE, UNSEALED, seal, stamped, text_page, unsealed_page

A4 = (595.3, 841.9)
MM = 72 / 25.4


def test_each_seal_of_a_page_has_a_box_around_it() -> None:
    page = text_page(Random(3))
    for place, across in (((60, 80), 42), ((150, 220), 38)):
        page = stamped(page, seal(Random(place[0]), across, across), place)
    first, second = seal_marks(page, A4)
    for mark, (x, y), across in ((first, (60, 80), 42), (second, (150, 220), 38)):
        assert abs((mark.left + mark.right) / 2 - x * MM) < 3 * MM
        assert abs((mark.top + mark.bottom) / 2 - y * MM) < 3 * MM
        assert abs(mark.right - mark.left - across * MM) < 5 * MM


def test_an_oval_seal_has_a_wide_box() -> None:
    imprint = seal(Random(1), 45, 30).rotate(0)
    (mark,) = seal_marks(stamped(text_page(Random(2)), imprint, (100, 150)), A4)
    assert mark.right - mark.left > mark.bottom - mark.top


def test_red_that_is_no_seal_has_no_box() -> None:
    kinds = len(UNSEALED)
    assert [
        kind
        for kind, page in (unsealed_page(seed) for seed in range(kinds))
        if seal_marks(page, A4)
    ] == []


def test_a_grey_page_has_none() -> None:
    page = stamped(text_page(Random(3)), seal(Random(1), 42, 42), (100, 150)).convert("L")
    assert seal_marks(page, A4) == ()


def test_a_page_of_any_shape_is_searched() -> None:
    assert seal_marks(Image.new("RGB", (SIZE[1], 3), "red"), (842, 2)) == ()
    assert seal_marks(Image.new("RGB", (300, 300), "red"), (14_400, 14_400)) == ()
