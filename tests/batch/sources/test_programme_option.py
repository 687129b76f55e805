"""`--programme`: which notice applications answer that do not say so."""

import json
import os
from pathlib import Path

import pytest

from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.batch.ledger import tool_digest
from sjs_forms.batch.roster import write_roster
from sjs_forms.batch.sources.batch_source import SourceRow, read_rows
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.jobs.new_folder import make_folder
from tests.samples import codes
from tests.table_notice import ID, make_notice

OWN = "sjs-platform-2025"


@pytest.fixture(autouse=True)
def two_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second notice beside this year's."""
    make_notice(tmp_path / "通知")
    monkeypatch.setenv(NOTICES_VARIABLE, str(tmp_path / "通知"))


def rows(source: Path, programme_id: str | None) -> tuple[SourceRow, ...]:
    return read_rows(source, source.parent / "成册", programme_id=programme_id)


def notices(read: tuple[SourceRow, ...]) -> list[str | None]:
    known = (row.application.programme for row in read)
    return [programme and programme.id for programme in known]


def answers(**more: object) -> dict[str, object]:
    return {"applicant": {"name": "甲单位"}, **more}


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_applications_in_a_file_take_the_notice_that_is_named(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"名单.{suffix}"
    every = [answers(), answers(programme=ID)]
    lines = "\n".join(json.dumps(each) for each in every)
    source.write_text(json.dumps(every) if suffix == "json" else lines, encoding="utf-8")
    assert notices(rows(source, ID)) == [ID, ID]
    assert notices(rows(source, None)) == [None, ID]


def test_folders_take_the_notice_that_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "各单位" / "甲"
    folder.mkdir(parents=True)
    (folder / "application.json").write_text(json.dumps(answers()), encoding="utf-8")
    assert notices(rows(tmp_path / "各单位", ID)) == [ID]
    assert codes(rows(tmp_path / "各单位", None)[0].application.findings) == ["unknown-programme"]


def test_one_that_names_another_notice_is_told_and_hides_no_other(tmp_path: Path) -> None:
    source = tmp_path / "名单.json"
    source.write_text(json.dumps([answers(programme=OWN), answers()]), encoding="utf-8")
    first, second = rows(source, ID)
    assert "other-programme" in codes(first.application.findings)
    assert "other-programme" not in codes(second.application.findings)


def test_a_roster_is_read_as_that_of_the_notice_that_is_named(tmp_path: Path) -> None:
    roster = tmp_path / "名册.xlsx"
    roster.write_bytes(write_roster(load_programme(ID)))
    from openpyxl import load_workbook

    book = load_workbook(roster)
    sheet = book.worksheets[0]
    cells = (cell for row in sheet.iter_rows() for cell in row)
    header = next(cell for cell in cells if "申请单位全称" in str(cell.value))
    sheet.cell(header.row + 1, header.column, "甲单位")
    book.save(roster)
    assert notices(rows(roster, ID)) == [ID]
    assert notices(rows(roster, None)) == [ID]


def test_a_relative_folder_of_notices_is_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from sjs_forms.__main__ import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(NOTICES_VARIABLE, "通知")
    assert CliRunner().invoke(main, ["notice", "list"]).exit_code == 0
    assert os.environ[NOTICES_VARIABLE] == str(tmp_path / "通知")


def test_a_new_folder_needs_to_know_the_notice(tmp_path: Path) -> None:
    make_folder(tmp_path / "新", ID)
    made = json.loads((tmp_path / "新" / "application.json").read_text(encoding="utf-8"))
    assert made["programme"] == ID
    assert (tmp_path / "新" / "填写说明.docx").is_file()


def test_the_digest_of_the_program_is_another_with_other_notices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_two = tool_digest()
    monkeypatch.delenv(NOTICES_VARIABLE)
    assert tool_digest() != with_two
