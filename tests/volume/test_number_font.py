"""The font of the printed numbers, measured."""

import pytest
from fontTools.ttLib import TTFont

from sjs_forms.base.resources import fonts_folder
from sjs_forms.volume.number_font import number_font


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
