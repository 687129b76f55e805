"""The process of one job: receives an order as a line of JSON, and writes its log line by line.

It ends cleanly on SIGTERM, and when its parent has ended. Recognised scans stay in its memory until
it receives the user's statements on their pages.
"""

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from sjs_forms.base.errors import Refused, SjsFormsError
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.base.processes.work_bounds import bounded
from sjs_forms.base.progress import Cancelled, Progress, Step
from sjs_forms.base.system_errors import as_own_error

if TYPE_CHECKING:
    from sjs_forms.jobs.papers.reading_snippets import Snippet

Order = Mapping[str, Any]
Say = Callable[[Order], None]

_LOOK = 0.1
"""Seconds between two checks for cancellation while it waits for an order."""


@dataclass(frozen=True, slots=True)
class _JobChannel:
    """The input and output of a job: its orders, its log, and its progress."""

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


def run() -> NoReturn:
    """The process's main function: `serve`, then leave at once.

    Nothing is open by then. Python would free object by object, for up to a second, what the system
    frees as a whole, while 130 MB count as memory of a server that has nothing to do.
    """
    serve()
    os._exit(0)


@collection_paused()
def serve() -> None:
    """Carry out the order from standard input, and write the log."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1)
    os.dup2(2, 1)  # so that no output of a library is read as a line of the log
    writing = threading.Lock()

    def say(line: Order) -> None:
        with writing:
            answers.write(json.dumps(line, ensure_ascii=True, default=str) + "\n")

    def tell(step: Step) -> None:
        say({"stage": step.stage.value, "done": step.done, "total": step.total})

    channel = _JobChannel(queue.SimpleQueue(), say, Progress(tell))
    _end_on_request(channel.progress)
    threading.Thread(target=_read, args=(sys.stdin, channel), daemon=True).start()
    try:
        order = channel.next()
        with bounded(channel.progress) as progress:
            _JOBS[str(order["kind"])](order, replace(channel, progress=progress))
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


def _read(stream: TextIO, channel: _JobChannel) -> None:
    """Read orders; the end of standard input cancels the job."""
    for line in stream:
        channel.orders.put(json.loads(line))
    channel.progress.cancel()


def _failed(problem: SjsFormsError) -> Order:
    return {"end": "failed", **_in_words(problem)}


def _in_words(problem: SjsFormsError) -> dict[str, str]:
    """Return message and remedy of an error in the words of a page."""
    from sjs_forms.web.wording.page_wording import error_on_page

    message, remedy = error_on_page(problem)
    return {"message": message, "remedy": remedy}


def _plain(findings: tuple[Finding, ...], *, of_scans: bool = False) -> list[dict[str, Any]]:
    """Return findings as JSON, in the words of a page."""
    from sjs_forms.web.wording.page_wording import (
        PAGE_WORDING,
        SCAN_WORDING,
        message_on_page,
        remedy_on_page,
    )

    wording = SCAN_WORDING if of_scans else PAGE_WORDING
    return [
        {
            **found.as_dict(),
            "message": message_on_page(found),
            "remedy": remedy_on_page(found.action, wording),
        }
        for found in findings
    ]


def _build(order: Order, channel: _JobChannel) -> None:
    from sjs_forms.base.output.output_folder import recover
    from sjs_forms.jobs.options import Options
    from sjs_forms.jobs.pipeline import build
    from sjs_forms.web.workspace.output_records import inputs_digest, note

    known = {field.name for field in fields(Options)}
    options = {key: value for key, value in order["options"].items() if key in known}
    if options.get("since"):
        options["since"] = Path(options["since"])
    place, out = Path(order["place"]), Path(order["out"])
    recover(out)
    digest = inputs_digest(place)
    built = build(place, out, Options(**options), channel.progress)
    note(place, out, digest)
    channel.say({"end": "done", "findings": _plain(built.findings)})


def _fill(order: Order, channel: _JobChannel) -> None:
    from sjs_forms.jobs.pipeline import fill
    from sjs_forms.web.workspace.output_records import answers_digest, note

    place, out = Path(order["place"]), Path(order["out"])
    digest = answers_digest(place)
    findings = fill(place, out, channel.progress)
    note(place, out, digest)
    channel.say({"end": "done", "findings": _plain(findings)})


def _stamped(order: Order, channel: _JobChannel) -> None:
    from sjs_forms.domain.folder.application_folder import read_folder
    from sjs_forms.jobs.session import Session
    from sjs_forms.jobs.signed_scans.scan_recognition import ScanOptions
    from sjs_forms.web.wording.scan_verdicts import SAID_BY_THE_PAGES, verdict_data

    scans = [Path(each) for each in order["scans"]]
    how = ScanOptions(password=order.get("password") or None)
    with Session.open(Path(order["place"])) as session:
        seen = session.recognise(scans, how, channel.progress)
        found = seen.recognition.findings(read_folder(Path(order["place"])), replaces=True)
        remarks = tuple(each for each in found if each.code not in SAID_BY_THE_PAGES)
        channel.say(
            {"verdict": verdict_data(seen.recognition), "remarks": _plain(remarks, of_scans=True)}
        )
        while True:
            decided = channel.next()
            try:
                taken, _ = session.file(seen, decided["decisions"], replaces=decided["replaces"])
            except Refused as refused:
                channel.say({"unfiled": _plain(refused.findings, of_scans=True)})
                continue
            except SjsFormsError as problem:
                channel.say({"problem": _in_words(problem)})
                continue
            if taken.written:
                channel.say({"end": "done", "findings": _plain(taken.findings)})
                return
            channel.say({"unfiled": _plain(taken.findings, of_scans=True)})


def _read_papers(order: Order, channel: _JobChannel) -> None:
    """Read the papers, and keep the pictures of places in a folder, numbered as the findings."""
    from sjs_forms.domain.folder.application_folder import read_folder
    from sjs_forms.jobs.papers.paper_reading import read_papers

    pictures = Path(order["pictures"])
    pictures.mkdir(parents=True, exist_ok=True)
    shown: list[Finding] = []

    def show(snippet: "Snippet") -> None:
        shown.append(snippet.finding)
        (pictures / f"{len(shown)}.png").write_bytes(snippet.png)

    place = Path(order["place"])
    files = {item.where: item.file for item in read_folder(place).offered}
    _, found = read_papers(place, progress=channel.progress, show=show)
    findings = [
        {
            **plain,
            "picture": shown.index(each) + 1 if each in shown else None,
            "file": files.get(str(each.place), ""),  # its place changes with the list
        }
        for each, plain in zip(found.findings, _plain(found.findings), strict=True)
    ]
    channel.say(
        {
            "end": "done",
            "lines": [asdict(line) for line in found.lines],
            "findings": findings,
            "unread": [paper.name for paper in found.unread],
            "reads_scans": found.means.scans,
        }
    )


_JOBS: Mapping[str, Callable[[Order, _JobChannel], None]] = {
    "build": _build,
    "fill": _fill,
    "read": _read_papers,
    "stamped": _stamped,
}
