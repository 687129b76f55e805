"""Second codes of a character, as in texts copied from a PDF, become the usual one."""

import unicodedata

import pytest

from sjs_forms.base.font_coverage import has_glyph
from sjs_forms.base.usual_characters import usual_characters


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("⻓城⻔⻚⻢⻰⻩", "长城门页马龙黄"),
        ("⾦⽯⼤⼀", "金石大一"),
        ("\uf9e4事会", "理事会"),
        ("Mu\u0308ller", "M\u00fcller"),
        ("（甲）Ａ１①㎡", "（甲）Ａ１①㎡"),
    ],
)
def test_what_looks_like_a_usual_character_becomes_it(written: str, usual: str) -> None:
    assert usual_characters(written) == usual
    assert usual_characters(usual) == usual
    assert all(map(has_glyph, usual))


def test_every_radical_becomes_an_ideograph_and_nothing_else_changes() -> None:
    for code in range(0x2E80, 0x2FD6):
        usual = usual_characters(chr(code))
        assert len(usual) == 1
        assert usual == chr(code) or unicodedata.name(usual).startswith("CJK UNIFIED IDEOGRAPH")
