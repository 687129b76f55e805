"""Reads embedded fonts: TrueType, OpenType, bare CFF. Only outlines, advances and maps are used."""

import io
import logging
from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.fonts import truetype
from sjs_forms.intake.ofd.text.text_codes import Sign

_log = logging.getLogger(__name__)

_SYMBOLS = 0xF000
_MAX_GLYPH = 200_000
"""Limit in bytes on an outline; no letter has as many."""


class FontUnreadable(Exception):
    """Raised for an embedded font that cannot be used."""


@dataclass(slots=True)
class EmbeddedFace:
    """An open font: its glyphs by name, names by number and by character, and units per em."""

    glyphs: Any
    order: list[str]
    by_cid: dict[int, str] | None
    by_character: dict[int, str]
    units: int
    cubic: bool

    def name_of(self, sign: Sign) -> str | None:
        """Return the glyph of a sign by its number, else by its character, or None.

        In a CID-keyed font the number is a CID. A number that is not in the font is ignored.
        """
        if sign.glyph is not None:
            if self.by_cid is not None:
                named = self.by_cid.get(sign.glyph)
            else:
                named = self.order[sign.glyph] if 0 <= sign.glyph < len(self.order) else None
            if named is not None:
                return named
        if len(sign.text) != 1:
            return None
        code = ord(sign.text)
        return self.by_character.get(code) or self.by_character.get(_SYMBOLS + code)

    def outline(self, name: str) -> tuple[bytes, float] | None:
        """Return a glyph for the glyf table and its advance in units, or None if it is broken."""
        try:
            glyph = self.glyphs[name]
            outline = truetype.Outline(self.glyphs, name, (1, 0, 0, 1, 0, 0), self.cubic)
            drawn = truetype.drawn([outline], self.units)
            advance = float(glyph.width)
        except Exception:  # a hostile or broken charstring may make fontTools raise anything
            _log.info("a glyph of an embedded font is broken", exc_info=True)
            return None
        return (drawn, advance) if len(drawn) <= _MAX_GLYPH else None


def embedded_face(data: bytes) -> EmbeddedFace:
    """Open a font. Raises FontUnreadable."""
    try:
        if data[:1] == b"\x01" and 1 <= data[3] <= 4:
            return _bare_cff(data)
        return _sfnt(data)
    except Exception as problem:  # fontTools may raise anything for broken tables
        _log.info("an embedded font cannot be read", exc_info=True)
        raise FontUnreadable from problem


def _bare_cff(data: bytes) -> EmbeddedFace:
    from fontTools.cffLib import CFFFontSet

    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    top = fonts[fonts.fontNames[0]]
    order, cids = _cff_order(top)
    scale = float(getattr(top, "FontMatrix", [0.001])[0]) or 0.001
    units = round(1 / scale) if 1e-5 < scale < 0.1 else 1000
    glyphs = _CffGlyphs(top)
    return EmbeddedFace(glyphs, order, cids, _adobe_names(order), units, True)


def _cff_order(top: Any) -> tuple[list[str], dict[int, str] | None]:
    order = list(top.getGlyphOrder())
    if not hasattr(top, "ROS"):
        return order, None
    return order, {int(name[3:]): name for name in order if name[:3] == "cid"} | {0: order[0]}


class _CffGlyphs:
    """The glyphs of a bare CFF, as a glyph set of fontTools."""

    def __init__(self, top: Any) -> None:
        self._strings = top.CharStrings

    def __getitem__(self, name: str) -> "_CffGlyph":
        return _CffGlyph(self._strings[name])


class _CffGlyph:
    def __init__(self, program: Any) -> None:
        self._program = program
        self._width: float | None = None

    def draw(self, pen: Any) -> None:
        self._program.draw(pen)

    @property
    def width(self) -> float:
        from fontTools.pens.basePen import NullPen

        if self._width is None:
            self._program.draw(NullPen())
            self._width = float(self._program.width)
        return self._width


def _adobe_names(order: list[str]) -> dict[int, str]:
    """Return glyph names by character, for names in Adobe's list."""
    from fontTools.agl import toUnicode

    found: dict[int, str] = {}
    for name in order:
        text = "" if name.startswith(("cid", "g0", "glyph")) else toUnicode(name)
        if len(text) == 1:
            found.setdefault(ord(text), name)
    return found


def _sfnt(data: bytes) -> EmbeddedFace:
    from fontTools.ttLib import TTFont

    number = 0 if data[:4] == b"ttcf" else -1
    font = TTFont(io.BytesIO(data), lazy=True, fontNumber=number, recalcTimestamp=False)
    if "glyf" in font:
        cids = None
        font.setGlyphOrder([f"g{index}" for index in range(_glyph_count(font))])
        order, units, cubic = font.getGlyphOrder(), _units(font), False
    else:
        top = font["CFF "].cff.topDictIndex[0]
        order, cids = _cff_order(top)
        units, cubic = _units(font), True
    return EmbeddedFace(_glyph_set(font), order, cids, _characters(font, order), units, cubic)


def _glyph_set(font: Any) -> Any:
    """Return the glyphs; if hmtx is missing or broken, each is as wide as its outline."""
    try:
        glyphs = font.getGlyphSet()
        glyphs[glyphs.keys().__iter__().__next__()].width  # noqa: B018 - reads hhea and hmtx
        return glyphs
    except Exception:
        _log.info("the advances of an embedded font are broken", exc_info=True)
    if "glyf" not in font:
        return _CffGlyphs(font["CFF "].cff.topDictIndex[0])
    return _WidthlessGlyphs(font)


class _WidthlessGlyphs:
    """The glyphs of a TrueType font without usable advances; each is as wide as its outline."""

    def __init__(self, font: Any) -> None:
        self._table, self._units = font["glyf"], _units(font)

    def __getitem__(self, name: str) -> "_WidthlessGlyph":
        return _WidthlessGlyph(self._table, name, self._units)

    def __contains__(self, name: str) -> bool:
        return name in self._table


class _WidthlessGlyph:
    def __init__(self, table: Any, name: str, units: int) -> None:
        self._table, self._name = table, name
        self.width = float(getattr(table[name], "xMax", units) or units)

    def draw(self, pen: Any) -> None:
        self._table[self._name].draw(pen, self._table)


def _glyph_count(font: Any) -> int:
    """Return the number of glyphs from loca, which has the outlines, because maxp may be broken."""
    try:
        count = int(font["maxp"].numGlyphs)
    except Exception:
        _log.info("maxp of an embedded font is broken", exc_info=True)
        count = 0
    places = len(font.reader["loca"]) // (4 if _long_places(font) else 2) - 1
    return min(count, places) if 0 < count <= places else places


def _long_places(font: Any) -> bool:
    return bool(font["head"].indexToLocFormat)


def _units(font: Any) -> int:
    units = int(font["head"].unitsPerEm) if "head" in font else 1000
    return units if 16 <= units <= 16384 else 1000


def _characters(font: Any, order: list[str]) -> dict[int, str]:
    """Return glyph names by character; none if cmap is broken or missing."""
    try:
        best = font.getBestCmap()
        if best:
            return dict(best)
        tables = font["cmap"].tables if "cmap" in font else []
        for table in tables:
            if table.cmap:
                return {code: name for code, name in table.cmap.items() if isinstance(code, int)}
    except Exception:
        _log.info("the cmap of an embedded font is broken", exc_info=True)
    return _adobe_names(order)
