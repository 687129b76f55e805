"""Finds names in content streams without parsing them (PDF 32000-1, 7.3.5, 7.8.2)."""

import re

_NAMES = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)([\x00\t\n\f\r ]+Do(?![A-Za-z0-9*'\"]))?")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")


def names_used(content: bytes) -> list[tuple[str, bool]]:
    """Return each name in `content`, as `objects` writes names, and whether Do draws it.

    Text inside a string that looks like a name is returned too.
    """
    return [(_text(raw), bool(drawn)) for raw, drawn in _NAMES.findall(content)]


def _text(raw: bytes) -> str:
    plain = _HEX.sub(lambda found: bytes([int(found.group(1), 16)]), raw) if b"#" in raw else raw
    return "/" + plain.decode("utf-8", "surrogateescape")
