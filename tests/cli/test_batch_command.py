"""`batch` as a user meets it: what it prints, where, and how it ends."""

import json
from pathlib import Path

import pytest

from sjs_forms.batch.outputs.report import Verdict
from sjs_forms.cli.batch_terminal import Pace
from tests.batches import Desk, folder_of_applications
from tests.cli.test_commands import ESCAPES, Ended, run
from tests.samples import Answers, minimal_answers, write_application


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds take no time."""
    monkeypatch.setattr("sjs_forms.batch.batch_run.LocalExecutor", lambda _processes: Desk())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return folder_of_applications(tmp_path / "各单位", 2)


def batch(source: Path, *more: str) -> Ended:
    return run("batch", source, "-o", source.parent / "成册", *more)


def spoil(source: Path) -> None:
    (source / "单位2/application.json").write_text("{", encoding="utf-8")


def test_a_batch_that_went_well_ends_with_0_and_names_its_reports(source: Path) -> None:
    ended = batch(source)
    assert ended.code == 0
    assert [Path(line).name for line in ended.out.splitlines()] == ["report.csv", "report.json"]
    assert "共 2 份：已生成 2，未变动 0，未生成 0" in ended.err


def test_a_batch_with_failures_ends_with_7_and_says_what_failed_and_why(source: Path) -> None:
    spoil(source)
    ended = batch(source)
    assert ended.code == 7
    assert "未生成的申报" in ended.err
    assert "单位2" in ended.err
    assert "引号没有成对" in ended.err or "写法有误" in ended.err


def test_a_log_has_a_plain_line_a_row(source: Path) -> None:
    spoil(source)
    lines = batch(source).err.splitlines()
    assert lines[0].startswith("[1/2] 已生成  001_样例单位1（10 面，")
    assert lines[1].startswith("[2/2] 未生成  002 单位2：")
    assert "\x1b" not in "".join(lines)


def test_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    answers: Answers = {**minimal_answers(), "applicant": {"name": ESCAPES}, "programme": "没有"}
    write_application(tmp_path / "各单位/1", answers)
    write_application(tmp_path / "各单位/[red]2", {"applicant": {"name": f"[blink]{ESCAPES}"}})
    ended = batch(tmp_path / "各单位")
    assert not set(ended.said) & set("\x1b\x07\x9b\u202e\x7f\x08")


def test_a_second_run_says_that_nothing_changed(source: Path) -> None:
    batch(source)
    assert "已生成 0，未变动 2" in batch(source).err
    assert "已生成 2，未变动 0" in batch(source, "--fresh").err


def test_folders_of_earlier_rows_are_named(source: Path) -> None:
    batch(source)
    (source / "单位2/application.json").unlink()
    (source / "单位2").rename(source.parent / "单位2")
    assert "“002_样例单位2”不属于这一批" in batch(source).err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["batch"], "缺少 来源"),
        (["batch", "没有"], "缺少 -o"),
        (["batch", "没有", "-o", "x"], "无法读取"),
        (["batch", "没有", "-o", "x", "-j", "0"], "1 至 256"),
        (["batch", "没有", "-o", "x", "-j", "两个"], "1 至 256"),
        (["batch", "没有", "-o", "x", "-j", "2", "--scheduler", "tcp://h:1"], "不能一起用"),
        (["batch", "没有", "-o", "x", "--scheduler", "tcp://h:1"], "没有加密"),
        (["batch", "没有", "-o", "x", "--scheduler", "h:1", "--tls-ca", "ca.pem"], "三个文件"),
        (["batch", "没有", "-o", "x", "--tls-ca", "ca.pem"], "只与 --scheduler 一起用"),
        (["batch", "没有", "-o", "x", "--insecure"], "只与 --scheduler 一起用"),
    ],
)
def test_misuse_is_told_in_chinese_and_ends_with_2(arguments: list[str], says: str) -> None:
    ended = run(*arguments)
    assert (ended.code, says in ended.err) == (2, True)


def test_a_single_application_is_sent_to_build(source: Path) -> None:
    ended = batch(source / "单位1")
    assert ended.code == 2
    assert "sjs-forms build" in ended.err


def test_an_output_that_cannot_be_written_ends_with_6(source: Path) -> None:
    (source.parent / "成册").write_text("x", encoding="utf-8")
    assert batch(source).code == 6


def test_a_list_of_applications_is_read_from_one_file(tmp_path: Path) -> None:
    (tmp_path / "名单.json").write_text(json.dumps([minimal_answers()]), encoding="utf-8")
    ended = batch(tmp_path / "名单.json")
    assert ended.code == 0
    assert (tmp_path / "成册/001_北京小满样例研究院有限公司").is_dir()


def test_the_pace_counts_only_what_was_worked_on() -> None:
    now = iter((0.0, 60.0, 60.0))
    pace = Pace(lambda: next(now))
    for status in ("unchanged", "unchanged", "built", "failed"):
        pace.count(Verdict(1, "单位", status, (), 1, 1, None))  # type: ignore[arg-type]
    assert pace.words(10) == "2.0 份/分，还需约 5 分 0 秒"
    assert pace.words(250) == "2.0 份/分，还需约 2 时 5 分"


def test_before_anything_is_done_no_pace_is_told() -> None:
    assert Pace(lambda: 5.0).words(3) == ""
