"""Where a page of any size stands on A4."""

import pytest

from sjs_forms.placement import A4_HEIGHT, A4_WIDTH, MM, place


def test_an_a4_page_stays_as_it_is() -> None:
    assert place(A4_WIDTH, A4_HEIGHT).matrix == pytest.approx((1, 0, 0, 1, 0, 0))


def test_a_page_of_whole_points_is_not_shrunk_for_rounding() -> None:
    assert place(595, 842).scale == 1
    assert place(596, 843).scale == 1


def test_a_landscape_page_is_turned_so_that_its_head_is_at_the_binding_edge() -> None:
    placement = place(A4_HEIGHT, A4_WIDTH)
    assert placement.turn == 1
    assert placement.apply(0, A4_WIDTH) == pytest.approx((0, 0), abs=0.01)
    assert placement.apply(A4_HEIGHT, A4_WIDTH) == pytest.approx((0, A4_HEIGHT), abs=0.01)


def test_an_invoice_of_241_by_140_mm_keeps_its_size_by_being_turned() -> None:
    placement = place(241 * MM, 140 * MM)
    assert (placement.turn, placement.scale) == (1, 1)


def test_a_small_landscape_page_that_fits_upright_is_not_turned() -> None:
    placement = place(148 * MM, 105 * MM)
    assert (placement.turn, placement.scale) == (0, 1)


def test_a3_landscape_is_turned_and_shrunk_to_a4() -> None:
    placement = place(420 * MM, 297 * MM)
    assert placement.turn == 1
    assert placement.scale == pytest.approx(210 / 297, abs=0.001)


def test_us_letter_is_shrunk_just_enough() -> None:
    assert place(612, 792).scale == pytest.approx(A4_WIDTH / 612)


@pytest.mark.parametrize(
    ("rotate", "corner"),
    [
        (0, (0, 0)),
        (90, (0, A4_HEIGHT)),
        (180, (A4_WIDTH, A4_HEIGHT)),
        (270, (A4_WIDTH, 0)),
    ],
)
def test_rotate_turns_clockwise(rotate: int, corner: tuple[float, float]) -> None:
    width, height = (A4_WIDTH, A4_HEIGHT) if rotate % 180 == 0 else (A4_HEIGHT, A4_WIDTH)
    assert place(width, height, rotate).apply(0, 0) == pytest.approx(corner, abs=0.01)
