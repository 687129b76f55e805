"""The three readers, each on its own: how many pages it sees, and the file as it rewrites it."""

import contextlib
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Pdf

from sjs_forms.intake.geometry import A4
from sjs_forms.intake.unusable import Damaged, Unusable, encrypted

PDFIUM_PASSWORD = 4
"""pdfium's error number for a wrong password."""


@contextlib.contextmanager
def open_qpdf(source: Path, password: str | None) -> Iterator[Pdf]:
    """The file by qpdf, repaired as far as qpdf does; no password first, then `password`.

    Raises Unusable for a password that is missing or wrong, Damaged for anything else.
    """
    try:
        pdf = _first_that_opens(source, password)
    except pikepdf.PasswordError as problem:
        raise encrypted(password) from problem
    except (pikepdf.PdfError, ValueError, RuntimeError, TypeError) as problem:
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


def rewrite_by_pypdf(source: Path, target: Path, password: str | None) -> None:
    """Have pypdf read what it can and write it anew. Raises Unusable or Damaged."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with source.open("rb") as file:
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not (
                reader.decrypt("") or (password and reader.decrypt(password))
            ):
                raise encrypted(password)
            _rewritten(reader).write(target)
    except (MemoryError, OSError, Unusable):
        raise
    except Exception as problem:  # pypdf may stumble over damage in any way
        raise Damaged(f"pypdf: {type(problem).__name__}: {problem}") from problem


def _rewritten(reader: Any) -> Any:
    """A pypdf writer with all that its reader has; with the bare pages, if need be."""
    import pypdf

    writer = pypdf.PdfWriter()
    try:
        writer.append(reader, import_outline=True)
        for name in ("/AcroForm", "/OCProperties"):
            value = reader.root_object.get(name)
            if value is not None and name not in writer.root_object:
                writer.root_object[pypdf.generic.NameObject(name)] = value.clone(writer)
    except (MemoryError, OSError):
        raise
    except Exception:  # whatever hangs on the document besides its pages is damaged
        writer = _bare(reader)
    return writer


def _bare(reader: Any) -> Any:
    """A pypdf writer with nothing but the pages; with what each is drawn of, if need be."""
    import pypdf

    writer = pypdf.PdfWriter()
    try:
        for page in reader.pages:
            writer.add_page(page)
    except (MemoryError, OSError):
        raise
    except Exception:  # the pages themselves are tangled
        writer = pypdf.PdfWriter()
        for page in reader.pages:
            _add_drawing(writer, page)
    return writer


def _add_drawing(writer: Any, page: Any) -> None:
    """Add a page made anew of the parts of `page` that can be read."""
    import pypdf

    width, height = A4
    made = writer.add_blank_page(width, height)
    for name in ("/MediaBox", "/CropBox", "/Rotate", "/Resources", "/Contents"):
        try:
            found = page.get(name)
            if found is not None:
                made[pypdf.generic.NameObject(name)] = found.clone(writer)
        except (MemoryError, OSError):
            raise
        except Exception:  # this part is lost
            continue


def rewrite_by_pdfium(source: Path, target: Path, password: str | None) -> None:
    """Have pdfium save the document as it understands it. Raises Unusable or Damaged."""
    with open_pdfium(source, password) as document:
        saved = io.BytesIO()
        try:
            document.save(saved, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
        except pypdfium2.PdfiumError as problem:
            raise Damaged(f"pdfium: {problem}") from problem
        target.write_bytes(saved.getvalue())


@contextlib.contextmanager
def open_pdfium(source: Path, password: str | None) -> Iterator[pypdfium2.PdfDocument]:
    """The file by pdfium; the caller closes nothing. Raises Unusable or Damaged."""
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
    """How many pages pypdf sees; 0 where it opens nothing."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with source.open("rb") as file:
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not reader.decrypt("") and password:
                reader.decrypt(password)
            return sum(page is not None for page in reader.pages)
    except (MemoryError, OSError):
        raise
    except Exception:  # whatever pypdf stumbles over, it has seen nothing
        return 0


def pages_by_pdfium(source: Path, password: str | None) -> int:
    """How many pages pdfium says there are; 0 where it opens nothing."""
    with contextlib.suppress(Damaged, Unusable), open_pdfium(source, password) as document:
        return len(document)
    return 0


def loadable_by_pdfium(source: Path, password: str | None, bound: int) -> int:
    """How many of its pages (at most `bound`) pdfium can really show."""
    found = 0
    with contextlib.suppress(Damaged, Unusable), open_pdfium(source, password) as document:
        for index in range(min(len(document), bound)):
            with contextlib.suppress(pypdfium2.PdfiumError):
                document[index].close()
                found += 1
    return found


def first_text(source: Path, password: str | None) -> str:
    """What the first page says, by pdfium; nothing where it cannot be read."""
    with (
        contextlib.suppress(Damaged, Unusable, pypdfium2.PdfiumError),
        open_pdfium(source, password) as document,
    ):
        return str(document[0].get_textpage().get_text_bounded())
    return ""
