"""Compares a scanned page with the pages of all applicants, and returns what it says of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sjs_forms.stamped.gallery import Gallery, GalleryPage, LaidScan
from sjs_forms.stamped.pile_recognition import SURE, Claim, claim_of, claim_of_both
from sjs_forms.stamped.recognition import TEXT_SURE
from sjs_forms.stamped.shown_answers import ShownAnswers
from sjs_forms.stamped.text_likeness import readable, text_likeness

_NEAREST = 5
"""Applicants whose pages are compared closely with a scan."""


@dataclass(frozen=True, eq=False, slots=True)
class PageClaims:
    """What a page says of the applicants whose pages it resembles most, the nearest first."""

    nearest: Mapping[int, GalleryPage]
    claims: Mapping[int, Claim]


def claims_on(gallery: Gallery, scan: LaidScan) -> PageClaims:
    """Return what a laid scan says of the applicants.

    Those of whom it denies much are no rivals of the others any more.
    """
    near = list(gallery.nearest(scan, _NEAREST))
    if readable(scan.text):
        known = {page.applicant for page in near}
        by_text = gallery.nearest_by_text(scan, _NEAREST)
        near += [page for page in by_text if page.applicant not in known]
    shown = [(page, ShownAnswers(scan, page, gallery.blank_like(page))) for page in near]
    rivals = [(page, seen) for page, seen in shown if not _is_out(seen)]
    claims: dict[int, Claim] = {page.applicant: "denied" for page in near}
    for page, seen in rivals:
        others = [other for other, _ in rivals if other is not page]
        claims[page.applicant] = _claim(gallery, scan, page, seen, others)
    return PageClaims({page.applicant: page for page in near}, claims)


def speaks_against(gallery: Gallery, scan: LaidScan, page: GalleryPage) -> bool:
    """Return whether a laid scan shows other answers than this page."""
    return ShownAnswers(scan, page, gallery.blank_like(page)).evidence.is_denied


def _is_out(seen: ShownAnswers) -> bool:
    return seen.evidence.is_denied and seen.evidence.denied >= SURE


def _claim(
    gallery: Gallery,
    scan: LaidScan,
    page: GalleryPage,
    seen: ShownAnswers,
    others: Sequence[GalleryPage],
) -> Claim:
    picture = claim_of(seen.evidence, [seen.against(other) for other in others])
    if not readable(scan.text) or text_likeness(page.text, scan.text) < TEXT_SURE:
        return picture
    blank = gallery.blank_like(page)
    against = [seen.in_text_against(other) for other in others]
    return claim_of_both(picture, claim_of(seen.in_text_against(blank), against))
