"""The roster's boxes, scaled numbers, totals, hidden rows: what could be read wrong is asked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.utils import get_column_letter

from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.batch.roster import read_roster
from sjs_forms.batch.roster.columns import PASSWORD_LABEL
from sjs_forms.batch.roster.table_files.sheets import scale_of
from sjs_forms.domain.answers.summary_rows import is_summary
from sjs_forms.domain.fields.named_choices import named_choices
from tests.rosters import REQUIRED, all_columns, answer_at, the_row, with_answers, write_sheet
from tests.samples import codes, only

AREA, CATEGORY, LISTED = "总面积（平方米）", "平台类别", "平台资质"
LABORATORY = "平台资质：北京市重点实验室"
WORDS = {column.tick.id: column.tick.label for column in all_columns() if column.tick}
QUALIFICATIONS = tuple(WORDS)


@pytest.mark.parametrize(
    "written",
    [
        "☑新认定 □新迁入",
        "□新迁入  ☑新认定",
        "新认定☑ 新迁入□",
        "（√）新认定（ ）新迁入",
        "[√]新认定 [ ]新迁入",
        "☑新认定，建设时间（ 2025年3月1日 ）\n□新迁入，迁入时间（    年  月  日）",
        "√新认定\n×新迁入",
    ],
)
def test_the_ticked_choice_is_the_answer_and_the_empty_box_is_not(
    tmp_path: Path, written: str
) -> None:
    row = the_row(tmp_path, {CATEGORY: written})
    assert answer_at(row, "平台类别") == "newly_accredited"
    assert row.findings == ()


@pytest.mark.parametrize(
    "written",
    [
        "新认定/新迁入",
        "新认定、新迁入",
        "新认定新迁入",
        "☑新认定 ☑新迁入",
        "√新认定√新迁入√",
        "新认定√新迁入",
        "☒新认定 □新迁入",
        "☑□新认定",
        "□新认定",
        "不是新认定",
        "新认定？",
        "新认定或新迁入",
        "新认定，没有新迁入",
    ],
)
def test_a_category_that_may_be_misread_is_asked_about(tmp_path: Path, written: str) -> None:
    row = the_row(tmp_path, {CATEGORY: written})
    assert codes(row.findings) == ["cell-choice-unclear"]
    assert answer_at(row, "平台类别") is None


def test_boxes_that_are_all_empty_leave_the_answer_blank(tmp_path: Path) -> None:
    row = the_row(tmp_path, {CATEGORY: "□新认定 □新迁入"})
    assert (answer_at(row, "平台类别"), row.findings) == (None, ())


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("□国家工程研究中心 ☑北京市重点实验室", ["beijing_key_laboratory"]),
        ("×国家工程研究中心、√北京市重点实验室", ["beijing_key_laboratory"]),
        ("北京市重点实验室√、国家工程研究中心×", ["beijing_key_laboratory"]),
        (
            "北京市重点实验室 国家工程研究中心",
            ["national_engineering_research_center", "beijing_key_laboratory"],
        ),
        (
            "北京市重点实验室（2023年认定）和国家工程研究中心",
            ["national_engineering_research_center", "beijing_key_laboratory"],
        ),
        ("□国家工程研究中心□全国重点实验室", []),
    ],
)
def test_qualifications_listed_with_boxes_are_those_ticked(
    tmp_path: Path, written: str, chosen: list[str]
) -> None:
    row = the_row(tmp_path, {LISTED: written})
    assert (row.document["platform"]["qualifications"], row.findings) == (chosen, ())


@pytest.mark.parametrize(
    "written", ["北京市重点实验室  区级中心", "☑区级中心 □北京市重点实验室", "未获北京市重点实验室"]
)
def test_a_qualification_that_is_not_on_the_form_is_not_dropped(
    tmp_path: Path, written: str
) -> None:
    row = the_row(tmp_path, {LISTED: written})
    assert [found.severity for found in row.findings] == ["error"]


@pytest.mark.parametrize(
    ("written", "ticked"),
    [
        ("□北京市重点实验室", False),
        ("×北京市重点实验室", False),
        ("北京市重点实验室☑", True),
        ("☑是 □否", True),
        ("□是 ☑否", False),
        ("是√", True),
    ],
)
def test_one_qualification_is_ticked_only_where_its_own_box_is(
    tmp_path: Path, written: str, ticked: bool
) -> None:
    row = the_row(tmp_path, {LABORATORY: written})
    assert row.document["platform"]["qualifications"] == ["beijing_key_laboratory"] * ticked
    assert row.findings == ()


@pytest.mark.parametrize("written", ["☑□", "√×", "是 否", "☑是 ☑否", "☒", "北京市重点实验室？"])
def test_two_marks_in_one_box_are_asked_about(tmp_path: Path, written: str) -> None:
    row = the_row(tmp_path, {LABORATORY: written})
    assert codes(row.findings) == ["cell-not-choice"]


@given(
    st.dictionaries(st.sampled_from(QUALIFICATIONS), st.booleans(), min_size=1),
    st.sampled_from(["☑□", "√×", "■□", "✔☐"]),
    st.sampled_from(["", " ", "  ", "、", "\n", "；"]),
    st.booleans(),
)
def test_boxes_before_or_behind_every_choice_are_read_as_they_are_made(
    marks: dict[str, bool], boxes: str, between: str, behind: bool
) -> None:
    parts = [(boxes[not on], WORDS[choice]) for choice, on in marks.items()]
    text = between.join("".join(part[::-1] if behind else part) for part in parts)
    read = named_choices({choice: (WORDS[choice],) for choice in QUALIFICATIONS}, text)
    assert read is not None
    assert dict(read.ticked) == marks


@given(st.text("☑□×√新认定迁入 、/（）(){}[]?是", max_size=20))
def test_no_text_makes_a_choice_out_of_an_empty_box(text: str) -> None:
    read = named_choices({"a": ("新认定",), "b": ("新迁入",)}, text)
    if read is not None and read.chosen and any(mark in text for mark in "☑√"):
        assert len(set(read.ticked)) == len(read.ticked)
        assert all(read.ticked[choice] is not False for choice in read.chosen)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        *(
            ("0%", 0.66),
            ("0.00%", 0.6666),
            ('0.0,"万"', 3000),
            ('0.0"万㎡"', 0.3),
            ("#,##0,", 3000),
        ),
        *(
            ('0"公顷"', 3),
            ('0.0"亩"', 3),
            ('0.000"k㎡"', 0.003),
            ("0\\k\\m²", 3),
            ('0"平方分米"', 3),
        ),
        *(('"约"0', 3000), ('0"多"', 3000), ('"≥"#,##0', 3000), ('0"以上"', 3000), (";;;", 3000)),
        *(('""', 3000), ('0!.0,"万"', 3000), ('[>=10000]0.0,"万";0', 30000)),
    ],
)
def test_a_number_that_is_shown_as_another_or_not_at_all_is_asked_about(
    tmp_path: Path, pattern: str, value: float
) -> None:
    def formatted(_book: Any, sheet: Any) -> None:
        sheet.cell(2, len(REQUIRED) + 1).number_format = pattern

    row = the_row(tmp_path, {AREA: value}, change=formatted)
    assert codes(row.findings) == ["cell-shown-otherwise"]
    assert answer_at(row, AREA) is None


@pytest.mark.parametrize("written", ["0.3万㎡", "66%", "约2000", "2000左右", "2000~3000"])
def test_an_area_written_in_another_size_is_asked_about(tmp_path: Path, written: str) -> None:
    row = the_row(tmp_path, {AREA: written})
    assert codes(row.findings) == ["cell-not-number"]


@pytest.mark.parametrize(
    "pattern",
    [
        *("General", "0.00", "#,##0.00", '0.00"平方米"', "[Red]0", "_-* #,##0_-", "00000", "@"),
        *('0"m²"', "0.0㎡", '"面积"0', "[DBNum2]0", "0_);(0)", "[$-804]General", '"¥"#,##0', ""),
    ],
)
def test_a_format_that_shows_the_number_itself_is_no_matter(pattern: str) -> None:
    assert scale_of(pattern) == ""


TOTALS: list[list[object]] = [
    ["合计", None, None, 12000],
    ["", "总 计：", None, "12,000㎡"],
    ["共 2 家单位"],
    ["小计", 2],
    ["填表人：张三", None, "审核人：李四", "日期：2025年3月1日"],
    ["注：代码须与营业执照一致。"],
    ["以下空白"],
    ["——（以下无正文）——"],
    ["Total", None, None, 3000],
]


@pytest.mark.parametrize("summary", TOTALS)
def test_totals_and_notes_below_the_table_are_no_applicants(
    tmp_path: Path, summary: list[object]
) -> None:
    labels = [*REQUIRED, AREA]
    row = [*REQUIRED.values(), 3000]
    path = write_sheet(tmp_path / "名册.xlsx", [labels, row, summary])
    (read,) = read_roster(path)
    assert (read.number, read.findings) == (2, ())


@pytest.mark.parametrize(
    "row", [["合计科技有限公司", 3], ["合计", "周禾"], ["注册中公司：甲"], ["甲公司"], [12, 3]]
)
def test_an_applicant_is_never_taken_for_a_total(row: list[object]) -> None:
    assert not is_summary(map(str, row))


def test_a_hidden_row_is_read_and_named(tmp_path: Path) -> None:
    def hidden(_book: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    path = with_answers(tmp_path / "名册.xlsx", {}, {"申报单位": "乙公司"}, change=hidden)
    shown, unseen = read_roster(path)
    assert shown.findings == ()
    assert "第 3 行" in only(unseen.findings, "row-hidden").message
    assert unseen.name == "乙公司"


def test_a_hidden_column_with_answers_is_read_and_named_once(tmp_path: Path) -> None:
    def hidden(_book: Any, sheet: Any) -> None:
        for at, cell in enumerate(sheet[1], 1):
            if cell.value in ("企业联系人", "企业联系人座机", PASSWORD_LABEL):
                sheet.column_dimensions[get_column_letter(at)].hidden = True

    answers = {"企业联系人": "周禾", "企业联系人座机": None, PASSWORD_LABEL: "1"}
    path = with_answers(
        tmp_path / "名册.xlsx", {"企业联系人": None}, answers, answers, change=hidden
    )
    first, second, third = read_roster(path)
    assert second.document["liaison"]["name"] == "周禾"
    found = only(second.findings, "column-hidden")
    assert "第 3 行“企业联系人”" in found.message and found.has(Trait.OFFICE)
    assert "column-hidden" not in codes([*first.findings, *third.findings])


def _at(label: str, change: Callable[[Any], None]) -> Callable[[Any, Any], None]:
    """Change the cell of that label in the first row of answers."""

    def changed(_book: Any, sheet: Any) -> None:
        at = next(cell.column for cell in sheet[1] if cell.value == label)
        change(sheet.cell(2, at))

    return changed


def _struck(cell: Any) -> None:
    cell.font = Font(strike=True)


def _struck_in_part(cell: Any) -> None:
    cell.value = CellRichText(TextBlock(InlineFont(strike=True), "王大力"), "许小满")


def _struck_but_for_a_part(cell: Any) -> None:
    cell.font = Font(strike=True)
    cell.value = CellRichText("王大力", TextBlock(InlineFont(strike=False), "许小满"))


@pytest.mark.parametrize("how", [_struck_in_part, _struck_but_for_a_part])
def test_words_struck_out_in_a_cell_join_no_answer_and_are_told(
    tmp_path: Path, how: Callable[[Any], None]
) -> None:
    row = the_row(tmp_path, {}, change=_at("联系人", how))
    assert answer_at(row, "联系人") == "许小满"
    assert "王大力" in only(row.findings, "cell-struck-out").message


@pytest.mark.parametrize("label", ["联系人", AREA])
def test_a_cell_that_is_struck_out_is_asked_about(tmp_path: Path, label: str) -> None:
    row = the_row(tmp_path, {AREA: 3000}, change=_at(label, _struck))
    found = only(row.findings, "row-struck-out")
    assert found.severity == "error"
    assert f"“{label}”" in found.message


WHITE = "FFFFFFFF"


def _white_in_part(cell: Any) -> None:
    cell.value = CellRichText(TextBlock(InlineFont(color=WHITE), "王大力"), "许小满")


def _white_but_for_a_part(cell: Any) -> None:
    cell.font = Font(color=Color(theme=0))
    cell.value = CellRichText("王大力", TextBlock(InlineFont(color="FF000000"), "许小满"))


def _in_the_colour_of_its_fill(cell: Any) -> None:
    cell.fill = PatternFill("solid", fgColor="FFFFFF00")
    cell.value = CellRichText(TextBlock(InlineFont(color="FFFFFF08"), "王大力"), "许小满")


@pytest.mark.parametrize("how", [_white_in_part, _white_but_for_a_part, _in_the_colour_of_its_fill])
def test_words_that_nobody_sees_join_no_answer_and_are_told(
    tmp_path: Path, how: Callable[[Any], None]
) -> None:
    row = the_row(tmp_path, {}, change=_at("联系人", how))
    assert answer_at(row, "联系人") == "许小满"
    found = only(row.findings, "cell-unseen")
    assert found.severity == "warning"
    assert "“王大力”" in found.message and "“许小满”" in found.message


@pytest.mark.parametrize("label", ["联系人", AREA])
def test_a_cell_that_nobody_sees_is_read_and_told(tmp_path: Path, label: str) -> None:
    """A style of the whole table may give it a dark ground, which is not looked for."""

    def white(cell: Any) -> None:
        cell.font = Font(color=WHITE)

    row = the_row(tmp_path, {AREA: 3000}, change=_at(label, white))
    assert answer_at(row, label)
    assert label in only(row.findings, "cell-unseen").message


@pytest.mark.parametrize("fill", ["FF1F4E79", "FF000000", "FF00B050"])
def test_white_words_on_a_dark_ground_are_seen(tmp_path: Path, fill: str) -> None:
    def on_dark(cell: Any) -> None:
        cell.font = Font(color=WHITE)
        cell.fill = PatternFill("solid", fgColor=fill)

    row = the_row(tmp_path, {}, change=_at("联系人", on_dark))
    assert row.findings == ()


def test_a_row_that_is_struck_out_is_neither_built_nor_passed_over(tmp_path: Path) -> None:
    """An applicant who withdrew: one finding on the row, not one on each cell."""

    def struck(_book: Any, sheet: Any) -> None:
        for cell in sheet[3]:
            cell.font = Font(strike=True)

    path = with_answers(tmp_path / "名册.xlsx", {}, {"申报单位": "乙公司"}, change=struck)
    kept, withdrawn = read_roster(path)
    assert kept.findings == ()
    assert codes(withdrawn.findings) == ["row-struck-out"]
