"""The outline of an OFD document (7.8) and its links (14) within the PDF."""

from collections.abc import Mapping, Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf

from sjs_forms.intake.ofd.structure.document_tree import OfdDocument
from sjs_forms.pdf.matrices import Box

_MAX_ITEMS = 5_000
_MAX_DEPTH = 16


def add_outline(pdf: Pdf, document: OfdDocument, pages: Mapping[str, int]) -> None:
    """Add the document's outline; `pages` are indices of the PDF's pages by their IDs."""
    found = document.root.find("Outlines")
    if found is None:
        return
    left = [_MAX_ITEMS]
    items = _items(found, document, pages, 0, left)
    if items:
        with pdf.open_outline() as outline:
            outline.root.extend(items)


def _items(
    holder: Any, document: OfdDocument, pages: Mapping[str, int], depth: int, left: list[int]
) -> list[OutlineItem]:
    """Return the items in an element. One without title or target is replaced by its children."""
    items: list[OutlineItem] = []
    for node in holder.iterfind("OutlineElem"):
        if depth >= _MAX_DEPTH or left[0] <= 0:
            break
        left[0] -= 1
        below = _items(node, document, pages, depth + 1, left)
        page = _target(node, document, pages)
        title = (node.get("Title") or "").strip()
        if page is None or not title:
            items += below
            continue
        item = OutlineItem(title, page)
        item.children.extend(below)
        items.append(item)
    return items


def _target(node: Any, document: OfdDocument, pages: Mapping[str, int]) -> int | None:
    found = target_of(node, document)
    return None if found is None else pages.get(found)


def target_of(node: Any, document: OfdDocument) -> str | None:
    """Return the ID of the page that an element's action leads to, or None."""
    for goto in node.iterfind("Actions/Action/Goto"):
        target, mark = goto.find("Dest"), goto.find("Bookmark")
        if target is None and mark is not None:
            target = _marked(document, mark.get("Name"))
        if target is not None:
            return (target.get("PageID") or "").strip()
    return None


def add_links(
    pdf: Pdf, links: Mapping[int, Sequence[tuple[Box, str]]], pages: Mapping[str, int]
) -> None:
    """Add links to pages of the PDF, by their indices; those without a target are left out."""
    for index, found in links.items():
        made = [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([round(edge, 3) for edge in box]),
                Border=Array([0, 0, 0]),
                Dest=Array([pdf.pages[pages[target]].obj, Name.Fit]),
            )
            for box, target in found
            if target in pages
        ]
        if made:
            pdf.pages[index].obj.Annots = Array([pdf.make_indirect(each) for each in made])


def _marked(document: OfdDocument, name: str | None) -> Any | None:
    for mark in document.root.iterfind("Bookmarks/Bookmark"):
        if name and mark.get("Name") == name:
            return mark.find("Dest")
    return None
