"""A row of a roster compared with the answers, of which only what is chosen is taken."""

from pathlib import Path
from typing import Any

import pytest

from sjs_forms.web.workspace.importing import Importing
from tests.rosters import with_answers, write_sheet
from tests.samples import minimal_answers
from tests.web.conftest import OWN, Face, Walk, written


def _send(face: Face, path: Path, name: str = "名册.xlsx") -> Any:
    data = path.read_bytes()
    answer = face.client.post(f"/api/import?name={name}", content=data, headers=OWN)
    assert answer.status_code == 200
    return face.post("/api/import/roster")


def _apply(face: Face, *paths: str) -> Any:
    """Apply what the page shows."""
    chosen = {"paths": paths, "proposal": _importing(face).proposal_id}
    return face.post("/api/import/apply", chosen)


def _importing(face: Face) -> Importing:
    return face.workspace.importing


def _places(face: Face) -> set[str]:
    proposal = _importing(face).proposal
    assert proposal is not None
    return {each.label for each in proposal.proposal.unlike}


def test_of_many_rows_the_applicants_own_is_offered_first(face: Face, tmp_path: Path) -> None:
    ours = minimal_answers()["applicant"]["name"]
    path = with_answers(tmp_path / "名册.xlsx", {"申报单位": "别家"}, {"申报单位": ours})
    assert _send(face, path).status_code == 200
    page = face.client.get("/import").text
    assert '<option value="3" selected>' in page and f"{ours}（第 3 行）" in page
    assert face.post("/api/import/row", {"row": 99}).status_code == 400
    assert face.post("/api/import/row", {"row": 3}).status_code == 200
    assert "申报单位" not in _places(face)


def test_a_blank_cell_and_a_missing_column_say_nothing(face: Face, tmp_path: Path) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {"邮箱": None, "联系人": "甲"})
    assert _send(face, path).status_code == 200
    assert "联系人" in _places(face) and "邮箱" not in _places(face)
    assert "表里没有这一列" not in face.client.get("/import").text


def test_a_cell_that_cannot_be_read_is_shown_and_cannot_be_taken(
    face: Face, minimal: Path, tmp_path: Path
) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {"起止年限（起）": "去年春天"})
    assert _send(face, path).status_code == 200
    page = face.client.get("/import").text
    assert "看不懂这样的写法" in page and "去年春天" in page
    before = written(minimal)
    assert _apply(face, "term.start").status_code == 200
    assert written(minimal) == before


def test_no_folder_beside_a_roster_is_looked_for(face: Face, tmp_path: Path) -> None:
    path = with_answers(tmp_path / "名册.xlsx", {"附件文件夹": "/etc"})
    assert _send(face, path).status_code == 200
    proposal = _importing(face).proposal
    assert proposal is not None and not proposal.proposal.transcript.findings


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"MZ\x90 a program"])
def test_what_is_no_roster_is_refused_in_plain_chinese(
    face: Face, tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(data)
    answer = _send(face, path, "坏.xlsx")
    assert answer.status_code in (400, 422)
    told = answer.json()["message"] + answer.json()["remedy"]
    assert str(tmp_path) not in told and "sjs-forms" not in told and "坏.xlsx" in told
    assert face.client.get("/import").status_code == 200


def test_a_workbook_without_the_header_is_refused_with_what_to_do(
    face: Face, tmp_path: Path
) -> None:
    other = write_sheet(tmp_path / "别的.xlsx", [[1, 2], [3, 4]])
    told = _send(face, other, "别的.xlsx").json()
    assert "表头" in told["message"] + told["remedy"]
    assert "sjs-forms" not in told["remedy"] and "刷新" not in told["remedy"]


def test_an_import_that_another_has_overtaken_is_compared_anew(
    face: Face, minimal: Path, tmp_path: Path
) -> None:
    assert _send(face, with_answers(tmp_path / "名册.xlsx", {"联系人": "甲"})).status_code == 200
    face.post("/api/answers", {"edits": [{"path": "contact.name", "typed": "乙", "seen": None}]})
    face.post("/api/answers", {"edits": [{"path": "remarks", "typed": "改过", "seen": None}]})
    assert _apply(face, "contact.name").status_code == 412
    assert _apply(face, "contact.name").status_code == 200
    assert written(minimal)["contact"]["name"] == "甲"
    assert written(minimal)["remarks"] == "改过"


def test_what_another_page_read_is_not_written(face: Face, minimal: Path, tmp_path: Path) -> None:
    assert _send(face, with_answers(tmp_path / "名册.xlsx", {"联系人": "甲"})).status_code == 200
    seen = _importing(face).proposal_id
    assert _send(face, with_answers(tmp_path / "另.xlsx", {"联系人": "乙"})).status_code == 200
    chosen = {"paths": ["contact.name"], "proposal": seen}
    assert face.post("/api/import/apply", chosen).status_code == 412
    assert written(minimal)["contact"] == minimal_answers()["contact"]


def test_a_row_of_a_roster_is_imported_as_a_clerk_does_it(walk: Walk, tmp_path: Path) -> None:
    ours = minimal_answers()["applicant"]["name"]
    row = {"申报单位": ours, "联系人": "新联系人", "联系电话": "010-87654321"}
    path = with_answers(tmp_path / "名册.xlsx", {"申报单位": "别家"}, row)
    walk.goto("/import")
    walk.page.locator("#roster").set_input_files(path)
    walk.page.get_by_label("申报单位").wait_for()
    walk.page.get_by_role("button", name="对照这一行").click()
    walk.page.locator("fieldset.difference").first.wait_for()
    for each in walk.page.locator("fieldset.difference").all():
        legend = each.locator("legend").inner_text()
        keeps = "联系人" not in legend
        each.get_by_text("保留" if keeps else "采用名册的").click()
    walk.page.get_by_role("button", name="写入").click()
    walk.page.wait_for_url("**/form")
    now, before = written(walk.folder), minimal_answers()
    assert now["contact"]["name"] == "新联系人"
    assert now["contact"]["phone"] == before["contact"]["phone"]
