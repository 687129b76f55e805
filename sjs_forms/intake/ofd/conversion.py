"""Writes an OFD file as a PDF: all pages of all its documents, one after the other."""

import io
import logging
from pathlib import Path
from typing import Any

from pikepdf import Array, Pdf, Stream

from sjs_forms.base.findings import file_refusal
from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import refusals
from sjs_forms.intake.clean.document import check_count
from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.canvas import POINTS, Canvas
from sjs_forms.intake.ofd.drawing.painting import Tools
from sjs_forms.intake.ofd.drawing.pictures import Pictures
from sjs_forms.intake.ofd.losses import Loss, Losses
from sjs_forms.intake.ofd.page_targets import add_links, add_outline
from sjs_forms.intake.ofd.pages import LoadedPage, PagePainter
from sjs_forms.intake.ofd.signatures import StampPlacement
from sjs_forms.intake.ofd.structure.archive import OfdArchive
from sjs_forms.intake.ofd.structure.document_tree import OfdDocument, documents
from sjs_forms.intake.ofd.text.text_painting import TextFonts
from sjs_forms.pdf.matrices import Box
from sjs_forms.pdf.objects import save

_log = logging.getLogger(__name__)

_SMALLEST, _LARGEST = 1.0, 14_400 / POINTS
"""Limits on a page's width and height in millimetres; PDF allows 3 to 14,400 units (annex C)."""

_DAMAGED = "文档结构缺失或已损坏"
_DATA = (".xml", ".json", ".txt")
"""Suffixes of attachments that repeat the page for machines, such as the data of an invoice."""


def write_ofd_as_pdf(source: Path, target: Path, limits: IntakeLimits) -> tuple[Finding, ...]:
    """Write the PDF of an OFD file. Returns the remarks.

    Raises FileRefused for a file that is encrypted, damaged, or beyond a limit; and OSError.
    """
    losses = Losses()
    with source.open("rb") as file, Pdf.new() as pdf:
        _Conversion(OfdArchive(file, limits), pdf, losses, limits).run()
        save(pdf, target)
    return losses.remarks()


_SealForm = tuple[Any, tuple[float, ...]]
"""A form, and the area of the page that it shows."""


class _Conversion:
    """The state while one file is converted to one PDF."""

    def __init__(self, archive: OfdArchive, pdf: Pdf, losses: Losses, limits: IntakeLimits) -> None:
        self._archive, self._pdf, self._losses, self._limits = archive, pdf, losses, limits
        fonts = TextFonts(pdf, archive, losses)
        self._tools = Tools(archive, pdf, losses, fonts, Pictures(pdf, losses, limits))
        self._read = 0
        self._seals: dict[bytes, _SealForm | None] = {}

    def run(self) -> None:
        """Add all pages."""
        found = self._documents()
        check = sum(len(document.pages) for document in found)
        if not check:
            raise refusals.no_pages()
        check_count(check, self._limits)
        for document in found:
            self._add(document)
        if not self._read:
            raise refusals.ofd_unreadable("没有一页的内容能读出")
        self._tools.fonts.finish()

    def _documents(self) -> list[OfdDocument]:
        """Return the readable documents; the others are a loss. Raises FileRefused if none is."""
        try:
            listed = list(documents(self._archive))
        except OfdDamaged as problem:
            raise refusals.ofd_unreadable(_DAMAGED) from problem
        found = [document for document in listed if document is not None]
        if listed and not found:
            raise refusals.ofd_unreadable(_DAMAGED)
        if len(found) < len(listed):
            self._losses.note(Loss.DOCUMENT_UNREADABLE)
        return found

    def _add(self, document: OfdDocument) -> None:
        self._losses.page = len(self._pdf.pages)
        painter = PagePainter(self._tools, document, self._seal)
        if self._has_files(document):
            self._losses.note(Loss.FILES_INSIDE)
        if not all(map(self._archive.is_complete, (document.entry, document.part))):
            self._losses.note(Loss.PAGE_UNREADABLE)
        pages: dict[str, int] = {}
        links: dict[int, list[tuple[Box, str]]] = {}
        for part in document.pages:
            self._losses.page = len(self._pdf.pages)
            pages[part.number] = len(self._pdf.pages)
            loaded = painter.load(part)
            self._read += loaded is not None
            width, height, canvas = self._sheet(loaded, document)
            if loaded is not None:
                self._tools.budget.page()
                painter.paint(canvas, part, loaded)
            links[pages[part.number]] = canvas.links
            self._append(canvas, width, height)
        add_outline(self._pdf, document, pages)
        add_links(self._pdf, links, pages)

    def _sheet(self, page: LoadedPage | None, document: OfdDocument) -> tuple[float, float, Canvas]:
        """Return the size of a page in points, and its canvas."""
        x, y, wide, high = page.area if page is not None else document.area
        wide, high = (min(max(side, _SMALLEST), _LARGEST) for side in (wide, high))
        canvas = Canvas(self._pdf)
        canvas.add("q")
        canvas.apply((POINTS, 0, 0, -POINTS, -x * POINTS, (y + high) * POINTS))
        return wide * POINTS, high * POINTS, canvas

    def _append(self, canvas: Canvas, width: float, height: float) -> None:
        canvas.add("Q")
        page = self._pdf.add_blank_page(page_size=(max(width, 3), max(height, 3))).obj
        page.MediaBox = Array([0, 0, round(width, 3), round(height, 3)])
        page.Resources = canvas.resources()
        page.Contents = Stream(self._pdf, canvas.content())

    def _has_files(self, document: OfdDocument) -> bool:
        """Return whether documents are attached inside the file."""
        for reference in document.references("Attachments"):
            try:
                part, root = self._archive.part(reference, document.part)
            except OfdDamaged:
                continue
            for node in root.iter("Attachment"):
                named = (node.findtext("FileLoc") or "").strip()
                held = self._archive.resolved(named, part)
                if held is not None and not held.lower().endswith(_DATA):
                    return True
        return False

    def _seal(self, canvas: Canvas, stamp: StampPlacement) -> bool:
        """Paint a seal over its boundary: a picture, or the first page of an OFD."""
        if stamp.picture is None:
            return False
        wide, high = stamp.boundary[2:]
        canvas.set_state(blend="Multiply")
        if stamp.picture.data.startswith(b"PK"):
            return self._seal_document(canvas, stamp.picture.data, wide, high)
        drawn = self._tools.pictures.image(stamp.picture.data)
        if drawn is None:
            return False
        with canvas.saved((wide, 0, 0, -high, 0, high)):
            canvas.draw(drawn)
        return True

    def _seal_document(self, canvas: Canvas, data: bytes, wide: float, high: float) -> bool:
        """Paint the first page of an OFD as a form. Seals of its own are not painted."""
        if data not in self._seals:
            self._seals[data] = self._first_page(data)
        form = self._seals[data]
        if form is None:
            return False
        drawn, area = form
        with canvas.saved((wide / area[2], 0, 0, high / area[3], 0, 0)):
            canvas.apply((1, 0, 0, 1, -area[0], -area[1]))
            canvas.draw(drawn)
        return True

    def _first_page(self, data: bytes) -> _SealForm | None:
        """Return the first page of an OFD, or None if it cannot be read or exceeds a limit."""
        try:
            archive = OfdArchive(io.BytesIO(data), self._limits)
            return self._drawn_once(archive)
        except file_refusal.FileRefused:
            _log.info("a seal that is an OFD is not painted", exc_info=True)
            return None

    def _drawn_once(self, archive: OfdArchive) -> _SealForm | None:
        fonts = TextFonts(self._pdf, archive, self._losses)
        tools = Tools(
            archive, self._pdf, self._losses, fonts, self._tools.pictures, self._tools.budget
        )
        try:
            document = next(documents(archive), None)
            if document is None or not document.pages:
                return None
            painter = PagePainter(tools, document, lambda *_: True)
            page = painter.load(document.pages[0])
        except OfdDamaged:
            return None
        if page is None:
            return None
        canvas = Canvas(self._pdf)
        painter.paint(canvas, document.pages[0], page)
        fonts.finish()
        x, y, w, h = page.area
        return canvas.as_form((x, y, x + w, y + h)), page.area
