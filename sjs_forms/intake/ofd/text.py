"""Shows text objects (11) in small fonts of our own, one glyph at a time where it is to lie.

Every face, embedded or bundled, is drawn again into one TrueType font whose codes are pairs of a
glyph and a text. So the map to text is exact, and no font program of others reaches the PDF.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from pikepdf import Array, Dictionary, Name, Pdf

from sjs_forms.intake.fonts import composite_fonts, truetype
from sjs_forms.intake.fonts.cmaps import TWO_BYTES
from sjs_forms.intake.fonts.outlines import FontSubset, GlyphRequest
from sjs_forms.intake.fonts.substitutes import (
    ANY_FACE,
    FIXED,
    FORCE_BOLD,
    ITALIC,
    SERIF,
    SubstituteFont,
    Traits,
    face_for,
    is_recognised,
)
from sjs_forms.intake.ofd.archive import OfdArchive
from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.canvas import Canvas
from sjs_forms.intake.ofd.embedded_faces import EmbeddedFace, FontUnreadable, embedded_face
from sjs_forms.intake.ofd.losses import Loss, Losses
from sjs_forms.intake.ofd.resources import FontRecord
from sjs_forms.intake.ofd.text_codes import Sign, TextRun, runs_of
from sjs_forms.intake.ofd.xml_nodes import is_true, number
from sjs_forms.pdf.matrices import format_number, format_numbers
from sjs_forms.pdf.objects import new_stream

BOLD = 600
"""Weight from which text is bold."""

_SIZE = 4.2
_SLANT = 0.2126
"""Tangent of 12 degrees."""

_MAX_CODES = 60_000
_NO_TEXT = "\u200b"
"""The text of a further glyph of one character; without any, readers take the code for text."""

_THICKENED = 32
"""Share of the size that a line around glyphs is wide, to make them bold."""

_ALIKE = 0.985
"""Share of its own width from which a glyph is not made narrower."""


class _Subset(Protocol):
    """A font being built, as `outlines.FontSubset`."""

    def width(self, number: int) -> float: ...
    def font(self) -> tuple[bytes, list[int]]: ...


class _EmbeddedSubset:
    """The glyphs of an embedded font that are shown."""

    def __init__(self, face: EmbeddedFace) -> None:
        self.face = face
        self._numbers: dict[str, int | None] = {}
        self._drawn = [truetype.box(face.units, 1000.0)]
        self._advances = [float(face.units)]

    def number(self, sign: Sign) -> int | None:
        """Return the glyph's id in the new font, or None if the font cannot show the sign."""
        name = self.face.name_of(sign)
        if name is None:
            return None
        if name not in self._numbers:
            outline = self.face.outline(name)
            self._numbers[name] = None if outline is None else len(self._drawn)
            if outline is not None:
                self._drawn.append(outline[0])
                self._advances.append(outline[1])
        return self._numbers[name]

    def width(self, number: int) -> float:
        """Return a glyph's advance in thousandths of an em."""
        return round(self._advances[number] * 1000 / self.face.units)

    def font(self) -> tuple[bytes, list[int]]:
        """Return the font file, and its bounding box in thousandths of an em."""
        names = [".notdef", *(f"g{number}" for number in range(1, len(self._drawn)))]
        advances = [max(0, min(round(advance), 0xFFFF)) for advance in self._advances]
        built = truetype.DrawnGlyphs(self.face.units, self._drawn, advances)
        data, box = truetype.font(built, names, {})
        return data, [round(edge * 1000 / self.face.units) for edge in box]


class _PdfFont:
    """A font of the PDF: its dictionary, filled in at the end, and its codes."""

    def __init__(self, pdf: Pdf, name: str, subset: _Subset) -> None:
        self.subset, self._name = subset, name
        self.dictionary = pdf.make_indirect(Dictionary(Type=Name.Font))
        self._codes: dict[tuple[int, str], int] = {}
        self._pdf = pdf

    @property
    def full(self) -> bool:
        """Whether further glyphs need another font."""
        return len(self._codes) >= _MAX_CODES

    def code(self, glyph: int, text: str) -> int:
        """Return the code of a glyph that means this text."""
        return self._codes.setdefault((glyph, text or _NO_TEXT), len(self._codes) + 1)

    def write(self, writer: composite_fonts.Writer) -> None:
        """Fill in the dictionary and embed the font."""
        data, box = self.subset.font()
        name = f"SJSOFD+{self._name}"
        descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name(f"/{name}"), Flags=4)
        descriptor.FontFile2 = new_stream(self._pdf, data, {"/Length1": len(data)})
        descriptor.FontBBox, descriptor.ItalicAngle, descriptor.StemV = Array(box), 0, 80
        descriptor.Ascent, descriptor.Descent, descriptor.CapHeight = 880, -120, 733
        codes = {
            code.to_bytes(2): composite_fonts.CodedGlyph(glyph, self.subset.width(glyph), text)
            for (glyph, text), code in self._codes.items()
        }
        descriptor = self._pdf.make_indirect(descriptor)
        writer.write(self.dictionary, composite_fonts.Composite(name, TWO_BYTES, codes, descriptor))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A glyph with its font and code, its width in em, and where it begins."""

    font: _PdfFont
    code: int
    width: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Look:
    """How a text object shows its glyphs: size, horizontal scale, directions in degrees, slant."""

    size: float
    across: float
    char_direction: float
    read_direction: float
    slant: float

    def matrix(self) -> tuple[float, float, float, float]:
        """Return the text matrix without its offset, for y that runs down."""
        angle = math.radians(self.char_direction)
        cos, sin = round(math.cos(angle), 9), round(math.sin(angle), 9)
        a, b = self.across * cos, self.across * sin
        return a, b, sin + self.slant * a, -cos + self.slant * b

    def advance(self, width: float) -> tuple[float, float]:
        """Return the offset behind a glyph of so many em where none is stated."""
        along = (self.read_direction - self.char_direction) % 180 == 0
        length = self.size * (width * self.across if along else 1.0)
        angle = math.radians(self.read_direction)
        return length * round(math.cos(angle), 9), length * round(math.sin(angle), 9)


class TextFonts:
    """The fonts of one file."""

    def __init__(self, pdf: Pdf, archive: OfdArchive, losses: Losses) -> None:
        self._pdf, self._archive, self._losses = pdf, archive, losses
        self._embedded: dict[str, EmbeddedFace | None] = {}
        self._fonts: dict[Any, _PdfFont] = {}
        self._made: list[_PdfFont] = []

    def thickness(self, node: Any, font: FontRecord) -> float:
        """Return the line width that makes bold what has no bold face; 0 for other text."""
        if font.bold or number(node.get("Weight"), 400) < BOLD or self._face(font) is None:
            return 0.0
        return number(node.get("Size"), _SIZE) / _THICKENED

    def show(self, canvas: Canvas, node: Any, font: FontRecord, mode: int) -> None:
        """Show a text object in the present space, in a text rendering mode of PDF."""
        look = _look(node, font)
        if look.size <= 0 or look.across == 0:
            return
        bold = font.bold or number(node.get("Weight"), 400) >= BOLD
        italic = font.italic or is_true(node.get("Italic"))
        substitute = _substitute(font, bold, italic)
        glyphs = list(self._placed(node, font, substitute, look))
        if glyphs:
            slanted = look.slant != 0 and self._face(font) is not None
            matrix = (look if slanted else _upright(look)).matrix()
            canvas.add("BT", f"{mode} Tr", *_shown(canvas, glyphs, look, matrix), "ET")

    def finish(self) -> None:
        """Embed all fonts."""
        writer = composite_fonts.Writer(self._pdf)
        for font in self._made:
            font.write(writer)

    def _face(self, font: FontRecord) -> EmbeddedFace | None:
        if font.part is None:
            return None
        if font.part not in self._embedded:
            self._embedded[font.part] = None
            with suppress(FontUnreadable, OfdDamaged):
                self._embedded[font.part] = embedded_face(self._archive.read(font.part))
        if self._embedded[font.part] is None:
            self._losses.note(Loss.FONT_UNREADABLE)
        return self._embedded[font.part]

    def _placed(
        self, node: Any, font: FontRecord, substitute: SubstituteFont, look: _Look
    ) -> Iterator[_Placed]:
        """Yield the glyphs of a text object with their places."""
        x = y = 0.0
        for run in runs_of(node):
            x, y = run.x if run.x is not None else x, run.y if run.y is not None else y
            squeeze = 1.0
            for index, sign in enumerate(run.signs):
                room = self._room(run, index, look)
                pdf_font, glyph, squeeze = self._glyph(sign, font, substitute, room, squeeze)
                width = pdf_font.subset.width(glyph) / 1000
                yield _Placed(pdf_font, pdf_font.code(glyph, sign.text), width, x, y)
                dx, dy = look.advance(width) if run.is_natural else run.delta(index)
                x, y = x + dx, y + dy

    @staticmethod
    def _room(run: TextRun, index: int, look: _Look) -> float | None:
        """Return the width in em that is left for a glyph; None for the last, or down the page."""
        if not run.deltas_x or index == len(run.signs) - 1 or look.char_direction % 360:
            return None
        room = run.delta(index)[0] / (look.size * look.across)
        return room if room > 0 else None

    def _glyph(
        self,
        sign: Sign,
        font: FontRecord,
        substitute: SubstituteFont,
        room: float | None,
        squeeze: float,
    ) -> tuple[_PdfFont, int, float]:
        """Return the font and glyph that show a sign, and how much narrower the glyph is."""
        face = self._face(font)
        if face is not None:
            own = self._font((font.part, "embedded"), face)
            assert isinstance(own.subset, _EmbeddedSubset)
            glyph = own.subset.number(sign)
            if glyph is not None:
                return own, glyph, 1.0
        bundled, subset, natural = self._bundled(sign.text, substitute)
        if room is not None:
            squeeze = min(1.0, room * 1000 / natural) if natural else 1.0
        wanted = None if squeeze > _ALIKE else round(natural * squeeze)
        return bundled, subset.number(GlyphRequest(sign.text, wanted)), squeeze

    def _bundled(self, text: str, substitute: SubstituteFont) -> tuple[_PdfFont, FontSubset, float]:
        """Return the bundled font that has a text, and the text's own width in thousandths."""
        for each in (substitute, ANY_FACE):
            bundled, subset = self._cut(each)
            natural = subset.natural_width(text)
            if natural is not None:
                return bundled, subset, natural
        self._losses.note(Loss.GLYPH_MISSING, text)
        return bundled, subset, 1000.0

    def _cut(self, face: SubstituteFont) -> tuple[_PdfFont, FontSubset]:
        found = self._font(face, face)
        assert isinstance(found.subset, FontSubset)
        return found, found.subset

    def _font(self, key: Any, face: "EmbeddedFace | SubstituteFont") -> _PdfFont:
        known = self._fonts.get(key)
        if known is None or known.full:
            if isinstance(face, SubstituteFont):
                known = _PdfFont(self._pdf, face.name, FontSubset(face))
            else:
                known = _PdfFont(self._pdf, f"Embedded{len(self._made)}", _EmbeddedSubset(face))
            self._fonts[key] = known
            self._made.append(known)
        return known


def _look(node: Any, font: FontRecord) -> _Look:
    slanted = is_true(node.get("Italic")) and not font.italic
    return _Look(
        number(node.get("Size"), _SIZE),
        number(node.get("HScale"), 1.0),
        number(node.get("CharDirection"), 0.0) % 360,
        number(node.get("ReadDirection"), 0.0) % 360,
        _SLANT if slanted else 0.0,
    )


def _upright(look: _Look) -> _Look:
    return _Look(look.size, look.across, look.char_direction, look.read_direction, 0.0)


def _substitute(font: FontRecord, bold: bool, italic: bool) -> SubstituteFont:
    """Return the bundled face for a font, by its name, its family's or what is said of it."""
    flags = FIXED * font.fixed_width | SERIF * font.serif
    flags |= FORCE_BOLD * bold | ITALIC * italic
    name = font.name if is_recognised(font.name) or not font.family else font.family
    return face_for(name, Traits(flags), eastern=True)


def _shown(
    canvas: Canvas,
    glyphs: Sequence[_Placed],
    look: _Look,
    matrix: tuple[float, float, float, float],
) -> Iterator[str]:
    """Yield the operators that show glyphs; those of one line and font together."""
    line: list[_Placed] = []
    across = matrix[1] == 0 and matrix[0] > 0
    for glyph in glyphs:
        if line and not (across and glyph.font is line[0].font and glyph.y == line[0].y):
            yield from _line(canvas, line, look, matrix)
            line = []
        line.append(glyph)
    yield from _line(canvas, line, look, matrix)


def _line(
    canvas: Canvas,
    line: Sequence[_Placed],
    look: _Look,
    matrix: tuple[float, float, float, float],
) -> Iterator[str]:
    first = line[0]
    name = canvas.resource("/Font", first.font.dictionary, first.font.dictionary.objgen)
    yield f"{name} {format_number(look.size)} Tf"
    yield f"{format_numbers([*matrix, first.x, first.y])} Tm"
    parts, at = [], first.x
    for glyph in line:
        gap = round((glyph.x - at) / (look.size * look.across) * 1000, 2)
        if gap:
            parts.append(format_number(-gap))
        parts.append(f"<{glyph.code:04x}>")
        at = glyph.x + glyph.width * look.size * look.across
    yield f"[{' '.join(parts)}] TJ"
