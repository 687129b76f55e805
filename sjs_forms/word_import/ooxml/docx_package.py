"""The zip of a .docx and its parts with text, limited in size, number and kind."""

import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, BinaryIO

from sjs_forms.base.system_errors import is_system_error

MAX_FILE = 200_000_000
"""Limit on the file in bytes. It may contain pictures, which are never unpacked."""
MAX_PART = 8_000_000
MAX_TOTAL = 24_000_000
"""Limit in bytes on one part and on all parts read, unpacked. A filled form has about 100,000."""
MAX_TAGS = 400_000
"""Limit on tags in one part."""
MAX_DIRECTORY = 2_000_000
"""Limit in bytes on the zip's central directory."""

_END = struct.Struct("<4s4H2LH")
_ZIP64 = struct.Struct("<4sIQI")
_ZIP64_END = struct.Struct("<4sQHHIIQQQQ")
_IN_ZIP64 = 0xFFFFFFFF
"""What a size is where the 64-bit record has it."""
_RELATIONSHIPS = "_rels/.rels"
_MAIN = "word/document.xml"
_ASIDE = re.compile(r"^(header|footer|footnotes|endnotes|comments)\d*\.xml$")
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


class BadDocx(Exception):
    """Raised for a .docx that cannot be read. `message` continues after the file's name, in
    Chinese.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy


class BrokenPart(BadDocx):
    """Raised for a part that cannot be unpacked or parsed."""


_SAVE_AS = "请用 Word 或 WPS 打开它，“另存为” Word 文档（.docx）后再试。"


def too_much() -> BadDocx:
    """Return the error for a document far larger than any form."""
    return BadDocx("内容过多，不像是一张表格。", "请只留下要填的表格，删去其余内容后再试。")


@dataclass(frozen=True, slots=True)
class Package:
    """The parsed parts: the body, numbering and styles if present, and the rest.

    `aside` holds headers, footers, notes and comments by their kind, such as `header`; None for one
    that is broken.
    """

    main: Any
    numbering: Any | None
    styles: Any | None
    aside: tuple[tuple[str, Any | None], ...]


def open_package(stream: BinaryIO) -> Package:
    """Open, unpack and parse the parts with text. Raises BadDocx, or OSError of the system."""
    _check_directory(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            return _Parts(archive).package()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as problem:
        if is_system_error(problem):
            raise
        # RuntimeError: an encrypted member, or a compression method unknown to this Python
        raise BadDocx("已损坏，无法读取。", _SAVE_AS) from problem


def _check_directory(stream: BinaryIO) -> None:
    """Refuse a file whose central directory is larger than that of any real document."""
    size = stream.seek(0, 2)
    if size > MAX_FILE:
        raise BadDocx(f"有 {size / 1e6:,.0f} MB，不像是一张表格。", "请删去其中的图片后再试。")
    stream.seek(max(0, size - 65_600))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise BadDocx("不是 Word 文档（.docx），或没有完整保存。", _SAVE_AS)
    listed = _END.unpack_from(tail, at)[5]
    if listed == _IN_ZIP64:
        listed = _listed_in_zip64(stream, tail[max(0, at - _ZIP64.size) : at])
    if listed > MAX_DIRECTORY:
        raise BadDocx("内部结构异常，不像是 Word 保存的文档。", _SAVE_AS)


def _listed_in_zip64(stream: BinaryIO, locator: bytes) -> int:
    """Return the size of the central directory by its 64-bit record (APPNOTE 4.3.14)."""
    if len(locator) == _ZIP64.size and locator.startswith(b"PK\x06\x07"):
        stream.seek(min(_ZIP64.unpack(locator)[2], MAX_FILE))
        record = stream.read(_ZIP64_END.size)
        stream.seek(0)
        if len(record) == _ZIP64_END.size and record.startswith(b"PK\x06\x06"):
            size: int = _ZIP64_END.unpack(record)[8]
            return size
    return _IN_ZIP64


class _Parts:
    """An archive while it is read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {
            member.filename.replace("\\", "/").lstrip("/").lower(): member
            for member in archive.infolist()
        }
        self._left = MAX_TOTAL

    def package(self) -> Package:
        main = self._main()
        if main not in self._members:
            raise BadDocx("是压缩格式的文件，但不是 Word 文档（.docx）。", _SAVE_AS)
        folder = posixpath.dirname(main)
        aside = []
        for name in sorted(self._members):
            kind = _ASIDE.match(posixpath.basename(name))
            if kind and posixpath.dirname(name) == folder:
                aside.append((kind[1], self._parse_unless_broken(name)))
        return Package(
            self._parse(main),
            self._parse_if_there(f"{folder}/numbering.xml"),
            self._parse_if_there(f"{folder}/styles.xml"),
            tuple(aside),
        )

    def _main(self) -> str:
        """Return the name of the body's part, from the package's relationships."""
        relationships = self._parse_if_there(_RELATIONSHIPS)
        for relationship in relationships if relationships is not None else ():
            kind, target = relationship.get("Type", ""), relationship.get("Target", "")
            if kind.endswith("/officeDocument"):
                named = str(target).replace("\\", "/").lstrip("/")
                return posixpath.normpath(named).lower()
        return _MAIN

    def _parse_if_there(self, name: str) -> Any | None:
        return self._parse(name) if name in self._members else None

    def _parse_unless_broken(self, name: str) -> Any | None:
        try:
            return self._parse(name)
        except (BrokenPart, zipfile.BadZipFile, zlib.error, EOFError):
            return None

    def _parse(self, name: str) -> Any:
        from lxml import etree

        data = self._read(name)
        if data.count(b"<") > MAX_TAGS:
            raise too_much()
        if any("<!DOCTYPE".encode(encoding) in data for encoding in _ENCODINGS):
            raise BadDocx("内含 Word 从不写入的声明（DOCTYPE），可能是伪造的文件。", _SAVE_AS)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
            load_dtd=False,
            dtd_validation=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError) as problem:
            raise BrokenPart("已损坏，无法读取。", _SAVE_AS) from problem
        if root.getroottree().docinfo.internalDTD is not None:
            raise BadDocx("内含 Word 从不写入的声明（DOCTYPE），可能是伪造的文件。", _SAVE_AS)
        return root

    def _read(self, name: str) -> bytes:
        member = self._members[name]
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadDocx("用了 Word 不用的压缩方式。", _SAVE_AS)
        bound = min(MAX_PART, self._left)
        with self._archive.open(member) as packed:
            data = packed.read(bound + 1)
        if len(data) > bound:
            raise BadDocx("解压后过大，不像是一张表格。", _SAVE_AS)
        self._left -= len(data)
        return data
