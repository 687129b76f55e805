"""The page numbers printed on the sides: their text, their place, and their font.

The font is embedded whole, because it has only a handful of glyphs.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sjs_forms.base.resources import fonts_folder
from sjs_forms.domain.placement import A4_WIDTH
from sjs_forms.domain.print_rules import Binding
from sjs_forms.pdf.pypdf_writer import add_object
from sjs_forms.volume.binding_plan import Face
from sjs_forms.volume.outline_and_links import number_text

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject

_DIGITS_FILE = "NotoSerifSC-Digits.ttf"
_NAME = "/NotoSerifSC-Digits"
FONT_RESOURCE = "/SjsNumber"
"""Name of the font in the resources of a side with a number."""

_CHARACTERS = " 0123456789—"
_DASH = "—"
_DASH_CODE = 0x97  # em dash in WinAnsiEncoding (PDF 32000-1, annex D.2)


@dataclass(frozen=True, slots=True)
class NumberFont:
    """A font of digits, space and dash: its file, and widths in thousandths of the font size."""

    data: bytes
    widths: tuple[tuple[str, float], ...]
    ascent: float
    descent: float

    def width(self, text: str, size: float) -> float:
        """Return the width of `text` at `size` points, in points."""
        widths = dict(self.widths)
        return sum(widths[character] for character in text) * size / 1000

    def encode(self, text: str) -> str:
        """Return `text` encoded as the inside of a PDF literal string."""
        return text.replace(_DASH, f"\\{_DASH_CODE:o}")

    def as_pdf(self, writer: "PdfWriter") -> "DictionaryObject":
        """Return the font dictionary (PDF 32000-1, 9.6.3); adds the font file to `writer`."""
        from pypdf.generic import (
            ArrayObject,
            DecodedStreamObject,
            DictionaryObject,
            FloatObject,
            NameObject,
            NumberObject,
        )

        file = DecodedStreamObject()
        file.set_data(self.data)
        file[NameObject("/Length1")] = NumberObject(len(self.data))
        by_code = {
            _DASH_CODE if character == _DASH else ord(character): width
            for character, width in self.widths
        }
        first, last = min(by_code), max(by_code)
        descriptor = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/FontDescriptor"),
                NameObject("/FontName"): NameObject(_NAME),
                NameObject("/Flags"): NumberObject(32),
                NameObject("/FontBBox"): ArrayObject(
                    map(NumberObject, (0, int(self.descent), 1000, int(self.ascent)))
                ),
                NameObject("/ItalicAngle"): NumberObject(0),
                NameObject("/Ascent"): FloatObject(self.ascent),
                NameObject("/Descent"): FloatObject(self.descent),
                NameObject("/CapHeight"): FloatObject(self.ascent),
                NameObject("/StemV"): NumberObject(80),
                NameObject("/FontFile2"): add_object(writer, file.flate_encode()),
            }
        )
        return DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/TrueType"),
                NameObject("/BaseFont"): NameObject(_NAME),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
                NameObject("/FirstChar"): NumberObject(first),
                NameObject("/LastChar"): NumberObject(last),
                NameObject("/Widths"): ArrayObject(
                    FloatObject(by_code.get(code, 0)) for code in range(first, last + 1)
                ),
                NameObject("/FontDescriptor"): add_object(writer, descriptor),
            }
        )


def number_line(label: str) -> str:
    """Return a page number as it is printed: 12 as — 12 —."""
    return f"— {label} —"


def number_content(label: str, face: Face, binding: Binding, font: NumberFont) -> str:
    """Return the content that draws a page number at the outer foot, which the plan keeps free."""
    text = number_line(label)
    width = font.width(text, binding.number_size_pt)
    outer, baseline = (
        binding.number_outer_mm * 72 / 25.4,
        binding.number_baseline_mm * 72 / 25.4,
    )
    left = A4_WIDTH - outer - width if face == "recto" else outer
    return (
        f"q 0 g BT {FONT_RESOURCE} {number_text(binding.number_size_pt)} Tf "
        f"{number_text(left)} {number_text(baseline)} Td ({font.encode(text)}) Tj ET Q\n"
    )


@cache
def number_font() -> NumberFont:
    """Return the bundled font of page numbers."""
    from PIL import ImageFont

    path = fonts_folder() / _DIGITS_FILE
    # At 1000 pixels, the font's units per em, measurements are in font units.
    font = ImageFont.truetype(path, 1000, layout_engine=ImageFont.Layout.BASIC)
    widths = tuple((character, font.getlength(character)) for character in _CHARACTERS)
    ascent, descent = font.getmetrics()
    return NumberFont(path.read_bytes(), widths, ascent, -descent)
