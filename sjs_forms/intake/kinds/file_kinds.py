"""Identifies a file by its content. The file extension is ignored."""

import zipfile
from pathlib import Path
from struct import error

from sjs_forms.base.files.plain_files import open_zip
from sjs_forms.base.system_errors import is_system_error
from sjs_forms.intake.kinds import file_signatures, text_kinds
from sjs_forms.intake.kinds.picture_formats import is_picture

PDF, IMAGE, OFFICE, OFD = "pdf", "image", "office", "ofd"
"""Accepted kinds. Every other result of `kind_of` is a kind to refuse."""

HEAD = 4096
"""Bytes read from the file's beginning."""

_MORE = 1_000_000
"""Bytes read if the first ones are not conclusive."""

_MOST_MEMBERS = 20_000
"""Limit on the members of a zip whose names are examined."""


def kind_of(path: Path) -> str:
    """Return `pdf`, `image`, `office`, `ofd`, `office-encrypted`, or the kind to refuse. Raises
    OSError.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"%PDF-"):
        return PDF
    if is_picture(head):
        return IMAGE
    if known := _kind_by_bytes(head):
        return known
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path)
    if head.startswith(file_signatures.OLE):
        return _kind_of_ole(path)
    if b"%PDF-" in head[:1024]:
        return PDF
    return _kind_of_the_rest(path, head)


def may_be_office(head: bytes) -> bool:
    """Return whether a file's first four bytes may be those of an Office document."""
    return head in (b"PK\x03\x04", file_signatures.OLE[:4])


def _kind_by_bytes(head: bytes) -> str | None:
    for kind, starts in file_signatures.STARTS:
        if head.startswith(starts):
            return kind
    for kind, at, mark in file_signatures.WITHIN:
        if head[at:].startswith(mark):
            return kind
    if b"E-SafeNet" in head[:512]:
        return "protected"
    if head[4:8] == b"ftyp":
        return "media"
    if head[:4] == b"RIFF":
        return file_signatures.RIFF_KINDS.get(head[8:12]) or file_signatures.RIFF_KINDS.get(
            head[8:11]
        )
    if head.startswith(file_signatures.CLOUD_LIST):
        return "shortcut" if b"SURL" in head.replace(b"NSURL", b"") else "cloud"
    return _kind_of_der(head)


def _kind_of_der(head: bytes) -> str | None:
    """Identify certificates, keys and envelopes: a DER sequence that fills the file (X.690)."""
    if head[:1] != b"\x30" or head[1:2] not in (b"\x80", b"\x81", b"\x82", b"\x83", b"\x84"):
        return None
    content = head[2 + (head[1] & 0x7F) :]
    if content.startswith(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"):  # PKCS #7
        return "signed" if content[10:11] == b"\x02" else "protected"
    if content.startswith((b"\x02\x01\x03\x30", b"\x02\x01\x00\x30", b"\x02\x01\x00\x02")):
        return "key"
    is_certificate = content.startswith(b"\x30") and b"\x06\x03\x55\x04" in content
    return "key" if is_certificate else None


def _kind_of_zip(path: Path) -> str:
    try:
        with path.open("rb") as file, open_zip(file) as archive:
            names = archive.namelist()[:_MOST_MEMBERS]
            short = "mimetype" in names and archive.getinfo("mimetype").file_size < 200
            if short and archive.read("mimetype").startswith(file_signatures.OFFICE_MIMES):
                return OFFICE
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, NotImplementedError) as problem:
        if is_system_error(problem):
            raise
        return _kind_of_damaged_zip(path)
    is_office = any(name.startswith(file_signatures.OFFICE_PARTS) for name in names)
    if "[Content_Types].xml" in names and is_office:
        return OFFICE
    for kind, member in file_signatures.ZIP_PARTS:
        if any(member.fullmatch(name) for name in names):
            return kind
    return "zip"


def _kind_of_damaged_zip(path: Path) -> str:
    """Identify a zip without its directory: the beginning of a download that was cut short."""
    with path.open("rb") as file:
        start = file.read(_MORE)
    return OFD if file_signatures.OFD_MEMBER.search(start) else "zip"


def _kind_of_ole(path: Path) -> str:
    """Identify an OLE compound file by its own streams, not those of embedded objects.

    If the directory is damaged, the names (UTF-16) are searched in the whole file.
    """
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            if ole.root.clsid == file_signatures.OLE_INSTALLER:
                return "program"
            names = {kid.name for kid in ole.root.kids}
            if "\x06DataSpaces" in names:  # it describes the encryption of the file
                names |= {entry[-1] for entry in ole.listdir(storages=True)}
    except (
        *(OSError, ValueError, IndexError, TypeError),
        *(AttributeError, RecursionError, error),
    ) as problem:
        if is_system_error(problem):
            raise
        with path.open("rb") as file:
            found = file.read(64_000_000)
        every = (name for _, streams in file_signatures.OLE_STREAMS for name in streams)
        names = {name for name in every if name.encode("utf-16-le") in found}
    for kind, streams in file_signatures.OLE_STREAMS:
        if not names.isdisjoint(streams):
            return kind
    return "unknown"


def _kind_of_the_rest(path: Path, head: bytes) -> str:
    """Identify a file without a magic number of its own."""
    if head.startswith(b"{\\rtf"):
        return OFFICE
    is_text = _is_text(head)
    known = text_kinds.kind_of_text(head) if is_text else None
    if known and known not in ("html", "mail"):
        return known
    with path.open("rb") as file:
        start = file.read(_MORE)
    if b"%PDF-" in start or (b" obj" in start and b"endobj" in start):
        return PDF  # its header is missing, or follows something else
    if known:
        return known
    if not start.strip(b"\0"):
        return "archive" if start[32769:].startswith(b"CD001") else "hollow"
    if start[32769:].startswith(b"CD001"):
        return "archive"
    if head.startswith(file_signatures.PRINTER):
        return "printer"
    if is_text:
        return "table" if text_kinds.is_table(head) else "text"
    return "unknown"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if head[1::2].count(0) > len(head) // 3 and head[::2].count(0) == 0:
        head = head[::2]  # UTF-16 without a byte order mark
    return not any(byte < 9 or 13 < byte < 27 for byte in head)
