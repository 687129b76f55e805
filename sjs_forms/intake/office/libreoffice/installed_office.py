"""Finds LibreOffice's program on this machine."""

import functools
import importlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

USUAL_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
"""Where the program is if it is not in PATH, except on Windows."""
_APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\soffice.exe"
"""The registry key in which LibreOffice's installer writes where the program is."""
_IN_PROGRAMS = r"LibreOffice\program\soffice.exe"
_PROGRAMS = ("PROGRAMW6432", "PROGRAMFILES", "PROGRAMFILES(X86)")
"""Variables with the folders of 64-bit and 32-bit programs."""


def soffice() -> Path | None:
    """Return the path of LibreOffice's program, or None if it is not installed.

    A place is remembered; where there is none, it is searched again, since it may be installed
    while a page is open.
    """
    with suppress(FileNotFoundError):
        return _installed()
    return None


@functools.cache
def _installed() -> Path:
    """Return the program's path. Raises FileNotFoundError, which no cache remembers."""
    if sys.platform == "win32":
        found = _first_file(windows_places(_registered(), os.environ))
    else:
        name = shutil.which("soffice") or shutil.which("libreoffice")
        found = Path(name) if name else _first_file(USUAL_PLACES)
    if found is None:
        raise FileNotFoundError("soffice")
    return found


def windows_places(registered: Iterable[str], environment: Mapping[str, str]) -> list[str]:
    """Return the possible paths of the program on Windows, the likeliest first.

    The current folder is never searched, as `shutil.which` does: it may be an applicant's.
    """
    programs = [environment[name] for name in _PROGRAMS if environment.get(name)]
    path = [entry.strip('"') for entry in environment.get("PATH", "").split(";")]
    whole = [entry for entry in path if entry[1:3] in (":\\", ":/") or entry.startswith("\\\\")]
    return [
        *(place.strip('"') for place in registered),
        *(f"{folder}\\{_IN_PROGRAMS}" for folder in programs),
        *(f"{folder}\\soffice.exe" for folder in whole),
    ]


def _registered() -> Iterator[str]:
    """Yield the paths in Windows' registry, for the user and for the machine."""
    winreg: Any = importlib.import_module("winreg")
    for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            with (
                suppress(OSError),
                winreg.OpenKey(root, _APP_PATHS, access=winreg.KEY_READ | view) as key,
            ):
                yield str(winreg.QueryValueEx(key, "")[0])


def _first_file(places: Iterable[str]) -> Path | None:
    return next((Path(place) for place in places if Path(place).is_file()), None)
