"""From an empty folder to the volume, as a clerk does it, and what comes of it."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from sjs_forms.base.manifest import Manifest
from sjs_forms.base.resources import sample_folder
from sjs_forms.domain.places import where
from sjs_forms.jobs.new_folder import make_folder
from sjs_forms.jobs.pipeline import build
from sjs_forms.web.workspace.results import finished_folder
from tests.samples import sample_answers
from tests.web.conftest import Walk, written


def _answers(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every answer with its path; choices as a list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("attachments", "programme"):
                yield from _answers(inner, (*place, key))
    elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for index, inner in enumerate(value):
            yield from _answers(inner, (*place, index))
    elif value not in (None, "", []):
        yield where(place), value


def _fill(walk: Walk) -> None:
    walk.goto("/form")
    for path, value in _answers(sample_answers()):
        control = walk.field(path)
        control.first.wait_for(state="attached")
        if not control.first.is_visible():
            walk.page.get_by_role("button", name="再加一个设立主体").click()
        kind = control.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            for each in value if isinstance(value, list) else [value]:
                walk.page.locator(f'[name="{path}"][value="{each}"]').check()
        else:
            control.fill(str(value))
            if "[" in path:  # a row that is begun makes room for the next
                control.blur()
    wanted = dict(_answers(sample_answers()))
    walk.until(lambda: dict(_answers(written(walk.folder))) == wanted)


def _hand_in(walk: Walk) -> None:
    walk.goto("/materials")
    entries = sample_answers()["attachments"]
    for material in dict.fromkeys(each["material"] for each in entries):
        files = [each["file"] for each in entries if each["material"] == material]
        section = walk.material(material)
        paths = [sample_folder() / file for file in dict.fromkeys(files)]
        section.locator("input[type=file]").first.set_input_files(paths)
        walk.until(lambda: len(walk.files(material)) == len(paths))  # noqa: B023
        for each in entries:
            if each["material"] == material and each.get("password"):
                card = section.locator(f'[data-file$="{Path(each["file"]).name}"]')
                card.locator("input[type=password]").fill(each["password"])
                card.get_by_role("button", name="打开").click()
        section.locator("[data-file] img").nth(len(paths) - 1).wait_for(state="attached")


def test_the_sample_from_an_empty_folder_is_the_commands_volume_to_the_byte(
    walk: Walk, tmp_path: Path
) -> None:
    folder = tmp_path / "新的申报"
    make_folder(folder, None)
    walk.open(folder)
    _fill(walk)
    _hand_in(walk)
    before = walk.files("evidence")
    first = walk.material("evidence").locator("[data-file]").first
    first.focus()
    walk.page.keyboard.press("Alt+ArrowDown")
    walk.until(lambda: walk.files("evidence")[:2] == before[1::-1])
    cards = walk.material("evidence").locator('[data-set="title"]').all()
    titles = [str(each.input_value()) for each in cards]
    walk.goto("/build")
    walk.page.locator('[data-action="build"]').click()
    walk.page.wait_for_url("**/results**", timeout=180_000)
    made = finished_folder(folder)
    build(folder, tmp_path / "命令")
    assert _sums(made) == _sums(tmp_path / "命令")
    parts = [each.title for each in Manifest.read(made).parts if each.material == "evidence"]
    assert parts[1:] == titles  # behind the divider
    with walk.page.expect_download() as download:
        walk.page.locator('[data-result="装订版.pdf"]').click()
    assert Path(download.value.path()).read_bytes() == (made / "装订版.pdf").read_bytes()


def _sums(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


def test_a_large_file_shows_how_far_it_is(walk: Walk, tmp_path: Path) -> None:
    path = tmp_path / "大.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(24_000_000))
    walk.goto("/materials")
    session = walk.page.context.new_cdp_session(walk.page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": 6_000_000})
    walk.material("licence").locator("input[type=file]").first.set_input_files(path)
    bar = walk.material("licence").locator("progress")
    bar.wait_for()
    walk.until(lambda: 0 < float(bar.get_attribute("value") or 0) < 1)
    walk.material("licence").locator('[data-file$="大.pdf"] [data-finding]').first.wait_for()
