"""Papers of a real application are read from their files, and compared with its answers."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from sjs_forms.__main__ import main
from sjs_forms.jobs.papers.paper_reading import check_reading, read_papers
from sjs_forms.jobs.papers.reading_snippets import Snippet
from sjs_forms.jobs.pipeline import check
from sjs_forms.reading.process.reading_process import ReadingMeans
from tests.reading.small_pdfs import html_page
from tests.samples import minimal_answers, put
from tests.scanner import as_pdf

LEASE = "attachments/2-场地租赁合同/租赁合同.pdf"


def answered(minimal: Path, **more: Any) -> Path:
    """The minimal application with some answers more."""
    answers = minimal_answers()
    for path, value in more.items():
        answers = put(answers, path.replace("__", "."), value)
    (minimal / "application.json").write_text(json.dumps(answers), encoding="utf-8")
    return minimal


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_what_a_lease_says_is_found_in_its_file(minimal: Path) -> None:
    term = {"start": "2025-05-01", "end": "2026-04-30"}
    _, read = read_papers(answered(minimal, platform__total_area_sqm=200, term=term))
    lines = {line.what: (line.expected, line.read, line.outcome) for line in read.lines}
    assert lines["租赁面积"] == ("200 平方米", "200 平方米", "same")
    assert lines["租期止"] == ("2026-04-30", "2026-04-30", "same")
    kinds = {paper.file: paper.kind for paper in read.papers}
    assert kinds[LEASE] == "lease"
    assert not [found for found in read.findings if found.code != "read-no-seal"]


def test_a_difference_is_a_warning_with_its_place_and_picture(minimal: Path) -> None:
    shown: list[Snippet] = []
    place = answered(minimal, platform__total_area_sqm=300)
    _, read = read_papers(place, show=shown.append)
    (found,) = [found for found in read.findings if found.code == "read-area-differs"]
    assert found.severity == "warning" and found.where == LEASE
    assert "platform.total_area_sqm" in found.remedy
    assert found.evidence is not None
    assert (found.evidence.read, found.evidence.expected) == ("200", "300")
    (snippet,) = [each for each in shown if each.finding == found]
    with Image.open(io.BytesIO(snippet.png)) as picture:
        assert picture.format == "PNG" and 30 < picture.height < picture.width
        assert picture.convert("L").getextrema()[0] < 100, "text is on it"


def test_check_tells_of_papers_only_where_it_is_asked_to(minimal: Path) -> None:
    place = answered(minimal, platform__total_area_sqm=300)
    plain, reading = check(place), check_reading(place)
    assert set(plain) <= set(reading)
    more = [found.code for found in reading if found not in plain]
    assert more == ["read-area-differs"], "a seal that is not seen is told once"


def test_papers_that_were_not_read_are_told(minimal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.new("RGB", (800, 1100), "white")
    picture.paste("grey", (100, 100, 700, 900))
    picture.save(minimal / "attachments/4-营业执照/扫描.png")
    monkeypatch.setattr(
        "sjs_forms.reading.process.reading_process.reading_means",
        lambda: ReadingMeans(scans=False, codes=False, photographs=False),
    )
    (found,) = [one for one in check_reading(minimal) if one.code == "read-unread"]
    assert "“扫描”" in found.message and found.severity == "warning"
    assert not [one for one in check(minimal) if one.code == "read-unread"]


def test_text_is_read_far_beyond_the_pages_that_are_recognised(minimal: Path) -> None:
    break_ = "<div style='break-after: page'>附图</div>"
    clause = "<p>租赁面积：777平方米</p>"
    title = "<h1>房屋租赁合同</h1><p>出租方：甲 承租方：乙 租赁期 租金 押金</p>"
    (minimal / LEASE).write_bytes(html_page(title + break_ * 30 + clause + break_ * 80))
    place = answered(minimal, platform__total_area_sqm=777)
    _, read = read_papers(place)
    assert ("租赁面积", "same") in [(line.what, line.outcome) for line in read.lines]
    (unread,) = [paper for paper in read.unread if paper.title == "租赁合同"]
    assert (unread.pages[0], unread.is_whole) == (101, False)
    told = run("read", place).stderr
    assert f"“租赁合同”第 101–{unread.pages[-1]} 页" in told
    (found,) = [one for one in check_reading(place) if one.code == "read-unread"]
    assert "第 101" in found.message


def test_of_a_long_scan_what_is_not_recognised_is_told(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sjs_forms.reading.process.reading_process.reading_means",
        lambda: ReadingMeans(scans=False, codes=False, photographs=False),
    )
    picture = Image.new("RGB", (300, 420), "grey")
    as_pdf(minimal / "attachments/3-证明材料/影印.pdf", [picture] * 14, 36)
    _, read = read_papers(answered(minimal))
    (unread,) = [paper for paper in read.unread if paper.title == "影印"]
    assert unread.pages == tuple(range(1, 15)) and unread.name == "“影印”"


def test_check_read_gives_evidence_to_scripts(minimal: Path) -> None:
    place = answered(minimal, platform__total_area_sqm=300)
    told = json.loads(run("check", place, "--read", "--json").stdout)
    (found,) = [each for each in told["findings"] if each["code"] == "read-area-differs"]
    evidence = found["evidence"]
    assert (evidence["file"], evidence["page"], evidence["source"]) == (LEASE, 1, "text")
    assert len(evidence["box"]) == 4 and evidence["confidence"] == 1.0
    others = json.loads(run("check", place, "--json").stdout)["findings"]
    assert all("evidence" not in each for each in others)


def test_read_shows_a_table_and_keeps_pictures(minimal: Path, tmp_path: Path) -> None:
    place, pictures = answered(minimal, platform__total_area_sqm=300), tmp_path / "图"
    ran = run("read", place, "--pictures", pictures)
    assert ran.exit_code == 0, ran.output
    assert "300 平方米\t租赁面积\t200 平方米【不同】" in ran.stdout
    assert "（未读出）" in ran.stdout
    names = sorted(path.name for path in pictures.iterdir())
    assert names == ["01_read-area-differs.png"]


def test_read_gives_its_table_to_scripts(minimal: Path) -> None:
    told = json.loads(run("read", answered(minimal), "--json").stdout)
    assert set(told) == {"lines", "findings", "unread", "unread_pages", "reads"}
    keys = {"where", "label", "what", "expected", "read", "place", "outcome"}
    assert set(told["lines"][0]) == keys


def test_answers_that_cannot_be_read_are_told_as_check_tells_them(minimal: Path) -> None:
    (minimal / "application.json").write_text("{", encoding="utf-8")
    assert check_reading(minimal) == check(minimal)
    assert run("read", minimal).exit_code == 3


def test_reading_changes_nothing_in_the_folder(minimal: Path) -> None:
    place = answered(minimal)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    read_papers(place)
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
