"""Prepares a document, in the worker, so that LibreOffice prints it as stored in the file.

Stored results become plain text, tracked changes are accepted, and differences that the applicant
must know are recorded. A file that cannot be parsed is passed to LibreOffice unchanged.
"""

import logging
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sjs_forms.base.system_errors import is_system_error
from sjs_forms.intake.office import docx, office_formats, opendocument
from sjs_forms.intake.office.packages.broken_parts import without_broken_parts
from sjs_forms.intake.office.packages.damaged_pictures import (
    damaged_in_document,
    damaged_in_package,
    damaged_in_rtf,
)
from sjs_forms.intake.office.packages.external_links import cut_links
from sjs_forms.intake.office.packages.office_package import OfficePackage, parse, written
from sjs_forms.intake.office.presentations import treat_slides
from sjs_forms.intake.office.rtf import freeze_rtf
from sjs_forms.intake.office.spreadsheets.excel97 import freeze_binary_sheet, freeze_excel97
from sjs_forms.intake.office.spreadsheets.xlsx import treat_excel
from sjs_forms.intake.office.tracked_changes import accept_annotations
from sjs_forms.intake.office.treatment_notes import TreatmentNotes
from sjs_forms.intake.office.treatment_request import TreatmentRequest, TreatmentResult
from sjs_forms.intake.office.word97 import freeze_word97
from sjs_forms.intake.wordml import attribute, first, named

_log = logging.getLogger(__name__)

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
)
"""Exceptions of zipfile, zlib, olefile and lxml for invalid containers and parts."""


def treat(source: Path, target: Path, order: TreatmentRequest) -> TreatmentResult:
    """Write the document at `source`, treated, to `target`.

    Raises FileRefused if its text is broken or encrypted, OSError of the system.
    """
    kind = office_formats.format_of(source)
    noted = TreatmentNotes()
    changed = False
    try:
        changed = _TREATMENTS.get(kind, _untouched)(source, target, order, noted)
    except _BROKEN as problem:
        if is_system_error(problem):  # an untreated document would silently print differently
            raise
        _log.info("an Office document cannot be looked into", exc_info=problem)
        noted = TreatmentNotes(unsure=True, opaque=True)
    if not changed:
        shutil.copyfile(source, target)
    through = noted.through or office_formats.THROUGH.get(kind, "") if order.given else ""
    suffix = office_formats.suffix_of(source, kind)
    understood = kind not in office_formats.OPAQUE and not noted.opaque
    return TreatmentResult(suffix, through, changed, understood, tuple(noted.remarks()))


def _untouched(*_: object) -> bool:
    return False


def _word(source: Path, target: Path, order: TreatmentRequest, noted: TreatmentNotes) -> bool:
    return _packed(
        source, target, noted, lambda p: docx.treat_word(p, noted, for_print=order.for_print)
    )


def _excel(source: Path, target: Path, order: TreatmentRequest, noted: TreatmentNotes) -> bool:
    return _packed(source, target, noted, lambda package: treat_excel(package, noted, order.name))


def _slides(source: Path, target: Path, _: TreatmentRequest, noted: TreatmentNotes) -> bool:
    return _packed(source, target, noted, lambda package: treat_slides(package, noted))


def _packed(
    source: Path, target: Path, noted: TreatmentNotes, treatment: Callable[[OfficePackage], None]
) -> bool:
    package = OfficePackage(source)
    noted.missing = without_broken_parts(package)
    noted.damaged = damaged_in_package(package)
    treatment(package)
    noted.opaque = package.has_unread
    for name, printed in cut_links(package.trees(), package.members):
        package.touch(name)
        noted.linked |= printed
    # Written anew in any case: LibreOffice reads neither ZIP64 nor methods other than deflate, and
    # of several members of one name another than was treated.
    package.save(target)
    return True


def _open(source: Path, target: Path, order: TreatmentRequest, noted: TreatmentNotes) -> bool:
    def treatment(package: OfficePackage) -> None:
        for name in _opened(package.trees(), order, noted):
            package.touch(name)

    return _packed(source, target, noted, treatment)


def _flat(source: Path, target: Path, order: TreatmentRequest, noted: TreatmentNotes) -> bool:
    root = parse(source.read_bytes())
    if root is None:
        noted.opaque = True
        return False
    noted.damaged = damaged_in_document(root)
    cut = _cut(root, noted)
    if not _opened({"": root}, order, noted) and not cut:
        return False
    target.write_bytes(written(root))
    return True


def _cut(root: Any, noted: TreatmentNotes) -> bool:
    """Remove the links of a single-file document. Returns whether there were any."""
    found = [printed for _, printed in cut_links({"": root}, ())]
    noted.linked = any(found)
    return bool(found)


def _opened(trees: dict[str, Any], order: TreatmentRequest, noted: TreatmentNotes) -> set[str]:
    origin = opendocument.DocumentOrigin(order.given, order.name)
    return opendocument.treat_open(trees, noted, origin, for_print=order.for_print)


def _rtf(source: Path, target: Path, _: TreatmentRequest, noted: TreatmentNotes) -> bool:
    data, noted.clock = freeze_rtf(source.read_bytes())
    noted.damaged = damaged_in_rtf(data)
    target.write_bytes(data)
    return True


def _word97(source: Path, target: Path, _: TreatmentRequest, __: TreatmentNotes) -> bool:
    shutil.copyfile(source, target)
    return freeze_word97(target)


def _excel97(source: Path, target: Path, _: TreatmentRequest, noted: TreatmentNotes) -> bool:
    shutil.copyfile(source, target)
    understood, noted.clock = freeze_excel97(target)
    noted.unsure = not understood
    return understood


def _binary_excel(source: Path, target: Path, _: TreatmentRequest, noted: TreatmentNotes) -> bool:
    package = OfficePackage(source)
    noted.missing = without_broken_parts(package)
    noted.damaged = damaged_in_package(package)
    for name in package.names(".bin"):
        if name.startswith("xl/worksheets/"):
            package.put(name, freeze_binary_sheet(package.read(name)))
    package.save(target)
    return True


def _word_xml(source: Path, target: Path, order: TreatmentRequest, noted: TreatmentNotes) -> bool:
    root = parse(source.read_bytes())
    if root is None:
        noted.opaque = True
        return False
    if order.for_print:
        noted.tracked, commented = accept_annotations(root)
        if commented:
            noted.comment("批注")
    docx.freeze(root, noted)
    noted.damaged = damaged_in_document(root)
    _cut(root, noted)
    target.write_bytes(written(root))
    return True


def _excel_xml(source: Path, target: Path, _: TreatmentRequest, noted: TreatmentNotes) -> bool:
    root = parse(source.read_bytes())
    if root is None:
        noted.opaque = True
        return False
    for cell in named(root, "Cell"):
        if attribute(cell, "Formula") and first(cell, "Data") is not None:
            for key in [key for key in cell.attrib if key.endswith("Formula")]:
                del cell.attrib[key]
    target.write_bytes(written(root))
    return True


_TREATMENTS: dict[str, Callable[[Path, Path, TreatmentRequest, TreatmentNotes], bool]] = {
    office_formats.WORD: _word,
    office_formats.EXCEL: _excel,
    office_formats.SLIDES: _slides,
    office_formats.OPEN: _open,
    office_formats.FLAT: _flat,
    office_formats.RTF: _rtf,
    office_formats.WORD97: _word97,
    office_formats.EXCEL97: _excel97,
    office_formats.BINARY_EXCEL: _binary_excel,
    office_formats.WORD_XML: _word_xml,
    office_formats.EXCEL_XML: _excel_xml,
}
