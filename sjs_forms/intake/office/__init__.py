"""Converts Office documents to PDF or .docx: treated in the worker, converted by LibreOffice.

A file in another format than OOXML or OpenDocument is converted twice: first to OpenDocument, in
which it is treated like any other, then to the target format.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_records import finding_of
from sjs_forms.base.progress import never_cancelled
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import refusals
from sjs_forms.intake.kinds import file_kinds
from sjs_forms.intake.office.libreoffice.installed_office import soffice
from sjs_forms.intake.office.libreoffice.libreoffice_process import check_unpacked, convert
from sjs_forms.intake.office.treatment_request import TreatmentRequest, TreatmentResult
from sjs_forms.intake.process import confinement
from sjs_forms.intake.process.worker_pool import WorkerPool, in_a_worker
from sjs_forms.intake.process.workplace import Workplace

__all__ = ["as_pdf", "as_word", "check_unpacked", "convert", "soffice"]


def as_pdf(
    path: Path, name: str, place: Workplace, limits: IntakeLimits
) -> tuple[Path, tuple[Finding, ...]]:
    """Convert an Office document in `place` to a PDF there, within limits. Returns the remarks.

    `name` is the applicant's name of it. Raises FileRefused, and Cancelled if the work in `place`
    was cancelled.
    """
    _ensure(path, limits, place.is_cancelled)
    own = "".join(letter for letter in PurePath(name).name if letter.isprintable())
    order = TreatmentRequest(given=True, name=own, for_print=True)
    file, treated = _treated(path, place, "given", order, limits)
    remarks = list(treated.remarks)
    if treated.through:
        opened = convert([file], place.given, limits, treated.through, place.is_cancelled)[0]
        again, more = _treated(opened, place, "opened", replace(order, given=False), limits)
        remarks += more.remarks
        file = again if more.changed else file
    made = convert([file], place.given, limits, "pdf", place.is_cancelled)[0]
    return made, tuple(_once(remarks))


def as_word(
    path: Path,
    scratch: Path,
    limits: IntakeLimits,
    is_cancelled: Callable[[], bool] = never_cancelled,
) -> Path:
    """Convert a text document (.doc, .wps, .odt, .rtf) to a .docx.

    Fields show their stored results; tracked changes, comments and hidden text are kept. Raises
    FileRefused, Cancelled, or OSError if the disk is full.
    """
    _ensure(path, limits, is_cancelled)
    order = TreatmentRequest(given=True, name=path.name, for_print=False)
    parent = Path(tempfile.gettempdir())
    with WorkerPool() as pool, pool.workplace(parent, is_cancelled) as place:
        copy = place.given / f"source{path.suffix}"
        shutil.copyfile(path, copy)
        file, _ = _treated(copy, place, "given", order, limits)
        return convert([file], scratch, limits, "docx", is_cancelled)[0]


def _ensure(path: Path, limits: IntakeLimits, is_cancelled: Callable[[], bool]) -> None:
    """Refuse a file that no treatment could make usable."""
    if soffice() is None:
        raise refusals.office_missing()
    check_unpacked(path, limits.max_decoded_bytes, is_cancelled)


def _treated(
    path: Path, place: Workplace, step: str, order: TreatmentRequest, limits: IntakeLimits
) -> tuple[Path, TreatmentResult]:
    """Return the treated document, with a suffix that LibreOffice knows."""
    made = place.made / f"{step}{path.suffix}"
    answer: dict[str, Any] = in_a_worker(
        place, file_kinds.OFFICE, path, made, limits, None, order=order.as_dict()
    )
    remarks = tuple(finding_of(each) for each in answer.pop("remarks"))
    treated = TreatmentResult(**answer, remarks=remarks)
    if not treated.understood and confinement.means() is None:
        raise refusals.confinement_missing()
    return made.rename(made.with_suffix(treated.suffix or path.suffix)), treated


def _once(remarks: Iterable[Finding]) -> Iterable[Finding]:
    """Yield each remark once."""
    return dict.fromkeys(remarks)
