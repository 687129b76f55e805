"""An attachment with `straighten`: its photographs become clean pages, all else stays."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from sjs_forms.batch.ledger import key_of
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake import RunCache, take_in
from sjs_forms.intake.photographs import opencv, straightened_pages
from sjs_forms.intake.photographs.straightened_pages import PROGRAM, Photographer
from sjs_forms.intake.process.worker_pool import WorkerPool, Workers
from sjs_forms.jobs.options import Options
from sjs_forms.jobs.pipeline import build, check
from tests.intake.photographs.desks import flat_page, photograph
from tests.samples import codes, only, the_programme, write_pdf
from tests.scanner import as_pdf, drawn_pages

LIMITS = the_programme().intake
needs_opencv = pytest.mark.skipif(
    not opencv.is_installed(), reason="the extra `read` is not installed"
)


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return flat_page()


def straightened(
    tmp_path: Path, path: Path, chosen: tuple[int, ...] = (0,), cache: RunCache | None = None
) -> SourceFacts:
    kept = cache or RunCache(tmp_path / "kept")
    facts = take_in(path, path.name, kept, LIMITS)
    with WorkerPool(PROGRAM) as pool:
        return Photographer(kept, LIMITS, Workers(pool)).straightened(facts, chosen)


@needs_opencv
def test_a_photograph_becomes_a_white_page_of_a4(page: Image.Image, tmp_path: Path) -> None:
    facts = straightened(tmp_path, photograph(tmp_path / "a.jpg", page))
    assert [(round(each.width), round(each.height)) for each in facts.pages] == [(595, 842)]
    assert facts.pages[0].scanned and facts.pages[0].ink is not None
    assert facts.remarks == ()
    (drawn,) = drawn_pages(facts.clean, 60)
    corners = [drawn.getpixel((x, y)) for x in (3, drawn.width - 4) for y in (3, drawn.height - 4)]
    assert all(min(colour) > 245 for colour in corners if isinstance(colour, tuple))


@needs_opencv
def test_the_same_photograph_gives_the_same_bytes(page: Image.Image, tmp_path: Path) -> None:
    path = photograph(tmp_path / "a.jpg", page)
    first, second = (straightened(tmp_path / name, path) for name in "ab")
    assert first.clean.read_bytes() == second.clean.read_bytes()
    assert replace(first, clean=second.clean) == second


@needs_opencv
def test_only_chosen_photographs_change_and_the_rest_is_told(
    page: Image.Image, tmp_path: Path
) -> None:
    shot = Image.open(photograph(tmp_path / "a.jpg", page))
    path = as_pdf(tmp_path / "all.pdf", [shot, page, shot], 100)
    cache = RunCache(tmp_path / "kept")
    before = take_in(path, path.name, cache, LIMITS)
    facts = straightened(tmp_path, path, (0, 1), cache)
    assert codes(facts.remarks) == ["straighten-unsure"]
    assert "第 2 页" in facts.remarks[0].message
    assert facts.pages[1:] == before.pages[1:]
    assert facts.pages[0] != before.pages[0]
    assert facts.sha256 == before.sha256
    old, new = drawn_pages(before.clean, 20), drawn_pages(facts.clean, 20)
    assert [a.tobytes() == b.tobytes() for a, b in zip(old, new, strict=True)] == [
        False,
        True,
        True,
    ]


@needs_opencv
def test_a_page_with_text_is_no_photograph(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "text.pdf", 2)
    facts = straightened(tmp_path, path, (0, 1))
    assert codes(facts.remarks) == ["straighten-no-photo"]
    assert "第 1–2 页" in facts.remarks[0].message


@needs_opencv
def test_photographs_beyond_a_bound_are_told_and_kept(
    page: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(straightened_pages, "MAX_PHOTOGRAPHS", 1)
    shot = Image.open(photograph(tmp_path / "a.jpg", page))
    facts = straightened(tmp_path, as_pdf(tmp_path / "all.pdf", [shot, shot], 100), (0, 1))
    assert codes(facts.remarks) == ["straighten-too-many"]
    assert "第 2 页" in facts.remarks[0].message


@needs_opencv
def test_what_was_found_and_made_is_not_made_again(
    page: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = photograph(tmp_path / "a.jpg", page), RunCache(tmp_path / "kept")
    first = straightened(tmp_path, path, cache=cache)
    monkeypatch.setattr(straightened_pages, "PROGRAM", "raise SystemExit(9)")
    facts = take_in(path, path.name, cache, LIMITS)
    with WorkerPool("raise SystemExit(9)") as pool:
        assert Photographer(cache, LIMITS, Workers(pool)).straightened(facts, (0,)) == first


@needs_opencv
def test_a_remark_on_coarse_print_is_about_the_page_that_is_bound(
    page: Image.Image, tmp_path: Path
) -> None:
    shot = photograph(tmp_path / "a.jpg", page)
    with Image.open(shot) as picture:
        small = picture.resize((picture.width // 3, picture.height // 3))
    small.save(tmp_path / "small.jpg", quality=95)
    cache = RunCache(tmp_path / "kept")
    before = only(take_in(tmp_path / "small.jpg", "s.jpg", cache, LIMITS).remarks, COARSE)
    after = only(straightened(tmp_path, tmp_path / "small.jpg", cache=cache).remarks, COARSE)
    assert before.message != after.message


COARSE = "attachment-low-resolution"


def test_without_the_extra_a_warning_says_that_the_photograph_is_bound_as_it_is(
    minimal: Path, page: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opencv, "LIBRARY", "no_such_library")
    with_photograph(minimal, page)
    found = only(check(minimal), "straighten-missing")
    assert found.severity == "warning" and "doctor" in found.remedy
    built = build(minimal, minimal.parent / "out")
    assert found in built.findings


def test_a_batch_builds_again_once_the_extra_is_there(
    minimal: Path, page: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_photograph(minimal, page)
    application, keys = read_folder(minimal), set()
    for library in ("no_such_library", "json"):
        monkeypatch.setattr(opencv, "LIBRARY", library)
        keys.add(key_of(application, {}, Options(), ""))
    assert len(keys) == 2


@needs_opencv
def test_check_and_build_agree_and_the_zip_keeps_the_photograph(
    minimal: Path, page: Image.Image
) -> None:
    shot = with_photograph(minimal, page)
    scan = shot.with_name("扫描件.jpg")
    page.convert("RGB").save(scan)
    listed(minimal, shot, {"straighten": True, "rotate": 180})
    listed(minimal, scan, {"straighten": True})
    found = only(check(minimal), "straighten-unsure")
    out = minimal.parent / "out"
    built = build(minimal, out, Options())
    assert only(built.findings, "straighten-unsure") == found
    with zipfile.ZipFile(out / "在线申报.zip") as portal:
        kept = [name for name in portal.namelist() if name.endswith(shot.name)]
        assert [portal.read(name) for name in kept] == [shot.read_bytes()]
    sides = [side.side for side in built.plan.sides if shot.name in str(side.source)]
    drawn = drawn_pages(out / "装订版.pdf", 40)[sides[0] - 1]
    upper, lower = (drawn.crop((20, y, 310, y + 200)).convert("L") for y in (20, 245))
    assert ink(upper) < ink(lower), "the page is turned after it was straightened"


def ink(picture: Image.Image) -> int:
    return sum(picture.histogram()[:128])


def with_photograph(folder: Path, page: Image.Image) -> Path:
    """Put a photograph beside the lease, to be straightened."""
    place = next((folder / "attachments").glob("2-*"))
    shot = photograph(place / "照片.jpg", page)
    listed(folder, shot, {"straighten": True})
    return shot


def listed(folder: Path, file: Path, said: dict[str, object]) -> None:
    path = folder / "application.json"
    answers = json.loads(path.read_text(encoding="utf-8"))
    name = file.relative_to(folder).as_posix()
    others = [each for each in answers.get("attachments") or [] if each["file"] != name]
    answers["attachments"] = [*others, {"file": name, **said}]
    path.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
