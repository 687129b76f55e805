"""Imports a library without those of its parts that are not used here but take long to load."""

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Make imports of these modules fail in the `with` body, unless they are loaded already.

    For optional parts: the library behaves as if they were not installed.
    """
    with _in_place_of(dict.fromkeys(names)):
        yield


@contextmanager
def deferred(*names: str) -> Iterator[None]:
    """Make imports of these modules yield stand-ins in the `with` body, unless they are loaded.

    A function taken from a stand-in loads the module when it is called, and its packages with it.
    """
    stand_ins = {name: _StandIn(name) for name in names}
    with _in_place_of(stand_ins):
        yield


@contextmanager
def _in_place_of(modules: Mapping[str, ModuleType | None]) -> Iterator[None]:
    placed = {name: module for name, module in modules.items() if name not in sys.modules}
    sys.modules.update(placed)  # type: ignore[arg-type]  # None: importing it fails
    try:
        yield
    finally:
        for name in placed:
            del sys.modules[name]


class _StandIn(ModuleType):
    """A module of which only functions are used, each loaded when it is called."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def called(*args: Any, **named: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), name)(*args, **named)

        return called
