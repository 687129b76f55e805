"""The parent's side of the worker: starts it, asks, and survives whatever becomes of it."""

import atexit
import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sjs_forms.base import file_refusal
from sjs_forms.base.isolated_python import python_command, temporary_variables
from sjs_forms.base.system_errors import no_thread, reason
from sjs_forms.domain.programme import IntakeLimits
from sjs_forms.intake import machine_faults, refusals
from sjs_forms.intake.process import confinement, landlock, seccomp
from sjs_forms.intake.process.workplace import Workplace

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

_LONGEST = 1 << 29
"""Bytes of an answer beyond which no more of it is read."""

_START = "from sjs_forms.intake.worker import run; run()"


class _WorkerDied(Exception):
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
    """One child process, which sees nothing but a workplace."""

    def __init__(self, place: Workplace) -> None:
        command, self._wrapped = _command(place)
        self._process = subprocess.Popen(
            command,
            cwd=place.folder,
            env={**os.environ, **temporary_variables(place.made)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.files = 0

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """What `watched` watches."""
        return self._process

    @property
    def lives(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The final answer. Raises _WorkerDied or _Late; the process is gone then."""
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
        raise _WorkerDied(step, self._code())

    def _code(self) -> int:
        """What it left; bubblewrap tells a signal as a shell does."""
        code = self._process.returncode
        return 128 - code if self._wrapped and code > 128 else code

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def _receive(self) -> bytes:
        assert self._process.stdout is not None
        return self._process.stdout.readline(_LONGEST)

    def kill(self) -> None:
        """End it and whatever it started, and let go of its pipes."""
        end_group(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def worker_means() -> tuple[str, ...]:
    """By what the system shuts workers in; nothing where only Python does (see `sandbox`)."""
    own = (("landlock", landlock), ("seccomp", seccomp))
    found = tuple(name for name, means in own if means.is_supported())
    return ("bubblewrap", *found) if _needs_bubblewrap() else found


def _needs_bubblewrap() -> bool:
    """Whether a worker that cannot hide the disk from itself can be shut in from outside."""
    return not landlock.is_supported() and confinement.means() == "bubblewrap"


def _command(place: Workplace) -> tuple[list[str], bool]:
    """How to start a worker, and whether that is within bubblewrap."""
    command = python_command(_START)
    if not _needs_bubblewrap():
        return command, False
    from sjs_forms.intake.process.sandbox import readable_paths

    command = python_command(f"import os; os.chdir({str(place.folder)!r}); {_START}")
    places = [*readable_paths(), sys.prefix, sys.base_prefix, str(place.folder)]
    return confinement.confined(command, [Path(name) for name in places], place.made), True


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that leads its own group, with the group; wait for it."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


_idle: list[Workplace] = []
_workers: dict[Path, _Worker] = {}
"""The worker of each workplace, by its folder."""
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


@contextlib.contextmanager
def workplace(parent: Path) -> Iterator[Workplace]:
    """A workplace in `parent`, empty and nobody else's; empty again afterwards.

    Its worker stays, and serves the next file. Raises OSError where it cannot be made.
    """
    place = _borrow(parent)
    try:
        yield place
    finally:
        _give_back(place)


def _borrow(parent: Path) -> Workplace:
    with _lock:
        for at in range(len(_idle) - 1, -1, -1):
            if _idle[at].parent == parent and _idle[at].mine and _idle[at].made.is_dir():
                return _idle.pop(at)
    _dismiss_at_the_end()
    return Workplace(parent)


def _give_back(place: Workplace) -> None:
    try:
        place.clear()
    except OSError:
        _close(place)
        return
    with _lock:
        _idle.append(place)


def _close(place: Workplace) -> None:
    """End the worker of a workplace, and remove it."""
    if place.mine:
        _end_worker(place)
    place.close()


def _end_worker(place: Workplace) -> None:
    worker = _workers.pop(place.folder, None)
    if worker is not None:
        worker.kill()


def _worker_of(place: Workplace) -> _Worker:
    """The worker of a workplace, a new one where it has none. Raises OSError."""
    worker = _workers.get(place.folder)
    if worker is None or not worker.lives or worker.files >= _MOST_FILES:
        _end_worker(place)
        worker = _workers[place.folder] = _Worker(place)
    return worker


@atexit.register
def dismiss(kept: int = 0) -> None:
    """Remove all idle workplaces but so many, with their workers."""
    with _lock:
        places, _idle[kept:] = _idle[kept:], []
    for place in places:
        _close(place)


def _dismiss_at_the_end() -> None:
    """Have a process of a pool remove its workplaces, too: it does not go by `atexit`."""
    pools = sys.modules.get("multiprocessing.util")
    if pools is not None:
        pools.Finalize(None, dismiss, exitpriority=0)


def in_a_worker(
    place: Workplace,
    kind: str,
    source: Path,
    target: Path,
    limits: IntakeLimits,
    password: str | None,
    **more: Any,
) -> dict[str, Any]:
    """What the worker found out of a file (the parts of `Plain`).

    `source` lies in `place`, `target` in its folder `made`. `more` goes with the request: the
    `order` for an Office document.

    Where a process dies over one reader, another goes on with the next reader; where the machine
    ends it, another has a second try. Raises FileRefused, or OSError with what the system reported.
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
            answer = _plain(_asked(place, request, until - time.monotonic()))
            _check_plain(target)
            return answer
        except _Late:
            raise refusals.timed_out(limits.max_seconds) from None
        except _Unstarted as problem:
            if hindered:
                raise machine_faults.unstarted(str(problem)) from problem
            time.sleep(_PAUSE)
        except _WorkerDied as death:
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
    raise refusals.unreadable("读取时出错，内容不合规范")


def _given_up(death: _WorkerDied) -> file_refusal.FileRefused:
    """What is said of a process that the machine ended, or did not let begin, for a second time."""
    if death.code >= 0 and death.step == "":
        return machine_faults.unstarted(f"刚启动就退出了，退出码 {death.code}")
    return machine_faults.killed()


def _check_plain(target: Path) -> None:
    """Raise FileRefused where a worker made anything but a file: what it says cannot be trusted."""
    if not stat.S_ISREG(target.lstat().st_mode):
        raise refusals.unreadable("读取时出错，内容不合规范")


def _asked(place: Workplace, request: dict[str, Any], seconds: float) -> dict[str, Any]:
    """A worker's answer. Raises _Unstarted, _Died or _Late."""
    try:
        worker = _worker_of(place)
    except OSError as problem:
        raise _Unstarted(reason(problem)) from problem
    try:
        with watched(worker.process):
            return worker.ask(request, seconds)
    except RuntimeError as problem:
        if no_thread(problem):
            raise _Unstarted("进程或线程的数目已到上限，或内存不足") from problem
        raise


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    """The parts of `Plain` that an answer holds. Raises what it holds instead."""
    if "system" in answer:
        number, file = answer["system"]
        raise OSError(number, os.strerror(number), file)
    if "refusal" in answer:
        raise file_refusal.refusal_of(answer["refusal"], passing=answer["passing"])
    plain: dict[str, Any] = answer["plain"]
    return plain
