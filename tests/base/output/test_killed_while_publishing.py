"""Killed at any step of publishing, old or new stands there whole after the next run.

A child process does the work and is killed at its n-th step that changes the disk, for every n.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sjs_forms.base.output.output_folder
from sjs_forms.base.output.output_folder import (
    put_file,
    put_outputs,
    recover,
    swap_folder,
    work_folder,
)
from sjs_forms.base.output.work_folders import abandoned, owned_folder

TESTS = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")

MAX_STEPS = 200


def publish(target: Path, mark: str) -> None:
    """What a build does, with two files of its own and one in a folder."""
    from sjs_forms.base.files.stable_bytes import json_bytes
    from tests.base.output.test_output_folder import manifest_of

    with work_folder(target) as work:
        for name in ("装订版.pdf", f"只在{mark}.pdf", "第一册/装订版.pdf"):
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_text(mark, encoding="utf-8")
        (work / "manifest.json").write_bytes(json_bytes(manifest_of(work)))
        swap_folder(work, target)


def publish_new(target: Path) -> None:
    """The second build, into the folder of the first."""
    publish(target, "新")


def publish_where_one_stands(target: Path) -> None:
    """The same into the current folder, which must stay the same folder."""
    os.chdir(target)
    publish(target, "新")


def fill_new(target: Path) -> None:
    """What `fill` does: files beside others."""
    put_outputs([("甲.docx", "新".encode()), ("乙.docx", "新".encode())], target)


def put_new(target: Path) -> None:
    """What `import` and `proof` do: one file in place of another, which is kept as a backup."""
    put_file("新".encode(), target / "样张.pdf", "旧".encode())


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def kill_at(step: int, exchanges: bool) -> None:
    """Have this process killed at its step that changes the disk of that number, from 0."""

    def killing(really: Any) -> Any:
        def counted(*given: Any, **named: Any) -> Any:
            nonlocal step
            step -= 1
            if step < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return really(*given, **named)

        return counted

    for name in ("rename", "replace", "unlink", "rmdir", "mkdir", "fsync"):
        setattr(os, name, killing(getattr(os, name)))
    swap = killing(sjs_forms.base.output.output_folder.exchange) if exchanges else lambda *_: False
    sjs_forms.base.output.output_folder.exchange = swap


def killed_at_each(act: str, base: str, exchanges: str) -> None:
    """Print for each step what an act that is killed there leaves, once the next run was there.

    Runs in a process without threads, which forks one for each act.
    """
    for step in range(MAX_STEPS):
        target = Path(base) / str(step) / "成册"
        prepare(act, target)
        child = os.fork()
        if child == 0:
            kill_at(step, exchanges == "exchange")
            globals()[act](target)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        told = recover(target)
        print(json.dumps([status, told, contents(target.parent)]))
        if status != signal.SIGKILL:
            return


def prepare(act: str, target: Path) -> None:
    """What stands there before the act."""
    if act == "fill_new":
        target.mkdir(parents=True)
        (target / "别人的.txt").write_text("留", encoding="utf-8")
    elif act == "put_new":
        target.mkdir(parents=True)
        (target / "样张.pdf").write_text("旧", encoding="utf-8")
    else:
        publish(target, "旧")


def each_step(act: str, base: Path, how: str) -> list[tuple[int, list[str], dict[str, str]]]:
    """What `killed_at_each` has to say: exit status, what was recovered, the files then."""
    call = (
        "import sys; "
        "from tests.base.output.test_killed_while_publishing import killed_at_each; "
        "killed_at_each(*sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", call, act, str(base), how],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS.parent))),
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("act", ["publish_new", "publish_where_one_stands"])
@pytest.mark.parametrize("how", ["exchange", "no-exchange"])
def test_a_build_killed_at_any_step_leaves_old_or_new_whole(
    tmp_path: Path, act: str, how: str
) -> None:
    before, after = {}, {}
    for holder, mark in ((before, "旧"), (after, "新")):
        publish(tmp_path / mark / "成册", mark)
        holder.update(contents(tmp_path / mark))
    steps = each_step(act, tmp_path / "每步", how)
    for number, (_, _, found) in enumerate(steps):
        assert found in (before, after), f"step {number}"
    is_new = [found == after for _, _, found in steps]
    assert is_new == sorted(is_new), "once new, never old again"
    assert is_new[0] is False and is_new[-1] is True
    assert [status for status, _, _ in steps] == [signal.SIGKILL] * (len(steps) - 1) + [0]
    assert any("成册" in told for _, sentences, _ in steps for told in sentences)
    assert steps[-1][1] == []


def test_a_fill_killed_at_any_step_leaves_all_old_or_all_new(tmp_path: Path) -> None:
    steps = each_step("fill_new", tmp_path, "exchange")
    forms = {"成册/甲.docx": "新", "成册/乙.docx": "新"}
    for number, (_, _, found) in enumerate(steps):
        assert found.pop("成册/别人的.txt") == "留"
        assert found in ({}, forms), f"step {number}"
    assert steps[-1][0] == 0 and steps[-1][2] == forms


def test_one_file_killed_at_any_step_is_old_or_new_with_its_backup(tmp_path: Path) -> None:
    steps = each_step("put_new", tmp_path, "exchange")
    before = {"成册/样张.pdf": "旧"}
    after = {"成册/样张.pdf": "新", "成册/样张.pdf.bak": "旧"}
    for number, (_, _, found) in enumerate(steps):
        assert found in (before, after), f"step {number}"
    assert steps[0][2] == before
    assert steps[-1][0] == 0 and steps[-1][2] == after


def test_a_folder_of_a_living_owner_is_not_cleared_up(tmp_path: Path) -> None:
    with owned_folder(tmp_path, "甲-") as mine:
        assert list(abandoned(tmp_path, "甲-")) == []
        assert mine.is_dir()


@pytest.mark.parametrize(
    "marker", [None, "", "[]", "{}", '{"tool": "别的", "note": {}}', '{"tool": "sjs-forms"}']
)
def test_a_folder_that_only_has_such_a_name_is_nobodys_to_remove(
    tmp_path: Path, marker: str | None
) -> None:
    theirs = tmp_path / ".sjs-forms-abcdefgh"
    theirs.mkdir()
    (theirs / "owner.lock").touch()
    (theirs / "论文.docx").touch()
    if marker is not None:
        (theirs / "owner.json").write_text(marker, encoding="utf-8")
    assert recover(tmp_path / "成册") == ()
    assert (theirs / "论文.docx").exists()


def test_an_empty_folder_of_a_killed_run_goes_after_a_while(tmp_path: Path) -> None:
    """Killed after it removed its marker, or before it wrote it."""
    fresh, stale = tmp_path / ".sjs-forms-aaaaaaaa", tmp_path / ".sjs-forms-bbbbbbbb"
    fresh.mkdir()
    stale.mkdir()
    os.utime(stale, (1, 1))
    assert recover(tmp_path / "成册") == ()
    assert fresh.is_dir() and not stale.exists()
