"""Another notice, its tables with repeating rows, without a line of its own in the pages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.jobs.new_folder import make_folder
from sjs_forms.typesetting.typesetting_process import local_typesetter
from sjs_forms.web.access.guard import Address
from sjs_forms.web.access.keys import Keys
from sjs_forms.web.app import make_app
from sjs_forms.web.form.form_fields import groups, installed_fields
from sjs_forms.web.workspace.workspace import Workspace
from tests.table_notice import ID, make_notice
from tests.web.conftest import BASE, OWN, PORT, Walk, start, stop, written


@pytest.fixture
def notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the second notice, installed beside the first."""
    folder = tmp_path / "通知"
    folder.mkdir()
    make_notice(folder)
    monkeypatch.setenv(NOTICES_VARIABLE, str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    yield folder


@pytest.fixture
def client(notices: Path, tmp_path: Path) -> Iterator[TestClient]:
    """The page on which an application is chosen."""
    work, keys = tmp_path / "work", Keys()
    work.mkdir()
    workspace = Workspace(work, lambda: None, local_typesetter)
    app = make_app(workspace, Address(("127.0.0.1",), PORT), keys)
    made = TestClient(app, base_url=BASE, follow_redirects=False)
    made.get(f"/open?t={keys.new_link()}")
    yield made
    workspace.close()


def test_with_two_notices_a_new_application_says_for_which(client: TestClient) -> None:
    page = client.get("/").text
    assert f'<option value="{ID}">' in page
    chosen = {"name": "某单位", "notice": ID}
    assert client.post("/api/open", json=chosen, headers=OWN).status_code == 200
    assert client.get("/api/state").json()["application"]["programme"] == ID
    assert "设备清单" in client.get("/form").text
    client.post("/api/leave", headers=OWN)
    missing = client.post("/api/open", json={"name": "某单位", "notice": "x"}, headers=OWN)
    assert missing.status_code == 400


def test_a_notice_that_is_broken_takes_nothing_else_with_it(
    client: TestClient, notices: Path
) -> None:
    broken = notices / "broken"
    broken.mkdir()
    (broken / "programme.toml").write_text("title = [", encoding="utf-8")
    page = client.get("/")
    assert page.status_code == 200 and "broken" not in page.text
    assert client.post("/api/open", json={"sample": True}, headers=OWN).status_code == 200
    for path in ("/", "/form", "/materials", "/build"):
        assert client.get(path).status_code == 200, path
    assert installed_fields()


def test_a_table_within_a_group_is_a_group_of_its_own(notices: Path) -> None:
    fields = notices / ID / "fields.toml"
    text = fields.read_text(encoding="utf-8").replace('at = "equipment"', 'at = "project.devices"')
    text = text.replace("sum(equipment.price)", "sum(project.devices.price)")
    fields.write_text(text, encoding="utf-8")
    by_id = {each.id: each for each in groups(load_programme(ID).fields)}
    assert by_id["project.devices"].rows == "project.devices"
    assert [each.path for each in by_id["project"].questions] == ["project.address"]


def test_answers_at_the_top_stand_by_their_group_in_the_order_of_the_form(notices: Path) -> None:
    fields = notices / ID / "fields.toml"
    text = fields.read_text(encoding="utf-8")
    for old, new in (("applicant.name", "operator"), ("applicant.uscc", "code")):
        text = text.replace(f'"{old}"', f'"{new}"')
    text = text.replace('kind = "line"\nrequired', 'kind = "line"\nlimit = 40\nrequired', 1)
    fields.write_text(text, encoding="utf-8")
    toml = notices / ID / "programme.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace("applicant.name", "operator"), encoding="utf-8"
    )
    first, *_, last = groups(load_programme(ID).fields)
    assert (first.title, [each.path for each in first.questions]) == ("单位", ["operator", "code"])
    assert first.questions[0].most == 40
    assert (last.title, [each.path for each in last.questions]) == ("项目", ["opinion"])


def _devices(folder: Path, key: str) -> list[Any]:
    return [each.get(key) for each in written(folder)["equipment"]]


def test_repeating_rows_are_filled_in_added_and_removed(
    browser: Any, notices: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "设备申请"
    make_folder(folder, ID)
    server = start(folder, **{NOTICES_VARIABLE: str(notices)})
    walk = Walk(folder, server, None, tmp_path)
    walk.page = walk.watch(browser.new_page())
    try:
        walk.page.goto(server.link)
        walk.goto("/form")
        focused: Callable[[], str] = lambda: walk.page.evaluate("document.activeElement.name")  # noqa: E731
        walk.page.get_by_role("button", name="再加一个设备").click()
        walk.until(lambda: focused() == "equipment[0].name")  # it is blank still
        walk.page.keyboard.type("甲机")
        walk.page.get_by_role("button", name="再加一个设备").click()
        walk.until(lambda: focused() == "equipment[1].name")
        names = ["甲机", "乙机", "丙机"]
        for index, name in enumerate(names):
            if not walk.field(f"equipment[{index}].name").is_visible():
                walk.page.get_by_role("button", name="再加一个设备").click()
            walk.field(f"equipment[{index}].name").fill(name)
            walk.field(f"equipment[{index}].price").fill(f"{index + 1}.5")
            walk.field(f"equipment[{index}].price").blur()
            walk.until(lambda: _devices(folder, "name") == names[: index + 1])  # noqa: B023
        walk.page.locator('[name="equipment[1].uses"]').first.check()
        walk.until(lambda: _devices(folder, "uses")[1] == ["train"])
        assert _devices(folder, "price") == [1.5, 2.5, 3.5]
        walk.page.get_by_role("button", name="再加一个设备").click()
        walk.page.get_by_role("button", name="删去设备4").click()
        walk.page.locator('[name="equipment[3].name"]:visible').wait_for(state="detached")
        assert walk.page.evaluate("document.activeElement.textContent") == "再加一个设备"
        walk.page.get_by_role("button", name="删去设备2").click()
        walk.page.locator('[name="equipment[2].name"]:visible').wait_for(state="detached")
        assert walk.page.evaluate("document.activeElement.textContent") == "删去设备2"
        assert _devices(folder, "name") == ["甲机", "丙机"]
        walk.page.get_by_role("button", name="撤销上一步").click()
        walk.page.locator('[name="equipment[2].name"]:visible').wait_for()
        assert _devices(folder, "name") == names
        assert walk.complaints == []
    finally:
        walk.page.close()
        stop(server)
