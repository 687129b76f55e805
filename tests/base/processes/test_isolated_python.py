"""A module that lies in an applicant's folder stays a file: nothing ever imports it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sjs_forms.base.processes.isolated_python import trusted_path
from tests.counting import HANGS
from tests.samples import FIXTURES, MINIMAL

NAMES = (
    *("json", "re", "typing", "pathlib", "tempfile", "subprocess", "multiprocessing", "socket"),
    *("signal", "selectors", "struct", "logging", "pickle", "resource", "runpy"),
    *("sitecustomize", "usercustomize", "sjs_forms", "pikepdf", "pypdf", "PIL", "pydantic"),
    *("docx", "docxtpl", "weasyprint", "jinja2", "lxml", "click", "filelock", "pebble"),
)
COMMAND = Path(sys.executable).with_name("sjs-forms")

COMMANDS = [
    "doctor",
    "schema",
    "new 新的",
    "check 申报",
    "plan 申报",
    "fill 申报 -o 成册",
    "build 申报 -o 成册 --draft",
    "batch . -o 批 --draft -j 2",
    "import 表/附4-1_申报书.docx -o 导入",
    "diff 申报 表/附4-1_申报书.docx",
    "stamped 申报 表/附4-1_申报书.pdf --as 1=不用",
    "verify 先前",
    "proof 先前 -o 样张.pdf",
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an application and outputs, modules lying in each of them."""
    place = tmp_path_factory.mktemp("隔离")
    shutil.copytree(MINIMAL, place / "申报")
    run("fill", "申报", "-o", "表", place=place)
    run("build", "申报", "-o", "先前", "--draft", place=place)
    for folder in (place, place / "申报", place / "成册", place / "表", place / "申报/attachments"):
        folder.mkdir(exist_ok=True)
        for name in NAMES:
            told = place / f"{name}.imported"
            module = f"import builtins; builtins.open({str(told)!r}, 'w').close()\n"
            (folder / f"{name}.py").write_text(module, encoding="utf-8")
    return place


def run(*arguments: str, place: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([COMMAND, *arguments], cwd=place, capture_output=True, timeout=HANGS)


@pytest.mark.skipif(not COMMAND.exists(), reason="the command is not installed beside Python")
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_imports_what_lies_where_it_is_run(command: str, place: Path) -> None:
    if command.startswith("build"):
        for path in (place / "成册").glob("*.py"):
            path.unlink()
    ended = run(*command.split(), place=place)
    assert b"Traceback" not in ended.stderr
    assert [path.name for path in place.glob("*.imported")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="programs of a shell")
@pytest.mark.parametrize("first", [".", "", "申报"])
def test_no_program_that_lies_where_a_command_is_run_is_found(first: str, tmp_path: Path) -> None:
    """PATH may have the current folder, often by an empty entry that a setting left."""
    (tmp_path / "申报").mkdir()
    for folder in (tmp_path, tmp_path / "申报"):
        for name in ("soffice", "libreoffice", "bwrap", "true", "xdg-open"):
            program = folder / name
            program.write_text(f"#!/bin/sh\n: > {tmp_path}/ran-{name}\n", encoding="utf-8")
            program.chmod(0o755)
    code = (
        "from sjs_forms.base.processes.isolated_python import trust_no_current_folder as go; go(); "
        "import shutil, subprocess; "
        "from sjs_forms.intake.office.libreoffice.installed_office import soffice; "
        "from sjs_forms.intake.process.confinement import means; "
        "print(soffice(), means()); subprocess.run(['true']); "
        "print(shutil.which('bwrap'), shutil.which('xdg-open'))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PATH": path, "PYTHONPATH": str(FIXTURES.parent)},
            capture_output=True,
            timeout=HANGS,
        ).stdout
        for path in (os.pathsep.join((first, "/usr/bin", "/bin")), "/usr/bin:/bin")
    ]
    assert told[0] == told[1] != b""
    assert not list(tmp_path.glob("ran-*"))


def test_the_module_itself_leaves_the_current_folder_out(place: Path) -> None:
    program = (
        f"import sys; sys.path[:] = {[str(FIXTURES.parent), '', *trusted_path()]!r}; "
        "from sjs_forms.base.processes.isolated_python import trust_no_current_folder as go; go(); "
        "import os, docx; print(os.environ['PYTHONSAFEPATH'], 'PYTHONPATH' in os.environ)"
    )
    ended = subprocess.run(
        [sys.executable, "-I", "-c", program], cwd=place / "申报", capture_output=True
    )
    assert ended.stdout.split() == [b"1", b"False"], ended.stderr.decode()
    assert [path.name for path in place.glob("*.imported")] == []


def test_a_checkouts_own_folder_is_trusted_wherever_its_parent_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = str(FIXTURES.parent)
    assert here in trusted_path()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), "", "."])
    assert here in trusted_path()
    assert {str(tmp_path), "", "."}.isdisjoint(trusted_path())
