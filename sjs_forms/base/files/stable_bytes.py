"""Writes JSON, CSV, zip files and workbooks reproducibly: same content, same bytes."""

import csv
import json
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sjs_forms.base.files.plain_files import open_zip

if TYPE_CHECKING:
    from openpyxl import Workbook

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def json_bytes(value: Any) -> bytes:
    r"""Return JSON for files: UTF-8, indented, keys in the given order.

    Bytes of file names that are not UTF-8 become escapes (\udcba), which JSON reads back.
    """
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table that Excel opens: UTF-8 with a byte order mark."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def zip_member(name: str) -> zipfile.ZipInfo:
    """Return the header of a zip member, with fixed date and mode, stored without compression.

    zlib builds differ in their output, and what we store is compressed already.
    """
    member = zipfile.ZipInfo(name, _ZIP_EPOCH)
    member.create_system = 3  # otherwise that of the writing machine
    member.external_attr = 0o644 << 16
    return member


class ClocklessZip(zipfile.ZipFile):
    """A zip writer that does not read the clock, whose year might not fit (1980 to 2107).

    It replaces `zipfile.ZipFile` in the libraries that write office files.
    """

    def writestr(self, zinfo_or_arcname: Any, data: Any, *how: Any, **more: Any) -> None:
        """Like ZipFile.writestr; a member given by name gets a fixed date."""
        named = isinstance(zinfo_or_arcname, str)
        member = zip_member(zinfo_or_arcname) if named else zinfo_or_arcname
        if named:
            member.compress_type = self.compression
        super().writestr(member, data, *how, **more)


def fix_zip(data: bytes) -> bytes:
    """Return the zip with fixed dates and modes, its members in order, uncompressed."""
    sealed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(sealed, "w") as target:
        for name in source.namelist():
            target.writestr(zip_member(name), source.read(name))
    return sealed.getvalue()


def without_member(data: bytes, name: str) -> bytes:
    """Return a zip as `fix_zip` writes it without one member."""
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(changed, "w") as target:
        for each in source.namelist():
            if each != name:
                target.writestr(zip_member(each), source.read(each))
    return changed.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """Return a zip with one more member, the last; the others are not compressed again."""
    changed = BytesIO(data)
    with zipfile.ZipFile(changed, "a") as target:
        target.writestr(zip_member(name), content)
    return changed.getvalue()


def workbook_bytes(book: "Workbook") -> bytes:
    """Return a workbook as .xlsx, with the dates in its properties and no others."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.writer.excel import ExcelWriter

    from sjs_forms.base.files.sheet_writing import SheetWriter

    class InMemory(ExcelWriter):
        """openpyxl's writer without temporary files, which would remain if the process is
        killed.
        """

        def write_worksheet(self, sheet: Any) -> None:
            sheet._drawing = SpreadsheetDrawing()
            sheet._drawing.charts, sheet._drawing.images = sheet._charts, sheet._images
            writer: Any = SheetWriter(sheet, out=BytesIO())
            writer.write()
            sheet._rels = writer._rels
            archive.writestr(sheet.path[1:], writer.read())
            self.manifest.append(sheet)

    written = BytesIO()
    # Workbook.save() would write the present time into the properties.
    archive = ClocklessZip(written, "w")
    InMemory(book, archive).save()
    return fix_zip(written.getvalue())


def is_fixed_zip(path: Path) -> bool:
    """Return whether a zip is as `fix_zip` writes it; office programs never do. Raises OSError."""
    try:
        with path.open("rb") as file, open_zip(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    return bool(members) and all(
        member.date_time == _ZIP_EPOCH
        and member.compress_type == zipfile.ZIP_STORED
        and member.create_system == 3
        for member in members
    )
