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
from collections.abc import Callable
from pathlib import Path

from desktop_steps import (
    dropped_folder,
    ends_alone,
    failed_start,
    held_open,
    second_start,
    web,
    with_a_mouse,
)
from wine_root import INSTALLED, Wine, windows

PROJECT = Path(__file__).resolve().parent.parent.parent
SIDE = 1000
"""Longest side in pixels of the pages that are compared."""
LIKENESS = 0.002
"""Share of pixels of a page that may differ: none is seen to."""


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
    packages = wine.home / INSTALLED / "python/Lib/site-packages"
    assert list(packages.glob("sjs_forms/__pycache__/*.pyc")), "the first start would compile"
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
    parser.add_argument("--pictures", type=Path, default=Path("out/windows-pictures"))
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
        (held_open, (wine,)),
        (web, (wine,)),
        (second_start, (wine,)),
        (dropped_folder, (wine,)),
        (ends_alone, (wine,)),
        (failed_start, (wine, given.pictures)),
        (uninstall, (wine,)),
        (with_a_mouse, (wine, given.pictures)),
    )
    with wine.running():
        for step, arguments in steps:
            began = time.monotonic()
            step(*arguments)
            print(f"PASS {time.monotonic() - began:6.1f} s  {step.__doc__}", flush=True)


if __name__ == "__main__":
    main()
