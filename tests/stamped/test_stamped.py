"""Stamped scans as an office sends them, taken in through the command."""

import json
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner
from PIL import Image

from sjs_forms.base.progress import quiet
from sjs_forms.cli.commands import main
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.jobs.signed_scans import scan_recognition, stamped_scans
from sjs_forms.stamped.filing import REPLACED_FOLDER
from sjs_forms.stamped.recognition import FormPage
from sjs_forms.typesetting.typesetter import LocalTypesetter
from sjs_forms.volume.layout import lay_out_forms
from tests.samples import minimal_answers, put, write_application
from tests.scanner import Scan, as_jpeg, as_pdf, drawn_pages, rough, scanned

FORM = Path("attachments/1-申报书/申报书（盖章扫描）.pdf")
PLEDGE = Path("attachments/7-承诺书/承诺书（盖章扫描）.pdf")
ANSWERS = put(minimal_answers(), "remarks", "场地已经装修完毕，设备全部到位，可以投入使用。")


@cache
def generated(answers: str) -> dict[str, bytes]:
    """The PDFs of the forms of an application, by id."""
    with tempfile.TemporaryDirectory() as place:
        read = read_folder(write_application(Path(place), json.loads(answers)))
    assert read.programme and read.application
    typesetter = LocalTypesetter()
    laid_out = lay_out_forms(read.programme, read.application, typesetter)
    return {made.form.id: typesetter.paint(made.layout).result() for made in laid_out}


def pdfs(answers: Any = None) -> dict[str, bytes]:
    return generated(json.dumps(answers or ANSWERS, ensure_ascii=False, sort_keys=True))


@cache
def pictures(answers: str = "") -> dict[FormPage, Image.Image]:
    """All pages of the forms as they come out of the printer, in order."""
    made = generated(answers) if answers else pdfs()
    return {
        FormPage(form, number): picture
        for form, pdf in made.items()
        for number, picture in enumerate(drawn_pages(pdf, 100), start=1)
    }


def sheets() -> list[Image.Image]:
    return list(pictures().values())


def torn(sheet: Image.Image) -> Image.Image:
    """A sheet of which only a corner was scanned: too little to be sure."""
    left = Image.new("RGB", sheet.size, "white")
    left.paste(sheet.crop((100, 80, 420, 330)), (100, 80))
    return left


BLANK = Image.new("RGB", (827, 1169), "white")


@pytest.fixture(scope="module", autouse=True)
def forms_laid_out_once() -> Iterator[None]:
    """Scenes share the layout of their forms."""
    patch = pytest.MonkeyPatch()
    cached = cache_by_application(scan_recognition.printed_forms)
    patch.setattr(scan_recognition, "printed_forms", cached)
    yield
    patch.undo()


def cache_by_application(make: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[str, Any] = {}

    def forms(programme: Any, application: Any, progress: Any) -> Any:
        key = application.model_copy(update={"attachments": None}).model_dump_json()
        if key not in known:
            known[key] = make(programme, application, progress)
        return known[key]

    return forms


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def codes(self) -> list[str]:
        return [finding["code"] for finding in self.data["findings"]]


def run(place: Path, *words: str | Path) -> Ended:
    result = CliRunner().invoke(main, ["stamped", str(place), *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write_application(tmp_path / "某单位", ANSWERS)


def snapshot(place: Path) -> dict[str, bytes]:
    return {
        path.relative_to(place).as_posix(): path.read_bytes()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def shown_by(path: Path) -> list[tuple[bytes, int]]:
    """The picture of each page as it is stored, and how the page is turned."""
    with pikepdf.open(path) as pdf:
        return [
            (image.read_raw_bytes(), int(page.obj.get("/Rotate", 0)))
            for page in pdf.pages
            for image in page.get_images().values()
        ]


def test_pages_mixed_upside_down_with_blank_backs_are_put_in_order_and_upright(
    place: Path, tmp_path: Path
) -> None:
    order = [4, 2, 0, 3, 1]
    jpegs, scans = {}, []
    for seed, index in enumerate(order):
        turn = 180 if index == 2 else 0
        how = rough(seed, dpi=100, mode="RGB" if seed % 2 else "L", turn=turn)
        picture = scanned(sheets()[index], how, seed)
        jpegs[index] = as_jpeg(picture)
        scans += [picture, scanned(BLANK, Scan(noise=9, paper=235, mode="L"))][: 1 + (seed < 2)]
    ended = run(place, as_pdf(tmp_path / "扫描.pdf", scans), "--json")
    assert ended.code == 0
    done = {code for code in ended.codes if code.startswith("scan-")}
    assert done == {"scan-page-blank", "scan-page-turned", "scan-pages-sorted"}
    assert [page["state"] for page in ended.data["pages"]].count("blank") == 2
    shown = [*shown_by(place / FORM), *shown_by(place / PLEDGE)]
    assert [data in jpegs[index] for index, (data, _) in enumerate(shown)] == [True] * 5
    assert [turn for _, turn in shown] == [0, 0, 180, 0, 0]
    offered = read_folder(place).offered
    assert [item.material.id for item in offered] == ["application-form", "commitment"]


def test_the_picture_of_each_page_is_taken_over_untouched(place: Path, tmp_path: Path) -> None:
    pledge = tmp_path / "承诺书.jpg"
    pledge.write_bytes(as_jpeg(scanned(sheets()[4], Scan(turn=180, noise=5, paper=240))))
    assert run(place, pledge).code == 0
    ((data, turn),) = shown_by(place / PLEDGE)
    assert data in pledge.read_bytes()
    assert turn == 180


def test_pictures_of_every_kind_landscape_and_tiff_are_taken(place: Path, tmp_path: Path) -> None:
    files = []
    for index, kind in enumerate(["jpg", "png", "tif", "jpg"]):
        turn = 90 if index == 3 else 0
        picture = scanned(sheets()[index], Scan(turn=turn, mode="L", skew=1.5, paper=230))
        files.append(tmp_path / f"{index}.{kind}")
        picture.save(files[-1], dpi=(100, 100))
    ended = run(place, *files, "--json")
    assert ended.code == 0
    assert [page["turn"] for page in ended.data["pages"]] == [0, 0, 0, 270]
    assert len(shown_by(place / FORM)) == 4
    assert not (place / PLEDGE).exists()
    assert "scan-awaited" in ended.codes


def test_a_missing_page_a_double_and_a_stranger_are_told_together_and_nothing_is_written(
    place: Path, tmp_path: Path
) -> None:
    stranger = Image.effect_noise((827, 1169), 60).point(lambda v: 0 if v > 170 else 255)
    scans = [sheets()[0], sheets()[3], sheets()[0], stranger.convert("RGB"), sheets()[4]]
    scan = as_pdf(tmp_path / "扫描.pdf", [scanned(page, Scan(mode="L")) for page in scans])
    before = snapshot(place)
    ended = run(place, scan, "--json")
    assert ended.code == 3
    assert {"scan-page-twice", "scan-page-missing", "scan-page-foreign"} <= set(ended.codes)
    assert snapshot(place) == before
    assert "第 2、3 页" in "".join(f["message"] for f in ended.data["findings"])


def test_the_user_can_say_what_a_page_is_and_what_is_not_wanted(
    place: Path, tmp_path: Path
) -> None:
    faint = torn(sheets()[4])
    scan = as_pdf(tmp_path / "扫描.pdf", [faint, sheets()[0]])
    assert run(place, scan).code == 3
    ended = run(place, scan, "--as", "1=附4-2", "--as", "2=不用", "--json")
    assert ended.code == 0
    assert [page["state"] for page in ended.data["pages"]] == ["placed", "left-out"]
    assert (place / PLEDGE).exists()


def test_a_page_placed_by_hand_lies_as_it_is_unless_the_wish_says_a_turn(
    place: Path, tmp_path: Path
) -> None:
    upside_down = scanned(sheets()[4], Scan(turn=180, mode="L"))
    scan = as_pdf(tmp_path / "扫描.pdf", [upside_down])
    ended = run(place, scan, "--as", "1=附4-2", "--json")
    assert ended.code == 0
    assert [turn for _, turn in shown_by(place / PLEDGE)] == [0]
    (said,) = [f for f in ended.data["findings"] if f["code"] == "scan-page-not-upright"]
    assert "180" in said["message"] and "--as 1=附4-2:1:180" in said["remedy"]
    ended = run(place, scan, "--as", "1=附4-2:1:180", "--replace", "--json")
    assert [turn for _, turn in shown_by(place / PLEDGE)] == [180]
    assert "scan-page-not-upright" not in ended.codes


def test_a_page_placed_by_hand_whose_likeness_tells_nothing_is_never_turned(
    place: Path, tmp_path: Path
) -> None:
    scan = as_pdf(tmp_path / "扫描.pdf", [torn(sheets()[4]).rotate(180)])
    ended = run(place, scan, "--as", "1=附4-2", "--json")
    assert [page["turn"] for page in ended.data["pages"]] == [0]


def test_nothing_is_said_to_need_no_look(place: Path, tmp_path: Path) -> None:
    scans = [sheets()[4].rotate(180), BLANK, *sheets()[3::-1]]
    ended = run(place, as_pdf(tmp_path / "扫描.pdf", scans), "--json")
    done = {"scan-page-turned", "scan-page-blank", "scan-pages-sorted"}
    assert done <= set(ended.codes)
    assert all("不用处理" not in found["remedy"] for found in ended.data["findings"])


def test_a_scan_that_is_not_there_is_told_before_anything_is_begun(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_recognition, "printed_forms", None)
    ended = run(place, as_pdf(tmp_path / "有.pdf", [BLANK]), tmp_path / "没有.pdf")
    assert ended.code == 2
    assert "没有.pdf" in ended.err and "有.pdf”、" not in ended.err
    assert run(place, tmp_path).code == 2


def test_the_next_command_is_proposed_whole(tmp_path: Path) -> None:
    place = write_application(tmp_path / "某 单位", ANSWERS)
    ended = run(place, as_pdf(tmp_path / "扫描.pdf", [sheets()[4]]))
    proposed = ended.err.strip().splitlines()[-1]
    assert shlex.split(proposed) == ["sjs-forms", "build", str(place), "-o", "成册"]


@pytest.mark.parametrize("wish", ["9=附4-2", "1=附4-9:1", "1=附4-1:77", "甲"])
def test_a_wish_that_makes_no_sense_is_wrong_usage(place: Path, tmp_path: Path, wish: str) -> None:
    scan = as_pdf(tmp_path / "扫描.pdf", [sheets()[4]])
    ended = run(place, scan, "--as", wish)
    assert ended.code == 2
    assert "--as" in ended.err


def test_a_doubtful_page_is_asked_for_on_a_terminal(place: Path, tmp_path: Path) -> None:
    faint = torn(sheets()[4])
    scan = as_pdf(tmp_path / "扫描.pdf", [faint, sheets()[4]])
    asked: list[str] = []
    answers = iter(["什么", "附4-2", "2"])

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

    taken = stamped_scans.file_stamped_scans(
        place, [scan], scan_recognition.ScanOptions(cache=False), quiet, answer
    )
    assert taken.written == (place / PLEDGE,)
    assert len(asked) == 3
    assert "第 1 页" in asked[0] and "用哪一页" in asked[2]


def test_an_earlier_scan_is_kept_unless_it_may_be_replaced_and_then_set_aside(
    place: Path, tmp_path: Path
) -> None:
    first = as_pdf(tmp_path / "一.pdf", [sheets()[4]], quality=40)
    second = as_pdf(tmp_path / "二.pdf", [scanned(sheets()[4], Scan(paper=235))])
    assert run(place, first).code == 0
    earlier = (place / PLEDGE).read_bytes()
    ended = run(place, second, "--json")
    assert (ended.code, "scan-exists" in ended.codes) == (3, True)
    assert (place / PLEDGE).read_bytes() == earlier
    assert run(place, second, "--replace").code == 0
    assert (place / PLEDGE).read_bytes() != earlier
    (aside,) = (place / REPLACED_FOLDER).iterdir()
    assert aside.read_bytes() == earlier
    assert len(read_folder(place).offered) == 1


def test_the_list_of_attachments_is_kept_up_and_keeps_its_title(
    tmp_path: Path,
) -> None:
    (tmp_path / "某单位").mkdir()
    shutil.copy(as_pdf(tmp_path / "旧.pdf", [BLANK]), tmp_path / "某单位" / "旧.pdf")
    answers = {
        **ANSWERS,
        "attachments": [{"material": "commitment", "file": "旧.pdf", "title": "承诺"}],
    }
    place = write_application(tmp_path / "某单位", answers)
    scan = as_pdf(tmp_path / "扫描.pdf", sheets())
    assert run(place, scan, "--replace").code == 0
    written = json.loads((place / "application.json").read_text(encoding="utf-8"))
    assert written["attachments"] == [
        {"material": "application-form", "file": FORM.as_posix()},
        {"material": "commitment", "file": PLEDGE.as_posix(), "title": "承诺"},
    ]
    assert not (place / "旧.pdf").exists()
    assert (place / REPLACED_FOLDER / "旧.pdf").exists()
    assert read_folder(place).findings == ()


@pytest.mark.parametrize("other", [False, True])
def test_what_a_list_changes_of_an_earlier_scan_is_not_done_to_the_new_one(
    tmp_path: Path, other: bool
) -> None:
    """It would be turned, or lose pages."""
    place = tmp_path / "某单位"
    for scan in (PLEDGE, PLEDGE.with_name("补充.pdf")):
        (place / scan).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(as_pdf(tmp_path / "旧.pdf", [BLANK]), place / scan)
    lease = Path("attachments/2-场地租赁合同/合同.pdf")
    (place / lease).parent.mkdir()
    shutil.copy(tmp_path / "旧.pdf", place / lease)
    kept = [{"file": lease.as_posix(), "title": "合同"}] if other else []
    turned = {"file": PLEDGE.as_posix(), "rotate": 180}
    write_application(place, {**ANSWERS, "attachments": [turned, *kept]})
    scan = as_pdf(tmp_path / "扫描.pdf", [sheets()[4]])
    assert run(place, scan, "--replace").code == 0
    read = read_folder(place)
    assert read.findings == ()
    (filed,) = [item for item in read.offered if item.material.form]
    assert (filed.file, filed.rotate, filed.pages) == (PLEDGE.as_posix(), 0, None)
    written = json.loads((place / "application.json").read_text(encoding="utf-8"))
    assert written.get("attachments", []) == kept


def test_the_same_scans_give_the_same_bytes(tmp_path: Path) -> None:
    scan = as_pdf(tmp_path / "扫描.pdf", [scanned(sheets()[4], Scan(skew=0.7))])
    made = []
    for name in ("甲", "乙"):
        place = write_application(tmp_path / name, ANSWERS)
        assert run(place, scan).code == 0
        made.append(snapshot(place))
    assert made[0] == made[1]


def test_pages_with_text_are_told_by_it_and_a_changed_answer_is_named(
    place: Path, tmp_path: Path
) -> None:
    older = put(ANSWERS, "contact.phone", "010-12345678")
    scan = tmp_path / "电子章.pdf"
    scan.write_bytes(pdfs(older)["application-form"])
    ended = run(place, scan, "--json")
    assert ended.code == 0
    assert {page["by"] for page in ended.data["pages"]} == {"text"}
    (changed,) = [f for f in ended.data["findings"] if f["code"] == "scan-page-outdated"]
    assert ANSWERS["contact"]["phone"][-4:] in changed["message"]


def test_another_applicants_form_is_doubted(place: Path, tmp_path: Path) -> None:
    other = put(ANSWERS, "applicant.name", "星河未来数据技术股份公司")
    other = put(other, "contact.email", "ouyang.xiaoming@tests.example")
    pages = drawn_pages(pdfs(other)["application-form"], 100)
    scan = as_pdf(tmp_path / "扫描.pdf", [scanned(pages[0], Scan(skew=1, paper=240))])
    ended = run(place, scan, "--json")
    assert set(ended.codes) >= {"scan-page-outdated", "scan-page-missing"}


def test_a_rough_scan_of_the_right_form_is_not_doubted(place: Path, tmp_path: Path) -> None:
    scans = [
        scanned(sheets()[index], rough(40 + index, dpi=120, mode="L", sealed=True, signed=True))
        for index in (0, 4)
    ]
    ended = run(place, as_pdf(tmp_path / "扫描.pdf", scans, 120), "--json")
    assert [page["state"] for page in ended.data["pages"]] == ["placed", "placed"]
    assert "scan-page-outdated" not in ended.codes


def test_a_scan_without_a_red_seal_is_told_and_taken_all_the_same(
    place: Path, tmp_path: Path
) -> None:
    scans = [
        scanned(sheet, Scan(sealed=index == 3, noise=4, mode="L" if index == 4 else "RGB"), 2)
        for index, sheet in enumerate(sheets())
    ]
    ended = run(place, as_pdf(tmp_path / "扫描.pdf", scans), "--json")
    assert ended.code == 0
    told = {
        (found["code"], found["where"].rpartition("#")[2])
        for found in ended.data["findings"]
        if found["code"].startswith("seal-")
    }
    assert told == {("seal-not-seen", "1"), ("seal-in-grey", "5")}


def test_a_file_that_cannot_be_used_ends_with_its_own_code(place: Path, tmp_path: Path) -> None:
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    ended = run(place, broken, "--json")
    assert ended.code == 4
    assert snapshot(place).keys() == {"application.json"}


def test_a_folder_that_leads_out_is_not_written_to(place: Path, tmp_path: Path) -> None:
    outside = tmp_path / "外面"
    outside.mkdir()
    (place / "attachments").mkdir()
    (place / "attachments" / "7-承诺书").symlink_to(outside)
    ended = run(place, as_pdf(tmp_path / "扫描.pdf", [sheets()[4]]))
    assert ended.code == 6
    assert list(outside.iterdir()) == []
