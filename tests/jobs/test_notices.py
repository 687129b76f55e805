"""Notices outside the package are found, listed and checked for whoever writes them."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sjs_forms.base.errors import ExitCode
from sjs_forms.cli.commands import main
from sjs_forms.domain.installed_notices import NOTICES_VARIABLE, load_programme
from sjs_forms.jobs.notices import check_notice, installed_notices
from tests.samples import the_programme

OWN = the_programme()


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
        ("programme.toml", 'form = "commitment"', 'form = "pledge"', "不是任何一张表"),
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


def test_new_takes_the_notice_that_is_named(other: Path, tmp_path: Path) -> None:
    made = tmp_path / "我的申报"
    chosen = CliRunner().invoke(main, ["new", str(made), "--programme", "next-2026"])
    assert chosen.exit_code == 0, chosen.output
    assert '"programme": "next-2026"' in (made / "application.json").read_text(encoding="utf-8")
    (made / "application.json").unlink()
    open_choice = CliRunner().invoke(main, ["new", str(tmp_path / "又一份")])
    assert open_choice.exit_code == ExitCode.USAGE
