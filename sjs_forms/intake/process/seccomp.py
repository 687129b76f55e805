"""Linux's seccomp (seccomp(2)): a process permanently gives up system calls it does not need.

Landlock does not cover UDP and sockets in the file system; this does. Refused calls fail with
EPERM.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterator

_SET_SECCOMP, _FILTER = 22, 2
_GET_SECCOMP, _NO_NEW_PRIVILEGES = 21, 38
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
"""Classic BPF instructions: load a word, compare it, return."""
_NUMBER, _ARCHITECTURE = 0, 4
"""Offsets of the call's number and the architecture in struct seccomp_data."""
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1
"""Allow the call; make it fail with EPERM (1)."""
_FOREIGN = 1 << 30
"""From this number on, x86-64 has the calls of x32."""

_GENERIC = {
    "socket": 198,
    "socketpair": 199,
    "bind": 200,
    "connect": 203,
    "execve": 221,
    "execveat": 281,
    "ptrace": 117,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "unshare": 97,
    "setns": 268,
    "mount": 40,
    "keyctl": 219,
    "perf_event_open": 241,
    "bpf": 280,
    "userfaultfd": 282,
    "io_uring_setup": 425,
    "pidfd_getfd": 438,
}
_OF_X86_64 = {
    "socket": 41,
    "socketpair": 53,
    "bind": 49,
    "connect": 42,
    "execve": 59,
    "execveat": 322,
    "ptrace": 101,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "unshare": 272,
    "setns": 308,
    "mount": 165,
    "keyctl": 250,
    "perf_event_open": 298,
    "bpf": 321,
    "userfaultfd": 323,
    "io_uring_setup": 425,
    "pidfd_getfd": 438,
}
_KNOWN = {
    "x86_64": (0xC000003E, _OF_X86_64),
    "aarch64": (0xC00000B7, _GENERIC),
    "riscv64": (0xC00000F3, _GENERIC),
}
"""By machine: the architecture (AUDIT_ARCH_…), and the numbers of the refused calls."""

REFUSED = tuple(sorted(_OF_X86_64))
"""The names of the calls that are refused."""


def refused_number(name: str) -> int:
    """Return the number of a call of REFUSED on this machine. Raises KeyError on an unknown one."""
    return _KNOWN[platform.machine()][1][name]


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def is_supported() -> bool:
    """Return whether a process can give up system calls here."""
    if not sys.platform.startswith("linux") or platform.machine() not in _KNOWN:
        return False
    return bool(ctypes.CDLL(None, use_errno=True).prctl(_GET_SECCOMP, 0, 0, 0, 0) >= 0)


def refuse_calls() -> None:
    """Make the kernel refuse sockets, other programs and other processes to this process.

    Raises OSError if it cannot.
    """
    code = b"".join(_instructions(*_KNOWN[platform.machine()]))
    program = _Program(len(code) // 8, code)
    library = ctypes.CDLL(None, use_errno=True)
    for call in (
        (_NO_NEW_PRIVILEGES, 1, 0),
        (_SET_SECCOMP, _FILTER, ctypes.byref(program)),
    ):
        if library.prctl(*call, 0, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


def _instructions(architecture: int, calls: dict[str, int]) -> Iterator[bytes]:
    """Yield the filter. Calls of another architecture are refused."""
    compared = [(_JUMP_IF_AT_LEAST, _FOREIGN)]
    compared += [(_JUMP_IF_EQUAL, number) for number in sorted(calls.values())]
    yield _instruction(_LOAD, _ARCHITECTURE)
    yield _instruction(_JUMP_IF_EQUAL, architecture, 0, len(compared) + 2)
    yield _instruction(_LOAD, _NUMBER)
    for left, (jump, number) in zip(range(len(compared), 0, -1), compared, strict=True):
        yield _instruction(jump, number, left, 0)
    yield _instruction(_RETURN, _ALLOW)
    yield _instruction(_RETURN, _REFUSE)


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Return one instruction; for a jump, with the numbers of instructions to skip."""
    return struct.pack("=HBBI", code, if_true, if_false, value)
