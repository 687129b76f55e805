"""What anyone can use: by keyboard, by a screen reader, enlarged, on a phone."""

import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sjs_forms import web
from tests.samples import MINIMAL, minimal_answers, put, write_application, write_pdf
from tests.web.conftest import SCREENS, Walk, written

WIDE, DOUBLED, PHONE = (1280, 900), (640, 450), (390, 844)
"""CSS pixels of a window: as it is, enlarged to 200 %, and of a phone."""
STATIC = Path(web.__file__).parent / "static"


def _violations(page: Any) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"][:3]]


def _wait_for_the_draft(page: Any) -> None:
    """The preview builds its draft by itself and is loaded anew at the end."""
    page.wait_for_function("() => !document.querySelector('[data-now]')")


def _with_mistakes(folder: Path) -> Path:
    """The application with mistakes in it, so that every screen has something to say."""
    answers = put(minimal_answers(), "applicant.uscc", "123")
    write_application(folder, put(answers, "contact.email", ""))
    lease = folder / "attachments/2-场地租赁合同"
    (lease / "坏.pdf").write_bytes(b"%PDF-1.7 rubbish")
    write_pdf(lease / "好.pdf", mark="好")
    return folder


def _opened(walk: Walk, folder: Path) -> Walk:
    walk.open(folder)
    walk.goto("/materials")
    walk.material("lease").locator('[data-file$="好.pdf"] img').wait_for()
    return walk


@pytest.fixture
def full(walk: Walk) -> Walk:
    """An application with mistakes."""
    return _opened(walk, _with_mistakes(walk.folder))


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for tests that only look at it: its draft is built once."""
    folder = tmp_path_factory.mktemp("mistaken") / "某单位"
    return _with_mistakes(Path(shutil.copytree(MINIMAL, folder)))


@pytest.fixture
def seen(walk: Walk, mistaken: Path) -> Walk:
    """That application, open."""
    return _opened(walk, mistaken)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_axe_finds_nothing_on_any_screen(seen: Walk, size: tuple[int, int]) -> None:
    seen.page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in SCREENS:
        seen.goto(path)
        _wait_for_the_draft(seen.page)
        assert _violations(seen.page) == [], path


@pytest.mark.parametrize("size", [DOUBLED, PHONE])
def test_no_screen_is_wider_than_the_window(seen: Walk, size: tuple[int, int]) -> None:
    seen.page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in SCREENS:
        seen.goto(path)
        wide = seen.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], path
        beyond = seen.page.evaluate(
            """() => [...document.querySelectorAll("main button, main input, main a, main select")]
            .filter((each) => each.offsetParent
                              && each.getBoundingClientRect().right > innerWidth + 1)
            .map((each) => each.outerHTML.slice(0, 120))"""
        )
        assert beyond == [], path


def test_each_screen_has_one_title_and_headings_without_gaps(seen: Walk) -> None:
    for path in SCREENS:
        seen.goto(path)
        levels = [
            int(str(each)[1])
            for each in seen.page.evaluate(
                '[...document.querySelectorAll("h1,h2,h3,h4")].map((each) => each.tagName)'
            )
        ]
        assert levels.count(1) == 1 and levels[0] == 1, (path, levels)
        assert all(b - a <= 1 for a, b in pairwise(levels)), (path, levels)


def test_the_tab_key_reaches_every_control_of_a_screen_in_reading_order(seen: Walk) -> None:
    seen.goto("/build")
    seen.page.locator("body").click(position={"x": 2, "y": 2})
    reached: list[tuple[float, str]] = []
    while True:
        seen.page.keyboard.press("Tab")
        found = seen.page.evaluate(
            """() => {
              const at = document.activeElement;
              if (!at || !at.closest("main")) return null;
              return [at.getBoundingClientRect().top + scrollY, at.outerHTML];
            }"""
        )
        if found is None and reached:
            break
        reached += [(float(found[0]), str(found[1]))] if found else []
    tops = [top for top, _ in reached]
    assert tops == sorted(tops)
    controls = seen.page.locator("main a, main button:enabled, main input[type=checkbox]").count()
    assert len({html for _, html in reached}) >= controls


def test_the_focus_stays_where_it_was_when_the_page_is_renewed(full: Walk) -> None:
    full.goto("/materials")
    up = full.material("lease").locator('button[aria-label^="下移"]:enabled').first
    up.focus()
    full.page.keyboard.press("Enter")
    full.saved()
    full.page.wait_for_timeout(500)
    assert full.page.evaluate("document.activeElement.closest('[data-material]') !== null")
    count = len(full.files("lease"))
    removed = full.material("lease").locator('button[aria-label^="移除"]').first
    removed.focus()
    full.page.keyboard.press("Enter")
    full.until(lambda: len(full.files("lease")) == count - 1)
    full.page.wait_for_timeout(200)
    assert full.page.evaluate("document.activeElement.closest('[data-material]') !== null")
    full.goto("/form")
    full.field("contact.email").focus()
    write_application(full.folder, put(written(full.folder), "remarks", "别处改的"))
    full.until(lambda: full.field("remarks").input_value() == "别处改的")
    assert full.page.evaluate("document.activeElement.name") == "contact.email"


def test_the_focus_stays_on_the_control_of_a_file_as_the_first_change_lists_all_files(
    walk: Walk,
) -> None:
    walk.goto("/materials")
    before = walk.page.locator("[data-file]").first.get_attribute("id")
    walk.page.locator("[data-rotate-of]").first.focus()
    for turned in ("90", "180"):
        walk.page.keyboard.press("Enter")
        walk.page.locator(f'[data-file][data-rotate="{turned}"]').wait_for()
        walk.page.wait_for_timeout(200)
        assert walk.page.evaluate("'rotateOf' in document.activeElement.dataset")
    assert walk.page.locator("[data-file]").first.get_attribute("id") != before


def test_the_focus_is_at_what_was_made_when_the_page_is_loaded_again(walk: Walk) -> None:
    walk.goto("/stamped")
    walk.page.locator("#fill").focus()
    walk.page.keyboard.press("Enter")
    walk.page.locator(".downloads a").first.wait_for()
    walk.until(lambda: walk.page.evaluate("document.activeElement.id") == "fill")
    walk.goto("/form")
    walk.field("remarks").fill("改")
    walk.saved()
    walk.page.locator("#undo").focus()
    walk.page.keyboard.press("Enter")
    walk.page.locator("#saved", has_text="已撤销").wait_for()
    walk.until(lambda: walk.page.evaluate("document.activeElement.id") == "undo")
    walk.page.reload()
    assert walk.page.evaluate("document.activeElement === document.body")


def test_the_focus_comes_back_to_a_control_that_was_away_for_a_moment(full: Walk) -> None:
    """While a file is opened with another password, its card asks for none."""
    full.goto("/materials")
    full.page.wait_for_timeout(300)
    shown = full.page.evaluate("fetch(location.pathname).then((each) => each.text())")
    control = full.material("lease").locator('[data-file$="好.pdf"] [data-rotate-of]')
    own, card = str(control.get_attribute("id")), str(control.get_attribute("data-rotate-of"))
    control.focus()
    for html, focused in ((shown.replace(f'id="{own}"', "hidden"), card), (shown, own)):
        full.page.evaluate(
            "html => import('/static/api.js').then((api) => api.refresh(html))", html
        )
        assert full.page.evaluate("document.activeElement.id") == focused


def _sources(suffix: str) -> Iterator[tuple[str, str]]:
    for path in sorted(STATIC.glob(f"*{suffix}")):
        yield path.name, path.read_text(encoding="utf-8")


def test_scripts_are_small_and_style_is_no_attribute() -> None:
    lines = [line for _, text in _sources(".js") for line in text.splitlines() if line.strip()]
    assert len(lines) < 1500
    for page in (STATIC.parent / "pages").glob("*.html"):
        assert not re.search(r"\s(style|on[a-z]+)=", page.read_text(encoding="utf-8")), page.name
