"""The chain by which a PDF gets in: each reader in turn, until one shows all its pages.

qpdf repairs; what it cannot is rewritten by pypdf, then by pdfium, and made plain by qpdf
after that; as a last resort pdfium draws the pages. A reader that shows fewer pages than
another, or a page with less on it, does not have the last word.
"""

import contextlib
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from sjs_forms.facts import Remark
from sjs_forms.intake import likeness, readers, unusable
from sjs_forms.intake.document import Plain, check_count, refuse_shells, write_plain
from sjs_forms.intake.lent import lend
from sjs_forms.intake.objects import entry
from sjs_forms.intake.protection import refuse_locked, refuse_wrapper
from sjs_forms.intake.unusable import Damaged, Pageless, Unusable
from sjs_forms.programme import IntakeLimits

STEPS = ("qpdf", "pypdf", "pdfium", "drawn")
COUNT = "count"
"""What is announced before the readers take their steps: they are asked for the number of pages."""

PRINT_DPI = 300
"""Dots per inch at which pages are drawn as a last resort."""

LARGEST_DRAWING = 40_000_000
"""Pixels of one drawn page; a larger page is drawn at fewer dots per inch."""

ALIKE = 0.2
"""Mean grey (of 255) by which a repaired page may differ from pdfium's view of the original."""

MOSTLY_BLACK = 128
"""Mean blackness (of 255) from which a page is taken for rubbish, not for a find."""

LOOKED_AT = 20
"""Pages of a repaired file that are compared with pdfium's view of the original."""


@dataclass(frozen=True, slots=True)
class Job:
    """One PDF to take in: where it lies, where the clean one goes, what it may cost."""

    source: Path
    target: Path
    password: str | None
    limits: IntakeLimits

    @property
    def scratch(self) -> Path:
        """Where a reader's rewritten copy lies for the moment."""
        return self.target.with_suffix(".rewritten")


@dataclass(frozen=True, slots=True)
class _Attempt:
    plain: Plain
    damaged: bool


def take_in_pdf(job: Job, announce: Callable[[str], None], after: str = "") -> Plain:
    """Write the clean PDF and say what is known of it; Unusable where nobody can read it.

    `announce` is told each step before it is taken; a process that died in one is followed
    by another that begins `after` it.
    """
    best: tuple[int, Plain, Path] | None = None
    refusal: Unusable | None = None
    expected = 0
    if not after:
        announce(COUNT)
        expected = _most_pages(job)
    for step in STEPS[STEPS.index(after) + 1 if after in STEPS else 0 :]:
        announce(step)
        candidate = job.target.with_suffix(f".{step}")
        try:
            attempt = _attempt(job, step, candidate)
        except Pageless:
            refusal = refusal or unusable.no_pages()
            continue
        except Damaged:
            continue
        except Unusable as problem:
            if problem.code != "attachment-encrypted":
                raise
            refusal = problem
            continue
        count = len(attempt.plain.pages)
        if count >= expected and (not attempt.damaged or _alike(job, candidate)):
            best = (count, attempt.plain, candidate)
            break
        if best is None or count > best[0]:
            best = (count, attempt.plain, candidate)
    if best is None:
        if refusal is None:
            refuse_locked(job.source)
        raise refusal or unusable.unreadable("各种阅读器都打不开")
    best[2].replace(job.target)
    for step in STEPS:
        job.target.with_suffix(f".{step}").unlink(missing_ok=True)
    return best[1]


def _most_pages(job: Job) -> int:
    """The most pages that any reader really shows; asks further only where two disagree."""
    try:
        with readers.open_qpdf(job.source, job.password) as pdf:
            by_qpdf = len(pdf.pages)
            clean = not pdf.get_warnings()
    except (Damaged, Unusable, pikepdf.PdfError, RuntimeError):
        by_qpdf, clean = 0, False
    by_pdfium = readers.pages_by_pdfium(job.source, job.password)
    if by_qpdf == by_pdfium or (clean and by_pdfium == 0):
        return by_qpdf
    bound = job.limits.max_pages + 1
    return max(
        by_qpdf,
        readers.loadable_by_pdfium(job.source, job.password, bound),
        readers.pages_by_pypdf(job.source, job.password),
    )


def _attempt(job: Job, step: str, target: Path) -> _Attempt:
    try:
        if step == "qpdf":
            return _by_qpdf(job, job.source, target)
        if step == "drawn":
            return _drawn(job, target)
        rewrite = {"pypdf": readers.rewrite_by_pypdf, "pdfium": readers.rewrite_by_pdfium}[step]
        try:
            rewrite(job.source, job.scratch, job.password)
            attempt = _by_qpdf(job, job.scratch, target)
        finally:
            job.scratch.unlink(missing_ok=True)
        return _Attempt(_with(attempt.plain, unusable.repaired()), True)
    except (pikepdf.PdfError, pypdfium2.PdfiumError, RuntimeError, ValueError) as problem:
        raise Damaged(f"{step}: {problem}") from problem
    except (TypeError, AttributeError, KeyError, IndexError, ArithmeticError) as problem:
        if step == "drawn":  # pictures of our own making: no damage of the file's
            raise
        raise Damaged(f"{step}: {problem!r}") from problem


def _by_qpdf(job: Job, source: Path, target: Path) -> _Attempt:
    own = job.password if source == job.source else None
    with readers.open_qpdf(source, own) as pdf:
        check_count(len(pdf.pages), job.limits)
        refuse_wrapper(pdf, job.source, lambda: readers.first_text(source, own))
        root = pdf.Root
        if entry(root, "/Collection") is not None or entry(entry(root, "/AcroForm"), "/XFA"):
            refuse_shells(pdf, readers.first_text(source, own))
        remarks = lend(pdf, source, own or "")
        plain = write_plain(pdf, target, job.limits)
        for remark in remarks:
            plain = _with(plain, remark)
        damaged = bool(pdf.get_warnings())
    return _Attempt(_with(plain, unusable.repaired()) if damaged else plain, damaged)


def _with(plain: Plain, remark: Remark) -> Plain:
    if any(known.code == remark.code for known in plain.remarks):
        return plain
    return replace(plain, remarks=(remark, *plain.remarks))


def _alike(job: Job, candidate: Path) -> bool:
    """Whether nothing that pdfium shows of the original is missing from the clean pages."""
    with (
        contextlib.suppress(Damaged, Unusable, pypdfium2.PdfiumError),
        readers.open_pdfium(job.source, job.password) as before,
        readers.open_pdfium(candidate, None) as after,
    ):
        count = min(len(before), len(after))
        step = max(1, math.ceil(count / LOOKED_AT))
        return all(_same(before, after, at) for at in range(0, count, step))
    return True


def _same(before: pypdfium2.PdfDocument, after: pypdfium2.PdfDocument, at: int) -> bool:
    """Whether a page looks as in the original, or shows something where that shows nothing."""
    try:
        old, new = likeness.drawn(before[at]), likeness.drawn(after[at])
    except (pypdfium2.PdfiumError, ValueError):
        return True
    if likeness.is_blank(old):
        return likeness.darkness(new) < MOSTLY_BLACK
    return likeness.difference(old, new).mean <= ALIKE


def _drawn(job: Job, target: Path) -> _Attempt:
    """The last resort: a picture of every page that pdfium shows."""
    pdf = Pdf.new()
    lowest = PRINT_DPI
    with readers.open_pdfium(job.source, job.password) as document:
        check_count(len(document), job.limits)
        for index in range(len(document)):
            with contextlib.suppress(pypdfium2.PdfiumError):
                lowest = min(lowest, _draw(pdf, document[index], job.limits))
    if not len(pdf.pages):
        raise Damaged("pdfium shows no page")
    plain = write_plain(pdf, target, job.limits)
    return _Attempt(_with(plain, unusable.rasterised(lowest)), False)


def _draw(pdf: Pdf, page: pypdfium2.PdfPage, limits: IntakeLimits) -> int:
    """Add a picture of the page; returns its dots per inch."""
    width, height = page.get_size()
    bound = min(limits.max_pixels, LARGEST_DRAWING)
    dpi = min(PRINT_DPI, int(72 * math.sqrt(bound / max(width * height, 1.0))))
    picture = page.render(scale=max(dpi, 1) / 72, draw_annots=True).to_pil().convert("RGB")
    page.close()
    saved = io.BytesIO()
    picture.save(saved, "JPEG", quality=90, subsampling=0)
    image = Stream(pdf, saved.getvalue())
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height = picture.size
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    image.Filter = Name.DCTDecode
    made = pdf.add_blank_page(page_size=(max(width, 3), max(height, 3)))
    made.obj.MediaBox = Array([0, 0, width, height])
    made.obj.Resources = Dictionary(XObject=Dictionary(Im0=image))
    made.obj.Contents = Stream(pdf, f"{width} 0 0 {height} 0 0 cm /Im0 Do".encode())
    return dpi
