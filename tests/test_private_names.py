"""Tests go through public names: what is private may change without a test being changed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "sjs_forms"
TESTS = sorted(Path(__file__).parent.rglob("*.py"))


def imported(tree: ast.Module) -> set[str]:
    """The names that a test has of this package."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if (getattr(node, "module", None) or alias.name).partition(".")[0] == PACKAGE
    }


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def used(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The private names of this package that are imported, read or replaced, with their lines."""
    ours = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            yield from ((node.lineno, alias.name) for alias in node.names if is_private(alias.name))
        elif isinstance(node, ast.Attribute) and is_private(node.attr):
            if isinstance(node.value, ast.Name) and node.value.id in ours:
                yield node.lineno, f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Call) and len(node.args) > 1 and _sets(node.func):
            holder, name = node.args[:2]
            replaced = str(name.value) if isinstance(name, ast.Constant) else ""
            if isinstance(holder, ast.Constant):  # monkeypatch.setattr("sjs_forms.x._y", …)
                path = str(holder.value).split(".")
                if path[0] == PACKAGE and any(map(is_private, path)):
                    yield node.lineno, str(holder.value)
            elif isinstance(holder, ast.Name) and holder.id in ours and is_private(replaced):
                yield node.lineno, f"{holder.id}.{replaced}"


def _sets(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr in ("setattr", "delattr")


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_a_test_uses_no_private_name_of_the_package(path: Path) -> None:
    assert list(used(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_each_way_to_use_one_is_seen() -> None:
    code = (
        "from sjs_forms.a import _b\nfrom sjs_forms import c\nc._d\n"
        "patch.setattr(c, '_e', 1)\npatch.setattr('sjs_forms.f._g', 1)\nc.h\nother._i\n"
    )
    assert [name for _, name in sorted(used(ast.parse(code)))] == [
        "_b",
        "c._d",
        "c._e",
        "sjs_forms.f._g",
    ]
