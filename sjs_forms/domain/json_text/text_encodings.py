"""Identifies the format or encoding of a file that is not UTF-8 text, by its first bytes. Pure."""

import codecs
from collections.abc import Mapping

_PROGRAMS: Mapping[bytes, str] = {
    b"PK\x03\x04": "Word、Excel 或压缩软件",
    b"\xd0\xcf\x11\xe0": "旧版 Word、Excel 或 WPS",
    b"{\\rtf": "写字板或 Word（RTF）",
    b"%PDF-": "PDF 阅读器",
}
_UTF16 = "UTF-16（记事本里叫 Unicode）"


def program_of_bytes(data: bytes) -> str | None:
    """Return the program that writes such files, or None for plain text."""
    return next((name for start, name in _PROGRAMS.items() if data.startswith(start)), None)


def kind_of_bytes(data: bytes) -> str | None:
    """Return the encoding of text that is not UTF-8, as Windows calls it; None if unknown."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _UTF16
    if data[:1] == b"\0" or data[1:2] == b"\0":
        return _UTF16
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "GBK（记事本里叫 ANSI）"
