"""A wine in a root folder of its own, from a newer Debian: it runs commands and saves pictures."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SUITE, MIRROR = "trixie", "http://deb.debian.org/debian"
PACKAGES = "wine64,wine,xvfb,xauth,xdotool,imagemagick,fonts-wqy-zenhei,ca-certificates"
WAIT = 600
"""Seconds after which a step that hangs has failed."""
SETTLE = 2
"""Seconds in which a window is drawn."""
INSTALLED = "AppData/Local/Programs/sjs-forms"
_FONT_NAMES = ("SimSun", "NSimSun", "Microsoft YaHei", "Tahoma", "MS Shell Dlg", "MS Shell Dlg 2")
FONTS = "\n".join(
    (
        "REGEDIT4\n",
        r"[HKEY_CURRENT_USER\Software\Wine\Fonts\Replacements]",
        *(f'"{name}"="WenQuanYi Zen Hei"' for name in _FONT_NAMES),
        "",
    )
)
"""wine has none of Windows' fonts: a Chinese one in their place."""


class Wine:
    """A wine in a root folder of its own, with one prefix."""

    def __init__(self, root: Path) -> None:
        """Make the root folder if it is missing."""
        self.root = root
        if not (root / "usr/bin/xdotool").exists():
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
            (self.root / "root/fonts.reg").write_text(FONTS, encoding="ascii")
            self.run("wine", "regedit", "/S", "Z:\\root\\fonts.reg")
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

    def python(self, name: str = "python.exe") -> str:
        """The installed python.exe, or pythonw.exe."""
        return f"/root/prefix/drive_c/users/root/{INSTALLED}/python/{name}"

    def picture(self, target: Path) -> None:
        """Save the screen as PNG, without what is black around the windows."""
        target.parent.mkdir(parents=True, exist_ok=True)
        words = (
            "import",
            "-window",
            "root",
            "-trim",
            "+repage",
            "-colors",
            "64",
            "/root/screen.png",
        )
        self.run(*words)
        shutil.copyfile(self.root / "root/screen.png", target)

    def wait_for_window(self, title: str) -> str:
        """Return the number of a window with this title, once it is shown."""
        until = time.monotonic() + WAIT
        while True:
            found = self.run("xdotool", "search", "--onlyvisible", "--name", title, check=False)
            if found.returncode == 0 and found.stdout.split():
                time.sleep(SETTLE)
                return found.stdout.split()[-1]
            assert time.monotonic() < until, f"no window {title}"
            time.sleep(0.5)

    def key(self, *keys: str) -> None:
        """Press keys, in the window that is in front."""
        self.run("xdotool", "key", *keys)

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
