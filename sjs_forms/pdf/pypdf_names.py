"""Makes pypdf keep names byte for byte.

A PDF name is bytes (PDF 32000-1, 7.3.5). pypdf decodes a name as UTF-8, else as GBK, else as
Latin-1, and always writes UTF-8. So /BaseFont and resource keys no longer match the content
streams, and two keys may become one. Here bytes that are not UTF-8 become lone surrogates and are
written back unchanged. A `#` without two hexadecimal digits stands for itself, as in qpdf.
"""

import logging
import re
from functools import lru_cache
from typing import Any, BinaryIO

from sjs_forms.base.libraries.partial_imports import absent

with absent("fontTools"):  # a quarter of its loading time, for text that it fills into forms
    import pypdf
from pypdf.errors import PdfReadError
from pypdf.generic import NameObject

_REGULAR = re.compile(rb"[^\x00\t\n\f\r ()<>\[\]{}/%]*")
"""The regular characters that continue a name (7.2.2)."""
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_PLAIN = frozenset(range(0x21, 0x7F)) - frozenset(b"#()<>[]{}/%")
_BLOCK = 64
_LONGEST = 4096


def quiet_pypdf() -> Any:
    """Return pypdf, with its log silenced and names kept."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    keep_names()
    return pypdf


def keep_names() -> None:
    """Patch pypdf's reading and writing of names in this process. Idempotent."""
    setattr(NameObject, "read_from_stream", staticmethod(_read))  # noqa: B010
    setattr(NameObject, "renumber", _renumbered)  # noqa: B010


def _read(stream: BinaryIO, _: Any) -> NameObject:
    """Read the name at the stream's position."""
    if stream.read(1) != b"/":
        raise PdfReadError("Name read error")
    raw = b""
    while True:
        block = stream.read(_BLOCK)
        match = _REGULAR.match(block)
        assert match is not None
        raw += match.group()
        if len(raw) > _LONGEST:
            raise PdfReadError("A name is too long")
        if match.end() < len(block) or not block:
            stream.seek(match.end() - len(block), 1)
            return NameObject(_text(raw))


@lru_cache(4096)
def _text(raw: bytes) -> str:
    plain = _HEX.sub(lambda found: bytes([int(found.group(1), 16)]), raw)
    return "/" + plain.decode("utf-8", "surrogateescape")


def _renumbered(name: NameObject) -> bytes:
    return _written(str(name))


@lru_cache(4096)
def _written(name: str) -> bytes:
    raw = name.removeprefix("/").encode("utf-8", "surrogateescape")
    return b"/" + b"".join(bytes([byte]) if byte in _PLAIN else b"#%02X" % byte for byte in raw)
