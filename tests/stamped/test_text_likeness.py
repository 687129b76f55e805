"""The text of a scan held to the text of a generated page."""

from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.stamped.text_likeness import changes, plain, readable, text_likeness

PAGE = plain(
    "实验室/创新平台/研究机构等名称 可信大模型评测北京市重点实验室 资质认定时间 2024年11月28日 "
    "资质认定部门 北京市科技主管部门 平台建设内容 围绕石景山区人工智能大模型产业集聚区建设需要，"
    "依托实验室建设大模型公共服务平台，形成面向中小企业的低门槛模型适配能力。总面积（平方米）3200"
)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_even_handed_and_between_0_and_1(one: str, other: str) -> None:
    assert text_likeness(one, other) == text_likeness(other, one)
    assert 0 <= text_likeness(one, other) <= 1


def test_spaces_and_full_width_make_no_difference() -> None:
    assert plain("Ａ 1\n　２") == "A12"


def test_a_scanners_own_line_is_no_text() -> None:
    assert not readable(plain("Scanned by X"))
    assert not readable(plain("·" * 50))
    assert readable(PAGE)


def test_the_same_text_shows_no_change() -> None:
    assert changes(PAGE, PAGE) == ()


def test_handwriting_and_a_seal_are_no_change() -> None:
    assert changes(PAGE, PAGE + "张三2025年10月8日某公司公章") == ()


def test_a_changed_digit_is_seen_in_exact_text() -> None:
    (change,) = changes(PAGE, PAGE.replace("3200", "3300"))
    assert "3200" in change


def test_misread_characters_are_no_change() -> None:
    misread = "".join("口" if index % 9 == 4 else c for index, c in enumerate(PAGE))
    assert changes(PAGE, misread) == ()


def test_another_passage_is_seen_though_the_rest_is_misread() -> None:
    other = PAGE.replace("可信大模型评测北京市重点实验室", "智能制造与工业软件协同创新中心")
    misread = "".join("口" if index % 11 == 4 else c for index, c in enumerate(other))
    assert any("大模型评测" in change for change in changes(PAGE, misread))
