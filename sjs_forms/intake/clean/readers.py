"""The three PDF readers: the page count each sees, and the file as each rewrites it."""

import contextlib
import io
import logging
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Pdf

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.base.system_errors import is_system_error
from sjs_forms.intake.refusals import encrypted
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.matrices import A4
from sjs_forms.pdf.pypdf_names import quiet_pypdf

_log = logging.getLogger(__name__)

PDFIUM_PASSWORD = 4
"""PDFium's error number for a wrong password."""

_OBJECT = re.compile(rb"(?<![0-9])[0-9]{1,10} [0-9]{1,5} obj\b")
_LINEARIZED = re.compile(rb"<<[^<>]*/Linearized\b[^<>]*>>")
_ENTRY = re.compile(rb"/([LN])\s+([0-9]{1,10})(?![0-9.])")
_HEAD = 1024
"""Bytes at the beginning in which a linearized file says so."""
_GAP = 64
"""Bytes looked at behind the end of a PDF for the beginning of another."""
_TAIL = 2048
"""Bytes at the end in which a complete PDF locates its cross-reference table."""


def raise_system_error(problem: BaseException) -> None:
    """Re-raise `problem` if the system is at fault (no memory, a full disk), not the file.

    A seek before the start of a file gives EINVAL. Pillow and pypdf raise OSError without an errno
    for files that they cannot parse.
    """
    if is_system_error(problem) or isinstance(problem, MemoryError):
        raise problem


def is_cut_short(source: Path) -> bool:
    """Return whether the end is missing, which locates the cross-references (7.5.5)."""
    with source.open("rb") as file:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _TAIL))
        return b"startxref" not in file.read()


def has_torn_update(source: Path) -> bool:
    """Return whether objects follow the last %%EOF: an incremental update was truncated (7.5.6).

    The first %%EOF of a linearized file is not its end (F.3.4).
    """
    length, _ = stated_by_linearization(source)
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        end = data.rfind(b"%%EOF")
        is_whole = end >= 0 and len(data) >= length
        return is_whole and _OBJECT.search(data, end) is not None


def files_within(source: Path) -> int:
    """Return the number of whole PDFs that follow each other in the file, of which one is read."""
    count, at = 1, 0
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        while (at := data.find(b"%%EOF", at)) >= 0:
            at += len(b"%%EOF")
            count += data[at : at + _GAP].lstrip(b"\r\n\t\0 ").startswith(b"%PDF-")
    return count


def stated_by_linearization(source: Path) -> tuple[int, int]:
    """Return the length in bytes and the page count that a linearized file states (F.3.3).

    Zeros for any other file. Later updates make the file longer, and may change its page count.
    """
    with source.open("rb") as file:
        head = file.read(_HEAD)
    found = _LINEARIZED.search(head)
    values = dict(_ENTRY.findall(found.group())) if found else {}
    return int(values.get(b"L", 0)), int(values.get(b"N", 0))


@contextlib.contextmanager
def open_qpdf(source: Path, password: str | None) -> Iterator[Pdf]:
    """Open the file with qpdf, which repairs it; tries no password first, then `password`.

    Raises FileRefused for a missing or wrong password, Damaged for anything else.
    """
    try:
        pdf = _first_that_opens(source, password)
    except pikepdf.PasswordError as problem:
        raise encrypted(password) from problem
    except Exception as problem:
        raise_system_error(problem)
        raise Damaged(f"qpdf: {problem}") from problem
    with pdf:
        yield pdf


def _first_that_opens(source: Path, password: str | None) -> Pdf:
    try:
        return pikepdf.open(source)
    except pikepdf.PasswordError:
        if not password:
            raise
        return pikepdf.open(source, password=password)


def read_all(pdf: Pdf) -> None:
    """Make qpdf read every object now; it reports damage only then."""
    for found in pdf.objects:
        isinstance(found, pikepdf.Stream)


def qpdf_warnings(pdf: Pdf) -> list[str]:
    """Return qpdf's warnings, except for pages without resources, many of which need none."""
    return [told for told in pdf.get_warnings() if "Resources is missing or invalid" not in told]


def rewrite_by_pypdf(source: Path, target: Path, password: str | None) -> None:
    """Have pypdf read what it can and write it again. Raises FileRefused or Damaged."""
    pypdf = quiet_pypdf()
    try:
        with source.open("rb") as file:
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not (
                reader.decrypt("") or (password and reader.decrypt(password))
            ):
                raise encrypted(password)
            _rewritten(reader).write(target)
    except FileRefused:
        raise
    except Exception as problem:
        raise_system_error(problem)
        raise Damaged(f"pypdf: {type(problem).__name__}: {problem}") from problem


def _rewritten(reader: Any) -> Any:
    """Return a pypdf writer with everything its reader has; if that fails, only the pages."""
    pypdf = quiet_pypdf()
    writer = pypdf.PdfWriter()
    try:
        writer.append(reader, import_outline=True)
        for name in ("/AcroForm", "/OCProperties"):
            value = reader.root_object.get(name)
            if value is not None and name not in writer.root_object:
                writer.root_object[pypdf.generic.NameObject(name)] = value.clone(writer)
    except Exception as problem:  # something other than the pages is damaged
        raise_system_error(problem)
        _log.info("pypdf copies nothing but the pages", exc_info=problem)
        writer = _bare(reader)
    return writer


def _bare(reader: Any) -> Any:
    """Return a pypdf writer with only the pages; if that fails, with only their content."""
    pypdf = quiet_pypdf()
    writer = pypdf.PdfWriter()
    try:
        for page in reader.pages:
            writer.add_page(page)
    except Exception as problem:  # the page objects are damaged too
        raise_system_error(problem)
        _log.info("pypdf copies nothing but what pages are drawn of", exc_info=problem)
        writer = pypdf.PdfWriter()
        for page in reader.pages:
            _add_drawing(writer, page)
    return writer


def _add_drawing(writer: Any, page: Any) -> None:
    """Add a page rebuilt from the parts of `page` that can be read."""
    pypdf = quiet_pypdf()
    width, height = A4
    made = writer.add_blank_page(width, height)
    for name in ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents"):
        try:
            found = page.get(name)
            if found is not None:
                made[pypdf.generic.NameObject(name)] = found.clone(writer)
        except Exception as problem:  # this part is lost
            raise_system_error(problem)
            _log.info("pypdf loses %s of a page", name, exc_info=problem)


def rewrite_by_pdfium(source: Path, target: Path, password: str | None) -> None:
    """Have PDFium save the document as it reads it. Raises FileRefused or Damaged."""
    with open_pdfium(source, password) as document:
        saved = io.BytesIO()
        try:
            document.save(saved, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
        except pypdfium2.PdfiumError as problem:
            raise Damaged(f"pdfium: {problem}") from problem
        target.write_bytes(saved.getvalue())


@contextlib.contextmanager
def open_pdfium(source: Path, password: str | None) -> Iterator[pypdfium2.PdfDocument]:
    """Open the file with PDFium; closed on exit. Raises FileRefused or Damaged."""
    document = None
    for key in (None, password) if password else (None,):
        try:
            document = pypdfium2.PdfDocument(source, password=key)
            break
        except pypdfium2.PdfiumError as problem:
            if getattr(problem, "err_code", None) != PDFIUM_PASSWORD:
                raise Damaged(f"pdfium: {problem}") from problem
    if document is None:
        raise encrypted(password)
    with contextlib.suppress(pypdfium2.PdfiumError, RuntimeError):
        document.init_forms()
    try:
        yield document
    finally:
        document.close()


def pages_by_pypdf(source: Path, password: str | None) -> int:
    """Return the page count by pypdf, or 0 if it cannot open the file."""
    pypdf = quiet_pypdf()
    try:
        with source.open("rb") as file:
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not reader.decrypt("") and password:
                reader.decrypt(password)
            return sum(page is not None for page in reader.pages)
    except Exception as problem:  # pypdf may fail in any way; then it counts no pages
        raise_system_error(problem)
        _log.info("pypdf does not say how many pages there are", exc_info=problem)
        return 0


def pages_by_pdfium(source: Path, password: str | None) -> int:
    """Return the page count by PDFium, or 0 if it cannot open the file."""
    with contextlib.suppress(Damaged, FileRefused), open_pdfium(source, password) as document:
        return len(document)
    return 0


def loadable_by_pdfium(source: Path, password: str | None, bound: int) -> list[int]:
    """Return which pages (from 0, of the first `bound`) PDFium can really load."""
    found = []
    with contextlib.suppress(Damaged, FileRefused), open_pdfium(source, password) as document:
        for index in range(min(len(document), bound)):
            with contextlib.suppress(pypdfium2.PdfiumError):
                document[index].close()
                found.append(index)
    return found


def first_text(source: Path, password: str | None) -> str:
    """Return the text of the first page by PDFium, or "" if it cannot be read."""
    with (
        contextlib.suppress(Damaged, FileRefused, pypdfium2.PdfiumError),
        open_pdfium(source, password) as document,
    ):
        return str(document[0].get_textpage().get_text_bounded())
    return ""
