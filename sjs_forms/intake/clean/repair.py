"""Repairs damaged PDFs: tries each reader in turn until one shows all pages.

qpdf repairs a file first. What it cannot repair is rewritten by pypdf, then by PDFium, and made
plain by qpdf afterwards. As a last resort PDFium renders the pages as pictures. The result of a
reader is rejected if it has fewer pages, or less on a page, than another's.
"""

import contextlib
import io
import logging
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
from pikepdf import Array, Dictionary, Name, Pdf, PdfError, Stream

from sjs_forms.base.findings.file_refusal import FileRefused, PasswordNeeded
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.output import patient_moves
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import file_remarks, refusals
from sjs_forms.intake.annotations.viewer_appearances import add_missing_appearances
from sjs_forms.intake.clean import page_likeness, readers
from sjs_forms.intake.clean.document import PlainDocument, check_count, refuse_shells, write_plain
from sjs_forms.intake.clean.page_tree import (
    StatedPages,
    pages_with_torn_annotations,
    stated_pages,
    stated_pages_of_damaged,
)
from sjs_forms.intake.clean.protection import refuse_locked, refuse_wrapper
from sjs_forms.intake.process.process_limits import memory_is_due
from sjs_forms.pdf.damage import Damaged, Pageless
from sjs_forms.pdf.objects import entry, save
from sjs_forms.pdf.text_comparison import missing

_log = logging.getLogger(__name__)

STEPS = ("qpdf", "pypdf", "pdfium", "drawn")
COUNT = "count"
"""Announced before the readers count the pages."""

PRINT_DPI = 300
"""Resolution of pages rendered as a last resort."""

LARGEST_DRAWING = 40_000_000
"""Limit on the pixels of a rendered page; a larger page gets a lower resolution."""

ALIKE = 0.2
"""Mean grey (of 255) that a repaired page may lack compared with PDFium's view of the original.

It may have more, because viewer-generated appearances are added (see `viewer_appearances`).
"""

MAX_TEXT_LOST = 0.3
"""Share of a page's characters that a repair may lose; readers also split words differently."""

MOSTLY_BLACK = 128
"""A page with this mean blackness (of 255) counts as garbage, not as recovered content."""

LOOKED_AT = 20
"""Number of pages of a repaired file that are compared with PDFium's view of the original."""


@dataclass(frozen=True, slots=True)
class RepairJob:
    """A PDF to be cleaned: its path, the target, and its limits."""

    source: Path
    target: Path
    password: str | None
    limits: IntakeLimits

    @property
    def scratch(self) -> Path:
        """The path of a reader's temporary copy."""
        return self.target.with_suffix(".rewritten")


@dataclass(frozen=True, slots=True)
class _Attempt:
    plain: PlainDocument
    damaged: bool


def take_in_pdf(
    job: RepairJob, announce: Callable[[str], None], after: Collection[str] = ()
) -> PlainDocument:
    """Write the clean PDF and return its facts. Raises FileRefused if no reader succeeds.

    `announce` is called with each step before it begins. If processes died in steps, `after` names
    them: another process continues with the step after the last of `STEPS`. It counts the pages
    anew, unless a process died of that: else nobody would know that a reader shows too few.
    """
    best: tuple[int, PlainDocument, Path] | None = None
    refusal: FileRefused | None = None
    expected, stated = 0, StatedPages()
    if COUNT not in after:
        announce(COUNT)
        expected, stated = expected_pages(job)
    begun = max((STEPS.index(step) + 1 for step in after if step in STEPS), default=0)
    for step in STEPS[begun:]:
        announce(step)
        candidate = job.target.with_suffix(f".{step}")
        try:
            attempt = _attempt(job, step, candidate)
        except Pageless as problem:
            _log.info("%s sees no page (%s)", step, problem)
            refusal = refusal or refusals.no_pages()
            continue
        except Damaged:
            _log.info("%s cannot make it out; the next reader is asked", step, exc_info=True)
            continue
        except MemoryError:
            _log.warning("%s needs more memory than there is", step)
            if not memory_is_due(job.limits):
                raise  # not the file's fault, so the result of another reader must not be used
            refusal = refusal or refusals.out_of_memory()
            continue
        except PasswordNeeded as problem:
            refusal = problem
            continue
        count = len(attempt.plain.pages)
        alike = not attempt.damaged or _alike(job, candidate, attempt.plain.broken)
        if count < expected or not alike:
            seen = "alike" if alike else "unlike the original"
            _log.info("%s shows %d of %d pages, %s", step, count, expected, seen)
        if count >= expected and alike:
            best = (count, attempt.plain, candidate)
            break
        if best is None or count > best[0]:
            best = (count, attempt.plain, candidate)
    if best is None:
        raise refusal or _unreadable(job)
    patient_moves.replace(best[2], job.target)
    for step in STEPS:
        patient_moves.unlink(job.target.with_suffix(f".{step}"))
    if best[0] < expected:
        stated = _at_least(stated, expected)
    return _with_lost_pages(job, best[1], stated)


def _unreadable(job: RepairJob) -> FileRefused:
    """Return the refusal of a file that no reader opens. Raises FileRefused if it is locked."""
    refuse_locked(job.source)
    cut = readers.is_cut_short(job.source)
    return refusals.unreadable(
        "文件末尾缺失，可能没有下载或复制完" if cut else "各种阅读器都打不开"
    )


def expected_pages(job: RepairJob) -> tuple[int, StatedPages]:
    """Return the highest page count that a reader really shows, and that of the page tree.

    The other readers count the pages only if qpdf and PDFium disagree.
    """
    by_qpdf, clean, stated = 0, False, StatedPages()
    try:
        with readers.open_qpdf(job.source, job.password) as pdf:
            most = job.limits.max_pages
            clean = not readers.qpdf_warnings(pdf)
            stated = (
                stated_pages(pdf, most) if clean else stated_pages_of_damaged(pdf, job.source, most)
            )
            by_qpdf = len(pdf.pages)
            clean = clean and not readers.qpdf_warnings(pdf)
    except Exception:  # the first step opens the file with qpdf again
        _log.info("qpdf does not say how many pages there are", exc_info=True)
    by_pdfium = readers.pages_by_pdfium(job.source, job.password)
    if by_qpdf == by_pdfium or (clean and by_pdfium == 0):
        return by_qpdf, stated
    bound = job.limits.max_pages + 1
    loadable = readers.loadable_by_pdfium(job.source, job.password, bound)
    if not stated.pages and len(loadable) <= by_pdfium < bound:
        there = set(loadable)
        missing = (at + 1 for at in range(by_pdfium) if at not in there)
        stated = StatedPages(by_pdfium, tuple(missing))
    by_pypdf = readers.pages_by_pypdf(job.source, job.password)
    return max(by_qpdf, len(loadable), by_pypdf), stated


def _at_least(stated: StatedPages, seen: int) -> StatedPages:
    """Return `stated` with as many pages as a reader has seen, if a file states fewer of them."""
    return stated if seen <= stated.pages else StatedPages(seen)


def _with_lost_pages(job: RepairJob, plain: PlainDocument, stated: StatedPages) -> PlainDocument:
    """Return `plain` with remarks on the pages that the file stated but lost."""
    kept, remarks = len(plain.pages), list(plain.remarks)
    stated = _with_cut_pages(job, stated)
    missing = stated.pages - kept
    if missing > 0:
        fitting = len(stated.lost) == missing
        numbers = list(stated.lost) if fitting else list(range(kept + 1, stated.pages + 1))
        remarks.append(file_remarks.lost_pages(numbers, stated.pages, kept))
    elif not stated.pages and readers.is_cut_short(job.source):
        remarks.append(file_remarks.cut_short(kept))
    elif stated.pages == kept:
        is_repaired = [remark.has(Trait.REPAIRED) for remark in remarks]
        if any(is_repaired):
            remarks[is_repaired.index(True)] = file_remarks.repaired(kept)
    if not missing and readers.has_torn_update(job.source):
        remarks.append(file_remarks.update_lost(kept))
    if (files := readers.files_within(job.source)) > 1:
        remarks.append(file_remarks.files_joined(files, kept))
    return replace(plain, remarks=tuple(remarks))


def _with_cut_pages(job: RepairJob, stated: StatedPages) -> StatedPages:
    """Return `stated` with the further pages that the head of a truncated linearized file states.

    A repair counts only the pages that it finds.
    """
    length, pages = readers.stated_by_linearization(job.source)
    is_cut = job.source.stat().st_size < length
    if not is_cut or not stated.pages < pages <= job.limits.max_pages:
        return stated
    return StatedPages(pages, (*stated.lost, *range(stated.pages + 1, pages + 1)))


def _attempt(job: RepairJob, step: str, target: Path) -> _Attempt:
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
            patient_moves.unlink(job.scratch)
        return _Attempt(_with(attempt.plain, file_remarks.repaired()), True)
    except (MemoryError, Damaged, FileRefused):
        raise
    except Exception as problem:
        readers.raise_system_error(problem)
        if step == "drawn" and not isinstance(problem, PdfError | RuntimeError | ValueError):
            raise  # a fault of this program, which made these pictures
        raise Damaged(f"{step}: {problem!r}") from problem


def _by_qpdf(job: RepairJob, source: Path, target: Path) -> _Attempt:
    own = job.password if source == job.source else None
    with readers.open_qpdf(source, own) as pdf:
        check_count(len(pdf.pages), job.limits)
        refuse_wrapper(pdf, job.source, lambda: readers.first_text(source, own))
        root = pdf.Root
        if entry(root, "/Collection") is not None or entry(entry(root, "/AcroForm"), "/XFA"):
            refuse_shells(pdf, readers.first_text(source, own))
        readers.read_all(pdf)
        damaged = source != job.source or bool(readers.qpdf_warnings(pdf))
        torn = pages_with_torn_annotations(pdf) if damaged else set()
        remarks = _add_appearances(job, pdf, source, damaged=damaged)
        plain = write_plain(pdf, target, job.limits, damaged=damaged)
        damaged = damaged or bool(readers.qpdf_warnings(pdf))
    plain = replace(plain, broken=tuple(sorted({*plain.broken, *torn})))
    for remark in remarks:
        plain = _with(plain, remark)
    if damaged:
        plain = _with(plain, file_remarks.repaired())
    return _Attempt(plain, damaged or bool(plain.broken))


def _add_appearances(
    job: RepairJob, pdf: Pdf, source: Path, *, damaged: bool
) -> tuple[Finding, ...]:
    """Add viewer-generated appearances; to a damaged file through a copy that PDFium can open."""
    if not damaged:
        return add_missing_appearances(pdf, source, job.password or "")
    copy = job.target.with_suffix(".repaired")
    try:
        save(pdf, copy)
        return add_missing_appearances(pdf, copy, "")
    finally:
        patient_moves.unlink(copy)


def _with(plain: PlainDocument, remark: Finding) -> PlainDocument:
    if any(remark.is_like(known) for known in plain.remarks):
        return plain
    return replace(plain, remarks=(remark, *plain.remarks))


def _alike(job: RepairJob, candidate: Path, broken: Sequence[int]) -> bool:
    """Return whether the clean pages show everything that PDFium shows of the original.

    Compares some pages, and the first of those in `broken`.
    """
    try:
        with (
            readers.open_pdfium(job.source, job.password) as before,
            readers.open_pdfium(candidate, None) as after,
        ):
            count = min(len(before), len(after))
            step = max(1, math.ceil(count / LOOKED_AT))
            suspects = [at for at in broken if at < count][:LOOKED_AT]
            checked = {*range(0, count, step), *suspects}
            return all(
                _looks_same(before, after, at) and _keeps_text(before, after, at) for at in checked
            )
    except Exception:
        _log.info("pdfium cannot compare the pages with the original", exc_info=True)
        return True


def _keeps_text(before: pypdfium2.PdfDocument, after: pypdfium2.PdfDocument, at: int) -> bool:
    """Return whether most of a page's text remains; a line of small type hardly changes
    the grey.
    """
    try:
        old, new = (str(one[at].get_textpage().get_text_range()) for one in (before, after))
    except (pypdfium2.PdfiumError, ValueError):
        return True
    return len(missing(old, new)) <= MAX_TEXT_LOST * len(old)


def _looks_same(before: pypdfium2.PdfDocument, after: pypdfium2.PdfDocument, at: int) -> bool:
    """Return whether a page looks as in the original, or shows something where that is blank."""
    try:
        old, new = page_likeness.drawn(before[at]), page_likeness.drawn(after[at])
    except (pypdfium2.PdfiumError, ValueError):
        return True
    if page_likeness.is_blank(old):
        return page_likeness.darkness(new) < MOSTLY_BLACK
    found = page_likeness.difference(old, new)
    return found.missing <= ALIKE and found.mean <= MOSTLY_BLACK / 4


def _drawn(job: RepairJob, target: Path) -> _Attempt:
    """Make a picture of every page that PDFium can render, as a last resort."""
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
    return _Attempt(_with(plain, file_remarks.rasterised(lowest)), False)


def _draw(pdf: Pdf, page: pypdfium2.PdfPage, limits: IntakeLimits) -> int:
    """Add a picture of the page. Returns its resolution in dots per inch."""
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
