"""The commands as a user meets them: what they print, where, and how they end."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

import sjs_forms
from sjs_forms.__main__ import main
from sjs_forms.base.errors import ExitCode, MachineLacks
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.processes.work_bounds import SECONDS
from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.domain.answers.answer_schema import json_schema
from sjs_forms.jobs import pipeline
from tests.counting import HANGS
from tests.endless_notice import make_endless_notice, make_for_it
from tests.samples import (
    MATERIALS,
    REFUSED,
    SAMPLE,
    Answers,
    is_chinese_sentence,
    minimal_answers,
    put,
    resolves,
    sample_answers,
    steps_of,
    the_programme,
    without,
    write_application,
    write_pdf,
)

CASES = sorted(path.name for path in REFUSED.iterdir())
COMMANDS = [
    "batch",
    "build",
    "check",
    "diff",
    "doctor",
    "fill",
    "import",
    "new",
    "notice",
    "plan",
    "proof",
    "read",
    "schema",
    "stamped",
    "verify",
    "web",
]
HEAVY = "weasyprint pypdf pikepdf pypdfium2 docxtpl docx PIL img2pdf fontTools"
ESCAPES = "\x1b[31m红\x1b]0;题\x07\x9b31m\u202e反\x7f\x08"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


def run(*arguments: str | Path) -> Ended:
    """A command within this process."""
    words = [str(argument) for argument in arguments]
    result = CliRunner().invoke(main, words, prog_name="sjs-forms")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return Ended(result.exit_code, result.stdout, result.stderr)


def process(
    *arguments: str | Path, environment: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes]":
    """A command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sjs_forms", *map(str, arguments)],
        capture_output=True,
        check=False,
        timeout=HANGS,
        env={**os.environ, **(environment or {})},
    )


def findings_of(ended: Ended) -> list[dict[str, str]]:
    """The findings that `--json` printed."""
    answer = json.loads(ended.out)
    assert set(answer) == {"ok", "findings"}
    found: list[dict[str, str]] = answer["findings"]
    return found


def blocking(ended: Ended) -> list[str]:
    """The codes of the errors among them, each once."""
    return sorted({f["code"] for f in findings_of(ended) if f["severity"] == "error"})


def chinese(text: str) -> bool:
    """Whether there is Chinese in a text."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def steering(text: str) -> list[str]:
    """The characters in a text that a terminal would obey."""
    return [
        character
        for character in text
        if (ord(character) < 32 and character not in "\n\t")
        or 127 <= ord(character) < 160
        or "\u202a" <= character <= "\u202e"
        or "\u2066" <= character <= "\u2069"
    ]


# Applications that must be refused


def test_there_are_applications_to_refuse() -> None:
    assert len(CASES) >= 25


@pytest.mark.parametrize("case", CASES)
def test_a_refused_application_is_checked_with_the_expected_codes(case: str) -> None:
    expected = json.loads((REFUSED / case / "expected.json").read_text(encoding="utf-8"))
    ended = run("check", "--json", REFUSED / case)
    assert blocking(ended) == sorted(expected["codes"])
    assert ended.code == expected["exit"]
    assert json.loads(ended.out)["ok"] is False
    assert ended.err == ""


@pytest.mark.parametrize("case", CASES)
def test_a_refused_application_is_not_built_and_leaves_nothing(case: str, tmp_path: Path) -> None:
    expected = json.loads((REFUSED / case / "expected.json").read_text(encoding="utf-8"))
    ended = run("build", REFUSED / case, "-o", tmp_path / "成册")
    assert ended.code == expected["exit"]
    assert ended.out == ""
    assert "【错误】" in ended.err
    assert "处必须改正" in ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", CASES)
def test_findings_of_a_refused_application_have_the_shape_of_the_contract(case: str) -> None:
    try:
        answers = json.loads((REFUSED / case / "application.json").read_bytes())
    except ValueError:
        answers = None
    found = findings_of(run("check", "--json", REFUSED / case))
    assert found
    for finding in found:
        assert list(finding) == ["code", "severity", "where", "label", "message", "remedy"]
        assert finding["severity"] in ("error", "warning")
        assert finding["label"]
        assert is_chinese_sentence(finding["message"]), finding
        assert is_chinese_sentence(finding["remedy"]), finding
        assert resolves(finding["where"], answers, REFUSED / case), finding


def test_a_refusal_leaves_an_earlier_output_as_it_was(minimal: Path, tmp_path: Path) -> None:
    out = tmp_path / "成册"
    out.mkdir()
    (out / "装订版.pdf").write_text("旧", encoding="utf-8")
    entry = {"file": "装订版.pdf", "bytes": 3, "sha256": digest(out / "装订版.pdf")}
    manifest = {"tool": {"name": "sjs-forms"}, "files": [entry]}
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    write_application(minimal, put(minimal_answers(), "contact.email", "x"))
    assert run("build", minimal, "-o", out).code == 3
    assert (out / "装订版.pdf").read_text(encoding="utf-8") == "旧"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["成册", minimal.name]


@pytest.mark.parametrize("command", ["check", "plan", "fill", "build"])
def test_every_command_refuses_answers_that_cannot_be_read(command: str, tmp_path: Path) -> None:
    out = ["-o", str(tmp_path / "出")] if command in ("fill", "build") else []
    ended = run(command, REFUSED / "broken-json", *out)
    assert ended.code == 3
    assert "第 4 行" in ended.err
    assert not (tmp_path / "出").exists()


def test_one_file_listed_twice_is_refused_unless_both_name_their_pages(minimal: Path) -> None:
    write_pdf(minimal / "attachments/合订.pdf", pages=3, mark="合订")
    listed = [
        {"material": "evidence", "file": "attachments/合订.pdf", "title": "甲"},
        {"material": "lease", "file": "./attachments/合订.pdf", "title": "乙"},
        *(
            {"material": material, "file": path.relative_to(minimal).as_posix()}
            for material, folder in (("licence", "4-营业执照"), ("financials", "5-财务材料"))
            for path in (minimal / "attachments" / folder).iterdir()
        ),
        {"material": "bank-account", "file": "attachments/6-开户信息/基本存款账户信息.pdf"},
    ]
    answers = put(minimal_answers(), "attachments", listed)
    ended = run("check", "--json", write_application(minimal, answers))
    assert blocking(ended) == ["duplicate-attachment"]
    answers = put(put(answers, "attachments[0].pages", "1"), "attachments[1].pages", "2-3")
    ended = run("check", "--json", write_application(minimal, answers))
    assert blocking(ended) == []
    assert ended.code == 0


# check


def test_a_good_application_is_checked_with_warnings_only(minimal: Path) -> None:
    ended = run("check", minimal, "--json")
    assert ended.code == 0
    assert json.loads(ended.out)["ok"] is True
    assert {f["severity"] for f in findings_of(ended)} == {"warning"}
    by_file = run("check", minimal / "application.json", "--json")
    assert by_file.out == ended.out


def test_check_speaks_to_stderr_errors_first_with_a_remedy_each(minimal: Path) -> None:
    write_application(minimal, put(minimal_answers(), "contact.email", "x"))
    ended = run("check", minimal)
    assert ended.code == 3
    assert ended.out == ""
    lines = ended.err.splitlines()
    assert lines[0] == "【错误】“邮箱”x 不是有效的邮箱地址。"
    assert lines[1].strip().startswith("请核对")
    assert [line for line in lines if line.startswith("【提醒】")]
    assert lines[-1] == "共 1 处必须改正，4 处提醒。"


def test_unusable_attachments_alone_end_with_four_and_beside_other_faults_with_three(
    minimal: Path,
) -> None:
    answers = put(minimal_answers(), "attachments", [{"material": "lease", "file": "没有.pdf"}])
    assert run("check", write_application(minimal, answers)).code == 3
    shutil.copytree(REFUSED / "missing-file", minimal, dirs_exist_ok=True)
    assert run("check", minimal).code == 4


def test_a_file_name_that_is_no_utf8_is_a_finding(minimal: Path) -> None:
    folder = minimal / "attachments/3-证明材料"
    strange = Path(os.fsdecode(os.fsencode(folder) + b"/\xba\xba.pdf"))
    try:
        shutil.copy(folder / "认定文件.pdf", strange)
    except OSError:
        pytest.skip("this disk has no such names")
    (folder / "认定文件.pdf").unlink()
    ended = run("check", "--json", minimal)
    assert (ended.code, blocking(ended)) == (3, ["text-control-character"])
    assert run("check", minimal).code == 3


# Wrong usage


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "命令"),
        (["bogus"], "没有这个命令：bogus"),
        (["check"], "缺少 申报文件夹"),
        (["build", "x"], "缺少 -o/--output"),
        (["build", "x", "-o"], "-o"),
        (["fill", "x"], "缺少 -o/--output"),
        (["new"], "缺少 文件夹"),
        (["verify"], "缺少 成册文件夹"),
        (["check", "x", "--jsno"], "没有选项 --jsno。是否想写 --json？"),
        (["check", "--json=1", "x"], "--json"),
        (["check", "-x", "y"], "没有选项 -x"),
        (["--bogus"], "没有选项 --bogus"),
        (["check", "a", "b"], "多余的内容：b"),
        (["schema", "a", "b"], "多余的内容：a b"),
        (["check", "nowhere"], "没有找到申报数据"),
        (["plan", "nowhere"], "没有找到申报数据"),
        (["fill", "nowhere", "-o", "out"], "没有找到申报数据"),
        (["build", "nowhere", "-o", "out"], "没有找到申报数据"),
        (["verify", "nowhere"], "manifest.json"),
        (["verify", "."], "不是生成好的文件夹"),
        (["check", ""], ""),
        (["check", "字" * 300], ""),
        (["check", "a\x1b[31mb"], "没有找到申报数据"),
    ],
)
def test_wrong_usage_is_answered_in_chinese_with_two(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("【错误】")
    assert said in ended.err
    for english in ("Usage", "Error", "Missing", "Options", "Commands", "Try", "requires", "such"):
        assert english not in ended.err
    assert steering(ended.err) == []
    assert list(tmp_path.iterdir()) == []


def every_command(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """The words of a group and of every command below it."""
    yield [*before]
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, (*before, name))
        else:
            yield [*before, name]


@pytest.mark.parametrize("command", list(every_command(main)), ids=" ".join)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_chinese_and_ends_well(command: list[str], flag: str) -> None:
    ended = run(*command, flag)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("用法：sjs-forms")
    assert "选项" in ended.out
    for english in ("Usage", "Options", "Commands", "Show this", "required", "OPTIONS", "DIR"):
        assert english not in ended.out
    for line in ended.out.splitlines():
        assert len(line) <= 80


def test_help_names_every_command_with_what_it_does() -> None:
    listed = {
        line.split()[0]: line.split(maxsplit=1)[1]
        for line in run("--help").out.partition("命令:")[2].splitlines()
        if line.strip()
    }
    assert sorted(listed) == COMMANDS
    assert all(is_chinese_sentence(purpose) for purpose in listed.values())
    assert not any("..." in purpose for purpose in listed.values())


def test_the_version_is_said() -> None:
    assert run("--version").out == f"sjs-forms {sjs_forms.__version__}\n"


# Faults of ours, of the machine, of the user's patience


def fail_with(problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every check end in this."""

    def failing(*_arguments: Any, **_options: Any) -> None:
        raise problem

    monkeypatch.setattr(pipeline, "check", failing)


@pytest.mark.parametrize("problem", [ZeroDivisionError("x"), RecursionError()])
def test_a_fault_of_ours_is_a_chinese_sentence_and_seventy(
    problem: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(problem, monkeypatch)
    ended = run("check", "x")
    assert (ended.code, ended.out) == (70, "")
    assert ended.err.startswith(f"【错误】内部错误：{type(problem).__name__}")
    assert "这是本软件的问题" in ended.err
    assert "Traceback" not in ended.err


def test_too_little_memory_is_told_as_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(MemoryError(), monkeypatch)
    ended = run("check", "x")
    assert (ended.code, ended.out) == (5, "")
    assert "内存" in ended.err and "内部错误" not in ended.err


def test_a_form_that_would_be_laid_out_for_ever_is_the_machines_matter(
    minimal: Path, tmp_path: Path
) -> None:
    """`fill` has no other process that could be ended, and leaves nothing."""
    make_for_it(minimal)
    name = minimal_answers()["applicant"]["name"]
    bounds = {NOTICES_VARIABLE: str(make_endless_notice(tmp_path / "notices", name)), SECONDS: "3"}
    ended = process("fill", minimal, "-o", tmp_path / "out", environment=bounds)
    said = ended.stderr.decode()
    assert ended.returncode == ExitCode.MACHINE, said
    assert "处理器时间" in said and SECONDS in said
    assert not (tmp_path / "out").exists()


def test_a_fault_of_ours_that_holds_control_characters_does_not_steer_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_with(ValueError(ESCAPES), monkeypatch)
    assert steering(run("check", "x").said) == []


def test_an_interrupted_command_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(KeyboardInterrupt(), monkeypatch)
    ended = run("check", "x")
    assert (ended.code, ended.out) == (130, "")
    assert "已中断" in ended.err
    assert "Traceback" not in ended.err


def test_a_machine_that_lacks_something_ends_with_five(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(MachineLacks("缺少字体。", "请安装。"), monkeypatch)
    ended = run("check", "x")
    assert ended.code == 5
    assert ended.err == "【错误】缺少字体。\n        请安装。\n"


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("fill", "文件/成册"),
        ("build", "文件/成册"),
        ("build", "文件"),
        ("build", "字" * 300),
        ("build", "有东西"),
    ],
)
def test_an_output_that_cannot_be_written_ends_with_six(
    command: str, place: str, minimal: Path, tmp_path: Path
) -> None:
    (tmp_path / "文件").touch()
    (tmp_path / "有东西").mkdir()
    (tmp_path / "有东西" / "论文.docx").touch()
    before = sorted(tmp_path.rglob("*"))
    ended = run(command, minimal, "-o", tmp_path / place)
    assert ended.code == 6
    assert ended.out == ""
    assert "【错误】" in ended.err
    assert sorted(tmp_path.rglob("*")) == before


def test_an_application_is_never_written_over_by_its_own_output(minimal: Path) -> None:
    before = sorted(minimal.rglob("*"))
    assert run("build", minimal, "-o", minimal).code == 6
    assert sorted(minimal.rglob("*")) == before


# new, and what follows


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """A folder as `new` makes it."""
    folder = tmp_path / "我的申报"
    ended = run("new", folder)
    assert (ended.code, ended.out) == (0, "")
    assert "sjs-forms check" in ended.err
    return folder


def test_a_new_folder_has_every_key_blank_and_a_place_for_every_material(new: Path) -> None:
    answers = json.loads((new / "application.json").read_text(encoding="utf-8"))
    complete = sample_answers()
    del complete["attachments"]
    assert list(answers) == list(complete)
    for key in ("applicant", "term", "contact", "platform", "legal_representative", "liaison"):
        assert set(answers[key]) == set(complete[key])
    assert answers["platform"]["category"] == {"kind": None, "date": None}
    assert answers["founders"] == [{"name": None, "uscc": None, "address": None}]
    assert answers["programme"] == "sjs-platform-2025"
    folders = sorted(path.name for path in (new / "attachments").iterdir())
    assert [name[0] for name in folders] == ["1", "2", "3", "4", "5", "6", "7"]
    assert sorted(path.name for path in new.iterdir() if path.is_file()) == [
        "application.json",
        "填写说明.docx",
        "附4-1_申报书.docx",
        "附4-2_承诺书.docx",
    ]


def test_a_new_folder_is_only_told_what_is_still_to_be_filled(new: Path) -> None:
    ended = run("check", "--json", new)
    assert ended.code == 3
    assert blocking(ended) == ["material-missing", "qualification-missing", "required-missing"]
    missing = [f["where"] for f in findings_of(ended) if f["code"] == "required-missing"]
    assert missing == [
        "applicant.name",
        "contact.name",
        "contact.phone",
        "contact.email",
        "platform.name",
        "platform.address",
        "founders[0].name",
    ]
    assert run("build", new, "-o", new / "成册").code == 3
    assert run("plan", new, "--draft").code == 3


def test_every_material_folder_of_a_new_application_is_where_files_are_looked_for(
    new: Path,
) -> None:
    answers = json.loads((new / "application.json").read_text(encoding="utf-8"))
    for number, folder in enumerate(sorted((new / "attachments").iterdir())):
        write_pdf(folder / f"{folder.name}.pdf", mark=str(number))
    write_application(new, {**answers, **minimal_answers()})
    ended = run("check", "--json", new)
    assert ended.code == 0
    assert {f["code"] for f in findings_of(ended)} == {"blank-left", "scan-doubtful"}


def test_the_sample_is_complete_and_without_fault(tmp_path: Path) -> None:
    folder = tmp_path / "样例"
    ended = run("new", folder, "--sample")
    assert (ended.code, ended.out) == (0, "")
    assert "sjs-forms build" in ended.err
    copied = {path.relative_to(folder) for path in folder.rglob("*")}
    assert copied == {path.relative_to(SAMPLE) for path in SAMPLE.rglob("*")}
    assert len(copied) > 20


@pytest.mark.parametrize("options", [[], ["--sample"]])
def test_a_folder_that_holds_something_is_not_made_anew(options: list[str], tmp_path: Path) -> None:
    (tmp_path / "application.json").write_text("重要", encoding="utf-8")
    ended = run("new", tmp_path, *options)
    assert ended.code == 6
    assert "已经存在" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["application.json"]
    assert (tmp_path / "application.json").read_text(encoding="utf-8") == "重要"


def test_an_empty_folder_may_become_an_application(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert run("new", tmp_path / "空").code == 0
    assert (tmp_path / "空" / "application.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["空"]


def test_the_current_folder_may_become_an_application_if_it_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "空").mkdir()
    monkeypatch.chdir(tmp_path / "空")
    assert run("new", ".").code == 0
    assert (tmp_path / "空" / "application.json").is_file()


@pytest.mark.parametrize("place", ["文件", "文件/下", "字" * 300])
def test_a_place_where_no_folder_can_be_made_ends_with_six(place: str, tmp_path: Path) -> None:
    (tmp_path / "文件").touch()
    assert run("new", tmp_path / place).code == 6
    assert [path.name for path in tmp_path.iterdir()] == ["文件"]


# Built and verified


def test_a_build_lists_its_files_and_is_verified_until_someone_touches_it(
    minimal: Path, tmp_path: Path
) -> None:
    out = tmp_path / "成册"
    ended = run("build", minimal, "-o", out)
    assert ended.code == 0
    assert ended.out.splitlines() == [
        str(out / name)
        for name in (
            "manifest.json",
            "印制单.pdf",
            "在线申报.zip",
            "封面书脊.pdf",
            "装订版.pdf",
            "附4-1_申报书.docx",
            "附4-1_申报书.pdf",
            "附4-2_承诺书.docx",
            "附4-2_承诺书.pdf",
        )
    ]
    assert "张 A4 纸" in ended.err
    assert "书脊" in ended.err
    assert run("verify", out).code == 0
    assert json.loads(run("verify", out, "--json").out) == {"ok": True, "findings": []}

    with (out / "附4-1_申报书.docx").open("ab") as form:
        form.write(b"x")
    (out / "附4-2_承诺书.pdf").unlink()
    (out / "多余.txt").touch()
    ended = run("verify", out, "--json")
    assert ended.code == 3
    assert blocking(ended) == ["output-changed", "output-foreign", "output-missing"]


def test_another_paper_makes_another_spine_and_an_unknown_one_is_answered_with_those_there_are(
    minimal: Path, tmp_path: Path
) -> None:
    spines = []
    for stock in ("70g", "100g"):
        assert run("build", minimal, "-o", tmp_path / stock, "--paper", stock).code == 0
        manifest = json.loads((tmp_path / stock / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["print"]["stock"]["id"] == stock
        spines.append(manifest["print"]["spine_mm"])
    assert spines[0] < spines[1]
    ended = run("build", minimal, "-o", tmp_path / "no", "--paper", "900g")
    assert ended.code == 2
    assert "80g" in ended.err
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    "manifest",
    [
        "{",
        "[]",
        "5",
        "{}",
        '{"files": 5}',
        '{"files": [], "sides": [{}], "parts": [], "print": {}}',
        "[" * 100_000,
        "\x00",
    ],
    ids=lambda text: text[:30],
)
def test_a_manifest_that_was_tampered_with_cannot_be_read(manifest: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    ended = run("verify", tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "“manifest.json”读不懂，可能被改动过" in ended.err


def test_a_manifest_that_names_no_volume_is_not_said_to_be_missing(tmp_path: Path) -> None:
    tampered = {
        "files": [],
        "sides": [],
        "parts": [],
        "print": {"coloured_sheets": [], "sheets_per_copy": 0},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(tampered), encoding="utf-8")
    ended = run("verify", tmp_path)
    assert ended.code in (2, 3)
    assert "没有 manifest.json" not in ended.err


# Terminals and encodings

STEERING_ANSWERS: list[Answers] = [
    put(minimal_answers(), "contact.phone", ESCAPES),
    put(minimal_answers(), "contact.email", ESCAPES),
    put(minimal_answers(), "applicant.uscc", ESCAPES),
    put(minimal_answers(), "applicant.name", ESCAPES),
    put(minimal_answers(), "programme", ESCAPES),
    put(minimal_answers(), "signed_on", ESCAPES),
    put(minimal_answers(), "platform.total_area_sqm", ESCAPES),
    put(minimal_answers(), "platform.category.kind", ESCAPES),
    put(minimal_answers(), "attachments", [{"material": ESCAPES, "file": "x"}]),
    put(minimal_answers(), "attachments", [{"material": "lease", "file": ESCAPES}]),
    put(minimal_answers(), "attachments", [{"material": "lease", "file": f"../{ESCAPES}"}]),
    {**minimal_answers(), ESCAPES: 1},
]


@pytest.mark.parametrize("answers", STEERING_ANSWERS)
@pytest.mark.parametrize("json_flag", [[], ["--json"]])
def test_control_characters_in_the_data_never_reach_the_terminal(
    answers: Answers, json_flag: list[str], tmp_path: Path
) -> None:
    ended = run("check", write_application(tmp_path, answers), *json_flag)
    assert ended.code in (3, 4)
    assert steering(ended.said) == []


def test_control_characters_in_broken_json_never_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "application.json").write_text(f'{{"a" {ESCAPES}}}', encoding="utf-8")
    for flags in ([], ["--json"]):
        assert steering(run("check", tmp_path, *flags).said) == []


def test_control_characters_in_file_names_never_reach_the_terminal(minimal: Path) -> None:
    try:
        (minimal / "attachments" / f"散{ESCAPES}").touch()
    except OSError:
        pytest.skip("this disk has no such names")
    for flags in ([], ["--json"]):
        ended = run("check", minimal, *flags)
        assert "散" in ended.said
        assert steering(ended.said) == []


def test_control_characters_on_the_command_line_never_reach_the_terminal(tmp_path: Path) -> None:
    for arguments in (
        [ESCAPES],
        ["--" + ESCAPES],
        ["check", "x", ESCAPES],
        ["new", str(tmp_path / ESCAPES)],
    ):
        assert steering(run(*arguments).said) == []


ENCODINGS = ["ascii", "latin-1", "gbk"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_narrow_encoding_crashes_neither_help_nor_findings(encoding: str) -> None:
    narrow = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    shown = process("--help", environment=narrow)
    assert (shown.returncode, shown.stderr) == (0, b"")
    checked = process("check", REFUSED / "emoji", environment=narrow)
    assert checked.returncode == 3
    assert b"U+1F600" in checked.stderr
    assert b"Traceback" not in checked.stderr


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_can_be_read_whatever_the_encoding_of_the_terminal(encoding: str) -> None:
    checked = process(
        "check",
        "--json",
        REFUSED / "emoji",
        environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert checked.returncode == 3
    answer = json.loads(checked.stdout)
    (found,) = [f for f in answer["findings"] if f["severity"] == "error"]
    assert "😀（U+1F600）" in found["message"]


@pytest.mark.parametrize("command", [["schema"], ["--version"]])
def test_a_reader_that_goes_away_is_no_fault(command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "sjs_forms", *command],
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
            timeout=HANGS,
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
@pytest.mark.parametrize(("no_colour", "coloured"), [(None, True), ("", True), ("1", False)])
def test_colour_is_for_terminals_and_no_color_is_honoured(
    no_colour: str | None, coloured: bool
) -> None:
    import pty

    mine, its = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    if no_colour is not None:
        environment["NO_COLOR"] = no_colour
    ended = subprocess.run(
        [sys.executable, "-m", "sjs_forms", "check", str(REFUSED / "bad-email")],
        stdout=subprocess.DEVNULL,
        stderr=its,
        env=environment,
        check=False,
        timeout=HANGS,
    )
    os.close(its)
    said = b""
    while chunk := _chunk(mine):
        said += chunk
    os.close(mine)
    assert ended.returncode == 3
    assert "邮箱".encode() in said
    assert (b"\x1b[31m" in said) == coloured


def _chunk(descriptor: int) -> bytes:
    """What can still be read of a terminal whose other end is closed."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_without_a_terminal_there_is_neither_colour_nor_progress(minimal: Path) -> None:
    ended = run("check", minimal)
    assert ended.code == 0
    assert "\x1b" not in ended.said
    assert "\r" not in ended.said


# Streams that are closed, full, or that nobody reads

STREAMS = [
    "{command} >&-",
    "{command} 2>&-",
    "{command} >&- 2>&-",
    "{command} > /dev/full",
    "{command} 2> /dev/full",
    "{command} > /dev/full 2>&1",
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("shell", STREAMS)
@pytest.mark.parametrize(
    ("fixture", "options", "code"), [("refused/bad-email", "--json", 3), ("minimal", "", 0)]
)
def test_a_stream_that_takes_nothing_changes_no_exit_code(
    shell: str, fixture: str, options: str, code: int
) -> None:
    command = f"{sys.executable} -m sjs_forms check {REFUSED.parent / fixture} {options}"
    ended = subprocess.run(
        ["sh", "-c", shell.format(command=command)], capture_output=True, check=False, timeout=HANGS
    )
    assert ended.returncode == code
    assert b"Traceback" not in ended.stderr + ended.stdout


def test_a_reader_that_leaves_early_changes_no_exit_code() -> None:
    command = f"{sys.executable} -m sjs_forms schema"
    ended = subprocess.run(
        ["bash", "-c", f"{command} | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        check=False,
        timeout=HANGS,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_results_that_find_no_room_are_said_to_be_lost() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "sjs_forms", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            timeout=HANGS,
        )
    assert ended.returncode == 0
    assert "没有全部写到标准输出" in ended.stderr.decode()


# What a command imports


@pytest.mark.parametrize(
    ("arguments", "forbidden"),
    [
        (["--help"], HEAVY),
        (["--version"], HEAVY),
        (["build", "--help"], HEAVY),
        (["bogus"], HEAVY),
        (["schema"], HEAVY),
        (["new", "{tmp}/甲"], "weasyprint pypdf pikepdf pypdfium2 PIL img2pdf fontTools"),
        (["new", "{tmp}/乙", "--sample"], HEAVY),
        (["check", "{refused}/broken-json"], "weasyprint docxtpl docx"),
        (["check", "{minimal}"], "weasyprint docxtpl docx"),
    ],
)
def test_a_command_imports_only_what_it_needs(
    arguments: list[str], forbidden: str, minimal: Path, tmp_path: Path
) -> None:
    places = {"tmp": tmp_path, "refused": REFUSED, "minimal": minimal}
    program = (
        "import sys\n"
        "from sjs_forms.cli.commands import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "finally:\n"
        "    print('IMPORTED', *sys.modules, file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *(text.format(**places) for text in arguments)],
        capture_output=True,
        check=False,
        timeout=HANGS,
    )
    imported = set(ended.stderr.decode().rpartition("IMPORTED")[2].split())
    assert "sjs_forms.cli.commands" in imported
    assert imported & set(forbidden.split()) == set()


# doctor


def test_doctor_finds_nothing_amiss_here() -> None:
    ended = run("doctor")
    assert ended.code == 0
    assert ended.err == ""
    for name in ("Python", "WeasyPrint", "字体", "申报通知", "LibreOffice"):
        assert name in ended.out
    assert "[缺少]" not in ended.out


def test_doctor_names_what_is_missing_and_ends_with_five(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.jobs.doctor.fonts_folder", lambda: tmp_path)
    ended = run("doctor")
    assert ended.code == 5
    assert "[缺少] 随附字体：FandolFang-Regular.otf" in ended.out
    assert "请重新安装 sjs-forms。" in ended.out


def test_doctor_does_not_mind_that_something_optional_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sjs_forms.jobs.doctor.soffice", lambda: None)
    ended = run("doctor")
    assert ended.code == 0
    assert "[可选] LibreOffice" in ended.out


# schema

KEYWORDS = {
    *("$schema", "title", "description", "default", "format", "type", "anyOf"),
    *("enum", "const", "properties", "required", "additionalProperties", "items", "maxItems"),
    *(
        "minItems",
        "uniqueItems",
        "maxLength",
        "minLength",
        "exclusiveMinimum",
        "maximum",
        "pattern",
    ),
}
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def accepts(rule: Any, value: Any) -> bool:
    """Whether a schema, of the keywords above, accepts a value."""
    if "anyOf" in rule and not any(accepts(one, value) for one in rule["anyOf"]):
        return False
    if "type" in rule and (not isinstance(value, TYPES[rule["type"]]) or isinstance(value, bool)):
        return False
    if "enum" in rule and value not in rule["enum"]:
        return False
    if isinstance(value, str):
        return bool(len(value) <= rule.get("maxLength", len(value)))
    if isinstance(value, int | float):
        above, most = rule.get("exclusiveMinimum", value - 1), rule.get("maximum", value)
        return bool(above < value <= most)
    if isinstance(value, list):
        least, most = rule.get("minItems", 0), rule.get("maxItems", len(value))
        return bool(least <= len(value) <= most) and all(
            accepts(rule.get("items", {}), item) for item in value
        )
    if isinstance(value, dict):
        known = rule.get("properties", {})
        return (
            set(rule.get("required", [])) <= set(value)
            and (rule.get("additionalProperties", True) or set(value) <= set(known))
            and all(accepts(known.get(key, {}), item) for key, item in value.items())
        )
    return True


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """What `schema` prints."""
    ended = run("schema")
    assert (ended.code, ended.err) == (0, "")
    printed: dict[str, Any] = json.loads(ended.out)
    return printed


def rules(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema within a schema."""
    yield schema
    for below in (
        *schema.get("properties", {}).values(),
        *schema.get("anyOf", []),
        *([schema["items"]] if "items" in schema else []),
    ):
        yield from rules(below)


def test_the_schema_is_json_schema_of_2020(schema: dict[str, Any]) -> None:
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema == json_schema(the_programme().fields)
    for rule in rules(schema):
        assert set(rule) <= KEYWORDS
        if "required" in rule:
            assert set(rule["required"]) <= set(rule["properties"])
        if "type" in rule:
            assert rule["type"] in TYPES
        if rule.get("type") == "object":
            assert rule["additionalProperties"] is False


def test_every_key_has_the_forms_label_for_a_title(schema: dict[str, Any]) -> None:
    for rule in rules(schema):
        for name, below in rule.get("properties", {}).items():
            assert chinese(below.get("title", "")), name
            assert "{" not in below["title"]


@pytest.mark.parametrize("case", ["sample", "minimal"])
def test_the_schema_accepts_a_good_application(schema: dict[str, Any], case: str) -> None:
    answers = sample_answers() if case == "sample" else minimal_answers()
    assert accepts(schema, answers)


def test_the_schema_accepts_a_blank_application(schema: dict[str, Any], tmp_path: Path) -> None:
    run("new", tmp_path / "新")
    answers = json.loads((tmp_path / "新" / "application.json").read_text(encoding="utf-8"))
    assert accepts(schema, answers)


@pytest.mark.parametrize(
    "key",
    [
        "applicant.name",
        "contact.name",
        "contact.phone",
        "contact.email",
        "platform.name",
        "platform.address",
        "founders",
        "founders[1].name",
        "attachments[0].file",
        "applicant",
        "contact",
        "platform",
    ],
)
def test_the_schema_requires_what_the_contract_requires(schema: dict[str, Any], key: str) -> None:
    assert not accepts(schema, without(sample_answers(), key))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aplicant", {}),
        ("founders[0].nmae", "x"),
        ("founders", []),
        ("founders", [{"name": "甲"}] * 4),
        ("platform.total_area_sqm", "1200"),
        ("platform.total_area_sqm", 0),
        ("platform.category.kind", "moved"),
        ("platform.qualifications", ["x"]),
        ("attachments[0].rotate", 45),
        ("applicant.name", "字" * 201),
        ("remarks", 5),
        ("signed_on", 5),
    ],
)
def test_the_schema_refuses_what_the_check_refuses(
    schema: dict[str, Any], key: str, value: Any
) -> None:
    assert not accepts(schema, put(sample_answers(), key, value))


def test_optional_keys_may_be_left_out_or_null(schema: dict[str, Any]) -> None:
    for key in (
        "programme",
        "applicant.uscc",
        "term",
        "platform.category",
        "platform.construction",
        "founders[0].uscc",
        "liaison",
        "remarks",
        "signed_on",
        "attachments",
    ):
        answers = sample_answers()
        assert accepts(schema, without(answers, key)), key
        last = steps_of(key)[-1]
        if last not in ("term", "category", "liaison"):
            assert accepts(schema, put(answers, key, None)), key


def test_the_schema_knows_the_seven_materials_of_the_contract(schema: dict[str, Any]) -> None:
    attachment = schema["properties"]["attachments"]["anyOf"][0]["items"]["properties"]
    assert set(attachment) == {
        *("material", "file", "title", "pages", "rotate", "password", "straighten"),
    }
    for material in MATERIALS:
        assert accepts(attachment["material"], material)
