"""Shows text objects (11) in fonts that we make, with a position for each glyph.

The outlines of every face, embedded or bundled, are copied into one TrueType font, in which each
code stands for a glyph and its text. So the map to text is exact, and no font program from the file
gets into the PDF.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pikepdf import Pdf

from sjs_forms.intake.fonts import composite_fonts
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
from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.canvas import Canvas
from sjs_forms.intake.ofd.losses import Loss, Losses
from sjs_forms.intake.ofd.structure.archive import OfdArchive
from sjs_forms.intake.ofd.structure.document_resources import FontRecord
from sjs_forms.intake.ofd.structure.xml_nodes import is_true, number
from sjs_forms.intake.ofd.text.embedded_faces import EmbeddedFace, FontUnreadable, embedded_face
from sjs_forms.intake.ofd.text.pdf_fonts import EmbeddedSubset, PdfFont
from sjs_forms.intake.ofd.text.text_codes import Sign, runs_of
from sjs_forms.pdf.matrices import format_number, format_numbers

BOLD = 600
"""Weight from which text is bold."""

_SIZE = 4.2
_SLANT = 0.2126
"""Tangent of 12 degrees."""

_THICKENED = 32
"""The font size divided by this is the width of a stroke around glyphs that makes them bold."""

_ALIKE = 0.985
"""A glyph is not narrowed if the available share of its own width is at least this."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """The font that shows a sign, the code in it, and the width in em.

    `is_box` is whether no font has the sign.
    """

    font: PdfFont
    code: int
    width: float
    is_bundled: bool
    is_box: bool = False


@dataclass(frozen=True, slots=True)
class _Placed:
    """A glyph with its font and code, its width in em, and its position."""

    font: PdfFont
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
        """Return the text matrix without its offset, for y downwards."""
        angle = math.radians(self.char_direction)
        cos, sin = round(math.cos(angle), 9), round(math.sin(angle), 9)
        a, b = self.across * cos, self.across * sin
        return a, b, sin + self.slant * a, -cos + self.slant * b

    def advance(self, width: float) -> tuple[float, float]:
        """Return the offset after a glyph `width` em wide, if none is stated."""
        along = (self.read_direction - self.char_direction) % 180 == 0
        length = self.size * (width * self.across if along else 1.0)
        angle = math.radians(self.read_direction)
        return length * round(math.cos(angle), 9), length * round(math.sin(angle), 9)


class TextFonts:
    """The fonts of one file."""

    def __init__(self, pdf: Pdf, archive: OfdArchive, losses: Losses) -> None:
        self._pdf, self._archive, self._losses = pdf, archive, losses
        self._embedded: dict[str, EmbeddedFace | None] = {}
        self._fonts: dict[Any, PdfFont] = {}
        self._made: list[PdfFont] = []
        self._choices: dict[Any, dict[tuple[Sign, int | None], _Shown]] = {}
        self._substitutes: dict[tuple[FontRecord, bool, bool], SubstituteFont] = {}

    def thickness(self, node: Any, font: FontRecord) -> float:
        """Return the stroke width that makes text bold if there is no bold face; else 0."""
        if font.bold or number(node.get("Weight"), 400) < BOLD or self._face(font) is None:
            return 0.0
        return number(node.get("Size"), _SIZE) / _THICKENED

    def show(self, canvas: Canvas, node: Any, font: FontRecord, mode: int) -> None:
        """Show a text object in the current space, in a text rendering mode of PDF."""
        look = _look(node, font)
        if look.size <= 0 or look.across == 0:
            return
        bold = font.bold or number(node.get("Weight"), 400) >= BOLD
        italic = font.italic or is_true(node.get("Italic"))
        traits = font, bold, italic
        if traits not in self._substitutes:
            self._substitutes[traits] = _substitute(*traits)
        glyphs = list(self._placed(node, font, self._substitutes[traits], look))
        if glyphs:
            slanted = self._face(font) is not None and look.slant != 0
            matrix = (look if slanted else _upright(look)).matrix()
            canvas.add("BT", f"{mode} Tr", *_shown(canvas, glyphs, look, matrix), "ET")

    def finish(self) -> None:
        """Embed all fonts."""
        writer = composite_fonts.Writer(self._pdf)
        for font in self._made:
            font.write(writer)

    def _face(self, font: FontRecord) -> EmbeddedFace | None:
        if font.part is None:
            if font.is_missing:
                self._losses.note(Loss.FONT_UNREADABLE)
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
        """Yield the glyphs of a text object with their positions."""
        choices = self._choices.setdefault((font.part, substitute), {})

        def chosen(sign: Sign, width: int | None) -> _Shown:
            known = choices.get((sign, width))
            if known is None:
                known = choices[sign, width] = self._choose(sign, width, font, substitute)
            if known.is_box:
                self._losses.note(Loss.GLYPH_MISSING, sign.text)
            return known

        x = y = start_x = start_y = 0.0
        for run in runs_of(node):
            if run.x is not None or run.y is not None:
                # A coordinate that is not stated is that of the text code before (11.3).
                x = start_x = start_x if run.x is None else run.x
                y = start_y = start_y if run.y is None else run.y
            offsets = run.offsets()
            rooms = _available_widths(offsets, look) if run.deltas_x else ()
            squeeze = 1.0
            for index, sign in enumerate(run.signs):
                shown = chosen(sign, None)
                if shown.is_bundled and rooms:
                    if index < len(rooms) and rooms[index] > 0:
                        squeeze = min(1.0, rooms[index] / shown.width) if shown.width else 1.0
                    if squeeze <= _ALIKE:
                        wanted = round(shown.width * squeeze * 1000)
                        shown = chosen(sign, wanted)
                yield _Placed(shown.font, shown.code, shown.width, x, y)
                dx, dy = look.advance(shown.width) if offsets is None else offsets[index]
                x, y = x + dx, y + dy

    def _choose(
        self,
        sign: Sign,
        width: int | None,
        font: FontRecord,
        substitute: SubstituteFont,
    ) -> _Shown:
        """Return font and code for a sign, `width` thousandths of an em wide (None: its own)."""
        face = self._face(font)
        if face is not None:
            own = self._font((font.part, "embedded"), face)
            assert isinstance(own.subset, EmbeddedSubset)
            glyph = own.subset.number(sign)
            if glyph is not None:
                own_width = own.subset.width(glyph) / 1000
                return _Shown(own, own.code(glyph, sign.text), own_width, is_bundled=False)
        bundled, subset = self._bundled(sign.text, substitute)
        glyph = subset.number(GlyphRequest(sign.text, width))
        code = bundled.code(glyph, sign.text)
        is_box = not subset.shows(sign.text)
        return _Shown(bundled, code, subset.width(glyph) / 1000, is_bundled=True, is_box=is_box)

    def _bundled(self, text: str, substitute: SubstituteFont) -> tuple[PdfFont, FontSubset]:
        """Return the bundled font that shows a text; any font if none does."""
        found = self._cut(substitute)
        return found if found[1].shows(text) else self._cut(ANY_FACE)

    def _cut(self, face: SubstituteFont) -> tuple[PdfFont, FontSubset]:
        found = self._font(face, face)
        assert isinstance(found.subset, FontSubset)
        return found, found.subset

    def _font(self, key: Any, face: "EmbeddedFace | SubstituteFont") -> PdfFont:
        known = self._fonts.get(key)
        if known is None or known.full:
            if isinstance(face, SubstituteFont):
                known = PdfFont(self._pdf, face.name, FontSubset(face))
            else:
                known = PdfFont(self._pdf, f"Embedded{len(self._made)}", EmbeddedSubset(face))
            self._fonts[key] = known
            self._made.append(known)
        return known


def _available_widths(
    offsets: Sequence[tuple[float, float]] | None, look: _Look
) -> Sequence[float]:
    """Return the widths in em that are available for the glyphs of a line, except the last."""
    if offsets is None or look.char_direction:
        return ()
    return [dx / (look.size * look.across) for dx, _ in offsets[:-1]]


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
    """Return the bundled face for a font, by its name, its family, or its properties."""
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
