"""Work counted instead of timed: the same on every machine, however busy it is."""

import io
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest

HANGS = 300
"""Seconds after which a test is taken to hang. A guard and no measure: no claim rests on it."""


@dataclass
class Work:
    """Calls of functions, Python's and those compiled to machine code."""

    calls: int = 0


@contextmanager
def counted_calls() -> Iterator[Work]:
    """Count what this thread calls within."""
    work = Work()

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        work.calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield work
    finally:
        sys.setprofile(before)


class CountedBytes(io.BytesIO):
    """A file in memory that counts the bytes read from it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


@dataclass
class Unpacked:
    """The members of zip archives that were opened, and the bytes unpacked of them."""

    names: list[str] = field(default_factory=list)
    bytes: int = 0


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> Unpacked:
    """What is unpacked during a test."""
    found = Unpacked()
    read, opened = zipfile.ZipExtFile.read, zipfile.ZipFile.open

    def reading(self: zipfile.ZipExtFile, n: int | None = -1) -> bytes:
        data = read(self, n)
        found.bytes += len(data)
        return data

    def opening(self: zipfile.ZipFile, name: Any, *how: Any, **more: Any) -> Any:
        found.names.append(getattr(name, "filename", name))
        return opened(self, name, *how, **more)

    monkeypatch.setattr(zipfile.ZipExtFile, "read", reading)
    monkeypatch.setattr(zipfile.ZipFile, "open", opening)
    return found
