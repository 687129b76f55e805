"""Reopens a clean PDF strictly with the libraries that read it later.

Otherwise a file that only tolerant readers open would fail during the build, long after it was
accepted.
"""

from pathlib import Path

import pikepdf

from sjs_forms.intake.clean.readers import raise_system_error
from sjs_forms.pdf import large_streams
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.pypdf_names import quiet_pypdf
from sjs_forms.pdf.recursion_depth import FRAMES, allow_depth


def check_reopens(clean: Path, pages: int) -> None:
    """Raise Damaged unless qpdf and pypdf read the PDF and its pages without a warning.

    pypdf gets half the recursion depth that a build has.
    """
    _check_by_qpdf(clean, pages)
    try:
        allow_depth(FRAMES // 2)
        _check_by_pypdf(clean, pages)
    except (MemoryError, Damaged):
        raise
    except Exception as problem:  # pypdf may fail in any way
        raise_system_error(problem)
        raise Damaged(f"pypdf reopens: {problem!r}") from problem


def _check_by_qpdf(clean: Path, pages: int) -> None:
    try:
        with pikepdf.open(clean) as pdf:
            found, objects = len(pdf.pages), len(pdf.objects)
            warnings = pdf.get_warnings()
    except (pikepdf.PdfError, RuntimeError, ValueError) as problem:
        raise Damaged(f"qpdf reopens: {problem}") from problem
    if warnings or found != pages or not objects:
        raise Damaged(f"qpdf reopens {found} of {pages} pages: {warnings[:3]}")


def _check_by_pypdf(clean: Path, pages: int) -> None:
    """Copy every page to a new document, as `assemble` does, which reads all of it."""
    pypdf = quiet_pypdf()
    with large_streams.opened(clean) as stream:
        reader, writer = pypdf.PdfReader(stream, strict=True), pypdf.PdfWriter()
        if len(reader.pages) != pages:
            raise Damaged(f"pypdf reopens {len(reader.pages)} of {pages} pages")
        for page in reader.pages:
            for key in ("/Resources", "/Contents"):
                page.raw_get(key).clone(writer)
