"""Ctrl-C and SIGTERM at every stage of a real command: it ends, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.samples import FIXTURES, MINIMAL

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc"),
    pytest.mark.processors(2),
]

ROOT = FIXTURES.parent
MARK = "SJS_TEST_COMMAND"

AT_A_CALL = (
    "import os, pkgutil, signal\n"
    "owner = pkgutil.resolve_name({owner!r})\n"
    "real = getattr(owner, {name!r})\n"
    "def stopping(*given, **named):\n"
    "    if not stopped:\n"
    "        stopped.append(1)\n"
    "        os.kill(os.getpid(), signal.{sent})\n"
    "    return real(*given, **named)\n"
    "stopped = []\n"
    "setattr(owner, {name!r}, stopping)\n"
)
"""Has the command be told to stop when it calls a function for the first time."""

STUCK = (
    "import os, pkgutil, signal, subprocess\n"
    "from sjs_forms.portal import packing_process\n"
    "packing_process.WORTH_IT, packing_process.processors = 0, lambda: 2\n"
    "module = pkgutil.resolve_name({owner!r})\n"
    "module.START = 'import time; time.sleep(3600)  # stuck'\n"
    "class Noting(subprocess.Popen):\n"
    "    def __init__(self, command, **how):\n"
    "        super().__init__(command, **how)\n"
    "        if any('# stuck' in part for part in command):\n"
    "            os.kill(os.getpid(), signal.SIGTERM)\n"
    "subprocess.Popen = Noting\n"
)
"""Has a process of the command never come to an end, and the command told to stop once it began."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: its exit code and what it said."""

    code: int
    said: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a test's commands leave things, if they do."""

    folder: Path

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def out(self) -> Path:
        """In folders that are not there yet."""
        return self.folder / "新的" / "更深的" / "成册"

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONPATH": str(ROOT),
            MARK: str(self.folder),
        }

    def run(self, before: str, *words: object) -> Ended:
        """Run a command in a process of its own, once `before` has been run there."""
        code = f"{before}from sjs_forms.cli.commands import main\nmain(prog_name='sjs-forms')"
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, words)],
            env=self.environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=300,
        )
        return Ended(done.returncode, done.stderr.decode())

    def left(self) -> list[str]:
        """Processes, temporary folders and unfinished output that a command left."""
        unfinished = [
            *self.temporary.iterdir(),
            *self.folder.rglob(".sjs-forms-*"),
            *self.folder.glob("cache/sjs-forms/intake/*-*"),
            *self.folder.glob("cache/sjs-forms/intake/??/new-*"),
        ]
        return [str(path) for path in unfinished] + self.processes()

    def processes(self) -> list[str]:
        """Command lines of what the commands started and still lives."""
        found, mark = [], f"{MARK}={self.folder}".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal() or int(entry.name) == os.getpid():
                continue
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((entry / "cmdline").read_bytes().decode()[:200])
            except OSError:  # it has ended
                continue
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "tmp").mkdir()
    return Place(tmp_path)


def at(function: str, sent: str = "SIGTERM") -> str:
    owner, _, name = function.rpartition(".")
    return AT_A_CALL.format(owner=owner, name=name, sent=sent)


def wait_for(happened: Callable[[], object]) -> None:
    ends = time.monotonic() + 240
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.01)


STAGES = {
    "starting": "sjs_forms.base.output.output_folder.recover",
    "reading": "sjs_forms.jobs.pipeline.read_folder",
    "opening": "sjs_forms.intake.process.worker_process.WorkerProcess._send",
    "typesetting": "sjs_forms.volume.layout.start_volumes",
    "packing": "sjs_forms.portal.zip_writing._Packer.pack",
    "assembling": "sjs_forms.volume.assemble._Assembly.add",
    "verifying": "sjs_forms.volume.verify._verify_side",
    "print pages": "sjs_forms.printing.wrap_and_job_sheet.PrintPages.order_job_sheet",
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("sent", ["SIGTERM", "SIGINT"])
def test_a_build_told_to_stop_leaves_nothing(
    place: Place, stage: str, sent: str, opened: Path
) -> None:
    if stage != "opening":  # else the build gets to its stage sooner
        shutil.copytree(opened, place.folder / "cache", copy_function=os.link)
    ended = place.run(at(STAGES[stage], sent), "build", MINIMAL, "-o", place.out)
    assert ended.code == 130, ended.said
    assert "已中断" in ended.said and "Traceback" not in ended.said
    assert place.left() == []
    assert not (place.folder / "新的").exists()


@pytest.mark.parametrize(
    "module",
    [
        "sjs_forms.intake.process.worker_process",
        "sjs_forms.typesetting.typesetting_process",
        "sjs_forms.portal.packing_process",
    ],
)
def test_a_build_that_waits_for_a_process_for_ever_stops_all_the_same(
    place: Place, module: str
) -> None:
    """With two processors, whatever this machine has; so the processes are there."""
    two = f"import os; os.environ['SJS_FORMS_PROCESSORS'] = '2'\n{STUCK.format(owner=module)}"
    ended = place.run(two, "build", MINIMAL, "-o", place.out, "--no-cache")
    assert ended.code == 130 and "已中断" in ended.said
    assert place.left() == []
    assert not (place.folder / "新的").exists()


def test_no_more_sides_are_put_in_than_the_one_at_hand(place: Place) -> None:
    """The request is obeyed at the next look, which is at every side."""
    count = (
        "import atexit\n"
        "from sjs_forms.volume.assemble import _Assembly\n"
        "added, add = [], _Assembly.add\n"
        "_Assembly.add = lambda bench, side: (added.append(side), add(bench, side))[1]\n"
        "atexit.register(lambda: print(len(added), file=__import__('sys').stderr))\n"
    )
    before = count + at("sjs_forms.volume.assemble._Assembly.add")
    ended = place.run(before, "build", MINIMAL, "-o", place.out)
    assert ended.code == 130 and ended.said.split()[-1] == "1"


def test_what_is_being_put_into_place_is_finished(place: Place) -> None:
    """Half of it is what nobody wants; nothing else is left behind."""
    before = at("sjs_forms.base.output.output_folder._flush_all")
    ended = place.run(before, "build", MINIMAL, "-o", place.out)
    assert ended.code == 0, ended.said
    assert (place.out / "manifest.json").is_file()
    assert place.left() == []


@pytest.mark.parametrize(
    ("words", "function"),
    [
        (["check"], "sjs_forms.intake.process.worker_process.WorkerProcess._send"),
        (["plan"], "sjs_forms.volume.layout.start_forms"),
        (["fill", "-o", "成册/里面"], "sjs_forms.typesetting.html_pages.paint"),
    ],
)
def test_other_commands_told_to_stop_leave_nothing(
    place: Place, words: list[str], function: str
) -> None:
    command, *options = words
    ended = place.run(at(function), command, MINIMAL, *options)
    assert ended.code == 130 and "已中断" in ended.said
    assert place.left() == []
    assert not (place.folder / "成册").exists()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_batch_told_to_stop_leaves_no_work_behind(place: Place, sent: signal.Signals) -> None:
    """Neither its own nor that of the processes that it started."""
    for number in range(3):
        shutil.copytree(MINIMAL, place.folder / "来源" / f"{number}")
    out = place.folder / "成册"
    command = ["batch", str(place.folder / "来源"), "-o", str(out), "-j", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sjs_forms", *command],
        cwd=ROOT,
        env=place.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_for(lambda: list(out.glob(".sjs-forms-*/owner.json")) or process.poll() is not None)
    process.send_signal(sent)
    said = process.communicate(timeout=240)[1].decode()
    assert process.returncode == 130, said
    assert "已中断" in said and "Traceback" not in said
    wait_for(lambda: not place.processes())  # the one that starts the others ends after the command
    assert place.left() == []
