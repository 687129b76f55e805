"""Executors in this process: one that builds, and one that writes a small folder in no time."""

import json
from collections.abc import Callable, Collection
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Self

from sjs_forms import TOOL
from sjs_forms.base.errors import Fault
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.finding import blocking
from sjs_forms.base.manifest import MANIFEST
from sjs_forms.base.progress import quiet
from sjs_forms.batch.execution.executors import ProcessDied
from sjs_forms.batch.execution.task import Outcome, Task, carry_out, failed
from sjs_forms.intake.process.worker_pool import WorkerPool
from tests.samples import minimal_answers, write_application, write_pdf


class Desk:
    """An executor that carries tasks out at once, in this process, and counts them."""

    def __init__(self, act: Callable[[Task], None] = lambda _task: None, tries: int = 2) -> None:
        self.tries = tries
        self.room = 2
        self.handed_in: list[str] = []
        self.left = 0
        self._act = act

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.left += 1

    def tend(self, _waiting: "Collection[Future[Any]]") -> None:
        """Nothing is ever at work."""

    def submit(self, task: Task) -> "Future[Any]":
        self.handed_in.append(task.out.name)
        future: Future[Any] = Future()
        try:
            self._act(task)
            future.set_result(_write(task))
        except Exception as problem:
            future.set_exception(problem)
        return future

    def receive(self, _task: Task, future: "Future[Any]") -> Outcome:
        try:
            outcome: Outcome = future.result()
        except ProcessDied:
            raise
        except Exception as problem:
            return failed(problem)
        return outcome


class Here(Desk):
    """An executor that really does the work, one application after the other, in this process."""

    def __init__(self, _processes: int | None = None) -> None:
        super().__init__()
        self.room = 1

    def __enter__(self) -> Self:
        self._pool = WorkerPool()
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def submit(self, task: Task) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(carry_out(task, quiet, lambda: nullcontext(self._pool)))
        return future

    def receive(self, _task: Task, future: "Future[Any]") -> Outcome:
        outcome: Outcome = future.result()
        return outcome


def _write(task: Task) -> Outcome:
    """What a build would do, without the pages."""
    if blocking(task.application.findings):
        return Outcome(task.application.findings, 0.5)
    offered = [item for item in task.application.offered if item.path]
    task.out.mkdir(exist_ok=True)
    volume = "".join(f"{item.file}\n" for item in offered) + repr(task.application.application)
    (task.out / "装订版.pdf").write_text(volume, encoding="utf-8")
    volume = task.out / "装订版.pdf"
    entry = {"file": volume.name, "sha256": digest(volume), "bytes": volume.stat().st_size}
    named = getattr(task.application.application, "applicant", None)
    applicant = {"name": named and named.name, "uscc": named and named.uscc}
    manifest = {"tool": {"name": TOOL}, "applicant": applicant, "files": [entry]}
    (task.out / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    digests = tuple((item.file, digest(item.path)) for item in offered if item.path)
    return Outcome(task.application.findings, 0.5, 10, digests)


def applicants(count: int) -> list[dict[str, Any]]:
    """Answers of so many applicants with names of their own."""
    made = []
    for number in range(1, count + 1):
        answers = minimal_answers()
        answers["applicant"] = {"name": f"样例单位{number}"}
        made.append(answers)
    return made


def folder_of_applications(place: Path, count: int) -> Path:
    """So many application folders, each with one lease."""
    for number, answers in enumerate(applicants(count), 1):
        folder = write_application(place / f"单位{number}", answers)
        write_pdf(folder / "attachments/2-场地租赁合同/租赁合同.pdf", mark=str(number))
    return place


def faulty() -> None:
    """Fail as a fault of ours does."""
    raise Fault("不该发生。")
