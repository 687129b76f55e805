"""Reads the picture of an electronic seal from its DER structure.

SES_Signature and SESeal differ between GM/T 0031-2014 (version 1) and GB/T 38540-2020 (version 4).
SES_ESPictureInfo within them is the same in both: SEQUENCE { type IA5String, data OCTET STRING,
width INTEGER, height INTEGER }. It is found by this structure alone, so that other versions and
envelopes (PKCS #7) are read too. Nothing is verified.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

_CONSTRUCTED, _NUMBER = 0x20, 0x1F
_INTEGER, _BITS, _OCTETS = 0x02, 0x03, 0x04
_SEQUENCE, _OCTETS_IN_PARTS = 0x30, 0x24
_STRINGS = frozenset({0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A, 0x1E})
"""UTF8String, NumericString, PrintableString, T61String, IA5String, VisibleString, BMPString."""

_INDEFINITE = 0x80
_DEEPEST = 32
_MOST = 20_000
"""Limit on the elements of one structure."""

_LARGEST_SIDE = 2_000
"""Limit in millimetres on the side of a seal."""

_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")


@dataclass(frozen=True, slots=True)
class SealPicture:
    """The picture of a seal; `form` as stated, in lower case (png, gif, jpg, bmp, ofd, svg).

    `width` and `height` are in millimetres; 0 if the structure states none.
    """

    form: str
    data: bytes
    width: float
    height: float


class _Malformed(Exception):
    """Raised for bytes that are not BER."""


@dataclass(frozen=True, slots=True)
class _Element:
    """An element of BER: its tag, and where its content starts and ends."""

    tag: int
    start: int
    end: int

    @property
    def is_constructed(self) -> bool:
        return bool(self.tag & _CONSTRUCTED)


def seal_picture(signed_value: bytes) -> SealPicture | None:
    """Return the picture in a SES_Signature or SESeal, or None if there is no readable one."""
    for data in _readings(signed_value):
        found = _Reader(data).picture()
        if found is not None:
            return found
    return None


def _readings(data: bytes) -> Iterator[bytes]:
    """Yield the bytes as stored, and decoded if they are text in Base64."""
    yield data
    if data[:1] != b"\x30" and _BASE64.fullmatch(data):
        try:
            yield base64.b64decode(b"".join(data.split()))
        except (binascii.Error, ValueError):
            return


class _Reader:
    """Searches a structure for the picture, within bounds on depth and number of elements."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = _MOST

    def picture(self) -> SealPicture | None:
        """Search the structure itself, then the contents of its OCTET STRINGs."""
        for into_strings in (False, True):
            self._left = _MOST
            try:
                found = self._search(0, len(self._data), 0, into_strings)
            except _Malformed:
                found = None
            if found is not None:
                return found
        return None

    def _search(self, start: int, end: int, depth: int, into_strings: bool) -> SealPicture | None:
        """Return the first picture among the elements of a range, or nested in them."""
        if depth > _DEEPEST:
            return None
        for element in self._elements(start, end):
            if element.tag == _SEQUENCE and (found := self._as_picture(element)):
                return found
            inner = self._inner(element, into_strings)
            if inner is None:
                continue
            try:
                found = self._search(*inner, depth + 1, into_strings)
            except _Malformed:
                if not into_strings and not element.is_constructed:
                    raise
                continue
            if found is not None:
                return found
        return None

    def _inner(self, element: _Element, into_strings: bool) -> tuple[int, int] | None:
        """Return the range within an element that may contain further elements."""
        if element.is_constructed:
            return element.start, element.end
        if into_strings and element.tag == _OCTETS:
            return element.start, element.end
        if into_strings and element.tag == _BITS:
            return min(element.start + 1, element.end), element.end
        return None

    def _as_picture(self, element: _Element) -> SealPicture | None:
        """Return the picture in a SEQUENCE of a string, octets and two numbers, or None."""
        try:
            parts = list(self._elements(element.start, element.end, most=5))
        except _Malformed:
            return None
        if len(parts) < 2 or parts[0].tag not in _STRINGS:
            return None
        data = self._octets(parts[1], 0)
        numbers = [self._integer(part) for part in parts[2:4] if part.tag == _INTEGER]
        if not data or len(numbers) not in (0, 2) or len(parts) - 2 != len(numbers):
            return None
        form = self._data[parts[0].start : parts[0].end].replace(b"\0", b"")
        sides = [side if 0 < side <= _LARGEST_SIDE else 0.0 for side in numbers] or [0.0, 0.0]
        return SealPicture(form.decode("ascii", "replace").strip().lower(), data, *sides)

    def _octets(self, element: _Element, depth: int) -> bytes:
        """Return the content of an OCTET STRING, which BER may divide into several."""
        if element.tag == _OCTETS:
            return self._data[element.start : element.end]
        if element.tag != _OCTETS_IN_PARTS or depth > _DEEPEST:
            return b""
        parts = self._elements(element.start, element.end)
        return b"".join(self._octets(part, depth + 1) for part in parts)

    def _integer(self, element: _Element) -> float:
        content = self._data[element.start : min(element.end, element.start + 8)]
        return float(int.from_bytes(content, signed=True))

    def _elements(self, start: int, end: int, most: int = _MOST) -> Iterator[_Element]:
        """Yield up to `most` elements of a range. Raises _Malformed."""
        while start < end and most > 0:
            element, start = self._element(start, end, 0)
            if element.tag == 0:  # end of contents
                return
            yield element
            most -= 1

    def _element(self, at: int, end: int, depth: int) -> tuple[_Element, int]:
        """Return the element that starts at an offset, and the offset behind it."""
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST or at + 2 > end:
            raise _Malformed
        tag, length = self._data[at], self._data[at + 1]
        at += 2
        if tag & _NUMBER == _NUMBER:
            raise _Malformed
        if length == _INDEFINITE:
            if not tag & _CONSTRUCTED:
                raise _Malformed
            return self._to_its_end(tag, at, end, depth)
        if length > _INDEFINITE:
            count = length & 0x7F
            length = int.from_bytes(self._data[at : at + count])
            at += count
        # The last element of a truncated file states more bytes than exist; those are read.
        stop = min(at + length, end)
        return _Element(tag, at, stop), stop

    def _to_its_end(self, tag: int, start: int, end: int, depth: int) -> tuple[_Element, int]:
        """Return an element of indefinite length, which ends with two zero bytes."""
        at = start
        while at < end:
            inner, behind = self._element(at, end, depth + 1)
            if inner.tag == 0 and inner.start == inner.end:
                return _Element(tag, start, at), behind
            at = behind
        return _Element(tag, start, end), end
