"""Checks that everything a page draws exists and every stream decodes to its end.

Each object is examined once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Pdf, Stream

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.intake.picture_data.jpeg_damage import is_damaged
from sjs_forms.intake.picture_data.picture_streams import filters_of, is_whole, jpeg_in, may_be_cut
from sjs_forms.pdf.content_names import names_used
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import (
    Key,
    decoded_as_far,
    dictionary,
    entry,
    key_of,
    name_of,
    names_of,
    stream,
)

_PAINTS = re.compile(
    rb"(?<![A-Za-z0-9/])(?:T[jJ]|['\"]|Do|[fF]\*?|[Ss]|[bB]\*?|sh|EI)(?![A-Za-z0-9])"
)
_NOT_DRAWN = {
    "/LastModified",
    "/Length",
    "/Metadata",
    "/OC",
    "/P",
    "/Parent",
    "/PieceInfo",
    "/Ref",
    "/StructParent",
    "/StructParents",
    "/Thumb",
}


@dataclass(frozen=True, slots=True)
class Completeness:
    """The properties of an object: whether it lacks something or paints, and what it uses."""

    lacks: bool
    paints: bool
    uses: tuple[Any, ...] = ()


def completeness_of(pdf: Pdf, wanted: Iterable[int], bound: int) -> dict[int, Completeness]:
    """Return the completeness of the given pages (from 0), once they are plain.

    `bound` is the limit in bytes on an unpacked stream.
    """
    walk = _Walk(pdf, bound)
    return {at: walk.of_page(pdf.pages[at].obj)[0] for at in wanted}


def pages_with_cut_pictures(pdf: Pdf, bound: int) -> set[int]:
    """Return the pages (from 0) that draw a picture whose data end early, once they are plain.

    A program that copies a truncated picture into a PDF leaves no trace in the PDF's structure.
    Only pictures whose end looks wrong are decoded. `bound` is as in `completeness_of`.
    """
    cut = {key_of(image) for image in pdf.objects if _is_cut(pdf, image, bound)}
    if not cut:
        return set()
    walk = _Walk(pdf, bound)
    return {at for at, page in enumerate(pdf.pages) if cut & walk.of_page(page.obj)[1]}


def _is_cut(pdf: Pdf, thing: Any, bound: int) -> bool:
    image = stream(thing)
    if image is None or name_of(image.get("/Subtype")) != "/Image" or not may_be_cut(image, bound):
        return False
    return not is_whole(pdf, image, bound)


def pages_with_damaged_jpegs(pdf: Pdf, pages: Iterable[int], bound: int) -> set[int]:
    """Return those of the given pages (from 0), once they are plain, that draw a damaged JPEG.

    Each is decoded strictly. `bound` is as in `completeness_of`.
    """
    walk, known, found = _Walk(pdf, bound), dict[Key, bool](), set[int]()
    for at in pages:
        for key in sorted(walk.of_page(pdf.pages[at].obj)[1]):
            if key not in known:
                known[key] = _is_damaged_jpeg(pdf.get_object(*key), bound)
            if known[key]:
                found.add(at)
    return found


def _is_damaged_jpeg(thing: Any, bound: int) -> bool:
    image = stream(thing)
    if image is None or name_of(image.get("/Subtype")) != "/Image":
        return False
    if filters_of(image)[-1] != "/DCTDecode":
        return False
    try:
        return is_damaged(jpeg_in(image, bound))
    except (Damaged, FileRefused, pikepdf.PdfError):
        return True


class _Walk:
    """Examines each object once, however many pages use it."""

    def __init__(self, pdf: Pdf, bound: int) -> None:
        self._pdf = pdf
        self._bound = bound
        self._seen: dict[Key, Completeness] = {}

    def of_page(self, page: Any) -> tuple[Completeness, set[Key]]:
        """Examine a page of a clean PDF and everything it draws; return also what was met."""
        waiting = list(_entries_of(entry(page, "/Resources"), "/XObject").values())
        met: set[Key] = set()
        lacks, paints = False, False
        while waiting:
            thing = waiting.pop()
            key = key_of(thing)
            if key is not None and key in met:
                continue
            if key is None:
                seen = self._of(thing)
            else:
                met.add(key)
                if key not in self._seen:
                    self._seen[key] = self._of(thing)
                seen = self._seen[key]
            lacks, paints = lacks or seen.lacks, paints or seen.paints
            waiting.extend(seen.uses)
        return Completeness(lacks, paints), met

    def _of(self, thing: Any) -> Completeness:
        if isinstance(thing, Array):
            return _parts(list(thing))
        if stream(thing) is None:
            return _parts([value for key, value in thing.items() if key not in _NOT_DRAWN])
        kind = name_of(thing.get("/Subtype"))
        if kind == "/Form":
            return self._of_form(thing)
        inside = _parts([value for key, value in thing.items() if key not in _NOT_DRAWN])
        if kind == "/Image":
            whole = is_whole(self._pdf, thing, self._bound)
        else:
            data, whole = self._decoded(thing)
            whole = whole and bool(data)
        return Completeness(inside.lacks or not whole, kind == "/Image", inside.uses)

    def _of_form(self, form: Stream) -> Completeness:
        data, whole = self._decoded(form)
        used: dict[str, bool] = {}
        for name, draws in names_used(data):
            used[name] = used.get(name, False) or draws
        resources = form.get("/Resources")
        things = _entries_of(resources, "/XObject")
        values = [things.get(name) for name, draws in sorted(used.items()) if draws]
        for category, _ in names_of(resources):
            if category != "/XObject":
                held = _entries_of(resources, category)
                values += [value for name, value in sorted(held.items()) if name in used]
        inside = _parts(values)
        return Completeness(inside.lacks or not whole, bool(_PAINTS.search(data)), inside.uses)

    def _decoded(self, source: Stream) -> tuple[bytes, bool]:
        try:
            return decoded_as_far(source, self._bound)
        except (Damaged, FileRefused, pikepdf.PdfError):
            return b"", False


def _parts(values: list[Any]) -> Completeness:
    """Combine values that must all exist; containers are examined later."""
    uses = [value for value in values if isinstance(value, (Array, Dictionary, Stream))]
    return Completeness(any(value is None for value in values), False, tuple(uses))


def _entries_of(resources: Any, category: str) -> dict[str, Any]:
    """Return the resources of one category, including entries that lead nowhere."""
    held = dictionary(entry(resources, category))
    return {} if held is None else dict(held.items())
