"""Builds small TrueType fonts from bundled ones, each glyph at the document's width."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sjs_forms.base.resources import fonts_folder
from sjs_forms.intake.fonts import truetype
from sjs_forms.intake.fonts.code_charts import is_blank
from sjs_forms.intake.fonts.substitutes import SubstituteFont

MAX_GLYPHS = 60_000
"""Number of glyphs in a font at which another one is started."""

_LAST_GLYPH = 65_000
"""TrueType allows 65,535 glyphs."""

_LONGEST = 15
"""Limit on a glyph's length in ems: coordinates must fit in two bytes."""

_SLANT = 0.2126
"""Tangent of 12 degrees, for faces without an italic."""

_NARROWEST, _WIDEST = 0.35, 1.12
"""Limits of horizontal scaling of letters to the document's width."""

_ALIKE = 0.015
"""Tolerance of widths in em."""

_TURNED = "ー〜～゠－＝"
"""Characters that are turned in vertical writing and have no vertical form."""

_BASELINE_TO_MIDDLE = 0.38
"""Height of a Chinese character's centre above the baseline, in em."""


@dataclass(frozen=True, slots=True)
class BundledFont:
    """An open bundled font: its glyphs by character. `table` is the raw glyf table."""

    glyphs: Any
    names: Mapping[int, str]
    units: int
    table: bytes
    places: Mapping[str, tuple[int, int]]

    def raw_glyph(self, name: str) -> bytes | None:
        """Return a glyph's bytes if available without drawing."""
        start, end = self.places.get(name, (0, 0))
        return truetype.bare(self.table[start:end]) if end > start else None


@lru_cache(maxsize=16)
def source(file: str) -> BundledFont:
    """Return a bundled font, cached in this process. Raises OSError."""
    from fontTools.ttLib import TTFont

    font = TTFont(fonts_folder() / file, lazy=True, recalcTimestamp=False)
    table, places = b"", {}
    if "glyf" in font:
        table = font.reader["glyf"]
        order, ends = font.getGlyphOrder(), font["loca"]
        places = {name: (ends[at], ends[at + 1]) for at, name in enumerate(order)}
    units = font["head"].unitsPerEm
    return BundledFont(font.getGlyphSet(), font.getBestCmap(), units, table, places)


@dataclass(frozen=True, slots=True)
class _Piece:
    """One glyph of a text: its source, and its advance in units of the face."""

    source: BundledFont
    name: str
    advance: float
    turned: bool = False


@dataclass(frozen=True, slots=True)
class GlyphRequest:
    """A requested glyph: text, width in thousandths (None: its own), direction."""

    text: str | None
    width: float | None
    downwards: bool = False


class FontSubset:
    """The glyphs of one face that a document uses, once for every width."""

    def __init__(self, face: SubstituteFont) -> None:
        self.face = face
        self.units = source(_main_file(face)).units
        self._numbers: dict[GlyphRequest, int] = {}
        self._drawn: list[bytes] = []
        self._advances: list[float] = []
        self._add_box(GlyphRequest(None, 1000.0))

    @property
    def full(self) -> bool:
        """Whether further glyphs need another font."""
        return len(self._drawn) >= MAX_GLYPHS

    def shows(self, text: str) -> bool:
        """Return whether the face has all characters of a text."""
        if is_blank(text):
            return True
        pieces = self._pieces(text, False)
        return pieces is not None and _length(pieces) <= _LONGEST * self.units

    def number(self, wanted: GlyphRequest) -> int:
        """Return the glyph's id; that of a hollow box if text is unknown or not in the face."""
        known = self._numbers.get(wanted)
        if known is not None:
            return known
        text = wanted.text
        if len(self._drawn) >= _LAST_GLYPH:
            return 0
        if text is None:
            return self._add_box(wanted)
        if is_blank(text):
            blank = 500.0 if text == "\u3000" else 250.0
            width = blank if wanted.width is None else wanted.width
            return self._add(wanted, b"", width * self.units / 1000)
        pieces = self._pieces(text, wanted.downwards)
        return self._add_box(wanted) if pieces is None else self._add_text(wanted, pieces)

    def width(self, number: int) -> float:
        """Return a glyph's advance in thousandths of an em, whole, because PDFium truncates
        fractions.
        """
        return round(self._advances[number] * 1000 / self.units)

    def font(self) -> tuple[bytes, list[int]]:
        """Return the font file, and the bounding box of all glyphs in thousandths of an em."""
        names = [".notdef", *(f"g{number}" for number in range(1, len(self._drawn)))]
        advances = [max(0, min(round(advance), 0xFFFF)) for advance in self._advances]
        built = truetype.DrawnGlyphs(self.units, self._drawn, advances)
        data, box = truetype.font(built, names, self._characters(names))
        return data, [round(edge * 1000 / self.units) for edge in box]

    def _characters(self, names: list[str]) -> dict[int, str]:
        found: dict[int, str] = {}
        for wanted, number in self._numbers.items():
            if wanted.text and len(wanted.text) == 1 and not wanted.downwards:
                found.setdefault(ord(wanted.text), names[number])
        return found

    def _add(self, wanted: GlyphRequest, glyph: bytes, advance: float) -> int:
        self._numbers[wanted] = len(self._drawn)
        self._drawn.append(glyph)
        self._advances.append(advance)
        return self._numbers[wanted]

    def _add_box(self, wanted: GlyphRequest) -> int:
        width = 1000.0 if wanted.width is None else wanted.width
        return self._add(wanted, truetype.box(self.units, width), width * self.units / 1000)

    def _add_text(self, wanted: GlyphRequest, pieces: list[_Piece]) -> int:
        natural = _length(pieces)
        target = natural if wanted.width is None else wanted.width * self.units / 1000
        if natural > _LONGEST * self.units:
            return self._add_box(wanted)
        across, shift = self._fit(pieces, natural, target, wanted.text or "")
        return self._add(wanted, self._draw(pieces, across, shift), target)

    def _pieces(self, text: str, downwards: bool) -> list[_Piece] | None:
        """Return the glyphs of a text, or None if the face lacks one."""
        pieces: list[_Piece] = []
        for sign in text:
            form = _downward_form(sign) if downwards else None
            found = self._piece(form) if form else None
            if found is None:
                found = self._piece(sign, downwards and sign in _TURNED)
            if found is not None:
                pieces.append(found)
                continue
            alike = unicodedata.normalize("NFKC", sign)
            parts = [self._piece(part) for part in alike] if alike != sign else [None]
            if any(part is None for part in parts):
                return None
            pieces += [part for part in parts if part is not None]
        return pieces

    def _piece(self, sign: str, turned: bool = False) -> _Piece | None:
        for file in self.face.files:
            known = source(file)
            name = known.names.get(ord(sign))
            if name is not None:
                advance = known.glyphs[name].width * self.units / known.units
                return _Piece(known, name, advance, turned)
        return None

    def _fit(
        self, pieces: list[_Piece], natural: float, target: float, text: str
    ) -> tuple[float, float]:
        """Return the horizontal scale and shift that fit the text to the document's width."""
        if target <= 0 or natural <= 0 or abs(target - natural) <= _ALIKE * self.units:
            return 1.0, 0.0
        wide = all(unicodedata.east_asian_width(sign) in "WF" for sign in text)
        if wide and target < natural:
            left, right = self._ink(pieces)
            if right - left <= target:
                return 1.0, min(max(0.0, -left), target - right)
        limit = 1.0 if wide else _WIDEST
        across = max(_NARROWEST, min(target / natural, limit))
        return across, max((target - natural * across) / 2, 0.0)

    def _ink(self, pieces: list[_Piece]) -> tuple[float, float]:
        """Return where the ink of a text begins and ends."""
        left, _, right, _ = truetype.bounds(self._draw(pieces, 1.0, 0.0))
        return left, right

    def _draw(self, pieces: list[_Piece], across: float, shift: float) -> bytes:
        """Return the outlines as one TrueType glyph; copies a glyph unchanged where possible, for
        speed.
        """
        first = pieces[0]
        changed = self.face.slanted or first.turned or first.source.units != self.units
        if len(pieces) == 1 and (across, shift, changed) == (1.0, 0.0, False):
            kept = first.source.raw_glyph(first.name)
            if kept is not None:
                return kept
        placed = []
        at = shift
        for piece in pieces:
            matrix = self._matrix(piece, across, at)
            font = piece.source
            placed.append(truetype.Outline(font.glyphs, piece.name, matrix, not font.table))
            at += piece.advance * across
        return truetype.drawn(placed, self.units)

    def _matrix(self, piece: _Piece, across: float, at: float) -> truetype.Matrix:
        scale = self.units / piece.source.units
        if piece.turned:
            middle = _BASELINE_TO_MIDDLE * self.units
            half = piece.advance / 2
            return (0.0, -scale, scale, 0.0, at + half - middle, middle + half)
        slant = _SLANT * scale if self.face.slanted else 0.0
        return (scale * across, 0.0, slant, scale, at, 0.0)


def _length(pieces: list[_Piece]) -> float:
    return sum(piece.advance for piece in pieces)


def _main_file(face: SubstituteFont) -> str:
    return next(file for file in face.files if not file.endswith("-Latin.ttf"))


@cache
def _downward_forms() -> Mapping[str, str]:
    """Return Unicode's vertical presentation forms by character."""
    forms = {}
    for point in (*range(0xFE10, 0xFE1A), *range(0xFE30, 0xFE49)):
        kind, _, sign = unicodedata.decomposition(chr(point)).partition(" ")
        if kind == "<vertical>":
            forms[chr(int(sign, 16))] = chr(point)
    return forms


def _downward_form(sign: str) -> str | None:
    if unicodedata.east_asian_width(sign) not in "WFA":
        return None
    plain = unicodedata.normalize("NFKC", sign)
    return _downward_forms().get(sign) or _downward_forms().get(plain)
