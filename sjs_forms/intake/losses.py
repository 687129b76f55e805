"""Names the pages of a file that came out blank, or with less on them than they should have."""

from dataclasses import replace
from pathlib import Path

import pikepdf

from sjs_forms.facts import PageFacts
from sjs_forms.intake import likeness, readers, unusable
from sjs_forms.intake.document import Plain
from sjs_forms.intake.wholeness import wholeness

_DAMAGED = {"attachment-pages-lost", "attachment-rasterised", "attachment-repaired"}


def with_losses(taken: Plain, clean: Path, bound: int) -> Plain:
    """`taken`, whose pages were looked at, with remarks on those that lack something.

    Of a damaged file a page without anything counts as blank by damage; of any other file only a
    page does that draws what is not there. `bound` is the most bytes that a stream may unpack to.
    Raises Unusable where no page shows anything.
    """
    codes = {remark.code for remark in taken.remarks}
    suspect: set[int] = set()
    blank = {at for at, page in enumerate(taken.pages) if _is_without_ink(page)}
    lacking = set(taken.broken)
    if "attachment-rasterised" in codes:
        suspect = blank
    elif blank:
        damaged = bool(codes & _DAMAGED or lacking)
        with pikepdf.open(clean) as pdf:
            seen = wholeness(pdf, sorted(blank), bound)
        lacking |= {at for at in blank if seen[at].lacks}
        suspect = {at for at in blank if damaged and not seen[at].paints}
    blank = _shown_blank(clean, (lacking | suspect) & blank)
    if lacking and len(lacking & blank) == len(taken.pages):
        raise unusable.unreadable("没有一页的内容还能显示")
    remarks = list(taken.remarks)
    if empty := sorted((lacking | suspect) & blank):
        remarks.append(unusable.blank_pages([at + 1 for at in empty]))
    if less := sorted(lacking - blank):
        remarks.append(unusable.incomplete_pages([at + 1 for at in less]))
    return replace(taken, remarks=tuple(remarks))


def _is_without_ink(page: PageFacts) -> bool:
    return page.ink is not None and not any(page.ink.rows)


def _shown_blank(clean: Path, pages: set[int]) -> set[int]:
    """Those of the pages on which PDFium shows nothing at all; a speck is no ink, but something."""
    if not pages:
        return pages
    with readers.open_pdfium(clean, None) as document:
        return {at for at in pages if likeness.is_blank(likeness.drawn(document[at]))}
