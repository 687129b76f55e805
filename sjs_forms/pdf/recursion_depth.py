"""How deep functions may call themselves: pypdf copies a form within a form within a form so."""

import sys

FRAMES = 20_000
"""Frames of Python, enough for a thousand levels. They cost memory, but no stack of the system."""


def allow_depth(frames: int = FRAMES) -> None:
    """Let this process go so deep from now on; what goes deeper raises RecursionError."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), frames))
