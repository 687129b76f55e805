"""Appearances that a file leaves to its viewer, lent by one: pdfium draws them for itself
when it shows a page, and they can be had from the copy it then saves.
"""

import contextlib
import io
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Pdf

from sjs_forms.intake import annotations
from sjs_forms.intake.objects import entry, name_of, numbers

_DRAWN_BY_VIEWERS = {
    "/Circle",
    "/FreeText",
    "/Highlight",
    "/Ink",
    "/Line",
    "/PolyLine",
    "/Polygon",
    "/Square",
    "/Squiggly",
    "/StrikeOut",
    "/Text",
    "/Underline",
}
_FILLED = {"/Tx", "/Ch"}


def lend(pdf: Pdf, source: Path, password: str) -> None:
    """Give annotations of `pdf` (as read from `source`) the appearances they lack.

    Where pdfium cannot help, they stay without.
    """
    wanting = {
        index: [at for at, found in enumerate(annotations.listed(page.obj)) if _lacks(pdf, found)]
        for index, page in enumerate(pdf.pages)
    }
    wanting = {index: found for index, found in wanting.items() if found}
    if not wanting:
        return
    with (
        contextlib.suppress(pypdfium2.PdfiumError, pikepdf.PdfError),
        _viewed(source, password, list(wanting)) as lender,
    ):
        if len(lender.pages) != len(pdf.pages):
            return
        for index, places in wanting.items():
            mine = annotations.listed(pdf.pages[index].obj)
            theirs = annotations.listed(lender.pages[index].obj)
            for place in places:
                if place < len(theirs):
                    _copy(pdf, theirs[place], mine[place])


def _lacks(pdf: Pdf, annotation: Any) -> bool:
    """Whether a viewer would draw something that the file does not spell out."""
    if not annotations.is_shown(annotation):
        return False
    kind = name_of(entry(annotation, "/Subtype"))
    if kind != "/Widget":
        return kind in _DRAWN_BY_VIEWERS and not annotations.has_appearance(annotation)
    if name_of(annotations.inherited(annotation, "/FT")) not in _FILLED:
        return False
    if annotations.inherited(annotation, "/V") is None:
        return False
    renewed = entry(entry(pdf.Root, "/AcroForm"), "/NeedAppearances") is True
    return renewed or not annotations.has_appearance(annotation)


class _viewed:
    """The document as pdfium saves it after showing some of its pages."""

    def __init__(self, source: Path, password: str, pages: list[int]) -> None:
        document = pypdfium2.PdfDocument(source, password=password or None)
        try:
            document.init_forms()
            for index in pages:
                page = document[index]
                page.render(scale=0.1, draw_annots=True)
                page.close()
            self._saved = io.BytesIO()
            document.save(self._saved)
        finally:
            document.close()
        self._saved.seek(0)

    def __enter__(self) -> Pdf:
        self._pdf = pikepdf.open(self._saved, password="")
        return self._pdf

    def __exit__(self, *_: object) -> None:
        self._pdf.close()


def _copy(pdf: Pdf, theirs: Any, mine: Any) -> None:
    """Take over a lent appearance, and the place it was drawn for."""
    if name_of(entry(theirs, "/Subtype")) != name_of(entry(mine, "/Subtype")):
        return
    form = annotations.normal_appearance(theirs)
    if form is None:
        return
    mine["/AP"] = pikepdf.Dictionary(N=pdf.copy_foreign(form))
    place = numbers(form.get("/BBox"))
    if name_of(entry(mine, "/Subtype")) != "/Widget" and place is not None:
        mine["/Rect"] = pikepdf.Array([round(value, 4) for value in place])
