"""A pile of stamped scans of several applicants, filed by whose pages they are."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from PIL import Image

from sjs_forms.base.errors import Fault
from sjs_forms.base.findings.finding import blocking
from sjs_forms.base.progress import never_cancelled, quiet
from sjs_forms.batch.batch_run import BatchOptions, batch
from sjs_forms.batch.execution.task import Task
from sjs_forms.batch.sources.combined_sources import read_sources
from sjs_forms.batch.stamped_pile import pile_run, printed_applicants
from sjs_forms.batch.stamped_pile.pile_list import LIST
from sjs_forms.batch.stamped_pile.pile_result import PileResult
from sjs_forms.batch.stamped_pile.pile_run import file_pile
from sjs_forms.cli.commands import main
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.jobs.options import PLAIN
from sjs_forms.jobs.signed_scans.scan_recognition import ScanOptions
from sjs_forms.typesetting.typesetter import LocalTypesetter
from sjs_forms.volume.layout import lay_out_forms
from tests.batches import Desk
from tests.rosters import with_answers
from tests.samples import minimal_answers, write_application
from tests.scanner import Scan, as_pdf, drawn_pages, scanned
from tests.stamped.test_stamped import cache_by_application, shown_by

FORM = Path("attachments/1-申报书/申报书（盖章扫描）.pdf")
PLEDGE = Path("attachments/7-承诺书/承诺书（盖章扫描）.pdf")
OWN = Path("盖章扫描/003_北京云海天瑞数据有限公司")


def answers(name: str, code: str, contact: str, street: str, landline: str) -> dict[str, Any]:
    """The answers of one applicant; nothing of them is another's."""
    made = minimal_answers()
    made["applicant"] = {"name": name, "uscc": code}
    made["contact"] = {"name": contact, "phone": landline, "email": f"u{landline[-4:]}@example.com"}
    made["platform"] |= {"name": f"{name[2:6]}实验室", "address": street}
    made["founders"][0] |= {"name": name, "uscc": code, "address": street}
    return made


FIRST = answers(
    "北京景石清华科技有限公司", "91110107MA01A2B3C1", "赵明远", "鲁谷大街甲3号", "010-68812345"
)
SECOND = answers(
    "北京鼎盛智创软件有限公司", "91110107MA04D5E6F3", "钱思齐", "古城西路128号", "010-57709988"
)
THIRD = answers(
    "北京云海天瑞数据有限公司", "91110107MA07G8H9J5", "孙若兰", "苹果园南路9号院", "010-62296611"
)
STRANGER = answers(
    "北京博远恒通信息有限公司", "91110107MA02K3L4MG", "李一凡", "老山西里77号楼", "010-88990011"
)


def forms(place: Path, of: dict[str, Any]) -> dict[str, bytes]:
    """The PDFs of an applicant's forms, by id."""
    read = read_folder(write_application(place, of))
    assert read.programme and read.application, read.findings
    typesetter = LocalTypesetter()
    laid_out = lay_out_forms(read.programme, read.application, typesetter)
    return {made.form.id: typesetter.paint(made.layout).result() for made in laid_out}


def drawn(made: dict[str, bytes]) -> list[Image.Image]:
    return [page for pdf in made.values() for page in drawn_pages(pdf, 100)]


@dataclass(frozen=True)
class Scene:
    """Three applicants, two with folders and one in a list, and the pile of what they sealed."""

    sources: tuple[Path, Path]
    out: Path
    scans: tuple[Path, ...]
    done: PileResult

    @property
    def folders(self) -> Path:
        return self.sources[0]

    def again(self, *said: str, replaces: bool = False) -> PileResult:
        how = ScanOptions(said, replaces, cache=False)
        return file_pile(self.sources, self.out, self.scans, how, quiet)


@pytest.fixture(scope="module", autouse=True)
def forms_printed_once() -> Iterator[None]:
    """Runs share the printed forms of each applicant."""
    patch = pytest.MonkeyPatch()
    cached = cache_by_application(printed_applicants.printed_forms)
    patch.setattr(printed_applicants, "printed_forms", cached)
    yield
    patch.undo()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """The first's forms as a scan, one page upside down; of the others' this and that."""
    place = tmp_path_factory.mktemp("scene")
    folders = place / "各单位"
    first = drawn(forms(folders / "单位1", FIRST))
    second = drawn(forms(folders / "单位2", SECOND))
    roster = place / "名单.json"
    roster.write_text(json.dumps([THIRD], ensure_ascii=False), encoding="utf-8")
    third, stranger = forms(place / "三", THIRD), forms(place / "外", STRANGER)
    noise = Image.effect_noise((827, 1169), 60).point(lambda v: 0 if v > 170 else 255)
    pile = [
        *(
            scanned(page, Scan(skew=0.8, mode="L", turn=180 if at == 2 else 0), at)
            for at, page in enumerate(first)
        ),
        scanned(drawn(stranger)[4], Scan(mode="L")),
        scanned(second[1], Scan(mode="L")),
        noise.convert("L"),
    ]
    sealed = place / "电子章.pdf"
    sealed.write_bytes(third["commitment"])
    scans = (as_pdf(place / "一摞.pdf", pile), sealed)
    sources, out = (folders, roster), place / "成册"
    done = file_pile(sources, out, scans, ScanOptions(cache=False), quiet)
    return Scene(sources, out, scans, done)


def test_pages_are_filed_in_the_folder_of_the_applicant_whose_answers_they_show(
    scene: Scene,
) -> None:
    assert [turn for _, turn in shown_by(scene.folders / "单位1" / FORM)] == [0, 0, 180, 0]
    assert len(shown_by(scene.folders / "单位1" / PLEDGE)) == 1
    assert scene.done.filed[1].forms == ("application-form", "commitment")


def test_a_page_that_shows_nobodys_answers_follows_its_neighbours_and_this_is_said(
    scene: Scene,
) -> None:
    assert [call.ground for call in scene.done.calls][:3] == ["answers", "order", "answers"]
    assert "scan-page-by-order" in [found.code for found in scene.done.filed[1].findings]


def test_pages_of_strangers_and_pages_that_everybody_has_are_filed_with_nobody(
    scene: Scene,
) -> None:
    open_pages = {call.number: call for call in scene.done.calls if call.is_open}
    assert set(open_pages) == {6, 7, 8}
    assert all(call.held is None for call in open_pages.values())
    assert not (scene.folders / "单位2" / "attachments").exists()
    codes = [found.code for found in scene.done.open_pages.values()]
    assert codes[1:] == ["scan-page-unsure", "scan-page-foreign"]


def test_an_open_page_is_told_with_the_words_that_settle_it(scene: Scene) -> None:
    stranger = scene.done.open_pages[6].message
    assert FIRST["applicant"]["name"] not in stranger, "who lies before it, and has that page"
    told = scene.done.open_pages[7]
    assert "第 2 页" in told.message and "--as 7=不用" in told.remedy


def test_who_has_no_folder_gets_one_in_the_batch_and_the_next_build_takes_it(
    scene: Scene,
) -> None:
    assert (scene.out / OWN / PLEDGE).is_file()
    taken: list[Task] = []
    how = BatchOptions(PLAIN, Desk(taken.append))
    batch(scene.sources, scene.out, how, lambda *_: None, lambda: False)
    (task,) = [each for each in taken if each.out.name == OWN.name]
    (item,) = task.application.offered
    assert item.path == scene.out / OWN / PLEDGE and item.material.id == "commitment"
    assert [each.form for each in task.application.stamped] == ["commitment"]
    assert task.application.stamped[0].shown.answers["applicant.name"] == THIRD["applicant"]["name"]


def test_the_list_says_of_every_applicant_and_page_what_became_of_it(scene: Scene) -> None:
    book = load_workbook(scene.out / LIST)
    applicants, pages, _ = book.worksheets
    assert [[cell.value for cell in row[:4]] for row in applicants.iter_rows(min_row=3)] == [
        ["001", FIRST["applicant"]["name"], "已放入", "已放入"],
        ["002", SECOND["applicant"]["name"], "没有收到", "没有收到"],
        ["003", THIRD["applicant"]["name"], "没有收到", "已放入"],
    ]
    lines = [[cell.value for cell in row] for row in pages.iter_rows(min_row=3)]
    assert [line[5] for line in lines] == [
        *["上面填的内容", "前后页的次序", "上面填的内容"],
        *[lines[3][5], "上面填的内容"],
        *["未认准"] * 3,
        "上面填的内容",
    ]
    assert "--as 7=" in lines[6][6]


def test_the_same_pile_again_changes_nothing_and_the_users_word_settles_what_is_open(
    scene: Scene,
) -> None:
    path = scene.folders / "单位1" / FORM
    before = path.stat().st_mtime_ns
    done = scene.again("6=不用", "7=2:附4-1:2", "8=不用")
    assert (done.filed[1].forms, done.filed[1].known) == ((), ("application-form", "commitment"))
    assert path.stat().st_mtime_ns == before and not done.open_pages
    (call,) = [each for each in done.calls if each.number == 7]
    assert (call.applicant, call.ground) == (2, "hand")
    assert "scan-page-missing" in [found.code for found in done.filed[2].findings]
    assert not (scene.folders / "单位2" / "attachments").exists()


def test_the_user_is_asked_about_open_pages(scene: Scene, tmp_path: Path) -> None:
    asked: list[str] = []
    said = iter(["什么", "n"])
    noise = Image.effect_noise((827, 1169), 60).point(lambda v: 0 if v > 170 else 255)
    scan = as_pdf(tmp_path / "扫描.pdf", [noise, noise.rotate(180)])

    def answer(question: str) -> str | None:
        asked.append(question)
        return next(said, None)

    how = ScanOptions(cache=False)
    done = file_pile(scene.sources, scene.out, [scan], how, quiet, answer)
    assert len(asked) == 3 and "应写成 003:附4-1:2" in asked[1]
    assert set(done.open_pages) == {2}


@pytest.mark.parametrize(
    "words",
    [
        ("--as", "1=003:附4-1:2"),
        ("--replace",),
        ("--stamped", "没有.pdf"),
        ("--stamped", "没有.pdf", "--check"),
        ("--stamped", "没有.pdf", "--draft"),
        ("--stamped", "没有.pdf", "--dividers", "ink"),
        ("--stamped", "没有.pdf", "-j", "2"),
        ("--stamped", "没有.pdf", "--insecure"),
    ],
)
def test_options_of_a_pile_without_a_pile_are_wrong_usage(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    write_application(tmp_path / "各单位" / "甲", FIRST)
    line = ["batch", str(tmp_path / "各单位"), "-o", str(tmp_path / "成册"), *words]
    ended = CliRunner().invoke(main, line)
    assert ended.exit_code == 2
    if len(words) > 2:
        said = "--jobs" if words[2] == "-j" else words[2]
        assert f"{said} 用不上" in ended.stderr and "--read" not in ended.stderr


def test_scans_without_a_source_are_wrong_usage(tmp_path: Path) -> None:
    scan = as_pdf(tmp_path / "扫描.pdf", [Image.new("RGB", (827, 1169), "white")])
    line = ["batch", str(scan), "-o", str(tmp_path / "成册"), "--stamped", str(scan)]
    ended = CliRunner().invoke(main, line)
    assert ended.exit_code == 2 and "来源" in ended.stderr


def test_beside_a_scan_that_cannot_be_opened_nothing_is_recognised_or_filed(
    tmp_path: Path,
) -> None:
    write_application(tmp_path / "各单位" / "甲", FIRST)
    scan = as_pdf(tmp_path / "扫描.pdf", [Image.new("RGB", (827, 1169), "white")])
    bad = tmp_path / "坏.pdf"
    bad.write_bytes(b"%PDF-1.7 rubbish")
    line = ["batch", str(tmp_path / "各单位"), "-o", str(tmp_path / "成册")]
    words = ["--stamped", str(bad), "--stamped", str(scan), "--as", "9=不用"]
    ended = CliRunner().invoke(main, [*line, *words])
    assert ended.exit_code == 4 and "坏.pdf" in ended.stderr
    assert "第 9 页" not in ended.stderr, "its number may be right once the scan is mended"


@pytest.fixture(scope="module")
def doubtful(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PileResult]:
    """The first applicant, and the second, refused; of the latter a pledge, and a page that cannot
    be drawn.
    """
    place = tmp_path_factory.mktemp("doubtful")
    folders, out = place / "各单位", place / "成册"
    write_application(folders / "单位1", FIRST)
    refused = {**SECOND, "contact": {**SECOND["contact"], "email": "x@"}}
    made = forms(folders / "单位2", refused)
    drawable = pile_run.drawable_reads

    def all_but_the_second(*how: Any) -> Iterator[tuple[int, Any]]:
        for number, read in drawable(*how):
            yield number, None if number == 2 else read

    scan = as_pdf(place / "一摞.pdf", [*drawn_pages(made["commitment"], 100)] * 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pile_run, "drawable_reads", all_but_the_second)
        done = file_pile([folders], out, [scan], ScanOptions(cache=False), quiet)
    return folders, done


def test_what_refuses_a_row_of_a_roster_is_told_by_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unprintable(*_: object) -> None:
        raise Fault("not needed here")

    monkeypatch.setattr(printed_applicants, "printed_forms", unprintable)
    roster = with_answers(tmp_path / "名册.xlsx", {"设立主体1名称": None})
    rows = read_sources((roster,), tmp_path / "成册", never_cancelled, None)
    told = blocking(printed_applicants.print_applicants(rows, quiet).refused[1])
    assert told
    for found in told:
        assert "名册第 2 行" in found.remedy and "application.json" not in found.remedy


def test_a_page_of_a_refused_applicant_is_given_to_no_other(
    doubtful: tuple[Path, PileResult],
) -> None:
    folders, done = doubtful
    assert set(done.refused) == {2} and set(done.filed) == {1}
    assert done.calls[0].applicant == 2 and done.calls[0].held is None
    told = done.open_pages[1]
    assert "002 北京鼎盛智创软件有限公司" in told.message and "须先改正" in told.message
    assert not (folders / "单位1" / "attachments").exists()


def test_a_page_that_cannot_be_drawn_is_left_to_the_user_and_the_others_are_recognised(
    doubtful: tuple[Path, PileResult],
) -> None:
    _, done = doubtful
    told = done.open_pages[2]
    assert told.code == "scan-page-unsure" and "画不出来" in told.message
    assert "--as 2=001:附4-1:2" in told.remedy and "--as 2=不用" in told.remedy
