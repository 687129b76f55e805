"""The process of one job: an order comes in as a line of JSON, its log goes out line by line.

It ends cleanly on SIGTERM, and when whoever started it is gone. Signed scans are recognised in it
and stay in its memory until it is told where each page goes.
"""

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TextIO

from sjs_forms.base.errors import Refused, SjsFormsError
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.base.processes.work_bounds import bounded
from sjs_forms.base.progress import Cancelled, Progress, Step
from sjs_forms.base.system_errors import as_own_error

Order = Mapping[str, Any]
Say = Callable[[Order], None]

_LOOK = 0.1
"""Seconds between two looks for a request to end, while an order is awaited."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a job works with: its orders, its log, and its progress."""

    orders: "queue.SimpleQueue[Order]"
    say: Say
    progress: Progress

    def next(self) -> Order:
        """Wait for the next order. Raises Cancelled."""
        while True:
            self.progress.check()
            try:
                return self.orders.get(timeout=_LOOK)
            except queue.Empty:
                continue


@collection_paused()
def serve() -> None:
    """Carry out the order that standard input brings, and say how it goes."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1)
    os.dup2(2, 1)  # nothing a library prints may look like a line of the log
    writing = threading.Lock()

    def say(line: Order) -> None:
        with writing:
            answers.write(json.dumps(line, ensure_ascii=True, default=str) + "\n")

    def tell(step: Step) -> None:
        say({"stage": step.stage.value, "done": step.done, "total": step.total})

    desk = _Desk(queue.SimpleQueue(), say, Progress(tell))
    _end_on_request(desk.progress)
    threading.Thread(target=_read, args=(sys.stdin, desk), daemon=True).start()
    try:
        order = desk.next()
        with bounded(desk.progress) as progress:
            _JOBS[str(order["kind"])](order, replace(desk, progress=progress))
    except (Cancelled, KeyboardInterrupt):
        say({"end": "cancelled"})
    except Refused as refused:
        say({"end": "refused", "findings": _plain(refused.findings)})
    except SjsFormsError as problem:
        say(_failed(problem))
    except Exception as problem:
        say(_failed(as_own_error(problem)))


def _end_on_request(progress: Progress) -> None:
    """Cancel the job on SIGTERM; the second interrupts it."""

    def end(_number: int, _frame: object) -> None:
        if progress.is_cancelled():
            raise KeyboardInterrupt
        progress.cancel()

    signal.signal(signal.SIGTERM, end)


def _read(stream: TextIO, desk: _Desk) -> None:
    """Take in orders; the end of standard input cancels the job."""
    for line in stream:
        desk.orders.put(json.loads(line))
    desk.progress.cancel()


def _failed(problem: SjsFormsError) -> Order:
    return {"end": "failed", "message": problem.message, "remedy": problem.remedy}


def _plain(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    """Return findings as JSON, their remedies in the words of a page."""
    from sjs_forms.web.wording.page_remedies import on_page

    return [{**found.as_dict(), "remedy": on_page(found.action)} for found in findings]


def _build(order: Order, desk: _Desk) -> None:
    from sjs_forms.base.output.output_folder import recover
    from sjs_forms.jobs.options import Options
    from sjs_forms.jobs.pipeline import build

    known = {field.name for field in fields(Options)}
    options = {key: value for key, value in order["options"].items() if key in known}
    if options.get("since"):
        options["since"] = Path(options["since"])
    out = Path(order["out"])
    recover(out)
    built = build(Path(order["place"]), out, Options(**options), desk.progress)
    desk.say({"end": "done", "findings": _plain(built.findings)})


def _fill(order: Order, desk: _Desk) -> None:
    from sjs_forms.jobs.pipeline import fill

    findings = fill(Path(order["place"]), Path(order["out"]), desk.progress)
    desk.say({"end": "done", "findings": _plain(findings)})


def _stamped(order: Order, desk: _Desk) -> None:
    from sjs_forms.domain.folder.application_folder import read_folder
    from sjs_forms.jobs.scan_recognition import ScanOptions
    from sjs_forms.jobs.session import Session
    from sjs_forms.web.wording.scan_verdicts import SAID_BY_THE_PAGES, verdict_data

    scans = [Path(each) for each in order["scans"]]
    how = ScanOptions(password=order.get("password") or None)
    with Session.open(Path(order["place"])) as session:
        seen = session.recognise(scans, how, desk.progress)
        found = seen.recognition.findings(read_folder(Path(order["place"])), replaces=True)
        remarks = tuple(each for each in found if each.code not in SAID_BY_THE_PAGES)
        desk.say({"verdict": verdict_data(seen.recognition), "remarks": _plain(remarks)})
        while True:
            decided = desk.next()
            try:
                taken, _ = session.file(seen, decided["decisions"], replaces=decided["replaces"])
            except Refused as refused:
                desk.say({"unfiled": _plain(refused.findings)})
                continue
            except SjsFormsError as problem:
                desk.say({"problem": problem.message, "remedy": problem.remedy})
                continue
            if taken.written:
                desk.say({"end": "done", "findings": _plain(taken.findings)})
                return
            desk.say({"unfiled": _plain(taken.findings)})


_JOBS: Mapping[str, Callable[[Order, _Desk], None]] = {
    "build": _build,
    "fill": _fill,
    "stamped": _stamped,
}
