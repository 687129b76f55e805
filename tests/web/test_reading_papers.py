"""核对: papers are read from the page, with pictures of the places that differ."""

from typing import Any

import pytest

from tests.samples import minimal_answers, put, write_application
from tests.web.conftest import Walk


@pytest.fixture
def larger(walk: Walk) -> Walk:
    """An application whose lease says another area than its form."""
    write_application(walk.folder, put(minimal_answers(), "platform.total_area_sqm", 300))
    return walk


def read(walk: Walk) -> Any:
    """Read the papers; returns the page once it shows what was found."""
    walk.goto("/reading")
    walk.page.get_by_role("button", name="开始核对").click()
    walk.page.get_by_role("heading", name="逐项对照").wait_for()
    return walk.page


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)])
def test_a_difference_is_shown_with_a_picture_of_the_place(
    larger: Walk, size: tuple[int, int]
) -> None:
    larger.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = read(larger)
    finding = page.locator('[data-finding="read-area-differs"]')
    assert "200 平方米" in finding.inner_text() and "300 平方米" in finding.inner_text()
    assert "application.json" not in page.content()
    picture = finding.locator("img")
    picture.evaluate("one => one.decode()")
    assert picture.evaluate("one => one.naturalWidth") > 100
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="总面积（平方米）").click()
    page.locator('[name="platform.total_area_sqm"]:focus').wait_for()


def test_what_was_read_before_a_change_is_said_to_be_old_or_read_again(larger: Walk) -> None:
    page = read(larger)
    write_application(larger.folder, put(minimal_answers(), "platform.total_area_sqm", 200))
    larger.goto("/reading")
    page.get_by_text("内容改过，下面是改之前读的").wait_for()
    page.get_by_label("内容改过以后，打开这一页就自动再读").check()
    larger.goto("/reading")
    page.locator('#read[data-current="1"]').wait_for()
    assert not page.locator('[data-finding="read-area-differs"]').count()
    assert "一致" in page.locator("table.read").inner_text()
