"""A SHA-256 of what each side of a volume shows, by which two builds are compared sheet by sheet.

The digest covers the page's box, its content as drawn (with placement, printed number and draft
mark), and the resources that the content names, with the bytes of every font and picture. It
excludes object numbers, metadata and links, which are not printed.

Fonts of our own pages are subset over a whole document: one new character anywhere changes the font
of all its pages, but no glyph id (WeasyPrint keeps glyph ids). There the digest takes the font's
name and this program's version. An attachment's fonts are digested byte by byte.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pikepdf

from sjs_forms import __version__
from sjs_forms.base.files.hashing import stream_digest
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.pdf.recursion_depth import FRAMES, allow_depth
from sjs_forms.volume.side_origins import Origin

_NOT_SHOWN = frozenset(
    {
        "/Length",
        "/LastModified",
        "/Metadata",
        "/Name",
        "/OPI",
        "/Parent",
        "/PieceInfo",
        "/StructParent",
        "/StructParents",
    }
)
_NAME = re.compile(rb"/([^\x00\t\n\f\r ()<>\[\]{}/%]+)")
_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_DEEPEST = FRAMES // 3
"""Limit on nesting of objects. pypdf, which writes the volume, copies fewer levels."""
_OURS = f"sjs-forms {__version__}".encode()
_OBJECT = b"Object"
"""pikepdf's type name of an array, as of everything that is no plain value."""
_LONG = 16
"""Arrays of at least this length are tried as integers; most are glyph widths."""
_NONE_KNOWN: Mapping[int, bytes] = MappingProxyType({})


def fingerprints(
    volume: Path,
    ours: Sequence[bool],
    streams: Mapping[int, bytes] = _NONE_KNOWN,
    progress: Progress = quiet,
) -> tuple[str, ...]:
    """Return one digest per page, in hexadecimal. `ours` tells which pages we generated.

    `streams` holds known digests of streams by object number, so that these are not read.
    """
    return compared_with_origins(volume, ours, {}, streams, progress)[0]


def compared_with_origins(
    volume: Path,
    ours: Sequence[bool],
    origins: Mapping[int, Origin],
    streams: Mapping[int, bytes] = _NONE_KNOWN,
    progress: Progress = quiet,
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Like `fingerprints`, with the sides (from 1) that draw something else than their `origins`.

    The content that a side adds of its own is first and last (see `assemble`). Names, fonts,
    pictures and text codes are compared byte for byte. Raises Cancelled.
    """
    allow_depth()
    with pikepdf.open(volume) as pdf:
        makers = {own: _Fingerprint(own, streams) for own in (False, True)}
        digests, drawings = [], {}
        for side, (page, own) in enumerate(zip(pdf.pages, ours, strict=True), start=1):
            progress.check()
            digests.append(makers[own].of_page(page.obj).hex())
            if side in origins:
                drawings[side] = makers[own].of_drawing(page.obj, list(page.obj.Contents)[1:-1])
    given = _drawings(origins, ours, progress)
    return tuple(digests), tuple(side for side in origins if drawings[side] != given[side])


def _drawings(
    origins: Mapping[int, Origin], ours: Sequence[bool], progress: Progress
) -> dict[int, bytes]:
    """Return digests of what the origins draw, by side, in the order of the volume.

    The order matters: the digest of objects that refer to each other depends on which came first. A
    PDF that comes up again after others is reopened with its digests kept; one open PDF at a time
    bounds memory.
    """
    found: dict[int, bytes] = {}
    makers: dict[tuple[Path | bytes, bool], _Copied] = {}
    turns = groupby(sorted(origins.items()), lambda one: (one[1].data, ours[one[0] - 1]))
    for key, turn in turns:
        pages = tuple(turn)
        known = {number: bytes.fromhex(one) for number, one in pages[0][1].streams.items()}
        maker = makers.setdefault(key, _Copied(key[1], known))
        with pikepdf.open(pages[0][1].opened()) as pdf:
            for side, origin in pages:
                progress.check()
                page = pdf.pages[origin.page].obj
                found[side] = maker.of_drawing(page, _contents(page))
    return found


class _Fingerprint:
    """Computes digests of objects. Each indirect object is read once, even if pages share it."""

    def __init__(self, ours: bool, streams: Mapping[int, bytes]) -> None:
        self._ours = ours
        self._streams = streams
        self._known: dict[tuple[int, int], bytes] = {}

    def of_page(self, page: Any) -> bytes:
        """Return the digest of one page."""
        found = sha256(_OURS if self._ours else b"")
        found.update(self._of(page.MediaBox, 0))
        self._add(found, page, _contents(page))
        return found.digest()

    def of_drawing(self, page: Any, contents: Sequence[Any]) -> bytes:
        """Return the digest of part of a page's content, independent of its placement."""
        found = sha256()
        self._add(found, page, contents)
        return found.digest()

    def _add(self, found: Any, page: Any, contents: Sequence[Any]) -> None:
        drawn = b"\n".join(stream.read_bytes() for stream in contents)
        found.update(sha256(drawn).digest())
        for category, name, value in _named(page.get("/Resources", {}), drawn):
            found.update(f"{category}{name}".encode("utf-8", "surrogateescape"))
            found.update(self._of(value, 0))

    def _number(self, value: Decimal) -> Decimal | int:
        return value

    def _of(self, thing: Any, depth: int) -> bytes:
        """Return the digest of an object and everything below it. A cycle is digested as
        its depth.
        """
        if not isinstance(thing, pikepdf.Object) or not thing.is_indirect:
            return self._computed(thing, depth)
        if thing.objgen not in self._known:
            self._known[thing.objgen] = b"loop"
            self._known[thing.objgen] = self._computed(thing, depth)
        return self._known[thing.objgen]

    def _computed(self, thing: Any, depth: int) -> bytes:
        if depth > _DEEPEST:
            return b"deep"
        if not isinstance(thing, pikepdf.Object):
            return _of_scalar(self._number(thing) if isinstance(thing, Decimal) else thing)
        found = sha256(_OBJECT)
        if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            if self._ours and thing.get("/Type") == "/Font":
                return sha256(str(thing.get("/BaseFont")).rpartition("+")[2].encode()).digest()
            entries = {key: value for key, value in thing.items() if key not in _NOT_SHOWN}
            for key in sorted(entries):
                found.update(key.encode("utf-8", "surrogateescape"))
                found.update(self._of(entries[key], depth + 1))
            if isinstance(thing, pikepdf.Stream):
                known = self._streams.get(thing.objgen[0])
                found.update(known or stream_digest(memoryview(thing.get_raw_stream_buffer())))
        elif isinstance(thing, pikepdf.Array):
            if len(thing) < _LONG or (quick := _of_integers(thing)) is None:
                for item in thing:
                    found.update(self._of(item, depth + 1))
            else:
                return quick
        else:
            plain = isinstance(thing, (pikepdf.Name, pikepdf.String))
            found.update(bytes(thing) if plain else str(thing).encode("utf-8"))
        return found.digest()


def _of_integers(array: Any) -> bytes | None:
    """Return the digest of a (nested) array of integers; None if it holds anything else.

    It equals that of `_Fingerprint` and is much faster: most objects of a PDF are widths.
    """
    try:
        return _of_plain(json.loads(array.to_json(), parse_float=str))
    except (TypeError, RecursionError):
        return None


def _of_plain(value: Any) -> bytes:
    if type(value) is int:
        return _of_scalar(value)
    if type(value) is not list:
        raise TypeError(value)
    return sha256(_OBJECT + b"".join(map(_of_plain, value))).digest()


def _of_scalar(value: Any) -> bytes:
    return _of_text(f"{type(value).__name__}{value}")


@lru_cache(maxsize=4096)
def _of_text(text: str) -> bytes:
    return sha256(text.encode()).digest()


class _Copied(_Fingerprint):
    """Digests of a PDF before pypdf copies its pages: numbers count as pypdf will write them."""

    def _number(self, value: Decimal) -> Decimal | int:
        from pypdf.generic import FloatObject

        written = FloatObject(value).myrepr()
        return Decimal(written) if "." in written else int(written)


def _contents(page: Any) -> list[Any]:
    contents = page.get("/Contents", ())
    return [contents] if isinstance(contents, pikepdf.Stream) else list(contents)


def _named(resources: Any, drawn: bytes) -> Iterator[tuple[str, str, Any]]:
    """Yield the resources that content names, sorted by name.

    Yields all of them if a form has no resources and so uses its page's.
    """
    used = {
        _HEX.sub(lambda found: bytes([int(found.group(1), 16)]), match).decode(
            "utf-8", "surrogateescape"
        )
        for match in _NAME.findall(drawn)
    }
    everything = any(
        thing.get("/Subtype") == "/Form" and "/Resources" not in thing
        for thing in dict(resources.get("/XObject", {})).values()
        if isinstance(thing, pikepdf.Stream)
    )
    for category in sorted(resources.keys()):
        held = resources[category]
        if not isinstance(held, pikepdf.Dictionary):
            continue
        entries = dict(held.items())
        for name in sorted(entries):
            if everything or name[1:] in used:
                yield category, name, entries[name]
