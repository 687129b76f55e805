"""Nothing is lost of what is done on a page before its modules have run, as on a slow machine."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import Walk, written

Release = Callable[[], None]


@pytest.fixture
def release(walk: Walk) -> Release:
    """Holds the modules of each page; to call, to let them come."""
    held: list[Any] = []
    walk.page.route("**/static/api.js", lambda route: held.append(route), times=1)

    def let_come() -> None:
        walk.until(lambda: bool(held))
        held.pop().continue_()

    return let_come


def _goto(walk: Walk, path: str) -> None:
    """Open a page, whose modules do not come yet."""
    walk.page.goto(f"{walk.server.base}{path}", wait_until="commit")
    walk.page.locator("h1").wait_for()


def test_an_answer_that_was_chosen_early_is_saved(walk: Walk, release: Release) -> None:
    _goto(walk, "/form")
    walk.page.locator('[name="platform.qualifications"]').nth(1).check()
    walk.field("remarks").fill("很早写的")
    release()
    walk.until(lambda: written(walk.folder).get("remarks") == "很早写的")
    assert "national_key_laboratory" in written(walk.folder)["platform"]["qualifications"]


def test_a_button_that_was_pressed_early_works_once(walk: Walk, release: Release) -> None:
    count = len(written(walk.folder)["founders"])
    _goto(walk, "/form")
    walk.page.get_by_role("button", name="再加一个设立主体").dblclick()
    release()
    walk.page.locator(f'[name="founders[{count}].name"]:focus').wait_for()
    assert not walk.field(f"founders[{count + 1}].name").is_visible()


def test_a_form_that_was_sent_early_does_not_leave_the_page(walk: Walk, release: Release) -> None:
    asked: list[Any] = []

    def refuse(route: Any) -> None:  # a build that goes on would keep the next test out
        asked.append(route.request.post_data_json["kind"])
        route.fulfill(status=409, json={"message": "现在不行。"})

    walk.page.route("**/api/jobs", refuse)
    _goto(walk, "/build")
    walk.page.locator("form button[type=submit]").first.click()
    assert walk.page.url == f"{walk.server.base}/build"
    release()
    walk.page.locator("#alert", has_text="现在不行。").wait_for()
    assert asked == ["build"]
