"""What the forms print of each answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.fields.line import printed_line as line
from sjs_forms.domain.fields.line import printed_paragraphs as paragraphs
from sjs_forms.domain.fields.number import printed_number as area
from sjs_forms.domain.fields.phone import printed_phone as phone
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.typesetting.form_context import form_context
from tests.samples import Application

PROGRAMME = load_programme("sjs-platform-2025")


def context_of(**answers: Any) -> dict[str, Any]:
    return form_context(PROGRAMME, Application.model_validate(answers))


def test_dates_are_written_without_leading_zeros() -> None:
    context = context_of(
        term={"start": "2025-03-01", "end": "2027-12-31"}, platform={"accredited_on": "2024-11-05"}
    )
    assert context["term"] == {"start": "2025年3月1日", "end": "2027年12月31日"}
    assert context["platform"]["accredited_on"] == "2024年11月5日"


@pytest.mark.parametrize(
    ("value", "printed"),
    [(2460.5, "2460.5"), (3200.0, "3200"), (0.25, "0.25"), (1e7, "10000000"), (1e-7, "0.0000001")],
)
def test_areas_are_written_without_trailing_zeros(value: float, printed: str) -> None:
    assert area(value) == printed


def test_a_blank_answer_comes_out_as_the_forms_own_blank() -> None:
    context = context_of()
    assert context["term"] == {"start": "   年 月  日", "end": "   年 月  日"}
    assert context["category"]["newly_relocated"]["date"] == "    年   月    日"
    assert context["signed"]["application"] == "2025年  月  日"
    assert context["signed"]["commitment"] == "年  月  日"
    assert context["pledger"] == {"name": " " * 30, "uscc": " " * 8}
    assert context["other_qualification"] == " " * 10
    assert context["applicant"] == {"name": "", "uscc": ""}
    assert context["platform"]["construction"] == [""]
    assert context["platform"]["total_area"] == ""


def test_half_a_term_leaves_the_other_half_to_the_pen() -> None:
    context = context_of(term={"start": "2025-01-01"})
    assert context["term"] == {"start": "2025年1月1日", "end": "   年 月  日"}


def test_only_the_chosen_category_is_ticked_and_dated() -> None:
    context = context_of(platform={"category": {"kind": "newly_relocated", "date": "2025-02-03"}})
    assert context["category"] == {
        "newly_accredited": {"tick": "□", "date": "    年   月    日"},
        "newly_relocated": {"tick": "☑", "date": "2025年2月3日"},
    }


def test_every_qualification_held_is_ticked() -> None:
    context = context_of(
        platform={"qualifications": ["national_key_laboratory", "beijing_key_laboratory"]}
    )
    assert context["qualifications"] == {
        "national_engineering_research_center": {"tick": "□"},
        "national_key_laboratory": {"tick": "☑"},
        "beijing_engineering_research_center": {"tick": "□"},
        "beijing_key_laboratory": {"tick": "☑"},
        "other": {"tick": "□"},
    }


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        (
            {"name": "XX中心", "level": "municipal", "authority": "北京市科委"},
            "XX中心（市级，北京市科委认定）",
        ),
        ({"name": "XX中心", "level": "national"}, "XX中心（国家级）"),
        ({"name": "XX中心"}, "XX中心"),
        ({"authority": "科技部"}, "（科技部认定）"),
    ],
)
def test_another_qualification_is_one_string_and_ticked(
    answer: dict[str, str], printed: str
) -> None:
    context = context_of(platform={"other_qualification": answer})
    assert context["other_qualification"] == printed
    assert context["qualifications"]["other"]["tick"] == "☑"


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_the_form_always_has_three_founders(count: int) -> None:
    founders = context_of(founders=[{"name": f"单位{n}"} for n in range(count)])["founders"]
    assert [founder["name"] for founder in founders] == [
        *(f"单位{n}" for n in range(count)),
        *[""] * (3 - count),
    ]
    assert all(set(founder) == {"name", "uscc", "address"} for founder in founders)


def test_a_newline_starts_a_paragraph_and_empty_ones_go() -> None:
    assert paragraphs("　　一、目标\r\n\n  二、内容 \n") == ["一、目标", "二、内容"]


def test_a_signing_date_stands_on_both_forms() -> None:
    signed = context_of(signed_on="2025-09-30")["signed"]
    assert signed == {"application": "2025年9月30日", "commitment": "2025年9月30日"}


@given(st.text(st.characters()))
def test_no_text_leaves_a_character_that_xml_forbids(text: str) -> None:
    for printed in (line(text), *paragraphs(text)):
        assert "\n" not in printed
        assert all(
            mark >= " " and not "\ud800" <= mark <= "\udfff" and mark not in "\ufffe\uffff"
            for mark in printed
        )
    assert paragraphs(text)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("010 6886 3654", "010-68863654"),
        ("010-6886-3654", "010-68863654"),
        ("（010）68863654", "010-68863654"),
        ("０１０－６８８６３６５４", "010-68863654"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("0311 8886123", "0311-8886123"),
        ("68863654", "68863654"),
        ("400 810 0000", "400 810 0000"),
        ("010-68863654 转 123", "010-68863654 转 123"),
        ("010-68863654 010-68863655", "010-68863654 010-68863655"),
        ("+86 138 0013 8000", "+86 138 0013 8000"),
    ],
)
def test_a_telephone_number_is_printed_in_one_way(written: str, printed: str) -> None:
    assert phone(written) == printed
    assert phone(printed) == printed
