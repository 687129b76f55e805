"""The fonts that we make for the PDF of an OFD: each code stands for a glyph and its text."""

from typing import Protocol

from pikepdf import Array, Dictionary, Name, Pdf

from sjs_forms.intake.fonts import composite_fonts, truetype
from sjs_forms.intake.fonts.cmaps import TWO_BYTES
from sjs_forms.intake.ofd.text.embedded_faces import EmbeddedFace
from sjs_forms.intake.ofd.text.text_codes import Sign
from sjs_forms.pdf.objects import new_stream

_MAX_CODES = 60_000
_NO_TEXT = "\u200b"
"""The text of a character's second and later glyphs; without one, readers show the code."""


class Subset(Protocol):
    """A font being built, as `outlines.FontSubset`."""

    def width(self, number: int) -> float:
        """Return a glyph's advance in thousandths of an em."""

    def font(self) -> tuple[bytes, list[int]]:
        """Return the font file, and its bounding box in thousandths of an em."""


class EmbeddedSubset:
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


class PdfFont:
    """A font of the PDF: its dictionary, filled in at the end, and its codes."""

    def __init__(self, pdf: Pdf, name: str, subset: Subset) -> None:
        self.subset, self._name = subset, name
        self.dictionary = pdf.make_indirect(Dictionary(Type=Name.Font))
        self._codes: dict[tuple[int, str], int] = {}
        self._pdf = pdf

    @property
    def full(self) -> bool:
        """Whether further glyphs need another font."""
        return len(self._codes) >= _MAX_CODES

    def code(self, glyph: int, text: str) -> int:
        """Return the code for a glyph with this text."""
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
