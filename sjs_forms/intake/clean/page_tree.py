"""Compares the page tree of a file with the pages that exist.

qpdf drops missing kids of the page tree (PDF 32000-1, 7.7.3.2) when it opens a file, with a
warning. pypdf is then used to read the tree as stored.
"""

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pikepdf import Pdf

from sjs_forms.pdf.objects import (
    dictionary,
    entry,
    items,
    key_of,
    keys_with_nothing,
    name_of,
    number,
)
from sjs_forms.pdf.pypdf_names import quiet_pypdf

_log = logging.getLogger(__name__)

_MAX = 100_000
"""Limit on leaves of a tree that is followed."""


@dataclass(frozen=True, slots=True)
class StatedPages:
    """The page count stated by a file. `lost` are the numbers (from 1) of missing pages."""

    pages: int = 0
    lost: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """A member of the tree: an inner node with its kids, a page, or nothing."""

    there: bool
    kids: list[Any] | None = None
    count: int = 0
    key: Any = None


@dataclass(slots=True)
class _Open:
    """An inner node being walked. `first` is the number of leaves before it."""

    node: _Seen
    first: int
    at: int = 0
    gap: int | None = None
    """Index of its first missing kid among the leaves."""


def stated_pages(pdf: Pdf, most: int) -> StatedPages:
    """Return the page count of an undamaged document. A /Count above `most` is ignored."""
    return _walked(entry(pdf.Root, "/Pages"), _by_qpdf, most)


def stated_pages_of_damaged(pdf: Pdf, source: Path, most: int) -> StatedPages:
    """Return that of a damaged file as pypdf sees it, without repairs; `pdf` is qpdf's view.

    If there is no trailer, the root found by qpdf is used.
    """
    data = source.read_bytes()
    if "/Size" not in pdf.trailer:
        root = "{} {}".format(*pdf.Root.objgen)
        data += f"\ntrailer\n<< /Root {root} R /Size 1 >>\nstartxref\n0\n%%EOF\n".encode()
    try:
        reader = quiet_pypdf().PdfReader(io.BytesIO(data))
        return _walked(reader.root_object.raw_get("/Pages"), _by_pypdf, most)
    except Exception:  # pypdf may fail in any way; then the tree as seen by qpdf is used
        _log.info("pypdf cannot follow the page tree", exc_info=True)
        return stated_pages(pdf, most)


def _walked(root: Any, look: Callable[[Any], _Seen], most: int) -> StatedPages:
    """Walk the tree, each inner node once."""
    leaves: list[bool] = []
    first = look(root)
    path, seen = [_Open(first, 0)], {first.key}
    while path and len(leaves) < _MAX:
        here = path[-1]
        kids = here.node.kids or []
        if here.at >= len(kids):
            path.pop()
            missing = here.node.count - (len(leaves) - here.first)
            if missing > 0 and here.node.count <= most:
                place = len(leaves) if here.gap is None else here.gap
                leaves[place:place] = [False] * missing
            continue
        kid = look(kids[here.at])
        here.at += 1
        if kid.kids is None:
            if not kid.there and here.gap is None:
                here.gap = len(leaves)
            leaves.append(kid.there)
        elif kid.key is None or kid.key not in seen:
            seen.add(kid.key)
            path.append(_Open(kid, len(leaves)))
    lost = tuple(at for at, there in enumerate(leaves, start=1) if not there)
    return StatedPages(len(leaves), lost)


def _by_qpdf(value: Any) -> _Seen:
    if dictionary(value) is None:
        return _Seen(there=False)
    if entry(value, "/Kids") is None and name_of(entry(value, "/Type")) != "/Pages":
        return _Seen(there=True)
    count = int(number(entry(value, "/Count")) or 0)
    return _Seen(True, items(entry(value, "/Kids")), count, key_of(value))


def _by_pypdf(value: Any) -> _Seen:
    pypdf = quiet_pypdf()
    key = getattr(value, "idnum", None)
    found = value.get_object() if value is not None else None
    if not isinstance(found, pypdf.generic.DictionaryObject):
        return _Seen(there=False)
    if "/Kids" not in found and found.get("/Type") != "/Pages":
        return _Seen(there=True)
    kids, count = found.get("/Kids"), found.get("/Count")
    listed = list(kids) if isinstance(kids, pypdf.generic.ArrayObject) else []
    return _Seen(True, listed, int(count) if isinstance(count, int) else 0, key)


def pages_with_torn_annotations(pdf: Pdf) -> set[int]:
    """Return pages (from 0) whose annotations are missing: in a damaged file, stamps or values."""
    found = set()
    for at, page in enumerate(pdf.pages):
        given = items(entry(page.obj, "/Annots"))
        if any(one is None for one in given) or "/Annots" in keys_with_nothing(page.obj):
            found.add(at)
    return found
