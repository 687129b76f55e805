"""Implements `stamped`: recognises scans of signed and sealed forms, and files them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import Fault
from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.progress import Progress, Stage
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.folder.application_lock import writing
from sjs_forms.intake.attachment_opening import cache_of_run
from sjs_forms.jobs.signed_scans.scan_questions import Ask, ask_about_pages
from sjs_forms.jobs.signed_scans.scan_recognition import (
    ScanOptions,
    recognise,
    require_files,
    understood,
)
from sjs_forms.stamped.filing import put_in_place
from sjs_forms.stamped.recognition import (
    ScanVerdict,
)
from sjs_forms.stamped.verdict_findings import (
    Names,
)


@dataclass(frozen=True, slots=True)
class StampedResult:
    """The result: the verdict, all findings, and the files written, if any."""

    verdict: ScanVerdict
    names: Names
    findings: tuple[Finding, ...]
    written: tuple[Path, ...] = ()


def file_stamped_scans(
    place: Path, scans: Sequence[Path], how: ScanOptions, progress: Progress, ask: Ask | None = None
) -> StampedResult:
    """Recognise scans and file them in the application's folder, all or none.

    For an unsure page `ask` is called; without it the page is a blocking finding. Raises Refused if
    the answers themselves are wrong, UsageFault for missing scans and invalid statements, and
    Cancelled.
    """
    require_files(scans)
    progress(Stage.READING)
    folder = read_folder(place)
    with cache_of_run(how.cache) as cache:
        seen = recognise(folder, scans, how, cache, progress)
        if ask is not None and seen.is_open:
            seen = seen.with_decisions(ask_about_pages(seen, ask))
        with writing(folder.folder):
            folder = read_folder(place)  # again, because another program may have written meanwhile
            understood(folder)
            findings = seen.findings(folder, how.replaces)
            if blocking(findings):
                return StampedResult(seen.verdict, seen.names, findings)
            written = put_in_place(place, folder, seen.complete())
    return StampedResult(seen.verdict, seen.names, findings, written)


def stamped_data(taken: StampedResult) -> dict[str, Any]:
    """Return the data for `--json`."""
    if taken.written and blocking(taken.findings):
        raise Fault("有问题的扫描件被写出。")
    return {
        "ok": not blocking(taken.findings),
        "findings": [found.as_dict() for found in taken.findings],
        "pages": [
            {
                "page": page.number,
                "file": taken.names.origins[page.number].file,
                "file_page": taken.names.origins[page.number].page,
                "state": page.state,
                "form": page.page.form if page.page else None,
                "form_page": page.page.page if page.page else None,
                "turn": page.turn,
                "by": page.by or None,
                "certainty": page.certainty,
            }
            for page in taken.verdict.pages
        ],
        "written": [str(path) for path in taken.written],
    }
