"""What a child process logs is in the log of its parent, whatever else the child does."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel

from sjs_forms.base.log_lines import (
    LOGGER,
    LONGEST,
    SILENT,
    exception_text,
    log_line,
    record_text,
    to_line,
)
from sjs_forms.base.processes import child_logs
from sjs_forms.base.processes.child_logs import FolderRelay, Relay, log_lines
from sjs_forms.base.processes.isolated_python import python_command
from tests.counting import HANGS

STRAY = "sjs_forms.somebody"
ENTRY = (
    "import logging, os; from sjs_forms.base.processes.child_logs import log_to_stderr; "
    "log_to_stderr(int(sys.argv[1])); log = logging.getLogger('sjs_forms.child'); "
)


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> None:
    """All records are kept."""
    caplog.set_level(logging.DEBUG, LOGGER)


def child(code: str) -> None:
    """Run a child that logs, to its end."""
    with Relay(STRAY) as relay:
        process = subprocess.Popen(
            [*python_command(ENTRY + code), str(logging.DEBUG)], stderr=relay.stderr
        )
    process.wait()
    relay.end()


def said(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int, str]]:
    return caplog.record_tuples


def test_a_record_of_a_child_has_its_logger_level_and_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    child("log.warning('%s 打不开', '合同.pdf')")
    assert said(caplog) == [("sjs_forms.child", logging.WARNING, "合同.pdf 打不开")]


def test_a_traceback_of_a_child_names_file_and_line(caplog: pytest.LogCaptureFixture) -> None:
    child("\ntry: json\nexcept NameError: log.exception('failed')")
    ((name, level, text),) = said(caplog)
    assert (name, level) == ("sjs_forms.child", logging.ERROR)
    assert text.startswith("failed\n") and 'File "<string>", line 2' in text
    assert text.endswith("NameError: name 'json' is not defined")


def test_the_last_words_of_a_child_that_cannot_start_are_logged_as_they_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    child("import nothing_of_that_name")
    assert {name for name, _, _ in said(caplog)} == {STRAY}
    assert "nothing_of_that_name" in said(caplog)[-1][2]


def test_a_child_that_writes_without_end_neither_waits_nor_fills_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_logs, "MAX", 50_000)
    child("[os.write(2, b'x' * 999 + b'\\n') for _ in range(3000)]")
    assert 40 <= len(said(caplog)) <= 50


def test_where_nothing_is_logged_a_child_writes_nowhere() -> None:
    logging.getLogger(LOGGER).setLevel(SILENT)
    with Relay(STRAY) as relay:
        assert relay.stderr == subprocess.DEVNULL
    relay.end()


def test_where_no_thread_can_be_had_a_child_writes_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", none)
    with Relay(STRAY) as relay:
        assert relay.stderr == subprocess.DEVNULL


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[1, 2]",
        b'{"log": "x"}',
        json.dumps({"log": ["root", 50, "x"]}).encode(),
        json.dumps({"log": ["sjs_forms_x", 50, "x"]}).encode(),
        json.dumps({"log": ["sjs_forms.\n", 50, "x"]}).encode(),
        json.dumps({"log": [f"{LOGGER}.x", "high", "x"]}).encode(),
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_line_that_is_no_record_of_ours_is_logged_as_what_it_is(
    line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A child may have been taken over by the file that it read."""
    log_line(line, STRAY)
    ((name, level, text),) = said(caplog)
    assert (name, level) == (STRAY, logging.INFO)
    assert text == line.decode(errors="replace")[:LONGEST]


def test_a_record_that_is_long_still_crosses_on_one_line(caplog: pytest.LogCaptureFixture) -> None:
    record = logging.makeLogRecord(
        {"name": f"{LOGGER}.x", "levelno": 20, "msg": "𠮷" * 2 * LONGEST}
    )
    line = to_line(record)
    assert len(line) <= child_logs.LONGEST_LINE
    log_line(line, STRAY)
    assert said(caplog) == [(f"{LOGGER}.x", logging.INFO, "𠮷" * LONGEST)]


class Answers(BaseModel):
    """A model that refuses what is no number."""

    area: int


def _refused(value: str) -> Exception:
    try:
        Answers(area=value)  # type: ignore[arg-type]
    except ValueError as problem:
        try:
            raise RuntimeError(f"the form cannot be filled: {problem}") from problem
        except RuntimeError as outer:
            return outer
    raise AssertionError


def test_a_log_quotes_no_answer_that_was_refused() -> None:
    shown = exception_text(_refused("秘密"))
    assert "秘密" not in shown
    assert "RuntimeError: the form cannot be filled: …\n" in shown
    assert "\nraised from:\n" in shown and shown.rstrip().endswith("ValidationError")


def test_what_a_file_is_to_blame_for_takes_a_line_for_each_exception() -> None:
    problem = _refused("秘密")
    info = (type(problem), problem, None)
    record = logging.makeLogRecord({"msg": "m", "levelno": logging.INFO, "exc_info": info})
    lines = record_text(record).splitlines()
    assert lines[0] == "m" and len(lines) == 3
    assert lines[1].startswith("RuntimeError: the form cannot be filled: … (test_child_logs.py:")
    assert lines[2].startswith("ValidationError (main.py:")


def test_an_exception_that_is_its_own_cause_is_shown_once() -> None:
    problem = RuntimeError("x")
    problem.__cause__ = RuntimeError("y")
    problem.__cause__.__cause__ = problem
    info = (RuntimeError, problem, None)
    record = logging.makeLogRecord({"msg": "m", "levelno": logging.ERROR, "exc_info": info})
    assert record_text(record) == "m\nRuntimeError: x\nraised from:\nRuntimeError: y"


def pooled(folder: Path, level: int) -> None:
    """A process of a pool, which logs to its file."""
    code = (
        "import logging; from pathlib import Path; "
        "from sjs_forms.base.processes.child_logs import log_to_folder; "
        "log_to_folder(Path(sys.argv[1]), int(sys.argv[2])); "
        "logging.getLogger('sjs_forms.x').error('one')"
    )
    subprocess.run([*python_command(code), str(folder), str(level)], check=True)


def test_processes_of_a_pool_log_to_files_which_are_read_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    relay = FolderRelay(tmp_path, STRAY)
    pooled(tmp_path, logging.INFO)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + b'{"log": ["sjs_forms.y", 40')
    relay.read()
    relay.read()
    file.write_bytes(file.read_bytes() + b', "two"]}\n')
    relay.read()
    assert said(caplog) == [
        ("sjs_forms.x", logging.ERROR, "one"),
        ("sjs_forms.y", logging.ERROR, "two"),
    ]


def test_a_pool_that_logs_nothing_writes_no_file(tmp_path: Path) -> None:
    pooled(tmp_path, SILENT)
    pooled(tmp_path / "没有这个文件夹", logging.INFO)
    assert list(tmp_path.iterdir()) == []


def test_a_task_on_another_machine_brings_its_log_along() -> None:
    logger = logging.getLogger(LOGGER)
    before = logger.level, logger.handlers[:]
    with log_lines(logging.WARNING) as lines:
        logging.getLogger(f"{LOGGER}.x").warning("one")
        logging.getLogger(f"{LOGGER}.x").info("two")
    assert [json.loads(line)["log"][2] for line in lines] == ["one"]
    assert (logger.level, logger.handlers[:]) == before


def test_this_process_is_not_held_up_by_its_children() -> None:
    """A relay's thread ends with the program, though a child lives on."""
    code = (
        "import logging, subprocess; from sjs_forms.base.processes.child_logs import Relay\n"
        "logging.getLogger('sjs_forms').setLevel(10)\n"
        "with Relay('sjs_forms.x') as relay:\n"
        "    child = subprocess.Popen(['sleep', '600'], stdout=-3, stderr=relay.stderr)\n"
        "print(child.pid)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, timeout=HANGS, check=True
    )
    subprocess.run(["kill", done.stdout.decode().strip()], check=True)
