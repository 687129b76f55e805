"""Creates the appearances that a file leaves to the viewer.

Most are taken from PDFium: it draws them itself when it renders a page, and includes them in the
copy that it then saves. What PDFium does not draw (lines, and text that its fonts lack) is drawn
here.
"""

import contextlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Pdf

from sjs_forms.base.findings.finding import Finding
from sjs_forms.intake import file_remarks
from sjs_forms.intake.annotations import (
    appearances,
    button_fields,
    field_text,
    line_annotations,
    mark_annotations,
    undrawn,
)
from sjs_forms.intake.annotations.cut_text import text_cut
from sjs_forms.intake.annotations.text_setting import TextSetter
from sjs_forms.pdf.matrices import upright
from sjs_forms.pdf.objects import entry, inherited, name_of, numbers, text_of

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
_WESTERN = "cp1252"
"""The characters that PDFium sets: those of the standard fonts. It leaves out all others."""

Listed = list[list[Any]]
"""The annotations of each page."""


@dataclass(frozen=True, slots=True)
class SetText:
    """A text that was set on a page (its index).

    `missing` are the characters in place of which boxes are shown. `is_cut` says that a part of the
    text is outside its area.
    """

    page: int
    text: str
    missing: frozenset[str]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _Unwritten:
    """An annotation, the text it should show, and the function that makes its appearance.

    `page` is the index of its page. `room` is the text with its area, if it is limited to one.
    """

    page: int
    annotation: Any
    text: str
    appearance: Callable[[TextSetter], pikepdf.Stream | None]
    room: field_text.TextToSet | None = None


def add_missing_appearances(pdf: Pdf, source: Path, password: str) -> tuple[Finding, ...]:
    """Give annotations of `pdf` (as read from `source`) the appearances that they lack.

    If that is impossible, a remark names their pages.
    """
    listed, doubtful, texts = draw_omitted(pdf)
    wanting = {
        index: [
            at
            for at, found in enumerate(found_here)
            if _lacks(pdf, found) and not _is_ours(field_text.text_to_set(pdf, found), found)
        ]
        for index, found_here in enumerate(listed)
    }
    wanting = {index: found for index, found in wanting.items() if found}
    if wanting:
        _copy_from_pdfium(pdf, source, password, wanting)
        rest = [(index, listed[index][at]) for index, found in wanting.items() for at in found]
        texts = (*texts, *_write_rest(pdf, rest))
    return (*undrawn.remarks(listed, doubtful), *_remarks(texts))


def _remarks(texts: Sequence[SetText]) -> Iterator[Finding]:
    """Yield the remarks on characters that are shown as boxes, and on text that does not fit."""
    if lacking := [each for each in texts if each.missing]:
        signs = set().union(*(each.missing for each in lacking))
        pages = sorted({each.page for each in lacking})
        yield file_remarks.text_missing(pages, "".join(sorted(signs)))
    if cut := [(each.page, each.text) for each in texts if each.is_cut]:
        yield text_cut(cut)


def draw_omitted(pdf: Pdf) -> tuple[Listed, list[int], tuple[SetText, ...]]:
    """Draw what other viewers draw but PDFium does not.

    Returns the annotations of each page, the pages (from 0) with ambiguous boxes, and the texts
    that were set.
    """
    listed = [appearances.listed(page.obj) for page in pdf.pages]
    _attach_callouts(pdf, listed)
    unwritten: list[_Unwritten] = []
    doubtful = []
    renewed = entry(entry(pdf.Root, "/AcroForm"), "/NeedAppearances") is True
    for index, found in enumerate(listed):
        for annotation in found:
            if not appearances.is_shown(annotation):
                continue
            if button_fields.is_tickable(annotation):
                if not button_fields.show_state(pdf, annotation, renewed):
                    doubtful.append(index)
            elif not _drawn(pdf, annotation):
                unwritten += _unwritten(pdf, index, annotation)
    return listed, doubtful, _write(pdf, unwritten)


def _drawn(pdf: Pdf, annotation: Any) -> bool:
    """Draw an annotation that needs no text. Returns whether it was one."""
    kind = name_of(entry(annotation, "/Subtype"))
    if kind not in line_annotations.KINDS | mark_annotations.KINDS or appearances.has_appearance(
        annotation
    ):
        return False
    if kind in line_annotations.KINDS:
        _set_appearance(annotation, line_annotations.drawn(pdf, annotation))
    elif (form := mark_annotations.drawn(pdf, annotation)) is not None:
        annotation["/AP"] = pikepdf.Dictionary(N=pdf.make_indirect(form))
    return True


def _unwritten(pdf: Pdf, page: int, annotation: Any) -> Iterator[_Unwritten]:
    """Yield the text to be written for the annotation, if PDFium could not."""
    words = mark_annotations.stamp_words(annotation)
    if words and not appearances.has_appearance(annotation):
        yield _Unwritten(
            page, annotation, words, lambda setter: mark_annotations.stamp(pdf, annotation, setter)
        )
    elif _lacks(pdf, annotation):
        written = field_text.text_to_set(pdf, annotation)
        # A value already shown by an appearance keeps its font.
        if written and _is_ours(written, annotation) and not _shows_text(pdf, annotation, written):
            yield _as_text(pdf, page, annotation, written)


def _as_text(pdf: Pdf, page: int, annotation: Any, written: field_text.TextToSet) -> _Unwritten:
    return _Unwritten(
        page,
        annotation,
        written.text,
        lambda setter: field_text.appearance(pdf, written, setter),
        written,
    )


def _is_ours(written: field_text.TextToSet | None, annotation: Any) -> bool:
    """Return whether it is text that PDFium cannot show, or sets in the wrong place."""
    if written is None:
        return False
    return entry(annotation, "/CL") is not None or not _is_western(written.text)


def _is_western(text: str) -> bool:
    try:
        text.encode(_WESTERN)
    except UnicodeEncodeError:
        return False
    return True


def _write(pdf: Pdf, unwritten: Sequence[_Unwritten]) -> tuple[SetText, ...]:
    """Set the texts in the bundled fonts; returns what came of each."""
    if not unwritten:
        return ()
    typesetter = TextSetter(pdf, (one.text for one in unwritten))
    for one in unwritten:
        if (form := one.appearance(typesetter)) is not None:
            one.annotation["/AP"] = pikepdf.Dictionary(N=pdf.make_indirect(form))
            one.annotation[appearances.WRITTEN_HERE] = True
    return tuple(
        SetText(
            one.page,
            one.text,
            typesetter.missing.intersection(one.text),
            one.room is not None and field_text.is_cut(one.room, typesetter),
        )
        for one in unwritten
    )


def _write_rest(pdf: Pdf, asked: Sequence[tuple[int, Any]]) -> tuple[SetText, ...]:
    """Set texts that PDFium did not draw, such as a field whose font is missing."""
    left = [(page, found) for page, found in asked if _lacks(pdf, found) and not _shows(found)]
    texts = [(*each, written) for each in left if (written := field_text.text_to_set(pdf, each[1]))]
    return _write(pdf, [_as_text(pdf, *each) for each in texts])


def _shows(annotation: Any) -> bool:
    return appearances.normal_appearance(annotation) is not None


def _attach_callouts(pdf: Pdf, listed: Listed) -> None:
    """Give each callout note its line (12.5.6.6) and an inner box."""
    for page, found in zip(pdf.pages, listed, strict=True):
        for annotation in list(found):
            points = numbers(entry(annotation, "/CL"))
            kind = name_of(entry(annotation, "/Subtype"))
            if not points or kind != "/FreeText" or appearances.has_appearance(annotation):
                continue
            line = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.PolyLine,
                F=appearances.flags(annotation),
                Vertices=pikepdf.Array(points),
                C=pikepdf.Array(field_text.ink_of(text_of(entry(annotation, "/DA")) or "")),
                Rect=annotation.get("/Rect"),
                LE=pikepdf.Array([annotation.get("/LE", pikepdf.Name("/None"))]),
            )
            page.obj.Annots.append(pdf.make_indirect(line))
            found.append(page.obj.Annots[-1])
            annotation["/Rect"] = pikepdf.Array(_inner_box(annotation))


def _inner_box(annotation: Any) -> list[float]:
    """Return the annotation's rectangle without its margins."""
    given = numbers(entry(annotation, "/Rect")) or []
    box, inset = upright(given), numbers(entry(annotation, "/RD"))
    if box is None or inset is None or len(inset) != 4:
        return given
    left, foot, right, top = inset
    inner = upright((box[0] + left, box[1] + foot, box[2] - right, box[3] - top))
    return list(inner or box)


def _shows_text(pdf: Pdf, annotation: Any, written: field_text.TextToSet) -> bool:
    """Return whether the existing appearance shows the text, as PDFium extracts it."""
    form = appearances.normal_appearance(annotation)
    if form is None or form.get("/BBox") is None:
        return False
    with contextlib.suppress(pypdfium2.PdfiumError, pikepdf.PdfError, RuntimeError):
        saved = io.BytesIO()
        with Pdf.new() as alone:
            page = alone.add_blank_page(page_size=(1000, 1000)).obj
            drawn: Any = alone.copy_foreign(form)
            appearances.made_drawable(drawn, _default_resources(pdf, alone))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=drawn))
            page.Contents = pikepdf.Stream(alone, b"/F Do")
            alone.save(saved)
        with pypdfium2.PdfDocument(saved.getvalue()) as document:
            found = document[0].get_textpage().get_text_bounded()
        return "".join(written.text.split()) in "".join(found.split())
    return False


def _default_resources(pdf: Pdf, alone: Pdf) -> Any:
    """Return the form's default resources, for an appearance without its own."""
    known = entry(entry(pdf.Root, "/AcroForm"), "/DR")
    return None if known is None else alone.copy_foreign(pdf.make_indirect(known))


def _copy_from_pdfium(pdf: Pdf, source: Path, password: str, wanting: dict[int, list[int]]) -> None:
    """Copy what PDFium draws for these annotations (their indices, by page)."""
    with (
        contextlib.suppress(pypdfium2.PdfiumError, pikepdf.PdfError),
        _SavedByPdfium(source, password, list(wanting)) as saved,
    ):
        if len(saved.pages) != len(pdf.pages):
            return
        for index, places in wanting.items():
            mine = appearances.listed(pdf.pages[index].obj)
            theirs = appearances.listed(saved.pages[index].obj)
            for place in places:
                if place < len(theirs):
                    _copy(pdf, theirs[place], mine[place])


def _lacks(pdf: Pdf, annotation: Any) -> bool:
    """Return whether a viewer would draw something that the file does not define."""
    if not appearances.is_shown(annotation):
        return False
    kind = name_of(entry(annotation, "/Subtype"))
    if kind != "/Widget":
        return kind in _DRAWN_BY_VIEWERS and not appearances.has_appearance(annotation)
    if name_of(inherited(annotation, "/FT")) not in _FILLED:
        return False
    if inherited(annotation, "/V") is None:
        return False
    renewed = entry(entry(pdf.Root, "/AcroForm"), "/NeedAppearances") is True
    return renewed or not appearances.has_appearance(annotation)


class _SavedByPdfium:
    """The document as saved by PDFium after it has rendered some of its pages."""

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
    """Copy an appearance made by PDFium."""
    if name_of(entry(theirs, "/Subtype")) != name_of(entry(mine, "/Subtype")):
        return
    form = appearances.normal_appearance(theirs)
    copied: Any = None if form is None else pdf.copy_foreign(form)
    _set_appearance(mine, copied)


def _set_appearance(annotation: Any, form: pikepdf.Stream | None) -> None:
    """Set an annotation's appearance, and the rectangle it was drawn for."""
    if form is None or not appearances.is_drawable(form):
        return
    annotation["/AP"] = pikepdf.Dictionary(N=form)
    place = numbers(form.get("/BBox"))
    if name_of(entry(annotation, "/Subtype")) != "/Widget" and place is not None:
        annotation["/Rect"] = pikepdf.Array([round(value, 4) for value in place])
