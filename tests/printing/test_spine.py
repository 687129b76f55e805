"""The spine: its width, and what is printed down it."""

from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.resources import fonts_folder
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.domain.placement import MM
from sjs_forms.domain.print_rules import PaperStock, SpineRules
from sjs_forms.printing.spine import GAP, PITCH, Spine, latin_width, make_spine, spine_width

RULES = load_programme(installed_programmes()[0]).print.spine
HEIGHT = 297.0
YEAR = "二〇二五年"
TITLE = RULES.titles[0]

widths = st.floats(0.5, 60)
names = st.text("北京大学（集团）“”、·ABCxyz123 &—有限公司", min_size=1, max_size=160).map(
    str.strip
)


def _extent(spine: Spine) -> list[tuple[float, float]]:
    """Head and foot of each text, in millimetres."""
    assert spine.text is not None
    em = spine.text.size_pt / MM
    return [
        (run.top_mm, run.top_mm + sum(cell.em for cell in run.cells) * PITCH * em)
        for run in spine.text.runs
    ]


def test_a_spine_is_paper_cover_on_both_sides_and_glue() -> None:
    rules = RULES.model_copy(update={"glue_mm": 0.3})
    paper = PaperStock(id="p", title="纸", caliper_mm=0.104)
    card = PaperStock(id="c", title="卡", caliper_mm=0.28)
    assert spine_width(35, paper, card, rules) == 4.5
    assert spine_width(100, paper, card, rules) == 11.3


@given(st.integers(1, 2000), st.integers(1, 50))
def test_more_sheets_never_make_a_thinner_spine(sheets: int, more: int) -> None:
    paper = PaperStock(id="p", title="纸", caliper_mm=0.091)
    assert spine_width(sheets, paper, paper, RULES) <= spine_width(
        sheets + more, paper, paper, RULES
    )


@given(widths, names)
def test_text_stays_within_the_spine_and_clear_of_its_folds(width: float, name: str) -> None:
    spine = make_spine(width, HEIGHT, RULES, name, YEAR)
    assert spine.note
    if spine.text is None:
        return
    assert RULES.least_pt <= spine.text.size_pt <= RULES.largest_pt
    assert spine.text.size_pt / MM <= width - 2 * RULES.edge_mm + 1e-6
    below = RULES.end_mm - 0.01
    for top, foot in _extent(spine):
        assert top >= below
        below = foot + 0.01
    assert below <= HEIGHT - RULES.end_mm + 0.05


@given(widths, names)
def test_texts_keep_apart_by_at_least_the_gap(width: float, name: str) -> None:
    spine = make_spine(width, HEIGHT, RULES, name, YEAR)
    if spine.text is None:
        return
    edges = _extent(spine)
    for (_, foot), (top, _) in pairwise(edges):
        assert top - foot >= GAP * spine.text.size_pt / MM - 0.05


@given(widths, names)
def test_no_character_of_a_text_is_lost_and_the_applicants_name_is_never_cut(
    width: float, name: str
) -> None:
    spine = make_spine(width, HEIGHT, RULES, name, YEAR)
    if spine.text is None:
        return
    for run in spine.text.runs:
        assert "".join(cell.text for cell in run.cells) == run.text
    if name:
        assert name in [run.text for run in spine.text.runs]


@given(st.floats(0.1, RULES.text_from_mm - 0.01))
def test_a_thin_spine_bears_no_text_and_says_why(width: float) -> None:
    spine = make_spine(width, HEIGHT, RULES, "某单位", YEAR)
    assert spine.text is None
    assert "不足" in spine.note


def test_a_spine_of_ten_millimetres_bears_all_three_at_the_largest_size() -> None:
    spine = make_spine(10, HEIGHT, RULES, "北京砚溪样例智能科技有限公司", YEAR)
    assert spine.text is not None
    texts = [run.text for run in spine.text.runs]
    assert texts == [TITLE, "北京砚溪样例智能科技有限公司", YEAR]
    assert spine.text.size_pt == RULES.largest_pt
    top, foot = _extent(spine)[0][0], _extent(spine)[-1][1]
    assert top == RULES.end_mm
    assert foot == pytest.approx(HEIGHT - RULES.end_mm, abs=0.02)


def test_a_thinner_spine_is_set_smaller_first() -> None:
    spine = make_spine(RULES.text_from_mm, HEIGHT, RULES, "某单位", YEAR)
    assert spine.text is not None
    assert len(spine.text.runs) == 3
    assert spine.text.size_pt < RULES.largest_pt
    assert "书脊较薄" in spine.note


@pytest.mark.parametrize(
    ("length", "first", "said"),
    [(60, TITLE, "文字较长"), (75, RULES.titles[-1], "标题缩为"), (95, None, "印不下")],
)
def test_a_long_name_shrinks_shortens_and_at_last_drops_the_text(
    length: int, first: str | None, said: str
) -> None:
    spine = make_spine(10, HEIGHT, RULES, "名" * length, YEAR)
    assert said in spine.note
    assert (spine.text.runs[0].text if spine.text else None) == first


def test_the_name_alone_is_centred_where_nothing_else_fits() -> None:
    spine = make_spine(10, HEIGHT, RULES, "名" * 88, YEAR)
    assert spine.text is not None
    ((top, foot),) = _extent(spine)
    assert top - RULES.end_mm == pytest.approx(HEIGHT - RULES.end_mm - foot, abs=0.02)
    assert "只印单位名称" in spine.note


def test_chinese_stands_upright_brackets_and_words_are_turned() -> None:
    spine = make_spine(12, HEIGHT, RULES, "北京AI（集团）OpenLab 2院、所", YEAR)
    assert spine.text is not None
    stands = [(cell.text, cell.stands) for cell in spine.text.runs[1].cells]
    assert stands == [
        ("北", "upright"),
        ("京", "upright"),
        ("A", "upright"),
        ("I", "upright"),
        ("（", "turned"),
        ("集", "upright"),
        ("团", "upright"),
        ("）", "turned"),
        ("OpenLab 2", "turned"),
        ("院", "upright"),
        ("、", "corner"),
        ("所", "upright"),
    ]


def test_the_room_for_a_latin_word_is_never_less_than_the_font_needs() -> None:
    with TTFont(fonts_folder() / "NotoSansSC-Medium.ttf", lazy=True) as font:
        names_of, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        for character in (*map(chr, range(0x20, 0x7F)), "’"):
            if character.isalnum() or character in " .&'’+/@-":
                assert advances[names_of[ord(character)]][0] / em <= latin_width(character)


def test_rules_that_leave_no_room_are_refused() -> None:
    with pytest.raises(ValueError, match="edge_mm"):
        SpineRules.model_validate(RULES.model_dump() | {"edge_mm": RULES.text_from_mm})
    with pytest.raises(ValueError, match="least_pt"):
        SpineRules.model_validate(RULES.model_dump() | {"least_pt": RULES.largest_pt + 1})
