"""Measures text in the bundled fonts, in em, from a table made with the fonts.

Chinese characters are one em wide; the table lists the others. Rare characters that are not in the
table count as one em too.
"""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.findings.remedies import PlainAction
from sjs_forms.base.resources import fonts_folder

Typeface = Literal["Fang", "Song", "SongBold", "Hei"]
"""A font stack, named after its first Chinese font (see fonts.css)."""
WIDTHS_FILE = "widths.txt"
"""One line per face: its name, then code point:width in hexadecimal and thousandths of an em."""


def width(text: str, face: Typeface) -> float:
    """Return the sum of the advances of all characters, in em."""
    narrow = _narrow(face)
    return sum(narrow.get(character, 1.0) for character in text)


@cache
def _narrow(face: Typeface) -> Mapping[str, float]:
    try:
        lines = (fonts_folder() / WIDTHS_FILE).read_text(encoding="ascii").splitlines()
    except OSError as problem:
        raise MachineLacks(
            f"缺少随软件附带的字宽表 {WIDTHS_FILE}。", PlainAction.INSTALL_AGAIN
        ) from problem
    of_face = {name: pairs for name, *pairs in (line.split(" ") for line in lines)}[face]
    split = (pair.split(":") for pair in of_face)
    return {chr(int(point, 16)): int(thousandths) / 1000 for point, thousandths in split}
