"""Linux's Landlock (landlock(7)): a process permanently gives up access to most of the disk.

Uses raw system calls, because neither Python nor the C library has functions for them. Imports no
large module, because a confined process runs this first.
"""

import contextlib
import ctypes
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""Numbers of the system calls, the same on all architectures."""
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_LOCAL = ("x86_64", "aarch64", "riscv64", "ppc64le", "s390x", "loongarch64")

_EXECUTE, _WRITE, _READ, _READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_SPECIAL_FILES = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12
"""Creating devices, sockets, FIFOs and symbolic links."""
READ = _READ | _READ_FOLDER
PROGRAMS = READ | _EXECUTE
WRITE = (1 << 16) - 1
WRITE_PLAIN = WRITE & ~(_EXECUTE | _SPECIAL_FILES)
"""Access rights below a path: read; also run programs; everything; create plain files only."""
_OF_FILES = _EXECUTE | _WRITE | _READ | 1 << 14 | 1 << 15
"""Rights that apply to single files; truncation (14) and device calls (15) were added later."""
_KNOWN = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_LATER = (1 << 16) - 1
"""Rights on files by version of Landlock."""
_NETWORK = 0b11
"""TCP: bind and connect (from version 4)."""
_SCOPES = 0b11
"""Abstract UNIX sockets of, and signals to, processes outside (from version 6)."""


class _Rules(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _call(number: int, *arguments: object) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    answer: int = library.syscall(ctypes.c_long(number), *arguments)
    return answer


def version() -> int:
    """Return the kernel's version of Landlock, or 0 if it is missing or disabled."""
    if not sys.platform.startswith("linux") or platform.machine() not in _LOCAL:
        return 0
    return max(0, _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG)))


def is_supported() -> bool:
    """Return whether a process can confine itself here."""
    return version() > 0


def restrict(allowed: Mapping[str, int]) -> None:
    """Give up access to all of the disk except these paths, each with its rights (READ …).

    Also TCP and other ways to reach processes, if the kernel supports it. Raises OSError.
    """
    known = version()
    rights = _KNOWN.get(known, _LATER)
    rules = _Rules(rights, _NETWORK if known >= 4 else 0, _SCOPES if known >= 6 else 0)
    size = ctypes.sizeof(rules) if known >= 6 else 16 if known >= 4 else 8
    handle = _checked(
        _call(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0))
    )
    for path, wanted in allowed.items():
        _allow(handle, path, wanted & rights)
    library = ctypes.CDLL(None, use_errno=True)
    _checked(library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(_call(_RESTRICT, ctypes.c_int(handle), ctypes.c_uint32(0)))
    os.close(handle)


def _allow(handle: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # a missing path needs no rule
    try:
        if not os.path.isdir(path):  # noqa: PTH112
            rights &= _OF_FILES
        rule = _Beneath(rights, parent)
        _checked(
            _call(
                _ADD,
                ctypes.c_int(handle),
                ctypes.c_int(_PATH_BENEATH),
                ctypes.byref(rule),
                ctypes.c_uint32(0),
            )
        )
    finally:
        os.close(parent)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


def run(readable: Sequence[str], writable: Sequence[str], command: Sequence[str]) -> NoReturn:
    """Execute the command confined, and without any network if the system allows that."""
    with contextlib.suppress(OSError):
        _checked(ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK))
    restrict(dict.fromkeys(readable, PROGRAMS) | dict.fromkeys(writable, WRITE))
    os.execvp(command[0], list(command))
