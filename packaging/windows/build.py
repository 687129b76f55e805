"""Builds the Windows installer and a portable zip of the same: `make windows`.

    python packaging/windows/build.py OUT --uv UV

Everything is fetched from registries by pinned hash (sources.toml, requirements.lock). The same
sources give the same bytes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

from fetched import install_wheels, python_files
from icon import write_icon, write_picture
from tree import PACKAGES, lay_command, lay_licences, lay_python, prune

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry of the zip: the earliest that the format knows."""
LIMIT = 120_000_000
"""Bytes that the installer may take."""


def main() -> None:
    """Build both files and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--uv", type=Path, required=True, help="the program uv")
    parser.add_argument(
        "--fast", action="store_true", help="an installer for trials: in seconds, and larger"
    )
    given = parser.parse_args()
    with (HERE / "sources.toml").open("rb") as file:
        sources = tomllib.load(file)
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "sjs-forms")
        files, address = python_files(sources["python"])
        lay_python(root, files, sources["python"]["version"])
        install_wheels(
            given.uv, HERE / "requirements.lock", root / PACKAGES, sources["python"]["version"]
        )
        prune(root, sources)
        version = _install_project(root, Path(scratch))
        lay_licences(root, HERE / "licences", sources, PROJECT)
        lay_command(root)
        write_icon(root / "图标.ico")
        name = f"sjs-forms-{version}-windows"
        _write_zip(root, given.out / f"{name}.zip")
        picture = Path(scratch, "picture.bmp")
        write_picture(picture)
        told = {"PICTURE": picture, "VERSION": version} | ({"FAST": ""} if given.fast else {})
        _write_installer(root, given.out / f"{name}.exe", told)
    if not given.fast and (given.out / f"{name}.exe").stat().st_size > LIMIT:
        raise SystemExit(f"{name}.exe has more than {LIMIT / 1e6:.0f} MB")
    print(f"CPython {sources['python']['version']}: {address}")
    for path in (given.out / f"{name}.exe", given.out / f"{name}.zip"):
        print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")


def _install_project(root: Path, scratch: Path) -> str:
    """Unpack this project's wheel; returns its version."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--wheel-dir", str(scratch), str(PROJECT)),
        ],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
    )
    wheel = next(scratch.glob("sjs_forms-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root / PACKAGES)
    for record in (root / PACKAGES).glob("sjs_forms-*.dist-info/RECORD"):
        record.unlink()
    return wheel.name.split("-")[1]


def _files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


def _write_zip(root: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for path in _files(root):
            entry = zipfile.ZipInfo(path.relative_to(root.parent).as_posix(), EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes(), compresslevel=9)


def _write_installer(root: Path, target: Path, told: Mapping[str, object]) -> None:
    makensis = shutil.which("makensis")
    if makensis is None:
        raise SystemExit("makensis is not installed (Debian: sudo apt-get install nsis)")
    size = sum(path.stat().st_size for path in _files(root))
    told = {
        **told,
        "TREE": root,
        "KIB": size // 1024,
        "MEGA": size // 1_000_000,
        "TARGET": target.absolute(),
    }
    subprocess.run(
        [
            *(makensis, "-V2", "-WX", "-INPUTCHARSET", "UTF8"),
            *(f"-D{name}={value}" for name, value in told.items()),
            str(HERE / "installer.nsi"),
        ],
        check=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"},
    )


if __name__ == "__main__":
    main()
