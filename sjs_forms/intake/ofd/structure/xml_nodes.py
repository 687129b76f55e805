"""Parses parts of an OFD file. Names of elements and attributes are reduced to local names.

Writers use various namespaces, or a prefix that they do not declare.
"""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from sjs_forms.intake import refusals
from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.pdf.matrices import FAR, Matrix

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*\?>")
_TRUE = ("true", "1")
_UNNAMED = "unnamed"
"""The name given to an element whose name is only a prefix, in a recovered part."""


@dataclass(frozen=True, slots=True)
class XmlPart:
    """The root of a part. It is not complete if content was lost because it is not well-formed."""

    root: Any
    is_complete: bool


def parsed(data: bytes) -> XmlPart:
    """Parse a part. Raises OfdDamaged, or FileRefused for a document type (DTD)."""
    data = data.lstrip(b" \t\r\n\0") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else data
    found = _tree(data, recover=False)
    if found is None:
        found = _tree(_as_utf8(data), recover=False)
    if found is None:
        found = _tree(_as_utf8(data), recover=True)
    if found is None:
        raise OfdDamaged("no XML")
    return XmlPart(_local(found.root), found.is_complete)


def _tree(data: bytes, *, recover: bool) -> XmlPart | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None
    if root is None:
        return None
    if root.getroottree().docinfo.doctype:
        raise refusals.ofd_with_dtd()
    # An undeclared prefix is an error too, but loses nothing.
    faults = parser.error_log.filter_from_errors()
    return XmlPart(root, all(fault.domain == etree.ErrorDomains.NAMESPACE for fault in faults))


def _as_utf8(data: bytes) -> bytes:
    """Return a part in UTF-8 without its declaration; many that declare UTF-8 are in GBK."""
    bare = _DECLARED.sub(b"", data)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return bare.decode(encoding).encode()
        except UnicodeError:
            continue
    return bare


def _local(root: Any) -> Any:
    for node in root.iter(etree.Element):
        node.tag = _bare(node.tag) or _UNNAMED
        for name in node.attrib:
            bare = _bare(name)
            if bare and bare != name:
                node.set(bare, node.attrib.pop(name))
    return root


def _bare(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def numbers(text: str | None) -> list[float]:
    """Return the numbers in a text, with any separators; too large ones are clamped."""
    return [max(-FAR, min(float(found), FAR)) for found in _NUMBER.findall(text or "")]


def first_number(text: str | None) -> float | None:
    """Return the first number in a text, clamped, or None."""
    found = _NUMBER.search(text) if text else None
    return max(-FAR, min(float(found[0]), FAR)) if found else None


def number(text: str | None, otherwise: float) -> float:
    """Return the first number in a text."""
    found = first_number(text)
    return otherwise if found is None else found


def box(text: str | None) -> tuple[float, float, float, float] | None:
    """Return x, y, width and height in millimetres, or None if there are not four numbers."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) >= 4 else None


def matrix(text: str | None) -> Matrix | None:
    """Return a CTM, or None if there are not six numbers."""
    found = numbers(text)
    if len(found) < 6:
        return None
    a, b, c, d, e, f = found[:6]
    return a, b, c, d, e, f


def is_true(text: str | None, otherwise: bool = False) -> bool:
    """Return a boolean of XML Schema."""
    return otherwise if text is None else text.strip().lower() in _TRUE


def text_of(node: Any, name: str) -> str:
    """Return the text of a child, without white space around it."""
    found = node.findtext(name) if node is not None else None
    return (found or "").strip()
