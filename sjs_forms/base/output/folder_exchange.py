"""Swap two folders in one step, where the system can: at no moment is either place empty."""

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
"""Linux's renameat2(2), and RENAME_SWAP of macOS's renamex_np(2)."""

_NOT_THERE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)
"""What a system or a disk says that cannot exchange."""


def exchange(one: Path, other: Path) -> bool:
    """Give each of two folders the other's place; False where that cannot be done in one step.

    Raises OSError where the system refuses for another reason.
    """
    call = _call()
    if call is None:
        return False
    if call(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_THERE:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))


@cache
def _call() -> Any:
    """The system's own exchange of two paths; None where it has none."""
    if sys.platform not in ("linux", "darwin"):
        return None
    library = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            renamex = library.renamex_np
            return lambda one, other: renamex(one, other, _RENAME_EXCHANGE)
        renameat2 = library.renameat2
    except AttributeError:
        return None
    return lambda one, other: renameat2(_AT_FDCWD, one, _AT_FDCWD, other, _RENAME_EXCHANGE)
