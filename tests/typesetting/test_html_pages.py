"""Fonts in two halves, and what is kept of a notice for the process."""

import os
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from fontTools.ttLib import TTFont

from sjs_forms.base.font_coverage import has_rare
from sjs_forms.base.progress import quiet
from sjs_forms.base.resources import fonts_folder, templates_folder
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs import pipeline
from sjs_forms.jobs.options import Options
from sjs_forms.printing.proof import write_proof
from sjs_forms.typesetting import html_pages as render_module
from sjs_forms.typesetting.html_pages import lay_out, paint, render
from sjs_forms.typesetting.template_mistakes import TemplateMistake
from sjs_forms.typesetting.weasyprint_loader import load_weasyprint
from tests.samples import SAMPLE

CUT = ("Hei", "Song Bold", "Song")
PAGES = sorted(templates_folder().rglob("*.html"))
STYLES = [path for kind in ("css", "html") for path in templates_folder().rglob(f"*.{kind}")]


def _points(font: Path) -> set[int]:
    with TTFont(font, lazy=True) as opened:
        return set(opened.getBestCmap())


def _fonts(pdf: bytes) -> set[str]:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    names = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    return {name.partition("+")[2] for name in names}


def _page(programme: Programme, text: str) -> bytes:
    html = f'<link rel="stylesheet" href="pages/pages.css"><p class="divider-title">{text}</p>'
    return paint(lay_out(programme.templates, html))


@pytest.fixture
def programme() -> Programme:
    return load_programme(installed_programmes()[0])


def test_no_character_stands_in_both_halves_of_a_font() -> None:
    for rare in fonts_folder().glob("*-Rare.ttf"):
        common = rare.with_name(rare.name.replace("-Rare", ""))
        assert not _points(rare) & _points(common)


def test_the_table_of_rare_characters_is_the_union_of_the_rare_fonts() -> None:
    union = set().union(*(_points(path) for path in fonts_folder().glob("*-Rare.ttf")))
    table: set[int] = set()
    for line in (fonts_folder() / "rare.txt").read_text(encoding="ascii").split():
        first, last = (int(end, 16) for end in line.split("-"))
        table |= set(range(first, last + 1))
    assert table == union


def test_the_characters_of_gb_2312_are_not_rare() -> None:
    codes = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    assert not has_rare("".join(code.decode("gb2312", "ignore") for code in codes))
    assert has_rare("北京喆样例")


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_stack_names_both_halves_of_a_font_and_ends_in_the_widest(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    stacks = re.findall(r'"SJS [^";]+"(?:, "SJS [^";]+")*(?=[;\s}])', text)
    for stack in stacks:
        if "src:" in text or stack == '"SJS Symbols"':
            continue
        names = re.findall(r'"SJS ([^"]+)"', stack)
        for name in set(names) & set(CUT):
            assert names[names.index(name) + 1] == f"{name} Rare", stack
        assert {"Song", "Song Rare", "Symbols"} <= set(names[-4:]), stack


def test_a_page_of_common_characters_bears_no_rare_font(programme: Programme) -> None:
    assert _fonts(_page(programme, "石景山区")) == {"SJS-Song-Bold,-Bold"}


def test_a_rare_character_is_taken_from_the_other_half_of_the_same_face(
    programme: Programme,
) -> None:
    found = _fonts(_page(programme, "北京喆样例"))
    assert found == {"SJS-Song-Bold,-Bold", "SJS-Song-Bold-Rare-Bold"}


def test_rare_characters_on_one_page_leave_the_next_as_it_was(programme: Programme) -> None:
    before = _page(programme, "石景山区")
    _page(programme, "喆堃")
    assert _page(programme, "石景山区") == before


def test_a_notice_edited_while_the_process_runs_is_read_anew(
    programme: Programme, tmp_path: Path
) -> None:
    own = programme.model_copy(update={"folder": tmp_path})
    page = tmp_path / "page.html"
    page.write_text('<link rel="stylesheet" href="page.css"><hr>', encoding="utf-8")
    made = []
    for size in ("A4", "A5"):
        (tmp_path / "page.css").write_text(f"@page {{ size: {size} }}", encoding="utf-8")
        pdf = render(own.templates, "page.html", {})
        made.append(float(pypdf.PdfReader(BytesIO(pdf)).pages[0].mediabox.width))
    assert made == pytest.approx([595.28, 419.53], abs=1)


def test_the_dots_of_a_leader_are_one_text(programme: Programme) -> None:
    html = """<style>@import "../fonts/fonts.css"; p { font-family: "SJS Song" }
    p::after { content: leader(" ·") "9" }</style><p>目录</p>"""
    content = pypdf.PdfReader(BytesIO(paint(lay_out(programme.templates, html)))).pages[0]
    assert content.extract_text().count("·") > 50
    stream = content.get_contents()
    assert stream is not None
    assert stream.get_data().count(b" Tm") == 3


def test_a_process_that_ends_leaves_no_fonts_behind(tmp_path: Path) -> None:
    program = (
        "from sjs_forms.domain.installed_notices import installed_programmes, load_programme\n"
        "from sjs_forms.typesetting.html_pages import lay_out\n"
        "page = '<link rel=stylesheet href=pages/pages.css><p>9'\n"
        "lay_out(load_programme(installed_programmes()[0]), page)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    assert ended.stderr == b""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_base_of_all_styles_knows_every_element_of_the_templates(path: Path) -> None:
    base = (templates_folder() / "base.css").read_text(encoding="utf-8")
    selectors = re.sub(r"/\*.*?\*/|\{[^}]*\}", " ", base, flags=re.S)
    known = set(re.findall(r"\b[a-z]+[1-6]?\b", selectors))
    used = set(re.findall(r"<([a-z][a-z0-9]*)", path.read_text(encoding="utf-8")))
    assert used - {"a", "span"} <= known


def test_all_pages_are_as_the_rules_for_all_of_html_would_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte: forms, volume with placeholders, wrap, job sheet and proof."""
    place = shutil.copytree(SAMPLE, tmp_path / "单位")
    shutil.rmtree(place / "attachments/4-营业执照")
    made = []
    for name in ("自己的", "通用的"):
        out = tmp_path / name
        pipeline.build(place, out, Options(draft=True))
        proof = tmp_path / f"{name}.pdf"
        write_proof(out, proof, quiet)
        made.append({path.name: path.read_bytes() for path in out.iterdir()})
        made[-1]["样张.pdf"] = proof.read_bytes()
        monkeypatch.setattr(render_module, "html_with_base", lambda: load_weasyprint().HTML)
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "inside",
    ["{{ ''.__class__.__mro__ }}", "{{ cycler.__init__.__globals__ }}", "{{ range(10**9) }}"],
)
def test_templates_of_a_notice_reach_no_python(
    programme: Programme, tmp_path: Path, inside: str
) -> None:
    folder = tmp_path / "notice"
    shutil.copytree(programme.folder, folder)
    (folder / "forms/commitment.html").write_text(f"<p>{inside}</p>", encoding="utf-8")
    hostile = programme.model_copy(update={"folder": folder})
    with pytest.raises(TemplateMistake, match=r"不能用的写法|没有“"):
        render_module.html_of(hostile.templates, "forms/commitment.html", {})
