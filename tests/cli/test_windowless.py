"""Started from an icon, without a console: a log file, and errors in a message box."""

import sys
from pathlib import Path

import pytest

from sjs_forms.__main__ import main
from sjs_forms.base.findings.remedies import PlainAction
from sjs_forms.cli import windowless
from sjs_forms.cli.standard_streams import steady_streams
from sjs_forms.cli.windowless import has_no_console, log_file


def test_only_windows_without_streams_has_no_console() -> None:
    assert has_no_console("win32", None)
    assert not has_no_console("win32", sys.stderr)
    assert not has_no_console("linux", None)


def test_the_log_is_in_the_users_cache_and_does_not_grow_for_ever(tmp_path: Path) -> None:
    file = log_file(lambda: tmp_path / "sjs-forms" / "intake")
    assert file == tmp_path / "sjs-forms" / "sjs-forms.log"
    file.write_bytes(bytes(10))
    assert log_file(lambda: tmp_path / "sjs-forms" / "intake") == file
    assert file.stat().st_size == 10
    file.write_bytes(bytes(1_000_001))
    log_file(lambda: tmp_path / "sjs-forms" / "intake")
    assert file.stat().st_size == 0


def test_without_a_cache_folder_it_goes_on_without_a_log(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert log_file(lambda: tmp_path / "file" / "x" / "intake") is None


def test_streams_that_are_not_there_are_written_to_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "sjs-forms.log"
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    steady_streams(log)
    print("一")
    print("二", file=sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        stream.close()
    assert log.read_text(encoding="utf-8") == "一\n二\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [(["web", "没有这个文件夹"], "没有这个文件夹"), (["web", "--port", "x"], "--port")],
)
def test_an_error_is_shown_in_a_box_with_what_to_do_and_where_the_log_is(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    log = tmp_path / "sjs-forms.log"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(windowless, "has_no_console", lambda **_: True)
    monkeypatch.setattr(windowless, "log_file", lambda: log)
    monkeypatch.setattr(windowless, "show_message", shown.append)
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    monkeypatch.setattr(windowless, "current_log", None)
    with pytest.raises(SystemExit) as ended:
        main(words)
    for stream in (sys.stdout, sys.stderr):
        stream.close()
    assert ended.value.code == 2
    assert len(shown) == 1 and told in shown[0] and str(log) in shown[0]
    assert told in log.read_text(encoding="utf-8")


def test_a_message_box_names_no_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(windowless, "current_log", tmp_path / "sjs-forms.log")
    shown: list[str] = []
    windowless.tell("没有找到申报数据。", PlainAction.CHOOSE_APPLICATION, shown.append)
    windowless.tell("打不开。", "请关闭 WPS。", shown.append)
    assert "sjs-forms new" not in shown[0] and "双击" in shown[0]
    assert "请关闭 WPS。" in shown[1]
