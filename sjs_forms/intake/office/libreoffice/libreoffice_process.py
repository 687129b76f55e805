"""Runs LibreOffice as a process of its own, with its own profile, within limits."""

import errno
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from sjs_forms.base.files.plain_files import open_zip
from sjs_forms.base.findings import file_refusal
from sjs_forms.base.processes.child_processes import (
    bound_group,
    crashed_on_windows,
    end_group,
    peak_memory,
    start_child,
)
from sjs_forms.base.processes.memory import own_share
from sjs_forms.base.processes.process_memory import tree_memory
from sjs_forms.base.progress import CHECK_INTERVAL, Cancelled, lock_held, never_cancelled
from sjs_forms.base.resources import fonts_folder
from sjs_forms.base.system_errors import reason
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import machine_faults, refusals
from sjs_forms.intake.office.libreoffice.installed_office import soffice
from sjs_forms.intake.office.libreoffice.libreoffice_profile import environment, write_settings
from sjs_forms.intake.process.confinement import confined

_log = logging.getLogger(__name__)

_TRIES = 2
"""How often LibreOffice is started if something from outside kills it."""
_CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)
_NOT_LOADED = 127
_ENDED_BY_ITSELF = {0, 1, _NOT_LOADED, *(sign for n in _CRASHES for sign in (-n, 128 + n))}
"""Exit codes of LibreOffice's own failures. Any other means that it was killed from outside."""
_ROOM, _UNPACKED = 20_000_000, 10
"""Bytes that its profile takes, and the multiple of a document's size used during conversion.

With less free space the disk counts as full, which LibreOffice does not report.
"""
_TAIL = 2048
"""Bytes at a PDF's end that contain its end mark."""
_running = threading.Lock()
"""LibreOffice takes more memory than everything else together, so only one runs at a time."""


def convert(
    paths: Sequence[Path],
    scratch: Path,
    limits: IntakeLimits,
    kind: str,
    is_cancelled: Callable[[], bool] = never_cancelled,
) -> list[Path]:
    """Convert Office documents to files in `scratch` in one process; returns them in order.

    `kind` is the suffix of an output format. The limits are per document; time is multiplied by
    their number. Raises FileRefused, Cancelled, or OSError if the disk is full.
    """
    program = soffice()
    if program is None:
        raise refusals.office_missing()
    for _ in range(_TRIES):
        home = Path(tempfile.mkdtemp(prefix="office-", dir=scratch))
        documents = [home / f"document{n}{_suffix(path)}" for n, path in enumerate(paths)]
        for path, document in zip(paths, documents, strict=True):
            shutil.copyfile(path, document)
        write_settings(home)
        room = shutil.disk_usage(home).free
        with lock_held(_running, is_cancelled):
            command = _command(program, home, documents, kind)
            code = _run(command, home, limits, len(paths), is_cancelled)
        made = [home / "out" / f"{document.stem}.{kind}" for document in documents]
        if all(map(_is_whole, made)):
            return made
        _log.warning("LibreOffice left %d and no whole %s of %d", code, kind, len(paths))
        if room < _ROOM + _UNPACKED * sum(path.stat().st_size for path in paths):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if code in _ENDED_BY_ITSELF or crashed_on_windows(code):
            raise refusals.office_failed()
    raise machine_faults.killed()


def _is_whole(made: Path) -> bool:
    """Return whether LibreOffice wrote a file completely, as far as its format tells."""
    if not made.is_file():
        return False
    size = made.stat().st_size
    if made.suffix == ".docx":
        return zipfile.is_zipfile(made)
    with made.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        return size > 0 and (made.suffix != ".pdf" or b"%%EOF" in file.read())


def _run(
    command: list[str],
    home: Path,
    limits: IntakeLimits,
    documents: int,
    is_cancelled: Callable[[], bool],
) -> int:
    """Run LibreOffice and return its exit code. Raises FileRefused, Cancelled or OSError."""
    surroundings = environment(home)
    try:
        process = start_child(
            [*_bounded(limits, documents), *confined(command, [fonts_folder()], home)],
            cwd=home,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        bound_group(process, limits.max_memory, _processor_seconds(limits, documents))
    except OSError as problem:
        _log.warning("LibreOffice does not start", exc_info=problem)
        raise machine_faults.unstarted(reason(problem)) from problem
    try:
        return _ended(process, limits.office_seconds * documents, is_cancelled)
    except subprocess.TimeoutExpired:
        _log.warning("LibreOffice was ended after %g seconds", limits.office_seconds * documents)
        raise refusals.timed_out(limits.office_seconds) from None
    finally:
        end_group(process)


def _ended(
    process: "subprocess.Popen[bytes]", seconds: float, is_cancelled: Callable[[], bool]
) -> int:
    """Wait for LibreOffice and return its exit code.

    Raises TimeoutExpired after so many seconds, FileRefused or Cancelled. Its memory is measured
    from outside. RLIMIT_AS cannot limit it to a share: LibreOffice maps about three times what it
    uses, and aborts at that limit, which would look like damage of the document.
    """
    until, share = time.monotonic() + seconds, own_share()
    while True:
        try:
            return process.wait(timeout=CHECK_INTERVAL)
        except subprocess.TimeoutExpired:
            if is_cancelled():
                raise Cancelled from None
            if share is not None and _memory(process) > share:
                raise machine_faults.beyond_share(share) from None
            if time.monotonic() > until:
                raise


def check_unpacked(
    path: Path, bound: int, is_cancelled: Callable[[], bool] = never_cancelled
) -> None:
    """Raise FileRefused for a document that really unpacks to more than `bound` bytes.

    Raises Cancelled.
    """
    total = 0
    try:
        with path.open("rb") as file, open_zip(file) as archive:
            for member in archive.infolist():
                with archive.open(member) as packed:
                    while block := packed.read(1 << 20):
                        if is_cancelled():
                            raise Cancelled
                        total += len(block)
                        if total > bound:
                            mega = bound / 1_000_000
                            raise file_refusal.too_large(
                                "解压后的数据", f"{mega:g} MB 以上", f"{mega:g} MB"
                            )
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError):
        return  # not a zip, or a damaged one: left to LibreOffice


def _bounded(limits: IntakeLimits, documents: int) -> list[str]:
    """Return the command prefix that limits memory, output and time."""
    if not sys.platform.startswith("linux"):
        return []
    code = (
        "import os, resource, sys\n"
        "for kind, bound in zip(('AS', 'FSIZE', 'CPU', 'CORE'), map(int, sys.argv[1:5])):\n"
        "    kind = getattr(resource, 'RLIMIT_' + kind)\n"
        "    hard = resource.getrlimit(kind)[1]\n"
        "    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)\n"
        "    resource.setrlimit(kind, (bound, bound))\n"
        "try:\n"
        "    os.execv(sys.argv[5], sys.argv[5:])\n"
        "except OSError:\n"
        "    os._exit(126)\n"
    )
    seconds = _processor_seconds(limits, documents)
    bounds = (limits.max_memory, 4 * limits.max_bytes, seconds, 0)
    return [sys.executable, "-I", "-c", code, *map(str, bounds)]


def _processor_seconds(limits: IntakeLimits, documents: int) -> int:
    """Return how much processor time LibreOffice may take, with all its threads."""
    return 8 * (int(limits.office_seconds * documents) + 5)


def _memory(process: "subprocess.Popen[bytes]") -> int:
    """Return the bytes that LibreOffice uses with its descendants."""
    peak = peak_memory(process)
    return tree_memory(process.pid) if peak is None else peak


def _command(program: Path, home: Path, documents: Sequence[Path], kind: str) -> list[str]:
    return [
        str(program),
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nologo",
        "--convert-to",
        kind,
        "--outdir",
        str(home / "out"),
        *map(str, documents),
    ]


def _suffix(path: Path) -> str:
    """Return the suffix by which LibreOffice knows the document. WPS files are Word's inside."""
    suffix = path.suffix.lower()
    same = {".wps": ".doc", ".et": ".xls", ".dps": ".ppt", ".wpt": ".doc"}
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    if suffix in same:
        return same[suffix] + ("x" if is_zip else "")
    return suffix if suffix.isascii() and 2 <= len(suffix) <= 6 and suffix != ".pdf" else ""
