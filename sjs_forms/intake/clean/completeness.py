"""Checks that everything a page draws exists and every stream decodes to its end.

Each object is examined once.
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, PdfImage, Stream
from PIL import Image

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.pdf.content_names import names_used
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import (
    Key,
    decoded_as_far,
    dictionary,
    entry,
    items,
    key_of,
    name_of,
    names_of,
    number,
    stream,
)

_PAINTS = re.compile(
    rb"(?<![A-Za-z0-9/])(?:T[jJ]|['\"]|Do|[fF]\*?|[Ss]|[bB]\*?|sh|EI)(?![A-Za-z0-9])"
)
_NOT_DRAWN = {
    "/LastModified",
    "/Length",
    "/Metadata",
    "/OC",
    "/P",
    "/Parent",
    "/PieceInfo",
    "/Ref",
    "/StructParent",
    "/StructParents",
    "/Thumb",
}
_FILLS = (b"\x00" * 512, b"\x55" * 512)
_CHANNELS = {"/DeviceGray": 1, "/CalGray": 1, "/Indexed": 1, "/Separation": 1}
_CHANNELS |= {"/DeviceRGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4}
_UNPACKED = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}


@dataclass(frozen=True, slots=True)
class Completeness:
    """The properties of an object: whether it lacks something or paints, and what it uses."""

    lacks: bool
    paints: bool
    uses: tuple[Any, ...] = ()


def completeness_of(pdf: Pdf, wanted: Iterable[int], bound: int) -> dict[int, Completeness]:
    """Return the completeness of the given pages (from 0), once they are plain.

    `bound` is the limit in bytes on an unpacked stream.
    """
    walk = _Walk(pdf, bound)
    return {at: walk.of_page(pdf.pages[at].obj) for at in wanted}


class _Walk:
    """Examines each object once, however many pages use it."""

    def __init__(self, pdf: Pdf, bound: int) -> None:
        self._pdf = pdf
        self._bound = bound
        self._seen: dict[Key, Completeness] = {}

    def of_page(self, page: Any) -> Completeness:
        """Examine a page of a clean PDF and everything it draws."""
        waiting = list(_entries_of(entry(page, "/Resources"), "/XObject").values())
        met: set[Key] = set()
        lacks, paints = False, False
        while waiting:
            thing = waiting.pop()
            key = key_of(thing)
            if key is not None and key in met:
                continue
            if key is None:
                seen = self._of(thing)
            else:
                met.add(key)
                if key not in self._seen:
                    self._seen[key] = self._of(thing)
                seen = self._seen[key]
            lacks, paints = lacks or seen.lacks, paints or seen.paints
            waiting.extend(seen.uses)
        return Completeness(lacks, paints)

    def _of(self, thing: Any) -> Completeness:
        if isinstance(thing, Array):
            return _parts(list(thing))
        if stream(thing) is None:
            return _parts([value for key, value in thing.items() if key not in _NOT_DRAWN])
        kind = name_of(thing.get("/Subtype"))
        if kind == "/Form":
            return self._of_form(thing)
        inside = _parts([value for key, value in thing.items() if key not in _NOT_DRAWN])
        if kind == "/Image":
            whole = is_whole(self._pdf, thing, self._bound)
        else:
            data, whole = self._decoded(thing)
            whole = whole and bool(data)
        return Completeness(inside.lacks or not whole, kind == "/Image", inside.uses)

    def _of_form(self, form: Stream) -> Completeness:
        data, whole = self._decoded(form)
        used: dict[str, bool] = {}
        for name, draws in names_used(data):
            used[name] = used.get(name, False) or draws
        resources = form.get("/Resources")
        things = _entries_of(resources, "/XObject")
        values = [things.get(name) for name, draws in sorted(used.items()) if draws]
        for category, _ in names_of(resources):
            if category != "/XObject":
                held = _entries_of(resources, category)
                values += [value for name, value in sorted(held.items()) if name in used]
        inside = _parts(values)
        return Completeness(inside.lacks or not whole, bool(_PAINTS.search(data)), inside.uses)

    def _decoded(self, source: Stream) -> tuple[bytes, bool]:
        try:
            return decoded_as_far(source, self._bound)
        except (Damaged, FileRefused, pikepdf.PdfError):
            return b"", False


def _parts(values: list[Any]) -> Completeness:
    """Combine values that must all exist; containers are examined later."""
    uses = [value for value in values if isinstance(value, (Array, Dictionary, Stream))]
    return Completeness(any(value is None for value in values), False, tuple(uses))


def _entries_of(resources: Any, category: str) -> dict[str, Any]:
    """Return the resources of one category, including entries that lead nowhere."""
    held = dictionary(entry(resources, category))
    return {} if held is None else dict(held.items())


def is_whole(pdf: Pdf, image: Stream, bound: int) -> bool:
    """Return whether a picture's data decode to their end, as far as that can be determined."""
    filters = [name_of(one) for one in items(image.get("/Filter")) or [image.get("/Filter")]]
    last = filters[-1]
    try:
        raw = image.read_raw_bytes()
        if not raw:
            return False
        if last == "/DCTDecode" and len(filters) == 1:
            return _is_whole_jpeg(raw)
        if last == "/JPXDecode" and len(filters) == 1:
            _pixels(raw)
        elif last == "/CCITTFaxDecode" and len(filters) == 1:
            return _is_whole_fax(pdf, image, raw)
        elif all(name in _UNPACKED or not name for name in filters):
            return len(decoded_as_far(image, bound)[0]) >= _bytes_of(image)
    except (Damaged, FileRefused, pikepdf.PdfError, OSError, ValueError, SyntaxError):
        return False
    except (NotImplementedError, TypeError, RuntimeError):
        return True
    return True


def _pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=["JPEG", "JPEG2000"]) as picture:
        return picture.tobytes()


def _is_whole_jpeg(data: bytes) -> bool:
    """Return whether a JPEG is complete.

    If only its end mark is missing, it decodes the same with any bytes appended; a truncated one
    does not.
    """
    try:
        _pixels(data)
    except OSError:
        one, other = (_pixels(data + fill + b"\xff\xd9") for fill in _FILLS)
        return one == other
    return True


def _is_whole_fax(pdf: Pdf, image: Stream, raw: bytes) -> bool:
    """Return whether fax data are complete. They need no end mark: see `_is_whole_jpeg`."""
    pictures = []
    for fill in _FILLS:
        copy = Stream(pdf, raw + fill)
        for key in ("/Width", "/Height", "/DecodeParms"):
            if image.get(key) is not None:
                copy[key] = image.get(key)
        copy.Filter, copy.ColorSpace = Name.CCITTFaxDecode, Name.DeviceGray
        copy.Subtype, copy.BitsPerComponent = Name.Image, 1
        pictures.append(PdfImage(copy).as_pil_image().tobytes())
    return pictures[0] == pictures[1]


def _bytes_of(image: Stream) -> int:
    """Return the number of bytes of a picture's samples, or 0 if uncertain."""
    space = image.get("/ColorSpace")
    kind = name_of(space) or name_of(next(iter(items(space)), None))
    bits = int(number(image.get("/BitsPerComponent")) or 0)
    if entry(image, "/ImageMask") is True:
        kind, bits = "/DeviceGray", 1
    across, down = int(number(image.get("/Width")) or 0), int(number(image.get("/Height")) or 0)
    return down * (-(-across * bits * _CHANNELS.get(kind, 0) // 8))
