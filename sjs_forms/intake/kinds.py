"""What a file is, by its content: the name is never believed."""

import re
import zipfile
from pathlib import Path

PDF, IMAGE, OFFICE = "pdf", "image", "office"
"""Kinds that are taken in; every other answer of `kind_of` is a kind to refuse."""

HEAD = 4096
"""Bytes of the file's beginning that are looked at."""

_IMAGES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"\0\0\0\x0cjP  \r\n\x87\n",
    b"\xffO\xffQ",
)
_REFUSED = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"#!", "program"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"),
    (b"%!PS", "vector"),
    (b"\xd7\xcd\xc6\x9a", "vector"),
)
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+)?html", re.I | re.S
)
_OFFICE_PARTS = ("word/", "xl/", "ppt/")
_OFFICE_MIMES = (b"application/vnd.oasis.opendocument", b"application/vnd.sun.xml")


def kind_of(path: Path) -> str:
    """`pdf`, `image`, `office`, `office-encrypted`, or the kind to refuse. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"%PDF-"):
        return PDF
    if _is_image(head):
        return IMAGE
    for magic, kind in _REFUSED:
        if head.startswith(magic):
            return kind
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    if b"%PDF-" in head[:1024]:
        return PDF
    return _kind_of_the_rest(path, head)


def may_be_office(path: Path) -> bool:
    """Whether the first bytes are those of a container of Office documents. Raises OSError."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", _OLE[:4])


def _is_image(head: bytes) -> bool:
    if head.startswith(_IMAGES):
        return True
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return True
    if head[4:8] == b"ftyp":
        brands = {head[at : at + 4] for at in range(8, min(len(head), 64), 4)}
        return bool(brands & _HEIF_BRANDS)
    return head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and len(head) >= 26


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:5000]
            short = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            if short and archive.read("mimetype").startswith(_OFFICE_MIMES):
                return OFFICE
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError):
        return "zip"
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names and any(name.startswith(_OFFICE_PARTS) for name in names):
        return OFFICE
    return "zip"


def _kind_of_ole(path: Path) -> str:
    """OLE compound files tell by the names of their streams (UTF-16) what they hold."""
    with path.open("rb") as file:
        directory = file.read(64_000_000)
    if "EncryptedPackage".encode("utf-16-le") in directory:
        return "office-encrypted"
    if "__substg1.0".encode("utf-16-le") in directory:
        return "mail"
    if "__properties_version1".encode("utf-16-le") in directory:
        return "mail"
    streams = ("WordDocument", "Workbook", "Book", "PowerPoint Document", "WpsContent")
    if any(stream.encode("utf-16-le") in directory for stream in streams):
        return OFFICE
    return "program" if "_MsiDatabase".encode("utf-16-le") in directory else "unknown"


def _kind_of_the_rest(path: Path, head: bytes) -> str:
    """Files without a magic number of their own."""
    if head.startswith(b"{\\rtf"):
        return OFFICE
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    if b"<?mso-application" in head[:400] and b"<?xml" in head[:100]:
        return OFFICE
    if b"<office:document" in head and b"urn:oasis:names:tc:opendocument" in head:
        return OFFICE
    if b"<svg" in head:
        return "vector"
    if _looks_like_pdf_inside(path):
        return PDF
    if _is_text(head):
        return "text"
    return "unknown"


def _looks_like_pdf_inside(path: Path) -> bool:
    """A PDF whose header is lost or lies under something else."""
    with path.open("rb") as file:
        start = file.read(1_000_000)
    return b"%PDF-" in start or (b" obj" in start and b"endobj" in start)


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 9 or 13 < byte < 27 for byte in head)
