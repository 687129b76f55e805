"""Assigns the pages of a pile to applicants: by their answers, their order, and the user."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sjs_forms.base.errors import UsageFault
from sjs_forms.batch.stamped_pile.pile_pages import PilePages, SeenPage
from sjs_forms.batch.stamped_pile.printed_applicants import PrintedApplicant
from sjs_forms.stamped.pile_recognition import (
    HeldPage,
    PileSheet,
    may_be,
    owner_of,
    settled_by_order,
)
from sjs_forms.stamped.recognition import (
    BadDecision,
    Recognised,
    ScanDecision,
    forgiven,
    is_not_wanted,
    place_from,
    recognised,
)

Ground = Literal["answers", "order", "hand", "blank", "undrawn", ""]
"""Why a page is held to be somebody's: what it shows, its neighbours, the user's word.

Or why nothing is known of it: it is blank, or cannot be drawn.
"""


@dataclass(frozen=True, slots=True)
class PileDecision:
    """The user's statement on a page: whose, and which; of a page not wanted nobody's (None)."""

    applicant: int | None
    decision: ScanDecision


@dataclass(frozen=True, slots=True)
class PileCall:
    """The result for a page. `applicant` is its owner's row, or the likeliest if it is open.

    `page` says which page of his forms it is. `likely` are the applicants for whom an open page
    speaks; no form of theirs is filed while it is open.
    """

    number: int
    applicant: int | None
    page: Recognised
    ground: Ground = ""
    likely: tuple[int, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether the user must decide."""
        return self.page.state in ("unsure", "foreign")

    @property
    def held(self) -> HeldPage | None:
        """Whose page it is, for certain."""
        if self.page.state != "placed" or self.applicant is None or self.page.page is None:
            return None
        return HeldPage(self.applicant, self.page.page)


def calls_on(
    pages: PilePages,
    files: Mapping[int, str],
    applicants: Mapping[int, PrintedApplicant],
    decisions: Sequence[PileDecision] = (),
) -> tuple[PileCall, ...]:
    """Return the result for every page. `files` are the files by page.

    A page of an applicant who is refused is left to the user.
    """
    refused = {number for number, each in applicants.items() if each.is_refused}
    said = {each.decision.number: each for each in decisions}
    calls = {
        number: _as_decided(pages, number, said[number])
        if number in said
        else _by_answers(pages, number, page, refused)
        for number, page in pages.seen.items()
    }
    sheets = [
        PileSheet(number, files[number], call.held, _likely(pages.seen[number]))
        for number, call in calls.items()
        if call.page.state not in ("blank", "left-out")
    ]
    order = {number: each.order for number, each in applicants.items()}
    for number, held in settled_by_order(sheets, order, pages.fits).items():
        calls[number] = _by_order(pages, number, held)
    certain = {call.held for call in calls.values() if call.held is not None}
    for number, call in calls.items():
        if call.is_open and call.ground != "undrawn":
            calls[number] = _guessed(pages, call, _beside(sheets, calls, number), certain)
    return tuple(calls.values())


def _as_decided(pages: PilePages, number: int, said: PileDecision) -> PileCall:
    page = pages.seen[number]
    if said.applicant is None or said.decision.page is None:
        return PileCall(number, None, Recognised(number, "left-out", by="hand"), "hand")
    if page is None:
        turn = said.decision.turn or 0
        placed = Recognised(number, "placed", said.decision.page, turn, "hand")
        return PileCall(number, said.applicant, placed, "hand")
    seen = pages.compared(number, said.applicant, said.decision.page).seen
    return PileCall(number, said.applicant, recognised(seen, said.decision), "hand")


def _by_answers(
    pages: PilePages, number: int, page: SeenPage | None, refused: Collection[int]
) -> PileCall:
    if number in pages.undrawn:
        return PileCall(number, None, Recognised(number, "foreign", certainty=0.0), "undrawn")
    if page is None:
        return PileCall(number, None, Recognised(number, "blank"), "blank")
    owner = owner_of(page.claims.claims)
    if owner is not None and owner not in refused:
        found = recognised(pages.compared(number, owner).seen)
        if found.state == "placed" and found.page == page.claims.nearest[owner].page:
            return PileCall(number, owner, found, "answers")
    return PileCall(number, None, Recognised(number, "foreign", certainty=0.0))


def _likely(page: SeenPage | None) -> frozenset[int]:
    claims = page.claims.claims if page else {}
    return frozenset(
        applicant for applicant, claim in claims.items() if claim in ("likely", "sure")
    )


def _by_order(pages: PilePages, number: int, held: HeldPage) -> PileCall:
    found = recognised(pages.compared(number, held.applicant).seen)
    return PileCall(number, held.applicant, found, "order")


def _beside(
    sheets: Sequence[PileSheet], calls: Mapping[int, PileCall], number: int
) -> tuple[int, ...]:
    """Return the applicants of the pages beside one."""
    numbers = [sheet.number for sheet in sheets]
    at = numbers.index(number)
    near = [calls[numbers[i]].held for i in (at - 1, at + 1) if 0 <= i < len(numbers)]
    return tuple(dict.fromkeys(held.applicant for held in near if held is not None))


def _guessed(
    pages: PilePages, call: PileCall, beside: Sequence[int], held: Collection[HeldPage]
) -> PileCall:
    """Return an open page with its likeliest owner: for whom it speaks, or who is beside it.

    If neither is known, but it is a page that everybody has, it is nobody's. `held` are the pages
    that are certain.
    """
    page = pages.seen[call.number]
    assert page is not None
    likely = tuple(sorted(_likely(page)))
    for applicant in dict.fromkeys([*likely, *beside]):
        found = _unsure(pages, call.number, applicant)
        if found is None or found.page is None:
            continue
        wanted = HeldPage(applicant, found.page)
        if applicant in likely or may_be(wanted, page.claims.claims, held):
            return PileCall(call.number, applicant, found, "", likely)
    silent = [each for each, claim in page.claims.claims.items() if claim != "denied"]
    found = _unsure(pages, call.number, silent[0]) if silent else None
    return call if found is None else PileCall(call.number, None, found)


def _unsure(pages: PilePages, number: int, applicant: int) -> Recognised | None:
    """Return as which page of an applicant's a page may be taken; None if it is like none."""
    found = recognised(pages.compared(number, applicant).seen)
    if found.state == "foreign":
        return None
    return replace(found, state="unsure", certainty=min(found.certainty, 0.5))


def pile_decision(
    written: str, applicants: Mapping[int, PrintedApplicant], count: int
) -> PileDecision:
    """Parse a statement such as `7=003:附4-1:2`, `7=003:附4-1:2:180` or `7=不用`.

    An applicant is named by his number or name. `count` is the number of pages. Raises UsageFault.
    """
    page, found, rest = forgiven(written).partition("=")
    if not found or not page.strip().isdecimal() or len(page.strip()) > _DIGITS:
        raise _bad(f"看不懂“{written}”，应写成 7=003:附4-1:2 的样子")
    number = int(page)
    if not 1 <= number <= count:
        raise _bad(f"扫描件共 {count} 页，没有第 {number} 页")
    return place_in_pile(number, rest, applicants)


_DIGITS = 6


def place_in_pile(
    number: int, written: str, applicants: Mapping[int, PrintedApplicant]
) -> PileDecision:
    """Parse `003:附4-1:2` or 不用 for the scanned page `number`. Raises UsageFault."""
    plain = forgiven(written).strip()
    if is_not_wanted(plain):
        return PileDecision(None, ScanDecision(number, None))
    named, found, rest = plain.partition(":")
    whose = [key for key, each in applicants.items() if _is_named(each, named.strip())]
    if not found or len(whose) != 1:
        several = "不止一家" if len(whose) > 1 else "没有哪一家"
        raise _bad(f"“{written}”中，{several}叫“{named.strip()}”，应写成 003:附4-1:2 的样子")
    forms = applicants[whose[0]].forms
    try:
        return PileDecision(whose[0], place_from(number, rest, forms.called, forms.lengths))
    except BadDecision as problem:
        raise _bad(str(problem)) from None


def _is_named(applicant: PrintedApplicant, named: str) -> bool:
    number = applicant.row.filed
    same = number.isdecimal() and named.isdecimal() and int(number) == int(named)
    return same or named in (number, applicant.row.name)


def _bad(problem: str) -> UsageFault:
    return UsageFault(f"--as 有误：{problem}。", "等号左边是扫描件的第几页，从 1 数起。")
