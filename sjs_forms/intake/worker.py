"""The child process in which files are opened and pages drawn.

It reads one JSON request per line from standard input:
`{"kind", "source", "target", "password", "limits", "after"}`. It answers with lines `{"step": …}`,
then `{"logged": …}`, the number of records written to the log, and finally one of `{"plain": …}`,
`{"system": [errno, file]}` and `{"refusal": {…}, "passing": …}`. A crash ends only this process,
which can access only the folder in which it was started (see `sandbox`).
"""

import json
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.findings import file_refusal
from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.base.findings.finding_records import record_of
from sjs_forms.base.log_lines import SILENT
from sjs_forms.base.output import patient_moves
from sjs_forms.base.processes.child_logs import log_to_stderr
from sjs_forms.base.processes.gc_pause import collect_rarely
from sjs_forms.base.system_errors import is_system_error, raised_by_a_library
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import file_remarks, machine_faults, refusals, worker_drawing
from sjs_forms.intake.cache import plainly
from sjs_forms.intake.kinds import file_kinds
from sjs_forms.intake.process import sandbox
from sjs_forms.intake.process.process_limits import (
    is_past_our_bound,
    memory_is_due,
    set_bounds,
    watch_share,
)

if TYPE_CHECKING:
    from sjs_forms.intake.clean.document import PlainDocument
    from sjs_forms.intake.office.treatment_request import TreatmentResult

_log = logging.getLogger(__name__)

Task = Callable[[dict[str, Any], IntakeLimits, Callable[[str], None]], Any]
"""Carries out a request within the limits, announces its steps and returns a dataclass or values
for JSON.
"""


def main(level: int = SILENT) -> None:
    """Open files; see `serve`."""
    serve(level, opened_file)


def serve(level: int, carry_out: Task, prepare: Callable[[], object] = lambda: None) -> None:
    """Serve requests until standard input ends; log to standard error from `level` on.

    `prepare` is called before this process is confined, `carry_out` for each request.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # so that no output of a library is read as an answer
    logged = log_to_stderr(level)
    warnings.simplefilter("ignore")
    watch_share()
    prepare()
    sandbox.enter()
    collect_rarely()

    def answer(text: str) -> None:
        answers.write(text + "\n")
        answers.flush()

    for line in sys.stdin:
        request = json.loads(line)
        limits = IntakeLimits(**request["limits"])
        set_bounds(limits)
        text = _answer_to(carry_out, request, limits, lambda step: answer(_as_json({"step": step})))
        answer(_as_json({"logged": logged()}))
        answer(text)


def _answer_to(
    carry_out: Task,
    request: dict[str, Any],
    limits: IntakeLimits,
    announce: Callable[[str], None],
) -> str:
    """Return the answer as JSON, converted here so that an error in that becomes a refusal too."""
    try:
        return _as_json({"plain": carry_out(request, limits, announce)})
    except FileRefused as refusal:
        _log.info("a file is refused: %s", refusal.code, exc_info=refusal)
        return _refused(refusal)
    except Exception as problem:
        if is_system_error(problem) and not is_past_our_bound(problem, limits):
            _log.warning("the system refused the worker something", exc_info=problem)
            return _as_json({"system": [problem.errno, _named_in(problem)]})
        found = _refusal_for(problem, limits)
        level = logging.ERROR if found.finding.exit_code is ExitCode.FAULT else logging.WARNING
        _log.log(level, "a file is refused: %s", found.code, exc_info=problem)
        return _refused(found)


def _refused(refusal: FileRefused) -> str:
    return _as_json({"refusal": record_of(refusal.finding), "passing": refusal.passing})


def _as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True, default=plainly)


def opened_file(
    request: dict[str, Any], limits: IntakeLimits, announce: Callable[[str], None]
) -> "PlainDocument | TreatmentResult | dict[str, Any]":
    """Open the file of a request; return the result. Raises what the libraries raise."""
    source, target = Path(request["source"]), Path(request["target"])
    if request["kind"] in worker_drawing.KINDS:
        announce(request["kind"])
        return worker_drawing.answer(request)
    if request["kind"] == file_kinds.OFFICE:
        from sjs_forms.intake.office.treatment import treat
        from sjs_forms.intake.office.treatment_request import TreatmentRequest

        announce("office")
        return treat(source, target, TreatmentRequest(**request["order"]))
    if request["kind"] == file_kinds.IMAGE:
        from sjs_forms.intake.images.picture_file import take_in_image

        announce("image")
        return _examined(take_in_image(source, target, limits), target, limits)
    if request["kind"] == file_kinds.OFD:
        return _ofd_opened(request, limits, announce)
    return _pdf_opened(source, request, limits, announce)


def _ofd_opened(
    request: dict[str, Any], limits: IntakeLimits, announce: Callable[[str], None]
) -> "PlainDocument":
    """Open an OFD: it is written as a PDF, which is cleaned as any other."""
    from sjs_forms.intake.ofd import write_ofd_as_pdf

    announce("ofd")
    written = Path(request["target"]).with_suffix(".ofd.pdf")
    remarks = write_ofd_as_pdf(Path(request["source"]), written, limits)
    opened = _pdf_opened(written, request, limits, announce)
    patient_moves.unlink(written)
    return replace(opened, remarks=(*remarks, *opened.remarks))


def _pdf_opened(
    source: Path, request: dict[str, Any], limits: IntakeLimits, announce: Callable[[str], None]
) -> "PlainDocument":
    from sjs_forms.intake.clean.repair import RepairJob, take_in_pdf
    from sjs_forms.intake.long_pages.fit_on_a4 import long_pages_cut

    target = Path(request["target"])
    job = RepairJob(source, target, request["password"], limits)
    taken = _with_fonts(take_in_pdf(job, announce, request["after"]), target, limits)
    return _examined(long_pages_cut(target, taken, limits), target, limits)


def _refusal_for(problem: Exception, limits: IntakeLimits) -> FileRefused:
    """Return the refusal for an exception.

    The file is at fault if a library failed on it or a limit was exceeded.
    """
    if isinstance(problem, MemoryError):
        return refusals.out_of_memory() if memory_is_due(limits) else machine_faults.no_memory()
    if is_past_our_bound(problem, limits):
        mega = f"{4 * limits.max_bytes / 1e6:,.1f} MB"
        return file_refusal.too_large("整理后的数据", f"{mega}以上", mega)
    if isinstance(problem, RecursionError):
        return refusals.unreadable("内部结构层层嵌套")
    if isinstance(problem, ImportError):
        return machine_faults.no_library(problem)
    if raised_by_a_library(problem):
        return refusals.unreadable("读取时出错，内容不合规范")
    return machine_faults.fault(_located(problem))


def _named_in(problem: OSError) -> str | None:
    """Return the file that a system error names; libraries may set the open file instead."""
    name = getattr(problem.filename, "name", problem.filename)
    return name if isinstance(name, str) else None


def _located(problem: Exception) -> str:
    """Describe an exception with its place in the code."""
    place = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{type(problem).__name__}: {problem}，{Path(place.filename).name}:{place.lineno}"


def _with_fonts(taken: "PlainDocument", clean: Path, limits: IntakeLimits) -> "PlainDocument":
    """Embed a file for every font in the clean PDF; return the updated facts.

    A font that cannot be embedded is a remark, never a refusal. Raises FileRefused for content
    beyond the limits, OSError if a bundled font is missing or the PDF cannot be written.
    """
    import pikepdf

    from sjs_forms.intake.clean.strict_reopening import check_reopens
    from sjs_forms.intake.fonts import embed_all
    from sjs_forms.pdf.damage import Damaged
    from sjs_forms.pdf.objects import save

    embedded = clean.with_suffix(".embedded")
    try:
        with pikepdf.open(clean) as pdf:
            changed, wanting = embed_all(pdf, limits.max_decoded_bytes)
            if not changed:
                return taken
            save(pdf, embedded)
        check_reopens(embedded, len(taken.pages))
    except (Damaged, pikepdf.PdfError, ValueError, TypeError, LookupError, ArithmeticError):
        _log.warning("fonts are left as they are", exc_info=True)
        return replace(taken, remarks=(*taken.remarks, file_remarks.fonts_left()))
    patient_moves.replace(embedded, clean)
    remarks = [
        file_remarks.glyphs_missing(found.font, list(found.pages), found.signs)
        if found.signs
        else file_remarks.font_unknown(found.font, list(found.pages))
        for found in wanting
    ]
    return replace(taken, remarks=(*taken.remarks, *remarks))


def _examined(taken: "PlainDocument", clean: Path, limits: IntakeLimits) -> "PlainDocument":
    """Return the facts with the ink, colour and seal of each page, if examined, and digests."""
    import pikepdf

    from sjs_forms.intake.clean.lost_content import with_losses
    from sjs_forms.intake.ink_detection import examined_pages
    from sjs_forms.intake.long_pages.fit_on_a4 import remarks_on
    from sjs_forms.pdf.objects import large_streams

    try:
        pages, doubtful = examined_pages(clean, taken.pages, limits.max_seconds / 3)
    except Exception:  # unexamined pages count as inked and coloured: never refuse a file for it
        _log.warning("pages were not looked at for ink and colour", exc_info=True)
        pages, doubtful = tuple(replace(page, coloured=True) for page in taken.pages), ()
    streams: dict[int, str] = {}
    try:
        with pikepdf.open(clean) as pdf:
            streams = large_streams(pdf)
    except Exception:  # digests are optional
        _log.warning("digests of large streams are missing", exc_info=True)
    remarks = (*taken.remarks, *remarks_on(clean, pages))
    seen = replace(taken, pages=pages, remarks=remarks, streams=streams)
    return with_losses(seen, clean, limits.max_decoded_bytes, doubtful)


def run(level: int = SILENT) -> NoReturn:
    """Open files until standard input ends, then exit; see `run_to_the_end`."""
    run_to_the_end(lambda: main(level))


def run_to_the_end(work: Callable[[], None]) -> NoReturn:
    """Do the work of a process, then exit at once, so that no library's clean-up can hang."""
    code = 0
    try:
        work()
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    except Exception:
        _log.exception("the worker could not serve")
        code = 1
    os._exit(code)


if __name__ == "__main__":
    run()
