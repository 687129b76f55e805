"""The parent's side of the worker: starts it, asks, and survives whatever becomes of it."""

import atexit
import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sjs_forms.intake import hindrance, unusable
from sjs_forms.isolated_python import python_command, working_folder
from sjs_forms.machine import no_thread, reason
from sjs_forms.programme import IntakeLimits

_TRIES = 7
"""Processes that may be at work on one file before it is given up."""

_LAST_WORDS = 5
"""Seconds in which a process that fell silent has ended."""

_PAUSE = 0.5
"""Seconds before a second try where no process could be started."""

_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS", "SIGXCPU")
"""Signals that a process brings upon itself; any other comes from outside."""

_MOST_FILES = 200
"""Files after which a process is let go, so that no leak adds up."""


class _Died(Exception):
    """The process ended without an answer; `step` is what it was at, `code` what it left."""

    def __init__(self, step: str, code: int) -> None:
        super().__init__(step, code)
        self.step = step
        self.code = code

    @property
    def crashed(self) -> bool:
        """Whether it died of what it was doing, and was not ended from outside."""
        if os.name == "nt":
            return self.code >= 1 << 31
        own = {getattr(signal, name, 0) for name in _CRASHES}
        return -self.code in own or (self.code >= 0 and self.step != "")

    @property
    def lost_its_map(self) -> bool:
        """Whether a file that was mapped into memory could not be read on."""
        return self.code == -getattr(signal, "SIGBUS", 0)


class _Unstarted(Exception):
    """No process could be started; says why."""


class _Late(Exception):
    """The process was killed because its time was up."""


class Interrupted(Exception):
    """A process was ended by `interrupt`: nobody waits for its work any more."""


class _Worker:
    """One child process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            python_command("from sjs_forms.intake.worker import run; run()"),
            cwd=working_folder(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._owner = os.getpid()
        self.files = 0

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """What `watched` watches."""
        return self._process

    @property
    def mine(self) -> bool:
        """Whether it lives and was started by this very process, not before a fork."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The final answer. Raises _Died or _Late; the process is gone then."""
        late = threading.Event()

        def expire() -> None:
            late.set()
            self.kill()

        timer = threading.Timer(max(seconds, 0.1), expire)
        timer.daemon = True
        step = ""
        self.files += 1
        try:
            timer.start()
            self._send(request)
            while (line := self._receive()).endswith(b"\n"):
                answer: dict[str, Any] = json.loads(line)
                if "step" not in answer:
                    return answer
                step = answer["step"]
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_LAST_WORDS)  # else `kill` might be what it seems to die of
        except BaseException:
            self.kill()
            raise
        finally:
            timer.cancel()
        self.kill()
        if late.is_set():
            raise _Late
        raise _Died(step, self._process.returncode)

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def _receive(self) -> bytes:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def kill(self) -> None:
        """End it and whatever it started, and let go of its pipes."""
        if self._owner != os.getpid():
            return
        end_group(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that leads its own group, with the group; wait for it."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


_idle: list[_Worker] = []
_watched: dict[subprocess.Popen[bytes], bool] = {}
"""Processes that somebody waits for, and whether `interrupt` ended them."""
_interruptions = 0
"""How often `interrupt` was called."""
_lock = threading.Lock()


@contextlib.contextmanager
def watched(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Wait for `process` within: `interrupt` may end it, and Interrupted is raised then."""
    with _lock:
        _watched[process] = False
    try:
        yield
    finally:
        with _lock:
            interrupted = _watched.pop(process)
        if interrupted:
            raise Interrupted


def interrupt() -> None:
    """End whatever other threads wait for, so that a run can end at once."""
    global _interruptions
    with _lock:
        _interruptions += 1
        processes = list(_watched)
        _watched.update(dict.fromkeys(processes, True))
    for process in processes:
        end_group(process)


def _borrow() -> _Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.mine:
                return worker
    return _Worker()


def _give_back(worker: _Worker) -> None:
    if worker.files >= _MOST_FILES:
        worker.kill()
        return
    with _lock:
        _idle.append(worker)


@atexit.register
def dismiss(kept: int = 0) -> None:
    """End all idle workers but so many; the next file starts a new one."""
    with _lock:
        workers, _idle[kept:] = _idle[kept:], []
    for worker in workers:
        worker.kill()


def in_a_worker(
    kind: str,
    source: Path,
    target: Path,
    limits: IntakeLimits,
    password: str | None,
    **more: Any,
) -> dict[str, Any]:
    """What the worker found out of a file (the parts of `Plain`).

    `more` goes with the request: the `order` for an Office document.

    Where a process dies over one reader, another goes on with the next reader; where the machine
    ends it, another has a second try. Raises Unusable, or OSError with what the system reported.
    """
    request: dict[str, Any] = {
        "kind": kind,
        "source": str(source.absolute()),
        "target": str(target.absolute()),
        "password": password,
        "limits": limits.model_dump(),
        "after": "",
        **more,
    }
    until = time.monotonic() + limits.max_seconds
    hindered, begun = False, _interruptions
    for _ in range(_TRIES):
        try:
            return _plain(_asked(request, until - time.monotonic()))
        except _Late:
            raise unusable.timed_out(limits.max_seconds) from None
        except _Unstarted as problem:
            if hindered:
                raise hindrance.unstarted(str(problem)) from problem
            time.sleep(_PAUSE)
        except _Died as death:
            if death.crashed and (hindered or not death.lost_its_map):
                if kind != "pdf" or death.step in ("", "drawn"):
                    break
                request["after"] = death.step
                continue
            if hindered:
                raise _given_up(death) from None
        if _interruptions != begun:
            raise Interrupted
        hindered = True
    raise unusable.unreadable("读取时出错，内容不合规范")


def _given_up(death: _Died) -> unusable.Unusable:
    """What is said of a process that the machine ended, or did not let begin, for a second time."""
    if death.code >= 0 and death.step == "":
        return hindrance.unstarted(f"刚启动就退出了，退出码 {death.code}")
    return hindrance.killed()


def _asked(request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """A worker's answer. Raises _Unstarted, _Died or _Late."""
    try:
        worker = _borrow()
    except OSError as problem:
        raise _Unstarted(reason(problem)) from problem
    try:
        with watched(worker.process):
            answer = worker.ask(request, seconds)
    except RuntimeError as problem:
        if no_thread(problem):
            raise _Unstarted("进程或线程的数目已到上限，或内存不足") from problem
        raise
    _give_back(worker)
    return answer


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """The parts of `Plain` that an answer holds. Raises what it holds instead."""
    if "system" in answer:
        number, file = answer["system"]
        raise OSError(number, os.strerror(number), file)
    if "refusal" in answer:
        raise unusable.Unusable(*answer["refusal"], passing=answer["passing"])
    plain: dict[str, Any] = answer["plain"]
    return plain
