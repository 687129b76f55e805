"""Swaps two folders atomically where the system supports it."""

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
"""Errors of systems or file systems without such a call."""


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders. Returns False if that is not possible atomically.

    Raises OSError if the system refuses for another reason.
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
    """Return the system's function that swaps two paths, or None."""
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
