"""What the Windows installer contains: a licence for everything, and the same bytes each time."""

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

_WINDOWS = Path(__file__).resolve().parent.parent.parent / "packaging" / "windows"


@pytest.fixture(scope="module")
def tree() -> ModuleType:
    """The module that lays the tree; packaging/ is not a package."""
    spec = importlib.util.spec_from_file_location("windows_tree", _WINDOWS / "tree.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_SOURCES: Mapping[str, Any] = {
    "layout": {"package": "layout", "libraries": {"z-1.dll": ["Zlib", "zlib.txt"]}},
    "licences": {"bare": ["LGPL-2.1-only", "LGPL-2.1.txt"]},
}


def _laid(tree: ModuleType, root: Path, wheels: Mapping[str, str], *libraries: str) -> Path:
    """A tree with CPython, wheels (name: the file of the licence) and layout libraries."""
    tree.lay_python(root, {"LICENSE.txt": b"PSF"}, "3.13.2")
    packages = root / tree.PACKAGES
    for name, licence in wheels.items():
        file = packages / f"{name}-1.0.dist-info" / (licence or "METADATA")
        file.parent.mkdir(parents=True)
        file.write_text("text", encoding="utf-8")
    for name in libraries:
        (packages / "layout/bin").mkdir(parents=True, exist_ok=True)
        (packages / "layout/bin" / name).write_bytes(b"MZ")
    tree.lay_licences(root, _WINDOWS / "licences", _SOURCES, _WINDOWS.parent.parent)
    tree.lay_command(root)
    return root


def test_every_licence_is_beside_the_program(tree: ModuleType, tmp_path: Path) -> None:
    """Those of CPython, of libraries and of wheels without one are in licences/."""
    root = _laid(tree, tmp_path / "a", {"good": "LICENSE", "bare": ""}, "z-1.dll")
    found = {path.name for path in (root / "licences").iterdir()}
    assert found == {"Python.txt", "zlib.txt", "LGPL-2.1.txt", "排版库.txt", "Python库.txt"}


@pytest.mark.parametrize(
    ("wheels", "library", "told"),
    [({"other": ""}, "z-1.dll", "other-1.0"), ({"good": "COPYING"}, "new.dll", "new.dll")],
)
def test_nothing_is_bundled_without_a_licence(
    tree: ModuleType, tmp_path: Path, wheels: Mapping[str, str], library: str, told: str
) -> None:
    """A wheel or library whose licence is not known ends the build, with its name."""
    with pytest.raises(SystemExit, match=told):
        _laid(tree, tmp_path / "a", wheels, library)


def test_a_tree_made_twice_has_the_same_bytes(tree: ModuleType, tmp_path: Path) -> None:
    """Nothing in it depends on the day or the folder."""
    made = []
    for name in ("a", "b"):
        root = _laid(tree, tmp_path / name, {"good": "LICENSE", "bare": ""}, "z-1.dll")
        files = sorted(path for path in root.rglob("*") if path.is_file())
        made.append({path.relative_to(root): path.read_bytes() for path in files})
    assert made[0] == made[1]
