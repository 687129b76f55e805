"""Fonts of a few characters, as writers of OFD embed them."""

import io

from fontTools import subset
from fontTools.ttLib import TTFont

from sjs_forms.base.resources import fonts_folder


def cut(source: str, words: str) -> tuple[TTFont, dict[str, int]]:
    """A font of the characters of `words` only, and the number of each character's glyph."""
    options = subset.Options()
    options.notdef_outline = True
    font = TTFont(fonts_folder() / source)
    cutter = subset.Subsetter(options)
    cutter.populate(text=words)
    cutter.subset(font)
    order, names = font.getGlyphOrder(), font.getBestCmap()
    return font, {sign: order.index(names[ord(sign)]) for sign in words}


def as_file(font: TTFont, *without: str) -> bytes:
    """The bytes of a font, without some of its tables."""
    for table in without:
        if table in font:
            del font[table]
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def bare_cff(font: TTFont) -> bytes:
    """The CFF table of a font alone."""
    made = io.BytesIO()
    font["CFF "].cff.compile(made, font)
    return made.getvalue()
