"""Pages that are older than the application: nothing is done to another row, file or proposal."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sjs_forms.web.views.rendering import DataResponse, PageResponse
from sjs_forms.web.workspace.jobs import Job, Jobs
from sjs_forms.web.workspace.open_application import HIDDEN_PASSWORD
from sjs_forms.web.workspace.output_records import inputs_digest, note
from tests.samples import minimal_answers, put, write_application, write_pdf
from tests.web.conftest import OWN, Face, written

FOUNDERS = [{"name": f"单位{number}", "uscc": ""} for number in range(3)]


@pytest.fixture
def founders(face: Face, minimal: Path) -> Face:
    write_application(minimal, put(minimal_answers(), "founders", FOUNDERS))
    return face


def within(rows: list[Any], number: int) -> dict[str, Any]:
    return {"rows": len(rows), "row": rows[number] if number < len(rows) else None}


def test_an_answer_is_not_written_into_the_row_that_moved_up(founders: Face, minimal: Path) -> None:
    edit = {"path": "founders[1].uscc", "typed": "X", "seen": "", "within": within(FOUNDERS, 1)}
    assert founders.post("/api/items/remove", {"path": "founders[1]"}).status_code == 200
    answer = founders.post("/api/answers", {"edits": [edit]})
    assert answer.status_code == 409 and answer.json()["now"] == {"founders[1].uscc": ""}
    assert written(minimal)["founders"] == [FOUNDERS[0], FOUNDERS[2]]


def test_rows_that_came_below_do_not_hinder(founders: Face, minimal: Path) -> None:
    seen = within(FOUNDERS[:2], 1)
    edit = {"path": "founders[1].uscc", "typed": "X", "seen": "", "within": seen}
    assert founders.post("/api/answers", {"edits": [edit]}).status_code == 200
    assert written(minimal)["founders"][1] == {"name": "单位1", "uscc": "X"}


def test_two_who_add_a_row_do_not_write_into_one(founders: Face, minimal: Path) -> None:
    write_application(minimal, put(minimal_answers(), "founders", FOUNDERS[:2]))
    seen = within(FOUNDERS[:2], 2)
    first = {"path": "founders[2].name", "typed": "甲", "seen": None, "within": seen}
    second = {"path": "founders[2].uscc", "typed": "X", "seen": None, "within": seen}
    assert founders.post("/api/answers", {"edits": [first]}).status_code == 200
    assert founders.post("/api/answers", {"edits": [second]}).status_code == 409
    assert written(minimal)["founders"][2] == {"name": "甲"}


def test_a_row_is_removed_of_the_revision_that_was_seen(founders: Face, minimal: Path) -> None:
    seen = {"path": "founders[1]", "revision": founders.state()["revision"]}
    assert founders.post("/api/items/remove", seen).status_code == 200
    assert founders.post("/api/items/remove", seen).status_code == 412
    assert written(minimal)["founders"] == [FOUNDERS[0], FOUNDERS[2]]


def test_a_password_is_never_lost_by_sending_it_back_hidden(face: Face, minimal: Path) -> None:
    entry = {"material": "lease", "file": "a.pdf", "password": "p"}
    write_application(minimal, put(minimal_answers(), "attachments", [entry]))
    state = face.state()
    headers = {**OWN, "If-Match": state["revision"]}
    for file in ("b.pdf", ["a.pdf"], None):
        changed = json.loads(json.dumps(state["application"]))
        changed["attachments"][0]["file"] = file
        answer = face.client.put("/api/application", json=changed, headers=headers)
        assert answer.status_code == 400 and "密码" in answer.json()["message"]
    assert written(minimal)["attachments"] == [entry]
    assert state["application"]["attachments"][0]["password"] == HIDDEN_PASSWORD


def test_cookies_of_other_programs_do_not_shut_the_user_out(face: Face) -> None:
    ours = "; ".join(f"{name}={value}" for name, value in face.client.cookies.items())
    for foreign in ('a={"b":1}', "x=a b", "=", "a;b", "é=1"):
        headers: Any = {"Cookie": f"{foreign}; {ours}".encode("latin-1")}
        answer = face.stranger().get("/api/state", headers=headers)
        assert answer.status_code == 200, foreign


def test_text_that_has_no_encoding_is_shown_all_the_same(face: Face, minimal: Path) -> None:
    answers = {**minimal_answers(), "remarks": "\ud800", "opinion": 1e999}
    text = json.dumps(answers, ensure_ascii=True).replace("Infinity", "1e999")
    (minimal / "application.json").write_text(text, encoding="ascii")
    (minimal / "attachments" / "\udcba\udccf.pdf").write_bytes(b"%PDF-1.4")
    assert face.client.get("/api/state").status_code == 200
    for page in ("/", "/form", "/materials", "/build", "/stamped", "/results"):
        assert face.client.get(page, follow_redirects=True).status_code == 200, page
    assert DataResponse({"a": [float("nan"), (1.5,)]}).body == b'{"a": [null, [1.5]]}'
    assert PageResponse("\udcba").body == "\ufffd".encode()


def test_a_picture_is_kept_only_under_the_version_that_it_shows(face: Face, minimal: Path) -> None:
    state = face.state()
    form = "/pictures/form/application-form/1.png"
    kept = face.client.get(form, params={"v": state["revision"]})
    assert "max-age" in kept.headers["cache-control"]
    face.post("/api/answers", {"edits": [{"path": "remarks", "typed": "改", "seen": None}]})
    late = face.client.get(form, params={"v": state["revision"]})
    assert late.headers["cache-control"] == "no-store"


def test_no_job_starts_for_an_application_that_was_left() -> None:
    jobs = Jobs()
    jobs.close()
    with pytest.raises(Exception, match="换了一份申报"):
        jobs.start("draft", {}, "")


def wait_for_its_end(job: Job) -> None:
    with job.said:
        assert job.said.wait_for(lambda: not job.is_running, 60)


def test_scans_of_a_job_that_was_stopped_are_not_read_again(face: Face) -> None:
    for name in ("一.pdf", "二.pdf"):
        sent = face.client.post("/api/scans", params={"name": name}, content=b"x", headers=OWN)
        assert sent.json() == {"names": [name]}
        made = face.post("/api/scans/recognise").json()["job"]
        job = face.workspace.jobs.get(made)
        assert job is not None
        job.close()
        wait_for_its_end(job)


def test_what_a_job_alone_was_refused_for_is_told(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {
        "code": "scan-too-many",
        "severity": "error",
        "where": "",
        "label": "扫描件",
        "message": "共 401 页，太多了。",
        "remedy": "请分几次放入。",
    }
    revision = face.state()["revision"]
    job = SimpleNamespace(
        id="j", revision=revision, is_running=False, end={"end": "refused", "findings": [found]}
    )
    monkeypatch.setattr(face.workspace.jobs, "latest", lambda _: job)
    assert "太多了" in face.client.get("/stamped").text
    face.post("/api/answers", {"edits": [{"path": "remarks", "typed": "改", "seen": None}]})
    assert "太多了" not in face.client.get("/stamped").text  # it may be mended


def test_what_was_received_for_one_application_is_not_there_for_the_next(
    face: Face, minimal: Path, tmp_path: Path
) -> None:
    data = write_pdf(tmp_path / "扫描.pdf").read_bytes()
    params = {"name": "扫描.pdf"}
    assert face.client.post("/api/scans", params=params, content=data, headers=OWN).json() == {
        "names": ["扫描.pdf"]
    }
    assert face.post("/api/open", {"sample": True}).status_code == 200
    other = face.client.post("/api/scans", params=params, content=data, headers=OWN).json()
    assert other == {"names": ["扫描.pdf"]}


def test_the_record_of_an_output_knows_files_listed_elsewhere(minimal: Path) -> None:
    place = minimal / "别处" / "合同.pdf"
    write_pdf(place)
    entry = {"material": "lease", "file": "别处/合同.pdf"}
    write_application(minimal, put(minimal_answers(), "attachments", [entry]))
    before = inputs_digest(minimal / "application.json")
    assert inputs_digest(minimal / "application.json") == before
    write_pdf(place, pages=2)
    assert inputs_digest(minimal / "application.json") != before


@pytest.mark.parametrize("name", [".sjs", ".sjs/outputs", ".sjs/outputs/成册.new"])
def test_no_record_is_written_through_a_link(minimal: Path, tmp_path: Path, name: str) -> None:
    """The folder may have come from a stranger."""
    other, out = tmp_path / "别处", tmp_path / "成册"
    other.mkdir()
    out.mkdir()
    target = other / "secret" if name.endswith(".new") else other
    (minimal / name).parent.mkdir(parents=True, exist_ok=True)
    (minimal / name).symlink_to(target)
    note(minimal / "application.json", out, "x")
    assert not list(other.iterdir())
