"""A process of its own for typesetting, so that forms and pages are set beside all other work.

Pickles go to and fro over pipes, one answer to each order. The process is this program's own, so
what it says is believed; were it to die, the orders are carried out here.
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

from sjs_forms.base.child_logs import Relay, log_to_stderr
from sjs_forms.base.errors import MachineLacks, SjsFormsError
from sjs_forms.base.gc_pause import collector_at_rest
from sjs_forms.base.isolated_python import python_command, temporary_variables, working_folder
from sjs_forms.base.log_lines import SILENT, level_for_children
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.processors import processors
from sjs_forms.base.system_errors import told
from sjs_forms.typesetting.typesetter import NO_PICTURES, Inside, LaidOut, Typesetter

if TYPE_CHECKING:
    from sjs_forms.domain.placement import Boxes
    from sjs_forms.domain.programme import Programme

_log = logging.getLogger(__name__)

Typesetting = Callable[[], AbstractContextManager[Typesetter]]
"""Gives a typesetter for the time of a job."""

_START = "from sjs_forms.typesetting.typesetting_process import serve; serve(int(sys.argv[1]))"


@contextmanager
def inside() -> Iterator[Typesetter]:
    """Typesetting in this process."""
    yield Inside()


@contextmanager
def beside() -> Iterator[Typesetter]:
    """Typesetting in a process that starts now and ends with the context, whatever it is at.

    Where the machine lets none start, typesetting happens here.
    """
    with temporary_folder() as folder:
        try:
            process, relay = _started(folder)
        except OSError:
            _log.warning("typesetting happens in this process: no other starts", exc_info=True)
            yield Inside()
            return
        typesetter = _Beside(process, relay)
        try:
            yield typesetter
        finally:
            typesetter.end()


def for_one_job() -> AbstractContextManager[Typesetter]:
    """Beside the job where there is a processor for that, else inside."""
    return beside() if processors() > 1 else inside()


def _started(folder: Path) -> "tuple[subprocess.Popen[bytes], Relay]":
    """The process, and its log; copies of fonts that WeasyPrint makes lie in `folder`."""
    with Relay(__name__) as relay:
        process = subprocess.Popen(
            [*python_command(_START), str(level_for_children())],
            cwd=working_folder(),
            env={**os.environ, **temporary_variables(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=relay.stderr,
            start_new_session=True,
        )
    return process, relay


class _Beside:
    """The parent's side: sends one order after the other from a thread."""

    def __init__(self, process: "subprocess.Popen[bytes]", relay: Relay) -> None:
        self._process, self._relay = process, relay
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="typesetting")
        self._ended = threading.Event()
        self._numbers = count(1)
        self._orders: dict[int, tuple[tuple[Any, ...], LaidOut]] = {}
        """What each document was made of, and as what its maker knows it, by a number of its own:
        the process and `_instead` each count from 1."""
        self._instead: Inside | None = None

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
        """What the process answers. Raises what it met with, and _ProcessDied where it is gone."""
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

    def _here(self) -> Inside:
        """Typesetting in this process, once the other has died; documents are laid out anew."""
        if self._ended.is_set():
            raise MachineLacks("排版已中止。")
        if self._instead is None:
            code = self._process.poll()
            _log.warning("the typesetting process died and left %s; this one goes on", code)
            self._instead = Inside()
        return self._instead

    def end(self) -> None:
        """End the process and whatever is still to be done."""
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
    """The process is no more."""


@collector_at_rest()
def serve(level: int = SILENT) -> None:
    """The process itself: orders come in until standard input ends.

    Logs to standard error from `level` on.
    """
    import sjs_forms.typesetting.html_pages  # noqa: F401 - loaded while the first order is still awaited
    from sjs_forms.typesetting.weasyprint_loader import load_weasyprint

    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing a library prints may look like an answer
    log_to_stderr(level)
    with suppress(MachineLacks):  # said by the first order
        load_weasyprint()
    typesetter = Inside()
    with suppress(EOFError, BrokenPipeError):
        while True:
            name, order = pickle.load(sys.stdin.buffer)
            pickle.dump(_carried_out(typesetter, name, order), answers)
            answers.flush()


def _carried_out(typesetter: Inside, name: str, order: tuple[Any, ...]) -> tuple[Any, Any]:
    """What an order met with, if anything, and what it made."""
    try:
        return None, getattr(typesetter, name)(*order).result()
    except (SjsFormsError, OSError) as problem:
        return problem, None
    except Exception as problem:
        return told(problem), None
