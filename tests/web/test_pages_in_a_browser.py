"""Whole jobs walked through in a real browser, as a clerk does."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf

from sjs_forms.jobs.pipeline import fill
from sjs_forms.web.workspace.results import draft_folder
from tests.intake.ofd.invoices import letter
from tests.samples import MATERIALS, MINIMAL, minimal_answers, put, write_application, write_pdf
from tests.web.conftest import SCREENS, Walk, start, stop, written


def test_what_is_typed_is_judged_beneath_and_saved_in_the_folder(walk: Walk) -> None:
    walk.goto("/form")
    walk.field("applicant.uscc").fill("123")
    finding = walk.page.locator('[data-finding="uscc-invalid"][data-where="applicant.uscc"]')
    finding.wait_for()
    described = str(walk.field("applicant.uscc").get_attribute("aria-describedby")).split()
    holder = finding.locator("xpath=..").get_attribute("id")
    assert holder in described
    assert walk.field("applicant.uscc").get_attribute("aria-invalid") == "true"
    assert written(walk.folder)["applicant"]["uscc"] == "123"
    walk.goto("/")
    walk.page.locator('[data-part="form"][data-state="todo"]').wait_for()
    walk.page.get_by_role("link", name="不是有效的统一社会信用代码").click()
    walk.page.locator('[name="applicant.uscc"]:focus').wait_for()


def test_choices_rows_and_undo(walk: Walk) -> None:
    walk.goto("/form")
    walk.page.locator('[name="platform.qualifications"]').nth(1).check()
    walk.saved()
    assert "national_key_laboratory" in written(walk.folder)["platform"]["qualifications"]
    count = len(written(walk.folder)["founders"])
    walk.page.get_by_role("button", name="再加一个设立主体").click()
    walk.field(f"founders[{count}].name").fill("乙方单位")
    walk.field(f"founders[{count}].name").blur()
    walk.until(lambda: len(written(walk.folder)["founders"]) > count)
    assert written(walk.folder)["founders"][count]["name"] == "乙方单位"
    walk.saved()
    walk.page.get_by_role("button", name="撤销上一步").click()
    walk.until(lambda: len(written(walk.folder)["founders"]) == count)


def test_a_tab_and_a_command_beside_lose_nothing_and_one_answer_is_asked_for(walk: Walk) -> None:
    walk.goto("/form")
    other = walk.page.context.new_page()
    other.goto(f"{walk.server.base}/form")
    other.locator('[name="contact.name"]').fill("另一人")
    other.locator("#saved", has_text="已保存").wait_for()
    walk.field("remarks").fill("这边写的")
    walk.saved()
    now = written(walk.folder)
    assert (now["contact"]["name"], now["remarks"]) == ("另一人", "这边写的")
    other.close()
    walk.page.context.set_offline(True)
    walk.field("remarks").fill("我的")
    write_application(walk.folder, put(written(walk.folder), "remarks", "编辑器的"))
    walk.page.context.set_offline(False)
    walk.page.get_by_role("button", name="用我写的").click()
    walk.saved()
    assert written(walk.folder)["remarks"] == "我的"


def test_a_server_that_is_killed_loses_nothing_that_was_saved(browser: Any, minimal: Path) -> None:
    page = browser.new_page()
    for value in ("", "马上断电"):
        server = start(minimal)
        try:
            page.goto(server.link)
            page.goto(f"{server.base}/form")
            assert page.locator('[name="remarks"]').input_value() == value
            page.locator('[name="remarks"]').fill("马上断电")
            if not value:
                page.locator("#saved", has_text="已保存").wait_for()
                server.process.kill()
        finally:
            stop(server)
    page.close()


def test_sixteen_files_for_seven_materials_are_all_there(walk: Walk, tmp_path: Path) -> None:
    walk.goto("/materials")
    dropped = {}
    for number, material in enumerate(MATERIALS):
        names = [f"{material}-{each}.pdf" for each in range(2 + (number > 4))]
        paths = [write_pdf(tmp_path / name, mark=name) for name in names]
        walk.material(material).locator("input[type=file]").first.set_input_files(paths)
        dropped[material] = names
    for material, names in dropped.items():
        for name in names:
            thumb = walk.material(material).locator(f'[data-file$="{name}"] img')
            thumb.wait_for(state="attached")
    for material, names in dropped.items():
        assert set(names) <= set(walk.files(material))


def _drop(walk: Walk, material: str, path: Path) -> None:
    """Drop a file or a folder on a material, as the system does."""
    section = walk.material(material)
    section.scroll_into_view_if_needed()
    box = section.bounding_box()
    session = walk.page.context.new_cdp_session(walk.page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    where = {"x": box["x"] + 40, "y": box["y"] + 20}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **where, "data": data})


def test_a_true_drop_lands_where_it_was_dropped(walk: Walk, tmp_path: Path) -> None:
    walk.goto("/materials")
    _drop(walk, "licence", write_pdf(tmp_path / "拖放.pdf", mark="拖放"))
    walk.material("licence").locator('[data-file$="拖放.pdf"]').wait_for()


def test_of_a_dropped_folder_the_files_are_taken_by_name(walk: Walk, tmp_path: Path) -> None:
    folder = tmp_path / "执照"
    (folder / "里层").mkdir(parents=True)
    for name in ("第10页.pdf", "第2页.pdf", "里层/末页.pdf"):
        write_pdf(folder / name, mark=name)
    (folder / "Thumbs.db").write_bytes(b"x")
    walk.goto("/materials")
    before = walk.files("licence")
    _drop(walk, "licence", folder)
    walk.material("licence").locator('[data-file$="末页.pdf"]').wait_for()
    files = walk.files("licence")
    assert {*files} == {*before, "第2页.pdf", "第10页.pdf", "末页.pdf"}
    assert files.index("第2页.pdf") < files.index("第10页.pdf")
    (tmp_path / "空的").mkdir()
    _drop(walk, "licence", tmp_path / "空的")
    walk.page.locator("#alert", has_text="没有文件").wait_for()


def test_a_file_that_went_before_it_was_sent_is_told_as_that(walk: Walk, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "走了.pdf", mark="走")
    walk.goto("/materials")
    walk.page.route("**/api/files?*", lambda route: (path.unlink(), route.abort()))
    walk.material("licence").locator("input[type=file]").first.set_input_files(path)
    told = walk.material("licence").locator(".uploads .error", has_text="走了.pdf")
    told.wait_for()
    assert "可能已移走" in told.inner_text() and "连接" not in told.inner_text()


def test_an_encrypted_file_asks_for_its_password_on_its_card(walk: Walk, tmp_path: Path) -> None:
    plain, locked = write_pdf(tmp_path / "平.pdf", mark="锁"), tmp_path / "锁.pdf"
    with pikepdf.open(plain) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(user="mima", owner="mima2"))
    walk.goto("/materials")
    walk.material("evidence").locator("input[type=file]").first.set_input_files(locked)
    card = walk.material("evidence").locator('[data-file$="锁.pdf"]')
    card.locator('[data-finding="attachment-encrypted"]').wait_for()
    card.locator("input[type=password]").fill("mima")
    card.get_by_role("button", name="打开").click()
    card.locator("img").wait_for()
    assert card.locator("[data-finding]").count() == 0


def test_an_ofd_has_a_picture_pages_and_turns_as_any_other(walk: Walk, tmp_path: Path) -> None:
    paper = tmp_path / "函.ofd"
    paper.write_bytes(letter(3))
    walk.goto("/materials")
    walk.material("evidence").locator("input[type=file]").first.set_input_files(paper)
    card = walk.material("evidence").locator('[data-file$="函.ofd"]')
    card.locator("img").wait_for()
    card.get_by_text("3 页").wait_for()
    card.get_by_role("button", name="右转").click()
    card.get_by_text("转 90°").wait_for()


def test_order_pages_and_turn_by_key_and_mouse(walk: Walk, tmp_path: Path) -> None:
    walk.goto("/materials")
    before = walk.files("lease")
    first = walk.material("lease").locator("[data-file]").first
    first.locator("img").wait_for()
    first.focus()
    walk.page.keyboard.press("Alt+ArrowDown")
    walk.saved()
    walk.until(lambda: walk.files("lease") == [before[1], before[0], *before[2:]])
    focused = walk.page.evaluate("document.activeElement.dataset.file")
    assert str(focused).endswith(before[0])
    cards = walk.material("lease").locator("[data-file]")
    cards.nth(2).drag_to(cards.nth(0))
    walk.until(lambda: walk.files("lease") == [before[2], before[1], before[0]])
    long = write_pdf(tmp_path / "长.pdf", pages=7, mark="长")
    walk.material("evidence").locator("input[type=file]").first.set_input_files(long)
    card = walk.material("evidence").locator('[data-file$="长.pdf"]')
    card.locator("img").wait_for()
    card.get_by_role("button", name="右转").click()
    card.get_by_text("转 90°").wait_for()
    card.locator("summary").click()
    card.get_by_label("只取这几页").fill("1-3,7")
    card.get_by_label("只取这几页").blur()
    card.get_by_text("取 1-3,7").wait_for()
    entries = written(walk.folder)["attachments"]
    entry = next(each for each in entries if each["file"].endswith("长.pdf"))
    assert (entry["rotate"], entry["pages"]) == (90, "1-3,7")


def test_a_build_that_is_stopped_while_binding_leaves_nothing(walk: Walk, tmp_path: Path) -> None:
    thick = write_pdf(tmp_path / "厚.pdf", pages=400, mark="厚")
    walk.goto("/materials")
    walk.material("lease").locator("input[type=file]").first.set_input_files(thick)
    walk.material("lease").locator('[data-file$="厚.pdf"] img').wait_for()
    beside = {path.name for path in walk.folder.parent.iterdir()}
    walk.goto("/build")
    walk.page.locator('[data-action="build"]').click()
    walk.page.locator(".job-stage", has_text="装订").wait_for()
    walk.page.locator('[data-action="cancel"]').click()
    walk.page.get_by_text("已停止").wait_for()
    walk.until(lambda: {path.name for path in walk.folder.parent.iterdir()} == beside)
    assert not draft_folder(walk.folder).exists()


def test_word_forms_are_held_against_the_answers_and_only_the_chosen_are_taken(
    walk: Walk, tmp_path: Path
) -> None:
    changed = minimal_answers()
    for path, value in (("contact.name", "甲"), ("contact.phone", "010-88887777"),
                        ("platform.name", "新平台")):  # fmt: skip
        changed = put(changed, path, value)
    twin = Path(shutil.copytree(MINIMAL, tmp_path / "twin"))
    write_application(twin, changed)
    fill(twin, tmp_path / "forms")
    walk.goto("/import")
    walk.page.locator("#word").set_input_files(tmp_path / "forms" / "附4-1_申报书.docx")
    rows = walk.page.locator("fieldset.difference")
    rows.first.wait_for()
    assert rows.count() == 3
    for label in ("联系人", "联系电话"):
        row = rows.filter(has=walk.page.locator("legend", has_text=label)).first
        row.get_by_text("采用 Word 表的").click()
    walk.page.get_by_role("button", name="写入").click()
    walk.page.wait_for_url("**/form")
    now, before = written(walk.folder), minimal_answers()
    assert now["contact"]["name"] == "甲"
    assert now["contact"]["phone"] == "010-88887777"
    assert now["platform"]["name"] == before["platform"]["name"]


def test_a_mixed_scan_is_placed_page_by_page(walk: Walk, tmp_path: Path) -> None:
    fill(walk.folder, tmp_path / "表格")
    mixed = tmp_path / "扫描.pdf"
    with pikepdf.new() as pdf:
        for name in ("附4-2_承诺书.pdf", "附4-1_申报书.pdf"):
            with pikepdf.open(tmp_path / "表格" / name) as form:
                pdf.pages.extend(reversed(form.pages))
        pdf.pages[1].rotate(180, relative=True)
        pdf.add_blank_page()
        pdf.save(mixed)
        count = len(pdf.pages)
    walk.goto("/stamped")
    walk.page.locator("#scan").set_input_files(mixed)
    walk.page.locator("#verdict").wait_for()
    assert walk.page.locator(".scan-page").count() == count
    assert walk.page.locator(".scan-page.placed").count() == count - 1
    assert not [each for each in walk.folder.rglob("*.pdf") if each.parent.name.startswith("7-")]
    walk.page.locator('#verdict button[type="submit"]').click()
    walk.page.locator(".checks .dot.done").nth(1).wait_for()
    walk.goto("/materials")
    assert len(walk.files("commitment")) == len(walk.files("application-form")) == 1


def test_hostile_names_and_answers_are_text_and_break_no_rule(walk: Walk, tmp_path: Path) -> None:
    evil = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    walk.page.on("dialog", lambda dialog: walk.complaints.append(dialog.message))
    write_application(walk.folder, put(minimal_answers(), "applicant.name", evil))
    path = write_pdf(tmp_path / "<img src=x onerror=alert(1)>.pdf", mark="evil")
    walk.goto("/materials")
    walk.material("lease").locator("input[type=file]").first.set_input_files(path)
    walk.material("lease").locator('[data-file*="img src"]').wait_for()
    for page in ("/", "/form", "/materials", "/preview", "/stamped", "/build"):
        walk.goto(page)
        walk.page.wait_for_timeout(300)
        assert walk.page.locator("img[src=x]").count() == 0
    walk.goto("/form")
    assert walk.field("applicant.name").input_value() == evil


def test_no_word_of_commands_is_on_any_page(walk: Walk) -> None:
    write_application(walk.folder, {"term": {"start": 5}})
    says: Callable[[], str] = lambda: str(walk.page.locator("body").inner_text())  # noqa: E731
    for path in SCREENS:
        walk.goto(path)
        for word in ("json", "sjs-forms", "--", "null", "schema", "attachments"):
            assert word not in says().lower(), (path, word)
