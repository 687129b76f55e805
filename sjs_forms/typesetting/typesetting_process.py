"""Runs typesetting in a process of its own, parallel to all other work.

Pickles are exchanged over pipes, one answer per request. The process runs this program's code, so
its answers are trusted. If it dies, the requests are carried out in this process.
"""

import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sjs_forms.base.errors import MachineLacks, SjsFormsError
from sjs_forms.base.log_lines import SILENT, level_for_children
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.processes.child_logs import Relay, log_to_stderr
from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.base.processes.isolated_python import (
    python_command,
    temporary_variables,
    working_folder,
)
from sjs_forms.base.processes.processors import processors
from sjs_forms.base.system_errors import told
from sjs_forms.typesetting.font_settings import font_place
from sjs_forms.typesetting.typesetter import NO_PICTURES, LaidOut, LocalTypesetter, Typesetter

if TYPE_CHECKING:
    from sjs_forms.domain.placement import Boxes
    from sjs_forms.domain.programme import Programme

_log = logging.getLogger(__name__)

Typesetting = Callable[[], AbstractContextManager[Typesetter]]
"""A factory of typesetters, each for one job."""

START = "from sjs_forms.typesetting.typesetting_process import serve; serve(int(sys.argv[1]))"
"""What the process runs. Its one argument is the level from which it logs."""


@contextmanager
def inside() -> Iterator[Typesetter]:
    """Typeset in this process."""
    yield LocalTypesetter()


@contextmanager
def beside() -> Iterator[Typesetter]:
    """Typeset in a process that starts now and is killed at the end of the context.

    If the system cannot start one, typesets in this process.
    """
    with temporary_folder(font_place()) as folder:
        try:
            process, relay = _started(folder)
        except OSError:
            _log.warning("typesetting runs in this process: no other starts", exc_info=True)
            yield LocalTypesetter()
            return
        typesetter = _TypesettingProcess(process, relay)
        try:
            yield typesetter
        finally:
            typesetter.end()


def for_one_job() -> AbstractContextManager[Typesetter]:
    """Typeset in a process if there is a second processor, else in this process."""
    return beside() if processors() > 1 else inside()


def _started(folder: Path) -> "tuple[subprocess.Popen[bytes], Relay]":
    """Start the process; returns it and its log. Copies of fonts are made in `folder`."""
    with Relay(__name__) as relay:
        process = subprocess.Popen(
            [*python_command(START), str(level_for_children())],
            cwd=working_folder(),
            env={**os.environ, **temporary_variables(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=relay.stderr,
            start_new_session=True,
        )
    return process, relay


class _TypesettingProcess:
    """The parent's side: sends one request after the other from a thread."""

    def __init__(self, process: "subprocess.Popen[bytes]", relay: Relay) -> None:
        self._process, self._relay = process, relay
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="typesetting")
        self._ended = threading.Event()
        self._numbers = count(1)
        self._orders: dict[int, tuple[tuple[Any, ...], LaidOut]] = {}
        """For each document, by a number of ours: its request, and its LaidOut by the typesetter
        that made it. Numbers of ours are needed because the process and `_instead` each count from
        1.
        """
        self._instead: LocalTypesetter | None = None

    def lay_out(
        self,
        programme: "Programme",
        template: str,
        context: Mapping[str, Any],
        pictures: Mapping[str, bytes] = NO_PICTURES,
    ) -> "Future[LaidOut]":
        """See `Typesetter`."""
        order = programme, template, dict(context), dict(pictures)
        return self._thread.submit(self._laid_out, order)

    def _laid_out(self, order: tuple[Any, ...]) -> LaidOut:
        try:
            made: LaidOut = self._asked("lay_out", *order)
        except _ProcessDied:
            made = self._here().lay_out(*order).result()
        number = next(self._numbers)
        self._orders[number] = order, made
        return replace(made, number=number)

    def paint(self, laid_out: LaidOut, boxes: "Boxes | None" = None) -> "Future[bytes]":
        """See `Typesetter`."""
        return self._thread.submit(self._painted, laid_out, boxes)

    def _painted(self, laid_out: LaidOut, boxes: "Boxes | None") -> bytes:
        order, made = self._orders.pop(laid_out.number)
        with suppress(_ProcessDied):
            return self._asked("paint", made, boxes)  # type: ignore[no-any-return]
        again = self._here().lay_out(*order).result()
        return self._here().paint(again, boxes).result()

    def _asked(self, name: str, *order: Any) -> Any:
        """Return the process's answer. Raises the exception it sends, or _ProcessDied."""
        if self._instead is not None:
            raise _ProcessDied
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump((name, order), self._process.stdin)
            self._process.stdin.flush()
            problem, made = pickle.load(self._process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as gone:
            raise _ProcessDied from gone
        if problem is not None:
            raise problem
        return made

    def _here(self) -> LocalTypesetter:
        """Return a typesetter in this process, after the other died. Documents are laid
        out again.
        """
        if self._ended.is_set():
            raise MachineLacks("排版已中止。")
        if self._instead is None:
            code = self._process.poll()
            _log.warning("the typesetting process died and left %s; this one goes on", code)
            self._instead = LocalTypesetter()
        return self._instead

    def end(self) -> None:
        """Kill the process and cancel pending requests."""
        self._ended.set()
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()
        self._relay.end()


class _ProcessDied(Exception):
    """Raised when the process has died."""


@collection_paused()
def serve(level: int = SILENT) -> None:
    """The process's main function: handles requests until standard input ends.

    Logs to standard error from `level` on.
    """
    import sjs_forms.typesetting.html_pages  # noqa: F401 - loaded while the first order is still awaited
    from sjs_forms.typesetting.weasyprint_loader import load_weasyprint

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a library prints may be read as an answer
    log_to_stderr(level)
    with suppress(MachineLacks):  # reported by the first request
        load_weasyprint()
    typesetter = LocalTypesetter()
    with suppress(EOFError, BrokenPipeError):
        while True:
            name, order = pickle.load(sys.stdin.buffer)
            pickle.dump(_carried_out(typesetter, name, order), answers)
            answers.flush()


def _carried_out(typesetter: LocalTypesetter, name: str, order: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return the exception that a request raised, if any, and its result."""
    try:
        return None, getattr(typesetter, name)(*order).result()
    except (SjsFormsError, OSError) as problem:
        return problem, None
    except Exception as problem:
        return told(problem), None
