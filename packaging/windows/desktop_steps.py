"""What a user does beside building: icons, windows, files that are open elsewhere."""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path

from wine_root import INSTALLED, WAIT, Wine, windows

PORT = 18_123
PATIENCE = 120
"""Seconds within which a server answers or has ended."""
TITLE = "申报装订"

_OPEN = """
import ctypes, sys, threading, time
from ctypes import wintypes
kernel = ctypes.windll.kernel32
kernel.CreateFileW.restype = wintypes.HANDLE
kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
def held(path):
    read, share_read, existing, folders_too = 0x80000000, 1, 3, 0x02000000
    handle = kernel.CreateFileW(path, read, share_read, None, existing, folders_too, None)
    assert handle not in (None, ctypes.c_void_p(-1).value)
    return handle
"""
"""Opens a file or folder as WPS and Acrobat do: others may read it."""
_HOLD = (
    _OPEN
    + """
held(sys.argv[1]), held(sys.argv[2])
open(sys.argv[3], "w").close()
time.sleep(600)
"""
)
"""Holds a file and its folder, which Windows does not let be renamed then; wine does."""
_LET_GO = (
    _OPEN
    + """
from pathlib import Path
from sjs_forms.base.output.patient_moves import replace
source, target = map(Path, sys.argv[1:])
source.write_text("new"), target.write_text("old")
handle = held(str(target))
try:
    source.replace(target)
except PermissionError:
    threading.Timer(1.5, kernel.CloseHandle, (handle,)).start()
    replace(source, target)
    assert target.read_text() == "new"
else:
    raise SystemExit("it was not held")
"""
)
"""Replaces a file that is let go after a moment."""

_SOON = """
from functools import partial
from sjs_forms.web import attendance, serving
serving.ending = partial(attendance.ending, pause=0.1)
from sjs_forms.__main__ import main
main(["web", "--no-browser"])
"""
"""The icon's command; ten minutes without a page are twelve seconds."""


def held_open(wine: Wine) -> None:
    """A file that another program has open is told by its name; one let go in time is replaced."""
    name = "装订版.pdf"
    before = (wine.home / "成册" / name).stat().st_mtime_ns
    (wine.home / "hold.py").write_text(_HOLD, encoding="utf-8")
    (wine.home / "let_go.py").write_text(_LET_GO, encoding="utf-8")
    paths = (windows("成册", name), windows("成册"), windows("held"))
    holder = wine.start("wine", wine.python(), windows("hold.py"), *paths)
    try:
        _wait((wine.home / "held").is_file)
        said = wine.sjs("build", windows("样例"), "-o", windows("成册"), code=6)
        assert name in told(said), told(said)
        assert (wine.home / "成册" / name).stat().st_mtime_ns == before
    finally:
        wine.run("wine", "taskkill", "/f", "/im", "python.exe", check=False)
        holder.wait(PATIENCE)
    wine.sjs("build", windows("样例"), "-o", windows("成册"))
    let_go = ("wine", wine.python(), windows("let_go.py"), windows("new"), windows("old"))
    wine.run(*let_go)


def told(text: str) -> str:
    """What the program wrote; wine's code page has no Chinese, so that it comes escaped."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def web(wine: Wine) -> None:
    """The icon's command answers on this machine, to its own link only, and ends when told."""
    server = _icon(wine, windows("样例"), "--port", str(PORT), "--no-browser")
    assert answer_of(f"http://127.0.0.1:{PORT}/") in (401, 403)
    _end(server, _note(wine))
    assert not _notes(wine)


def second_start(wine: Wine) -> None:
    """A second start gives a link to the first server, and ends."""
    server = _icon(wine, "--no-browser")
    note = _note(wine)
    said = wine.sjs("web", "--no-browser")
    assert f"http://127.0.0.1:{note['port']}/open?t=" in said, said
    assert server.poll() is None
    assert len(_notes(wine)) == 1
    _end(server, note)


def dropped_folder(wine: Wine) -> None:
    """A folder dropped on the desktop's icon is opened: the icon's command with the folder."""
    icon = windows("Desktop", f"{TITLE}.lnk")
    wine.start("wine", "start", icon, windows("样例"))
    note = _note(wine)
    browser = _browser(note)
    page = browser(f"http://127.0.0.1:{note['port']}/", None)
    assert "样例" in page, page
    _end(None, note)
    _wait(lambda: not _notes(wine))


def ends_alone(wine: Wine) -> None:
    """A server whose last page was closed ends by itself, and leaves no process and no note."""
    (wine.home / "soon.py").write_text(_SOON, encoding="utf-8")
    server = _windowless(wine, windows("soon.py"))
    _note(wine)
    assert server.wait(PATIENCE) == 0
    assert not _notes(wine)
    tasks = wine.run("wine", "tasklist").stdout
    assert "python" not in tasks, tasks


def failed_start(wine: Wine, pictures: Path) -> None:
    """A start that fails is told in a message box."""
    server = _icon(wine, windows("没有这份"), "--no-browser")
    wine.wait_for_window(TITLE)
    wine.picture(pictures / "message.png")
    wine.key("Return")
    assert server.wait(PATIENCE) != 0


def with_a_mouse(wine: Wine, pictures: Path) -> None:
    """The installer's own pages: welcome, the end, which opens the program."""
    setup = wine.start("wine", "/root/setup.exe")
    wine.wait_for_window(TITLE)
    wine.picture(pictures / "welcome.png")
    wine.key("Return")
    _wait((wine.home / INSTALLED / "卸载.exe").is_file, WAIT)
    _wait(lambda: len(list(wine.home.rglob("*.lnk"))) == 3)
    time.sleep(3)
    wine.picture(pictures / "finish.png")
    wine.key("Return")
    setup.wait(PATIENCE)
    _end(None, _note(wine))
    wine.run("wine", f"/root/prefix/drive_c/users/root/{INSTALLED}/卸载.exe", "/S")
    _wait(lambda: not (wine.home / INSTALLED).exists())


def answer_of(address: str) -> int:
    """The status with which an address answers, once it does."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def _icon(wine: Wine, *words: str) -> subprocess.Popen[bytes]:
    """Start what the icon starts."""
    return _windowless(wine, "-m", "sjs_forms", "web", *words)


def _windowless(wine: Wine, *words: str) -> subprocess.Popen[bytes]:
    """Start pythonw as the desktop does: with no streams. Ends with its exit code."""
    pythonw = windows(*INSTALLED.split("/"), "python", "pythonw.exe")
    return wine.start("wine", "start", "/wait", pythonw, *words)


def _wait(is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.5)


def _notes(wine: Wine) -> list[Path]:
    """The notes of servers that are running."""
    return list((wine.home / "AppData/Local/sjs-forms/web").glob("server-*.json"))


def _note(wine: Wine) -> dict[str, str]:
    """The note of the one server, once it has written one and answers."""
    _wait(lambda: len(_notes(wine)) == 1)
    note: dict[str, str] = json.loads(_notes(wine)[0].read_text(encoding="utf-8"))
    answer_of(f"http://127.0.0.1:{note['port']}/")
    return note


def _browser(note: dict[str, str]) -> Callable[[str, bytes | None], str]:
    """What gets or posts as the page does, once the server's link was followed."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    here = f"http://127.0.0.1:{note['port']}"

    def asked(address: str, data: bytes | None, **headers: str) -> str:
        sent = {"Origin": here, "x-sjs-forms": "1", "Content-Type": "application/json"} | headers
        request = urllib.request.Request(address, data, sent)
        with opener.open(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode("utf-8"))

    link = asked(f"{here}/api/link", b"", **{"x-sjs-secret": note["secret"]})
    asked(f"{here}/open?t={json.loads(link)['token']}", None)
    return asked


def _end(server: subprocess.Popen[bytes] | None, note: dict[str, str]) -> None:
    """Click the page's 退出, and wait for the process."""
    _browser(note)(f"http://127.0.0.1:{note['port']}/api/end", b"{}")
    if server is not None:
        assert server.wait(PATIENCE) == 0
