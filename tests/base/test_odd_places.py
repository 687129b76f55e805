"""Clocks, current folders and targets that are odd: the job is done, or told as what it is."""

import errno
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from sjs_forms.base import system_errors
from sjs_forms.base.errors import ExitCode, MachineLacks
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.batch.roster import write_roster
from sjs_forms.cli.commands import main
from sjs_forms.jobs import pipeline
from tests.samples import MINIMAL, the_programme

pytestmark = pytest.mark.above_intake
ROOT = Path(__file__).parents[2]
EARLY, LATE = 0, 4_765_132_800
"""1970-01-01 and 2121-01-01: before and after what a zip can say."""


def run(*words: object, cwd: Path = ROOT, code: str = "") -> "subprocess.CompletedProcess[bytes]":
    """A command in a process of its own, after some `code`."""
    start = f"{code}\nfrom sjs_forms.cli.commands import main\nmain()"
    return subprocess.run(
        [sys.executable, "-c", start, *map(str, words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )


def run_here(*words: object) -> Result:
    """A command in this process."""
    return CliRunner().invoke(main, list(map(str, words)))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("now", [EARLY, LATE])
def test_no_clock_makes_another_output(
    minimal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: int
) -> None:
    """Nor any time of change of what goes in."""
    pipeline.build(MINIMAL, tmp_path / "one")
    roster = write_roster(the_programme())
    for path in minimal.rglob("*"):
        os.utime(path, (now, now))
    odd = SimpleNamespace(localtime=lambda *_: time.gmtime(now), time=lambda: now)
    monkeypatch.setattr(zipfile, "time", odd)
    pipeline.build(minimal, tmp_path / "other")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "other")
    assert write_roster(the_programme()) == roster


@pytest.mark.skipif(shutil.which("faketime") is None, reason="no such program")
@pytest.mark.parametrize("now", ["1970-01-02 00:00:00", "2121-01-01 00:00:00"])
def test_a_machine_whose_clock_is_wrong_builds_the_same(tmp_path: Path, now: str) -> None:
    pipeline.build(MINIMAL, tmp_path / "one")
    command = ["faketime", "-m", now, sys.executable, "-m", "sjs_forms"]
    done = subprocess.run(
        [*command, "build", str(MINIMAL), "-o", str(tmp_path / "other"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "other")


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can remove it there")
@pytest.mark.parametrize("command", ["build", "fill", "check", "batch"])
def test_a_current_folder_that_was_removed_is_no_hindrance(tmp_path: Path, command: str) -> None:
    gone = tmp_path / "没有了"
    gone.mkdir()
    source = tmp_path / "各单位"
    shutil.copytree(MINIMAL, source / "甲")
    words: list[object] = [command, source if command == "batch" else source / "甲"]
    if command != "check":
        words += ["-o", tmp_path / "出"]
    done = run(*words, cwd=gone, code="import os; os.rmdir(os.getcwd())")
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can remove it there")
def test_a_path_from_a_folder_that_was_removed_is_told_and_nothing_else(tmp_path: Path) -> None:
    gone = tmp_path / "没有了"
    gone.mkdir()
    done = run("build", MINIMAL, "-o", "出", cwd=gone, code="import os; os.rmdir(os.getcwd())")
    said = done.stderr.decode()
    assert done.returncode in (ExitCode.MACHINE, ExitCode.OUTPUT), said
    assert "Traceback" not in said and "内部错误" not in said


ODD_NAMES = ["有 空格", "😀", "换\n行", "'引\"号", "-短横", "a" * 200, "尾点."]


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_target_of_any_name_is_built_and_verified(tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    pipeline.build(MINIMAL, out)
    assert run_here("verify", out).exit_code == 0


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode there")
def test_a_target_whose_name_is_not_utf8_is_built_or_refused_by_name(tmp_path: Path) -> None:
    out = tmp_path / os.fsdecode("成册".encode("gbk"))
    done = run_here("build", MINIMAL, "-o", out)
    assert done.exit_code in (0, ExitCode.OUTPUT) and "内部错误" not in done.stderr, done.stderr


@pytest.mark.parametrize("name", ["a" * 300, "/".join(["很长" * 30] * 30)])
def test_a_target_too_long_for_the_system_is_told(tmp_path: Path, name: str) -> None:
    done = run_here("build", MINIMAL, "-o", tmp_path / name)
    assert done.exit_code == ExitCode.OUTPUT, done.stderr


def test_a_target_within_the_applications_folder_is_built_again_and_again(minimal: Path) -> None:
    for _ in range(2):
        pipeline.build(minimal, minimal / "成册")
        pipeline.build(minimal, minimal / "attachments/成册")
    assert not list(minimal.rglob(".sjs-forms-*"))


def test_memory_that_is_lacking_is_told_as_that() -> None:
    told = system_errors.as_own_error(MemoryError())
    assert told.exit_code == ExitCode.MACHINE and "内存不足" in told.message


def test_a_temporary_folder_that_cannot_be_used_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By whatever command, also a batch, which writes elsewhere."""

    def full(**_: object) -> str:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("sjs_forms.base.output.work_folders.tempfile.mkdtemp", full)
    with pytest.raises(MachineLacks, match="临时文件夹用不了：磁盘已满"), temporary_folder():
        pass
    with pytest.raises(MachineLacks, match="临时文件夹"):
        pipeline.check(MINIMAL)


@pytest.mark.skipif(sys.platform == "win32", reason="no such bound")
@pytest.mark.parametrize("command", ["build", "fill", "batch"])
def test_a_bound_on_the_size_of_files_is_told_as_a_full_disk(tmp_path: Path, command: str) -> None:
    """What `ulimit -f` says; a batch tells it of each application."""
    source = tmp_path / "各单位"
    shutil.copytree(MINIMAL, source / "甲")
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))"
    words = [command, source if command == "batch" else source / "甲", "-o", tmp_path / "出"]
    done = run(*words, code=code)
    said = done.stderr.decode()
    assert done.returncode in (ExitCode.MACHINE, ExitCode.OUTPUT, ExitCode.BATCH), said
    assert "Traceback" not in said and "内部错误" not in said and "损坏" not in said
    assert run_here(*words).exit_code == 0


@pytest.mark.opens
@pytest.mark.parametrize("place", [".", "临时", "./临时/../临时"])
def test_a_temporary_folder_told_by_a_relative_path_is_the_same_for_all_processes(
    tmp_path: Path, place: str
) -> None:
    shutil.copytree(MINIMAL, tmp_path / "申报们/甲")
    (tmp_path / "临时").mkdir()
    code = f"import os; os.environ['TMPDIR'] = {place!r}"
    ended = run("batch", "申报们", "-o", "批", "-j", "1", cwd=tmp_path, code=code)
    assert ended.returncode == 0, ended.stdout.decode() + ended.stderr.decode()
    assert list((tmp_path / "临时").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM"])
def test_a_signal_right_after_the_start_is_told_as_one(sent: str) -> None:
    code = (
        "import os, signal, tempfile\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell may ignore it
        "def look(real=tempfile.gettempdir):\n"
        f"    os.kill(os.getpid(), signal.{sent})\n"
        "    return real()\n"
        "tempfile.gettempdir = look\n"
    )
    ended = run("schema", code=code)
    assert ended.returncode == ExitCode.INTERRUPTED
    assert "已中断" in ended.stderr.decode() and b"Traceback" not in ended.stderr
