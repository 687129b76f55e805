"""Reads a font's dictionary: the texts and widths of its codes (PDF 32000-1, 9)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pikepdf import Name

from sjs_forms.intake.fonts import cmaps, code_charts, predefined_cmaps, stated_widths
from sjs_forms.intake.fonts.cmaps import ONE_BYTE, TWO_BYTES, Space
from sjs_forms.intake.fonts.stated_widths import VerticalMetrics
from sjs_forms.intake.fonts.substitutes import (
    ZAPF,
    SubstituteFont,
    Traits,
    decoded_name,
    face_for,
    is_bar_codes,
    is_recognised,
    is_unknown_symbols,
    symbols_of,
)
from sjs_forms.pdf.objects import dictionary, entry, items, name_of, number, stream, text_of


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """A code's meaning: the text whose glyphs are shown, and the text found by search.

    `shown` is None if unknown. `guessed` marks an assumption.
    """

    shown: str | None
    said: str
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class FontMeaning:
    """A font as described by its dictionary.

    `width` returns thousandths of an em, or None if the document does not state it. `cid` returns
    the number under which a vertical font stores its metrics.
    """

    name: str
    face: SubstituteFont
    spaces: tuple[Space, ...]
    sign: Callable[[bytes], CodeMeaning]
    width: Callable[[bytes], float | None]
    cid: Callable[[bytes], int]
    upright: VerticalMetrics | None = None

    def split(self, text: bytes) -> Iterator[bytes]:
        """Split a string into codes, ignoring an incomplete one at the end."""
        shortest = min((len(first) for first, _ in self.spaces), default=1)
        return (code for code in cmaps.split(text, self.spaces) if len(code) >= shortest)


def raw_name(value: Any) -> bytes:
    """Return a name's bytes without the slash, in whatever encoding."""
    if not isinstance(value, Name):
        return b""
    return re.sub(rb"#([0-9a-fA-F]{2})", _unescaped, value.unparse()[1:])


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes((int(found.group(1), 16),))


def descendant_of(font: Any) -> Any:
    """Return the CIDFont of a composite font, or a simple font itself."""
    if name_of(entry(font, "/Subtype")) != "/Type0":
        return font
    listed = entry(font, "/DescendantFonts")
    return next((one for one in items(listed) if dictionary(one) is not None), listed)


def read(font: Any, strings: Iterable[bytes]) -> FontMeaning:
    """Read a font dictionary. `strings` is the text shown in the font."""
    inner = descendant_of(font)
    raw = raw_name(entry(inner, "/BaseFont")) or raw_name(entry(font, "/BaseFont"))
    descriptor = entry(inner, "/FontDescriptor")
    traits = Traits(
        int(number(entry(descriptor, "/Flags")) or 0),
        number(entry(descriptor, "/FontWeight")) or 0.0,
        number(entry(descriptor, "/ItalicAngle")) or 0.0,
    )
    if name_of(entry(font, "/Subtype")) == "/Type0":
        return _composite(font, inner, decoded_name(raw), traits)
    if _is_gbk(font, raw, strings):
        return _gbk(font, decoded_name(raw), traits)
    return _simple(font, decoded_name(raw), traits)


# Composite fonts


def _composite(font: Any, inner: Any, name: str, traits: Traits) -> FontMeaning:
    known = _known_map(entry(font, "/Encoding"))
    own, base = known if isinstance(known, tuple) else (None, known)
    texts = _to_unicode(font)
    ordering = text_of(entry(entry(inner, "/CIDSystemInfo"), "/Ordering")) or ""
    if base is not None and ordering not in predefined_cmaps.KNOWN_ORDERINGS:
        ordering = base.ordering
    numbered = own is None and base is None  # Identity: codes are CIDs
    vertical = own.vertical if own else base.vertical if base else _is_vertical(font)

    def cid(code: bytes) -> int:
        found = own.cids.get(code) if own else None
        if found is None and base is not None:
            found = base.cid(code)
        if found is None and own is not None:
            return 0
        return int.from_bytes(code[-2:]) if found is None and numbered else found or 0

    def sign(code: bytes) -> CodeMeaning:
        mapped = texts.get(int.from_bytes(code), "")
        meant = base.text(code) if base and not (own and code in own.cids) else ""
        meant = meant or predefined_cmaps.character_of(ordering, cid(code), vertical)
        if numbered and not code_charts.is_meaningless(mapped):
            return _signed(mapped, mapped, name)
        return _signed(meant, mapped, name)

    spaces = (own.spaces if own else None) or (base.spaces if base else TWO_BYTES)
    width_of = stated_widths.by_cid(inner)
    eastern = ordering in predefined_cmaps.KNOWN_ORDERINGS
    return FontMeaning(
        name,
        face_for(name, traits, eastern),
        tuple(spaces),
        sign,
        lambda code: width_of(cid(code)),
        cid,
        stated_widths.upright(inner) if vertical else None,
    )


def _known_map(
    encoding: Any,
) -> predefined_cmaps.Predefined | tuple[cmaps.CodeMap, predefined_cmaps.Predefined | None] | None:
    """Return the predefined map of an /Encoding (None for Identity), or an own map and its base."""
    if stream(encoding) is None:
        return predefined_cmaps.predefined(name_of(encoding)[1:])
    own = cmaps.parsed(encoding)
    base = name_of(entry(encoding, "/UseCMap")) or own.used
    own.vertical = own.vertical or number(entry(encoding, "/WMode")) == 1
    under = predefined_cmaps.predefined(base[1:])
    if not own.cids and under is None:
        return predefined_cmaps.predefined(name_of(entry(encoding, "/CMapName"))[1:])
    return own, under


def _is_vertical(font: Any) -> bool:
    return name_of(entry(font, "/Encoding")) == "/Identity-V"


def _to_unicode(font: Any) -> Mapping[int, str]:
    """Return the font's ToUnicode texts by the value of their code."""
    stated = entry(font, "/ToUnicode")
    if name_of(stated).startswith("/Identity"):
        return {code: chr(code) for code in range(0x20, 0xD800)}
    return cmaps.parsed(stated).texts if stream(stated) is not None else {}


def _signed(meant: str, mapped: str, name: str) -> CodeMeaning:
    """Return the meaning of a code from two sources, the better one first."""
    if code_charts.is_meaningless(meant):
        meant = ""
    if code_charts.is_meaningless(mapped):
        mapped = _of_symbols(mapped, name)
    shown = meant or mapped
    return CodeMeaning(shown or None, mapped or shown)


def _of_symbols(said: str, name: str) -> str:
    """Map private-use characters from F020 on: Windows' codes for symbol fonts."""
    kind = symbols_of(name)
    if kind is None or len(said) != 1 or not 0xF020 <= ord(said) <= 0xF0FF:
        return ""
    return code_charts.chart(kind).get(ord(said) & 0xFF, "")


# Simple fonts


def _simple(font: Any, name: str, traits: Traits) -> FontMeaning:
    texts = _to_unicode(font)
    encoding = entry(font, "/Encoding")
    symbols = symbols_of(name)
    stated = name_of(encoding) or name_of(entry(encoding, "/BaseEncoding"))
    windows = name_of(entry(font, "/Subtype")) == "/TrueType"
    base = code_charts.chart(symbols or stated or ("/WinAnsiEncoding" if windows else ""))
    named = _differences(entry(encoding, "/Differences"))
    strange = is_unknown_symbols(name) or stated == "/MacExpertEncoding"
    bars = is_bar_codes(name)
    guess = traits.symbolic and encoding is None and not symbols and not is_recognised(name)

    def sign(code: bytes) -> CodeMeaning:
        mapped = texts.get(code[0], "")
        if bars:
            return CodeMeaning(None, mapped)
        glyph = named.get(code[0], "")
        if glyph and glyph != ".notdef":
            return _signed(code_charts.character(glyph, zapf=symbols == ZAPF), mapped, name)
        meant = "" if glyph or strange else base.get(code[0], "")
        found = _signed(meant, mapped, name)
        if found.shown is None and not strange:
            return CodeMeaning("", "")  # the encoding has no such code: viewers show nothing
        return replace(found, guessed=guess and code_charts.is_meaningless(mapped))

    stated_width = stated_widths.by_code(font)

    def width(code: bytes) -> float | None:
        found = stated_width(code[0])
        if found is None and symbols and entry(font, "/Widths") is None:
            return stated_widths.of_symbol(symbols, sign(code).shown or "")
        return found

    return FontMeaning(name, face_for(name, traits), ONE_BYTE, sign, width, lambda code: code[0])


def _differences(listed: Any) -> dict[int, str]:
    """Return glyph names by code."""
    named: dict[int, str] = {}
    code = 0
    for member in items(listed):
        found = number(member)
        if found is not None:
            code = int(found)
        elif isinstance(member, Name):
            named[code] = raw_name(member).decode("latin-1")
            code += 1
    return named


# Fonts of old Chinese programs


def _is_gbk(font: Any, raw: bytes, strings: Iterable[bytes]) -> bool:
    """Return whether a TrueType font with a Chinese name is encoded in GBK, as PDFium assumes."""
    chinese = any(sign > "\u2e7f" for sign in decoded_name(raw))
    stated = stream(entry(font, "/ToUnicode")) is not None
    stated = stated or bool(items(entry(entry(font, "/Encoding"), "/Differences")))
    if not chinese or stated or name_of(entry(font, "/Subtype")) != "/TrueType":
        return False
    high = [text for text in strings if any(byte > 0x80 for byte in text)]
    try:
        return bool(high) and all(text.decode("gbk") for text in high)
    except UnicodeDecodeError:
        return False


def _gbk(font: Any, name: str, traits: Traits) -> FontMeaning:
    known = predefined_cmaps.predefined("GBK-EUC-H")
    assert known is not None
    narrow = stated_widths.by_code(font)

    def width(code: bytes) -> float | None:
        found = 1000.0 if len(code) == 2 else narrow(code[0])
        return 500.0 if found is None else found

    return FontMeaning(
        name,
        face_for(name, traits, eastern=True),
        known.spaces,
        lambda code: _signed(known.text(code), "", name),
        width,
        lambda code: int.from_bytes(code),
    )
