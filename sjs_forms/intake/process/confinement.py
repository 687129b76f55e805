"""Confines programs that open applicants' documents, with the kernel's help.

A document can refer to files of this machine (linked pictures, fields, included text), and a
program that opens it would read them; this way another applicant's picture was once printed. On
Linux, bubblewrap gives the program a restricted view of the disk and no network. If it is missing
or forbidden, Landlock (from kernel 5.13 on) does nearly the same. Other systems have neither.
"""

import functools
import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from sjs_forms.base.processes.isolated_python import python_command, working_folder
from sjs_forms.intake.process import landlock

_log = logging.getLogger(__name__)

Means = Literal["bubblewrap", "landlock"]

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/snap", "/nix/store")
"""Folders of programs and libraries."""
_SETTINGS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/libreoffice",
    "/etc/localtime",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/var/cache/fontconfig",
)
"""System settings that a program reads when it starts."""

_LONGEST_TRY = 10
"""Seconds within which a confined program that does nothing ends."""


@functools.cache
def means() -> Means | None:
    """Return how this machine confines a program, or None if it cannot."""
    return next((name for name in WAYS if works(name)), None)


@functools.cache
def works(way: Means) -> bool:
    """Return whether a program can be confined this way here."""
    if not sys.platform.startswith("linux") or (way == "landlock" and not landlock.is_supported()):
        return False
    return _ends_well(WAYS[way]([_true()], (), None))


def confined(command: Sequence[str], readable: Sequence[Path], writable: Path) -> list[str]:
    """Return the command, confined to programs, settings, `readable` and `writable` paths.

    Nothing else on the disk is visible, and there is no network. Unchanged if `means()` is None.
    """
    way = means()
    return list(command) if way is None else WAYS[way](command, readable, writable)


def _true() -> str:
    return shutil.which("true") or "/bin/true"


def _ends_well(command: Sequence[str]) -> bool:
    try:
        ended = subprocess.run(
            command, capture_output=True, timeout=_LONGEST_TRY, check=False, cwd=working_folder()
        )
    except (OSError, subprocess.SubprocessError):
        _log.info("%s does not work", command[0], exc_info=True)
        return False
    return ended.returncode == 0


def _bubblewrap(
    command: Sequence[str], readable: Sequence[Path], writable: Path | None
) -> list[str]:
    program = shutil.which("bwrap")
    if program is None:
        return ["bwrap"]  # is not installed, and so fails
    view = [program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    for place in _SYSTEM:
        path = Path(place)
        if path.is_symlink():
            view += ["--symlink", str(path.readlink()), place]
        elif path.exists():
            view += ["--ro-bind", place, place]
    for place in _SETTINGS:
        view += ["--ro-bind-try", place, place]
    view += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for shown in readable:
        view += ["--ro-bind-try", str(shown), str(shown)]
    if writable is not None:
        view += ["--bind", str(writable), str(writable), "--chdir", str(writable)]
    return [*view, "--", *command]


def _by_landlock(
    command: Sequence[str], readable: Sequence[Path], writable: Path | None
) -> list[str]:
    reads = [*_SYSTEM, *_SETTINGS, "/proc", *map(str, readable)]
    writes = ["/dev/null", *([str(writable)] if writable else [])]
    code = (
        "from sjs_forms.intake.process.landlock import run; "
        f"run({reads!r}, {writes!r}, sys.argv[1:])"
    )
    return [*python_command(code), *command]


WAYS: Mapping[Means, Callable[[Sequence[str], Sequence[Path], Path | None], list[str]]] = {
    "bubblewrap": _bubblewrap,
    "landlock": _by_landlock,
}
"""The functions that confine a command, the best first; each has the signature of `confined`."""
