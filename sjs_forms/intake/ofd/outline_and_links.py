"""The outline of an OFD document (7.8) as bookmarks of the PDF."""

from collections.abc import Mapping
from typing import Any

from pikepdf import OutlineItem, Pdf

from sjs_forms.intake.ofd.document_tree import OfdDocument

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
    """Return the items in an element. Those that lead nowhere stand for what is below them."""
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
    for action in node.iterfind("Actions/Action"):
        for goto in action.iterfind("Goto"):
            target = goto.find("Dest")
            mark = goto.find("Bookmark")
            if target is None and mark is not None:
                target = _marked(document, mark.get("Name"))
            if target is not None:
                return pages.get((target.get("PageID") or "").strip())
    return None


def _marked(document: OfdDocument, name: str | None) -> Any | None:
    for mark in document.root.iterfind("Bookmarks/Bookmark"):
        if name and mark.get("Name") == name:
            return mark.find("Dest")
    return None
