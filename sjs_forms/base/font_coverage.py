"""Which characters the bundled fonts can show, read from a table made with the fonts."""

import unicodedata
from bisect import bisect_right
from functools import cache

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.resources import fonts_folder

COVERAGE_FILE = "coverage.txt"
"""Lines of first-last code points in hexadecimal, ascending."""


RARE_FILE = "rare.txt"
"""The same of the fonts that are loaded only where a page has need of them."""


@cache
def _ranges(file: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    try:
        lines = (fonts_folder() / file).read_text(encoding="ascii").split()
    except OSError as problem:
        raise MachineLacks(
            f"缺少随软件附带的字体表 {file}。", "请重新安装 sjs-forms。"
        ) from problem
    pairs = [line.split("-") for line in lines]
    return (
        tuple(int(first, 16) for first, _ in pairs),
        tuple(int(last, 16) for _, last in pairs),
    )


def has_glyph(character: str) -> bool:
    """Whether some bundled font shows the character."""
    return _in_table(character, COVERAGE_FILE)


def has_rare(text: str) -> bool:
    """Whether a character of the text stands in one of the fonts of rare characters."""
    return any(_in_table(character, RARE_FILE) for character in set(text))


def _in_table(character: str, file: str) -> bool:
    firsts, lasts = _ranges(file)
    index = bisect_right(firsts, ord(character)) - 1
    return index >= 0 and ord(character) <= lasts[index]


def is_invisible(character: str) -> bool:
    """Whether it is a control, format or surrogate character, which no page can show."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or (
        "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    )
