"""Children end with all their descendants, and what Windows is told about them."""

import contextlib
import ctypes
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from sjs_forms.base.processes import child_processes
from sjs_forms.base.processes.child_processes import (
    ask_to_end,
    crashed_on_windows,
    end_group,
    group_options,
    start_child,
)
from sjs_forms.base.processes.windows_jobs import JobObject, Limits
from tests.counting import HANGS

FAMILY = (
    "import subprocess, sys; "
    "subprocess.Popen([sys.executable, '-c', 'print(1, flush=True); input()'],"
    " stdin=sys.stdin, stdout=sys.stdout); "
    "input()"
)


@pytest.fixture
def parent() -> Iterator["subprocess.Popen[Any]"]:
    process = start_child(
        [sys.executable, "-c", FAMILY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    yield process
    with contextlib.suppress(OSError):
        end_group(process)
    process.communicate(timeout=HANGS)


def test_a_child_is_ended_with_its_own_children(parent: "subprocess.Popen[bytes]") -> None:
    assert parent.stdout is not None
    assert parent.stdout.readline().strip() == b"1"
    end_group(parent)
    assert parent.stdout.read() == b""  # only ends when nobody holds the other end


def test_where_there_is_no_signal_a_child_is_asked_to_end_by_closing_its_input() -> None:
    code = "import sys; sys.stdin.read(); print('ended')"
    child = start_child([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    ask_to_end(child, "win32")
    assert child.stdout is not None
    with child.stdout:
        assert child.stdout.read().strip() == b"ended"
    assert child.wait(HANGS) == 0


def test_on_windows_a_child_has_a_group_and_no_window_and_waits_for_its_job() -> None:
    assert group_options("win32") == {"creationflags": 0x200 | 0x8000000 | 0x4}
    assert group_options("linux") == group_options("darwin") == {"start_new_session": True}


class Kernel:
    """Records what is asked of Windows; each call succeeds unless told otherwise."""

    def __init__(self, *failing: str) -> None:
        self.asked: list[tuple[str, Any]] = []
        self._failing = failing

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> int:
            seen = [getattr(each, "_obj", each) for each in arguments]
            copied = [Limits.from_buffer_copy(each) if isinstance(each, Limits) else each
                      for each in seen]  # fmt: skip
            self.asked.append((name, copied))
            return 0 if name in self._failing else 77

        return call

    def limits(self) -> Limits:
        *_, (_, given) = [one for one in self.asked if one[0] == "SetInformationJobObject"]
        found: Limits = given[2]
        return found


def test_the_structure_has_the_size_that_windows_expects() -> None:
    assert ctypes.sizeof(Limits) == 144


def test_a_job_ends_with_us_and_is_bounded_in_memory_and_time() -> None:
    kernel = Kernel()
    job = JobObject(kernel)
    assert kernel.limits().flags == 0x2000 | 0x400
    job.take(5)
    job.bound(1_000_000, 2.5)
    told = kernel.limits()
    assert told.flags == 0x2000 | 0x400 | 0x200 | 0x4
    assert (told.job_memory, told.per_job_user_time) == (1_000_000, 25_000_000)
    job.bound_each(2_000_000, 1)
    told = kernel.limits()
    assert (told.process_memory, told.per_process_user_time) == (2_000_000, 10_000_000)
    job.close()
    job.close()
    names = [name for name, _ in kernel.asked]
    assert names.count("CloseHandle") == 1 and "AssignProcessToJobObject" in names


def test_a_job_that_windows_refuses_is_a_system_error() -> None:
    with pytest.raises(OSError):
        JobObject(Kernel("CreateJobObjectW"))
    with pytest.raises(OSError):
        JobObject(Kernel("AssignProcessToJobObject")).take(5)


def test_a_child_in_a_job_is_killed_through_it(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel, waited = Kernel(), []
    child: Any = SimpleNamespace(wait=lambda: waited.append(True))
    jobs = SimpleNamespace(pop=lambda *_: JobObject(kernel))
    monkeypatch.setattr(child_processes, "JOBS", jobs)
    end_group(child)
    assert "TerminateJobObject" in [name for name, _ in kernel.asked] and waited == [1]


@pytest.mark.parametrize(
    ("code", "crashed"), [(0, False), (1, False), (15, False), (1816, True), (0xC0000005, True)]
)
def test_a_crash_is_told_from_a_kill_by_the_exit_code(code: int, crashed: bool) -> None:
    assert crashed_on_windows(code) is crashed
