"""Confines the process that opens attachments to Python, the fonts and its own folder.

On Linux the kernel enforces it: Landlock for the disk and TCP, seccomp for all sockets, other
programs and other processes. Everywhere an audit hook makes Python itself refuse access, which
applies to Python code but not to compiled libraries.
"""

import importlib
import logging
import os
import sys
from collections.abc import Callable
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from typing import Any

from sjs_forms.base.processes.isolated_python import trusted_path
from sjs_forms.base.resources import fonts_folder, package_folder
from sjs_forms.intake.process import landlock, seccomp

_log = logging.getLogger(__name__)

MADE = "made"
"""The writable folder in the process's current folder (see `Workplace.made`)."""

_LIBRARIES = ("/usr", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store")
_SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/dev/zero")
"""Files that system libraries and Python read, on Linux."""

_REFUSED = frozenset(
    (
        *("socket.__new__", "socket.connect", "socket.bind", "socket.getaddrinfo"),
        *("socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto", "socket.sendmsg"),
        *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"),
        *("os.startfile", "os.startfile/2", "subprocess.Popen", "pty.spawn", "webbrowser.open"),
        *("os.symlink", "os.link", "os.putenv"),
    )
)
"""Python's audit events that reading a file never causes."""
_ON_PATHS = {
    **dict.fromkeys(("os.listdir", "os.scandir"), 1),
    **dict.fromkeys(("os.remove", "os.rmdir", "os.mkdir", "os.truncate"), 1),
    **dict.fromkeys(("os.chmod", "os.chown", "os.utime"), 1),
    "os.rename": 2,
}
"""Audit events with this many paths."""
_READING = ("os.listdir", "os.scandir")


def enter() -> None:
    """Confine this process to its current folder, permanently. Raises OSError."""
    own = os.getcwd()  # noqa: PTH109
    readable, writable = [*readable_paths(), own], os.path.join(own, MADE)  # noqa: PTH118
    _load_what_is_not_compiled()
    if landlock.is_supported():
        allowed = dict.fromkeys(readable, landlock.READ)
        landlock.restrict(
            {**allowed, writable: landlock.WRITE_PLAIN, os.devnull: landlock.WRITE_PLAIN}
        )
    if seccomp.is_supported():
        try:
            seccomp.refuse_calls()
        except OSError:  # some containers forbid it
            _log.warning("seccomp cannot be used", exc_info=True)
    sys.addaudithook(_guard(readable, writable))


def readable_paths() -> list[str]:
    """Return the paths that such a process reads: Python, its packages, this one, and the fonts."""
    package, fonts = str(package_folder()), str(fonts_folder())
    home = os.path.dirname(package)  # noqa: PTH120
    found = [package, fonts, *(path for path in trusted_path() if path != home)]
    library = _place_of_libraries()
    if os.path.dirname(os.path.dirname(library)) == home:  # noqa: PTH120
        found.append(home)  # packages are beside this one: it is not a checkout
    elif not any(library.startswith(path + os.sep) for path in found):
        found += _linked_packages()
    found += [os.path.join(sys.base_prefix, "lib")]  # noqa: PTH118
    if sys.platform.startswith("linux"):
        found += [*_LIBRARIES, *_SETTINGS]
    else:
        found += [sys.prefix, sys.base_prefix]
    return list(dict.fromkeys(path for place in found for path in (place, os.path.realpath(place))))


def _place_of_libraries() -> str:
    """Return the real file of a library that is installed as all others are; not imported here."""
    found = find_spec("pydantic")
    return os.path.realpath(found.origin) if found and found.origin else ""


def _linked_packages() -> list[str]:
    """Return the real folders of packages that are installed as links (uv)."""
    return [
        str(known.resolve().parent.parent)
        for place in trusted_path()
        for known in Path(place).glob("*.dist-info/METADATA")
        if known.is_symlink()
    ]


def _load_what_is_not_compiled() -> None:
    """Import modules whose compiled form could not be stored after confinement.

    Otherwise each such process would compile them again.
    """
    if sys.dont_write_bytecode:
        return
    root = package_folder()
    sources = sorted((root / "intake").rglob("*.py"))
    library = find_spec("pikepdf")  # represents all libraries, which were installed alike
    if library is None or library.origin is None or _is_compiled(library.origin):
        sources = [source for source in sources if not _is_compiled(str(source))]
    for source in sources:
        name = ".".join((__name__.partition(".")[0], *source.relative_to(root).parts))
        try:
            importlib.import_module(name.removesuffix(".py").removesuffix(".__init__"))
        except ImportError:  # reported when a file needs it
            _log.warning("a library is missing", exc_info=True)


def _is_compiled(source: str) -> bool:
    try:
        return os.stat(cache_from_source(source)).st_mtime >= os.stat(source).st_mtime  # noqa: PTH116
    except OSError:
        return False


def _guard(readable: list[str], writable: str) -> Callable[[str, tuple[Any, ...]], None]:
    """Return an audit hook (sys.addaudithook) that refuses access outside."""
    reads = _roots([*readable, os.devnull])
    writes = _roots([writable, os.path.realpath(writable), os.devnull])

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, (str, bytes, os.PathLike)):
                _check_path(path, writes if _is_writing(mode, flags) else reads)
        elif event in _REFUSED:
            raise PermissionError(event)
        elif event in _ON_PATHS:
            for path in arguments[: _ON_PATHS[event]]:
                if isinstance(path, (str, bytes, os.PathLike)):
                    _check_path(path, reads if event in _READING else writes)
        elif event == "ctypes.dlopen":
            name = arguments[0]
            if isinstance(name, (str, bytes)) and os.path.dirname(name):  # noqa: PTH120
                _check_path(name, reads)

    return guard


def _is_writing(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return not set(mode).isdisjoint("wax+")
    return bool(int(flags or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))


def _roots(places: list[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return paths, and the prefixes of paths below them."""
    known = [os.path.normcase(place) for place in places]
    return frozenset(known), tuple(place.rstrip(os.sep) + os.sep for place in known)


def _check_path(
    path: "str | bytes | os.PathLike[Any]", roots: tuple[frozenset[str], tuple[str, ...]]
) -> None:
    """Raise PermissionError for a path that is neither one of these nor below one."""
    found = os.path.normcase(os.path.abspath(os.fsdecode(path)))  # noqa: PTH100
    same, below = roots
    if found not in same and not found.startswith(below):
        raise PermissionError(13, "not to be seen by this process", os.fsdecode(path))
