"""Decides which applicant each page of a pile belongs to, by the answers that it shows. Pure.

A page belongs to an applicant only if it shows answers of his, and no other applicant has the same
in the same place. A page without such answers (the form's instructions, say) belongs to him only if
it lies between his pages, in their order. All other pages are left to the user.

Not all applicants need be known: a stranger's page has the same wording, and much of his name and
code may be the same. So the form's wording never counts, and nearly all pieces must be shown.

Measured by tests/stamped/measure_pile.py on bad scans, of pairs of applicants who differ by one
character of the name, the code and the telephone: of 24 pages that have the code 20 were assigned,
all rightly, and of 12 covers, which do not, 1; the others were open. Of 12 pages of strangers none
was assigned.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal

from sjs_forms.stamped.recognition import FormPage

SURE = 3
"""Pieces that a page must show of an applicant, and none of a rival, to be his."""
_SHARE = 4
"""A page with less than so many pieces shown for each one denied says that it is not his."""
_CLEAR = 10
"""A page is certain only with so many pieces shown for each one denied (an answer was changed)."""

Claim = Literal["sure", "likely", "silent", "denied"]
"""What a page says about an applicant: it is his (sure); it has some of his answers, too few to be
sure (likely); it has nothing that distinguishes him (silent); it has other answers (denied).
"""


@dataclass(frozen=True, slots=True)
class ApplicantEvidence:
    """Pieces of answers that distinguish an applicant: shown on a page, denied, or neither.

    Names and codes of strangers have much in common, so that few of their pieces are denied.
    """

    shown: int
    denied: int
    unclear: int = 0

    @property
    def is_denied(self) -> bool:
        """Whether the page says rather that it is not his."""
        return self.denied * _SHARE > self.shown

    @property
    def is_clear(self) -> bool:
        """Whether hardly any piece is other than shown."""
        return self.denied * _CLEAR <= self.shown and self.unclear * _SHARE <= self.shown


def claim_of(blank: ApplicantEvidence, rivals: Sequence[ApplicantEvidence]) -> Claim:
    """Return what a page says of an applicant; `blank` is the evidence against the blank form."""
    if blank.is_denied:
        return "denied"
    every = (blank, *rivals)
    if all(each.shown >= SURE and each.is_clear for each in every):
        return "sure"
    if all(each.shown and not each.denied and each.is_clear for each in every):
        return "likely"
    return "silent"


def claim_of_both(picture: Claim, text: Claim | None) -> Claim:
    """Return what picture and text say together; `text` is None without a usable one."""
    said = {picture, text}
    return next((claim for claim in ("denied", "sure", "likely") if claim in said), "silent")


def owner_of(claims: Mapping[int, Claim]) -> int | None:
    """Return whose page it is by what it shows; None unless that is certain."""
    sure = [applicant for applicant, claim in claims.items() if claim == "sure"]
    return sure[0] if len(sure) == 1 else None


@dataclass(frozen=True, slots=True, order=True)
class HeldPage:
    """A page of an applicant's form; `applicant` is his row's number."""

    applicant: int
    page: FormPage


def may_be(page: HeldPage, claims: Mapping[int, Claim], held: Collection[HeldPage]) -> bool:
    """Return whether the user may be asked if a scan is an applicant's page for its place alone.

    Not if the scan denies that it is his, or if he has that page already.
    """
    return claims.get(page.applicant) != "denied" and page not in held


@dataclass(frozen=True, slots=True)
class PileSheet:
    """A scanned page that is not blank: its number in the pile, its file, whose page it is.

    `likely` are the applicants for whom it speaks without being certain.
    """

    number: int
    file: str
    held: HeldPage | None = None
    likely: frozenset[int] = frozenset()


Fits = Callable[[int, int], FormPage | None]
"""Returns as which page of an applicant's forms a scanned page may be taken, or None."""


def settled_by_order(
    sheets: Sequence[PileSheet], order: Mapping[int, Sequence[FormPage]], fits: Fits
) -> dict[int, HeldPage]:
    """Return whose pages those are that are certain only by their neighbours in the file.

    `order` has the pages of each applicant's forms in their order. A page that speaks for an
    applicant needs one neighbour; pages that say nothing need one on either side, and must be all
    that lies between them.
    """
    found: dict[int, HeldPage] = {}
    for _, of_file in groupby(sheets, key=lambda sheet: sheet.file):
        run = list(of_file)
        for at in range(len(run)):
            if (held := _by_one_neighbour(run, at, order, fits)) is not None:
                run[at] = replace(run[at], held=held)
                found[run[at].number] = held
        for start, end in _gaps(run):
            found |= _between(run, start, end, order, fits)
    return found


def _by_one_neighbour(
    run: Sequence[PileSheet], at: int, order: Mapping[int, Sequence[FormPage]], fits: Fits
) -> HeldPage | None:
    sheet = run[at]
    if sheet.held is not None:
        return None
    for neighbour, step in ((at - 1, 1), (at + 1, -1)):
        held = run[neighbour].held if 0 <= neighbour < len(run) else None
        if held is not None and sheet.likely == {held.applicant}:
            page = _stepped(order[held.applicant], held.page, step)
            if page is not None and fits(sheet.number, held.applicant) == page:
                return HeldPage(held.applicant, page)
    return None


def _stepped(pages: Sequence[FormPage], page: FormPage, step: int) -> FormPage | None:
    at = pages.index(page) + step
    return pages[at] if 0 <= at < len(pages) else None


def _gaps(run: Sequence[PileSheet]) -> Iterator[tuple[int, int]]:
    """Yield where runs of pages begin and end that lie between two held ones."""
    held = [at for at, sheet in enumerate(run) if sheet.held is not None]
    for before, after in pairwise(held):
        if after > before + 1:
            yield before + 1, after


def _between(
    run: Sequence[PileSheet],
    start: int,
    end: int,
    order: Mapping[int, Sequence[FormPage]],
    fits: Fits,
) -> dict[int, HeldPage]:
    before, after = run[start - 1].held, run[end].held
    assert before is not None and after is not None
    if before.applicant != after.applicant:
        return {}
    if any(sheet.likely - {before.applicant} for sheet in run[start:end]):
        return {}  # a page that speaks for another
    pages = order[before.applicant]
    missing = pages[pages.index(before.page) + 1 : pages.index(after.page)]
    sheets = run[start:end]
    if len(missing) != len(sheets) or any(
        fits(sheet.number, before.applicant) != page
        for sheet, page in zip(sheets, missing, strict=True)
    ):
        return {}
    return {
        sheet.number: HeldPage(before.applicant, page)
        for sheet, page in zip(sheets, missing, strict=True)
    }
