"""Embeds fonts that a document only names: for each code, the bundled glyph of its text.

Content streams are unchanged. A font without a file becomes a composite font of ours with the same
codes, the document's widths, and a map to text (see `composite_fonts`). So all encodings are
handled in the same way, and a reader needs to support none of them.
"""

import io
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.intake.fonts import composite_fonts
from sjs_forms.intake.fonts.font_dictionary import CodeMeaning, FontMeaning, descendant_of, read
from sjs_forms.intake.fonts.font_uses import FontUses, ShownStrings
from sjs_forms.intake.fonts.outlines import FontSubset, GlyphRequest
from sjs_forms.intake.fonts.substitutes import SubstituteFont
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import decoded, entry, name_of, new_stream, stream

_log = logging.getLogger(__name__)

_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_UNKNOWN = "\ufffd"
"""The text of a code whose meaning is unknown; otherwise readers take the code for Unicode."""

_LARGEST_FILE = 60_000_000
"""Bytes up to which an embedded font is tested. A larger one is assumed to be valid."""


@dataclass(frozen=True, slots=True)
class UnshownFont:
    """A font with characters that could not be shown: its name, pages from 0, and the characters.

    `signs` are characters that no bundled font has; empty if the meaning of the codes is unknown.
    """

    font: str
    pages: tuple[int, ...]
    signs: str = ""


def embed_all(pdf: Pdf, max_decoded: int) -> tuple[bool, tuple[UnshownFont, ...]]:
    """Embed every font without a file. Returns whether there was any, and what cannot be shown.

    Raises FileRefused for content of more than `max_decoded` bytes.
    """
    document = FontUses(pdf)
    loose = [key for key, font in document.fonts.items() if not _is_embedded(font)]
    if not loose:
        return False, ()
    shown = document.shown(set(loose), max_decoded)
    embedder = _Embedder(pdf)
    wanting: list[UnshownFont] = []
    for key in loose:
        done = embedder.replace(document.fonts[key], shown[key])
        wanting += _reported(document, done, shown[key])
    embedder.finish()
    return True, _joined(wanting)


def _joined(wanting: Iterable[UnshownFont]) -> tuple[UnshownFont, ...]:
    """Merge the reports on fonts of one name; many programs subset a font for every page."""
    joined: dict[tuple[str, bool], UnshownFont] = {}
    for found in wanting:
        key = (found.font, bool(found.signs))
        known = joined.get(key, found)
        joined[key] = UnshownFont(
            found.font,
            tuple(sorted({*known.pages, *found.pages})),
            "".join(sorted({*known.signs, *found.signs})),
        )
    return tuple(joined.values())


def _is_embedded(font: Any) -> bool:
    """Return whether a font has a valid file, or is of Type 3 and needs none."""
    if name_of(entry(font, "/Subtype")) == "/Type3":
        return True
    descriptor = entry(descendant_of(font), "/FontDescriptor")
    return any(_opens(entry(descriptor, name)) for name in _FILES)


def _opens(file: Any) -> bool:
    """Return whether FreeType, which PDFium and poppler use, opens a font file."""
    from PIL import ImageFont

    if stream(file) is None:
        return False
    try:
        data = decoded(file, _LARGEST_FILE)
        ImageFont.truetype(io.BytesIO(data), layout_engine=ImageFont.Layout.BASIC)
    except FileRefused:
        return True
    except (Damaged, OSError, ValueError):
        _log.info("an embedded font file is of no use", exc_info=True)
        return False
    return True


@dataclass(slots=True)
class _Replaced:
    """A replaced font: its meaning, and codes whose glyph is a box instead."""

    reading: FontMeaning
    unknown: set[bytes] = field(default_factory=set)
    missing: dict[bytes, str] = field(default_factory=dict)


class _Embedder:
    """Replaces fonts, and finally embeds one file for each face that they use."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._writer = composite_fonts.Writer(pdf)
        self._cuts: dict[SubstituteFont, list[tuple[FontSubset, Any]]] = defaultdict(list)

    def replace(self, font: Any, shown: ShownStrings) -> _Replaced:
        """Turn the font dictionary, in place, into one of ours."""
        strings = sorted(shown.strings())
        reading = read(font, strings)
        cut, descriptor = self._cut(reading.face)
        done = _Replaced(reading)
        codes: dict[bytes, composite_fonts.CodedGlyph] = {}
        for code in sorted({code for text in strings for code in reading.split(text)}):
            sign = reading.sign(code)
            codes[code] = _coded(cut, reading, code, sign)
            if sign.shown is None or sign.guessed:
                done.unknown.add(code)
            elif not cut.shows(sign.shown):
                done.missing[code] = sign.shown
        made = composite_fonts.Composite(
            _name(cut.face), reading.spaces, codes, descriptor, reading.upright
        )
        self._writer.write(font, made)
        return done

    def _cut(self, face: SubstituteFont) -> tuple[FontSubset, Any]:
        """Return the subset of a face with room for more glyphs, and its future descriptor."""
        cuts = self._cuts[face]
        if not cuts or cuts[-1][0].full:
            descriptor = Dictionary(Type=Name.FontDescriptor, FontName=Name(f"/{_name(face)}"))
            cuts.append((FontSubset(face), self._pdf.make_indirect(descriptor)))
        return cuts[-1]

    def finish(self) -> None:
        """Embed one file for each face used."""
        for cut, descriptor in (pair for pairs in self._cuts.values() for pair in pairs):
            data, box = cut.font()
            descriptor.FontFile2 = new_stream(self._pdf, data, {"/Length1": len(data)})
            descriptor.FontBBox = Array(box)
            descriptor.Flags = 4
            italic = cut.face.slanted or "Italic" in cut.face.name
            descriptor.ItalicAngle = -12 if italic else 0
            descriptor.Ascent, descriptor.Descent, descriptor.CapHeight = 880, -120, 733
            descriptor.StemV = 120 if "Bold" in cut.face.name else 80


def _coded(
    cut: FontSubset, reading: FontMeaning, code: bytes, sign: CodeMeaning
) -> composite_fonts.CodedGlyph:
    width = reading.width(code)
    width = None if width is None else round(width, 3)
    glyph = cut.number(GlyphRequest(sign.shown, width, reading.upright is not None))
    return composite_fonts.CodedGlyph(
        glyph,
        cut.width(glyph) if width is None else width,
        sign.said or (" " if sign.shown == "" else _UNKNOWN),
        reading.upright.own.get(reading.cid(code)) if reading.upright else None,
    )


def _name(face: SubstituteFont) -> str:
    return f"SJSSUB+{face.name}"


def _reported(document: FontUses, done: _Replaced, shown: ShownStrings) -> Iterable[UnshownFont]:
    """Yield what is shown as a box in a font, and where."""
    for codes, named in ((done.unknown, False), (set(done.missing), True)):
        if not codes:
            continue
        parts, met = [], set()
        for key, strings in shown.seen.items():
            here = {code for text in strings for code in done.reading.split(text)}
            if here & codes:
                parts.append(key)
                met |= here & codes
        signs = "".join(sorted({done.missing[code] for code in met})) if named else ""
        if parts:
            yield UnshownFont(done.reading.name, tuple(document.pages_of(parts)), signs)
