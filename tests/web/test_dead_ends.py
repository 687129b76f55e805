"""Whatever goes wrong, a person sees a page in Chinese that leads on."""

import errno
import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.samples import minimal_answers, put, write_application
from tests.web.conftest import OWN, Face, Walk

NOT_SHOWN = re.compile(r"json|sjs-forms|--|null|traceback|not found|\{&#34;|programme", re.I)


def _words(page: str) -> str:
    """What a page shows, without its markup."""
    return re.sub(r"<[^>]*>", " ", page.split("<main", 1)[-1])


@pytest.mark.parametrize("path", ["/nirgends", "/results/x", "/results/all.zip", "/forms/x.pdf"])
def test_a_page_that_is_not_there_leads_to_the_overview(face: Face, path: str) -> None:
    answer = face.client.get(path)
    assert answer.status_code == 404
    assert 'href="/"' in answer.text and "打不开这一页" in answer.text
    assert not NOT_SHOWN.search(_words(answer.text))


def test_a_script_is_answered_as_a_script(face: Face) -> None:
    assert face.client.get("/api/nirgends").json()["message"] == "没有这一页。"
    assert face.client.get("/pictures/file/x/1.png").json()["message"]


def test_a_folder_that_was_moved_is_named_and_found_again(face: Face, minimal: Path) -> None:
    away = minimal.rename(minimal.with_name("别处"))
    for path in ("/", "/form", "/materials"):
        answer = face.client.get(path)
        assert "不在原处" in answer.text and "换一份" in answer.text, path
        assert not NOT_SHOWN.search(_words(answer.text))
    assert "不在原处" in face.client.get("/api/state").json()["message"]
    away.rename(minimal)
    assert face.client.get("/form").status_code == 200


def test_a_fault_of_ours_is_a_page_too(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(face.workspace), "results", lambda _: 1 / 0)
    client = TestClient(
        face.client.app, raise_server_exceptions=False, cookies=face.client.cookies,
        base_url=str(face.client.base_url),
    )  # fmt: skip
    answer = client.get("/build")
    assert answer.status_code == 500 and "本软件的问题" in answer.text
    assert 'href="/"' in answer.text and "ZeroDivision" not in answer.text


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/tmp/x/uploads/a"), "磁盘已满"),
        (PermissionError(errno.EACCES, "Permission denied", "/tmp/x/uploads"), "没有权限"),
        (MemoryError(), "内存不足"),
        (RuntimeError("can't start new thread"), "系统不能再启动线程"),
    ],
)
def test_what_the_machine_lacks_is_no_fault_of_ours(
    face: Face, monkeypatch: pytest.MonkeyPatch, problem: Exception, said: str
) -> None:
    def lacks(*_: object) -> None:
        raise problem

    monkeypatch.setattr("sjs_forms.web.routes.answer_routes.receive", lacks)
    client = TestClient(
        face.client.app, raise_server_exceptions=False, cookies=face.client.cookies,
        base_url=str(face.client.base_url),
    )  # fmt: skip
    answer = client.post("/api/files?material=lease&name=a.pdf", content=b"x", headers=OWN)
    told = answer.json()
    assert answer.status_code == 500 and said in told["message"] and told["remedy"]
    assert "本软件的问题" not in told["message"] and "/tmp" not in told["message"]


@pytest.mark.parametrize("broken", ['{"a": ', "[]", "", '{"programme": "gibtesnicht"}'])
def test_a_broken_file_of_answers_is_told_without_quoting_it(
    face: Face, minimal: Path, broken: str
) -> None:
    (minimal / "application.json").write_text(broken, encoding="utf-8")
    for path in ("/", "/form", "/materials", "/preview", "/stamped", "/import", "/build"):
        answer = face.client.get(path)
        assert answer.status_code == 200, path
        assert not NOT_SHOWN.search(_words(answer.text)), (path, _words(answer.text))


def test_a_job_that_was_refused_lists_what_refused_it_and_no_more(
    face: Face, minimal: Path
) -> None:
    shutil.rmtree(minimal / "attachments")
    write_application(minimal, put(minimal_answers(), "applicant.uscc", "123"))
    job = face.post("/api/jobs", {"kind": "fill"}).json()["job"]
    log = face.client.get(f"/api/jobs/{job}/events").text
    assert '"refused"' in log or '"done"' in log
    page = face.client.get("/stamped").text
    assert ('"refused"' in log) == ("没有做成" in page)
    assert "缺少第" not in page.partition("下面这些要先改好")[2].partition("</section>")[0]
    write_application(minimal, minimal_answers())
    assert "没有做成" not in face.client.get("/stamped").text


def test_an_empty_name_is_asked_for_in_our_words(face: Face) -> None:
    face.post("/api/leave")
    assert "novalidate" in face.client.get("/").text
    answer = face.client.post("/api/open", json={"name": " "}, headers=OWN)
    assert answer.status_code == 400 and "单位名称" in answer.json()["message"]


def test_with_the_server_gone_what_is_typed_stays_and_is_told(walk: Walk) -> None:
    walk.goto("/form")
    walk.page.context.set_offline(True)
    walk.field("remarks").fill("还没有保存")
    walk.page.locator("#saved.bad").wait_for()
    assert "重试" in walk.page.locator("#saved").inner_text()
    walk.page.context.set_offline(False)
    walk.saved()
