"""The application over HTTP: state, revisions, merge by field, files."""

from pathlib import Path

from tests.samples import minimal_answers, put, write_application, write_pdf
from tests.web.conftest import OWN, Face, start, stop, written


def edit(path: str, typed: object, seen: object = None) -> dict[str, object]:
    return {"edits": [{"path": path, "typed": typed, "seen": seen}]}


def test_the_state_says_what_the_folder_does(face: Face, minimal: Path) -> None:
    state = face.state()
    assert state["application"] == minimal_answers()
    assert {file["material"] for file in state["files"]} >= {"lease", "licence"}
    assert all(set(found) >= {"code", "severity", "where"} for found in state["findings"])
    assert face.client.get("/api/state", params={"since": state["tag"]}).status_code in (200, 204)


def test_a_stale_revision_is_refused_and_a_present_one_is_written(
    face: Face, minimal: Path
) -> None:
    state = face.state()
    write_application(minimal, put(minimal_answers(), "remarks", "别处"))
    changed = put(state["application"], "opinion", "同意")
    headers = {**OWN, "If-Match": state["revision"]}
    answer = face.client.put("/api/application", json=changed, headers=headers)
    assert answer.status_code == 412
    assert answer.json()["revision"] == face.state()["revision"]
    assert written(minimal)["remarks"] == "别处"
    headers["If-Match"] = f'"{answer.json()["revision"]}"'
    changed = put(face.state()["application"], "opinion", "同意")
    assert face.client.put("/api/application", json=changed, headers=headers).status_code == 200
    assert (written(minimal)["remarks"], written(minimal)["opinion"]) == ("别处", "同意")
    assert face.client.put("/api/application", json=changed, headers=OWN).status_code == 428


def test_answers_are_merged_field_by_field(face: Face, minimal: Path) -> None:
    write_application(minimal, put(minimal_answers(), "remarks", "别处"))
    assert face.post("/api/answers", edit("opinion", "同意")).status_code == 200
    clash = face.post("/api/answers", edit("remarks", "我的"))
    assert clash.status_code == 409 and clash.json()["now"] == {"remarks": "别处"}
    assert (written(minimal)["remarks"], written(minimal)["opinion"]) == ("别处", "同意")
    assert face.post("/api/answers", edit("remarks", "别处")).status_code == 200
    assert face.post("/api/answers", edit("remarks", "我的", "别处")).status_code == 200
    assert written(minimal)["remarks"] == "我的"


def test_a_place_that_is_none_is_refused_in_chinese(face: Face, minimal: Path) -> None:
    for path in ("nothing", "applicant.x", "a..b", ""):
        answer = face.post("/api/answers", edit(path, "x"))
        assert answer.status_code == 400 and "json" not in answer.text.lower()
    assert written(minimal) == minimal_answers()


def test_undo_takes_back_what_was_changed_last(face: Face, minimal: Path) -> None:
    face.post("/api/answers", edit("remarks", "一"))
    assert face.post("/api/undo").status_code == 200
    assert written(minimal) == minimal_answers()
    assert face.post("/api/undo").status_code == 409


def test_a_file_comes_goes_and_comes_back(face: Face, minimal: Path, tmp_path: Path) -> None:
    data = write_pdf(tmp_path / "新.pdf", pages=2, mark="新").read_bytes()
    params = {"material": "licence", "name": "新.pdf"}
    state = face.client.post("/api/files", params=params, content=data, headers=OWN).json()
    file = next(each for each in state["files"] if each["file"].endswith("新.pdf"))
    assert (file["material"], file["page_count"]) == ("licence", 2)
    picture = face.client.get(f"/pictures/file/{file['id']}/2.png")
    assert picture.content.startswith(b"\x89PNG") and picture.headers["x-pages"] == "2"
    assert face.client.get(f"/pictures/file/{file['id']}/3.png").status_code == 400
    face.post(f"/api/files/{file['id']}", {"action": "remove"})
    assert not list(minimal.rglob("4-*/新.pdf"))
    face.post("/api/undo")
    assert list(minimal.rglob("4-*/新.pdf"))


def test_a_broken_application_can_be_mended_from_the_page(face: Face, minimal: Path) -> None:
    face.post("/api/answers", edit("remarks", "一"))
    (minimal / "application.json").write_text("{", encoding="utf-8")
    page = face.client.get("/form")
    assert page.status_code == 200 and "撤销上一步" in page.text and "JSON" not in page.text
    face.post("/api/undo")
    assert written(minimal)["remarks"] == "一"


def test_a_second_start_opens_the_first(minimal: Path) -> None:
    first = start(minimal)
    try:
        second = start(minimal)
        assert second.process.wait(timeout=30) == 0
        assert second.process.stdout is not None
        second.process.stdout.close()
        assert second.base == first.base and second.link != first.link
    finally:
        stop(first)


def test_without_an_application_one_is_chosen_or_begun(face: Face, minimal: Path) -> None:
    assert face.post("/api/leave").status_code == 200
    assert face.client.get("/form").headers["location"] == "/"
    home = face.client.get("/").text
    assert minimal.name in home and "样例" in home
    assert face.client.get("/api/state").status_code == 409
    chosen = home.partition('data-open="')[2].partition('"')[0]
    assert face.post("/api/open", {"id": chosen}).status_code == 200
    assert face.state()["application"] == minimal_answers()
    assert face.post("/api/open", {"id": "/etc"}).status_code == 404
    assert face.post("/api/open", {"name": "  "}).status_code == 400
