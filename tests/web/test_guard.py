"""What must never get through: each defence of the web face."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sjs_forms.web.access.guard import CONTENT_SECURITY_POLICY
from tests.samples import minimal_answers, put, write_application
from tests.web.conftest import BASE, OWN, PORT, SCREENS, Face


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", "", "localhost:80"]
)
def test_a_host_that_is_not_ours_is_misdirected(face: Face, host: str) -> None:
    for path in ("/", "/static/style.css", f"/open?t={face.keys.new_link()}", "/api/state"):
        assert face.client.get(path, headers={"Host": host}).status_code == 421


def test_the_link_works_once_and_gives_a_cookie_for_this_site_alone(face: Face) -> None:
    link, stranger = f"/open?t={face.keys.new_link()}", face.stranger()
    answer = stranger.get(link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "domain" not in cookie
    assert stranger.get("/").status_code == 200
    again = face.stranger().get(link)
    assert again.status_code == 403 and "set-cookie" not in again.headers
    assert face.stranger().get("/open?t=guessed").status_code == 403
    assert face.stranger().get("/open").status_code == 403


@pytest.mark.parametrize("path", [*SCREENS, "/api/state", "/results/all.zip", "/pictures/x"])
def test_without_the_cookie_nothing_is_shown(face: Face, path: str) -> None:
    answer = face.stranger().get(path)
    assert answer.status_code == 403
    assert minimal_answers()["applicant"]["name"] not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-SJS-Forms": "1"},
        {"Origin": BASE},
        {**OWN, "Origin": "http://evil.example"},
        {**OWN, "Origin": "null"},
        {**OWN, "Origin": f"http://127.0.0.1:{PORT + 1}"},
        {**OWN, "X-SJS-Forms": "0"},
        {**OWN, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_write_that_the_page_did_not_make_is_refused(
    face: Face, minimal: Path, headers: dict[str, str]
) -> None:
    before = (minimal / "application.json").read_bytes()
    edits = [{"path": "remarks", "typed": "x", "seen": None}]
    requests = (
        ("POST", "/api/answers", {"edits": edits}),
        ("PUT", "/api/application", {}),
        ("POST", "/api/end", {}),
        ("POST", "/api/files?material=lease&name=a.pdf", {}),
    )
    for method, path, data in requests:
        answer = face.client.request(method, path, json=data, headers=headers)
        assert answer.status_code == 403
    assert (minimal / "application.json").read_bytes() == before
    assert not face.ended[0]


def test_reading_changes_nothing(face: Face) -> None:
    for route in face.client.app._app.routes:  # type: ignore[attr-defined]
        writes = getattr(route, "methods", None) or set()
        assert not ({"POST", "PUT", "DELETE"} & writes and {"GET", "HEAD"} & writes)


@pytest.mark.parametrize("path", [*SCREENS, "/static/form.js", "/nothing", "/api/state"])
def test_every_answer_forbids_foreign_code_and_frames(face: Face, path: str) -> None:
    answer = face.client.get(path)
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY and "http" not in CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", SCREENS)
def test_pages_name_nothing_of_another_machine_and_run_nothing_inline(
    face: Face, path: str
) -> None:
    html = face.client.get(path).text
    assert "http://" not in html and "https://" not in html
    assert "<script>" not in html and " style=" not in html and " onclick=" not in html


def test_hostile_answers_and_names_are_shown_as_text(face: Face, minimal: Path) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    answers = put(put(minimal_answers(), "applicant.name", evil), "remarks", evil)
    write_application(minimal, answers)
    body = b"%PDF-1.4 broken"
    name = "<img src=x onerror=alert(1)>.pdf"
    face.client.post(
        "/api/files", params={"material": "lease", "name": name}, content=body, headers=OWN
    )
    for path in SCREENS:
        html = face.client.get(path).text
        assert "<script>alert" not in html and "<img src=x" not in html


@pytest.mark.parametrize(
    "name", ["../../x.pdf", "/etc/x.pdf", "..\\..\\x.pdf", "application.json", "", ".", "CON.pdf"]
)
def test_a_name_never_leads_out_of_its_material(face: Face, minimal: Path, name: str) -> None:
    before = {path for path in minimal.parent.rglob("*") if ".sjs" not in path.parts}
    face.client.post(
        "/api/files", params={"material": "lease", "name": name}, content=b"x", headers=OWN
    )
    made = {path for path in minimal.parent.rglob("*") if ".sjs" not in path.parts} - before
    made = {path for path in made if "work" not in path.parts}
    assert made and all(path.parent.name.startswith("2-") for path in made)


def test_a_file_is_named_by_an_id_and_never_by_a_path(face: Face) -> None:
    for file in ("../application.json", "..%2Fapplication.json", "attachments", "file-0"):
        assert face.client.get(f"/pictures/file/{file}/1.png").status_code in (404, 307)
        assert face.client.get(f"/results/{file}").status_code in (404, 307)
        assert face.client.get(f"/forms/{file}").status_code in (404, 307)
    assert face.post("/api/files/file-0", {"action": "remove"}).status_code == 404


def test_an_upload_is_counted_while_it_comes(
    face: Face, minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = face.workspace.live
    assert live is not None
    limit = live.view().programme.intake.max_bytes
    headers = {**OWN, "Content-Length": str(limit + 1)}
    params = {"material": "lease", "name": "大.pdf"}
    answer = face.client.post("/api/files", params=params, content=b"x", headers=headers)
    assert answer.status_code == 413 and "上限" in answer.json()["message"]
    short = {**OWN, "Content-Length": "10"}
    answer = face.client.post("/api/files", params=params, content=b"x", headers=short)
    assert answer.status_code == 400
    assert not list((face.workspace.work / "uploads").iterdir())
    assert not list(minimal.rglob("大.pdf"))


def test_a_body_is_bounded_and_must_be_an_object(face: Face) -> None:
    def sent(content: bytes) -> int:
        return face.client.post("/api/answers", content=content, headers=OWN).status_code

    assert sent(b'"' + b"x" * 5_000_000) == 413
    for content in (b"[]", b"{", b"[" * 100_000, b'{"edits": 1}', b'{"edits": [{}]}', b"\xff"):
        assert sent(content) == 400


def test_passwords_of_files_are_never_shown(face: Face, minimal: Path) -> None:
    file = "attachments/4-营业执照/营业执照.pdf"
    listed = [{"material": "licence", "file": file, "password": "geheim123"}]
    write_application(minimal, put(minimal_answers(), "attachments", listed))
    state = face.state()
    assert "geheim123" not in json.dumps(state)
    for path in SCREENS:
        assert "geheim123" not in face.client.get(path).text
    headers = {**OWN, "If-Match": state["revision"]}
    answer = face.client.put("/api/application", json=state["application"], headers=headers)
    assert answer.status_code == 200 and "geheim123" not in answer.text
    now = json.loads((minimal / "application.json").read_text(encoding="utf-8"))
    assert now["attachments"][0]["password"] == "geheim123"


def test_only_who_can_read_the_users_files_gets_another_link(face: Face) -> None:
    stranger = face.stranger()
    assert stranger.post("/api/link").status_code == 403
    assert stranger.post("/api/link", headers={"X-SJS-Secret": "x"}).status_code == 403
    given = stranger.post("/api/link", headers={"X-SJS-Secret": face.keys.secret}).json()["token"]
    assert stranger.get(f"/open?t={given}").status_code == 303


def test_a_fault_of_ours_shows_no_inside(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    live = face.workspace.live
    assert live is not None

    def broken() -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(live, "view", broken)
    quiet = TestClient(face.client.app, base_url=BASE, raise_server_exceptions=False)
    quiet.cookies = face.client.cookies
    answer = quiet.get("/api/state")
    assert answer.status_code == 500 and "secret" not in answer.text
