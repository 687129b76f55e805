"""拉平照片: a photograph beside the clean page that it can become, to choose one of them."""

from pathlib import Path
from typing import Any

import pytest

from sjs_forms.intake.photographs import opencv
from tests.intake.photographs.desks import flat_page, photograph
from tests.web.conftest import Face, Walk, written
from tests.web.test_accessibility import PHONE, WIDE, _violations

pytestmark = pytest.mark.skipif(
    not opencv.is_installed(), reason="the extra `read` is not installed"
)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A photograph and a scan."""
    page = flat_page()
    scan = tmp_path / "扫描.jpg"
    page.save(scan)
    return [photograph(tmp_path / "照片.jpg", page), scan]


def card(walk: Walk, name: str) -> Any:
    return walk.material("lease").locator(f'[data-file$="{name}"]')


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_photograph_is_compared_taken_and_taken_back(
    walk: Walk, files: list[Path], size: tuple[int, int]
) -> None:
    walk.page.set_viewport_size({"width": size[0], "height": size[1]})
    walk.goto("/materials")
    walk.material("lease").locator("input[type=file]").first.set_input_files(files)
    offer = card(walk, "照片.jpg").get_by_role("button", name="拉平这张照片")
    offer.wait_for()
    assert not card(walk, "扫描.jpg").get_by_role("button", name="拉平").count()
    thumb = card(walk, "照片.jpg").locator(".thumb img").get_attribute("src")
    offer.focus()
    walk.page.keyboard.press("Enter")
    for which in ("before", "after"):
        walk.page.locator(f"#comparison-{which}").evaluate("one => one.decode()")
    assert walk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert _violations(walk.page) == []
    walk.page.keyboard.press("Escape")
    assert offer.evaluate("one => one === document.activeElement")
    walk.page.keyboard.press("Enter")
    walk.page.get_by_role("button", name="用拉平的").click()
    card(walk, "照片.jpg").get_by_text("已拉平").wait_for()
    entries = written(walk.folder)["attachments"]
    taken = [each["file"] for each in entries if each.get("straighten") is True]
    assert [Path(each).name for each in taken] == ["照片.jpg"]
    assert card(walk, "照片.jpg").locator(".thumb img").get_attribute("src") != thumb
    card(walk, "照片.jpg").get_by_role("button", name="与原来的照片比较").click()
    walk.page.get_by_role("button", name="用原来的照片").click()
    offer.wait_for()
    assert "straighten" not in str(written(walk.folder)["attachments"])
    walk.page.get_by_role("button", name="撤销上一步").click()
    card(walk, "照片.jpg").get_by_text("已拉平").wait_for()


def test_a_photograph_is_offered_on_the_page_of_papers_read_too(
    walk: Walk, files: list[Path]
) -> None:
    walk.goto("/materials")
    walk.material("lease").locator("input[type=file]").first.set_input_files(files[:1])
    card(walk, "照片.jpg").get_by_role("button", name="拉平").wait_for()
    walk.goto("/reading")
    walk.page.get_by_role("button", name="开始核对").click()
    finding = walk.page.locator('[data-finding="read-photograph"]')
    finding.wait_for()
    finding.get_by_role("button", name="拉平这张照片").click()
    walk.page.get_by_role("button", name="用拉平的").click()
    finding.get_by_role("button", name="与原来的照片比较").wait_for()
    assert "straighten" in str(written(walk.folder)["attachments"])


def test_what_cannot_be_straightened_any_more_can_be_taken_back(
    walk: Walk, files: list[Path]
) -> None:
    walk.goto("/materials")
    walk.material("lease").locator("input[type=file]").first.set_input_files(files[1:])
    card(walk, "扫描.jpg").locator("img").wait_for()
    walk.page.evaluate(
        """(id) => fetch(`/api/files/${id}`, {method: "POST",
        headers: {"Content-Type": "application/json", "X-SJS-Forms": "1"},
        body: JSON.stringify({action: "change", straighten: "true"})})""",
        card(walk, "扫描.jpg").get_attribute("data-id"),
    )
    card(walk, "扫描.jpg").locator('[data-finding="straighten-unsure"]').wait_for()
    card(walk, "扫描.jpg").get_by_role("button", name="不拉平").click()
    walk.until(lambda: "straighten" not in str(written(walk.folder)["attachments"]))


def test_pictures_are_given_of_files_only(face: Face) -> None:
    for kind in ("photograph", "straightened"):
        assert face.client.get(f"/pictures/{kind}/file-none/1.png").status_code == 404
