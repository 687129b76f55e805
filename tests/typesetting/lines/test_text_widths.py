"""The table of widths says what the fonts have."""

import pytest
from fontTools.ttLib import TTFont

from sjs_forms.base.resources import fonts_folder
from sjs_forms.typesetting.lines.text_widths import Typeface, width

FIRST: dict[Typeface, str] = {
    "Fang": "NotoSerifSC-Latin.ttf",
    "Song": "NotoSerifSC-Regular.ttf",
    "SongBold": "NotoSerifSC-Bold.ttf",
    "Hei": "NotoSansSC-Medium.ttf",
}


@pytest.mark.parametrize("face", FIRST)
def test_latin_is_as_wide_as_in_the_font(face: Typeface) -> None:
    with TTFont(fonts_folder() / FIRST[face], lazy=True) as font:
        advances, names = font["hmtx"].metrics, font.getBestCmap()
        units = font["head"].unitsPerEm
    for point in range(0x20, 0x7F):
        exact = advances[names[point]][0] / units
        assert exact <= width(chr(point), face) <= exact + 0.001


def test_chinese_is_as_wide_as_high() -> None:
    assert width("中文，《喆𬭩", "Fang") == 6
