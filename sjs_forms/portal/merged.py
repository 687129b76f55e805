"""The documents of one material as one PDF, pages as they are: for the screen, not for binding.

Merged by qpdf, which copies large streams from file to file without holding them in memory.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from sjs_forms.facts import Bookmark
from sjs_forms.sources import Source

Aims = Mapping[int, int]
"""From a page of one document to its page in the merged file, both from 0."""


@contextmanager
def merged(sources: Sequence[Source], info: Mapping[str, str]) -> Iterator[Pdf]:
    """The pages wanted of every source, in order, turned as asked, with bookmarks and links.

    `info` are entries of the document information dictionary. Nothing is copied before it is
    saved, so that is to be done in here.
    """
    with ExitStack() as stack:
        pdf = stack.enter_context(pikepdf.new())
        opened: dict[Path, Pdf] = {}
        aims = []
        for source in sources:
            clean = clean_of(source)
            if clean not in opened:
                # Without a map of the file into memory, which would count as ours.
                given = pikepdf.open(clean, access_mode=pikepdf.AccessMode.stream)
                opened[clean] = stack.enter_context(given)
            aims.append(_append(pdf, source, opened[clean]))
        for source, aim in zip(sources, aims, strict=True):
            _link(pdf, opened[clean_of(source)], aim)
        _outline(pdf, sources, aims)
        for key, value in info.items():
            pdf.docinfo[key] = String(value)
        pdf.Root.Lang = String("zh-CN")
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.trailer.ID = Array([String(_identity(sources))] * 2)
        yield pdf


def save(pdf: Pdf, target: Path | BinaryIO) -> None:
    """Write it: the same bytes every time. Raises OSError."""
    pdf.save(
        target,
        min_version="1.7",
        fix_metadata_version=False,
        compress_streams=True,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        static_id=True,
    )


def saved_size(pdf: Pdf) -> int:
    """How many bytes it would have, saved as it is now."""
    sink = _Sink()
    save(pdf, cast(BinaryIO, sink))
    return sink.size


def page_count(given: BinaryIO) -> int:
    """The pages of a PDF of ours; `given` is then at its start again."""
    with pikepdf.open(given) as pdf:
        pages = len(pdf.pages)
    given.seek(0)
    return pages


def clean_of(source: Source) -> Path:
    """Where the clean PDF of a usable source lies."""
    assert source.facts is not None
    return source.facts.clean


class _Sink(io.RawIOBase):
    """Counts what is written to it and keeps none of it."""

    def __init__(self) -> None:
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.size += len(data)
        return len(data)


def _append(pdf: Pdf, source: Source, given: Pdf) -> Aims:
    """Add the pages wanted; links come later, for they may lead to pages not yet there."""
    aims = {}
    for index in source.pages:
        aims[index] = len(pdf.pages)
        pdf.pages.append(given.pages[index])
        page = pdf.pages[-1].obj
        if "/Annots" in page:
            del page["/Annots"]
        if source.offered.rotate:
            page.Rotate = source.offered.rotate % 360
    return aims


def _link(pdf: Pdf, given: Pdf, aims: Aims) -> None:
    """Carry over links: to the web, and to pages of the same document that are wanted too."""
    with_links = [index for index in aims if "/Annots" in given.pages[index].obj]
    if not with_links:
        return
    numbers = {page.obj.objgen: index for index, page in enumerate(given.pages)}
    for index in with_links:
        made = []
        for annotation in given.pages[index].obj.Annots:
            link = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([float(value) for value in annotation.Rect]),
                Border=Array([0, 0, 0]),
            )
            if "/A" in annotation:
                link.A = Dictionary(S=Name.URI, URI=String(str(annotation.A.URI)))
            else:
                page, how, *rest = annotation.Dest
                aimed = aims.get(numbers.get(page.objgen, -1))
                if aimed is None:
                    continue
                place = [None if value is None else float(value) for value in rest]
                link.Dest = Array([pdf.pages[aimed].obj, how, *place])
            made.append(pdf.make_indirect(link))
        if made:
            pdf.pages[aims[index]].obj.Annots = Array(made)


def _outline(pdf: Pdf, sources: Sequence[Source], aims: Sequence[Aims]) -> None:
    """A bookmark for each document, under it the document's own."""
    with pdf.open_outline() as outline:
        for source, aim in zip(sources, aims, strict=True):
            assert source.facts is not None
            item = OutlineItem(source.offered.title, min(aim.values()), "Fit")
            item.is_closed = True
            item.children.extend(_own(source.facts.bookmarks, aim))
            outline.root.append(item)
    pdf.Root.PageMode = Name.UseOutlines


def _own(marks: Sequence[Bookmark], aims: Aims) -> list[OutlineItem]:
    """A document's bookmarks; of one whose page is not wanted, those below it."""
    made: list[OutlineItem] = []
    for mark in marks:
        below = _own(mark.children, aims)
        if mark.page not in aims:
            made += below
            continue
        page = aims[mark.page]
        if mark.top is None:
            item = OutlineItem(mark.title, page, "Fit")
        else:
            item = OutlineItem(mark.title, page, "XYZ", left=0, top=round(mark.top, 3))
        item.is_closed = True
        item.children.extend(below)
        made.append(item)
    return made


def _identity(sources: Sequence[Source]) -> bytes:
    """What tells this file from others (PDF 32000-1, 14.4), the same every time."""
    told = [
        f"{source.facts.sha256} {source.pages} {source.offered.rotate}"
        for source in sources
        if source.facts is not None
    ]
    return sha256("\n".join(told).encode()).digest()[:16]
