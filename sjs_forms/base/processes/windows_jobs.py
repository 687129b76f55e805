"""Job objects of Windows: a process with all its descendants, ended and bounded as one.

Windows has no process groups that can be killed: `TerminateProcess` ends soffice.exe and leaves
soffice.bin. See "Job Objects" in the Windows API; the structures are those of winnt.h.
"""

import ctypes
from collections.abc import Callable
from contextlib import suppress
from ctypes import POINTER, byref, c_int, c_int64, c_size_t, c_uint32, c_uint64, c_void_p, c_wchar_p
from functools import cache
from typing import Any

_EXTENDED = 9
"""JobObjectExtendedLimitInformation."""
_PROCESS_TIME, _JOB_TIME = 0x2, 0x4
_PROCESS_MEMORY, _JOB_MEMORY = 0x100, 0x200
_NO_DIALOG, _ENDS_WITH_US = 0x400, 0x2000
"""Flags of JOBOBJECT_BASIC_LIMIT_INFORMATION.LimitFlags."""
_TICKS = 10_000_000
"""Ticks of Windows' clock in a second."""
_KILLED = 1
"""Exit code of what is killed with its job."""


class Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64-bit Windows."""

    _fields_ = (
        ("per_process_user_time", c_int64),
        ("per_job_user_time", c_int64),
        ("flags", c_uint32),
        ("minimum_working_set", c_size_t),
        ("maximum_working_set", c_size_t),
        ("active_processes", c_uint32),
        ("affinity", c_size_t),
        ("priority_class", c_uint32),
        ("scheduling_class", c_uint32),
        ("counters", c_uint64 * 6),
        ("process_memory", c_size_t),
        ("job_memory", c_size_t),
        ("peak_process_memory", c_size_t),
        ("peak_job_memory", c_size_t),
    )


class JobObject:
    """A job object. Its processes are killed when it is closed, and so when this process ends."""

    def __init__(self, system: Any = None) -> None:
        """`system` is kernel32. Raises OSError."""
        self._system = system or _kernel32()
        self._handle = _checked(self._system.CreateJobObjectW(None, None))
        self._limits = Limits(flags=_ENDS_WITH_US | _NO_DIALOG)
        self._set()

    def take(self, process: int) -> None:
        """Put a process, by its handle, into the job. Raises OSError."""
        _checked(self._system.AssignProcessToJobObject(self._handle, process))

    def take_this_process(self) -> None:
        """Put the calling process into the job. Raises OSError."""
        self.take(self._system.GetCurrentProcess())

    def bound(self, memory: int, seconds: float) -> None:
        """Limit the committed bytes and the seconds of processor time of all its processes.

        More memory is refused to them; beyond the time they are killed. Raises OSError.
        """
        self._limits.job_memory = memory
        self._limits.per_job_user_time = int(seconds * _TICKS)
        self._limits.flags |= _JOB_MEMORY | _JOB_TIME
        self._set()

    def bound_each(self, memory: int, seconds: float) -> None:
        """Limit each of its processes, as `bound` does all of them. Raises OSError."""
        self._limits.process_memory = memory
        self._limits.per_process_user_time = int(seconds * _TICKS)
        self._limits.flags |= _PROCESS_MEMORY | _PROCESS_TIME
        self._set()

    def peak_memory(self) -> int:
        """Return the most bytes that its processes had committed at once; 0 if unknown."""
        found = Limits()
        size = ctypes.sizeof(found)
        query = self._system.QueryInformationJobObject
        known = query(self._handle, _EXTENDED, byref(found), size, None)
        return int(found.peak_job_memory) if known else 0

    def kill(self) -> None:
        """Kill all its processes."""
        if self._handle:
            self._system.TerminateJobObject(self._handle, _KILLED)

    def close(self) -> None:
        """Kill all its processes and forget it."""
        handle, self._handle = self._handle, 0
        if handle:
            self._system.CloseHandle(handle)

    def __del__(self) -> None:
        """Close it."""
        with suppress(AttributeError):  # it was not created
            self.close()

    def _set(self) -> None:
        given = byref(self._limits), ctypes.sizeof(self._limits)
        _checked(self._system.SetInformationJobObject(self._handle, _EXTENDED, *given))


def resume(process: int) -> None:
    """Let a suspended process, by its handle, run."""
    _library("ntdll").NtResumeProcess(c_void_p(process))


def committed_memory() -> int:
    """Return the bytes that this process has committed; 0 if unknown."""
    counters = _MemoryCounters(size=ctypes.sizeof(_MemoryCounters))
    known = _kernel32().K32GetProcessMemoryInfo(
        _kernel32().GetCurrentProcess(), byref(counters), counters.size
    )
    return int(counters.pagefile_usage) if known else 0


class _MemoryCounters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS."""

    _fields_ = (
        ("size", c_uint32),
        ("page_faults", c_uint32),
        ("working_sets", c_size_t * 2),
        ("pools", c_size_t * 4),
        ("pagefile_usage", c_size_t),
        ("peak_pagefile_usage", c_size_t),
    )


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX."""

    _fields_ = (
        ("size", c_uint32),
        ("load", c_uint32),
        ("physical", c_uint64),
        ("others", c_uint64 * 6),
    )


def physical_memory() -> int:
    """Return the bytes of memory of the machine; 0 if unknown."""
    status = _MemoryStatus(size=ctypes.sizeof(_MemoryStatus))
    return int(status.physical) if _kernel32().GlobalMemoryStatusEx(byref(status)) else 0


def _checked(result: Any) -> Any:
    """Return what a function of Windows returned. Raises OSError if it failed."""
    if not result:
        get_last_error: Callable[[], int] = getattr(ctypes, "get_last_error", lambda: 0)
        code = get_last_error()
        raise OSError(0, f"Windows: {code}", None, code)
    return result


def _library(name: str) -> Any:
    return vars(ctypes)["WinDLL"](name, use_last_error=True)


@cache
def _kernel32() -> Any:
    """Return kernel32 with the types of what is called; handles are pointers, not integers."""
    library = _library("kernel32")
    handle = c_void_p
    types: dict[str, tuple[Any, list[Any]]] = {
        "CreateJobObjectW": (handle, [c_void_p, c_wchar_p]),
        "AssignProcessToJobObject": (c_int, [handle, handle]),
        "SetInformationJobObject": (c_int, [handle, c_int, c_void_p, c_uint32]),
        "QueryInformationJobObject": (
            c_int,
            [handle, c_int, c_void_p, c_uint32, POINTER(c_uint32)],
        ),
        "TerminateJobObject": (c_int, [handle, c_uint32]),
        "CloseHandle": (c_int, [handle]),
        "GetCurrentProcess": (handle, []),
        "K32GetProcessMemoryInfo": (c_int, [handle, c_void_p, c_uint32]),
        "GlobalMemoryStatusEx": (c_int, [c_void_p]),
    }
    for name, (result, arguments) in types.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
