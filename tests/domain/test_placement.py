"""Where a page of any size stands on A4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.placement import (
    A4_HEIGHT,
    A4_WIDTH,
    MM,
    Box,
    Frame,
    Placement,
    ink_bounds,
    place,
    place_free,
    touches,
)
from sjs_forms.domain.source_facts import Ink
from sjs_forms.volume.binding_plan import side_frame

BINDING = load_programme(installed_programmes()[0]).binding
GUTTER = 12 * MM
RECTO = side_frame("recto", BINDING, GUTTER)
VERSO = side_frame("verso", BINDING, GUTTER)
CELL = 2 * MM
A4_COLUMNS, A4_ROWS = 105, 149


def inked(*cells: tuple[int, int]) -> Ink:
    """An A4 page with ink in the cells (column, row)."""
    rows = [0] * A4_ROWS
    for column, row in cells:
        rows[row] |= 1 << column
    return Ink(CELL, A4_COLUMNS, tuple(rows))


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


cells = st.tuples(st.integers(0, A4_COLUMNS - 1), st.integers(0, A4_ROWS - 1))
inks = st.lists(cells, max_size=6).map(lambda found: inked(*found))
frames = st.sampled_from([RECTO, VERSO])
rotations = st.sampled_from([0, 90, 180, 270])


def _ink_on_side(ink: Ink, placement: Placement) -> list[Box]:
    return [
        placement.to_side(
            Box(
                column * CELL,
                row * CELL,
                min((column + 1) * CELL, A4_WIDTH),
                min((row + 1) * CELL, A4_HEIGHT),
            )
        )
        for row, line in enumerate(ink.rows)
        for column in range(ink.columns)
        if line >> column & 1
    ]


def _overlap(one: Box, other: Box) -> bool:
    return (
        min(one.right, other.right) - max(one.left, other.left) > 0.01
        and min(one.head, other.head) - max(one.foot, other.foot) > 0.01
    )


@given(inks, frames, rotations)
def test_ink_never_touches_number_or_binding_margin_nor_leaves_the_paper(
    ink: Ink, frame: Frame, rotate: int
) -> None:
    placement = place_free(A4_WIDTH, A4_HEIGHT, rotate, ink, frame)
    for box in _ink_on_side(ink, placement):
        assert not _overlap(box, frame.number)
        assert not _overlap(box, frame.gutter)
        assert box.left >= -0.01 and box.right <= A4_WIDTH + 0.01
        assert box.foot >= -0.01 and box.head <= A4_HEIGHT + 0.01


@given(inks, frames)
def test_a_page_stays_as_it_is_where_that_leaves_both_free(ink: Ink, frame: Frame) -> None:
    free = not any(
        _overlap(box, zone)
        for box in _ink_on_side(ink, place(A4_WIDTH, A4_HEIGHT))
        for zone in (
            Box(frame.gutter.left - CELL, 0, frame.gutter.right + CELL, A4_HEIGHT),
            Box(
                frame.number.left - CELL,
                frame.number.foot - CELL,
                frame.number.right + CELL,
                frame.number.head + CELL,
            ),
        )
    )
    if free:
        placement = place_free(A4_WIDTH, A4_HEIGHT, 0, ink, frame)
        assert placement == place(A4_WIDTH, A4_HEIGHT)


def test_ink_at_the_binding_edge_is_moved_aside_at_full_size() -> None:
    placement = place_free(A4_WIDTH, A4_HEIGHT, 0, inked((2, 70), (80, 70)), RECTO)
    assert placement.scale == 1
    assert placement.matrix[4] == pytest.approx(GUTTER - 2 * CELL)
    assert placement.matrix[5] == 0


def test_a_recto_is_moved_right_and_a_verso_left() -> None:
    both = inked((1, 70), (103, 70))
    middle = inked((3, 70), (90, 70))
    assert place_free(A4_WIDTH, A4_HEIGHT, 0, middle, RECTO).matrix[4] > 0
    mirrored = inked((101, 70), (14, 70))
    assert place_free(A4_WIDTH, A4_HEIGHT, 0, mirrored, VERSO).matrix[4] < 0
    assert place_free(A4_WIDTH, A4_HEIGHT, 0, both, RECTO).scale < 1


def test_ink_under_the_number_is_lifted_at_full_size() -> None:
    placement = place_free(A4_WIDTH, A4_HEIGHT, 0, inked((92, 5), (50, 100)), RECTO)
    assert placement.scale == 1
    assert placement.matrix[4] == 0
    assert placement.matrix[5] > 0


def test_a_sources_own_number_in_the_middle_of_the_foot_moves_nothing() -> None:
    own_number = inked((52, 5), (53, 5))
    for frame in (RECTO, VERSO):
        placement = place_free(A4_WIDTH, A4_HEIGHT, 0, own_number, frame)
        assert placement == place(A4_WIDTH, A4_HEIGHT)


def test_a_page_of_ink_to_every_edge_is_shrunk_just_enough() -> None:
    full = Ink(CELL, A4_COLUMNS, ((1 << A4_COLUMNS) - 1,) * A4_ROWS)
    placement = place_free(A4_WIDTH, A4_HEIGHT, 0, full, RECTO)
    within = RECTO.within
    assert placement.scale == pytest.approx(
        min(within.width / A4_WIDTH, within.height / A4_HEIGHT), abs=0.001
    )


def test_a_page_nobody_looked_at_is_taken_for_all_ink() -> None:
    assert place_free(A4_WIDTH, A4_HEIGHT, 0, None, RECTO).scale < 1


def test_a_blank_page_stays_as_it_is() -> None:
    assert place_free(A4_WIDTH, A4_HEIGHT, 0, inked(), RECTO) == place(A4_WIDTH, A4_HEIGHT)


def test_the_binding_margin_grows_with_the_volume() -> None:
    margins = [BINDING.gutter_mm(sheets) for sheets in (1, 60, 61, 150, 500, 5_000_000)]
    assert margins == sorted(margins)
    assert margins[0] < margins[-1]


def test_ink_is_found_where_it_is() -> None:
    page = Box(0, 0, A4_WIDTH, A4_HEIGHT)
    ink = inked((10, 20))
    assert touches(ink, Box(20.5 * MM, 40.5 * MM, 21 * MM, 41 * MM), page)
    assert not touches(ink, Box(0, 0, 19 * MM, 39 * MM), page)
    assert ink_bounds(ink, page) == Box(10 * CELL, 20 * CELL, 11 * CELL, 21 * CELL)
