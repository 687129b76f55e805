"""Appearances that a file leaves to its viewer.

Most are lent by one: pdfium draws them for itself when it shows a page, and they can be had
from the copy it then saves. What it does not draw (lines, and text that its fonts have not) is
drawn here.
"""

import contextlib
import io
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Pdf

from sjs_forms.intake import annotations, lines, writing
from sjs_forms.intake.objects import entry, inherited, name_of, numbers
from sjs_forms.intake.typeset import Typesetter

_DRAWN_BY_VIEWERS = {
    "/Circle",
    "/FreeText",
    "/Highlight",
    "/Ink",
    "/Square",
    "/Squiggly",
    "/StrikeOut",
    "/Text",
    "/Underline",
}
_FILLED = {"/Tx", "/Ch"}
_WESTERN = 0x2E7F
"""The last character before those for which pdfium would need a font of the machine's."""


def lend(pdf: Pdf, source: Path, password: str) -> None:
    """Give annotations of `pdf` (as read from `source`) the appearances they lack.

    Where nobody can help, they stay without.
    """
    spell_out(pdf)
    wanting = {
        index: [
            at
            for at, found in enumerate(annotations.listed(page.obj))
            if _lacks(pdf, found) and _eastern(pdf, found) is None
        ]
        for index, page in enumerate(pdf.pages)
    }
    wanting = {index: found for index, found in wanting.items() if found}
    if wanting:
        _borrow(pdf, source, password, wanting)


def spell_out(pdf: Pdf) -> bool:
    """Draw what viewers draw of themselves but pdfium does not; whether there was any."""
    unwritten: list[tuple[Any, writing.Written]] = []
    any_line = False
    for page in pdf.pages:
        for annotation in annotations.listed(page.obj):
            kind = name_of(entry(annotation, "/Subtype"))
            if kind in lines.KINDS and not annotations.has_appearance(annotation):
                drawn = lines.drawn(pdf, annotation)
                any_line = any_line or drawn is not None
                _give(annotation, drawn)
            elif _lacks(pdf, annotation) and (written := _eastern(pdf, annotation)):
                unwritten.append((annotation, written))
    return _write(pdf, unwritten) or any_line


def _eastern(pdf: Pdf, annotation: Any) -> writing.Written | None:
    """The annotation's text, if it has Chinese in it."""
    written = writing.written_of(pdf, annotation)
    if written is None or not any(ord(sign) > _WESTERN for sign in written.text):
        return None
    return written


def _write(pdf: Pdf, unwritten: list[tuple[Any, writing.Written]]) -> bool:
    """Write what is not there yet in the bundled fonts; whether there was any.

    A value that an appearance shows already keeps the font it was written in.
    """
    missing = [pair for pair in unwritten if not _says(pdf, *pair)]
    if not missing:
        return False
    typesetter = Typesetter(pdf, (written.text for _, written in missing))
    for annotation, written in missing:
        form = writing.appearance(pdf, written, typesetter)
        annotation["/AP"] = pikepdf.Dictionary(N=pdf.make_indirect(form))
    return True


def _says(pdf: Pdf, annotation: Any, written: writing.Written) -> bool:
    """Whether the appearance that is there shows the text, by what pdfium reads off it."""
    form = annotations.normal_appearance(annotation)
    if form is None or form.get("/BBox") is None:
        return False
    with contextlib.suppress(pypdfium2.PdfiumError, pikepdf.PdfError, RuntimeError):
        saved = io.BytesIO()
        with Pdf.new() as alone:
            page = alone.add_blank_page(page_size=(1000, 1000)).obj
            drawn: Any = alone.copy_foreign(form)
            annotations.made_drawable(drawn, _default_resources(pdf, alone))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=drawn))
            page.Contents = pikepdf.Stream(alone, b"/F Do")
            alone.save(saved)
        with pypdfium2.PdfDocument(saved.getvalue()) as document:
            found = document[0].get_textpage().get_text_bounded()
        return "".join(written.text.split()) in "".join(found.split())
    return False


def _default_resources(pdf: Pdf, alone: Pdf) -> Any:
    """The form's default resources, for an appearance without its own."""
    known = entry(entry(pdf.Root, "/AcroForm"), "/DR")
    return None if known is None else alone.copy_foreign(pdf.make_indirect(known))


def _borrow(pdf: Pdf, source: Path, password: str, wanting: dict[int, list[int]]) -> None:
    """Take over what pdfium draws for these annotations (their places, by page)."""
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
    if name_of(inherited(annotation, "/FT")) not in _FILLED:
        return False
    if inherited(annotation, "/V") is None:
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
    """Take over a lent appearance."""
    if name_of(entry(theirs, "/Subtype")) != name_of(entry(mine, "/Subtype")):
        return
    form = annotations.normal_appearance(theirs)
    lent: Any = None if form is None else pdf.copy_foreign(form)
    _give(mine, lent)


def _give(annotation: Any, form: pikepdf.Stream | None) -> None:
    """Give an annotation its appearance, and the place that was drawn for."""
    if form is None:
        return
    annotation["/AP"] = pikepdf.Dictionary(N=form)
    place = numbers(form.get("/BBox"))
    if name_of(entry(annotation, "/Subtype")) != "/Widget" and place is not None:
        annotation["/Rect"] = pikepdf.Array([round(value, 4) for value in place])
