"""Whose page a scan of a pile is, decided from evidence and order alone."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.stamped.pile_recognition import (
    ApplicantEvidence,
    Claim,
    HeldPage,
    PileSheet,
    claim_of,
    claim_of_both,
    may_be,
    owner_of,
    settled_by_order,
)
from sjs_forms.stamped.recognition import FormPage

PAGES = [*(FormPage("申报书", n) for n in range(1, 5)), FormPage("承诺书", 1)]
ORDER: Mapping[int, Sequence[FormPage]] = {1: PAGES, 2: PAGES}
evidences = st.builds(ApplicantEvidence, st.integers(0, 20), st.integers(0, 20))


@pytest.mark.parametrize(
    ("blank", "rivals", "claim"),
    [
        (ApplicantEvidence(8, 0), [ApplicantEvidence(3, 0), ApplicantEvidence(10, 1)], "sure"),
        (ApplicantEvidence(8, 0), [ApplicantEvidence(2, 0)], "likely"),
        (ApplicantEvidence(8, 0), [ApplicantEvidence(0, 0), ApplicantEvidence(9, 0)], "silent"),
        (ApplicantEvidence(0, 0), [], "silent"),
        (ApplicantEvidence(8, 2), [], "silent"),
        (ApplicantEvidence(20, 2), [], "sure"),
        (ApplicantEvidence(4, 0, 1), [], "sure"),
        (ApplicantEvidence(4, 0, 2), [], "silent"),
        (ApplicantEvidence(7, 2), [ApplicantEvidence(9, 0)], "denied"),
        (ApplicantEvidence(8, 0), [ApplicantEvidence(3, 1)], "silent"),
    ],
)
def test_a_page_is_somebodys_only_if_it_shows_what_no_rival_has(
    blank: ApplicantEvidence, rivals: list[ApplicantEvidence], claim: Claim
) -> None:
    assert claim_of(blank, rivals) == claim


@given(evidences, st.lists(evidences, max_size=5), evidences)
def test_a_further_rival_never_makes_a_page_more_certain(
    blank: ApplicantEvidence, rivals: list[ApplicantEvidence], further: ApplicantEvidence
) -> None:
    rank: list[Claim] = ["denied", "silent", "likely", "sure"]
    before, after = claim_of(blank, rivals), claim_of(blank, [*rivals, further])
    assert rank.index(after) <= rank.index(before)


def test_what_picture_or_text_denies_is_denied() -> None:
    assert claim_of_both("sure", "denied") == "denied"
    assert claim_of_both("denied", "sure") == "denied"
    assert claim_of_both("silent", "sure") == "sure"
    assert claim_of_both("likely", None) == "likely"


def test_a_page_of_which_two_are_certain_is_nobodys() -> None:
    assert owner_of({1: "sure", 2: "likely", 3: "denied"}) == 1
    assert owner_of({1: "sure", 2: "sure"}) is None
    assert owner_of({1: "likely"}) is None


def sheets(*held: HeldPage | None, likely: Mapping[int, int] | None = None) -> list[PileSheet]:
    said = likely or {}
    return [
        PileSheet(at, "扫描.pdf", page, frozenset({said[at]} if at in said else ()))
        for at, page in enumerate(held, 1)
    ]


def fitting(**places: FormPage) -> dict[int, FormPage]:
    return {int(name[1:]): page for name, page in places.items()}


def settled(pile: list[PileSheet], fits: dict[int, FormPage]) -> dict[int, HeldPage]:
    return settled_by_order(pile, ORDER, lambda number, _: fits.get(number))


def held(applicant: int, at: int) -> HeldPage:
    return HeldPage(applicant, PAGES[at])


def test_silent_pages_between_two_of_one_applicant_are_his() -> None:
    pile = sheets(held(1, 0), None, held(1, 2), None, held(1, 4))
    assert settled(pile, fitting(n2=PAGES[1], n4=PAGES[3])) == {2: held(1, 1), 4: held(1, 3)}


@pytest.mark.parametrize(
    "pile",
    [
        sheets(held(1, 0), None, held(2, 2)),
        sheets(held(1, 0), None),
        sheets(None, held(1, 2)),
        sheets(held(1, 0), None, None, held(1, 2)),
        sheets(held(1, 0), None, held(1, 3)),
        sheets(held(1, 2), None, held(1, 0)),
    ],
    ids=["two applicants", "no end", "no start", "one too many", "one missing", "backwards"],
)
def test_silent_pages_elsewhere_are_left_to_the_user(pile: list[PileSheet]) -> None:
    assert settled(pile, fitting(n1=PAGES[1], n2=PAGES[1], n3=PAGES[1])) == {}


def test_a_page_that_does_not_fit_its_place_is_left_to_the_user() -> None:
    pile = sheets(held(1, 0), None, held(1, 2))
    assert settled(pile, fitting(n2=PAGES[3])) == {}
    assert settled(pile, {}) == {}


def test_a_page_that_speaks_for_another_is_not_given_away_by_its_neighbours() -> None:
    pile = sheets(held(2, 0), None, held(2, 2), likely={2: 1})
    assert settled(pile, fitting(n2=PAGES[1])) == {}
    both = [*sheets(held(1, 3)), PileSheet(2, "扫描.pdf", None, frozenset({1, 2}))]
    assert settled(both, fitting(n2=PAGES[4])) == {}


def test_order_does_not_reach_into_another_file() -> None:
    pile = [
        PileSheet(1, "一.pdf", held(1, 0)),
        PileSheet(2, "二.pdf"),
        PileSheet(3, "二.pdf", held(1, 2)),
    ]
    assert settled(pile, fitting(n2=PAGES[1])) == {}


def test_a_page_that_speaks_for_an_applicant_needs_one_neighbour_of_his() -> None:
    pile = sheets(held(1, 3), None, held(2, 0), likely={2: 1})
    assert settled(pile, fitting(n2=PAGES[4])) == {2: held(1, 4)}
    assert settled(sheets(held(2, 3), None, likely={2: 1}), fitting(n2=PAGES[4])) == {}
    assert settled(sheets(held(1, 2), None, likely={2: 1}), fitting(n2=PAGES[4])) == {}


@given(st.lists(st.sampled_from([1, 2]), min_size=1, max_size=4), st.data())
def test_in_a_pile_that_lies_in_order_no_page_is_given_to_another(
    owners: list[int], data: st.DataObject
) -> None:
    truth = [held(owner, at) for owner in owners for at in range(len(PAGES))]
    pile = [page if data.draw(st.booleans()) else None for page in truth]
    found = settled(sheets(*pile), {n: page.page for n, page in enumerate(truth, 1)})
    assert all(page == truth[number - 1] for number, page in found.items())


@pytest.mark.parametrize(
    ("claim", "has_it", "asked"),
    [("silent", False, True), ("silent", True, False), ("denied", False, False)],
)
def test_an_open_page_is_suggested_to_no_neighbour_who_has_it_or_whom_it_denies(
    claim: Claim, has_it: bool, asked: bool
) -> None:
    cover = HeldPage(1, PAGES[0])
    held = {HeldPage(1, PAGES[4]), *([cover] if has_it else [])}
    assert may_be(cover, {1: claim}, held) == asked
