"""The printed page numbers: their look, their place, and their font, measured."""

import pytest
from fontTools.ttLib import TTFont

from sjs_forms.base.resources import fonts_folder
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.placement import A4_WIDTH, MM
from sjs_forms.volume.binding_plan import Face
from sjs_forms.volume.page_numbers import number_content, number_font, number_line


def test_widths_and_heights_are_those_that_the_font_states() -> None:
    with TTFont(fonts_folder() / "NotoSerifSC-Digits.ttf") as stated:
        scale = 1000 / stated["head"].unitsPerEm
        cmap, metrics = stated.getBestCmap(), stated["hmtx"]
        widths = {chr(point): metrics[glyph][0] * scale for point, glyph in cmap.items()}
        heights = (stated["hhea"].ascent * scale, stated["hhea"].descent * scale)
    font = number_font()
    assert dict(font.widths) == widths
    assert (font.ascent, font.descent) == heights


@pytest.mark.parametrize(("text", "points"), [("— 1 —", 27.63), ("— 128 —", 38.79)])
def test_a_number_is_as_wide_as_its_characters(text: str, points: float) -> None:
    assert number_font().width(text, 10) == pytest.approx(points)


def test_a_number_is_drawn_between_dashes_at_the_outer_foot() -> None:
    binding = load_programme().binding
    outer, foot = binding.number_outer_mm * MM, binding.number_baseline_mm * MM
    width = number_font().width(number_line("12"), binding.number_size_pt)
    assert number_line("12") == "— 12 —"
    lefts: tuple[tuple[Face, float], ...] = (("recto", A4_WIDTH - outer - width), ("verso", outer))
    for face, left in lefts:
        content = number_content("12", face, binding, number_font())
        x, y = map(float, content.split(" Tf ")[1].split(" Td ")[0].split())
        assert (x, y) == pytest.approx((left, foot), abs=1e-3)
