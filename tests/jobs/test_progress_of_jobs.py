"""What a face is told while a job runs: every stage from the first moment, counts within it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from sjs_forms.base.progress import Progress, Stage, Step
from sjs_forms.jobs import pipeline
from sjs_forms.jobs.options import Options
from tests.samples import FIXTURES, MINIMAL

pytestmark = pytest.mark.processors(2)

ROOT = FIXTURES.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Step], int]:
    """The steps of a build, and how many sides its volume has."""
    told: list[Step] = []
    out = tmp_path_factory.mktemp("built") / "out"
    options = Options(cache=False, split_colour=True)
    made = pipeline.build(MINIMAL, out, options, Progress(told.append))
    return told, len(made.plan.sides)


def test_a_build_names_its_stages_in_order_from_the_first_moment(
    built: tuple[list[Step], int],
) -> None:
    stages = list(dict.fromkeys(step.stage for step in built[0]))
    assert stages == [
        Stage.READING,
        Stage.OPENING,
        Stage.TYPESETTING,
        Stage.PACKING,
        Stage.ASSEMBLING,
        Stage.VERIFYING,
        Stage.COPYING,
        Stage.PUBLISHING,
        Stage.DONE,
    ]


@pytest.mark.parametrize("stage", [Stage.ASSEMBLING, Stage.VERIFYING])
def test_sides_are_counted_one_by_one_within_a_volume(
    built: tuple[list[Step], int], stage: Stage
) -> None:
    told, sides = built
    assert [step for step in told if step.stage == stage] == [
        Step(stage, done, sides) for done in range(sides + 1)
    ]


def test_attachments_and_materials_are_counted(built: tuple[list[Step], int]) -> None:
    told, _ = built
    opened = [(step.done, step.total) for step in told if step.stage == Stage.OPENING]
    assert opened == [(done, 7) for done in range(8)]
    packed = [(step.done, step.total) for step in told if step.stage == Stage.PACKING]
    assert packed[-1] == (7, 7)


def test_every_count_only_goes_up_to_its_total(built: tuple[list[Step], int]) -> None:
    for (stage, total), steps in groupby(built[0], lambda step: (step.stage, step.total)):
        done = [step.done for step in steps]
        assert done == sorted(done) and done[-1] <= total, stage


def test_check_plan_and_fill_tell_that_they_begin(minimal: Path, tmp_path: Path) -> None:
    for act in (
        lambda progress: pipeline.check(minimal, progress=progress),
        lambda progress: pipeline.plan(minimal, progress=progress),
        lambda progress: pipeline.fill(minimal, tmp_path / "out", progress),
    ):
        told: list[Step] = []
        act(Progress(told.append))
        assert told[0] == Step(Stage.READING, 0, 1)


def _on_a_terminal(*words: object) -> str:
    """What a command shows on a terminal."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sjs_forms", *map(str, words)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b"".join(_until_it_ends(ours))
    assert process.wait() == 0
    return shown.decode()


def _until_it_ends(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(terminal, 1 << 16)
        except OSError:  # nobody holds the other end any more
            data = b""
        if not data:
            os.close(terminal)
            return
        yield data


@pytest.mark.skipif(sys.platform == "win32", reason="terminals as POSIX has them")
def test_a_terminal_shows_the_stages_in_chinese_and_clears_the_line(tmp_path: Path) -> None:
    shown = _on_a_terminal("build", MINIMAL, "-o", tmp_path / "out")
    for words in ("启动 …", "读取申报 …", "读取附件 7/7 …", "装订 ", "校验 ", "完成 …"):
        assert words in shown, words
    assert shown.index("启动") < shown.index("读取申报") < shown.index("读取附件")
    assert "assembling" not in shown
