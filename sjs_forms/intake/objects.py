"""Reading hostile PDF objects: every answer is of the type asked for, or None."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from sjs_forms.bulk import LARGE
from sjs_forms.digests import stream_digest
from sjs_forms.intake.unusable import Damaged, too_large

Key = tuple[int, int]
_LINEAGE = 50
"""No honest page or field lies deeper in its tree; a hostile one may be its own ancestor."""


def dictionary(value: Any) -> Dictionary | None:
    """The value if it is a dictionary (not a stream's)."""
    return value if isinstance(value, Dictionary) else None


def stream(value: Any) -> Stream | None:
    """The value if it is a stream."""
    return value if isinstance(value, Stream) else None


def items(value: Any) -> list[Any]:
    """The members of an array; nothing for anything else."""
    return list(value) if isinstance(value, Array) else []


def entry(holder: Any, name: str) -> Any:
    """The entry `name` of a dictionary or of a stream's dictionary, or None."""
    if isinstance(holder, (Dictionary, Stream)):
        return holder.get(name)
    return None


def inherited(holder: Any, name: str) -> Any:
    """The entry of a page or field, its own or from the nearest ancestor that has it."""
    for _ in range(_LINEAGE):
        found = entry(holder, name)
        if found is not None:
            return found
        holder = entry(holder, "/Parent")
        if dictionary(holder) is None:
            break
    return None


def number(value: Any) -> float | None:
    """The value if it is a finite number."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, bytes)):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return found if abs(found) < 1e30 else None


def numbers(value: Any) -> list[float] | None:
    """An array of nothing but numbers."""
    found = [number(member) for member in items(value)]
    return [figure for figure in found if figure is not None] if None not in found else None


def name_of(value: Any) -> str:
    """A name with its slash, or the empty string (for names that are not UTF-8 too)."""
    try:
        return str(value) if isinstance(value, Name) else ""
    except UnicodeError:
        return ""


def text_of(value: Any) -> str | None:
    """A text string, or None."""
    if not isinstance(value, (pikepdf.String, str)):
        return None
    try:
        return str(value)
    except (UnicodeError, ValueError):
        return None


def bytes_of(value: Any) -> bytes | None:
    """A string or a name as bytes: the key of a named destination."""
    if isinstance(value, pikepdf.String):
        return bytes(value)
    return str(value)[1:].encode("utf-8", "surrogateescape") if isinstance(value, Name) else None


def key_of(value: Object) -> Key | None:
    """What identifies an indirect object; None for a direct one."""
    return value.objgen if getattr(value, "is_indirect", False) else None


def names_of(value: Any) -> list[tuple[str, Any]]:
    """The entries of a dictionary (or of a stream's) that are not null."""
    return [(key, found) for key in keys_of(value) if (found := value.get(key)) is not None]


def keys_of(value: Any) -> list[str]:
    """The keys of a dictionary (or of a stream's); none if one of them is not UTF-8."""
    if not isinstance(value, (Dictionary, Stream)):
        return []
    try:
        return list(value.keys())
    except UnicodeError:
        return []


def tree_pairs(root: Any, kids_of: str) -> Iterator[tuple[Any, Any]]:
    """The pairs of a name tree (`kids_of` = /Names); cycles and depth survived."""
    seen: set[Key] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        key = key_of(node) if isinstance(node, Object) else None
        if dictionary(node) is None or (key is not None and key in seen) or len(seen) > 50_000:
            continue
        if key is not None:
            seen.add(key)
        leaves = items(entry(node, kids_of))
        yield from zip(leaves[::2], leaves[1::2], strict=False)
        waiting.extend(items(entry(node, "/Kids")))


def _filters(source: Stream) -> list[str]:
    found = source.get("/Filter")
    return [name_of(member) for member in items(found)] or ([name_of(found)] if found else [])


def decoded(source: Stream, bound: int) -> bytes:
    """The stream's bytes without filters; what a damaged tail leaves, if there is one.

    Raises Unusable past `bound` bytes, Damaged where nothing can be decoded.
    """
    filters = _filters(source)
    plain = all(name in ("/FlateDecode", "/Fl") for name in filters)
    if plain and source.get("/DecodeParms") is None and source.get("/F") is None:
        data = source.read_raw_bytes()
        for _ in filters:
            data = inflated(data, bound)
        return data
    try:
        data = source.read_bytes(decode_level=pikepdf.StreamDecodeLevel.specialized)
    except pikepdf.PdfError as problem:
        raise Damaged(f"a stream cannot be decoded: {problem}") from problem
    if len(data) > bound:
        raise _past(bound)
    return data


def inflated(data: bytes, bound: int) -> bytes:
    """As much of deflated `data` as can be had; raises Unusable past `bound` bytes."""
    pieces: list[bytes] = []
    total = 0
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        inflater = zlib.decompressobj(window)
        rest = data if window > 0 else data[2:]
        try:
            while rest and not inflater.eof:
                pieces.append(inflater.decompress(rest, 1 << 22))
                rest = inflater.unconsumed_tail
                total += len(pieces[-1])
                if total > bound:
                    raise _past(bound)
        except zlib.error:
            pieces.append(_slowly(data, sum(map(len, pieces))) if window > 0 else b"")
        if any(pieces):
            break
    return b"".join(pieces)


def _slowly(data: bytes, already: int) -> bytes:
    """What zlib had ready before it met the damage: fed byte by byte, past what is known."""
    inflater = zlib.decompressobj()
    ready = bytearray()
    try:
        for at in range(0, len(data), 16):
            ready += inflater.decompress(data[at : at + 16])
    except zlib.error:
        pass
    return bytes(ready[already:])


def _past(bound: int) -> Exception:
    mega = bound / 1_000_000
    return too_large("解压后的数据", f"{mega:g} MB 以上", f"{mega:g} MB")


def large_streams(pdf: Pdf) -> dict[int, str]:
    """Digests, in hexadecimal, of the streams that are large as they lie, by object number."""
    return {
        found.objgen[0]: stream_digest(found.read_raw_bytes()).hex()
        for found in pdf.objects
        if isinstance(found, Stream) and (number(found.get("/Length")) or 0) >= LARGE
    }


def new_stream(pdf: Pdf, data: bytes, entries: dict[str, Any]) -> Stream:
    """An indirect stream of `data` whose dictionary has `entries`."""
    made = Stream(pdf, data)
    for name, value in entries.items():
        made[name] = value
    return made


def save(pdf: Pdf, target: Path | BinaryIO) -> None:
    """Write a PDF: streams as they are, the same bytes every time. Raises OSError."""
    pdf.save(
        target,
        min_version="1.7",
        fix_metadata_version=False,
        compress_streams=True,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        encryption=False,
        static_id=True,
    )
