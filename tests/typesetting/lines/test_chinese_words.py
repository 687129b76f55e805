"""Words of Chinese text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.typesetting.lines.chinese_words import inner_places, words, words_in_word
from sjs_forms.typesetting.lines.line_breaks import NEVER_FIRST, NEVER_LAST

anything = st.text(
    st.sampled_from("北京市科技有限公司喆堃的等和第一2025年3,.AB /（）《》“”、。—·<&"), max_size=40
)


@given(anything)
def test_joined_the_words_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text
    assert "".join(words_in_word(text)) == text


@given(anything)
def test_no_word_begins_or_ends_with_a_mark_at_which_no_line_may(text: str) -> None:
    found = words(text)
    for before, after in pairwise(found):
        if not before[-1].isspace():
            assert after[0] not in NEVER_FIRST
        assert before[-1] not in NEVER_LAST or after[0].isspace()


@pytest.mark.parametrize(
    "text",
    [
        "北京|某某|科技|有限公司|石景山|分公司",
        "北京|砚溪|样例|智能|科技|有限公司",
        "喆堃玥㛃䶮𬭩镕|科技|（北京）|有限公司",
        "统一|社会|信用代码|营业执照|或|社会团体|法人|登记证书",
        "2024年度|审计报告|或|财务报表、|2025年|相关|证明材料、|税务登记|证明",
        "2024年度|《审计报告》|或|《资产负债表》|等|认定",
        "租赁期|自|2025年3月1日|起|至|2028年2月28日|止，|共|3,200 平方米",
        "国家|重点实验室",
        "可信|大模型|评测|与|安全|治理|北京市|重点实验室|（样例）",
        "DeepSeek-R1|大模型|推理|服务|API/SDK|接口|说明书|v2.0|（2025年3月1日|修订）",
        "A座|5—7层",
        "八角西街|40号|科技馆|3号楼|2层",
        "210 × 297 毫米",
        "附件|3|人工智能|平台|5个|工作日|120家",
        "70 面，|35 张 |A4",
        "Beijing |Stone |Mountain |AI |Technology |Co., |Ltd.|（北京|石山）",
        "行动|方案——|面向|中小企业的|“一站式”|公共服务！”|（含）",
        "国家级/|市级",
        "",
    ],
)
def test_words_numbers_with_units_dates_and_latin_stay_whole(text: str) -> None:
    expected = text.replace("》|等", "》等")
    assert words(expected.replace("|", "")) == tuple(filter(None, expected.split("|")))


def test_what_word_does_not_part_is_joined_for_it() -> None:
    assert words("报表、2025年") == ("报表、", "2025年")
    assert words_in_word("报表、2025年") == ("报表、2025年",)
    assert words_in_word("部署GPU（A100）算力") == ("部署", "GPU（A100）", "算力")


def test_short_brackets_are_kept_whole_in_running_text() -> None:
    text = "意见”（单位公章）"
    assert set(range(text.index("（") + 1, len(text))) <= inner_places(text)
    assert text.index("（") not in inner_places(text)


def test_within_latin_nothing_need_be_said() -> None:
    assert inner_places("Technology Co") == frozenset()
