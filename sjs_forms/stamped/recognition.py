"""Decides from similarities which page of which form each scanned page is. Pure.

A page is recognised only if it is clearly ahead of every other candidate; otherwise it is unsure
and the user decides. Scanned pages count from 1 through all files, in the given order.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

SURE, LEAD = 0.40, 0.15
"""A picture is recognised if its likeness is at least SURE and leads all others by LEAD.

Measured by tests/stamped/measure_scans.py on 80 scans of the sample and the minimal form (100 to
150 dpi, grey, colour and two-tone, 2° of skew, 4 % scaling, 6 mm of shift, pale, blurred, with
seals and handwriting): 78 recognised, 2 unsure (two-tone and blurred), none wrong. Nine in ten have
a likeness of at least 0.60 to their own page, the worst 0.31, and lead by 0.23 or more. 34 pages of
other documents reach at most 0.26.
"""
FLOOR = 0.20
"""A picture with less likeness than this to every page is foreign."""
TEXT_SURE, TEXT_LEAD = 0.60, 0.15
"""The same for text, whose likeness is the share of character pairs in common."""

State = Literal["placed", "blank", "unsure", "foreign", "left-out"]
By = Literal["picture", "text", "hand", ""]


@dataclass(frozen=True, slots=True, order=True)
class FormPage:
    """A page of a form: the form's id, and the page from 1."""

    form: str
    page: int


@dataclass(frozen=True, slots=True)
class PageLikeness:
    """The likeness of a scan, turned by `turn` degrees clockwise, to a form's page."""

    page: FormPage
    score: float
    turn: int = 0


@dataclass(frozen=True, slots=True)
class ScanObservation:
    """What was measured on one scanned page. `pictures` and `texts` are sorted, best first.

    `text_turn` is the clockwise turn that sets its text upright.
    """

    number: int
    blank: bool = False
    pictures: tuple[PageLikeness, ...] = ()
    texts: tuple[PageLikeness, ...] = ()
    text_turn: int = 0


@dataclass(frozen=True, slots=True)
class ScanDecision:
    """The user's statement on a scanned page: which page it is, or None if it is not wanted.

    `turn` is the clockwise turn in degrees. None leaves the page as it is.
    """

    number: int
    page: FormPage | None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """The result for a scanned page: what it is, on what evidence, how certainly (0 to 1).

    `page` is the nearest page if the result is unsure or foreign, or None. `overruled` is the turn
    that a page placed by the user seems to need but does not get, because the user named none.
    """

    number: int
    state: State
    page: FormPage | None = None
    turn: int = 0
    by: By = ""
    certainty: float = 1.0
    overruled: int | None = None


@dataclass(frozen=True, slots=True)
class ScanVerdict:
    """The results for all scanned pages, and how they match the forms.

    `complete` holds the pages in order of each form that is complete, `missing` the pages lacking
    from incomplete forms, `twice` the pages shown by several scans.
    """

    pages: tuple[Recognised, ...]
    complete: Mapping[str, tuple[Recognised, ...]]
    missing: tuple[FormPage, ...]
    twice: Mapping[FormPage, tuple[int, ...]]

    @property
    def open(self) -> tuple[Recognised, ...]:
        """The pages that the user must decide."""
        return tuple(page for page in self.pages if page.state in ("unsure", "foreign"))


def verdict_on(
    seen: Sequence[ScanObservation],
    lengths: Mapping[str, int],
    decisions: Sequence[ScanDecision] = (),
) -> ScanVerdict:
    """Return the verdict on scanned pages. `lengths` is the page count of each form by id."""
    decided = {decision.number: decision for decision in decisions}
    return matched([recognised(page, decided.get(page.number)) for page in seen], lengths)


def matched(pages: Sequence[Recognised], lengths: Mapping[str, int]) -> ScanVerdict:
    """Return the verdict on recognised pages (see `verdict_on`)."""
    shown: dict[FormPage, list[Recognised]] = defaultdict(list)
    for page in pages:
        if page.state == "placed" and page.page is not None:
            shown[page.page].append(page)
    there = {place.form for place in shown}
    wanted = {
        form: [FormPage(form, n) for n in range(1, length + 1)]
        for form, length in lengths.items()
        if form in there
    }
    return ScanVerdict(
        tuple(pages),
        {
            form: tuple(shown[place][0] for place in places)
            for form, places in wanted.items()
            if all(len(shown.get(place, ())) == 1 for place in places)
        },
        tuple(place for places in wanted.values() for place in places if place not in shown),
        {
            place: tuple(page.number for page in shown[place])
            for place in sorted(shown)
            if len(shown[place]) > 1
        },
    )


def recognised(seen: ScanObservation, decision: ScanDecision | None = None) -> Recognised:
    """Return what a scanned page is, as the user has stated or as was measured."""
    if decision is not None:
        return _as_decided(seen, decision)
    if seen.blank:
        return Recognised(seen.number, "blank")
    by_text, by_picture = _by_text(seen), _by_picture(seen)
    if by_text.state == "placed":
        if by_picture.state == "placed" and by_picture.page != by_text.page:
            return replace(by_picture, state="unsure", certainty=0.5)
        return by_text
    return by_picture


def _as_decided(seen: ScanObservation, decision: ScanDecision) -> Recognised:
    if decision.page is None:
        return Recognised(seen.number, "left-out", by="hand")
    if decision.turn is not None:
        return Recognised(seen.number, "placed", decision.page, decision.turn, "hand")
    needed = sure_turn(seen, decision.page)
    looks = [alike for alike in seen.pictures if alike.page == decision.page]
    if needed is None and looks and all(alike.turn in (90, 270) for alike in looks):
        needed = looks[0].turn  # the page is sideways, whichever of the two is right
    return Recognised(seen.number, "placed", decision.page, 0, "hand", overruled=needed or None)


def sure_turn(seen: ScanObservation, page: FormPage) -> int | None:
    """Return the turn that a scan of `page` needs for certain, or None.

    The picture decides if one orientation resembles the page and leads all others; else the
    direction of the text, if that is the page's.
    """
    looks = [alike for alike in seen.pictures if alike.page == page]
    if _state(looks, SURE, LEAD)[0] == "placed":
        return looks[0].turn
    if any(alike.page == page and alike.score >= TEXT_SURE for alike in seen.texts):
        return seen.text_turn
    return None


def _by_text(seen: ScanObservation) -> Recognised:
    state, certainty = _state(seen.texts, TEXT_SURE, TEXT_LEAD)
    if state != "placed":
        return Recognised(seen.number, "foreign", by="text", certainty=0.0)
    page = seen.texts[0].page
    turn = sure_turn(seen, page) or 0
    return Recognised(seen.number, "placed", page, turn, "text", certainty)


def _by_picture(seen: ScanObservation) -> Recognised:
    state, certainty = _state(seen.pictures, SURE, LEAD)
    if not seen.pictures:
        return Recognised(seen.number, state, certainty=certainty)
    best = seen.pictures[0]
    return Recognised(seen.number, state, best.page, best.turn, "picture", certainty)


def _state(looks: Sequence[PageLikeness], sure: float, lead: float) -> tuple[State, float]:
    """Return the state and certainty for these likenesses, sorted best first.

    Another turn of the same page is a rival just like another page.
    """
    if not looks or looks[0].score < FLOOR:
        return "foreign", 0.0
    ahead = looks[0].score - max((other.score for other in looks[1:]), default=0.0)
    certainty = min(1.0, looks[0].score / sure) * min(1.0, ahead / lead)
    if looks[0].score >= sure and ahead >= lead:
        return "placed", 1.0
    return "unsure", round(min(certainty, 0.95), 2)


_DECISION = re.compile(r"\s*(\d{1,5})\s*=\s*(.+?)\s*")
_PLACE = re.compile(
    r"(?P<form>.+?)(?:\s*(?::|第)\s*(?P<page>\d{1,4})\s*页?"
    r"(?:\s*:\s*转?\s*(?P<turn>\d{1,4})\s*[°度]?)?)?"
)
_TURNS = (0, 90, 180, 270)
_FORGIVEN = str.maketrans("＝：０１２３４５６７８９－—–", "=:0123456789---")
_NOT_WANTED = ("不用", "none", "-")


def forgiven(written: str) -> str:
    """Return a statement with signs and digits of half width."""
    return written.translate(_FORGIVEN)


def is_not_wanted(written: str) -> bool:
    """Return whether a statement says that a page is not wanted."""
    return written.lower() in _NOT_WANTED


class BadDecision(ValueError):
    """Raised for a statement that cannot be parsed; the message is Chinese."""


def decision_from(
    written: str, names: Mapping[str, str], lengths: Mapping[str, int]
) -> ScanDecision:
    """Parse a statement such as `3=附4-1:2`, `3=附4-1:2:180` or `3=不用`.

    `names` maps every name of a form to its id. A form of one page needs no page number. Raises
    BadDecision.
    """
    match = _DECISION.fullmatch(forgiven(written))
    if not match:
        form = next(iter(names), "表")
        raise BadDecision(f"看不懂“{written}”，应写成 3={form}:2 的样子")
    return place_from(int(match[1]), match[2], names, lengths)


def place_from(
    number: int, written: str, names: Mapping[str, str], lengths: Mapping[str, int]
) -> ScanDecision:
    """Parse `附4-1:2`, `附4-1:2:180` or 不用 for the scanned page `number`. Raises BadDecision."""
    plain = forgiven(written).strip()
    if is_not_wanted(plain):
        return ScanDecision(number, None)
    match = _PLACE.fullmatch(plain)
    form = names.get(match["form"].strip()) if match else None
    if match is None or form is None:
        known = "、".join(f"{name}:{n}" for name, n in _examples(names, lengths))
        raise BadDecision(f"看不懂“{written}”，可写 {known} 或 不用")
    if match["page"] is None and lengths[form] > 1:
        raise BadDecision(f"“{written}”没有写明第几页，应写成 {plain}:2 的样子")
    page = int(match["page"] or 1)
    if not 1 <= page <= lengths[form]:
        raise BadDecision(f"“{written}”不对，{match['form'].strip()} 共 {lengths[form]} 页")
    turn = None if match["turn"] is None else int(match["turn"])
    if turn is not None and turn not in _TURNS:
        raise BadDecision(f"“{written}”的转角不对，只能是 0、90、180、270（顺时针的度数）")
    return ScanDecision(number, FormPage(form, page), turn)


def _examples(names: Mapping[str, str], lengths: Mapping[str, int]) -> list[tuple[str, int]]:
    first: dict[str, str] = {}
    for name, form in names.items():
        first.setdefault(form, name)
    return [(name, min(2, lengths[form])) for form, name in first.items()]
