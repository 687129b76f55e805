"""封面书脊.pdf and 印制单.pdf as they come out, read with libraries that did not write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from sjs_forms.base.errors import Fault
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.finding import warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.resources import sample_folder
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.placement import MM
from sjs_forms.jobs.pipeline import BuildResult, Options, build
from sjs_forms.printing.print_job import PrintJob, SheetRange, print_job
from sjs_forms.printing.spine import SpineWords, make_spine
from sjs_forms.printing.wrap_and_job_sheet import JOB_SHEET, WRAP, PrintPages, thumbnails
from sjs_forms.printing.wrap_and_job_sheet_context import SLUG
from sjs_forms.typesetting.html_pages import lay_out
from sjs_forms.typesetting.typesetter import LocalTypesetter
from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.built_folder import VOLUME
from tests.samples import Application, sample_answers

PROGRAMME = load_programme(installed_programmes()[0])
APPLICATION = Application.model_validate(sample_answers())
DOTS = 60
LONG_NAME = "北京市石景山区人工智能大模型（京西）产业集聚区公共技术服务与联合创新中心" * 3


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """The sample, built."""
    return build(sample_folder(), tmp_path_factory.mktemp("built") / "成册")


@contextmanager
def _page(path: Path) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    yield page
    page.close()
    document.close()


def _text(path: Path) -> str:
    with _page(path) as page:
        text = page.get_textpage()
        found: str = text.get_text_bounded()
        text.close()
    return "".join(found.split())


def _picture(path: Path) -> Image.Image:
    with _page(path) as page:
        drawn: Image.Image = page.render(scale=DOTS / 72).to_pil().convert("L")
    return drawn


def _made(job: PrintJob, volume: Path, folder: Path, application: Any = APPLICATION) -> Path:
    (folder / VOLUME).write_bytes(volume.read_bytes())
    pages = PrintPages(PROGRAMME, application, LocalTypesetter())
    (folder / WRAP).write_bytes(pages.wrap(pages.order_wrap(job).result(), job).result())
    sheet = pages.order_job_sheet(job, digest(folder / VOLUME), thumbnails(folder / VOLUME, job))()
    (folder / JOB_SHEET).write_bytes(sheet)
    return folder


def _with_spine(
    built: BuildResult, width: float, name: str = "北京砚溪样例智能科技有限公司"
) -> PrintJob:
    spine = make_spine(width, 297, PROGRAMME.print.spine, SpineWords(name, "二〇二五年"))
    return replace(built.job, spine=spine)


def _boxes(path: Path) -> dict[str, list[float]]:
    """The boxes of the first page, in millimetres."""
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1
        page = pdf.pages[0].obj
        return {
            name: [float(edge) / MM for edge in page[f"/{name}"]]
            for name in ("MediaBox", "BleedBox", "TrimBox")
        }


def test_the_wrap_is_back_spine_and_front_at_true_size_with_its_bleed(built: BuildResult) -> None:
    boxes = _boxes(built.folder / WRAP)
    wide, high = 420 + built.job.spine.width_mm, 297
    for name, inset in (
        ("MediaBox", 0.0),
        ("BleedBox", SLUG - built.job.bleed_mm),
        ("TrimBox", SLUG),
    ):
        edges = [inset, inset, wide + 2 * SLUG - inset, high + 2 * SLUG - inset]
        assert boxes[name] == pytest.approx(edges, abs=0.02)


@pytest.mark.parametrize("width", [5.0, 10.0, 20.1, 37.4])
def test_the_wrap_grows_with_the_spine_and_bears_its_text_between_the_folds(
    built: BuildResult, tmp_path: Path, width: float
) -> None:
    path = _made(_with_spine(built, width), built.folder / VOLUME, tmp_path) / WRAP
    left, foot, right, head = _boxes(path)["TrimBox"]
    assert right - left == pytest.approx(420 + width, abs=0.02)
    with _page(path) as page:
        text = page.get_textpage()
        spine = text.get_text_bounded(
            (left + 210) * MM, foot * MM, (left + 210 + width) * MM, head * MM
        )
        text.close()
    assert "".join(spine.split()) == "".join(run.text for run in _runs(built, width))
    picture = _picture(path).crop(_dots(left + 205, SLUG, left + 215 + width, SLUG + 297))
    ink = ImageChops.invert(picture).getbbox()
    assert ink is not None
    edge = PROGRAMME.print.spine.edge_mm - 0.5
    assert ink[0] / DOTS * 25.4 >= 5 + edge
    assert ink[2] / DOTS * 25.4 <= 5 + width - edge


def _runs(built: BuildResult, width: float) -> Any:
    text = _with_spine(built, width).spine.text
    assert text is not None
    return text.runs


def _dots(*edges: float) -> tuple[int, int, int, int]:
    left, top, right, foot = (round(edge / 25.4 * DOTS) for edge in edges)
    return left, top, right, foot


def test_a_thin_spine_is_left_white(built: BuildResult) -> None:
    assert built.job.spine.text is None
    left = SLUG + 210
    picture = _picture(built.folder / WRAP)
    strip = picture.crop(_dots(left - 5, SLUG, left + 5 + built.job.spine.width_mm, SLUG + 297))
    assert ImageChops.invert(strip).getbbox() is None


def test_the_front_looks_like_the_cover_of_the_volume(built: BuildResult) -> None:
    left = SLUG + 210 + built.job.spine.width_mm
    box = _dots(left, SLUG, left + 210, SLUG + 297)
    front = _picture(built.folder / WRAP).crop(box)
    cover = _picture(built.folder / VOLUME)
    width, height = min(front.width, cover.width), min(front.height, cover.height)
    # Compared coarsely: the panel begins between two dots.
    coarse = (width // 8, height // 8)
    one, other = (
        picture.crop((0, 0, width, height)).resize(coarse, Image.Resampling.BOX)
        for picture in (front, cover)
    )
    highest = ImageChops.difference(one, other).getextrema()[1]
    assert isinstance(highest, int)
    assert highest < 60
    assert ImageChops.invert(one).getbbox() == ImageChops.invert(other).getbbox()


def test_a_viewer_is_told_to_print_the_wrap_at_true_size(built: BuildResult) -> None:
    with pikepdf.open(built.folder / WRAP) as pdf:
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"


def test_the_wrap_and_the_job_sheet_of_a_draft_say_so(tmp_path: Path) -> None:
    made = build(sample_folder(), tmp_path / "out", Options(draft=True))
    assert _text(made.folder / WRAP).count("草稿") == 2
    assert "草稿，不可付印" in _text(made.folder / JOB_SHEET)


def test_the_job_sheet_is_one_a4_page_and_bears_the_volumes_sum(built: BuildResult) -> None:
    boxes = _boxes(built.folder / JOB_SHEET)
    assert boxes["MediaBox"] == pytest.approx([0, 0, 210, 297], abs=0.02)
    assert digest(built.folder / VOLUME) in _text(built.folder / JOB_SHEET)


def test_the_job_sheet_says_what_the_print_job_says(built: BuildResult) -> None:
    text, job = _text(built.folder / JOB_SHEET), built.job
    for said in (
        f"{job.copies}册",
        f"{job.sides}面，{job.sheets}张A4",
        f"内页{job.sheets_in_all}张",
        f"{job.spine.width_mm:.1f}毫米",
        f"订口留空{job.binding_margin_mm:g}毫米",
        "沿长边翻转",
        job.binding,
        *job.missing,
        *(sheet.colour for sheet in job.coloured),
        *(place.title for place in job.seals),
    ):
        assert "".join(said.split()) in text


def test_headings_of_the_job_sheet_stand_on_one_line_and_short_brackets_stay_whole(
    built: BuildResult,
) -> None:
    with _page(built.folder / JOB_SHEET) as page:
        text = page.get_textpage()
        told: str = text.get_text_range()
        text.close()
    lines = ["".join(line.split()) for line in told.splitlines()]
    assert f"彩页（每册{len(built.job.coloured)}张）" in "".join(lines)
    for heading in ("盖章清单（每册逐处盖单位公章）", "彩色与黑白（按张，每张只列一次）", "印制单"):
        assert any(heading in line for line in lines), heading
    assert any("（单位公章）" in line for line in lines)
    assert not {"\u200b", "\u2060"} & set(told)


def test_the_job_sheet_shows_the_cover_and_every_divider(built: BuildResult) -> None:
    with pikepdf.open(built.folder / JOB_SHEET) as pdf:
        pictures = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image"
        ]
        assert all(picture.Filter == "/DCTDecode" for picture in pictures)
    assert len(pictures) == 1 + len(built.job.coloured)


def test_dividers_on_coloured_paper_are_asked_for_as_such(tmp_path: Path) -> None:
    made = build(sample_folder(), tmp_path / "out", Options(dividers="paper"))
    assert "换彩纸" in _text(made.folder / JOB_SHEET)
    on_paper = {sheet.sheet for sheet in made.job.coloured}
    mono = {
        n for run in made.job.ranges if not run.coloured for n in range(run.first, run.last + 1)
    }
    assert on_paper <= mono


def test_a_job_sheet_with_more_than_it_holds_is_still_one_page(
    built: BuildResult, tmp_path: Path
) -> None:
    job = built.job
    crowded = replace(
        _with_spine(built, 12, LONG_NAME[:80]),
        coloured=job.coloured * 6,
        ranges=tuple(SheetRange(n, n, n % 2 == 0) for n in range(1, 900)),
        seals=job.seals * 12,
        missing=tuple(f"第{n}项材料的盖章扫描件还没有。" * 5 for n in range(60)),
        remarks=200,
        draft=True,
    )
    answers = sample_answers()
    answers["applicant"]["name"] = LONG_NAME
    application = Application.model_validate(answers)
    path = _made(crowded, built.folder / VOLUME, tmp_path, application) / JOB_SHEET
    assert _boxes(path)["MediaBox"] == pytest.approx([0, 0, 210, 297], abs=0.02)
    text = _text(path)
    assert text.count("其余见manifest.json") >= 4
    assert digest(built.folder / VOLUME) in text


def test_a_volume_of_nothing_but_its_cover_has_both(built: BuildResult, tmp_path: Path) -> None:
    plan = BindingPlan(built.plan.sides[:2], built.plan.parts[:1])
    job = print_job(
        PROGRAMME, APPLICATION, plan, (warning("blank-left", WHOLE, "", "提醒。", "看。"),)
    )
    folder = _made(job, built.folder / VOLUME, tmp_path)
    assert "材料已齐" in _text(folder / JOB_SHEET)
    assert _boxes(folder / WRAP)["TrimBox"][2] == pytest.approx(430 + job.spine.width_mm, abs=0.02)


@pytest.mark.parametrize("address", ["made:other", "made:", "made:../x", "file:///etc/hostname"])
def test_a_template_may_show_only_pictures_it_was_handed(address: str) -> None:
    html = f'<title>x</title><img src="{address}">'
    with pytest.raises(Fault):
        lay_out(PROGRAMME.templates, html, {"side-1": b""})
