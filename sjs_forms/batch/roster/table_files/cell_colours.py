"""Tells whether text in a cell has the colour of its ground, so that nobody sees it."""

from typing import Any

Rgb = tuple[int, int, int]

WHITE: Rgb = (255, 255, 255)
_ALIKE = 24
"""Maximum difference, of 256, between colours that look the same."""

_INDEXED_WHITE = (1, 9, 65)
"""White in the palette, and the background of the system (ECMA-376 part 1, 18.8.27)."""
_LIGHT, _SLIGHT = 0, -0.1
"""The theme's first colour, which is white, and the tint up to which it still is."""


def is_unseen(ink: Rgb | None, ground: Rgb | None) -> bool:
    """Return whether text looks like its ground. None is a colour that is not known."""
    if ink is None or ground is None:
        return False
    return all(abs(one - other) <= _ALIKE for one, other in zip(ink, ground, strict=True))


def colour_of(found: Any) -> Rgb | None:
    """Return the colour that openpyxl read, or None if it is automatic or depends on the theme."""
    kind = getattr(found, "type", None)
    if kind == "rgb" and isinstance(found.rgb, str) and len(found.rgb) in (6, 8):
        try:
            red, green, blue = bytes.fromhex(found.rgb[-6:])
        except ValueError:
            return None
        return red, green, blue
    if kind == "indexed" and found.indexed in _INDEXED_WHITE:
        return WHITE
    if kind == "theme" and found.theme == _LIGHT and (found.tint or 0) >= _SLIGHT:
        return WHITE
    return None


def ground_of(fill: Any) -> Rgb | None:
    """Return the colour of a fill that openpyxl read; white paper where there is none."""
    pattern = getattr(fill, "fill_type", None)
    if pattern in (None, "none"):
        return WHITE if hasattr(fill, "fill_type") else None
    return colour_of(fill.fgColor) if pattern == "solid" else None
