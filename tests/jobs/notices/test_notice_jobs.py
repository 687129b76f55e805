"""Notices outside the package are found, listed and checked for whoever writes them."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sjs_forms.base.errors import ExitCode, UsageFault
from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.cli.commands import main
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.notice.fields_file import read_fields
from sjs_forms.jobs.doctor import examine
from sjs_forms.jobs.new_folder import make_folder
from sjs_forms.jobs.notices.notice_jobs import check_notice, installed_notices
from sjs_forms.jobs.pipeline import build
from tests.samples import the_programme, write_application, write_pdf

OWN = the_programme()
GUIDE = Path(__file__).parents[3] / "docs" / "notices.md"


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the notice under another id, in a folder that the variable names."""
    folder = tmp_path / "通知" / "next-2026"
    shutil.copytree(OWN.folder, folder)
    change(folder, "programme.toml", f'"{OWN.id}"', '"next-2026"')
    monkeypatch.setenv(NOTICES_VARIABLE, str(folder.parent))
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_notice_of_another_folder_is_found_beside_those_of_the_package(other: Path) -> None:
    assert load_programme("next-2026").folder == other
    assert [entry.id for entry in installed_notices()] == ["next-2026", OWN.id]


def test_the_notice_of_the_package_and_its_copy_have_no_problems(other: Path) -> None:
    assert check_notice(OWN.folder) == ()
    assert check_notice(other) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("forms/commitment.html", "pledger.name", "pledger.nmae", "commitment.html 无法填写"),
        ("fields.toml", 'as = "pledger.uscc"', 'as = "pledger.code"', "commitment"),
    ],
)
def test_what_is_wrong_with_a_notice_is_said(
    other: Path, name: str, old: str, new: str, said: str
) -> None:
    change(other, name, old, new)
    (other / "forms" / "application-form.html").unlink()
    problems = check_notice(other)
    assert "缺少 forms/application-form.html。" in problems
    assert any(said in problem for problem in problems)


def test_a_mistake_is_told_at_the_terminal_with_its_line(other: Path) -> None:
    change(other, "fields.toml", 'kind = "uscc"', 'kind = "usc"')
    result = CliRunner().invoke(main, ["notice", "check", str(other)])
    assert result.exit_code == ExitCode.USAGE
    assert "fields.toml 第" in result.output
    listed = CliRunner().invoke(main, ["notice", "list"])
    assert listed.exit_code == 0
    assert "next-2026\t通知“next-2026”的 fields.toml" in listed.output


def test_notices_of_one_id_and_folders_without_any_are_told(
    other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again, none = tmp_path / "旧" / other.name, tmp_path / "没有"
    shutil.copytree(other, again)
    monkeypatch.setenv(NOTICES_VARIABLE, os.pathsep.join(map(str, (other.parent, again, none))))
    listed = CliRunner().invoke(main, ["notice", "list"])
    assert f"“{again}”与“{other}”同名，没有用到" in listed.output
    assert f"文件夹“{none}”不存在" in listed.output
    (notices,) = (each for each in examine() if each.name == "申报通知")
    assert not notices.ok
    assert f"文件夹“{none}”不存在" in notices.detail
    with pytest.raises(UsageFault, match="不存在"):
        load_programme("next-2031")


def test_new_takes_the_notice_that_is_named(other: Path, tmp_path: Path) -> None:
    made = tmp_path / "我的申报"
    chosen = CliRunner().invoke(main, ["new", str(made), "--programme", "next-2026"])
    assert chosen.exit_code == 0, chosen.output
    assert '"programme": "next-2026"' in (made / "application.json").read_text(encoding="utf-8")
    (made / "application.json").unlink()
    open_choice = CliRunner().invoke(main, ["new", str(tmp_path / "又一份")])
    assert open_choice.exit_code == ExitCode.USAGE


def test_a_new_notice_has_no_problems_and_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "通知" / "示例-2027"
    made = CliRunner().invoke(main, ["notice", "new", str(folder)])
    assert made.exit_code == 0
    assert check_notice(folder) == ()
    monkeypatch.setenv(NOTICES_VARIABLE, str(folder))
    place = tmp_path / "申报"
    make_folder(place, folder.name)
    answers = json.loads((place / "application.json").read_text(encoding="utf-8"))
    answers["applicant"] = {"name": "样例公司", "uscc": "91110107MAYYYYY12M"}
    answers["contact"] = {"name": "周禾", "phone": "010-88880000"}
    answers["project"] = {"name": "样例项目", "kind": "新建", "cost": 60}
    write_application(place, answers)
    for number, name in ((2, "合同发票"), (3, "营业执照")):
        write_pdf(place / f"attachments/{number}-{name}/{name}.pdf", mark=name)
    built = build(place, tmp_path / "成册")
    assert "notice-cost-over-limit" in {found.code for found in built.findings}
    assert (tmp_path / "成册/装订版.pdf").is_file()


def test_the_next_command_names_the_folder_of_notices_again(other: Path, tmp_path: Path) -> None:
    made = tmp_path / "申报"
    words = ["--notices", str(other), "new", str(made), "--programme", other.name]
    told = CliRunner().invoke(main, words)
    assert f"sjs-forms --notices {other} check {made}" in told.output.replace("'", "")


def test_a_notice_is_not_made_where_something_lies(tmp_path: Path) -> None:
    (tmp_path / "我的.txt").touch()
    made = CliRunner().invoke(main, ["notice", "new", str(tmp_path)])
    assert made.exit_code == ExitCode.OUTPUT
    assert [path.name for path in tmp_path.iterdir()] == ["我的.txt"]


FIRST = """[roles]
applicant = "applicant.name"

[[field]]
at = "applicant.name"
label = "申报单位"
kind = "line"
"""
EXAMPLE = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("number", range(len(EXAMPLE.findall(GUIDE.read_text(encoding="utf-8")))))
def test_an_example_of_the_authors_guide_is_read(tmp_path: Path, number: int) -> None:
    example = EXAMPLE.findall(GUIDE.read_text(encoding="utf-8"))[number]
    if "[roles]" not in example:
        example = f"{FIRST}\n{example}"
    (tmp_path / "fields.toml").write_text(example, encoding="utf-8")
    assert read_fields(tmp_path / "fields.toml", {}).fields
