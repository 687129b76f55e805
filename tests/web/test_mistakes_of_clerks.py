"""What a clerk does by mistake loses nothing, goes nowhere else, and is told in plain words."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.jobs.pipeline import fill
from sjs_forms.web.workspace.recent_folders import place_in_words
from sjs_forms.web.workspace.results import printed_forms, results_of
from tests.samples import MINIMAL, minimal_answers, put, write_application, write_pdf
from tests.web.conftest import OWN, Face, Walk, start, stop, written


def test_the_name_of_a_new_application_is_its_first_answer(
    face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    face.post("/api/leave")
    name = "北京甲/乙有限公司"
    assert face.post("/api/open", {"name": f" {name} "}).status_code == 200
    assert written(tmp_path / "申报材料" / "北京甲_乙有限公司")["applicant"]["name"] == name


def test_a_second_application_of_one_name_is_not_begun_by_mistake(
    face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert face.post("/api/open", {"name": "甲单位"}).status_code == 200
    again = face.post("/api/open", {"name": "甲单位"})
    assert again.status_code == 400
    assert "已经有一份" in again.json()["message"] and "接着做" in again.json()["remedy"]
    assert len(list((tmp_path / "申报材料").iterdir())) == 1


def test_a_folder_is_named_as_a_file_manager_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert place_in_words(tmp_path / "Documents" / "申报材料") == "文档 › 申报材料"
    assert place_in_words(Path("/共享/甲")) == "共享 › 甲"


def test_a_page_of_one_application_never_writes_into_another(face: Face, minimal: Path) -> None:
    edits = [{"path": "remarks", "typed": "给别家的", "seen": None}]
    other = {**OWN, "X-SJS-Application": "application-0"}
    answer = face.client.post("/api/answers", json={"edits": edits}, headers=other)
    assert answer.status_code == 409 and "换了一份" in answer.json()["message"]
    assert not written(minimal).get("remarks")
    assert face.client.get("/api/state", headers=other).status_code == 409


def test_forms_that_were_printed_before_a_change_are_not_up_to_date(minimal: Path) -> None:
    file = minimal / "application.json"
    assert printed_forms(minimal, file).names == ()
    fill(minimal, minimal.with_name(f"{minimal.name}-表格"))
    there = printed_forms(minimal, file)
    assert there.is_current and [name[-4:] for name in there.names[:2]] == [".pdf", ".pdf"]
    later = (minimal.with_name(f"{minimal.name}-表格") / there.names[0]).stat().st_mtime + 5
    os.utime(file, (later, later))
    assert not printed_forms(minimal, file).is_current


def test_a_clock_that_is_wrong_neither_makes_outputs_old_nor_keeps_them_new(
    face: Face, minimal: Path
) -> None:
    file, out = minimal / "application.json", minimal.with_name(f"{minimal.name}-草稿")
    later = file.stat().st_mtime + 40 * 86400
    os.utime(file, (later, later))
    for kind in ("build", "fill"):
        job = face.post("/api/jobs", {"kind": kind, "draft": True}).json()["job"]
        assert '"done"' in face.client.get(f"/api/jobs/{job}/events").text
    made = results_of(out, file)
    assert made is not None and made.is_current
    assert printed_forms(minimal, file).is_current
    write_application(minimal, put(minimal_answers(), "remarks", "改过"))
    os.utime(file, (1e9, 1e9))
    made = results_of(out, file)
    assert made is not None and not made.is_current
    assert not printed_forms(minimal, file).is_current


def test_an_output_that_a_command_wrote_again_is_judged_by_its_time(
    face: Face, minimal: Path
) -> None:
    file = minimal / "application.json"
    job = face.post("/api/jobs", {"kind": "fill"}).json()["job"]
    assert '"done"' in face.client.get(f"/api/jobs/{job}/events").text
    write_application(minimal, put(minimal_answers(), "remarks", "改过"))
    assert not printed_forms(minimal, file).is_current
    fill(minimal, minimal.with_name(f"{minimal.name}-表格"))
    assert printed_forms(minimal, file).is_current


def test_a_folder_that_was_renamed_is_not_made_anew_and_takes_what_was_typed_once_it_is_back(
    walk: Walk,
) -> None:
    walk.goto("/form")
    walk.field("remarks").wait_for()
    walk.page.wait_for_timeout(300)
    away = walk.folder.rename(walk.folder.with_name("改了名"))
    walk.field("remarks").fill("改名以后写的")
    walk.page.locator("#alert", has_text="不在原处").wait_for()
    assert not walk.folder.exists()
    away.rename(walk.folder)
    walk.saved()
    assert written(walk.folder)["remarks"] == "改名以后写的"


def test_what_stands_in_the_way_of_a_build_is_told_without_options_or_paths(
    face: Face, minimal: Path
) -> None:
    out = minimal.with_name(f"{minimal.name}-成册")
    out.write_text("", encoding="utf-8")
    job = face.post("/api/jobs", {"kind": "build", "draft": False}).json()["job"]
    face.client.get(f"/api/jobs/{job}/events")
    page = face.client.get("/build").text
    assert f"“{out.name}”是一个文件" in page
    assert str(out.parent) not in page and "用 -o" not in page


def test_a_tab_left_open_does_not_write_into_what_another_tab_opened(
    walk: Walk, tmp_path: Path
) -> None:
    first, second = walk.folder, Path(shutil.copytree(MINIMAL, tmp_path / "另一家"))
    walk.goto("/form")
    walk.field("remarks").wait_for()
    walk.open(second)
    walk.field("remarks").fill("第一家的话")
    walk.page.locator("#alert", has_text="换了一份").wait_for()
    assert not written(second).get("remarks")
    walk.open(first)
    walk.until(lambda: written(first).get("remarks") == "第一家的话")
    assert not written(second).get("remarks")


def test_what_is_typed_before_the_state_has_come_is_saved_without_a_question(walk: Walk) -> None:
    def late(route: Any) -> None:
        time.sleep(1)
        route.continue_()

    walk.page.route("**/api/state", late)
    walk.goto("/form")
    walk.field("contact.name").fill("手快的人")
    walk.saved()
    assert written(walk.folder)["contact"]["name"] == "手快的人"
    assert walk.page.locator("[data-conflict]:visible").count() == 0


def test_what_is_typed_while_the_server_is_away_is_saved_by_the_next_one(
    browser: Any, minimal: Path
) -> None:
    context = browser.new_context()
    page = context.new_page()
    server = start(minimal)
    port = server.base.rpartition(":")[2]
    try:
        page.goto(server.link)
        page.goto(f"{server.base}/form")
        page.locator('[name="remarks"]').wait_for()
        server.process.kill()
        stop(server)
        page.locator('[name="remarks"]').fill("断开时写的")
        page.locator("#saved.bad").wait_for()
        page.get_by_role("link", name="接着放材料").click()
        page.locator("#alert", has_text="连不上本软件").wait_for()
        assert page.url.endswith("/form")
        server = start(minimal, "--port", port)
        page.locator("#alert", has_text="重新打开过").wait_for()
        context.new_page().goto(server.link)
        page.locator("#saved", has_text="已保存").wait_for()
        assert written(minimal)["remarks"] == "断开时写的"
    finally:
        stop(server)
        context.close()


def test_a_scan_of_another_applicant_is_told_before_and_after_it_is_put_in_place(
    walk: Walk, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(MINIMAL, tmp_path / "别家"))
    write_application(other, put(minimal_answers(), "applicant.name", "北京别家数据有限公司"))
    fill(other, tmp_path / "表格")
    walk.goto("/stamped")
    walk.page.locator("#scan").set_input_files(sorted((tmp_path / "表格").glob("*.pdf")))
    walk.page.locator("#verdict").wait_for()
    walk.page.wait_for_load_state()
    assert walk.page.get_by_text("内容与现在填的不同").count() > 0
    assert "别家单位的表" in walk.page.locator("#scan-findings").inner_text()
    walk.page.locator('#verdict button[type="submit"]').click()
    walk.page.locator('[data-where="applicant.name"]').first.wait_for()
    step = walk.page.locator("#steps a", has_text="盖章件")
    assert "请核对" in step.inner_text() and step.locator(".dot.todo").count() == 1


def test_a_scan_that_cannot_be_read_says_so_and_offers_nothing_to_put_in_place(
    walk: Walk, tmp_path: Path
) -> None:
    (tmp_path / "空.pdf").write_bytes(b"")
    walk.goto("/stamped")
    walk.page.locator("#scan").set_input_files(tmp_path / "空.pdf")
    walk.page.locator("#scan-findings", has_text="空文件").wait_for()
    assert walk.page.locator('#verdict button[type="submit"]').count() == 0
    walk.page.locator("[data-clear-scans]").click()
    walk.page.locator("#scan-drop").wait_for()


@pytest.mark.parametrize(("path", "told"), [("/materials", "虚线框"), ("/form", "材料")])
def test_a_file_that_is_dropped_beside_the_mark_is_told(walk: Walk, path: str, told: str) -> None:
    walk.goto(path)
    walk.page.evaluate(
        """() => { const data = new DataTransfer(); data.items.add(new File(["x"], "甲.pdf"));
        document.querySelector("h1").dispatchEvent(
            new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data})); }"""
    )
    walk.page.locator("#alert", has_text=told).wait_for()


def test_pages_are_seen_large_from_the_preview_and_by_keys_alone(walk: Walk) -> None:
    walk.goto("/preview")
    page = walk.page.locator("[data-form] .look").first
    page.focus()
    walk.page.keyboard.press("Enter")
    viewer = walk.page.locator("#viewer")
    viewer.wait_for()
    walk.page.keyboard.press("ArrowRight")
    assert walk.page.locator("#viewer-page").inner_text().startswith("2 /")
    for _ in range(6):
        walk.page.keyboard.press("Tab")
        assert walk.page.evaluate("document.activeElement.closest('#viewer') !== null")
    walk.page.keyboard.press("Escape")
    viewer.wait_for(state="hidden")
    assert page.evaluate("each => each === document.activeElement")


def test_a_removed_file_is_told_with_the_way_back(walk: Walk, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "放错的.pdf", mark="x")
    walk.goto("/materials")
    walk.material("licence").locator("input[type=file]").first.set_input_files(path)
    card = walk.material("licence").locator('[data-file$="放错的.pdf"]')
    card.locator("[data-remove-file]").click()
    walk.page.locator("#saved", has_text="撤销上一步").wait_for()
    walk.page.locator("[data-action=undo]").click()
    walk.page.locator("#saved", has_text="已撤销上一步").wait_for()
    walk.material("licence").locator('[data-file$="放错的.pdf"]').wait_for()


def test_many_differences_are_taken_with_one_click(walk: Walk, tmp_path: Path) -> None:
    changed = minimal_answers()
    for path, value in (("contact.name", "甲"), ("contact.phone", "010-88887777"),
                        ("platform.name", "乙"), ("platform.address", "丙")):  # fmt: skip
        changed = put(changed, path, value)
    twin = Path(shutil.copytree(MINIMAL, tmp_path / "twin"))
    write_application(twin, changed)
    fill(twin, tmp_path / "forms")
    walk.goto("/import")
    walk.page.locator("#word").set_input_files(tmp_path / "forms" / "附4-1_申报书.docx")
    walk.page.get_by_role("button", name="全部采用").click()
    walk.page.get_by_role("button", name="写入").click()
    walk.page.wait_for_url("**/form")
    now = written(walk.folder)
    assert (now["contact"]["name"], now["platform"]["address"]) == ("甲", "丙")
