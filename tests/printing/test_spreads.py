"""The volume as it opens: which sides lie beside each other."""

from hypothesis import given

from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH
from sjs_forms.printing.spreads import FOOT, PAGE_HEIGHT, PAGE_WIDTH, left_of, opens_at, spreads
from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.plan_views import manifest_parts, manifest_sides
from tests.volume.test_binding_plan import plans


@given(plans)
def test_every_side_is_shown_once_versos_left_and_rectos_right(plan: BindingPlan) -> None:
    found = spreads(manifest_parts(plan), manifest_sides(plan))
    shown = [leaf.side for spread in found for leaf in (spread.verso, spread.recto) if leaf]
    assert shown == [side.side for side in plan.sides]
    for spread in found:
        assert spread.verso is None or spread.verso.side % 2 == 0
        assert spread.recto is None or spread.recto.side % 2 == 1
    assert found[0].verso is None
    assert found[-1].recto is None
    assert all(spread.verso and spread.recto for spread in found[1:-1])


@given(plans)
def test_every_part_is_bookmarked_at_the_spread_that_shows_its_first_side(
    plan: BindingPlan,
) -> None:
    found = spreads(manifest_parts(plan), manifest_sides(plan))
    for (title, at), part in zip(opens_at(manifest_parts(plan)), plan.parts, strict=True):
        recto = found[at].recto
        assert recto is not None
        assert (title, recto.side) == (part.title, part.first_side)


def test_two_sides_meet_at_the_spine_and_stay_on_the_sheet() -> None:
    assert left_of(2) + PAGE_WIDTH == left_of(3) == A4_HEIGHT / 2
    assert left_of(2) > 0
    assert FOOT > 0
    assert FOOT + PAGE_HEIGHT < A4_WIDTH
