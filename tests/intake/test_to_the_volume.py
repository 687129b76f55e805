"""From application.json to the volume: pages chosen, turned, odd and shared, links among them."""

import json
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, String

from sjs_forms import intake
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.intake.kinds import file_kinds
from sjs_forms.jobs.pipeline import BuildResult, Options, build, check
from sjs_forms.volume.verify import VOLUME, verify_folder
from tests.intake.conftest import Take, annotate, made, saved
from tests.intake.test_awkward_pages_bound import awkward_pages
from tests.samples import minimal_answers, write_application

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from bound import bind, faults

ROTATIONS = (0, 90, 180, 270)


def _linked() -> bytes:
    """Six pages; the third links to every page and to the web, bookmarks lead everywhere."""
    pdf = made(6)
    pdf.pages[4].obj.Rotate = 90
    for page in pdf.pages:
        aim = Array([page.obj, Name.XYZ, 0, 700, None])
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 700, 90, 740]), Dest=aim
        )
        if "/Annots" not in pdf.pages[2].obj:
            pdf.pages[2].obj.Annots = Array()
        pdf.pages[2].obj.Annots.append(pdf.make_indirect(link))
    web = Dictionary(S=Name.URI, URI=String("https://www.bjsjs.gov.cn/"))
    pdf.pages[2].obj.Annots.append(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 600, 90, 640]), A=web)
    )
    with pdf.open_outline() as outline:
        outline.root.extend([OutlineItem(f"第{at + 1}页", at) for at in range(6)])
    return saved(pdf)


@dataclass(frozen=True)
class _Bound:
    folder: Path
    out: Path
    built: BuildResult
    sides: list[dict[str, Any]]


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> _Bound:
    """One application with everything awkward, built as a user would."""
    folder = tmp_path_factory.mktemp("bound") / "某单位"
    files = folder / "attachments"
    answers = minimal_answers()
    listed: list[dict[str, Any]] = []

    def offer(material: str, name: str, data: bytes, **how: Any) -> None:
        files.mkdir(parents=True, exist_ok=True)
        (files / name).write_bytes(data)
        listed.append({"material": material, "file": f"attachments/{name}", **how})

    for rotate in ROTATIONS:
        odd = awkward_pages()
        odd.docinfo["/Title"] = String(str(rotate))
        offer("lease", f"转{rotate}.pdf", saved(odd), rotate=rotate)
    offer("evidence", "链接.pdf", _linked(), pages="2-3, 5", title="前一半")
    listed.append({**listed[-1], "pages": "6,3", "title": "后一半"})
    stamped = made()
    annotate(stamped)
    offer("bank-account", "开户.pdf", saved(stamped))
    for material in ("licence", "financials"):
        pdf = made(1)
        pdf.docinfo["/Title"] = String(material)
        offer(material, f"{material}.pdf", saved(pdf))
    answers["attachments"] = listed
    write_application(folder, answers)
    out = folder.parent / "成册"
    built = build(folder, out, Options(cache=False))
    sides = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["sides"]
    return _Bound(folder, out, built, sides)


def test_every_side_shows_the_page_that_was_asked_for(bound: _Bound) -> None:
    """Through the whole pipeline: 56 awkward pages at every turn, and the chosen ones."""
    assert verify_folder(bound.out) == ()
    originals = {
        part.document.pdf: bound.folder / part.document.source
        for part in bound.built.plan.parts
        if part.document and part.document.source
    }
    answers = json.loads((bound.folder / "application.json").read_text(encoding="utf-8"))
    assert len(originals) == len(answers["attachments"])
    assert list(faults(bound.built.plan, bound.out / VOLUME, originals)) == []


def test_pages_come_in_the_order_written(bound: _Bound) -> None:
    """The same file twice, each time with other pages of it."""
    taken = [
        (side["part"], side["source_page"])
        for side in bound.sides
        if side["source"] == "attachments/链接.pdf"
    ]
    assert [page for _, page in taken] == [2, 3, 5, 6, 3]
    assert len({part for part, _ in taken}) == 2


def test_links_lead_only_to_pages_that_are_there(bound: _Bound) -> None:
    """Links to pages left out are gone; the others lead to the page in the same document."""
    by_part: dict[str, dict[int, int]] = {}
    for side in bound.sides:
        if side["source"] == "attachments/链接.pdf":
            by_part.setdefault(side["part"], {})[side["source_page"]] = side["side"]
    with pikepdf.open(bound.out / VOLUME) as pdf:
        places = {page.obj.objgen: at for at, page in enumerate(pdf.pages, start=1)}
        for shown in by_part.values():
            annotations = pdf.pages[shown[3] - 1].obj.Annots
            aims = [places[link.Dest[0].objgen] for link in annotations if "/Dest" in link]
            assert sorted(aims) == sorted(shown.values())
            assert sum("/A" in link for link in annotations) == 1
        for page in pdf.pages:
            for link in page.obj.get("/Annots", Array()):
                assert "/A" in link or link.Dest[0].objgen in places
        with pdf.open_outline() as outline:
            waiting, titles = list(outline.root), []
            while waiting:
                item = waiting.pop(0)
                titles.append(item.title)
                aim = item.destination or item.action.D
                assert isinstance(aim, Array) and aim[0].objgen in places
                waiting += item.children
    assert sorted(title for title in titles if title[0] == "第" and title[-1] == "页") == [
        "第2页",
        "第3页",
        "第3页",
        "第5页",
        "第6页",
    ]


def test_without_cache_nothing_is_left_behind(
    bound: _Bound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No entry in the user's cache, no folder among the temporary ones."""
    temporary, cache = tmp_path / "tmp", tmp_path / "cache"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    check(bound.folder, Options(cache=False))
    assert not cache.exists()
    assert list(temporary.iterdir()) == []


def test_unchanged_files_are_not_worked_on_again(
    bound: _Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted: each file once in all, whatever is checked or changed beside it."""
    worked: list[str] = []
    real = file_kinds.kind_of
    named = {
        sha256(path.read_bytes()).digest(): path.name
        for path in (bound.folder / "attachments").iterdir()
    }

    def counting(copy: Path) -> str:
        worked.append(named.get(sha256(copy.read_bytes()).digest(), copy.name))
        return real(copy)

    monkeypatch.setattr(file_kinds, "kind_of", counting)
    check(bound.folder)
    names = sorted(path.name for path in (bound.folder / "attachments").iterdir())
    assert sorted(worked) == names  # the file listed twice too
    check(bound.folder)
    assert len(worked) == len(names)
    changed = bound.folder / "attachments" / "开户.pdf"
    before = changed.read_bytes()
    try:
        changed.write_bytes(saved(made(2)))
        check(bound.folder)
    finally:
        changed.write_bytes(before)
    assert worked[len(names) :] == ["source.pdf"]
    assert intake.UserCache().folder.is_dir()


def test_transparent_pages_blend_in_the_volume_in_the_colours_of_their_file(
    take: Take, tmp_path: Path
) -> None:
    """Else a print shop's processor blends in its own colours, and shadows get visible frames."""
    pdf = made(1)
    pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB, I=True)
    plan, volume = bind(load_programme(), take(saved(pdf)), tmp_path)
    with pikepdf.open(volume) as bound_:
        (group,) = (
            bound_.pages[side.side - 1].obj.Group
            for side in plan.sides
            if side.kind == "attachment"
        )
        assert Name.Transparency == group.S and Name.DeviceRGB == group.CS
