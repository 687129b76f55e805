"""Finds the picture of an electronic seal (GM/T 0031, GB/T 38540) in its DER structure.

Versions 1 and 4 differ around it, and writers differ from both; the picture is always a sequence
of a type, an octet string and two integers (SES_ESPictureInfo), so that is looked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_SEQUENCE, _INTEGER, _OCTETS, _BITS = 0x30, 0x02, 0x04, 0x03
_STRINGS = (0x0C, 0x13, 0x14, 0x16, 0x1A)
_MAX_DEPTH = 24
_MAX_NODES = 50_000
_SMALLEST = 16
_CONSTRUCTED = 0x20


@dataclass(frozen=True, slots=True)
class SealPicture:
    """A seal's picture: its type in lower case (png, jpg, ofd …), data, and size in millimetres."""

    form: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Node:
    tag: int
    content: bytes


def seal_picture(data: bytes) -> SealPicture | None:
    """Return the picture in a signature value or a seal, or None if there is none."""
    left = [_MAX_NODES]
    return _found(data, 0, left)


def _found(data: bytes, depth: int, left: list[int]) -> SealPicture | None:
    if depth > _MAX_DEPTH:
        return None
    nodes = list(_nodes(data, left))
    picture = _picture(nodes)
    if picture is not None:
        return picture
    for node in nodes:
        inner = node.content
        if node.tag == _BITS:
            inner = inner[1:]
        elif not node.tag & _CONSTRUCTED and node.tag != _OCTETS:
            continue
        if len(inner) > _SMALLEST and (node.tag & _CONSTRUCTED or inner[:1] == b"\x30"):
            picture = _found(inner, depth + 1, left)
            if picture is not None:
                return picture
    return None


def _picture(nodes: list[_Node]) -> SealPicture | None:
    """Return the picture if these are the parts of one."""
    if len(nodes) < 4:
        return None
    kind, data, width, height = nodes[:4]
    if kind.tag not in _STRINGS or data.tag != _OCTETS or {width.tag, height.tag} != {_INTEGER}:
        return None
    if len(data.content) < _SMALLEST:
        return None
    form = kind.content.decode("latin-1").strip().strip(".").lower()
    return SealPicture(form, data.content, _integer(width), _integer(height))


def _integer(node: _Node) -> int:
    return int.from_bytes(node.content[:8], signed=True)


def _nodes(data: bytes, left: list[int]) -> Iterator[_Node]:
    """Yield the nodes one after the other (X.690); ends where they stop making sense."""
    at = 0
    while at + 2 <= len(data) and left[0] > 0:
        left[0] -= 1
        tag = data[at]
        if tag & 0x1F == 0x1F:
            return
        length, at = data[at + 1], at + 2
        if length == 0x80:
            yield _Node(tag, data[at:])  # of indefinite length: to the end of what holds it
            return
        if length > 0x80:
            size = length & 0x7F
            if size > 4 or at + size > len(data):
                return
            length, at = int.from_bytes(data[at : at + size]), at + size
        if at + length > len(data):
            return
        yield _Node(tag, data[at : at + length])
        at += length
