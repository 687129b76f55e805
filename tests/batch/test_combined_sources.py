"""Several sources are one batch, and a roster's row and a folder of one applicant are one."""

import json
from pathlib import Path

from sjs_forms.batch.combined_sources import read_sources
from tests.batches import folder_of_applications
from tests.rosters import with_answers


def test_applications_of_several_sources_are_numbered_through(tmp_path: Path) -> None:
    folders = folder_of_applications(tmp_path / "各单位", 2)
    roster = with_answers(tmp_path / "名册.xlsx", {"申报单位": "甲公司"}, {"申报单位": "乙公司"})
    lines = tmp_path / "更多.jsonl"
    lines.write_text(json.dumps({"applicant": {"name": "丙公司"}}), encoding="utf-8")
    rows = read_sources([roster, folders, lines], tmp_path / "成册")
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.name for row in rows] == ["甲公司", "乙公司", "样例单位1", "样例单位2", "丙公司"]


def test_an_applicant_in_a_roster_and_in_a_folder_is_one_with_the_rosters_number(
    tmp_path: Path,
) -> None:
    folders = folder_of_applications(tmp_path / "各单位", 2)
    rows_ = {"申报单位": "样例单位2", "受理编号": "17"}, {"申报单位": "丁公司", "受理编号": "18"}
    roster = with_answers(tmp_path / "名册.xlsx", *rows_)
    rows = read_sources([folders, roster], tmp_path / "成册")
    assert [(row.name, row.given) for row in rows] == [
        ("样例单位1", ""),
        ("样例单位2", "17"),
        ("丁公司", "18"),
    ]
    assert rows[1].line is None, "the folder has the application"
