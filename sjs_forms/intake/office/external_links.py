"""Removes links through which a document would load external content (ODF 1.3 19.910.35, OPC 9.3).

On Linux, confinement keeps LibreOffice from following them (see `confinement`); here they are
removed on every system, and reported. Links that are only followed on a click are kept.
"""

import posixpath
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import unquote

from sjs_forms.intake.wordml import local

_HREF = "{http://www.w3.org/1999/xlink}href"
_CLICKED = frozenset({"a", "hlinkClick", "hlinkHover", "hlinkMouseOver"})
_OF_PICTURES = frozenset({"imagedata", "fill", "stroke", "background"})
"""VML elements that may name a picture file."""
_UNPRINTED = frozenset({"template", "attachedTemplate", "auto-reload"})
_NOWHERE = "about:blank"
_WITHIN = ("#", "data:", "cid:")


def cut_links(trees: dict[str, Any], members: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Remove the links of these parts that lead out of the package.

    `members` are the names of all parts; empty if the document is a single file. Yields the name of
    each changed part, and whether anything printable was removed. A document's template is not.
    """
    folders = {parent for name in members for parent in _parents(name)}
    inside = {*members, *folders}
    for name, root in trees.items():
        if name.endswith(".rels"):
            cut = _cut_relationships(root)
        else:
            cut = _cut_references(root, name, inside)
        if cut:
            yield name, bool(cut - _UNPRINTED)


def _parents(name: str) -> Iterator[str]:
    parent = posixpath.dirname(name)
    while parent:
        yield parent
        parent = posixpath.dirname(parent)


def _cut_relationships(root: Any) -> set[str]:
    """Return the kinds of the removed links."""
    cut: set[str] = set()
    for each in root.iter():
        if not isinstance(each.tag, str) or each.get("Type", "").endswith("/hyperlink"):
            continue
        target = each.get("Target", "")
        if target != _NOWHERE and (each.get("TargetMode") == "External" or ":" in target):
            each.set("Target", _NOWHERE)
            cut.add(each.get("Type", "").rpartition("/")[2])
    return cut


def _cut_references(root: Any, name: str, inside: Collection[str]) -> set[str]:
    """Return the elements whose links were removed."""
    cut: set[str] = set()
    for element in root.iter():
        if not isinstance(element.tag, str) or local(element) in _CLICKED:
            continue
        for key in list(element.attrib):
            if _leads_out(element, key, name, inside):
                del element.attrib[key]
                cut.add(local(element))
    return cut


def _leads_out(element: Any, key: str, name: str, inside: Collection[str]) -> bool:
    """Return whether an attribute names a file outside the package."""
    value = element.attrib[key]
    if not value:
        return False
    if key == _HREF or (key == "href" and local(element) in ("image", "use", "feImage")):
        return not value.startswith(_WITHIN) and _place(name, value) not in inside
    of_picture = local(element) in _OF_PICTURES and key.rpartition("}")[2] in ("src", "href")
    return of_picture and not value.startswith(_WITHIN) and "}id" not in key


def _place(name: str, written: str) -> str:
    """Return the member that a reference in the part `name` leads to, or ""."""
    path = unquote(written.replace("\\", "/")).removeprefix("./")
    if not path or path.startswith("/") or ":" in path:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
