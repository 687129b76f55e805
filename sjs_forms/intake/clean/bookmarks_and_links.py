"""Resolves a document's bookmarks and links to coordinates of the pages as shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from sjs_forms.domain.source_facts import Bookmark
from sjs_forms.pdf.matrices import Box, ShownTransform, at, intersection, moved, upright
from sjs_forms.pdf.objects import (
    Key,
    bytes_of,
    dictionary,
    entry,
    items,
    key_of,
    name_of,
    names_of,
    number,
    numbers,
    text_of,
    tree_pairs,
)

MAX_BOOKMARKS = 5_000
DEEPEST = 12
LONGEST_TITLE = 300
LONGEST_ADDRESS = 2_000
SCHEMES = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True)
class Destination:
    """A page (from 0) and a point on it as shown, in points. None means the whole page."""

    page: int
    left: float | None = None
    top: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A clickable area of a page as shown, with a web address or a place in the file."""

    area: Box
    address: str | None = None
    aim: Destination | None = None


class Navigator:
    """Resolves destinations of one document. Created before its pages are changed."""

    def __init__(self, pdf: Pdf, transforms: Sequence[ShownTransform]) -> None:
        self._transforms = transforms
        self._pages: dict[Key, int] = {}
        for index, page in enumerate(pdf.pages):
            self._pages.setdefault(page.obj.objgen, index)
        self._named = _named_destinations(pdf)

    def aim(self, value: Any, hops: int = 0) -> Destination | None:
        """Resolve an explicit or named destination; None if it leads nowhere."""
        key = bytes_of(value)
        if key is not None and hops < 5:
            return self.aim(self._named.get(key), hops + 1)
        if dictionary(value) is not None and hops < 5:
            return self.aim(entry(value, "/D"), hops + 1)
        parts = items(value)
        page = self._page(parts[0]) if parts else None
        if page is None:
            return None
        left, top = self._point(page, name_of(parts[1]) if len(parts) > 1 else "", parts[2:])
        return Destination(page, left, top)

    def aim_of(self, holder: Any) -> Destination | None:
        """Resolve the /Dest or GoTo action of a bookmark or link."""
        dest = entry(holder, "/Dest")
        if dest is not None:
            return self.aim(dest)
        action = entry(holder, "/A")
        return self.aim(entry(action, "/D")) if name_of(entry(action, "/S")) == "/GoTo" else None

    def link(self, annotation: Any, page: int) -> Link | None:
        """Return the link annotation if it leads to the web or to a page of the file."""
        area = upright(numbers(entry(annotation, "/Rect")))
        shown = intersection(area, self._transforms[page].box) if area else None
        if shown is None:
            return None
        there = moved(self._transforms[page].matrix, shown)
        action = entry(annotation, "/A")
        if name_of(entry(action, "/S")) == "/URI":
            address = _address(entry(action, "/URI"))
            return Link(there, address=address) if address else None
        aim = self.aim_of(annotation)
        return Link(there, aim=aim) if aim else None

    def bookmarks(self, pdf: Pdf) -> tuple[Bookmark, ...]:
        """Return the outline, limited in depth and number; cycles are handled.

        An entry without a valid destination is kept for its children, with the page of the first of
        them, or dropped if it has none.
        """
        seen: set[Key] = set()
        return self._level(entry(entry(pdf.Root, "/Outlines"), "/First"), 0, seen)

    def _level(self, first: Any, depth: int, seen: set[Key]) -> tuple[Bookmark, ...]:
        found: list[Bookmark] = []
        node = first
        while dictionary(node) is not None and len(seen) < MAX_BOOKMARKS and depth < DEEPEST:
            key = key_of(node)
            if key is None or key in seen:
                break
            seen.add(key)
            children = self._level(entry(node, "/First"), depth + 1, seen)
            aim = self.aim_of(node)
            title = _tidy(text_of(entry(node, "/Title")) or "")
            if aim is not None and title:
                found.append(Bookmark(title, aim.page, aim.top, children))
            elif title and children:
                found.append(Bookmark(title, children[0].page, children[0].top, children))
            else:
                found.extend(children)
            node = entry(node, "/Next")
        return tuple(found)

    def _page(self, value: Any) -> int | None:
        if isinstance(value, Object):
            key = key_of(value)
            return self._pages.get(key) if key else None
        index = number(value)
        if index is None or not 0 <= index < len(self._transforms):
            return None
        return int(index)

    def _point(self, page: int, how: str, rest: list[Any]) -> tuple[float | None, float | None]:
        """Return left and top, as shown, of /XYZ, /FitH, /FitBH or /FitR."""
        given = [number(value) for value in rest]
        given += [None] * 4
        left: float | None = None
        top: float | None = None
        if how == "/XYZ":
            left, top = given[0], given[1]
        elif how in ("/FitH", "/FitBH"):
            top = given[0]
        elif how == "/FitR":
            left, top = given[0], given[3]
        transform = self._transforms[page]
        turned = transform.orientation in (6, 8)
        if (left if turned else top) is None:
            return None, None
        x, y = at(
            transform.matrix,
            transform.box[0] if left is None else left,
            transform.box[3] if top is None else top,
        )
        known = (top if turned else left) is not None
        return (
            min(max(x, 0.0), transform.width) if known else None,
            min(max(y, 0.0), transform.height),
        )


def as_annotation(link: Link, pages: Sequence[Any]) -> Dictionary:
    """Return a link annotation with this content and no border."""
    made = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([round(value, 3) for value in link.area]),
        Border=Array([0, 0, 0]),
    )
    if link.address is not None:
        made.A = Dictionary(S=Name.URI, URI=String(link.address))
    elif link.aim is not None:
        left, top = (
            None if value is None else round(value, 3) for value in (link.aim.left, link.aim.top)
        )
        made.Dest = Array([pages[link.aim.page].obj, Name.XYZ, left, top, None])
    return made


def _named_destinations(pdf: Pdf) -> dict[bytes, Any]:
    found: dict[bytes, Any] = {}
    for key, value in tree_pairs(entry(entry(pdf.Root, "/Names"), "/Dests"), "/Names"):
        name = bytes_of(key)
        if name is not None:
            found.setdefault(name, value)
    old = entry(pdf.Root, "/Dests")
    for key, value in names_of(old):
        found.setdefault(key[1:].encode("utf-8", "surrogateescape"), value)
    return found


def _address(value: Any) -> str | None:
    """Return a web or mail address in plain ASCII, else None."""
    raw = bytes_of(value)
    if raw is None or len(raw) > LONGEST_ADDRESS:
        return None
    text = raw.decode("utf-8", "replace").strip()
    if not text.lower().startswith(SCHEMES) or any(ord(sign) < 33 for sign in text):
        return None
    return "".join(
        sign if ord(sign) < 127 else "".join(f"%{byte:02X}" for byte in sign.encode())
        for sign in text
    )


def _tidy(title: str) -> str:
    """Return a title without control characters and superfluous spaces."""
    printable = "".join(sign if sign.isprintable() else " " for sign in title)
    return " ".join(printable.split())[:LONGEST_TITLE]
