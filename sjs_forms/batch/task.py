"""One application of a batch, built wherever it may be: here, in a process, on another machine.

What is wrong becomes the outcome; nothing is raised that an application can cause.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.errors import ExitCode, Refused
from sjs_forms.base.finding_places import WHOLE
from sjs_forms.base.findings import Finding, blocking, error
from sjs_forms.base.system_errors import told
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.jobs.options import Options

_CODES = {
    ExitCode.USAGE: "batch-usage",
    ExitCode.ATTACHMENT: "batch-attachment",
    ExitCode.MACHINE: "batch-machine",
    ExitCode.OUTPUT: "batch-output",
}
"""The code of a finding that stands for an error with such an exit code; of any other, a fault."""

Clock = Callable[[], float]
"""Seconds that only go forward."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be built, where it is to lie, and how."""

    application: ApplicationFolder
    out: Path
    options: Options


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task: its findings, the sides of its volumes, how many seconds it took.

    `pages` is None where nothing was built. `digests` are the SHA-256 of the files that went in,
    as the build saw them, by their path as the user wrote it.
    """

    findings: tuple[Finding, ...]
    seconds: float
    pages: int | None = None
    digests: tuple[tuple[str, str], ...] = ()

    @property
    def built(self) -> bool:
        """Whether the task's folder now stands."""
        return self.pages is not None


def carry_out(task: Task, clock: Clock = time.perf_counter) -> Outcome:
    """Build, and tell what became of it."""
    from sjs_forms.jobs.pipeline import build_application
    from sjs_forms.typesetting.typesetting_process import inside

    started = clock()
    try:
        built = build_application(task.application, task.out, task.options, typesetting=inside)
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
    """The outcome of a task that `problem` brought down."""
    if isinstance(problem, Refused):
        return Outcome(problem.findings, seconds)
    known = told(problem)
    code = _CODES.get(known.exit_code, "batch-fault")
    return Outcome((error(code, WHOLE, "批量生成", known.message, known.remedy),), seconds)


def reasons(findings: tuple[Finding, ...]) -> str:
    """Why an application was not built, in one line."""
    return "；".join(found.message.rstrip("。") for found in blocking(findings))
