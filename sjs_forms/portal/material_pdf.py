"""Merges the documents of one material into one PDF for the screen, pages unchanged."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256
from io import BufferedWriter, RawIOBase
from pathlib import Path
from typing import BinaryIO, cast

import pikepdf
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from sjs_forms.domain.source_facts import Bookmark
from sjs_forms.domain.sources import Source
from sjs_forms.pdf import objects

_BLOCK = 1 << 20

Aims = Mapping[int, int]
"""Maps a page of one document to its page in the merged file, both from 0."""


def merged(sources: Sequence[Source]) -> Pdf:
    """Return a PDF of the wanted pages of every source, in order, and nothing else.

    A qpdf job merges them: it leaves the streams in their files until they are written. Pages
    merged in Python would all be held in memory.
    """
    pages = [
        {"file": str(clean_of(source)), "range": ",".join(str(page + 1) for page in source.pages)}
        for source in sources
    ]
    job = {"empty": "", "outputFile": "-", "pages": pages, "removeUnreferencedResources": "no"}
    return pikepdf.Job(job).create_pdf()


def open_large(path: Path) -> Pdf:
    """Open a PDF without mapping it into memory, which would count as ours. Raises OSError."""
    return pikepdf.open(path, access_mode=pikepdf.AccessMode.stream)


def finish(pdf: Pdf, sources: Sequence[Source], info: Mapping[str, str]) -> None:
    """Rotate pages as asked, and write links, bookmarks and document information.

    `pdf` is the result of `merged`. `info` holds entries of the document information dictionary.
    """
    aims: list[Aims] = []
    first = 0
    with ExitStack() as stack:
        opened: dict[Path, Pdf] = {}
        for source in sources:
            clean = clean_of(source)
            if clean not in opened:
                opened[clean] = stack.enter_context(open_large(clean))
            aims.append({page: first + at for at, page in enumerate(source.pages)})
            first += len(source.pages)
            _turn(pdf, source.offered.rotate, aims[-1])
            _link(pdf, opened[clean], aims[-1])
    _outline(pdf, sources, aims)
    for key, value in info.items():
        pdf.docinfo[key] = String(value)
    pdf.Root.Lang = String("zh-CN")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.trailer.ID = Array([String(_identity(sources))] * 2)


def save(pdf: Pdf, target: BinaryIO) -> None:
    """Write the PDF, with the same bytes every time. Raises OSError."""
    # qpdf writes about a hundred pieces per page; buffering keeps most of them out of Python.
    with BufferedWriter(cast(RawIOBase, target), _BLOCK) as gathered:
        objects.save(pdf, gathered)


def page_count(given: BinaryIO) -> int:
    """Return the page count of one of our PDFs, and rewind `given`."""
    with pikepdf.open(given) as pdf:
        pages = len(pdf.pages)
    given.seek(0)
    return pages


def clean_of(source: Source) -> Path:
    """Return the path of the clean PDF of a usable source."""
    assert source.facts is not None
    return source.facts.clean


def _turn(pdf: Pdf, clockwise: int, aims: Aims) -> None:
    if clockwise % 360:
        for page in aims.values():
            pdf.pages[page].obj.Rotate = clockwise % 360


def _link(pdf: Pdf, given: Pdf, aims: Aims) -> None:
    """Copy links to the web, and to pages of the same document that are included."""
    for page in aims.values():
        if "/Annots" in pdf.pages[page].obj:
            del pdf.pages[page].obj["/Annots"]
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
                aim = list(annotation.Dest)
                aimed = aims.get(numbers.get(aim[0].objgen, -1))
                if aimed is None:
                    continue
                place = [None if value is None else float(value) for value in aim[2:]]
                link.Dest = Array([pdf.pages[aimed].obj, aim[1], *place])
            made.append(pdf.make_indirect(link))
        if made:
            pdf.pages[aims[index]].obj.Annots = Array(made)


def _outline(pdf: Pdf, sources: Sequence[Source], aims: Sequence[Aims]) -> None:
    """Write a bookmark for each document, with the document's own below it."""
    with pdf.open_outline() as outline:
        for source, aim in zip(sources, aims, strict=True):
            assert source.facts is not None
            item = OutlineItem(source.offered.title, min(aim.values()), "Fit")
            item.is_closed = True
            item.children.extend(_own_bookmarks(source.facts.bookmarks, aim))
            outline.root.append(item)
    pdf.Root.PageMode = Name.UseOutlines


def _own_bookmarks(marks: Sequence[Bookmark], aims: Aims) -> list[OutlineItem]:
    """Return a document's bookmarks. One whose page is left out is replaced by its children."""
    made: list[OutlineItem] = []
    for mark in marks:
        below = _own_bookmarks(mark.children, aims)
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
    """Return the file identifier (PDF 32000-1, 14.4), the same every time."""
    told = [
        f"{source.facts.sha256} {source.pages} {source.offered.rotate}"
        f"{' straightened' * source.offered.straighten}"
        for source in sources
        if source.facts is not None
    ]
    return sha256("\n".join(told).encode()).digest()[:16]
