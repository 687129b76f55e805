"""Choices as application.json has them, hints as they are declared, and the choice of a notice."""

import re
from pathlib import Path

import pytest

from sjs_forms.base.resources import NOTICES_VARIABLE
from tests.samples import minimal_answers, put, the_programme, write_application
from tests.table_notice import ID, make_notice
from tests.web.conftest import Face, written


def checked(page: str, name: str) -> list[str]:
    boxes = re.findall(rf'<input type="\w+" name="{re.escape(name)}" value="(\w*)"[^>]*>', page)
    marked = re.findall(rf'<input [^>]*name="{re.escape(name)}" value="(\w*)"[^>]* checked', page)
    assert boxes
    return marked


@pytest.mark.parametrize("said", ["新迁入", "newly_relocated", "☑新迁入 □新认定"])
def test_a_choice_shows_as_chosen_in_whichever_words_it_is_written(
    face: Face, minimal: Path, said: str
) -> None:
    answers = put(minimal_answers(), "platform.category.kind", said)
    answers = put(answers, "platform.qualifications", ["全国重点实验室", "beijing_key_laboratory"])
    write_application(minimal, answers)
    page = face.client.get("/form").text
    assert checked(page, "platform.category.kind") == ["newly_relocated"]
    ids = ["national_key_laboratory", "beijing_key_laboratory"]
    assert checked(page, "platform.qualifications") == ids
    chosen = face.state()["chosen"]
    assert chosen["platform.category.kind"] == ["newly_relocated"]
    assert chosen["platform.qualifications"] == ids
    assert chosen["platform.other_qualification.level"] == []


def test_a_choice_that_is_not_understood_leaves_the_others_chosen(
    face: Face, minimal: Path
) -> None:
    answers = put(minimal_answers(), "platform.qualifications", ["某实验室", "全国重点实验室"])
    write_application(minimal, answers)
    page = face.client.get("/form").text
    assert checked(page, "platform.qualifications") == ["national_key_laboratory"]
    assert 'data-code="not-choice"' in page or "某实验室" in page


def test_hints_are_those_that_the_notice_declares(face: Face) -> None:
    page = face.client.get("/form").text
    fields = the_programme().fields
    for path in (("signed_on",), ("liaison", "mobile"), ("platform", "category", "date")):
        answer = fields.answer_at(path)
        assert answer and answer.hint and answer.hint in page
    uscc = fields.answer_at(("applicant", "uscc"))
    assert uscc and uscc.ask() in page
    assert "Alt+Enter" not in page and "下拉" not in page


def test_with_two_notices_a_new_application_answers_the_chosen_one(
    face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = the_programme().id
    make_notice(tmp_path / "通知")
    monkeypatch.setenv(NOTICES_VARIABLE, str(tmp_path / "通知"))
    monkeypatch.setenv("HOME", str(tmp_path / "家"))
    (tmp_path / "家").mkdir()
    face.workspace.leave()
    listed = re.findall(r'<option value="([\w-]+)"', face.client.get("/").text)
    assert sorted(listed) == sorted([ID, own])
    for given, expected in (({"notice": ID}, ID), ({}, ID)):
        face.workspace.programme_id = ID
        name = f"新单位{len(given)}"
        assert face.post("/api/open", {"name": name, **given}).status_code == 200
        live = face.workspace.live
        assert live and written(live.folder)["programme"] == expected
        face.workspace.leave()
    assert re.findall(r'<option value="([\w-]+)"', face.client.get("/").text)[0] == ID
    assert face.post("/api/open", {"name": "新单位", "notice": "没有"}).status_code >= 400
