"""Replaces formulas by stored results in Excel 97–2003 (.xls) and binary workbooks (.xlsb).

In .xls ([MS-XLS] 2.4.127) a formula's record becomes that of a plain cell of the same length, so
that no offset changes. Readers ignore the bytes after the value.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

_FORMULA, _STRING, _NUMBER, _LABEL, _BOOLERR = 0x0006, 0x0207, 0x0203, 0x0204, 0x0205
_FILEPASS, _BLANK, _HEADER, _FOOTER = 0x002F, 0x0201, 0x0014, 0x0015
_CONTINUE, _FILLER = 0x003C, 0x1FFF
_SHARED = frozenset({0x04BC, 0x0221, 0x0236})
"""SHRFMLA, ARRAY and TABLE: formula texts between a formula and its text result."""
_NO_TEXT = b"\3\0\0\0\0\0\xff\xff"
"""The result of a formula with an empty text; also of all formulas never calculated."""
_CLOCK = re.compile(rb"[!Aa][\xdd\x4a\x3f]\0|[\"Bb].(?:\xdd\0|\x4a\0|\x3f\0|\x7d\0|\xf4\0)", re.S)
"""TODAY, NOW, RAND, CELL and INFO in a parsed formula (2.5.198.62, 2.5.198.63)."""
_BINARY_CELLS = {8: 6, 9: 5, 10: 4, 11: 3}
"""Records of .xlsb ([MS-XLSB] 2.5.97): formulas with text, number, truth value, error."""


def freeze_excel97(path: Path) -> tuple[bool, bool]:
    """Modify our copy at `path`. Returns whether it was understood, and asks for the clock.

    Raises OSError, and olefile's errors for a damaged container.
    """
    with olefile.OleFileIO(str(path), write_mode=True) as container:
        name = "Workbook" if container.exists("Workbook") else "Book"
        stream = _Stream(bytearray(container.openstream(name).read()))
        if any(kind == _FILEPASS for kind, _, _ in stream.records):
            return False, False  # the rest is encrypted
        stream.freeze()
        container.write_stream(name, bytes(stream.data))
    return True, stream.clock


class _Stream:
    """A workbook stream while its formulas are replaced."""

    def __init__(self, data: bytearray) -> None:
        self.data = data
        self.records = list(_records(data))
        self.clock = False
        results = [
            bytes(data[at + 6 : at + 14])
            for kind, at, length in self.records
            if kind == _FORMULA and length >= 20
        ]
        self._reckoned = any(result != _NO_TEXT for result in results)

    def freeze(self) -> None:
        """Turn formulas into cells, and remove the file's path from headers."""
        waiting: tuple[int, int] | None = None
        following = [kind for kind, _, _ in self.records[1:]] + [0]
        for (kind, at, length), after in zip(self.records, following, strict=True):
            if kind == _STRING and waiting is not None and after != _CONTINUE:
                _as_label(self.data, waiting, at, length)
            if kind == _FORMULA and length >= 20:
                waiting = self._freeze(at, length)
            elif kind not in _SHARED:
                waiting = None
            if kind in (_HEADER, _FOOTER):
                _drop_paths(self.data, at, length)

    def _freeze(self, at: int, length: int) -> tuple[int, int] | None:
        """Replace a formula by its value. For a text, which follows, returns its offset
        and length.
        """
        result = bytes(self.data[at + 6 : at + 14])
        if not self._reckoned:
            if _CLOCK.search(self.data, at + 22, at + length):
                self.clock = True
                self._become(_BLANK, at)
        elif result[6:] != b"\xff\xff":
            self._become(_NUMBER, at)
        elif result[0] == 0:
            return at, length
        elif result[0] in (1, 2):
            self._become(_BOOLERR, at)
            self.data[at + 6 : at + 8] = bytes((result[2], result[0] - 1))
        else:
            self._become(_BLANK, at)
        return None

    def _become(self, kind: int, at: int) -> None:
        struct.pack_into("<H", self.data, at - 4, kind)


def _records(data: bytearray) -> Iterator[tuple[int, int, int]]:
    """Yield the type, offset and length of each record."""
    at = 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if at + 4 + length > len(data):
            return
        yield kind, at + 4, length
        at += 4 + length


def _as_label(data: bytearray, formula: tuple[int, int], at: int, length: int) -> None:
    """Turn a formula and the text after it into a text cell, and pad the remaining bytes."""
    start, size = formula
    if start + size + 4 > at or at + length - start < 6 + length + 4:
        return
    cell = bytes(data[start : start + 6]) + bytes(data[at : at + length])
    whole = at + length - start
    filler = whole - len(cell) - 4
    made = struct.pack("<HH", _LABEL, len(cell)) + cell
    data[start - 4 : at + length] = made + struct.pack("<HH", _FILLER, filler) + bytes(filler)


def _drop_paths(data: bytearray, at: int, length: int) -> None:
    """Blank the code for the file's path, in one-byte or two-byte characters."""
    for code in (b"&Z", b"&z", b"&\0Z\0", b"&\0z\0"):
        blank = b"  " if len(code) == 2 else b" \0 \0"
        data[at : at + length] = data[at : at + length].replace(code, blank)


def freeze_binary_sheet(data: bytes) -> bytes:
    """Return a sheet of an .xlsb with each formula record replaced by a value record."""
    made = bytearray(data)
    at = 0
    while at < len(made):
        kind, start = _variable(made, at, 2)
        length, content = _variable(made, start, 4)
        if start == at + 1 and kind in _BINARY_CELLS:
            made[at] = _BINARY_CELLS[kind]
        at = content + length
    return bytes(made)


def _variable(data: bytearray, at: int, most: int) -> tuple[int, int]:
    """Return a variable-length number (seven bits per byte), and where it ends."""
    value = 0
    for place in range(most):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            break
    return value, at
