"""Makes the folder that the installer and the portable zip contain.

sjs-forms/
  python/           CPython, embeddable, with site-packages
  licences/         licences of what is bundled
  sjs-forms.cmd     the commands, for a terminal
  图标.ico, 许可.txt
"""

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

PACKAGES = Path("python", "Lib", "site-packages")
_PATH_FILE = "python{minor}._pth"
"""Where CPython finds its modules; with this file it reads no environment and no registry."""
_LICENCE_NAMES = ("LICENSE", "LICENCE", "COPYING")
_COMMAND = '@"%~dp0python\\python.exe" -m sjs_forms %*\r\n'


def lay_python(root: Path, files: Mapping[str, bytes], version: str) -> None:
    """Write CPython's files, with site-packages on its path."""
    home = root / "python"
    home.mkdir(parents=True)
    for name, data in files.items():
        (home / name).write_bytes(data)
    minor = "".join(version.split(".")[:2])
    lines = (f"python{minor}.zip", ".", "Lib\\site-packages")
    (home / _PATH_FILE.format(minor=minor)).write_bytes("\r\n".join((*lines, "")).encode())
    (root / PACKAGES).mkdir(parents=True)


def prune(root: Path, sources: Mapping[str, Any]) -> None:
    """Remove from site-packages what is never used, and all but a few layout libraries."""
    packages = root / PACKAGES
    for path in sources["leave_out"]["paths"]:
        shutil.rmtree(packages / path)
    for path in sorted(packages.rglob("*")):
        if path.name in ("__pycache__", "tests") and path.is_dir():
            shutil.rmtree(path)
    layout = sources["layout"]
    _keep_only(packages / layout["package"], layout["keep"], layout["libraries"])
    for record in packages.glob("*.dist-info/RECORD"):  # it names what was removed
        record.unlink()


def _keep_only(package: Path, keep: list[str], libraries: Mapping[str, Any]) -> None:
    wanted = [package / path for path in keep]
    wanted += [package / "bin" / name for name in libraries]
    missing = [str(path) for path in wanted if not path.exists()]
    if missing:
        raise SystemExit(f"not in the wheel: {', '.join(missing)}")
    for path in sorted(package.rglob("*")):
        if path.is_file() and not any(path.is_relative_to(one) for one in wanted):
            path.unlink()
    for path in sorted(package.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def lay_licences(root: Path, texts: Path, sources: Mapping[str, Any], project: Path) -> None:
    """Write the licences of CPython, the layout libraries and this project.

    Wheels carry their own in their *.dist-info; [licences] of `sources` has those that do not.
    Raises SystemExit if anything that is bundled has no licence.
    """
    target = root / "licences"
    target.mkdir()
    shutil.copyfile(root / "python" / "LICENSE.txt", target / "Python.txt")
    layout = sources["layout"]
    libraries: Mapping[str, list[str]] = layout["libraries"]
    wheels: Mapping[str, list[str]] = sources["licences"]
    bare = [*_bare_libraries(root / PACKAGES / layout["package"], libraries)]
    bare += _bare_wheels(root / PACKAGES, {*wheels, layout["package"]})
    if bare:
        raise SystemExit(f"no licence for: {', '.join(bare)}")
    for name in sorted({text for _, text in (*libraries.values(), *wheels.values())}):
        shutil.copyfile(texts / name, target / name)
    head = (
        "排版库（gstreamer-libs 中的一部分，未作改动），文件、许可、许可全文：",
        "源代码：https://gitlab.freedesktop.org/gstreamer/cerbero",
        "",
    )
    _write_text(target / "排版库.txt", (*head, *_rows(libraries)))
    packages = ("没有自带许可全文的 Python 库，库、许可、许可全文：", "", *_rows(wheels))
    _write_text(target / "Python库.txt", packages)
    shutil.copyfile(project / "LICENSE", root / "许可.txt")


def _rows(licences: Mapping[str, list[str]]) -> list[str]:
    return [f"{name}\t{licence}\t{text}" for name, (licence, text) in licences.items()]


def _bare_libraries(package: Path, libraries: Mapping[str, Any]) -> list[str]:
    """Return the layout libraries in the tree that are not in the table of licences."""
    found = (path.name for path in sorted(package.rglob("*")) if path.suffix in (".dll", ".pyd"))
    return [name for name in found if name not in libraries]


def _bare_wheels(packages: Path, known: Collection[str]) -> list[str]:
    """Return the wheels that carry no text of a licence and are not `known`."""
    return [
        folder.name
        for folder in sorted(packages.glob("*.dist-info"))
        if folder.name.split("-")[0] not in known
        and not any(_is_licence(path, folder) for path in folder.rglob("*"))
    ]


def _is_licence(path: Path, folder: Path) -> bool:
    """Return whether it is a text in the folder for licences (PEP 639), or named like one."""
    inside = path.relative_to(folder)
    is_named = inside.parts[0] == "licenses" or path.stem.upper().startswith(_LICENCE_NAMES)
    return is_named and path.is_file() and path.stat().st_size > 0


def lay_command(root: Path) -> None:
    """Write the command for a terminal."""
    (root / "sjs-forms.cmd").write_bytes(_COMMAND.encode("ascii"))


def _write_text(path: Path, lines: tuple[str, ...]) -> None:
    path.write_bytes("\r\n".join((*lines, "")).encode("utf-8-sig"))
