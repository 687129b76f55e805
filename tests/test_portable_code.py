"""What would fail on Windows is seen on Linux: modules of POSIX, encodings left to the system."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import sjs_forms
from tests.counting import HANGS

ROOT = Path(__file__).parents[1]
PACKAGE = Path(sjs_forms.__file__).parent
SOURCES = [
    path
    for place in (PACKAGE, *(ROOT / name for name in ("tests", "scripts", "benchmarks")))
    for path in sorted(place.rglob("*.py"))
]
OF_POSIX = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty")
CALLS_OF_POSIX = ("fork", "killpg", "mkfifo", "setsid", "getuid", "geteuid", "pthread_kill")
SIGNALS_OF_POSIX = ("SIGKILL", "SIGSTOP", "SIGCONT", "SIGHUP", "SIGUSR1")


@dataclass(frozen=True)
class Source:
    """What the tests here ask of a module."""

    path: Path
    imported: set[str]
    without_encoding: list[int]
    unskipped: list[str]


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    """Every module, parsed once and not kept as a tree: all trees take hundreds of megabytes."""
    found = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        unskipped = list(_unskipped(tree)) if path.name.startswith("test_") else []
        found.append(Source(path, _imported(tree), list(_without_encoding(tree)), unskipped))
    return found


def test_every_module_of_the_package_is_imported_without_those_of_posix() -> None:
    names = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.stem != "__init__"
    ]
    code = (
        "import asyncio, filelock, importlib, multiprocessing.connection, sys, uvicorn\n"
        f"sys.modules.update(dict.fromkeys({OF_POSIX!r}))\n"  # importing any of them fails
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=HANGS, cwd=ROOT, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()


def test_no_module_needs_one_of_posix_to_be_imported(sources: list[Source]) -> None:
    """The benchmarks may: they measure on Linux."""
    assert {
        each.path.name: imported
        for each in sources
        if "benchmarks" not in each.path.parts and (imported := each.imported & set(OF_POSIX))
    } == {}


def _imported(tree: ast.Module) -> set[str]:
    """Return the packages that a module imports when it is imported."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
    return found


def test_no_text_is_read_or_written_in_an_encoding_of_the_system(sources: list[Source]) -> None:
    found = {each.path.name: each.without_encoding for each in sources if each.without_encoding}
    assert found == {}


def _without_encoding(tree: ast.AST) -> Iterator[int]:
    """Yield the lines of calls that leave the encoding open."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or any(each.arg == "encoding" for each in call.keywords):
            continue
        match call.func:
            case ast.Attribute(attr="read_text") if not call.args:
                yield call.lineno
            case ast.Attribute(attr="write_text") if len(call.args) < 2:
                yield call.lineno
            case ast.Name(id="open") if not _is_binary(call.args[1:2]):
                yield call.lineno
            case ast.Attribute(attr="open", value=ast.Name(id="Path") | ast.BinOp()) if (
                not _is_binary(call.args[:1])
            ):
                yield call.lineno


def _is_binary(mode: list[ast.expr]) -> bool:
    return any(isinstance(each, ast.Constant) and "b" in str(each.value) for each in mode)


def test_a_test_that_needs_posix_is_skipped_elsewhere(sources: list[Source]) -> None:
    assert {each.path.name: each.unskipped for each in sources if each.unskipped} == {}


def _unskipped(tree: ast.Module) -> Iterator[str]:
    """Yield the tests of a module that need POSIX and are skipped nowhere."""
    marks = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Assign)]
    if any("pytestmark" in mark and "skipif" in mark for mark in marks):
        return
    for test in tree.body:
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
            marks = [ast.unparse(mark) for mark in test.decorator_list]
            if not any("skip" in mark or "needs" in mark for mark in marks) and _of_posix(test):
                yield test.name


def _of_posix(tree: ast.AST) -> set[str]:
    """Return what exists only on POSIX, as far as code, or code in a string, uses it."""
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {
        name
        for name in (*CALLS_OF_POSIX, *SIGNALS_OF_POSIX)
        if name in used or any(isinstance(text, str) and f".{name}" in text for text in texts)
    }
