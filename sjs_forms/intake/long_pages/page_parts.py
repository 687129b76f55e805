"""Cuts pages of a clean PDF into parts, each a page; links and bookmarks are adapted.

Every part draws the whole page clipped to its own box, so nothing is lost or shown twice, and
picture data are unchanged and stored once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import Bookmark, PageFacts
from sjs_forms.intake import file_remarks
from sjs_forms.intake.clean.document import PlainDocument, check_count
from sjs_forms.intake.clean.strict_reopening import check_reopens
from sjs_forms.intake.long_pages.cut_places import Strip
from sjs_forms.intake.long_pages.text_outside_part import KeptArea, without_text_beyond
from sjs_forms.pdf.matrices import Box, format_numbers, intersection
from sjs_forms.pdf.objects import entry, items, new_stream, number, numbers, save

_HAIR = 0.5
_LOOKED_AT = 20_000_000
"""Limit in bytes on content examined, over all parts, for text beyond a part; about ten seconds."""


@dataclass(frozen=True, slots=True)
class _PagePart:
    """A part: its page's former index, and the box of the page that it shows.

    `rough` are the edges, as thin boxes, at which something may be cut through. `most` is the limit
    in bytes on content examined for text outside the part.
    """

    page: int
    box: Box
    rough: tuple[Box, ...] = ()
    most: int = 0


def cut_pages(
    clean: Path, plain: PlainDocument, strips: Mapping[int, Strip], limits: IntakeLimits
) -> PlainDocument:
    """Cut these pages of the clean PDF in place. Raises FileRefused for too many parts."""
    cut = {page: strip for page, strip in strips.items() if strip.cuts}
    if not cut:
        return plain
    parts = [part for page, facts in enumerate(plain.pages) for part in _parts(page, facts, cut)]
    check_count(len(parts), limits)
    with pikepdf.open(clean, allow_overwriting_input=True) as pdf:
        _rewrite(pdf, parts, cut)
        save(pdf, clean)
    check_reopens(clean, len(parts))
    bookmarks = tuple(_moved(mark, parts) for mark in plain.bookmarks)
    facts = tuple(_facts(plain.pages[part.page], part) for part in parts)
    remark = file_remarks.cut(
        [page + 1 for page in cut],
        sum(part.page in cut for part in parts),
        sum(len(strip.rough) for strip in cut.values()),
    )
    return replace(plain, pages=facts, bookmarks=bookmarks, remarks=(*plain.remarks, remark))


def _parts(page: int, facts: PageFacts, cut: Mapping[int, Strip]) -> Iterator[_PagePart]:
    """Yield the parts of a page from top to bottom or left to right; one that is not cut
    is whole.
    """
    wide, high = facts.width, facts.height
    if page not in cut:
        yield _PagePart(page, (0.0, 0.0, wide, high))
        return

    def between(start: float, end: float) -> Box:
        return (0.0, high - end, wide, high - start) if high > wide else (start, 0.0, end, high)

    strip = cut[page]
    most = _LOOKED_AT // sum(len(one.cuts) + 1 for one in cut.values())
    for start, end in zip((0.0, *strip.cuts), (*strip.cuts, max(wide, high)), strict=True):
        rough = [between(at - _HAIR, at + _HAIR) for at in (start, end) if at in strip.rough]
        yield _PagePart(page, between(start, end), tuple(rough), most)


def _facts(whole: PageFacts, part: _PagePart) -> PageFacts:
    x0, y0, x1, y1 = part.box
    return replace(whole, width=x1 - x0, height=y1 - y0, origin=part.page)


def _rewrite(pdf: Pdf, parts: list[_PagePart], cut: Mapping[int, Strip]) -> None:
    """Replace the pages by their parts, and aim links at these."""
    before = [page.obj for page in pdf.pages]
    made = [_page(pdf, before[part.page], part) if part.page in cut else None for part in parts]
    for page in sorted(cut, reverse=True):
        own = [one for one, part in zip(made, parts, strict=True) if part.page == page and one]
        for one in reversed(own):
            pdf.pages.insert(page + 1, pikepdf.Page(one))
        del pdf.pages[page]
    after = [page.obj for page in pdf.pages]
    where = {page.objgen: index for index, page in enumerate(before)}
    for link in [link for page in after for link in items(entry(page, "/Annots"))]:
        _aim_at_part(link, where, parts, after)


def _page(pdf: Pdf, whole: Any, part: _PagePart) -> Dictionary:
    """Return a page that shows the part's box of the former page."""
    x0, y0, x1, y1 = part.box
    content, resources = whole.Contents.read_bytes(), whole.Resources
    less = without_text_beyond(pdf, content, resources, KeptArea(part.box, part.rough, part.most))
    content, resources = less or (content, resources)
    form = new_stream(
        pdf,
        content,
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Form,
            "/BBox": Array([round(value, 4) for value in part.box]),
            "/Resources": resources,
        },
    )
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, round(x1 - x0, 4), round(y1 - y0, 4)]),
        Resources=Dictionary(XObject=Dictionary(Part=form)),
        Contents=pdf.make_stream(
            f"q {format_numbers((1, 0, 0, 1, -x0, -y0))} cm /Part Do Q".encode()
        ),
    )
    if entry(whole, "/Group") is not None:
        page.Group = form.Group = whole.Group
    links = [made for link in items(entry(whole, "/Annots")) if (made := _link(link, part.box))]
    if links:
        page.Annots = pdf.make_indirect(Array(links))
    return pdf.make_indirect(page)


def _link(link: Any, box: Box) -> Dictionary | None:
    """Return the portion of a link within the part, or None."""
    x0, y0, x1, y1 = numbers(link.Rect) or (0.0, 0.0, 0.0, 0.0)
    shared = intersection((x0, y0, x1, y1), box)
    if shared is None:
        return None
    made = Dictionary(link)
    made.Rect = Array([round(value - box[at % 2], 3) for at, value in enumerate(shared)])
    return made


def _aim_at_part(
    link: Any, where: Mapping[Any, int], parts: list[_PagePart], after: list[Any]
) -> None:
    """Aim an internal link at the part that contains its point."""
    dest = items(entry(link, "/Dest"))
    if len(dest) < 4:
        return
    page = where[dest[0].objgen]
    left, top = number(dest[2]), number(dest[3])
    index = _part_at(parts, page, left, top)
    x0, y0 = parts[index].box[:2]
    link.Dest = Array(
        [
            after[index],
            Name.XYZ,
            None if left is None else round(left - x0, 3),
            None if top is None else round(top - y0, 3),
            None,
        ]
    )


def _part_at(parts: list[_PagePart], page: int, left: float | None, top: float | None) -> int:
    """Return the index of the part of `page` that contains a point; the first if it is unknown."""
    own = [index for index, part in enumerate(parts) if part.page == page]
    for index in own:
        x0, y0, x1, y1 = parts[index].box
        if (top is None or y0 < top <= y1) and (left is None or x0 <= left < x1):
            return index
    return own[0]


def _moved(mark: Bookmark, parts: list[_PagePart]) -> Bookmark:
    index = _part_at(parts, mark.page, None, mark.top)
    top = None if mark.top is None else min(mark.top, parts[index].box[3]) - parts[index].box[1]
    children = tuple(_moved(child, parts) for child in mark.children)
    return Bookmark(mark.title, index, top, children)
