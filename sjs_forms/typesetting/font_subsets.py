"""Caches WeasyPrint's subsets of fonts, for documents that use the same characters.

Most documents of a batch do: their headings, numbers and labels are those of the notice.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

_MAX = 64
"""Subsets kept in a process, each of some 10 to 100 kB."""

_SINGLE = (b"\x00\x01\x00\x00", b"OTTO")
"""First bytes of a file with one font; a collection has others."""

_HEADER, _RECORD = 12, 16
"""Bytes of an OpenType file's header, and of the record of each table after it.

The records have the checksum and the length of each table, so they identify a font (OpenType
specification, Table Directory).
"""


def cache_subsets(font_class: Any) -> None:
    """Make WeasyPrint's class of fonts cache its subsets in this process."""
    font_class.subset = _caching(font_class.subset)


def _caching(subset: Callable[..., None]) -> Callable[..., None]:
    known: OrderedDict[Any, bytes] = OrderedDict()

    def remembered(font: Any, to_unicode: Mapping[int, str], hinting: bool) -> None:
        if not to_unicode or not font.file_content.startswith(_SINGLE):
            subset(font, to_unicode, hinting)
            return
        glyphs = tuple(sorted(to_unicode))
        key = _directory(font.file_content), glyphs, hinting, bool(font.missing)
        if key in known:
            known.move_to_end(key)
            font.file_content = known[key]
            return
        subset(font, to_unicode, hinting)
        known[key] = font.file_content
        if len(known) > _MAX:
            known.popitem(last=False)

    return remembered


def _directory(font: bytes) -> bytes:
    tables = int.from_bytes(font[4:6], "big")
    return font[: _HEADER + _RECORD * tables]
