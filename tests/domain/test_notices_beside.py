"""A notice that is wrong, or is there twice, breaks nothing of the notices beside it."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.batch.roster import read_roster, write_roster
from sjs_forms.cli.commands import main
from sjs_forms.domain.installed_notices import (
    hidden_notices,
    load_programme,
    readable_programmes,
)
from sjs_forms.domain.json_text.application_json import read_answers
from sjs_forms.jobs.doctor import examine
from sjs_forms.jobs.word_forms.form_import import import_forms
from sjs_forms.typesetting.word_filling import word_forms
from tests.samples import FIXTURES, the_programme

OWN = the_programme()
OTHER = FIXTURES / "notices" / "computing-power-2026"


@pytest.fixture
def notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of notices with a bad one, first in order."""
    folder = tmp_path / "通知"
    shutil.copytree(OTHER, folder / "a-bad-one")
    monkeypatch.setenv(NOTICES_VARIABLE, str(folder))
    return folder


def test_an_application_that_names_no_notice_is_read_beside_a_bad_one(notices: Path) -> None:
    read = read_answers(b'{"platform": {"name": "X"}}').application
    assert read is not None
    assert read.programme_id == OWN.id
    assert readable_programmes() == (OWN,)


def test_forms_are_read_back_beside_a_bad_notice(notices: Path, tmp_path: Path) -> None:
    answers = read_answers((FIXTURES / "sample/application.json").read_bytes()).application
    assert answers is not None
    for name, data in word_forms(OWN, answers).items():
        (tmp_path / name).write_bytes(data)
    import_forms(sorted(tmp_path.glob("*.docx")), tmp_path / "读回")
    assert f'"{OWN.id}"' in (tmp_path / "读回/application.json").read_text(encoding="utf-8")


def test_an_empty_roster_is_called_empty_beside_a_bad_notice(notices: Path, tmp_path: Path) -> None:
    (tmp_path / "登记表.xlsx").write_bytes(write_roster(OWN))
    with pytest.raises(UsageFault, match="一行也没有填写"):
        read_roster(tmp_path / "登记表.xlsx")


def test_a_bad_notice_that_is_named_is_told_with_its_line(notices: Path) -> None:
    with pytest.raises(UsageFault, match=r"programme\.toml 第 3 行有误"):
        load_programme("a-bad-one")


def test_doctor_tells_every_bad_notice_and_goes_on(notices: Path) -> None:
    shutil.copytree(OTHER, notices / "another-bad-one")
    (found,) = (each for each in examine() if each.name == "申报通知")
    assert not found.ok
    assert not found.blocking
    assert "a-bad-one" in found.detail
    assert "another-bad-one" in found.detail


def test_doctor_tells_which_of_two_notices_of_one_name_is_not_used(notices: Path) -> None:
    shutil.rmtree(notices / "a-bad-one")
    shutil.copytree(OWN.folder, notices / OWN.id)
    assert hidden_notices() == ((notices / OWN.id, OWN.folder),)
    (found,) = (each for each in examine() if each.name == "申报通知")
    assert f"“{notices / OWN.id}”与“{OWN.folder}”同名，没有用到。" in found.detail


def test_a_folder_that_is_no_notice_is_refused_in_chinese(tmp_path: Path) -> None:
    refused = CliRunner().invoke(main, ["notice", "check", str(tmp_path)])
    assert "不是通知文件夹" in refused.output
