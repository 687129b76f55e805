"""--verbose shows what went wrong and was survived; without it nothing is said of that."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from sjs_forms.base.log_lines import LOGGER
from sjs_forms.cli.commands import main
from sjs_forms.jobs import pipeline
from tests.cli.test_commands import COMMANDS, ESCAPES, Ended, run, steering
from tests.counting import HANGS
from tests.samples import minimal_answers, put, write_application

pytestmark = [pytest.mark.opens, pytest.mark.processors(2)]

STUMBLES = (
    "import sys\n"
    "from sjs_forms.intake import worker\n"
    "from sjs_forms.intake.clean import repair\n"
    "def stumble(*_): raise ZeroDivisionError('of ours')\n"
    "repair.take_in_pdf = stumble\n"
    "worker.run(int(sys.argv[1]))\n"
)
"""A worker in which the code of this package fails."""

STARTS_IT = (
    "import subprocess, sys\n"
    "script = sys.argv.pop(1)\n"
    "class Popen(subprocess.Popen):\n"
    "    def __init__(self, command, **how):\n"
    "        if any('sjs_forms.intake.worker' in part for part in command):\n"
    "            command = [sys.executable, script, command[-1]]\n"
    "        super().__init__(command, **how)\n"
    "subprocess.Popen = Popen\n"
    "from sjs_forms.cli.commands import main\n"
    "main()\n"
)


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A log that is shown stays shown until its process ends, which is this one."""
    logger = logging.getLogger(LOGGER)
    before = logger.level, logger.handlers[:]
    yield
    logger.handlers[:] = before[1]
    logger.setLevel(before[0])


def logged(ended: Ended) -> list[str]:
    """The lines that begin a record, before the message to the user."""
    levels = ("DEBUG ", "INFO ", "WARNING ", "ERROR ")
    return [line for line in ended.err.partition("【")[0].splitlines() if line.startswith(levels)]


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_every_command_knows_it(name: str | None) -> None:
    context = click.Context(main)
    command = main if name is None else main.get_command(context, name)
    assert command is not None
    options = {word for param in command.params for word in param.opts}
    assert {"-v", "--verbose"} <= options


def failing(problem: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise problem

    monkeypatch.setattr(pipeline, "check", fail)


@pytest.mark.parametrize("words", [("-v", "check", "x"), ("check", "x", "--verbose")])
def test_a_fault_of_ours_is_shown_with_its_traceback(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(ZeroDivisionError("x"), monkeypatch)
    ended = run(*words)
    assert ended.code == 70
    (record,) = logged(ended)
    assert record.startswith("ERROR sjs_forms.base.system_errors: ")
    assert ", in fail\n" in ended.err and "    ZeroDivisionError: x\n" in ended.err
    assert "【错误】内部错误" in ended.err


def test_without_it_nothing_is_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(ZeroDivisionError("x"), monkeypatch)
    ended = run("check", "x")
    assert logged(ended) == [] and "Traceback" not in ended.err and ", in fail" not in ended.err


def test_the_log_neither_steers_the_terminal_nor_forges_a_record(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing(RuntimeError(f"{ESCAPES}\nERROR sjs_forms.x: forged"), monkeypatch)
    ended = run("check", "x", "-v")
    assert steering(ended.err) == []
    assert len(logged(ended)) == 1


def test_json_on_stdout_stays_json(tmp_path: Path) -> None:
    place = write_application(tmp_path / "单位", minimal_answers())
    ended = run("check", place, "--json", "-v")
    assert set(json.loads(ended.out)) == {"ok", "findings"}


def test_no_answer_is_in_the_log(tmp_path: Path) -> None:
    answers = put(minimal_answers(), "platform.total_area_sqm", "秘密的面积")
    place = write_application(tmp_path / "单位", answers)
    ended = run("check", place, "-v")
    assert not [line for line in logged(ended) if "秘密" in line]


def check(
    place: Path, tmp_path: Path, *words: str, code: str = STUMBLES
) -> "subprocess.CompletedProcess[bytes]":
    """`check` as a process, whose workers run `code`."""
    script = tmp_path / "worker.py"
    script.write_text(code, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-c", STARTS_IT, str(script), "check", str(place), *words],
        capture_output=True,
        timeout=HANGS,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_a_traceback_of_ours_in_a_worker_is_shown_and_never_told_as_damage(
    minimal: Path, tmp_path: Path
) -> None:
    ended = check(minimal, tmp_path, "--json", "-v")
    said = ended.stderr.decode()
    assert "ERROR sjs_forms.intake.worker: " in said
    assert "    ZeroDivisionError: of ours" in said and "in stumble" in said
    errors = [f for f in json.loads(ended.stdout)["findings"] if f["severity"] == "error"]
    assert {found["code"] for found in errors} == {"fault-attachment"}
    assert "损坏" not in ended.stdout.decode() and "秘密" not in said
    again = check(minimal, tmp_path, "--json", code=STUMBLES.replace("repair.take", "repair._"))
    assert json.loads(again.stdout)["ok"], "it was remembered"
    assert again.stderr == b""


def test_a_worker_that_cannot_begin_is_shown_and_never_told_as_damage(
    minimal: Path, tmp_path: Path
) -> None:
    ended = check(minimal, tmp_path, "--json", "-v", code="import nothing_of_that_name")
    assert "ModuleNotFoundError: No module named 'nothing_of_that_name'" in ended.stderr.decode()
    errors = [f for f in json.loads(ended.stdout)["findings"] if f["severity"] == "error"]
    assert {found["code"] for found in errors} == {"machine-unstarted"}


def test_a_worker_of_a_batch_is_heard(tmp_path: Path) -> None:
    source = tmp_path / "各单位"
    place = write_application(source / "甲", put(minimal_answers(), "contact.name", None))
    (place / "attachments/2-场地租赁合同").mkdir(parents=True, exist_ok=True)
    (place / "attachments/2-场地租赁合同/合同.pdf").write_bytes(b"%PDF-1.7 rubbish")
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "sjs_forms", "batch", str(source), "-o", str(tmp_path / "出")),
            *("-j", "1", "-v"),
        ],
        capture_output=True,
        timeout=HANGS,
        cwd=Path(__file__).parents[2],
    )
    said = ended.stderr.decode()
    assert "INFO sjs_forms.intake.clean.repair: qpdf cannot make it out" in said
    assert "INFO sjs_forms.intake.attachment_opening: attachments" in said
