"""Tries the installer under wine: `make windows-test`. Linux only, as root.

    python packaging/windows/try_under_wine.py INSTALLER --root FOLDER

wine comes from a newer Debian, in a root folder that mmdebstrap makes once. Each step prints what
it holds; the first that fails ends the run. What is held is that the program works with Windows'
CPython and DLLs under wine: it is no test on Windows.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SUITE, MIRROR = "trixie", "http://deb.debian.org/debian"
PACKAGES = "wine64,wine,xvfb,xauth,fonts-wqy-zenhei,ca-certificates"
PROJECT = Path(__file__).resolve().parent.parent.parent
SIDE = 1000
"""Longest side in pixels of the pages that are compared."""
LIKENESS = 0.002
"""Share of pixels of a page that may differ: none is seen to."""
PORT = 18_123
WAIT = 600
"""Seconds after which a step that hangs has failed."""
INSTALLED = "AppData/Local/Programs/sjs-forms"


class Wine:
    """A wine in a root folder of its own, with one prefix."""

    def __init__(self, root: Path, user: str = "root") -> None:
        """Make the root folder if it is missing."""
        self.root, self.user = root, user
        if not (root / "usr/bin/Xvfb").exists():
            subprocess.run(
                ["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, root, MIRROR],
                check=True,
            )

    @property
    def home(self) -> Path:
        """The user's folder in the prefix, as Linux sees it."""
        return self.root / "root/prefix/drive_c/users/root"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Have /proc, /dev and a screen while the body runs, with a fresh prefix."""
        shutil.rmtree(self.root / "root/prefix", ignore_errors=True)
        for kind in ("proc", "dev"):
            subprocess.run(["mount", "--bind", f"/{kind}", self.root / kind], check=True)
        screen = subprocess.Popen(self._command("Xvfb", ":77", "-screen", "0", "1280x1024x24"))
        try:
            self.run("wineboot", "--init")
            yield
        finally:
            with suppress(subprocess.SubprocessError):
                self.run("wineserver", "-k")
            screen.kill()
            screen.wait()
            for kind in ("dev", "proc"):
                subprocess.run(["umount", "-l", self.root / kind], check=False)

    def _command(self, *words: str) -> list[str]:
        return ["chroot", str(self.root), "env", *self._variables(), *words]

    def _variables(self) -> list[str]:
        kept = {"HOME": "/root", "WINEPREFIX": "/root/prefix", "XDG_RUNTIME_DIR": "/tmp"}
        kept |= {"DISPLAY": ":77", "LANG": "C.UTF-8", "WINEDEBUG": "-all"}
        kept["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin"
        return ["-i", *(f"{name}={value}" for name, value in kept.items())]

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the root folder. Raises CalledProcessError and TimeoutExpired."""
        return subprocess.run(
            self._command(*words),
            check=check,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=WAIT,
        )

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command in the root folder, and do not wait for it."""
        return subprocess.Popen(
            self._command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def python(self) -> str:
        """The installed python.exe."""
        return f"/root/prefix/drive_c/users/root/{INSTALLED}/python/python.exe"

    def sjs(self, *words: str, code: int = 0, **variables: str) -> str:
        """Run a command of the program; returns what it said. Fails on another exit code."""
        settings = [f"{name}={value}" for name, value in variables.items()]
        ran = self.run(
            "env", *settings, "wine", self.python(), "-m", "sjs_forms", *words, check=False
        )
        assert ran.returncode == code, f"{words} ended with {ran.returncode}:\n{ran.stdout}"
        return ran.stdout


def windows(*steps: str) -> str:
    """A path in the user's folder, as Windows has it."""
    return "\\".join(("C:", "users", "root", *steps))


def on_linux(*words: str) -> None:
    """Run the same program of this checkout."""
    subprocess.run(
        [sys.executable, "-m", "sjs_forms", *words], check=True, capture_output=True, cwd=PROJECT
    )


def pictures(pdf: Path) -> list[bytes]:
    """Each page as grey pixels."""
    import pypdfium2

    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            scale = SIDE / max(page.get_size())
            found.append(page.render(scale=scale, grayscale=True).to_pil().tobytes())
    return found


def differing(one: bytes, other: bytes) -> float:
    """The share of pixels that differ."""
    if len(one) != len(other):
        return 1.0
    return sum(a != b for a, b in zip(one, other, strict=True)) / max(1, len(one))


def install(wine: Wine, installer: Path) -> None:
    """The installer, silent, puts program and icons into their places."""
    shutil.copyfile(installer, wine.root / "root/setup.exe")
    wine.run("wine", "/root/setup.exe", "/S")
    assert (wine.home / INSTALLED / "python/python.exe").is_file()
    shortcuts = [path.name for path in wine.home.rglob("*.lnk")]
    assert sorted(shortcuts) == ["卸载申报装订.lnk", "申报装订.lnk", "申报装订.lnk"], shortcuts


def examine(wine: Wine) -> None:
    """doctor finds all that it needs."""
    said = wine.sjs("doctor")
    assert "Pango" in said, said


def build_sample(wine: Wine, here: Path) -> None:
    """The sample's volume has the same pages to the pixel, both Word files the same bytes."""
    wine.sjs("new", windows("样例"), "--sample")
    wine.sjs("build", windows("样例"), "-o", windows("成册"))
    on_linux("new", str(here / "样例"), "--sample")
    on_linux("build", str(here / "样例"), "-o", str(here / "成册"))
    hold_alike(wine.home / "成册", here / "成册")


def hold_alike(made: Path, wanted: Path) -> None:
    """Compare two builds: Word by bytes, the volume by pixels."""
    for word in sorted(wanted.glob("*.docx")):
        digests = [hashlib.sha256((at / word.name).read_bytes()).digest() for at in (made, wanted)]
        assert digests[0] == digests[1], f"{word.name} has other bytes"
    pages, others = pictures(made / "装订版.pdf"), pictures(wanted / "装订版.pdf")
    assert len(pages) == len(others)
    for number, (one, other) in enumerate(zip(pages, others, strict=True), 1):
        assert differing(one, other) <= LIKENESS, f"page {number} looks otherwise"


def chinese_names(wine: Wine, here: Path) -> None:
    """A user and a temporary folder with Chinese names change nothing."""
    temporary = wine.home.parent / "张三/临时"
    temporary.mkdir(parents=True)
    place = "C:\\users\\张三\\临时"
    settings = {"TEMP": place, "TMP": place, "USERPROFILE": "C:\\users\\张三"}
    settings["LOCALAPPDATA"] = "C:\\users\\张三\\AppData"
    wine.sjs("build", windows("样例"), "-o", windows("成册二"), **settings)
    hold_alike(wine.home / "成册二", here / "成册")


def batch(wine: Wine) -> None:
    """Three applications are built, two at a time."""
    for number in range(1, 4):
        shutil.copytree(wine.home / "样例", wine.home / "多家" / f"{number}号单位")
    wine.sjs("batch", windows("多家"), "-o", windows("多家成册"), "-j", "2")
    assert len(list((wine.home / "多家成册").glob("*/装订版.pdf"))) == 3


def web(wine: Wine) -> None:
    """The icon's command answers on this machine, to its own link only, and ends when told."""
    start = wine.python().replace("python.exe", "pythonw.exe")
    server = wine.start(
        *("wine", start, "-m", "sjs_forms", "web", windows("样例")),
        *("--port", str(PORT), "--no-browser"),
    )
    try:
        assert answer_of(f"http://127.0.0.1:{PORT}/") in (401, 403)
    finally:
        wine.run("wine", "taskkill", "/f", "/im", "pythonw.exe", check=False)
        server.wait(30)


def answer_of(address: str) -> int:
    """The status with which an address answers, once it does."""
    until = time.monotonic() + 60
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


def uninstall(wine: Wine) -> None:
    """Nothing of the program is left, and all of the user's."""
    wine.run("wine", f"/root/prefix/drive_c/users/root/{INSTALLED}/卸载.exe", "/S")
    until = time.monotonic() + 60
    while (wine.home / INSTALLED).exists() and time.monotonic() < until:
        time.sleep(0.5)
    assert not (wine.home / INSTALLED).exists()
    assert not list(wine.home.rglob("*.lnk"))
    assert (wine.home / "成册/装订版.pdf").is_file()


def main() -> None:
    """Run every step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("installer", type=Path)
    parser.add_argument("--root", type=Path, required=True, help="the root folder for wine")
    given = parser.parse_args()
    if os.name != "posix" or os.geteuid() != 0:
        raise SystemExit("this needs Linux, and root for chroot")
    wine, here = Wine(given.root), given.root / "root/linux"
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir(parents=True)
    steps: tuple[tuple[Callable[..., None], tuple[object, ...]], ...] = (
        (install, (wine, given.installer)),
        (examine, (wine,)),
        (build_sample, (wine, here)),
        (chinese_names, (wine, here)),
        (batch, (wine,)),
        (web, (wine,)),
        (uninstall, (wine,)),
    )
    with wine.running():
        for step, arguments in steps:
            began = time.monotonic()
            step(*arguments)
            print(f"PASS {time.monotonic() - began:6.1f} s  {step.__doc__}", flush=True)


if __name__ == "__main__":
    main()
