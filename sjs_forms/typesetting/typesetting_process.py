"""Runs typesetting in a process of its own, parallel to all other work.

Pickles are exchanged over pipes, one answer per request. The process runs this program's code, so
its answers are trusted. If it dies, the requests are carried out in this process, unless it died
because the application exceeded its bounds.
"""

import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
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
from sjs_forms.base.processes.child_processes import start_child
from sjs_forms.base.processes.gc_pause import IdleCollection, collection_paused
from sjs_forms.base.processes.isolated_python import (
    python_command,
    temporary_variables,
    working_folder,
)
from sjs_forms.base.processes.processors import processors
from sjs_forms.base.processes.work_bounds import bounded, bounded_process, past_bounds
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.typesetting.font_settings import font_place
from sjs_forms.typesetting.typesetter import FilledTemplate, LaidOut, LocalTypesetter, Typesetter

if TYPE_CHECKING:
    from sjs_forms.domain.placement import Boxes

_log = logging.getLogger(__name__)

Typesetting = Callable[[], AbstractContextManager[Typesetter]]
"""A factory of typesetters, each for one job."""

_LAST_WORDS = 5
"""Seconds to wait for the end of a process that has closed its output."""

_IDLE, _MANY = 1.0, 50
"""Seconds without a request, or requests, after which garbage is collected: a layout is full of
cycles, 2 MB for a page that is looked at. A build rarely has as many.
"""

START = "from sjs_forms.typesetting.typesetting_process import serve; serve(int(sys.argv[1]))"
"""The code that the process runs. Its one argument is the level from which it logs."""


@contextmanager
def local_typesetter() -> Iterator[Typesetter]:
    """Typeset in this process."""
    yield LocalTypesetter()


@contextmanager
def typesetter_in_a_process() -> Iterator[Typesetter]:
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
        typesetter = _TypesettingProcess(folder, process, relay)
        try:
            yield typesetter
        finally:
            typesetter.end()


def typesetter_of_job() -> AbstractContextManager[Typesetter]:
    """Typeset in a process if there is a second processor, else in this process."""
    return typesetter_in_a_process() if processors() > 1 else local_typesetter()


def _started(folder: Path) -> "tuple[subprocess.Popen[bytes], Relay]":
    """Start the process; returns it and its log. Copies of fonts are made in `folder`."""
    with Relay(__name__) as relay:
        process = start_child(
            [*python_command(START), str(level_for_children())],
            cwd=working_folder(),
            env={**os.environ, **temporary_variables(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=relay.stderr,
        )
    return process, relay


class _TypesettingProcess:
    """The parent's side: sends one request after the other from a thread."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes]", relay: Relay) -> None:
        self._folder, self._process, self._relay = folder, process, relay
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="typesetting")
        self._ended = threading.Event()
        self._numbers = count(1)
        self._pages: dict[int, tuple[FilledTemplate, LaidOut, Any]] = {}
        """For each document, by a number of ours: its page, its LaidOut, and the process that
        was in use. Numbers of ours are needed because each typesetter counts from 1.
        """
        self._instead: LocalTypesetter | None = None

    def lay_out(self, page: FilledTemplate) -> "Future[LaidOut]":
        """See `Typesetter`."""
        return self._thread.submit(self._laid_out, page)

    def _laid_out(self, page: FilledTemplate) -> LaidOut:
        try:
            made: LaidOut = self._request("lay_out", page)
        except _ProcessDied:
            made = self._in_this_process("lay_out", page)
        number = next(self._numbers)
        self._pages[number] = page, made, self._process
        return replace(made, number=number)

    def paint(self, laid_out: LaidOut, boxes: "Boxes | None" = None) -> "Future[bytes]":
        """See `Typesetter`."""
        return self._thread.submit(self._painted, laid_out, boxes)

    def _painted(self, laid_out: LaidOut, boxes: "Boxes | None") -> bytes:
        page, made, process = self._pages.pop(laid_out.number)
        with suppress(_ProcessDied):
            if process is not self._process:
                made = self._request("lay_out", page)
            return self._request("paint", made, boxes)  # type: ignore[no-any-return]
        again = self._in_this_process("lay_out", page)
        return self._in_this_process("paint", again, boxes)  # type: ignore[no-any-return]

    def _request(self, name: str, *order: Any) -> Any:
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

    def _in_this_process(self, name: str, *order: Any) -> Any:
        """Carry out a request in this process after the other died; lays documents out again.

        Raises PastBounds if the other was ended for that.
        """
        if self._ended.is_set():
            raise MachineLacks("排版已中止。")
        if self._instead is None:
            self._check_bounds()
            _log.warning("the typesetting process died; this one goes on")
            self._instead = LocalTypesetter()
        with bounded() as work, work.interruptible():
            return getattr(self._instead, name)(*order).result()

    def _check_bounds(self) -> None:
        """Raise PastBounds, and start another process, if this one ended for exceeding bounds."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LAST_WORDS)
        _log.info("the typesetting process left %s", self._process.returncode)
        past = past_bounds(self._process.returncode)
        if past is not None:
            self._close()
            with suppress(OSError):  # then the next request finds it dead and is refused too
                self._process, self._relay = _started(self._folder)
            raise past

    def end(self) -> None:
        """Kill the process and cancel pending requests."""
        self._ended.set()
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._process.kill()  # it may have been replaced meanwhile
        self._close()

    def _close(self) -> None:
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
    import sjs_forms.typesetting.html_pages  # noqa: F401 - loaded before the first request comes
    from sjs_forms.typesetting.weasyprint_loader import load_weasyprint

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that no output of a library is read as an answer
    log_to_stderr(level)
    with suppress(MachineLacks):  # reported by the first request
        load_weasyprint()
    typesetter = LocalTypesetter()
    with suppress(EOFError, BrokenPipeError):
        collection = IdleCollection(_IDLE, _MANY)
        while True:
            name, order = pickle.load(sys.stdin.buffer)
            with collection.work():
                pickle.dump(_carried_out(typesetter, name, order), answers)
                answers.flush()
            del order


def _carried_out(typesetter: LocalTypesetter, name: str, order: tuple[Any, ...]) -> tuple[Any, Any]:
    """Return the exception that a request raised, if any, and its result."""
    try:
        with bounded_process() as work, work.interruptible():
            return None, getattr(typesetter, name)(*order).result()
    except (SjsFormsError, OSError) as problem:
        return problem, None
    except Exception as problem:
        return as_own_error(problem), None
