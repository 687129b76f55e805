"""Builds one application of a batch: here, in another process, or on another machine.

Errors become the outcome; nothing that an application causes is raised.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.errors import ExitCode, Refused
from sjs_forms.base.findings.finding import Finding, blocking, error
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.intake.process.worker_pool import WorkerPool, WorkersOfJob
from sjs_forms.jobs.options import Options

_CODES = {
    ExitCode.USAGE: "batch-usage",
    ExitCode.ATTACHMENT: "batch-attachment",
    ExitCode.MACHINE: "batch-machine",
    ExitCode.OUTPUT: "batch-output",
}
"""The code of a finding that stands for an error with such an exit code; of any other, a fault."""

Clock = Callable[[], float]
"""Returns monotonic seconds."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to build, where to write it, and how."""

    application: ApplicationFolder
    out: Path
    options: Options


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a task: its findings, the sides of its volumes, its duration in seconds.

    `pages` is None if nothing was built. `digests` are the SHA-256 of the input files, as the build
    read them, by their path as the user wrote it.
    """

    findings: tuple[Finding, ...]
    seconds: float
    pages: int | None = None
    digests: tuple[tuple[str, str], ...] = ()

    @property
    def built(self) -> bool:
        """Whether the task's folder was written."""
        return self.pages is not None


def carry_out(
    task: Task,
    progress: Progress = quiet,
    workers: WorkersOfJob = WorkerPool,
    clock: Clock = time.perf_counter,
) -> Outcome:
    """Build, and return the outcome. Raises Cancelled."""
    progress.check()
    from sjs_forms.jobs.pipeline import build_application
    from sjs_forms.typesetting.typesetting_process import local_typesetter

    started = clock()
    try:
        built = build_application(
            task.application, task.out, task.options, progress, local_typesetter, workers
        )
    except Exception as problem:
        return failed(problem, clock() - started)
    return Outcome(
        built.findings,
        clock() - started,
        sum(len(volume.plan.sides) for volume in built.volumes),
        tuple(
            (source.offered.file, source.facts.sha256) for source in built.sources if source.facts
        ),
    )


def failed(problem: Exception, seconds: float = 0.0) -> Outcome:
    """Return the outcome of a task that raised `problem`."""
    if isinstance(problem, Refused):
        return Outcome(problem.findings, seconds)
    known = as_own_error(problem)
    code = _CODES.get(known.exit_code, "batch-fault")
    return Outcome((error(code, WHOLE, "批量生成", known.message, known.remedy),), seconds)


def reasons(findings: tuple[Finding, ...]) -> str:
    """Return in one line why an application was not built."""
    return "；".join(found.message.rstrip("。") for found in blocking(findings))
