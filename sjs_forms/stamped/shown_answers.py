"""Counts the pieces of an applicant's answers that a scanned page shows, and those it contradicts.

A piece counts only if the blank form, or the page of another applicant, differs in the same place.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from PIL.Image import Image

from sjs_forms.stamped.gallery import BlankForm, GalleryPage, LaidScan
from sjs_forms.stamped.page_alignment import (
    LEGIBLE,
    OTHER_TEXT,
    Box,
    Line,
    is_printed,
    look_of,
    pieces_of,
)
from sjs_forms.stamped.pile_recognition import ApplicantEvidence
from sjs_forms.stamped.text_likeness import pairs_of, plain

_SHORT = 2
"""Characters of a piece by which two applicants are told apart."""
_LEAD = 0.2
"""Likeness by which such a piece resembles one of them more than the other."""
_ENOUGH = 16
"""Such pieces that are compared."""
_OF_A_LINE = 3
"""Pieces of a line of the form's wording that are compared."""
_SAMPLE = 40
"""Pieces of the form's wording that are compared, and as many of the answers."""

_SHOWN = 0.8
"""A piece with this likeness, relative to the clearest of its page, is shown. An answer of which
half the characters are another's reaches 0.75.
"""
_SAME_PLACE = 1.5
"""Points by which the boxes of the same text in the same place may differ."""
_PAIRS = 2
"""Pairs of neighbouring characters that count as much as a piece."""


class ShownAnswers:
    """What a scanned page shows of one applicant's page."""

    def __init__(self, scan: LaidScan, own: GalleryPage, blank: BlankForm) -> None:
        self._text, self._laid = scan.text, scan.ink.ink
        self._own, self._ink = own, own.ink.ink
        self._blank = blank
        self._wording = [line for line in own.lines if plain(line.text) in blank.text]
        self._answers = [line for line in own.lines if line not in self._wording]
        self._evidence = self._against_blank(blank.page.ink.ink)

    @property
    def evidence(self) -> ApplicantEvidence:
        """The evidence that the page is his, and not a blank form or a stranger's."""
        return self._evidence

    def against(self, rival: GalleryPage) -> ApplicantEvidence:
        """Return the evidence that the page is his and not the rival's: which of both a piece
        resembles more.
        """
        ink = rival.ink.ink
        leads = [
            self._look(box, self._ink) - self._look(box, ink)
            for box in islice(self._telling(rival), _ENOUGH)
        ]
        return ApplicantEvidence(
            sum(each >= _LEAD for each in leads), sum(each <= -_LEAD for each in leads)
        )

    def _telling(self, rival: GalleryPage) -> Iterator[Box]:
        """Yield the pieces where the rival's page has something else."""
        ink = rival.ink.ink
        lines = (line for line in self._answers if not _stands_in(line, rival))
        for line in lines:
            yield from (box for box in pieces_of(line, _SHORT) if self._differs(box, ink))

    def in_text_against(self, rival: GalleryPage) -> ApplicantEvidence:
        """Return the same by the text of the scan, in pairs of characters."""
        return self._in_text(self._own.pairs - self._blank.pairs - rival.pairs)

    @property
    def evidence_in_text(self) -> ApplicantEvidence:
        """The evidence in the scan's text that the page is his."""
        return self._in_text(self._own.pairs - self._blank.pairs)

    def _in_text(self, telling: Counter[str]) -> ApplicantEvidence:
        found = (telling & pairs_of(self._text)).total()
        return ApplicantEvidence(found // _PAIRS, (telling.total() - found) // _PAIRS)

    def _against_blank(self, blank: Image) -> ApplicantEvidence:
        """Return the evidence of the answers; none if the scan is illegible."""
        printed = [
            look_of(self._laid, self._ink, box, 1.0)
            for line in self._wording
            for box in islice(pieces_of(line), _OF_A_LINE)
        ][:_SAMPLE]
        clear = sorted(alike for alike, _ in printed)[len(printed) * 9 // 10] if printed else 0.0
        if clear < LEGIBLE:
            return ApplicantEvidence(0, 0)
        usual = sorted(ink for _, ink in printed)[len(printed) // 2] or 1.0
        boxes = [
            box for line in self._answers for box in pieces_of(line) if self._differs(box, blank)
        ]
        step = -(-len(boxes) // _SAMPLE) or 1
        enough, other = _SHOWN * clear, OTHER_TEXT * clear
        looks = [look_of(self._laid, self._ink, box, enough) for box in boxes[::step]]
        rest = [alike for alike, ink in looks if alike < enough and is_printed(ink / usual)]
        denied = sum(alike < other for alike in rest)
        return ApplicantEvidence(
            sum(alike >= enough for alike, _ in looks), denied, len(rest) - denied
        )

    def _look(self, box: Box, ink: Image) -> float:
        return look_of(self._laid, ink, box, 1.0)[0]

    def _differs(self, box: Box, ink: Image) -> bool:
        return look_of(ink, self._ink, box)[0] < OTHER_TEXT


def _stands_in(line: Line, page: GalleryPage) -> bool:
    """Return whether a page has the same text in the same place."""
    return any(
        line.text == other.text
        and all(abs(one - two) <= _SAME_PLACE for one, two in zip(line.box, other.box, strict=True))
        for other in page.lines
    )
