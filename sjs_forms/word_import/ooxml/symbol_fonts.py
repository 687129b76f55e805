"""Converts characters of symbol fonts that represent tick boxes to Unicode."""

from sjs_forms.word_import.word_blocks import TICKED, UNTICKED

_TICKED = {
    "wingdings": "\x52\xfe\xfd\xfc\x78\x6e",
    "wingdings 2": "\x52\x53\x54\x50",
    "wingdings 3": "",
    "webdings": "\x61\x67",
}
_UNTICKED = {
    "wingdings": "\xa8\x6f\x71\x72\x70",
    "wingdings 2": "\xa3\x2a\x30",
    "wingdings 3": "",
    "webdings": "\x63",
}


def is_symbol_font(font: str) -> bool:
    """Return whether the characters of that font differ from what their codes mean."""
    return font.strip().lower() in _TICKED


def symbol(font: str, code: int) -> str:
    """Return a symbol as a box, or as a private-use character that is in no answer."""
    low = chr(code & 0xFF)
    name = font.strip().lower()
    if low in _TICKED.get(name, ""):
        return TICKED
    if low in _UNTICKED.get(name, ""):
        return UNTICKED
    if name not in _TICKED and 0x20 <= code < 0xD800:
        return chr(code)
    return chr(0xF000 | (code & 0xFF))


def in_symbol_font(font: str, text: str) -> str:
    """Convert text typed in a symbol font. Chinese characters in it are unchanged."""
    return "".join(
        symbol(font, ord(character))
        if 0x20 < ord(character) < 0x100 or 0xF000 <= ord(character) < 0xF100
        else character
        for character in text
    )
