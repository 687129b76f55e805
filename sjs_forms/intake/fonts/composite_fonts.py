"""Writes the dictionaries of an embedded font: composite, whatever the font was before.

A code's CID is its own value, and a map leads from CIDs to glyphs (PDF 32000-1, 9.7.4.2). So fonts
with codes of one byte or of two need only an identity CMap, which every reader supports; only code
spaces of mixed lengths get a CMap of their own.
"""

import array
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from sjs_forms.intake.fonts import cmaps
from sjs_forms.intake.fonts.cmaps import ONE_BYTE, TWO_BYTES, Space
from sjs_forms.intake.fonts.stated_widths import VerticalMetrics
from sjs_forms.pdf.objects import keys_of, new_stream

_LARGEST_CID = 0xFFFF
_ONE_BYTE_IDENTITY = "OneByteIdentity"
"""The name of Adobe's CMap that maps bytes to themselves; some readers test for it."""


@dataclass(frozen=True, slots=True)
class CodedGlyph:
    """The target of a code: glyph id, width in thousandths of an em, and text.

    `upright` holds the document's own metrics for vertical writing.
    """

    glyph: int
    width: float
    text: str
    upright: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Composite:
    """A font to be written: its name, its codes, and its file's descriptor."""

    name: str
    spaces: tuple[Space, ...]
    codes: Mapping[bytes, CodedGlyph]
    descriptor: Any
    upright: VerticalMetrics | None = None


class Writer:
    """Writes composite fonts into one document."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._count = 0
        self._one_byte: dict[bool, Stream] = {}

    def write(self, font: Any, made: Composite) -> None:
        """Turn a font dictionary, in place, into the composite font."""
        self._count += 1
        vertical = made.upright is not None
        cids = _cids(made.codes)
        by_cid = {cid: made.codes[code] for code, cid in cids.items()}
        base = Name(f"/{made.name}")
        inner = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=base,
            CIDSystemInfo=_system(),
            CIDToGIDMap=self._pdf.make_indirect(Stream(self._pdf, _glyphs(by_cid))),
            FontDescriptor=made.descriptor,
            DW=1000,
            W=_widths(by_cid),
        )
        if made.upright is not None:
            inner.DW2 = Array(_figures(made.upright.usual))
            inner.W2 = _upright_widths(by_cid)
        plain = _plain_spaces(made)
        for key in keys_of(font):
            del font[key]
        font.Type, font.Subtype, font.BaseFont = Name.Font, Name.Type0, base
        font.Encoding = (
            self._identity(plain, vertical) if plain else self._encoding(made, cids, vertical)
        )
        font.DescendantFonts = Array([self._pdf.make_indirect(inner)])
        texts = {code: coded.text for code, coded in made.codes.items()}
        map_ = cmaps.to_unicode(f"SJS-{self._count}-UCS", plain or made.spaces, texts)
        font.ToUnicode = self._pdf.make_indirect(Stream(self._pdf, map_))

    def _identity(self, spaces: tuple[Space, ...], vertical: bool) -> Any:
        direction = "V" if vertical else "H"
        if spaces == TWO_BYTES:
            return Name(f"/Identity-{direction}")
        if vertical not in self._one_byte:
            name = f"{_ONE_BYTE_IDENTITY}{direction}"
            cids = {bytes((code,)): code for code in range(256)}
            self._one_byte[vertical] = self._cmap(name, ONE_BYTE, cids, vertical)
        return self._one_byte[vertical]

    def _encoding(self, made: Composite, cids: Mapping[bytes, int], vertical: bool) -> Stream:
        name = f"SJS-{self._count}-{'V' if vertical else 'H'}"
        return self._cmap(name, made.spaces, cids, vertical)

    def _cmap(
        self, name: str, spaces: tuple[Space, ...], cids: Mapping[bytes, int], vertical: bool
    ) -> Stream:
        return new_stream(
            self._pdf,
            cmaps.encoding(name, spaces, vertical, cids),
            {
                "/Type": Name.CMap,
                "/CMapName": Name(f"/{name}"),
                "/CIDSystemInfo": _system(),
                "/WMode": int(vertical),
            },
        )


def _plain_spaces(made: Composite) -> tuple[Space, ...] | None:
    """Return the code space of an identity if all codes used have one byte, or all have two."""
    lengths = {len(code) for code in made.codes} or {len(first) for first, _ in made.spaces}
    if lengths == {1}:
        return ONE_BYTE
    return TWO_BYTES if lengths == {2} else None


def _cids(codes: Iterable[bytes]) -> dict[bytes, int]:
    """Return a CID for each code: its value, or a free one for codes of more than two bytes."""
    cids = {code: int.from_bytes(code) for code in codes}
    taken = {cid for cid in cids.values() if cid <= _LARGEST_CID}
    free = (cid for cid in range(_LARGEST_CID, 0, -1) if cid not in taken)
    return {code: cid if cid <= _LARGEST_CID else next(free, 0) for code, cid in cids.items()}


def _system() -> Dictionary:
    return Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)


def _glyphs(by_cid: Mapping[int, CodedGlyph]) -> bytes:
    """Return the map from CIDs to glyphs: two bytes each, big-endian."""
    numbers = array.array("H", bytes(2 * (max(by_cid, default=0) + 1)))
    for cid, coded in by_cid.items():
        numbers[cid] = coded.glyph
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()


def _widths(by_cid: Mapping[int, CodedGlyph]) -> Array:
    """Return /W, with a run for consecutive CIDs."""
    runs: list[tuple[int, list[float]]] = []
    for cid, coded in sorted(by_cid.items()):
        if runs and runs[-1][0] + len(runs[-1][1]) == cid:
            runs[-1][1].append(coded.width)
        else:
            runs.append((cid, [coded.width]))
    listed = Array()
    for first, widths in runs:
        listed.append(first)
        listed.append(Array(_figures(widths)))
    return listed


def _upright_widths(by_cid: Mapping[int, CodedGlyph]) -> Array:
    """Return /W2 for the CIDs that have vertical metrics."""
    listed = Array()
    for cid, coded in sorted(by_cid.items()):
        if coded.upright is not None:
            listed.append(cid)
            listed.append(Array(_figures(coded.upright)))
    return listed


def _figures(values: Iterable[float]) -> list[Any]:
    """Return integers without a decimal point, other numbers as decimals."""
    return [int(value) if value == int(value) else round(value, 3) for value in values]
