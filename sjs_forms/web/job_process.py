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
from dataclasses import fields
from pathlib import Path
from typing import Any, TextIO

from sjs_forms.base.errors import Refused, SjsFormsError
from sjs_forms.base.findings import Finding
from sjs_forms.base.system_errors import told

Say = Callable[[Mapping[str, Any]], None]
Next = Callable[[], Mapping[str, Any]]


def serve() -> None:
    """Carry out the order that standard input brings, and say how it goes."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1)
    os.dup2(2, 1)  # nothing a library prints may look like a line of the log
    signal.signal(signal.SIGTERM, _interrupt)
    orders = _orders()

    def say(line: Mapping[str, Any]) -> None:
        answers.write(json.dumps(line, ensure_ascii=True, default=str) + "\n")

    try:
        order = orders()
        _JOBS[str(order["kind"])](order, say, orders)
    except KeyboardInterrupt:
        say({"end": "cancelled"})
    except Refused as refused:
        say({"end": "refused", "findings": _plain(refused.findings)})
    except SjsFormsError as problem:
        say(_failed(problem))
    except Exception as problem:
        say(_failed(told(problem)))


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _orders() -> Next:
    """Gives the next order; the end of standard input is a request to end."""
    waiting: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()

    def read(stream: TextIO) -> None:
        for line in stream:
            waiting.put(json.loads(line))
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=read, args=(sys.stdin,), daemon=True).start()

    def following() -> Mapping[str, Any]:
        while True:  # in short waits, so that a signal is seen on every system
            try:
                return waiting.get(timeout=0.2)
            except queue.Empty:
                continue

    return following


def _failed(problem: SjsFormsError) -> dict[str, Any]:
    return {"end": "failed", "message": problem.message, "remedy": problem.remedy}


def _plain(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    return [found.as_dict() for found in findings]


def _progress(say: Say) -> Callable[[str, int, int], None]:
    def progress(stage: str, done: int, total: int) -> None:
        say({"stage": stage, "done": done, "total": total})

    return progress


def _build(order: Mapping[str, Any], say: Say, _orders: Next) -> None:
    from sjs_forms.base.output.output_folder import recover
    from sjs_forms.jobs.options import Options
    from sjs_forms.jobs.pipeline import build

    known = {field.name for field in fields(Options)}
    options = {key: value for key, value in order["options"].items() if key in known}
    if options.get("since"):
        options["since"] = Path(options["since"])
    out = Path(order["out"])
    recover(out)
    built = build(Path(order["place"]), out, Options(**options), _progress(say))
    say({"end": "done", "findings": _plain(built.findings)})


def _fill(order: Mapping[str, Any], say: Say, _orders: Next) -> None:
    from sjs_forms.jobs.pipeline import fill

    say({"stage": "排版", "done": 0, "total": 1})
    findings = fill(Path(order["place"]), Path(order["out"]))
    say({"end": "done", "findings": _plain(findings)})


def _stamped(order: Mapping[str, Any], say: Say, orders: Next) -> None:
    from sjs_forms.jobs.session import Session
    from sjs_forms.jobs.stamped_scans import ScanOptions
    from sjs_forms.web.scan_verdicts import verdict_data

    scans = [Path(each) for each in order["scans"]]
    how = ScanOptions(password=order.get("password") or None)
    with Session.open(Path(order["place"])) as session:
        seen = session.recognise(scans, how, _progress(say))
        say({"verdict": verdict_data(seen.recognition)})
        while True:
            decided = orders()
            try:
                taken, _ = session.file(seen, decided["decisions"], replaces=decided["replaces"])
            except Refused as refused:
                say({"unfiled": _plain(refused.findings)})
                continue
            except SjsFormsError as problem:
                say({"problem": problem.message, "remedy": problem.remedy})
                continue
            if taken.written:
                say({"end": "done", "findings": _plain(taken.findings)})
                return
            say({"unfiled": _plain(taken.findings)})


_JOBS: Mapping[str, Callable[[Mapping[str, Any], Say, Next], None]] = {
    "build": _build,
    "fill": _fill,
    "stamped": _stamped,
}
