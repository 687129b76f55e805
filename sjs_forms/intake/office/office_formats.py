"""Identifies the format of an Office file by its content, and its suffix for LibreOffice."""

import zipfile
from pathlib import Path

from sjs_forms.base.system_errors import is_system_error

WORD, EXCEL, SLIDES, OPEN = "docx", "xlsx", "pptx", "open"
BINARY_EXCEL, WORD97, EXCEL97, SLIDES97 = "xlsb", "doc", "xls", "ppt"
RTF, FLAT, WORD_XML, EXCEL_XML, OTHER = "rtf", "flat", "word-xml", "excel-xml", "other"

THROUGH = {
    BINARY_EXCEL: "ods",
    EXCEL97: "ods",
    EXCEL_XML: "ods",
    WORD97: "odt",
    RTF: "odt",
    WORD_XML: "odt",
    SLIDES97: "odp",
}
"""Formats that LibreOffice first converts to its own, in which they are treated."""

OPAQUE = frozenset({BINARY_EXCEL, WORD97, EXCEL97, SLIDES97, RTF, OTHER})
"""Formats in which external links cannot all be found before LibreOffice opens them."""

_SUFFIXES = {WORD_XML: ".xml", EXCEL_XML: ".xml"}
_OPEN_SUFFIXES = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp", "graphics": ".odg"}
_HEAD = 8192
"""Bytes in which a flat file names its format; its root first declares many namespaces."""
_OLE = b"\xd0\xcf\x11\xe0"
_STREAMS = ((WORD97, "WordDocument"), (SLIDES97, "PowerPoint Document"), (EXCEL97, "Workbook"))


def format_of(path: Path) -> str:
    """Return the format of a file that `kinds` calls an Office document. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(_OLE):
        return _ole(path)
    if head.lstrip().startswith(b"{\\rtf"):
        return RTF
    if b"office:document" in head:
        return FLAT
    if b"Excel.Sheet" in head:
        return EXCEL_XML
    return WORD_XML if b"Word.Document" in head else OTHER


def suffix_of(path: Path, kind: str) -> str:
    """Return LibreOffice's suffix for a file of this format, or "" if uncertain."""
    if kind in (OPEN, FLAT):
        with path.open("rb") as file:
            head = file.read(_HEAD)
        found = (
            suffix
            for word, suffix in _OPEN_SUFFIXES.items()
            if f"opendocument.{word}".encode() in head
        )
        suffix = next(found, "")
        return suffix.replace(".o", ".fo") if kind == FLAT else suffix
    return "" if kind == OTHER else _SUFFIXES.get(kind, f".{kind}")


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
            if "mimetype" in names:
                return OPEN if b"opendocument" in archive.read("mimetype")[:200] else OTHER
    except (zipfile.BadZipFile, OSError, KeyError, RuntimeError, ValueError) as problem:
        if is_system_error(problem):
            raise
        return OTHER
    if any(name.startswith("xl/") for name in names):
        return BINARY_EXCEL if "xl/workbook.bin" in names else EXCEL
    if any(name.startswith("ppt/") for name in names):
        return SLIDES
    return WORD if any(name.startswith("word/") for name in names) else OTHER


def _ole(path: Path) -> str:
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as container:
            for kind, stream in _STREAMS:
                if container.exists(stream):
                    return kind
            return EXCEL97 if container.exists("Book") else OTHER
    except (OSError, ValueError, IndexError, TypeError) as problem:
        if is_system_error(problem):
            raise
        return OTHER
