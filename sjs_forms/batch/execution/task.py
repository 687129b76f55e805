"""Builds, checks or fills one application of a batch: here, or in a process anywhere.

Errors become the outcome; nothing that an application causes is raised.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sjs_forms.base.errors import ExitCode, Refused, UsageFault
from sjs_forms.base.findings.finding import Finding, blocking, error, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.remedies import Remedy, several
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.intake.process.worker_pool import WorkerPool, WorkersOfJob
from sjs_forms.jobs.options import Options

if TYPE_CHECKING:
    from sjs_forms.jobs.pipeline import BuildResult

_CODES = {
    ExitCode.USAGE: "batch-usage",
    ExitCode.ATTACHMENT: "batch-attachment",
    ExitCode.MACHINE: "batch-machine",
    ExitCode.OUTPUT: "batch-output",
}
"""The code of the finding for an error with such an exit code; any other counts as a fault."""

Work = Literal["build", "check", "read", "forms"]
"""What is done with an application: its volume is built; it is checked; it is checked, also by what
its papers say; its forms are filled.
"""

Clock = Callable[[], float]
"""Returns monotonic seconds."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to do with an application, the folder for the result, and the options."""

    application: ApplicationFolder
    out: Path
    options: Options
    work: Work = "build"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a task: its findings, the sides of its volumes, its duration in seconds.

    `pages` is None if the application was refused, and 0 if no volume was wanted. `digests` are the
    SHA-256 of the input files, as the build read them, by their path as the user wrote it.
    `compared` is False if the volume could not be compared with an earlier one, as was wanted.
    """

    findings: tuple[Finding, ...]
    seconds: float
    pages: int | None = None
    digests: tuple[tuple[str, str], ...] = ()
    compared: bool = True

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
    """Do the work, and return the outcome. Raises Cancelled."""
    progress.check()
    started = clock()
    try:
        done = _WORK[task.work](task, progress, workers)
    except Exception as problem:
        return failed(problem, clock() - started)
    return replace(done, seconds=clock() - started)


def _build(task: Task, progress: Progress, workers: WorkersOfJob) -> Outcome:
    """Build a volume, without the comparison if it cannot be compared with the earlier one."""
    from sjs_forms.jobs.pipeline import build_application
    from sjs_forms.typesetting.typesetting_process import local_typesetter

    def made(options: Options) -> "BuildResult":
        return build_application(
            task.application, task.out, options, progress, local_typesetter, workers
        )

    more: tuple[Finding, ...] = ()
    try:
        built = made(task.options)
    except UsageFault as problem:
        if task.options.since is None:
            raise
        more = (
            not_compared(
                problem.template, several("这一家按整册印。", problem.action), *problem.files
            ),
        )
        built = made(replace(task.options, since=None))
    return Outcome(
        (*built.findings, *more),
        0.0,
        sum(len(volume.plan.sides) for volume in built.volumes),
        tuple(
            (source.offered.file, source.facts.sha256) for source in built.sources if source.facts
        ),
        not more,
    )


def _check(task: Task, progress: Progress, workers: WorkersOfJob) -> Outcome:
    from sjs_forms.jobs.pipeline import check_folder

    findings = check_folder(task.application, task.options, progress, workers)
    return Outcome(findings, 0.0, None if blocking(findings) else 0)


def _read(task: Task, progress: Progress, workers: WorkersOfJob) -> Outcome:
    from sjs_forms.jobs.papers.paper_reading import check_folder_reading

    findings = check_folder_reading(task.application, task.options, progress, workers)
    return Outcome(findings, 0.0, None if blocking(findings) else 0)


def _fill(task: Task, progress: Progress, workers: WorkersOfJob) -> Outcome:  # noqa: ARG001 - opens no file
    from sjs_forms.jobs.pipeline import fill_folder

    return Outcome(fill_folder(task.application, task.out, progress), 0.0, 0)


_WORK: Mapping[Work, Callable[[Task, Progress, WorkersOfJob], Outcome]] = {
    "build": _build,
    "check": _check,
    "read": _read,
    "forms": _fill,
}


def failed(problem: Exception, seconds: float = 0.0) -> Outcome:
    """Return the outcome of a task that raised `problem`."""
    if isinstance(problem, Refused):
        return Outcome(problem.findings, seconds)
    known = as_own_error(problem)
    code = _CODES.get(known.exit_code, "batch-fault")
    found = error(code, WHOLE, "批量生成", known.template, known.action, *known.files)
    return Outcome((found,), seconds)


def not_compared(message: str, remedy: Remedy | str, *files: str) -> Finding:
    """Return a warning that a volume was not compared with an earlier one.

    `files` are the names for each FILE in the message.
    """
    return warning("batch-not-compared", WHOLE, "补印", message, remedy, *files)


def reasons(findings: tuple[Finding, ...]) -> str:
    """Return the reasons why an application was not built, in one line."""
    return "；".join(found.message.rstrip("。") for found in blocking(findings))
