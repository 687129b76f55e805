"""Where a page bears ink, whether it needs colour, and that the number finds a free place."""

from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH, Box
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake import RunCache, take_in
from sjs_forms.intake.ink_detection import CELL, bands_of, colour_spreads, ink_of, is_coloured
from sjs_forms.volume.assemble import SideMarks, assemble
from sjs_forms.volume.binding_plan import (
    CONTENTS,
    COVER,
    DIVIDERS,
    BindingPlan,
    Document,
    Page,
    Section,
    plan_binding,
    side_frame,
)
from sjs_forms.volume.page_numbers import number_font
from sjs_forms.volume.side_origins import PdfPages

PROGRAMME = load_programme()
PIXELS = 4


def _page(*marks: tuple[tuple[int, int, int, int], str]) -> Image.Image:
    picture = Image.new("RGB", (420, 592), "white")
    draw = ImageDraw.Draw(picture)
    for box, colour in marks:
        draw.rectangle(box, fill=colour)
    return picture


def test_a_mark_is_found_in_its_cell_counted_from_the_foot() -> None:
    ink = ink_of(bands_of(_page(((40, 80, 43, 83), "black"))), CELL)
    rows = [number for number, row in enumerate(ink.rows) if row]
    assert rows == [148 - 1 - 80 // PIXELS]
    assert ink.rows[rows[0]] == 1 << (40 // PIXELS)


@pytest.mark.parametrize("shade", ["#000", "#808080", "#c8c8c8", "#e6e6e6", "#ffffc0", "#c0e0ff"])
def test_any_shade_on_white_is_ink(shade: str) -> None:
    assert any(ink_of(bands_of(_page(((0, 560, 100, 594), shade))), CELL).rows)


def test_the_even_grey_of_a_scan_is_paper_not_ink() -> None:
    grey = Image.new("RGB", (420, 594), (236, 234, 228))
    assert not any(ink_of(bands_of(grey), CELL).rows)


def test_paper_too_dark_for_a_number_is_all_ink() -> None:
    ink = ink_of(bands_of(Image.new("RGB", (420, 592), (60, 60, 60))), CELL)
    assert all(row == (1 << ink.columns) - 1 for row in ink.rows)


def test_a_red_seal_needs_colour_and_the_cast_of_a_scanner_does_not() -> None:
    assert is_coloured(colour_spreads(bands_of(_page(((100, 100, 140, 140), "#d02020")))))
    assert not is_coloured(colour_spreads(bands_of(Image.new("RGB", (420, 594), (240, 236, 225)))))
    assert not is_coloured(colour_spreads(bands_of(_page(((100, 100, 140, 140), "#333")))))


def _pdf(path: Path, boxes: list[tuple[float, float, float, float]], shade: float) -> Path:
    """An A4 page with a line of text's worth of black, and shaded boxes."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(A4_WIDTH, A4_HEIGHT))
        content = "0 g 150 600 200 12 re f\n" + "".join(
            f"{shade} g {left} {foot} {width} {height} re f\n"
            for left, foot, width, height in boxes
        )
        page.Contents = pdf.make_stream(content.encode())
        pdf.save(path, static_id=True)
    return path


def _own_pages(path: Path) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(A4_WIDTH, A4_HEIGHT))
        pdf.save(path, static_id=True)
    return path


def _volume(facts: SourceFacts, folder: Path) -> tuple[BindingPlan, Path]:
    """The page twice, so that it stands on a recto and on a verso."""
    page = facts.pages[0]
    pages = tuple(Page(0, page.width, page.height, 0, page.coloured, page.ink) for _ in range(2))
    document = Document("件", "attachment", "s", pages, "件.pdf")
    section = Section(PROGRAMME.materials[1], 2, (document,))
    plan = plan_binding([section], PROGRAMME.binding)
    blank = PdfPages(_own_pages(folder / "own.pdf"))
    pdfs = {COVER: blank, CONTENTS: blank, DIVIDERS: blank, "s": PdfPages(facts.clean)}
    marks = SideMarks(PROGRAMME.binding, number_font(), 6)
    assemble(plan, pdfs, marks, {"/Title": "卷"}, folder / "v.pdf")
    return plan, folder / "v.pdf"


def _crop(picture: Image.Image, box: Box, scale: float) -> Image.Image:
    return picture.crop(
        (
            int(box.left * scale) + 2,
            int((A4_HEIGHT - box.head) * scale) + 2,
            int(box.right * scale) - 2,
            int((A4_HEIGHT - box.foot) * scale) - 2,
        )
    )


CORNERS = {
    "inner": [(5.0, 5.0, 60.0, 30.0)],
    "outer": [(520.0, 5.0, 70.0, 40.0)],
    "verso-outer": [(30.0, 20.0, 60.0, 20.0)],
    "whole foot": [(0.0, 0.0, 595.3, 45.0)],
    "every edge": [(0, 0, 595.3, 12), (0, 830, 595.3, 12), (0, 0, 12, 842), (583, 0, 12.3, 842)],
    "whole page": [(0.0, 0.0, 595.3, 842.0)],
}


@pytest.mark.parametrize("shade", [0.0, 0.5, 0.78, 0.9])
@pytest.mark.parametrize("corner", list(CORNERS))
def test_the_number_stands_on_a_free_place_whatever_is_at_the_foot(
    corner: str, shade: float, tmp_path: Path
) -> None:
    source = _pdf(tmp_path / "in.pdf", CORNERS[corner], shade)
    facts = take_in(source, "in.pdf", RunCache(tmp_path / "facts_cache"), PROGRAMME.intake)
    plan, path = _volume(facts, tmp_path)
    scale = 2.0
    volume = pypdfium2.PdfDocument(path)
    try:
        for side in plan.sides:
            if side.kind != "attachment":
                continue
            picture = volume[side.side - 1].render(scale=scale).to_pil().convert("L")
            frame = side_frame(side.face, PROGRAMME.binding, plan.gutter)
            number = _crop(picture, frame.number, scale)
            paper = max(number.getcolors())[1]
            unlike = sum(count for count, value in number.getcolors() if value != paper)
            assert 0 < unlike < 0.3 * number.width * number.height
            rim = number.crop((0, 0, number.width, 2)).getcolors()
            assert len(rim) == 1
            gutter = _crop(picture, frame.gutter, scale)
            assert len(gutter.getcolors()) == 1 or corner == "whole page"
    finally:
        volume.close()
