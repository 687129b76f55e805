"""Removes links through which a document would load external content (ODF 1.3 19.910.35, OPC 9.3).

On Linux, confinement keeps LibreOffice from following them (see `confinement`); here they are
removed on every system, and reported. Links that are only followed on a click are kept.
Pictures in base64 are searched too.
"""

import base64
import posixpath
from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import unquote

from sjs_forms.intake.office.packages.embedded_svg import decoded, is_picture_of_pixels, svg_in
from sjs_forms.intake.office.packages.office_package import parse, written
from sjs_forms.intake.wordml import local

_HREF = "{http://www.w3.org/1999/xlink}href"
_CLICKED = frozenset({"a", "hlinkClick", "hlinkHover", "hlinkMouseOver"})
_OF_PICTURES = frozenset({"imagedata", "fill", "stroke", "background"})
"""VML elements that may name a picture file."""
_UNPRINTED = frozenset({"template", "attachedTemplate", "auto-reload"})
_NOWHERE = "about:blank"
_WITHIN = ("#", "cid:", "wordml:")
_BASE64 = frozenset({"binary-data", "binData", "binaryData"})
"""Elements with a picture or another part as text in base64 (ODF 1.3 19.393, WordprocessingML 2003,
and the flat form of OPC).
"""


def cut_links(trees: dict[str, Any], members: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Remove the links of these parts that lead out of the package.

    `members` are the names of all parts; empty if the document is a single file. Yields the name of
    each changed part, and whether anything printable was removed. A document's template is not.
    """
    folders = {parent for name in members for parent in _parents(name)}
    inside = {*members, *folders}
    for name, root in trees.items():
        if cut := _cut_relationships(root) | _cut_references(root, name, inside):
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
        if local(each) != "Relationship" or each.get("Type", "").endswith("/hyperlink"):
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
        if local(element) in _BASE64 and _cut_in_picture(element):
            cut.add(local(element))
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
        return not _is_within(value) and _place(name, value) not in inside
    of_picture = local(element) in _OF_PICTURES and key.rpartition("}")[2] in ("src", "href")
    return of_picture and not _is_within(value) and "}id" not in key


def _is_within(value: str) -> bool:
    return value.startswith(_WITHIN) or (value.startswith("data:") and is_picture_of_pixels(value))


def _cut_in_picture(element: Any) -> bool:
    """Remove the links of an SVG in base64, or all of it if it cannot be examined.

    Returns whether anything was removed.
    """
    data = decoded(element.text or "")
    svg = data if data is None else svg_in(data)
    if data is not None and svg is None:
        return False
    root = None if svg is None else parse(svg)
    if root is not None and not _cut_references(root, "", ()):
        return False
    element.text = "" if root is None else base64.b64encode(written(root)).decode("ascii")
    return True


def _place(name: str, written: str) -> str:
    """Return the member that a reference in the part `name` leads to, or ""."""
    path = unquote(written.replace("\\", "/")).removeprefix("./")
    if not path or path.startswith("/") or ":" in path:
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
