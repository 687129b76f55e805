"""Builds TrueType files with only the tables that PDF needs.

Glyphs are passed as bytes of the glyf table, without instructions.
"""

import io
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Outline:
    """A glyph of a fontTools glyph set and its placement. `cubic` means curves as in CFF."""

    glyphs: Any
    name: str
    matrix: Matrix
    cubic: bool


@dataclass(frozen=True, slots=True)
class DrawnGlyphs:
    """Glyphs in glyph id order with their advances. `units` are units per em."""

    units: int
    glyphs: Sequence[bytes]
    advances: Sequence[int]


def drawn(outlines: Iterable[Outline], units: int) -> bytes:
    """Return one glyph drawn from several outlines."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.filterPen import DecomposingFilterPen
    from fontTools.pens.transformPen import TransformPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    whole = TTGlyphPen(None)
    for one in outlines:
        pen = Cu2QuPen(whole, units / 1000, reverse_direction=True) if one.cubic else whole
        if one.matrix != (1, 0, 0, 1, 0, 0):
            pen = TransformPen(pen, one.matrix)
        one.glyphs[one.name].draw(pen if one.cubic else DecomposingFilterPen(pen, one.glyphs))
    return bytes(whole.glyph().compile(None))


def bare(data: bytes) -> bytes | None:
    """Return a glyph of another font without its instructions; None for a composite glyph."""
    from fontTools.ttLib.tables._g_l_y_f import Glyph

    if len(data) >= 10 and struct.unpack(">h", data[:2])[0] < 0:
        return None
    glyph = Glyph(data)
    glyph.trim(remove_hinting=True)
    return bytes(glyph.data)


def box(units: int, width: float) -> bytes:
    """Return a hollow box with a width in thousandths of an em. No letter looks like it."""
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    right = max(width, 200.0) * units / 1000
    line, low, high = 0.05 * units, -0.05 * units, 0.75 * units
    outer = (0.08 * right, low, 0.92 * right, high)
    inner = (outer[0] + line, low + line, outer[2] - line, high - line)
    for (left, bottom, end, top), step in ((outer, 1), (inner, -1)):
        corners = [(left, bottom), (left, top), (end, top), (end, bottom)][::step]
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return bytes(pen.glyph().compile(None))


def bounds(glyph: bytes) -> Box:
    """Return the bounding box of a glyph in font units."""
    if len(glyph) < 10:
        return (0, 0, 0, 0)
    left, bottom, right, top = struct.unpack(">4h", glyph[2:10])
    return left, bottom, right, top


def font(drawn: DrawnGlyphs, names: list[str], characters: Mapping[int, str]) -> tuple[bytes, Box]:
    """Return the font file and the bounding box of all glyphs. `characters` maps codes to glyph
    names.
    """
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    boxes = [bounds(glyph) for glyph in drawn.glyphs if glyph] or [(0, 0, 0, 0)]
    left, bottom = (min(box[at] for box in boxes) for at in (0, 1))
    right, top = (max(box[at] for box in boxes) for at in (2, 3))
    builder = FontBuilder(drawn.units, isTTF=True)
    builder.font.recalcBBoxes = False
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(dict(characters))
    metrics = zip(drawn.advances, (bounds(glyph)[0] for glyph in drawn.glyphs), strict=True)
    builder.setupHorizontalMetrics(dict(zip(names, metrics, strict=True)))
    builder.setupHorizontalHeader(
        ascent=drawn.units,
        descent=-drawn.units // 4,
        advanceWidthMax=max(drawn.advances),
        xMaxExtent=right,
    )
    builder.setupPost(keepGlyphNames=False)
    builder.setupMaxp()
    _measure(builder.font["maxp"], drawn.glyphs)
    head = builder.font["head"]
    head.xMin, head.yMin, head.xMax, head.yMax = left, bottom, right, top
    head.indexToLocFormat = 1
    head.created = head.modified = 0  # the builder sets them to the present time
    padded = [glyph + bytes(-len(glyph) % 4) for glyph in drawn.glyphs]
    ends = [0]
    for glyph in padded:
        ends.append(ends[-1] + len(glyph))
    for tag, data in (("glyf", b"".join(padded)), ("loca", struct.pack(f">{len(ends)}I", *ends))):
        builder.font[tag] = DefaultTable(tag)
        builder.font[tag].data = data
    saved = io.BytesIO()
    builder.save(saved)
    return saved.getvalue(), (left, bottom, right, top)


def _measure(maxp: Any, glyphs: Sequence[bytes]) -> None:
    """Set the maxima in maxp, which readers use to allocate memory."""
    contours = [struct.unpack(">h", glyph[:2])[0] for glyph in glyphs if glyph]
    points = [
        struct.unpack(">H", glyph[8 + 2 * count : 10 + 2 * count])[0] + 1
        for glyph, count in zip(filter(None, glyphs), contours, strict=True)
        if count > 0
    ]
    maxp.numGlyphs = len(glyphs)
    maxp.maxContours, maxp.maxPoints = max(contours, default=0), max(points, default=0)
