"""Which page of which form each scanned page is: from how alike they are to a verdict. Pure.

A page is recognised only where nothing else comes near; otherwise it is unsure, and a person has
to say. Pages of scans count from 1 through all files, in the order in which they were given.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

SURE, LEAD = 0.40, 0.15
"""A picture is recognised from this likeness on, if it leads all others by so much.

Measured by tests/stamped/measure_scans.py on 80 scans of the sample and the minimal form (100 to
150 dpi, grey, colour and two-tone, 2° askew, 4 % off in size, 6 mm off their place, pale, blurred,
with seals and handwriting): 78 recognised, 2 unsure (two-tone and blurred), none wrong. Nine in ten
look at least 0.60 like their own page, the worst 0.31, and lead by 0.23 or more; 34 pages that are
none of the form's look at most 0.26 like any.
"""
FLOOR = 0.20
"""A picture less like every page than this is of none of them."""
TEXT_SURE, TEXT_LEAD = 0.60, 0.15
"""The same for text: the share of pairs of characters that both have."""

State = Literal["placed", "blank", "unsure", "foreign", "left-out"]
By = Literal["picture", "text", "hand", ""]


@dataclass(frozen=True, slots=True, order=True)
class FormPage:
    """A page of a form: the form's id, and the page from 1."""

    form: str
    page: int


@dataclass(frozen=True, slots=True)
class Alike:
    """How like a form's page a scan looks once it is turned by `turn` degrees clockwise."""

    page: FormPage
    score: float
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one scanned page. `pictures` and `texts` are best first.

    `text_turn` is by how much the page must be turned for its text to be upright.
    """

    number: int
    blank: bool = False
    pictures: tuple[Alike, ...] = ()
    texts: tuple[Alike, ...] = ()
    text_turn: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user says of a scanned page: which page it is, or (None) that it is not wanted.

    `turn` is by how many degrees clockwise it is turned; None says nothing of it, and the page is
    placed as it is.
    """

    number: int
    page: FormPage | None
    turn: int | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a scanned page is held to be, by what, and how certainly (0 to 1).

    `page` is the nearest where it is unsure or foreign, None where there is none. `overruled` is
    the turn that a page placed by hand seems to need and does not get, for its wish names none.
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
    """All scanned pages as recognised, and how they stand to the forms.

    `complete` has, for each form of which all pages are there, its pages in order; `missing` the
    pages wanting of forms that are there in part; `twice` the pages that several scans show.
    """

    pages: tuple[Recognised, ...]
    complete: Mapping[str, tuple[Recognised, ...]]
    missing: tuple[FormPage, ...]
    twice: Mapping[FormPage, tuple[int, ...]]

    @property
    def open(self) -> tuple[Recognised, ...]:
        """The pages of which a person has to say what they are."""
        return tuple(page for page in self.pages if page.state in ("unsure", "foreign"))


def judge(
    seen: Sequence[Seen], lengths: Mapping[str, int], wishes: Sequence[Wish] = ()
) -> ScanVerdict:
    """The verdict on scanned pages; `lengths` are the pages of each form, by its id."""
    wished = {wish.number: wish for wish in wishes}
    pages = tuple(_recognised(page, wished.get(page.number)) for page in seen)
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
        pages,
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


def _recognised(seen: Seen, wish: Wish | None) -> Recognised:
    if wish is not None:
        return _as_wished(seen, wish)
    if seen.blank:
        return Recognised(seen.number, "blank")
    by_text, by_picture = _by_text(seen), _by_picture(seen)
    if by_text.state == "placed":
        if by_picture.state == "placed" and by_picture.page != by_text.page:
            return replace(by_picture, state="unsure", certainty=0.5)
        return by_text
    return by_picture


def _as_wished(seen: Seen, wish: Wish) -> Recognised:
    if wish.page is None:
        return Recognised(seen.number, "left-out", by="hand")
    if wish.turn is not None:
        return Recognised(seen.number, "placed", wish.page, wish.turn, "hand")
    needed = sure_turn(seen, wish.page)
    looks = [alike for alike in seen.pictures if alike.page == wish.page]
    if needed is None and looks and all(alike.turn in (90, 270) for alike in looks):
        needed = looks[0].turn  # it lies on its side, whichever way
    return Recognised(seen.number, "placed", wish.page, 0, "hand", overruled=needed or None)


def sure_turn(seen: Seen, page: FormPage) -> int | None:
    """By how much a scan of `page` must surely be turned; None where that cannot be told.

    The picture tells where one way up is like the page and leads all others, else the direction
    of a text that is the page's.
    """
    looks = [alike for alike in seen.pictures if alike.page == page]
    if _state(looks, SURE, LEAD)[0] == "placed":
        return looks[0].turn
    if any(alike.page == page and alike.score >= TEXT_SURE for alike in seen.texts):
        return seen.text_turn
    return None


def _by_text(seen: Seen) -> Recognised:
    state, certainty = _state(seen.texts, TEXT_SURE, TEXT_LEAD)
    if state != "placed":
        return Recognised(seen.number, "foreign", by="text", certainty=0.0)
    page = seen.texts[0].page
    turn = sure_turn(seen, page) or 0
    return Recognised(seen.number, "placed", page, turn, "text", certainty)


def _by_picture(seen: Seen) -> Recognised:
    state, certainty = _state(seen.pictures, SURE, LEAD)
    if not seen.pictures:
        return Recognised(seen.number, state, certainty=certainty)
    best = seen.pictures[0]
    return Recognised(seen.number, state, best.page, best.turn, "picture", certainty)


def _state(looks: Sequence[Alike], sure: float, lead: float) -> tuple[State, float]:
    """What likenesses amount to, best first, and how certainly.

    Another turn of the same page is as much a rival as another page.
    """
    if not looks or looks[0].score < FLOOR:
        return "foreign", 0.0
    ahead = looks[0].score - max((other.score for other in looks[1:]), default=0.0)
    certainty = min(1.0, looks[0].score / sure) * min(1.0, ahead / lead)
    if looks[0].score >= sure and ahead >= lead:
        return "placed", 1.0
    return "unsure", round(min(certainty, 0.95), 2)


_WISH = re.compile(r"\s*(\d{1,5})\s*=\s*(.+?)\s*")
_PLACE = re.compile(
    r"(?P<form>.+?)(?:\s*(?::|第)\s*(?P<page>\d{1,4})\s*页?"
    r"(?:\s*:\s*转?\s*(?P<turn>\d{1,4})\s*[°度]?)?)?"
)
_TURNS = (0, 90, 180, 270)
_FORGIVEN = str.maketrans("＝：０１２３４５６７８９－—–", "=:0123456789---")
_NOT_WANTED = ("不用", "none", "-")


class BadWish(ValueError):
    """A wish that cannot be understood, in Chinese."""


def wish_from(written: str, names: Mapping[str, str], lengths: Mapping[str, int]) -> Wish:
    """What `3=附4-1:2`, `3=附4-1:2:180` or `3=不用` says.

    `names` are the forms' ids by all they may be called.

    A form of one page needs no page. Raises BadWish.
    """
    match = _WISH.fullmatch(written.translate(_FORGIVEN))
    if not match:
        raise BadWish(f"看不懂“{written}”，应写成 3=附4-1:2 的样子")
    return place_from(int(match[1]), match[2], names, lengths)


def place_from(
    number: int, written: str, names: Mapping[str, str], lengths: Mapping[str, int]
) -> Wish:
    """What `附4-1:2`, `附4-1:2:180` or 不用 says of the scanned page `number`. Raises BadWish."""
    plain = written.translate(_FORGIVEN).strip()
    if plain.lower() in _NOT_WANTED:
        return Wish(number, None)
    match = _PLACE.fullmatch(plain)
    form = names.get(match["form"].strip()) if match else None
    if match is None or form is None:
        known = "、".join(f"{name}:{n}" for name, n in _examples(names, lengths))
        raise BadWish(f"看不懂“{written}”，可写 {known} 或 不用")
    if match["page"] is None and lengths[form] > 1:
        raise BadWish(f"“{written}”没有写明第几页，应写成 {plain}:2 的样子")
    page = int(match["page"] or 1)
    if not 1 <= page <= lengths[form]:
        raise BadWish(f"“{written}”不对，{match['form'].strip()} 共 {lengths[form]} 页")
    turn = None if match["turn"] is None else int(match["turn"])
    if turn is not None and turn not in _TURNS:
        raise BadWish(f"“{written}”的转角不对，只能是 0、90、180、270（顺时针的度数）")
    return Wish(number, FormPage(form, page), turn)


def _examples(names: Mapping[str, str], lengths: Mapping[str, int]) -> list[tuple[str, int]]:
    first: dict[str, str] = {}
    for name, form in names.items():
        first.setdefault(form, name)
    return [(name, min(2, lengths[form])) for form, name in first.items()]
