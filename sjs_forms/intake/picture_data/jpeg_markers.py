"""Walks over the markers of JPEG data (ITU-T T.81, annex B), and says which are out of place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_MARKER = re.compile(rb"\xff[^\x00\xff]")
_IMAGE_END, _SCAN, _TABLES, _INTERVAL = 0xD9, 0xDA, 0xC4, 0xDD
_END_MARK = bytes((0xFF, _IMAGE_END))
_RESTARTS = range(0xD0, 0xD8)
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL, _PROGRESSIVE = (0xC0, 0xC1, 0xC9), (0xC2, 0xCA)
_BETWEEN_SCANS = {_TABLES, _SCAN, 0xDB, _INTERVAL, 0xFE, *range(0xE0, 0xF0)}
_COEFFICIENTS = 64


@dataclass(slots=True)
class Markers:
    """What the markers of JPEG data say.

    `start` and `end` enclose the coded data, `misplaced` says that a marker is where none belongs
    (not looked for where decoders stop at it), `lacking` that a part of a component is in no scan.
    `zeros_are_empty` says that zeros encode empty blocks, `progressive` that the picture comes in
    many scans, from coarse to fine. `pixels` is 0 if the size is not stated.
    """

    start: int
    end: int
    misplaced: bool = False
    lacking: bool = False
    zeros_are_empty: bool = True
    progressive: bool = False
    pixels: int = 0


@dataclass(slots=True)
class _Frame:
    """A frame header (B.2.2), the bits still missing of each coefficient, and restarts."""

    kind: int
    across: int
    down: int
    factors: dict[int, int]
    interval: int = 0
    missing: dict[int, list[int]] = field(default_factory=dict)

    def units(self) -> int:
        """Return the number of coded units in a scan of all components (A.2.2, A.2.3)."""
        if len(self.factors) == 1:
            wide = high = 1
        else:
            wide = max(one >> 4 for one in self.factors.values()) or 1
            high = max(one & 15 for one in self.factors.values()) or 1
        return -(-self.across // (8 * wide)) * -(-self.down // (8 * high))

    def is_in_one_scan(self, body: bytes) -> bool:
        """Return whether the scan of this header has all there is of the picture."""
        return self.kind in _SEQUENTIAL and body[0] == len(self.factors)

    def note_scan(self, body: bytes) -> None:
        """Note which coefficients a scan brings, and down to which bit (B.2.3, G.1.1.1)."""
        count = body[0]
        if len(body) < 4 + 2 * count:
            return
        first, last, bit = body[1 + 2 * count], body[2 + 2 * count], body[3 + 2 * count] & 15
        if self.kind in _SEQUENTIAL:
            first, last, bit = 0, _COEFFICIENTS - 1, 0
        for at in range(count):
            own = self.missing.setdefault(body[1 + 2 * at], [_COEFFICIENTS] * _COEFFICIENTS)
            for index in range(first, min(last + 1, _COEFFICIENTS)):
                own[index] = min(own[index], bit)

    def is_lacking(self) -> bool:
        """Return whether a coefficient of a component is in no scan, or without its last bit."""
        if self.kind not in (*_SEQUENTIAL, *_PROGRESSIVE):
            return False
        return any(any(self.missing.get(one, [1])) for one in self.factors)


def markers_of(data: bytes) -> Markers | None:
    """Walk over JPEG data; less than a millisecond for a megabyte. None if they are none."""
    frame: _Frame | None = None
    interval, zeros_are_empty = 0, True
    for marker, start, end in _segments(data):
        body = data[start:end]
        if marker in _FRAMES:
            frame = _frame_of(marker, body)
        elif marker == _INTERVAL:
            interval = int.from_bytes(body[:2], "big")
        elif marker == _TABLES:
            zeros_are_empty = zeros_are_empty and _zeros_are_empty(body)
        elif marker == _SCAN and frame is not None and body:
            frame.interval = interval
            found = Markers(end, len(data), zeros_are_empty=zeros_are_empty)
            found.progressive = frame.kind in _PROGRESSIVE
            found.pixels = frame.across * frame.down
            _walk(data, frame, body, found)
            return found
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the marker of each segment up to the first scan, and where its body starts and ends."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield marker, at + 4, end
        if marker == _SCAN:
            return
        at = end


def _frame_of(kind: int, body: bytes) -> _Frame | None:
    """Read a frame header; None if it is cut, or the height is stated only after the scan."""
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        return None
    down, across = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    factors = {body[6 + 3 * at]: body[7 + 3 * at] for at in range(body[5])}
    return _Frame(kind, across, down, factors) if down and across and factors else None


def _zeros_are_empty(body: bytes) -> bool:
    """Return whether zeros end a block in all tables of a segment (B.2.4.2).

    The first value of a table has the code of zeros. Tables made for one picture may give it to
    the end of a block, so that white paper is a run of zeros.
    """
    at = 0
    while at + 17 < len(body):
        if body[at] >> 4 and body[at + 17]:
            return False
        at += 17 + sum(body[at + 1 : at + 17])
    return True


def _walk(data: bytes, frame: _Frame, body: bytes, found: Markers) -> None:
    """Walk over the coded data from the first scan, whose header is `body`, to the end mark."""
    is_alone = frame.is_in_one_scan(body)
    frame.note_scan(body)
    if is_alone and not frame.interval:
        # Decoders stop at any marker here, and show it by grey: no need to search for it. Behind
        # the picture there may be others, so that it seems to end too early: only a cause to look.
        found.end = data.rfind(_END_MARK, found.start)
        found.end = len(data) if found.end < 0 else found.end
        return
    restarts, at = 0, found.start
    while (met := _MARKER.search(data, at)) is not None:
        marker, at = data[met.start() + 1], met.end()
        if marker in _RESTARTS:
            if not frame.interval or marker != _RESTARTS[restarts % 8]:
                found.misplaced = True
                return
            restarts += 1
        elif marker == _IMAGE_END:
            found.end = met.start()
            found.lacking = frame.is_lacking()
            if is_alone and frame.interval:
                found.misplaced = restarts != -(-frame.units() // frame.interval) - 1
            return
        elif is_alone or marker not in _BETWEEN_SCANS:
            found.misplaced = True
            return
        else:
            end = at + int.from_bytes(data[at : at + 2], "big")
            segment = data[at + 2 : end]
            if marker == _INTERVAL:
                frame.interval = int.from_bytes(segment[:2], "big")
            elif marker == _SCAN and segment:
                frame.note_scan(segment)
                restarts = 0
            at = end
