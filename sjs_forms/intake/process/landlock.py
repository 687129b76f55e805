"""Linux's Landlock (landlock(7)): a process gives up, for good, all of the disk but some paths.

Raw system calls: neither Python nor the C library has them. Imports nothing heavy, for it is the
first that a confined process runs.
"""

import contextlib
import ctypes
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""Numbers of the system calls, alike on all architectures that have them."""
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_LOCAL = ("x86_64", "aarch64", "riscv64", "ppc64le", "s390x", "loongarch64")

_EXECUTE, _WRITE, _READ, _READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_SPECIAL_FILES = 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12
"""To make devices, sockets, FIFOs and symbolic links."""
READ = _READ | _READ_FOLDER
PROGRAMS = READ | _EXECUTE
WRITE = (1 << 16) - 1
WRITE_PLAIN = WRITE & ~(_EXECUTE | _SPECIAL_FILES)
"""What may be done below a path: read; run programs too; everything; make plain files only."""
_OF_FILES = _EXECUTE | _WRITE | _READ | 1 << 14 | 1 << 15
"""Rights that a single file can have; truncation (14) and device calls (15) came later."""
_KNOWN = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_LATER = (1 << 16) - 1
"""Rights on files by version of Landlock."""
_NETWORK = 0b11
"""TCP: to bind and to connect (from version 4 on)."""
_SCOPES = 0b11
"""Abstract UNIX sockets of, and signals to, processes that are not confined so (from version 6)."""


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
    """The kernel's version of Landlock; 0 where it has none or does not use it."""
    if not sys.platform.startswith("linux") or platform.machine() not in _LOCAL:
        return 0
    return max(0, _call(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION_FLAG)))


def is_supported() -> bool:
    """Whether a process can confine itself here."""
    return version() > 0


def restrict(allowed: Mapping[str, int]) -> None:
    """Give up all of the disk but these paths, each with what may be done below it (READ …).

    TCP is given up too where the kernel can, and whatever else leads to other processes. Raises
    OSError.
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
        return  # what is not there needs no leave
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
    """Become the command, confined; without any network where the system lets one go of it."""
    with contextlib.suppress(OSError):
        _checked(ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK))
    restrict(dict.fromkeys(readable, PROGRAMS) | dict.fromkeys(writable, WRITE))
    os.execvp(command[0], list(command))
