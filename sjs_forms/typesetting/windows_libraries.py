"""Finds Pango and the libraries beside it on Windows, in the package gstreamer-libs.

That package has its DLLs in `bin`. WeasyPrint asks `ctypes.util.find_library` for each that it
loads, and Windows searches the folders of `os.add_dll_directory` for those that they need.
"""

import importlib.util
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PACKAGE = "gstreamer_libs"
_FOLDERS = "WEASYPRINT_DLL_DIRECTORIES"
"""The environment variable with the folders that WeasyPrint searches; without it, MSYS2's."""


def bundled_folder(package: str = _PACKAGE) -> Path | None:
    """Return the folder of the package's DLLs, or None if it is not installed."""
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    folders = (Path(place) / "bin" for place in places or ())
    return next((folder for folder in folders if folder.is_dir()), None)


def finder(folder: Path) -> Callable[[str], str | None]:
    """Return a `find_library` that finds only the DLLs in `folder`."""

    def find_library(name: str) -> str | None:
        path = folder / (name if name.lower().endswith(".dll") else f"{name}.dll")
        return str(path) if path.is_file() else None

    return find_library


@contextmanager
def dll_folder(folder: Path) -> Iterator[None]:
    """Let Windows find the DLLs in `folder`, and keep WeasyPrint from adding another Pango's.

    Raises OSError if the system does not accept the folder.
    """
    if sys.platform == "win32":
        os.add_dll_directory(str(folder))
    before = os.environ.get(_FOLDERS)
    os.environ[_FOLDERS] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_FOLDERS]
        else:
            os.environ[_FOLDERS] = before
