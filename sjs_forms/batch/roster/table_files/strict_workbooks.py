"""Converts a Strict workbook to a Transitional one, which openpyxl can read.

Excel offers “Strict Open XML Spreadsheet” when saving. Its parts differ only in the names of
namespaces and relationships (ISO/IEC 29500-1 and 29500-4, annex A).
"""

import re
import zipfile
from io import BytesIO
from typing import BinaryIO

from sjs_forms.base.files.plain_files import open_zip

_STRICT = b"http://purl.oclc.org/ooxml/"
_NAME = re.compile(re.escape(_STRICT) + rb"([A-Za-z]+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"
_RELATIONS = "_rels/.rels"
_MAX_RELATIONS = 1_000_000


def is_strict(stream: BinaryIO) -> bool:
    """Return whether it is a zip whose main part is of the Strict kind. Raises as `zipfile`."""
    with open_zip(stream) as archive:
        if _RELATIONS not in archive.namelist():
            return False
        with archive.open(_RELATIONS) as part:
            return _STRICT in part.read(_MAX_RELATIONS)


def transitional(stream: BinaryIO) -> BytesIO:
    """Return the same file with the names of the Transitional kind. Raises as `zipfile`.

    The caller must have limited the unpacked size. Other parts (pictures) are left out.
    """
    renamed = BytesIO()
    with open_zip(stream) as archive, zipfile.ZipFile(renamed, "w") as made:
        for member in archive.infolist():
            if member.filename.endswith((".xml", ".rels")):
                made.writestr(member.filename, _NAME.sub(_TRANSITIONAL, archive.read(member)))
    renamed.seek(0)
    return renamed
