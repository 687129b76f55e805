"""Reads untrusted PDF objects. Every function returns the type asked for, or None.

A name is bytes (PDF 32000-1, 7.3.5), often not UTF-8. Here it is a `str` with its slash, in which
bytes that are not UTF-8 are lone surrogates, as in pikepdf's dictionary keys.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from sjs_forms.base.files.hashing import stream_digest
from sjs_forms.base.findings.file_refusal import too_large
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.large_streams import LARGE

Key = tuple[int, int]


_HANZI = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xa3\xb0-\xf7][\xa1-\xfe])+")
"""Text in GB 2312: symbols and characters of two bytes, which no other text is made of alone."""
_PAIR = re.compile(rb"[\xb0-\xf7][\xa1-\xfe]")


def dictionary(value: Any) -> Dictionary | None:
    """Return the value if it is a dictionary (not a stream's)."""
    return value if isinstance(value, Dictionary) else None


def stream(value: Any) -> Stream | None:
    """Return the value if it is a stream."""
    return value if isinstance(value, Stream) else None


def items(value: Any) -> list[Any]:
    """Return the items of an array, or an empty list for anything else."""
    return list(value) if isinstance(value, Array) else []


def entry(holder: Any, name: str) -> Any:
    """Return the entry `name` of a dictionary or of a stream's dictionary, or None."""
    if isinstance(holder, (Dictionary, Stream)):
        return holder.get(key_for(name))
    return None


def key_for(name: str) -> Any:
    """Return what pikepdf accepts as the key `name`: a `str` only if it is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        raw = name.encode("utf-8", "surrogateescape")[1:]
        return Object.parse(b"/" + b"".join(b"#%02x" % byte for byte in raw))
    return name


def inherited(holder: Any, name: str) -> Any:
    """Return an entry of a page or field, its own or inherited from the nearest ancestor."""
    seen: set[Key] = set()
    while (found := entry(holder, name)) is None:
        holder = entry(holder, "/Parent")
        key = key_of(holder) if dictionary(holder) is not None else None
        if dictionary(holder) is None or key in seen:
            return None
        if key is not None:
            seen.add(key)
    return found


def number(value: Any) -> float | None:
    """Return the value if it is a finite number."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, bytes)):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return found if abs(found) < 1e30 else None


def numbers(value: Any) -> list[float] | None:
    """Return an array's numbers, or None if it holds anything else."""
    found = [number(member) for member in items(value)]
    return [figure for figure in found if figure is not None] if None not in found else None


def name_of(value: Any) -> str:
    """Return a name with its slash, or an empty string for anything else."""
    return bytes(value).decode("utf-8", "surrogateescape") if isinstance(value, Name) else ""


def text_of(value: Any) -> str | None:
    """Return a text string, or None.

    Without a byte order mark it is PDFDocEncoding (7.9.2.2), but Chinese programs write GBK there.
    """
    if not isinstance(value, (pikepdf.String, str)):
        return None
    raw = bytes_of(value)
    if raw and _HANZI.fullmatch(raw) and len(_PAIR.findall(raw)) > 1:
        return raw.decode("gb2312", "replace")
    try:
        return str(value)
    except (UnicodeError, ValueError):
        return None


def bytes_of(value: Any) -> bytes | None:
    """Return a string or name as bytes (the key of a named destination)."""
    if isinstance(value, pikepdf.String):
        return bytes(value)
    return bytes(value)[1:] if isinstance(value, Name) else None


def key_of(value: Object) -> Key | None:
    """Return the identity of an indirect object, or None for a direct one."""
    return value.objgen if getattr(value, "is_indirect", False) else None


def names_of(value: Any) -> list[tuple[str, Any]]:
    """Return the entries of a dictionary (or of a stream's) that are not null."""
    if not isinstance(value, (Dictionary, Stream)):
        return []
    return [(key, found) for key, found in value.items() if found is not None]


def keys_of(value: Any) -> list[str]:
    """Return the keys of a dictionary (or of a stream's)."""
    return list(value.keys()) if isinstance(value, (Dictionary, Stream)) else []


def key_of_xobjects(resources: Any) -> Key | None:
    """Return the identity of the XObjects of resources, if either is indirect."""
    if dictionary(resources) is None:
        return None
    held = entry(resources, "/XObject")
    return key_of(resources) or (key_of(held) if dictionary(held) is not None else None)


def keys_with_nothing(value: Any) -> set[str]:
    """Return the keys of a dictionary that refer to missing objects."""
    if dictionary(value) is None:
        return set()
    return {key for key, found in value.items() if found is None}


def tree_pairs(root: Any, kids_of: str) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs of a name tree (`kids_of` = /Names). Cycles and deep nesting are handled."""
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
    """Return the stream's decoded bytes, up to any damage.

    Raises FileRefused past `bound` bytes, Damaged if nothing can be decoded.
    """
    return decoded_as_far(source, bound)[0]


def decoded_as_far(source: Stream, bound: int) -> tuple[bytes, bool]:
    """Like `decoded`, with whether the data are complete, as far as can be determined."""
    filters = _filters(source)
    plain = all(name in ("/FlateDecode", "/Fl") for name in filters)
    if plain and source.get("/DecodeParms") is None and source.get("/F") is None:
        data, whole = source.read_raw_bytes(), True
        for _ in filters:
            data, all_of_it = _inflated(data, bound)
            whole = whole and all_of_it
        return data, whole
    try:
        data = source.read_bytes(decode_level=pikepdf.StreamDecodeLevel.specialized)
    except pikepdf.PdfError as problem:
        raise Damaged(f"a stream cannot be decoded: {problem}") from problem
    if len(data) > bound:
        raise _past(bound)
    return data, True


def inflated(data: bytes, bound: int) -> bytes:
    """Inflate as much of `data` as possible. Raises FileRefused past `bound` bytes."""
    return _inflated(data, bound)[0]


def _inflated(data: bytes, bound: int) -> tuple[bytes, bool]:
    """Like `inflated`, with whether the data are complete."""
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
            pieces.append(_inflated_in_steps(data, sum(map(len, pieces))) if window > 0 else b"")
        if any(pieces):
            break
    whole = (window > 0 and inflater.eof) or not data or _lacks_only_checksum(data)
    return b"".join(pieces), whole


def _lacks_only_checksum(data: bytes) -> bool:
    """Return whether deflated data are complete but lack the checksum, as some writers leave it
    out.
    """
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    rest = data[2:]
    try:
        while rest and not inflater.eof:
            inflater.decompress(rest, 1 << 22)
            rest = inflater.unconsumed_tail
    except zlib.error:
        return False
    behind = inflater.unused_data[:4]
    return inflater.eof and (len(behind) < 4 or not any(behind))


def _inflated_in_steps(data: bytes, already: int) -> bytes:
    """Inflate in small steps, to get what zlib had decoded before the damage, from `already` on."""
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
    """Return the SHA-256 (hexadecimal) of each stream that is large as stored, by object number."""
    return {
        found.objgen[0]: stream_digest(memoryview(found.get_raw_stream_buffer())).hex()
        for found in pdf.objects
        if isinstance(found, Stream) and (number(found.get("/Length")) or 0) >= LARGE
    }


def new_stream(pdf: Pdf, data: bytes, entries: dict[str, Any]) -> Stream:
    """Return a new indirect stream of `data` whose dictionary has `entries`."""
    made = Stream(pdf, data)
    for name, value in entries.items():
        made[name] = value
    return made


def save(pdf: Pdf, target: Path | BinaryIO) -> None:
    """Write a PDF, streams unchanged, with the same bytes every time. Raises OSError.

    qpdf updates /Size only if the trailer has one. A trailer that it rebuilt for a damaged file has
    none, and without /Size no reader finds the objects; so it is added here.
    """
    pdf.trailer["/Size"] = 1
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
