"""Fonts that a document only names, embedded: code by code, the bundled glyph for its text.

Content streams stay as they are. A font without its file becomes a composite font of ours with
the same codes: a CMap from codes to glyphs, the document's widths, and a map to text. That
is one way for all encodings, and no reader need know any of them (PDF 32000-1, 9.7.5).
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from sjs_forms.intake.fonts import cmaps
from sjs_forms.intake.fonts.families import Face
from sjs_forms.intake.fonts.outlines import Cut, Wanted
from sjs_forms.intake.fonts.reading import Reading, Sign, descendant_of, read
from sjs_forms.intake.fonts.uses import Document, Shown
from sjs_forms.intake.objects import decoded, entry, keys_of, name_of, new_stream, stream
from sjs_forms.intake.unusable import Damaged, Unusable

_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_UNKNOWN = "\ufffd"
"""What search finds for a code that nobody knows: else readers take the code for Unicode."""

_LARGEST_FILE = 60_000_000
"""Bytes of an embedded font that is looked into; a larger one is taken for sound."""


@dataclass(frozen=True, slots=True)
class Wanting:
    """A font of which some signs could not be shown: its name, pages from 0, and the signs.

    `signs` are those that no bundled font has; none where nobody knows what the codes mean.
    """

    font: str
    pages: tuple[int, ...]
    signs: str = ""


def embed_all(pdf: Pdf, max_decoded: int) -> tuple[bool, tuple[Wanting, ...]]:
    """Embed every font that has no file; whether there was any, and what could not be shown.

    Raises Unusable for content of more than `max_decoded` bytes.
    """
    document = Document(pdf)
    loose = [key for key, font in document.fonts.items() if not _is_embedded(font)]
    if not loose:
        return False, ()
    shown = document.shown(set(loose), max_decoded)
    embedder = _Embedder(pdf)
    wanting: list[Wanting] = []
    for key in loose:
        done = embedder.replace(document.fonts[key], shown[key])
        wanting += _reported(document, done, shown[key])
    embedder.finish()
    return True, _joined(wanting)


def _joined(wanting: Iterable[Wanting]) -> tuple[Wanting, ...]:
    """One report for all fonts of one name, which many programs cut anew for every page."""
    joined: dict[tuple[str, bool], Wanting] = {}
    for found in wanting:
        key = (found.font, bool(found.signs))
        known = joined.get(key, found)
        joined[key] = Wanting(
            found.font,
            tuple(sorted({*known.pages, *found.pages})),
            "".join(sorted({*known.signs, *found.signs})),
        )
    return tuple(joined.values())


def _is_embedded(font: Any) -> bool:
    """Whether a font has a file that can be opened (of Type 3: needs none)."""
    if name_of(entry(font, "/Subtype")) == "/Type3":
        return True
    descriptor = entry(descendant_of(font), "/FontDescriptor")
    return any(_opens(entry(descriptor, name)) for name in _FILES)


def _opens(file: Any) -> bool:
    """Whether FreeType, by which PDFium and poppler draw, opens a font file."""
    from PIL import ImageFont

    if stream(file) is None:
        return False
    try:
        data = decoded(file, _LARGEST_FILE)
        ImageFont.truetype(io.BytesIO(data), layout_engine=ImageFont.Layout.BASIC)
    except Unusable:
        return True
    except (Damaged, OSError, ValueError):
        return False
    return True


@dataclass(slots=True)
class _Replaced:
    """A font once embedded: what it meant, and codes whose glyph is a box instead."""

    reading: Reading
    unknown: set[bytes] = field(default_factory=set)
    missing: dict[bytes, str] = field(default_factory=dict)


class _Embedder:
    """Replaces fonts, and at the end embeds one file for each face they are drawn from."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._cuts: dict[Face, list[Cut]] = defaultdict(list)
        self._descriptors: list[tuple[Cut, Any]] = []
        self._count = 0

    def replace(self, font: Any, shown: Shown) -> _Replaced:
        """Make the font dictionary, in its place, one of ours."""
        strings = sorted(shown.strings())
        reading = read(font, strings)
        codes = sorted({code for text in strings for code in cmaps.split(text, reading.spaces)})
        cut = self._cut(reading.face)
        done = _Replaced(reading)
        numbers: dict[bytes, int] = {}
        texts: dict[bytes, str] = {}
        for code in codes:
            sign = reading.sign(code)
            numbers[code] = self._glyph(cut, reading, code, sign)
            texts[code] = sign.said or (" " if sign.shown == "" else _UNKNOWN)
            if sign.shown is None or sign.guessed:
                done.unknown.add(code)
            elif not cut.shows(sign.shown):
                done.missing[code] = sign.shown
        self._write(font, reading, cut, numbers, texts)
        return done

    def _cut(self, face: Face) -> Cut:
        cuts = self._cuts[face]
        if not cuts or cuts[-1].full:
            cuts.append(Cut(face))
        return cuts[-1]

    def _glyph(self, cut: Cut, reading: Reading, code: bytes, sign: Sign) -> int:
        width = reading.width(code)
        if width is not None:
            width = round(width, 3)
        return cut.number(Wanted(sign.shown, width, reading.upright is not None))

    def _write(
        self,
        font: Any,
        reading: Reading,
        cut: Cut,
        numbers: Mapping[bytes, int],
        texts: Mapping[bytes, str],
    ) -> None:
        self._count += 1
        vertical = reading.upright is not None
        name = f"Sjs{self._count}-{'V' if vertical else 'H'}"
        base = Name(f"/SJSSUB+{cut.face.name}")
        descriptor = self._pdf.make_indirect(Dictionary(Type=Name.FontDescriptor, FontName=base))
        inner = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=base,
            CIDSystemInfo=_system(),
            CIDToGIDMap=Name.Identity,
            FontDescriptor=descriptor,
            DW=1000,
            W=_widths(cut, numbers.values()),
        )
        if reading.upright is not None:
            inner.DW2 = Array(_figures(reading.upright.usual))
            inner.W2 = _upright_widths(reading, numbers)
        encoding = new_stream(
            self._pdf,
            cmaps.encoding(name, reading.spaces, vertical, numbers),
            {
                "/Type": Name.CMap,
                "/CMapName": Name(f"/{name}"),
                "/CIDSystemInfo": _system(),
                "/WMode": int(vertical),
            },
        )
        for key in keys_of(font):
            del font[key]
        font.Type, font.Subtype, font.BaseFont = Name.Font, Name.Type0, base
        font.Encoding = encoding
        font.DescendantFonts = Array([self._pdf.make_indirect(inner)])
        map_ = cmaps.to_unicode(f"{name}-UCS", reading.spaces, texts)
        font.ToUnicode = self._pdf.make_indirect(Stream(self._pdf, map_))
        self._descriptors.append((cut, descriptor))

    def finish(self) -> None:
        """Embed what has been asked for: one file for each face."""
        files: dict[int, tuple[Stream, list[int]]] = {}
        for cut, descriptor in self._descriptors:
            if id(cut) not in files:
                data, box = cut.font()
                files[id(cut)] = new_stream(self._pdf, data, {"/Length1": len(data)}), box
            file, box = files[id(cut)]
            descriptor.FontFile2 = file
            descriptor.FontBBox = Array(box)
            descriptor.Flags = 4
            descriptor.ItalicAngle = -12 if cut.face.slanted or "Italic" in cut.face.name else 0
            descriptor.Ascent, descriptor.Descent, descriptor.CapHeight = 880, -120, 733
            descriptor.StemV = 120 if "Bold" in cut.face.name else 80


def _reported(document: Document, done: _Replaced, shown: Shown) -> Iterable[Wanting]:
    """What of a font is to be seen as a box, and where."""
    for codes, named in ((done.unknown, False), (set(done.missing), True)):
        if not codes:
            continue
        parts, met = [], set()
        for key, strings in shown.seen.items():
            here = {code for text in strings for code in cmaps.split(text, done.reading.spaces)}
            if here & codes:
                parts.append(key)
                met |= here & codes
        signs = "".join(sorted({done.missing[code] for code in met})) if named else ""
        if parts:
            yield Wanting(done.reading.name, tuple(document.pages_of(parts)), signs)


def _system() -> Dictionary:
    return Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)


def _widths(cut: Cut, numbers: Iterable[int]) -> Array:
    """/W, a run for glyphs that follow each other."""
    runs: list[tuple[int, list[float]]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][0] + len(runs[-1][1]) == number:
            runs[-1][1].append(cut.width(number))
        else:
            runs.append((number, [cut.width(number)]))
    listed = Array()
    for first, widths in runs:
        listed.append(first)
        listed.append(Array(_figures(widths)))
    return listed


def _upright_widths(reading: Reading, numbers: Mapping[bytes, int]) -> Array:
    listed = Array()
    assert reading.upright is not None
    own = reading.upright.own
    found = {
        number: own[cid] for code, number in numbers.items() if (cid := reading.cid(code)) in own
    }
    for number, metrics in sorted(found.items()):
        listed.append(number)
        listed.append(Array(_figures(metrics)))
    return listed


def _figures(values: Iterable[float]) -> list[Any]:
    """Whole numbers without a point, others as decimals."""
    return [int(value) if value == int(value) else round(value, 3) for value in values]
