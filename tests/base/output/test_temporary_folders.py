"""Nothing of an applicant stays in the temporary folder after the command that follows a kill."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sjs_forms.base.output.temporary_folders import PREFIX, sweep, temporary_folder
from sjs_forms.base.output.work_folders import owned_folder
from tests.samples import MINIMAL

ROOT = Path(__file__).parents[3]
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL"),
    pytest.mark.above_intake,
    pytest.mark.processors(2),
]

KILLED = (
    "import os, pkgutil, signal, sys\n"
    "def end(*_, **__): os.kill(os.getpid(), signal.SIGKILL)\n"
    "setattr(pkgutil.resolve_name({owner!r}), {name!r}, end)\n"
    "from sjs_forms.cli.commands import main\n"
    "sys.argv[0] = 'sjs-forms'\n"
    "main()\n"
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of all commands."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def run(*words: object, code: str = "from sjs_forms.cli.commands import main; main()") -> int:
    """Run a command in a process of its own; what it left."""
    process = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )
    return process.returncode


def left(place: Path) -> list[str]:
    """What lies in the temporary folder; the socket of a fork server is no applicant's."""
    return [path.name for path in place.iterdir() if not path.name.startswith("pymp-")]


@pytest.mark.parametrize(
    "step",
    [
        "sjs_forms.intake.attachment_opening.Opening.sources",
        "sjs_forms.volume.layout.start_forms",
        "sjs_forms.volume.assemble.assemble",
        "sjs_forms.volume.verify.verify_volume",
        "sjs_forms.base.output.output_folder.swap_folder",
    ],
)
@pytest.mark.parametrize("cache", ["", "--no-cache"])
def test_a_build_killed_at_any_stage_leaves_nothing_beyond_the_next_command(
    place: Path, tmp_path: Path, step: str, cache: str
) -> None:
    owner, _, name = step.rpartition(".")
    words = ["build", MINIMAL, "-o", tmp_path / "out", *([cache] if cache else [])]
    code = KILLED.format(owner=owner, name=name)
    assert run(*words, code=code) == -signal.SIGKILL
    assert left(place), "the test was to kill it at work"
    assert run("schema") == 0
    assert left(place) == []


def test_fonts_of_a_killed_process_that_set_pages_itself_go_with_the_next_command(
    place: Path, tmp_path: Path
) -> None:
    """WeasyPrint copies the fonts, 16 MB."""
    code = KILLED.format(owner="sjs_forms.base.output.output_folder", name="move_all")
    assert run("fill", MINIMAL, "-o", tmp_path / "out", code=code) == -signal.SIGKILL
    assert left(place), "the test was to kill it at work"
    assert run("schema") == 0
    assert left(place) == []


def test_a_batch_killed_at_work_leaves_nothing_beyond_the_next_command(
    place: Path, tmp_path: Path
) -> None:
    source = tmp_path / "来源"
    for name in "甲乙丙":
        shutil.copytree(MINIMAL, source / name)
    process = subprocess.Popen(
        [sys.executable, "-m", "sjs_forms", "batch", str(source), "-o", str(tmp_path / "out")],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not list(place.glob(f"{PREFIX}*/{PREFIX}*")):
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert left(place)
    assert run("schema") == 0
    assert left(place) == []


def test_only_what_nobody_holds_is_swept(place: Path) -> None:
    with temporary_folder() as mine, owned_folder(place, PREFIX) as other:
        (mine / "x").touch()
        sweep()
        assert (mine / "x").exists() and other.is_dir()


def test_what_only_bears_such_a_name_is_nobodys_to_remove(place: Path, tmp_path: Path) -> None:
    theirs = place / f"{PREFIX}笔记"
    theirs.mkdir()
    (theirs / "论文.docx").touch()
    (place / f"{PREFIX}file").touch()
    (place / f"{PREFIX}link").symlink_to(tmp_path)
    before = sorted(path for path in tmp_path.rglob("*"))
    sweep()
    assert sorted(path for path in tmp_path.rglob("*")) == before


def test_a_folder_of_another_user_is_not_looked_into(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a shared temporary folder he could put a link in its place meanwhile."""
    with owned_folder(place, PREFIX, still_needed=lambda _: True) as abandoned:
        pass
    user = os.geteuid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: user + 1)
        sweep()
    assert abandoned.is_dir()
    sweep()
    assert not abandoned.exists()


def test_a_folder_whose_process_died_before_it_named_itself_goes_after_a_while(
    place: Path,
) -> None:
    fresh, stale = place / f"{PREFIX}fresh", place / f"{PREFIX}stale"
    fresh.mkdir()
    stale.mkdir()
    os.utime(stale, (0, 0))
    sweep()
    assert fresh.is_dir() and not stale.exists()


def test_no_temporary_folder_at_all_is_no_reason_to_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    sweep()
