"""Collects the parts of an OFD file that are not drawn, or drawn differently.

Each kind of loss is reported once per file.
"""

from collections import defaultdict
from enum import Enum, auto

from sjs_forms.base.findings.finding import Finding
from sjs_forms.intake import file_remarks


class Loss(Enum):
    """A kind of loss. The order is that of the remarks."""

    DOCUMENT_UNREADABLE = auto()
    PAGE_UNREADABLE = auto()
    PICTURE_MISSING = auto()
    PICTURE_UNREADABLE = auto()
    PICTURE_DAMAGED = auto()
    SEAL_UNREADABLE = auto()
    PART_UNDRAWN = auto()
    SHADING_FLAT = auto()
    GLYPH_MISSING = auto()
    FONT_UNREADABLE = auto()
    FILES_INSIDE = auto()
    SEAL_UNVERIFIED = auto()


_REMARKS = {
    Loss.PAGE_UNREADABLE: file_remarks.ofd_pages_unread,
    Loss.PICTURE_MISSING: file_remarks.ofd_pictures_missing,
    Loss.PICTURE_UNREADABLE: file_remarks.ofd_pictures_unread,
    Loss.PICTURE_DAMAGED: file_remarks.ofd_pictures_damaged,
    Loss.SEAL_UNREADABLE: file_remarks.ofd_seals_undrawn,
    Loss.PART_UNDRAWN: file_remarks.ofd_parts_undrawn,
    Loss.SHADING_FLAT: file_remarks.ofd_shading_flat,
    Loss.FONT_UNREADABLE: file_remarks.ofd_fonts_replaced,
}


class Losses:
    """The losses of one file. `page` is the page being drawn, from 0."""

    def __init__(self) -> None:
        self.page = 0
        self._pages: dict[Loss, set[int]] = defaultdict(set)
        self._details: dict[Loss, set[str]] = defaultdict(set)

    def note(self, loss: Loss, detail: str = "") -> None:
        """Record a loss on the current page; the detail of GLYPH_MISSING is the text."""
        self._pages[loss].add(self.page)
        if detail:
            self._details[loss].add(detail)

    def remarks(self) -> tuple[Finding, ...]:
        """Return a remark for each kind of loss."""
        return tuple(self._remark(loss) for loss in Loss if loss in self._pages)

    def _remark(self, loss: Loss) -> Finding:
        if loss is Loss.SEAL_UNVERIFIED:
            return file_remarks.signed()
        if loss is Loss.FILES_INSIDE:
            return file_remarks.embedded_dropped()
        if loss is Loss.DOCUMENT_UNREADABLE:
            return file_remarks.ofd_documents_unread()
        pages = sorted(page + 1 for page in self._pages[loss])
        if loss is Loss.GLYPH_MISSING:
            signs = "".join(sorted({sign for text in self._details[loss] for sign in text}))
            return file_remarks.ofd_glyphs_missing(pages, signs)
        return _REMARKS[loss](pages)
