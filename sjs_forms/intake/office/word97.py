"""Replaces fields by stored results in Word 97–2003 (.doc).

The type of each field is one byte in a table ([MS-DOC] 2.8.25, 2.9.90). Changed to a formula, which
LibreOffice does not calculate, a field shows its result; no offset changes.
"""

import struct
from pathlib import Path

import olefile

_MAGIC = (0xA5EC, 0xA5DC)
_FIRST_FIB = 0x00C1
"""The version of the file information block from which its layout is that of Word 97."""
_PAIRS = 0x9A
"""Where the pairs of offset and size begin in the block; their order is in [MS-DOC] 2.5.6."""
_TABLES = (16, 17, 18, 48, 57, 59)
"""Field tables of the main text, headers, footnotes, endnotes, text boxes, header text boxes."""
_MARGIN_TABLES = (17, 59)
"""Those of headers, and of the text boxes in them."""
_BEGIN, _SEPARATE, _END = 0x13, 0x14, 0x15
_PAGES = frozenset({26, 33})
"""NUMPAGES and PAGE, which are laid out in headers only (see `docx.PAGES`)."""
_FORMULA = 0x22
_LIVE = frozenset(
    {
        4,  # XE
        8,  # INDEX, TOC below: their text is kept
        9,  # TC
        11,  # RD
        13,
        26,  # NUMPAGES
        33,  # PAGE
        34,
        49,  # EQ
        50,  # GOTOBUTTON
        51,  # MACROBUTTON
        52,  # AUTONUM, AUTONUMLGL, AUTONUMOUT
        53,
        54,
        57,  # SYMBOL
        58,  # EMBED
        70,  # FORMTEXT, FORMCHECKBOX
        71,
        77,  # PRIVATE
        83,  # FORMDROPDOWN
        84,  # ADVANCE
        87,  # CONTROL
        88,  # HYPERLINK
        90,  # LISTNUM
        95,  # SHAPE
    }
)


def freeze_word97(path: Path) -> bool:
    """Modify the file at `path`, our own copy. Returns whether all of it was understood.

    Raises OSError, and olefile's errors for a damaged container.
    """
    with olefile.OleFileIO(str(path), write_mode=True) as container:
        main = container.openstream("WordDocument").read()
        magic, version, flags = struct.unpack_from("<HH6xH", main)
        if magic not in _MAGIC or version < _FIRST_FIB:
            return False
        table = "1Table" if flags & 0x0200 else "0Table"
        data = bytearray(container.openstream(table).read())
        for pair in _TABLES:
            offset, size = struct.unpack_from("<II", main, _PAIRS + 8 * pair)
            _freeze(data, offset, size, is_margin=pair in _MARGIN_TABLES)
        container.write_stream(table, bytes(data))
    return True


def _freeze(data: bytearray, offset: int, size: int, *, is_margin: bool) -> None:
    """Freeze the fields of one table: n + 1 positions of 4 bytes, then n fields of 2."""
    if size < 10 or offset + size > len(data):
        return
    count = (size - 4) // 6
    open_ones: list[int] = []
    for at in range(offset + 4 * (count + 1), offset + 4 * (count + 1) + 2 * count, 2):
        mark = data[at] & 0x1F
        if mark == _BEGIN:
            open_ones.append(at + 1)
            if data[at + 1] not in _LIVE:
                data[at + 1] = _FORMULA
        elif mark == _SEPARATE and open_ones:
            if not is_margin and data[open_ones[-1]] in _PAGES:
                data[open_ones[-1]] = _FORMULA
        elif mark == _END and open_ones:
            open_ones.pop()
