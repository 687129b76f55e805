"""Character maps: reads those in a file within limits, and writes our own."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Pdf, Stream

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import decoded, items, name_of, number

Space = tuple[bytes, bytes]
"""A range of codes of one length: each byte lies between the corresponding bytes of both ends."""

ONE_BYTE: tuple[Space, ...] = ((b"\x00", b"\xff"),)
TWO_BYTES: tuple[Space, ...] = ((b"\x00\x00", b"\xff\xff"),)

MAX_CODES = 70_000
"""Limit on the codes of one map: all of two bytes, and some more."""

_LARGEST_MAP = 8_000_000
_OPERATORS = "endbfchar endbfrange endcidchar endcidrange endcodespacerange usecmap def"
_BLOCK = 100
"""Lines allowed in a block of a map (Adobe technical note 5014)."""


@dataclass(slots=True)
class CodeMap:
    """A parsed CMap stream: its code space, and CIDs and texts by code."""

    spaces: list[Space] = field(default_factory=list)
    cids: dict[bytes, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    vertical: bool = False
    used: str = ""
    left: int = MAX_CODES
    """Codes that may still be added. Repeated ones count too."""


def parsed(source: Stream) -> CodeMap:
    """Parse the map in a stream as far as possible. Texts are keyed by the code's value."""
    found = CodeMap()
    with contextlib.suppress(Damaged, FileRefused, pikepdf.PdfError), Pdf.new() as scratch:
        content = Stream(scratch, decoded(source, _LARGEST_MAP))
        for step in pikepdf.parse_content_stream(content, _OPERATORS):
            _execute(found, str(step.operator), list(step.operands))
    return found


def _execute(found: CodeMap, operator: str, operands: list[Any]) -> None:
    if operator == "def":
        if len(operands) >= 2 and name_of(operands[-2]) == "/WMode":
            found.vertical = number(operands[-1]) == 1
    elif operator == "usecmap":
        found.used = name_of(operands[-1]) if operands else ""
    elif operator == "endcodespacerange":
        codes = [_code(operand) for operand in operands]
        pairs = zip(codes[::2], codes[1::2], strict=False)
        found.spaces += [(a, b) for a, b in pairs if 0 < len(a) == len(b) <= 4][:100]
    elif operator.endswith("char"):
        for code, value in zip(operands[::2], operands[1::2], strict=False):
            _add_code(found, operator, _code(code), value, 0)
    else:
        for run in zip(operands[::3], operands[1::3], operands[2::3], strict=False):
            _add_range(found, operator, *run)


def _add_range(found: CodeMap, operator: str, first: Any, last: Any, value: Any) -> None:
    start, end = _code(first), _code(last)
    if not start or len(start) != len(end):
        return
    listed = items(value)
    begin = int.from_bytes(start)
    count = min(int.from_bytes(end) - begin + 1, len(listed) or MAX_CODES)
    for at in range(count):
        if not found.left:
            return
        code = (begin + at).to_bytes(len(start))
        _add_code(found, operator, code, listed[at] if listed else value, 0 if listed else at)


def _add_code(found: CodeMap, operator: str, code: bytes, value: Any, further: int) -> None:
    """Add one code: its CID, or the text `further` code points after the one named."""
    if not code or not found.left:
        return
    found.left -= 1
    if operator.startswith("endcid"):
        cid = number(value)
        if cid is not None and 0 <= cid + further < 1 << 16:
            found.cids[code] = int(cid) + further
        return
    raw = _code(value)
    if len(raw) == 1:
        raw = b"\0" + raw
    if raw and further:
        last = min(int.from_bytes(raw[-2:]) + further, 0xFFFF)
        raw = raw[:-2] + last.to_bytes(2)
    if raw:
        found.texts[int.from_bytes(code)] = raw[:64].decode("utf-16-be", "replace")


def _code(value: Any) -> bytes:
    return bytes(value) if isinstance(value, pikepdf.String) else b""


def split(data: bytes, spaces: Iterable[Space]) -> Iterator[bytes]:
    """Split a string into codes. Bytes outside all ranges form a code of the shortest length."""
    ranges = list(spaces)
    lengths = sorted({len(first) for first, _ in ranges}) or [1]
    if len(lengths) == 1:
        yield from (data[at : at + lengths[0]] for at in range(0, len(data), lengths[0]))
        return
    known: dict[bytes, bool] = {}
    at = 0
    while at < len(data):
        for length in lengths:
            code = data[at : at + length]
            if code not in known:
                known[code] = any(_lies_in(code, space) for space in ranges)
            if known[code]:
                break
        else:
            code = data[at : at + _nearest(data[at], ranges, lengths[0])]
        yield code
        at += len(code)


def _lies_in(code: bytes, space: Space) -> bool:
    first, last = space
    return len(code) == len(first) and all(
        low <= byte <= high for low, byte, high in zip(first, code, last, strict=True)
    )


def _nearest(lead: int, ranges: list[Space], shortest: int) -> int:
    """Return the length of a code outside all ranges: that of ranges that begin like it
    (9.7.6.3).
    """
    alike = [len(first) for first, last in ranges if first[0] <= lead <= last[0]]
    return min(alike, default=shortest)


def encoding(
    name: str, spaces: Iterable[Space], vertical: bool, cids: Mapping[bytes, int]
) -> bytes:
    """Return a CMap from codes to CIDs (9.7.5)."""
    pairs = [f"<{code.hex()}> {cid}" for code, cid in sorted(cids.items())]
    return _map(name, 1, spaces, "cidchar", pairs, f"/WMode {int(vertical)} def\n")


def to_unicode(name: str, spaces: Iterable[Space], texts: Mapping[bytes, str]) -> bytes:
    """Return a CMap from codes to text, used for search and copying (9.10.3)."""
    pairs = [
        f"<{code.hex()}> <{text.encode('utf-16-be', 'replace').hex()}>"
        for code, text in sorted(texts.items())
    ]
    return _map(name, 2, spaces, "bfchar", pairs)


def _map(
    name: str, kind: int, spaces: Iterable[Space], operator: str, pairs: list[str], more: str = ""
) -> bytes:
    ranges = [f"<{first.hex()}> <{last.hex()}>" for first, last in spaces]
    blocks = [*_blocks("codespacerange", ranges), *_blocks(operator, pairs)]
    ordering = "Identity" if kind == 1 else "UCS"
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> def\n"
        f"/CMapName /{name} def\n/CMapType {kind} def\n{more}"
        + "\n".join(blocks)
        + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")


def _blocks(operator: str, lines: list[str]) -> Iterator[str]:
    for start in range(0, len(lines), _BLOCK):
        some = lines[start : start + _BLOCK]
        yield "\n".join([f"{len(some)} begin{operator}", *some, f"end{operator}"])
