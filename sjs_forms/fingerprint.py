"""A SHA-256 of what each side of a volume shows, so that two builds can be told apart by sheet.

What is hashed: the page's box, its content as drawn (with placement, printed number and a
draft's mark), and whatever of its resources that content names, down to the bytes of every font
and picture. Object numbers, metadata and links do not count, for paper shows none of them.

The fonts of our own pages are subset over a whole document: one new character anywhere changes
the font of all its pages, but no glyph's number (WeasyPrint keeps glyph ids). There the font
counts by its name and this program's version. An attachment's fonts count byte by byte.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pikepdf

from sjs_forms import __version__
from sjs_forms.digests import stream_digest

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
_DEEPEST = 60
_OURS = f"sjs-forms {__version__}".encode()
_NONE_KNOWN: Mapping[int, bytes] = MappingProxyType({})


def fingerprints(
    volume: Path, ours: Sequence[bool], streams: Mapping[int, bytes] = _NONE_KNOWN
) -> tuple[str, ...]:
    """One digest a page, in hexadecimal; `ours` says of each page that we generated it.

    `streams` has the digests of streams, by object number, that need not be read for it.
    """
    with pikepdf.open(volume) as pdf:
        makers = {own: _Fingerprint(own, streams) for own in (False, True)}
        return tuple(
            makers[own].of_page(page.obj).hex() for page, own in zip(pdf.pages, ours, strict=True)
        )


class _Fingerprint:
    """Digests of objects; each indirect one is read once, however many pages share it."""

    def __init__(self, ours: bool, streams: Mapping[int, bytes]) -> None:
        self._ours = ours
        self._streams = streams
        self._known: dict[tuple[int, int], bytes] = {}

    def of_page(self, page: Any) -> bytes:
        """The digest of one page."""
        contents = page.get("/Contents", ())
        streams = [contents] if isinstance(contents, pikepdf.Stream) else list(contents)
        drawn = b"\n".join(stream.read_bytes() for stream in streams)
        found = sha256(_OURS if self._ours else b"")
        found.update(self._of(page.MediaBox, 0))
        found.update(sha256(drawn).digest())
        for category, name, value in _named(page.get("/Resources", {}), drawn):
            found.update(f"{category}{name}".encode("utf-8", "surrogateescape"))
            found.update(self._of(value, 0))
        return found.digest()

    def _of(self, thing: Any, depth: int) -> bytes:
        """The digest of an object and all below it; a loop counts by its depth."""
        if not isinstance(thing, pikepdf.Object) or not thing.is_indirect:
            return self._computed(thing, depth)
        if thing.objgen not in self._known:
            self._known[thing.objgen] = b"loop"
            self._known[thing.objgen] = self._computed(thing, depth)
        return self._known[thing.objgen]

    def _computed(self, thing: Any, depth: int) -> bytes:
        if depth > _DEEPEST:
            return b"deep"
        found = sha256(type(thing).__name__.encode())
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            if self._ours and thing.get("/Type") == "/Font":
                return sha256(str(thing.get("/BaseFont")).rpartition("+")[2].encode()).digest()
            for key in sorted(set(thing.keys()) - _NOT_SHOWN):
                found.update(key.encode("utf-8", "surrogateescape"))
                found.update(self._of(thing[key], depth + 1))
            if isinstance(thing, pikepdf.Stream):
                known = self._streams.get(thing.objgen[0])
                found.update(known or stream_digest(thing.read_raw_bytes()))
        elif isinstance(thing, pikepdf.Array):
            for item in thing:
                found.update(self._of(item, depth + 1))
        else:
            found.update(
                bytes(thing) if isinstance(thing, pikepdf.String) else str(thing).encode("utf-8")
            )
        return found.digest()


def _named(resources: Any, drawn: bytes) -> Iterator[tuple[str, str, Any]]:
    """The resources that content names, in order of name.

    All of them where a form brings no resources of its own and so takes its page's.
    """
    used = {match.decode("utf-8", "surrogateescape") for match in _NAME.findall(drawn)}
    everything = any(
        thing.get("/Subtype") == "/Form" and "/Resources" not in thing
        for thing in dict(resources.get("/XObject", {})).values()
        if isinstance(thing, pikepdf.Stream)
    )
    for category in sorted(resources.keys()):
        held = resources[category]
        if not isinstance(held, pikepdf.Dictionary):
            continue
        for name in sorted(held.keys()):
            if everything or "#" in name or name[1:] in used:
                yield category, name, held[name]
