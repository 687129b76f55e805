"""Both forms: the notice's wording, and Word and PDF that say the same."""

import re
import zipfile
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sjs_forms.base.errors import Fault
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.html_pages import html_of, render
from sjs_forms.typesetting.word_filling import fill_word
from tests.samples import QUALIFICATIONS, Application
from tests.word_text import text_of_word

PROGRAMME = load_programme("sjs-platform-2025")
FORMS = ("application-form", "commitment")
WORDING = Path(__file__).parent.parent / "wording"
CLOSING_MARKS = "，。、；：？！）》〉」』】〕”’…%％,.;:?!)]}"
HOSTILE = "<b>&amp;{{ 7*7 }}{% raw %}{_{ x }_}{_% y %_}{# z #}]]></w:t>\"'\\_"
SENTENCE = (
    "平台将围绕大模型的训练、微调、评测与部署，建设开放共享的公共服务能力，面向区内企业提供算力调度、"
    "数据治理、模型评测、安全合规等服务（含“一站式”咨询）；到2026年，预计服务企业120家（其中50%为中小"
    "企业），支撑形成《大模型服务能力要求》等5项标准。"
)
LONG_NAME = (
    "北京中关村石景山人工智能大模型产业集聚区公共服务平台建设运营与数据要素流通技术联合创新研究院"
    "股份有限责任公司（集团总部）第一分公司"
)
RARE = "喆堃玥㛃䶮𬭩镕"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Context = dict[str, Any]


def context_of(**answers: Any) -> Context:
    return form_context(PROGRAMME, Application.model_validate(answers))


def filled(founders: int = 1, text: str = SENTENCE, name: str = "北京某某科技有限公司") -> Context:
    return context_of(
        applicant={"name": name, "uscc": "91110107MA01ABCD1K"},
        term={"start": "2025-01-01", "end": "2027-12-31"},
        contact={"name": "陈某", "phone": "010-68860000", "email": "chen@example.com"},
        platform={
            "name": name,
            "address": "北京市石景山区某街1号",
            "accredited_on": "2024-11-05",
            "accredited_by": "北京市发展和改革委员会",
            "construction": text,
            "category": {"kind": "newly_accredited", "date": "2024-11-05"},
            "total_area_sqm": 3200,
            "rd_office_area_sqm": 2460.5,
            "qualifications": ["beijing_key_laboratory"],
            "other_qualification": {"name": name, "level": "municipal", "authority": "市科委"},
        },
        founders=[
            {"name": f"{name}{n}", "uscc": "91110107MA01ABCD1K", "address": f"某街{n}号" * 9}
            for n in range(founders)
        ],
        legal_representative={"name": "欧阳某", "mobile": "13800138000", "landline": "010-6886"},
        liaison={"name": "陈某", "mobile": "13900139000"},
        remarks="由多家单位联合建设。\n授权证明见附件。",
        opinion="同意申报。",
        signed_on="2025-09-30",
    )


LONG = "\n".join(["一、建设目标", SENTENCE * 5, "二、建设内容", SENTENCE * 9, SENTENCE * 12])[:3000]
CASES: dict[str, Callable[[], Context]] = {
    "empty": context_of,
    "one founder": filled,
    "three founders": lambda: filled(3),
    "3,000 characters": lambda: filled(2, LONG),
    "long names": lambda: filled(3, name=LONG_NAME),
    "rare characters": lambda: filled(2, RARE * 30, RARE),
    "hostile data": lambda: filled(3, f"{HOSTILE}\n{HOSTILE}", HOSTILE),
}


def squeezed(*texts: str) -> str:
    """Text without whitespace: lines break where they will."""
    return "".join("".join(texts).split())


def pages_of(form: str, context: Context) -> list[str]:
    """The text of each page of the form's PDF."""
    pdf = pypdfium2.PdfDocument(render(PROGRAMME.templates, f"forms/{form}.html", context))
    try:
        return [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()


def word_text(form: str, context: Context) -> str:
    return squeezed(*text_of_word(fill_word(PROGRAMME, form, context)))


class BodyText(HTMLParser):
    """The text between <body> and </body>."""

    def __init__(self) -> None:
        super().__init__()
        self.inside, self.text = False, ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside = self.inside or tag == "body"

    def handle_data(self, data: str) -> None:
        self.text += data if self.inside else ""


def html_text(form: str, context: Context) -> str:
    parser = BodyText()
    parser.feed(html_of(PROGRAMME.templates, f"forms/{form}.html", context))
    parser.close()
    return squeezed(parser.text)


@cache
def pages(form: str, case: str) -> list[str]:
    """The text of each page of one case's PDF, laid out once."""
    return pages_of(form, CASES[case]())


@pytest.mark.parametrize("form", FORMS)
def test_the_empty_form_is_the_notices_wording_to_the_letter(form: str) -> None:
    official = squeezed((WORDING / f"{form}.txt").read_text(encoding="utf-8"))
    assert word_text(form, context_of()).replace("□", "") == official
    assert squeezed(*pages(form, "empty")).replace("□", "") == official


def test_each_choice_of_the_empty_form_has_its_box() -> None:
    text = word_text("application-form", context_of())
    choices = [
        "新认定",
        "新迁入",
        "国家工程研究中心",
        "全国重点实验室",
        "北京市工程研究中心",
        "北京市重点实验室",
        "其他类别",
    ]
    assert re.findall(f"□({'|'.join(choices)})", text) == choices
    assert text.count("□") == len(choices)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("form", FORMS)
def test_word_and_pdf_say_the_same_word_for_word(form: str, case: str) -> None:
    assert squeezed(*pages(form, case)) == word_text(form, CASES[case]())


lines = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
texts = st.none() | st.text(max_size=120) | st.just(HOSTILE) | st.just("甲\n\n乙\t丙\x0c\x07")
days = st.none() | st.dates().map(lambda day: day.isoformat())
people = st.fixed_dictionaries({"name": lines, "mobile": lines, "landline": lines})
applications = st.fixed_dictionaries(
    {
        "applicant": st.fixed_dictionaries({"name": lines, "uscc": lines}),
        "term": st.fixed_dictionaries({"start": days, "end": days}),
        "platform": st.fixed_dictionaries(
            {
                "name": lines,
                "construction": texts,
                "total_area_sqm": st.none() | st.floats(0.01, 1e7),
                "category": st.fixed_dictionaries(
                    {"kind": st.sampled_from([None, "newly_accredited"]), "date": days}
                ),
                "qualifications": st.sets(st.sampled_from(QUALIFICATIONS)).map(sorted),
                "other_qualification": st.fixed_dictionaries({"name": lines, "authority": lines}),
            }
        ),
        "founders": st.lists(
            st.fixed_dictionaries({"name": lines, "uscc": lines, "address": lines}), max_size=3
        ),
        "legal_representative": people,
        "remarks": texts,
        "opinion": texts,
        "signed_on": days,
    }
)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40, deadline=None)
@given(answers=applications)
def test_word_and_html_say_the_same_whatever_the_answers(
    form: str, answers: dict[str, Any]
) -> None:
    context = context_of(**answers)
    assert word_text(form, context) == html_text(form, context)


@pytest.mark.parametrize("form", FORMS)
def test_hostile_data_comes_out_as_it_was_written(form: str) -> None:
    context = filled(3, HOSTILE, HOSTILE)
    assert squeezed(HOSTILE) in word_text(form, context)
    assert squeezed(HOSTILE) in html_text(form, context)
    assert "49" not in word_text("commitment", context)


@pytest.mark.parametrize("form", FORMS)
def test_the_same_answers_give_the_same_word_bytes(form: str) -> None:
    first, again = (fill_word(PROGRAMME, form, filled(3)) for _ in range(2))
    assert first == again
    with zipfile.ZipFile(BytesIO(first)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "2024-03-19T00:00:00Z" in package.read("docProps/core.xml").decode()


@pytest.mark.parametrize("form", FORMS)
def test_a_filled_form_names_what_stands_in_for_fonts_that_windows_lacks(form: str) -> None:
    with zipfile.ZipFile(BytesIO(fill_word(PROGRAMME, form, filled(3)))) as packed:
        table = etree.fromstring(packed.read("word/fontTable.xml"))
        styles = etree.fromstring(packed.read("word/styles.xml"))
    known = {font.get(f"{W}name"): font for font in table}
    for fonts in styles.iter(f"{W}rFonts"):
        assert set(fonts.attrib.values()) <= set(known)
    stands_in = {"仿宋_GB2312": "仿宋", "方正小标宋简体": "华文中宋,宋体"}
    for name, other in stands_in.items():
        assert [each.tag.removeprefix(W) for each in known[name]] == [
            "altName",
            "panose1",
            "charset",
            "family",
            "pitch",
        ]
        assert known[name].find(f"{W}altName").get(f"{W}val") == other
        assert len(known[name].find(f"{W}panose1").get(f"{W}val")) == 20
        assert known[name].find(f"{W}charset").get(f"{W}val") == "86"


@pytest.mark.parametrize("case", CASES)
def test_cover_and_instructions_are_a_page_each_and_the_table_begins_on_the_third(
    case: str,
) -> None:
    cover, instructions, table, *_ = map(squeezed, pages("application-form", case))
    assert cover.startswith("附4-1石景山区") and cover.endswith("二〇二五年制")
    assert instructions.startswith("填写说明1.") and instructions.endswith("不可删除规定内容。")
    assert table.startswith("实验室/创新平台/研究机构等名称")


@pytest.mark.parametrize("case", CASES)
def test_the_commitment_is_one_page(case: str) -> None:
    assert len(pages("commitment", case)) == 1


@pytest.mark.parametrize("case", CASES)
def test_signatures_and_headings_are_never_torn_from_what_they_belong_to(case: str) -> None:
    written = [squeezed(page) for page in pages("application-form", case)]
    signed = CASES[case]()["signed"]["application"]
    assert any(squeezed("单位负责人：（签章）(单位公章)", signed) in page for page in written)
    for heading in ("其他需要说明的问题", "项目申报单位意见"):
        assert not any(page.endswith(heading) for page in written)


def test_no_line_of_a_long_text_begins_with_a_closing_mark() -> None:
    printed = "\n".join(pages("application-form", "3,000 characters")).splitlines()
    assert len(printed) > 100
    assert [row for row in printed if row[:1] and row[0] in CLOSING_MARKS] == []


def test_a_long_text_runs_over_pages_and_its_own_headings_stay_with_their_text() -> None:
    for before in range(26, 32):  # about as many lines as there is room for on the third page
        text = "\n".join([*["甲" * 20 + "。"] * before, "二、建设内容", SENTENCE * 2])
        written = [squeezed(page) for page in pages_of("application-form", filled(1, text))]
        assert not any(page.endswith("二、建设内容") for page in written)


def test_the_foot_of_each_page_is_left_to_the_volumes_numbers() -> None:
    points_of_16_mm = 16 / 25.4 * 72
    for form in FORMS:
        data = render(PROGRAMME.templates, f"forms/{form}.html", filled(3, LONG, LONG_NAME))
        for page in pypdfium2.PdfDocument(data):
            text = page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            assert min(bottom for _, bottom, _, top in boxes if top) > points_of_16_mm


def test_a_template_and_a_context_that_do_not_fit_are_a_fault() -> None:
    with pytest.raises(Fault, match="commitment"):
        fill_word(PROGRAMME, "commitment", {})
    with pytest.raises(Fault, match="no-such-form"):
        fill_word(PROGRAMME, "no-such-form", context_of())
