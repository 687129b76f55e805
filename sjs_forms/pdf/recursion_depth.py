"""Raises Python's recursion limit: pypdf copies nested forms recursively."""

import sys

FRAMES = 20_000
"""Python frames, enough for a thousand levels of forms. They use heap memory, not the C stack."""


def allow_depth(frames: int = FRAMES) -> None:
    """Set this process's recursion limit. Deeper recursion raises RecursionError."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), frames))
