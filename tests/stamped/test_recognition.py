"""Which page each scan is held to be, decided from likenesses alone."""

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.stamped.recognition import (
    FLOOR,
    LEAD,
    SURE,
    TEXT_SURE,
    BadDecision,
    FormPage,
    PageLikeness,
    ScanDecision,
    ScanObservation,
    ScanVerdict,
    decision_from,
    place_from,
    sure_turn,
    verdict_on,
)

LENGTHS = {"甲": 4, "乙": 1}
PAGES = [FormPage(form, n) for form, count in LENGTHS.items() for n in range(1, count + 1)]
NAMES = {"附4-1": "甲", "申报书": "甲", "附4-2": "乙"}


def clear(number: int, page: FormPage, turn: int = 0) -> ScanObservation:
    """A scan that looks like one page only."""
    others = [other for other in PAGES if other != page][:2]
    return ScanObservation(
        number,
        False,
        (PageLikeness(page, 0.8, turn), *(PageLikeness(other, 0.1) for other in others)),
    )


def settled(verdict: ScanVerdict) -> bool:
    """Whether every page has its place, and no form lacks one."""
    return not (verdict.open or verdict.missing or verdict.twice) and bool(verdict.complete)


def states(verdict: ScanVerdict) -> list[str]:
    return [page.state for page in verdict.pages]


def test_a_page_much_liker_than_all_others_is_recognised_with_its_turn() -> None:
    (page,) = verdict_on([clear(1, PAGES[2], 180)], LENGTHS).pages
    assert (page.state, page.page, page.turn, page.by) == ("placed", PAGES[2], 180, "picture")


@given(st.permutations(PAGES), st.integers(0, 3))
def test_all_pages_in_any_order_and_with_blank_backs_make_complete_forms(
    pages: list[FormPage], every: int
) -> None:
    seen: list[ScanObservation] = []
    for page in pages:
        seen.append(clear(len(seen) + 1, page))
        if every and len(seen) % every == 0:
            seen.append(ScanObservation(len(seen) + 1, blank=True))
    verdict = verdict_on(seen, LENGTHS)
    assert settled(verdict)
    assert {form: [p.page for p in there] for form, there in verdict.complete.items()} == {
        form: [page for page in PAGES if page.form == form] for form in LENGTHS
    }


@given(st.lists(st.sampled_from(PAGES), min_size=1, max_size=9))
def test_every_page_is_there_once_or_named_as_missing_or_twice(shown: list[FormPage]) -> None:
    verdict = verdict_on([clear(n, page) for n, page in enumerate(shown, 1)], LENGTHS)
    forms = {page.form for page in shown}
    for page in PAGES:
        count = shown.count(page)
        assert (page in verdict.missing) == (count == 0 and page.form in forms)
        assert (page in verdict.twice) == (count > 1)
    for form, there in verdict.complete.items():
        assert len(there) == LENGTHS[form]
    assert settled(verdict) == (not verdict.missing and not verdict.twice)


@given(
    st.lists(
        st.builds(
            PageLikeness,
            st.sampled_from(PAGES),
            st.floats(0, 1).map(lambda score: round(score, 3)),
            st.sampled_from([0, 180]),
        ),
        max_size=4,
    )
)
def test_nothing_is_placed_without_likeness_and_lead(looks: list[PageLikeness]) -> None:
    looks.sort(key=lambda alike: -alike.score)
    (page,) = verdict_on([ScanObservation(1, False, tuple(looks))], LENGTHS).pages
    if page.state == "placed":
        assert looks[0].score >= SURE
        assert all(looks[0].score - other.score >= LEAD for other in looks[1:])
        assert page.page == looks[0].page
    elif page.state == "unsure":
        assert looks[0].score >= FLOOR
        assert 0 <= page.certainty < 1
    else:
        assert page.state == "foreign"
        assert not looks or looks[0].score < FLOOR


def test_a_page_that_looks_alike_both_ways_up_is_unsure() -> None:
    looks = (PageLikeness(PAGES[0], 0.7, 0), PageLikeness(PAGES[0], 0.65, 180))
    assert states(verdict_on([ScanObservation(1, False, looks)], LENGTHS)) == ["unsure"]


def test_text_tells_pages_apart_that_look_alike() -> None:
    looks = (PageLikeness(PAGES[0], 0.7, 180), PageLikeness(PAGES[1], 0.68, 180))
    texts = (PageLikeness(PAGES[1], 0.9), PageLikeness(PAGES[0], 0.3))
    (page,) = verdict_on([ScanObservation(1, False, looks, texts)], LENGTHS).pages
    assert (page.state, page.page, page.turn, page.by) == ("placed", PAGES[1], 180, "text")


def test_text_and_picture_that_disagree_leave_a_page_unsure() -> None:
    seen = ScanObservation(1, False, clear(1, PAGES[0]).pictures, (PageLikeness(PAGES[1], 0.9),))
    assert states(verdict_on([seen], LENGTHS)) == ["unsure"]


def test_text_misread_beyond_use_does_not_count() -> None:
    seen = ScanObservation(1, False, clear(1, PAGES[0]).pictures, (PageLikeness(PAGES[1], 0.4),))
    (page,) = verdict_on([seen], LENGTHS).pages
    assert (page.state, page.page, page.by) == ("placed", PAGES[0], "picture")


@pytest.mark.parametrize("score", [0.34, 0.8])
@pytest.mark.parametrize(("stated", "turn"), [(None, 0), (0, 0), (90, 90), (180, 180), (270, 270)])
def test_a_page_placed_by_hand_is_turned_only_as_the_wish_says(
    score: float, stated: int | None, turn: int
) -> None:
    looks = (
        PageLikeness(PAGES[1], score, 180),
        PageLikeness(PAGES[0], 0.33, 0),
        PageLikeness(PAGES[1], 0.1, 0),
    )
    verdict = verdict_on(
        [ScanObservation(1, False, looks)], LENGTHS, [ScanDecision(1, PAGES[1], stated)]
    )
    (page,) = verdict.pages
    assert (page.state, page.page, page.turn, page.by) == ("placed", PAGES[1], turn, "hand")
    assert page.overruled == (180 if stated is None and score > SURE else None)


def test_a_page_placed_by_hand_that_lies_on_its_side_is_doubted() -> None:
    looks = (PageLikeness(PAGES[1], 0.3, 270), PageLikeness(PAGES[1], 0.28, 90))
    (page,) = verdict_on(
        [ScanObservation(1, False, looks)], LENGTHS, [ScanDecision(1, PAGES[1])]
    ).pages
    assert (page.turn, page.overruled) == (0, 270)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 90, 180, 270])), max_size=4),
    st.floats(0, 1),
)
def test_a_turn_is_sure_only_where_one_way_up_leads_all_others(
    looks: list[tuple[float, int]], text: float
) -> None:
    ways = sorted({turn: score for score, turn in looks}.items(), key=lambda way: -way[1])
    pictures = tuple(PageLikeness(PAGES[0], round(score, 3), turn) for turn, score in ways)
    seen = ScanObservation(1, False, pictures, (PageLikeness(PAGES[0], text),), 90)
    turn = sure_turn(seen, PAGES[0])
    scores = [alike.score for alike in pictures] + [0.0]
    if scores[0] >= SURE and scores[0] - max(scores[1:], default=0.0) >= LEAD:
        assert turn == pictures[0].turn
    else:
        assert turn == (90 if text >= TEXT_SURE else None)


def test_where_the_picture_tells_no_way_up_the_direction_of_the_text_does() -> None:
    looks = (PageLikeness(PAGES[1], 0.7, 180), PageLikeness(PAGES[1], 0.65, 0))
    seen = ScanObservation(
        1, False, looks, (PageLikeness(PAGES[1], 0.9), PageLikeness(PAGES[0], 0.3)), 0
    )
    (page,) = verdict_on([seen], LENGTHS).pages
    assert (page.state, page.page, page.turn, page.by) == ("placed", PAGES[1], 0, "text")


def test_what_the_user_does_not_want_is_left_out() -> None:
    seen = [clear(n, page) for n, page in enumerate([*PAGES, PAGES[0]], 1)]
    verdict = verdict_on(seen, LENGTHS, [ScanDecision(1, None)])
    assert settled(verdict)
    assert verdict.complete["甲"][0].number == len(seen)


def test_nothing_but_blanks_is_not_settled() -> None:
    assert not settled(verdict_on([ScanObservation(1, blank=True)], LENGTHS))


@pytest.mark.parametrize(
    ("written", "wish"),
    [
        ("3=附4-1:2", ScanDecision(3, FormPage("甲", 2))),
        (" 3 ＝ 申报书：２ ", ScanDecision(3, FormPage("甲", 2))),
        ("12=附4-1第4页", ScanDecision(12, FormPage("甲", 4))),
        ("5=附4-2", ScanDecision(5, FormPage("乙", 1))),
        ("3=附4-1:3:180", ScanDecision(3, FormPage("甲", 3), 180)),
        ("3=附4-1：３：９０", ScanDecision(3, FormPage("甲", 3), 90)),
        ("3=附4-1第3页:270°", ScanDecision(3, FormPage("甲", 3), 270)),
        ("5=附4-2:1:0", ScanDecision(5, FormPage("乙", 1), 0)),
        ("5=不用", ScanDecision(5, None)),
        ("5=none", ScanDecision(5, None)),
    ],
)
def test_a_wish_is_understood(written: str, wish: ScanDecision) -> None:
    assert decision_from(written, NAMES, LENGTHS) == wish


@pytest.mark.parametrize(
    "written",
    [
        "",
        "附4-1:2",
        "3=",
        "3=附4-3:1",
        "3=附4-1",
        "3=附4-1:5",
        "3=附4-1:0",
        "x=附4-2",
        "3=附4-1:2:45",
        "3=附4-1:2:",
        "3=附4-1:2:180:0",
        "3=附4-1:2:-90",
        "3=不用:180",
        "5=附4-2:180",
    ],
)
def test_a_wish_that_cannot_be_understood_is_refused_in_chinese(written: str) -> None:
    with pytest.raises(BadDecision, match=r"[\u4e00-\u9fff]"):
        decision_from(written, NAMES, LENGTHS)


@given(st.text(max_size=30))
def test_no_wish_whatever_breaks_the_reading(written: str) -> None:
    with suppress(BadDecision):
        decision_from(written, NAMES, LENGTHS)
    with suppress(BadDecision):
        place_from(1, written, NAMES, LENGTHS)


def test_the_order_of_scans_never_changes_what_each_is() -> None:
    seen = [clear(n, page) for n, page in enumerate(PAGES, 1)]
    mixed = random.Random(1).sample(seen, len(seen))
    assert verdict_on(seen, LENGTHS).complete == verdict_on(mixed, LENGTHS).complete
