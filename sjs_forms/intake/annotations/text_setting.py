"""Sets text in the bundled fonts, for text in fonts that no reader has.

Only the glyphs used are embedded, with a map to text, so that search finds it.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from sjs_forms.base.font_coverage import is_invisible
from sjs_forms.base.resources import fonts_folder

_FILES = (
    "NotoSerifSC-Regular.ttf",
    "NotoSansSC-Medium.ttf",
    "DejaVuSans-Symbols.ttf",
    "NotoSerifSC-Regular-Rare.ttf",
    "NotoSansSC-Medium-Rare.ttf",
    "substitutes/LiberationSans-Regular.ttf",
)
"""Each character is taken from the first of these fonts that has it."""

_BOX = "□"
"""Shown for a character that none of these fonts has."""

ASCENT, DESCENT = 0.88, 0.12
"""Height of Chinese characters above and below the baseline, relative to the font size."""

LEADING = 1.2
"""Line spacing relative to the font size."""


@dataclass(frozen=True, slots=True)
class _Glyph:
    font: str
    number: int
    width: float


class TextSetter:
    """Sets lines of text in one document. Created with all the characters it will need.

    `missing` are those that no bundled font has: a box is shown for each.
    """

    def __init__(self, pdf: Pdf, characters: Iterable[str]) -> None:
        self._glyphs: dict[str, _Glyph] = {}
        fonts = Dictionary()
        wanted = {sign for sign in set("".join(characters)) if not is_invisible(sign)}
        self.missing = frozenset(wanted - _shown_by_any(wanted))
        left = wanted | {_BOX} if self.missing else wanted
        for number, file in enumerate(_FILES):
            name = f"/Sjs{number}"
            found = _glyphs_of(fonts_folder() / file, left, name) if left else None
            if found is None:
                continue
            data, glyphs = found
            fonts[name] = pdf.make_indirect(_font(pdf, Path(file).stem, data, glyphs))
            self._glyphs |= glyphs
            left -= glyphs.keys()
        self.resources = Dictionary(Font=fonts)

    def width(self, text: str) -> float:
        """Return the width of a line of `text` relative to the font size."""
        return sum(found.width for sign in text if (found := self._glyph(sign)))

    def shown(self, text: str, size: float) -> str:
        """Return content that shows `text` at the current point of a text object."""
        pieces: list[str] = []
        codes, font = "", ""
        for sign in text:
            glyph = self._glyph(sign)
            if glyph is None:  # a character without a shape of its own
                continue
            if glyph.font != font:
                pieces.append(f"<{codes}> Tj" if codes else "")
                codes, font = "", glyph.font
                pieces.append(f"{font} {size:g} Tf")
            codes += f"{glyph.number:04X}"
        pieces.append(f"<{codes}> Tj" if codes else "")
        return " ".join(filter(None, pieces))

    def _glyph(self, sign: str) -> _Glyph | None:
        return self._glyphs.get(_BOX if sign in self.missing else sign)

    def wrapped(self, text: str, room: float) -> list[str]:
        """Return the text in lines no wider than `room` font sizes. Lines break anywhere, as in
        Chinese.
        """
        lines = []
        for paragraph in text.splitlines() or [""]:
            line = ""
            for sign in paragraph:
                if line and self.width(line + sign) > room:
                    lines.append(line)
                    line = ""
                line += sign
            lines.append(line)
        return lines


def _shown_by_any(wanted: set[str]) -> set[str]:
    """Return the characters that a bundled font has, or that are only space."""
    from fontTools.ttLib import TTFont

    shown = {sign for sign in wanted if sign.isspace()}
    for file in _FILES:
        if wanted <= shown:
            break
        with TTFont(fonts_folder() / file, lazy=True) as font:
            known = font.getBestCmap()
            shown |= {sign for sign in wanted if ord(sign) in known}
    return shown


def _glyphs_of(path: Path, wanted: set[str], name: str) -> tuple[bytes, dict[str, _Glyph]] | None:
    """Return a subset of the font, and the glyph of each character."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        known = font.getBestCmap()
        here = {sign for sign in wanted if ord(sign) in known}
        if not here:
            return None
        options = subset.Options(notdef_outline=True, hinting=False, layout_features=[])
        cut = subset.Subsetter(options)
        cut.populate(unicodes=sorted(map(ord, here)))
        cut.subset(font)
        scale, metrics, names = 1 / font["head"].unitsPerEm, font["hmtx"], font.getBestCmap()
        glyphs = {
            sign: _Glyph(name, font.getGlyphID(names[ord(sign)]), metrics[names[ord(sign)]][0])
            for sign in sorted(here)
        }
        saved = io.BytesIO()
        font.save(saved)
    return saved.getvalue(), {
        sign: _Glyph(found.font, found.number, found.width * scale)
        for sign, found in glyphs.items()
    }


def _font(pdf: Pdf, face: str, data: bytes, glyphs: dict[str, _Glyph]) -> Dictionary:
    """Return the font dictionary, with glyph ids as codes (PDF 32000-1, 9.7)."""
    name = Name(f"/SJSSET+{face}")
    widths = Array()
    for found in sorted(glyphs.values(), key=lambda glyph: glyph.number):
        widths.append(found.number)
        widths.append(Array([round(found.width * 1000)]))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array([-200, -300, 1200, 1100]),
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=733,
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, data)),
    )
    inner = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        CIDToGIDMap=Name.Identity,
        DW=1000,
        W=widths,
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(inner)]),
        ToUnicode=pdf.make_indirect(Stream(pdf, _unicode_map(glyphs))),
    )


def _unicode_map(glyphs: dict[str, Any]) -> bytes:
    """Return the map from codes to characters, used for search and copying (9.10.3)."""
    pairs = sorted((found.number, sign) for sign, found in glyphs.items())
    lines = []
    for start in range(0, len(pairs), 100):
        some = pairs[start : start + 100]
        lines.append(f"{len(some)} beginbfchar")
        lines += [f"<{code:04X}> <{sign.encode('utf-16-be').hex()}>" for code, sign in some]
        lines.append("endbfchar")
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /SjsSet def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        + "\n".join(lines)
        + "\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode()
