"""The characters that the bundled fonts can show, read from a table made with the fonts."""

import unicodedata
from bisect import bisect_right
from functools import cache

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.findings.remedies import PlainAction
from sjs_forms.base.resources import fonts_folder

COVERAGE_FILE = "coverage.txt"
"""Lines of first-last code points in hexadecimal, ascending."""

RARE_FILE = "rare.txt"
"""The same for the fonts that are loaded only for pages that need them."""

_UNPRINTABLE = "〓"
"""Replaces characters that no page can show; printers use this mark (geta) for missing type."""


@cache
def _ranges(file: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    try:
        lines = (fonts_folder() / file).read_text(encoding="ascii").split()
    except OSError as problem:
        raise MachineLacks(
            f"缺少随软件附带的字体表 {file}。", PlainAction.INSTALL_AGAIN
        ) from problem
    pairs = [line.split("-") for line in lines]
    return (
        tuple(int(first, 16) for first, _ in pairs),
        tuple(int(last, 16) for _, last in pairs),
    )


def has_glyph(character: str) -> bool:
    """Return whether a bundled font has the character."""
    return _in_table(character, COVERAGE_FILE)


def has_rare(text: str) -> bool:
    """Return whether the text has a character of a rare-character font."""
    return any(_in_table(character, RARE_FILE) for character in set(text))


def _in_table(character: str, file: str) -> bool:
    firsts, lasts = _ranges(file)
    index = bisect_right(firsts, ord(character)) - 1
    return index >= 0 and ord(character) <= lasts[index]


def is_invisible(character: str) -> bool:
    """Return whether it is a control, format or surrogate character, which no page can show."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or (
        "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    )


def with_marks(text: str) -> str:
    """Return text with 〓 in place of each character that no page can show, except line ends."""
    return "".join(sign if sign in "\r\n" or _is_shown(sign) else _UNPRINTABLE for sign in text)


def _is_shown(character: str) -> bool:
    return not is_invisible(character) and has_glyph(character)
