"""Office documents as PDF or .docx, by LibreOffice in a process and with a profile of its own."""

import errno
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from sjs_forms.intake import hindrance, unusable
from sjs_forms.intake.host import end_group, watched
from sjs_forms.machine import reason
from sjs_forms.programme import IntakeLimits
from sjs_forms.resources import fonts_folder

_FAMILIES = {
    "FandolFang": (
        "仿宋_GB2312",
        "仿宋",
        "FangSong",
        "FangSong_GB2312",
        "STFangsong",
        "华文仿宋",
    ),
    "Noto Sans SC": (
        "黑体",
        "SimHei",
        "微软雅黑",
        "Microsoft YaHei",
        "等线",
        "DengXian",
        "华文黑体",
    ),
    "Noto Serif SC": (
        "宋体",
        "SimSun",
        "新宋体",
        "NSimSun",
        "方正小标宋简体",
        "方正小标宋_GBK",
        "FZXiaoBiaoSong-B05S",
        "华文中宋",
        "STZhongsong",
        "楷体",
        "楷体_GB2312",
        "KaiTi",
    ),
    "DejaVu Sans": ("Segoe UI Symbol",),
}
_USUAL = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)
_SETTINGS = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "/org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "/org.openoffice.Office.Calc/Content/Update": {"Link": "2"},
    "/org.openoffice.Office.Common/Load": {"UpdateDocMode": "0"},
    "/org.openoffice.Setup/Office": {"OfficeRestartInProgress": "false"},
}
_TRIES = 2
"""Times that LibreOffice is started where something from outside ends it."""
_CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE, signal.SIGILL)
_NOT_LOADED = 127
_ENDED_BY_ITSELF = {0, 1, _NOT_LOADED, *(sign for n in _CRASHES for sign in (-n, 128 + n))}
"""What it leaves where it made nothing of a document; anything else: it was ended from outside."""
_ROOM, _UNPACKED = 20_000_000, 10
"""Bytes that its profile takes, and how often a document's own size while it is converted.

Where there was less room, a disk is full, which LibreOffice tells nobody.
"""
_TAIL = 2048
"""Bytes at a PDF's end among which its end mark stands."""
_NOWHERE = "http://127.0.0.1:9"
_one_at_a_time = threading.Lock()
"""LibreOffice takes more memory than all else together."""


@functools.cache
def soffice() -> Path | None:
    """LibreOffice's program, if this machine has it."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return Path(found)
    return next((Path(usual) for usual in _USUAL if Path(usual).is_file()), None)


def as_pdf(path: Path, scratch: Path, limits: IntakeLimits) -> Path:
    """Convert an Office document to a PDF in `scratch`, within limits. Raises Unusable."""
    return convert([path], scratch, limits, "pdf")[0]


def as_word(path: Path, scratch: Path, limits: IntakeLimits) -> Path:
    """Convert a text document (.doc, .wps, .odt, .rtf) to a .docx likewise. Raises Unusable."""
    return convert([path], scratch, limits, "docx")[0]


def convert(paths: Sequence[Path], scratch: Path, limits: IntakeLimits, kind: str) -> list[Path]:
    """Convert Office documents, in one process, to files in `scratch`; in the order given.

    `kind` is the suffix of a format that LibreOffice writes. The limits are those of one
    document; time is allowed for each. Raises Unusable, or OSError where the disk is full.
    """
    program = soffice()
    if program is None:
        raise unusable.office_missing()
    for path in paths:
        check_unpacked(path, limits.max_decoded_bytes)
    for _ in range(_TRIES):
        home = Path(tempfile.mkdtemp(prefix="office-", dir=scratch))
        documents = [home / f"document{n}{_suffix(path)}" for n, path in enumerate(paths)]
        for path, document in zip(paths, documents, strict=True):
            shutil.copyfile(path, document)
        _write_settings(home)
        room = shutil.disk_usage(home).free
        with _one_at_a_time:
            code = _run(_command(program, home, documents, kind), home, limits, len(paths))
        made = [home / "out" / f"{document.stem}.{kind}" for document in documents]
        if all(map(_is_whole, made)):
            return made
        if room < _ROOM + _UNPACKED * sum(path.stat().st_size for path in paths):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if code in _ENDED_BY_ITSELF:
            raise unusable.office_failed()
    raise hindrance.killed()


def _is_whole(made: Path) -> bool:
    """Whether LibreOffice wrote a file to its end, as far as its kind says where that is."""
    if not made.is_file():
        return False
    size = made.stat().st_size
    if made.suffix == ".docx":
        return zipfile.is_zipfile(made)
    with made.open("rb") as file:
        file.seek(max(0, size - _TAIL))
        return size > 0 and (made.suffix != ".pdf" or b"%%EOF" in file.read())


def _run(command: list[str], home: Path, limits: IntakeLimits, documents: int) -> int:
    """Run LibreOffice to its end; returns what it left. Raises Unusable or OSError."""
    surroundings = _environment(home)
    try:
        process = subprocess.Popen(
            [*_bounded(limits, documents), *command],
            cwd=home,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as problem:
        raise hindrance.unstarted(reason(problem)) from problem
    try:
        with watched(process):
            return process.wait(timeout=limits.office_seconds * documents)
    except subprocess.TimeoutExpired:
        raise unusable.timed_out(limits.office_seconds) from None
    finally:
        end_group(process)


def check_unpacked(path: Path, bound: int) -> None:
    """Raise Unusable for a document that unpacks to more than `bound` bytes, whatever it says."""
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as packed:
                    while block := packed.read(1 << 20):
                        total += len(block)
                        if total > bound:
                            mega = bound / 1_000_000
                            raise unusable.too_large(
                                "解压后的数据", f"{mega:g} MB 以上", f"{mega:g} MB"
                            )
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError):
        return  # no zip, or a damaged one: LibreOffice says what it makes of it


def _bounded(limits: IntakeLimits, documents: int) -> list[str]:
    """What to put before a command so that its memory, output and time are bounded."""
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
    cpu = 8 * (int(limits.office_seconds * documents) + 5)
    bounds = (limits.max_memory, 4 * limits.max_bytes, cpu, 0)
    return [sys.executable, "-I", "-c", code, *map(str, bounds)]


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


def _environment(home: Path) -> dict[str, str]:
    """The surroundings of the process: our fonts first, a home of its own, no way out."""
    kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    language = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
    found |= {
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANG": language,
        "LC_ALL": language,
        "SAL_USE_VCLPLUGIN": "svp",
        "FONTCONFIG_FILE": str(_write_fonts(home)),
    }
    for name in ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"):
        found[name] = found[name.upper()] = _NOWHERE
    return found


def _suffix(path: Path) -> str:
    """The suffix under which LibreOffice knows the document; WPS files are Word's inside."""
    suffix = path.suffix.lower()
    same = {".wps": ".doc", ".et": ".xls", ".dps": ".ppt", ".wpt": ".doc"}
    with path.open("rb") as file:
        is_zip = file.read(2) == b"PK"
    if suffix in same:
        return same[suffix] + ("x" if is_zip else "")
    return suffix if suffix.isascii() and 2 <= len(suffix) <= 6 and suffix != ".pdf" else ""


def _write_settings(home: Path) -> None:
    """A profile in which macros never run and nothing linked is fetched."""
    items = [
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    ]
    user = home / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        + "\n".join(items)
        + "\n</oor:items>\n",
        encoding="utf-8",
    )


def _write_fonts(home: Path) -> Path:
    """A fontconfig file with our fonts, the system's behind them, and the office's names."""
    aliases = [
        '<match target="pattern"><test name="family" compare="eq">'
        f"<string>{escape(name)}</string></test>"
        '<edit name="family" mode="assign" binding="strong">'
        f"<string>{ours}</string><string>Noto Serif SC</string>"
        "<string>Noto Serif SC Rare</string></edit></match>"
        for ours, names in _FAMILIES.items()
        for name in names
    ]
    target = home / "fonts.conf"
    target.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"<dir>{escape(str(fonts_folder()))}</dir>\n"
        "<dir>/usr/share/fonts</dir>\n<dir>/usr/local/share/fonts</dir>\n"
        f"<cachedir>{escape(str(home / 'fontcache'))}</cachedir>\n"
        + "\n".join(aliases)
        + "\n</fontconfig>\n",
        encoding="utf-8",
    )
    return target
