"""Dates, areas and ticks in the ways people write them; doubts are told, never kept quiet."""

import pytest

from sjs_forms.domain.fields.entries import EntryReading
from sjs_forms.domain.installed_notices import installed_programmes, load_programme
from sjs_forms.word_import.slot_answers import as_combined, as_day, slots_of, understand
from sjs_forms.word_import.text_between import Reading
from sjs_forms.word_import.tick_boxes import is_ticked, trailing_marks
from sjs_forms.word_import.word_blocks import Aside, Block, DocumentText, Spot
from sjs_forms.word_import.word_files import patterns
from tests.word_import.conftest import answers_in, transcript_of
from tests.word_import.test_hand_filled import (
    ANSWERS,
    CATEGORY,
    COVER,
    FOOT,
    HEAD,
    QUALIFIED,
    SUBJECT,
    TABLE,
    Row,
    document,
    with_cover,
    with_rows,
)

AREA = ("platform", "total_area_sqm")
BLANKS = frozenset({"年月日", "2025年月日"})


@pytest.mark.parametrize("programme", installed_programmes())
def test_every_answer_on_the_forms_of_a_notice_has_its_place(programme: str) -> None:
    found = {
        slot.path
        for pattern in patterns(load_programme(programme))
        for wording in pattern.wordings
        for slot in wording.slots
    }
    slots = slots_of(load_programme(programme).fields)
    places = {slots[path].place for path in found}
    assert places == {field.place for field in slots.values()}


@pytest.mark.parametrize(
    ("text", "day", "doubtful"),
    [
        ("2025年3月1日", "2025-03-01", False),
        (" 2025 年 03 月 01 日 ", "2025-03-01", False),
        ("2025.3.1", "2025-03-01", False),
        ("2025-03-01", "2025-03-01", False),
        ("2025/3/1", "2025-03-01", False),
        ("２０２５．３．１", "2025-03-01", False),
        ("20250301", "2025-03-01", False),
        ("2025年3月1号", "2025-03-01", False),
        ("__2025__年__3__月__1__日", "2025-03-01", False),
        ("二〇二五年三月一日", "2025-03-01", False),
        ("二○二五年十月二十一日", "2025-10-21", False),
        ("二零二五年十二月三十日", "2025-12-30", False),
        ("0025年3月1日", "0025-03-01", False),
        ("25年3月1日", "2025-03-01", True),
        ("2025年  月  日", None, False),
        ("   年 月  日", None, False),
        ("", None, False),
    ],
)
def test_dates_are_understood_as_they_are_written(
    text: str, day: str | None, doubtful: bool
) -> None:
    understood = as_day(text, BLANKS)
    assert (understood.value, understood.refused) == (day, None)
    assert bool(understood.note) == doubtful


@pytest.mark.parametrize("text", ["2025年3月", "2025年2月30日", "去年底", "3月1日", "2025", "长期"])
def test_what_is_no_whole_date_is_not_guessed(text: str) -> None:
    assert as_day(text, BLANKS).refused


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("3200", 3200),
        ("3,200.50 平方米", 3200.5),
        ("２４６０．５㎡", 2460.5),
        ("3200 m²", 3200),
        ("__3200__", 3200),
        ("", None),
    ],
)
def test_areas_are_understood_with_their_unit(text: str, area: float | None) -> None:
    assert area_in(text) == EntryReading(area)


def area_in(text: str) -> EntryReading:
    answer = load_programme(installed_programmes()[0]).fields.answer_at(AREA)
    assert answer
    return understand(answer.kind, Reading((text,), Spot()), frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "0",
        "-5㎡-",
        "一层1200，二层2000",
        "约1.2万",
        "99999999999",
        "约3200平方米",
        "1.2万平方米",
    ],
)
def test_what_is_no_single_area_is_not_guessed(text: str) -> None:
    assert area_in(text).refused


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("某中心（市级，市科委认定）", ("某中心", "municipal", "市科委")),
        ("某中心（北京）（国家级，部（司）认定）", ("某中心（北京）", "national", "部（司）")),
        ("某中心（市级）", ("某中心", "municipal", None)),
        ("某中心（市科委认定）", ("某中心", None, "市科委")),
        ("某中心 市级 市科委", ("某中心 市级 市科委", None, None)),
    ],
)
def test_another_qualification_is_taken_apart(
    text: str, parts: tuple[str, str | None, str | None]
) -> None:
    readings = {
        "qualifications.other.tick": Reading(("☑",), Spot()),
        "other_qualification": Reading((text,), Spot()),
    }
    fields = load_programme(installed_programmes()[0]).fields
    combined = fields.combined_at(("platform", "other_qualification"))
    assert combined
    understood = as_combined(fields, combined, readings)
    assert tuple(understood.value.values()) == parts
    assert bool(understood.note) == (None in parts)


@pytest.mark.parametrize("mark", ["☑", "■", "√", "✔", "☒", "[√]", "（√）", "□√", "[x]", "【V】"])
def test_a_tick_is_a_tick_however_it_is_made(mark: str) -> None:
    kept, marks = trailing_marks(f"日） {mark} ")
    assert (kept.strip(), is_ticked(marks)) == ("日）", True)


@pytest.mark.parametrize("mark", ["□", "☐", "○", "[ ]", "（　）", "口"])
def test_an_empty_box_is_no_tick(mark: str) -> None:
    kept, marks = trailing_marks(f"日） {mark}")
    assert (kept.strip(), bool(marks), is_ticked(marks)) == ("日）", True, False)


def told(written: DocumentText) -> list[tuple[str, str]]:
    return [(found.code, found.message) for found in transcript_of(written).findings]


def only(written: DocumentText) -> tuple[str, str]:
    (found,) = told(written)
    return found


def category(text: str) -> DocumentText:
    return with_rows(CATEGORY, [["平台类别", text]])


@pytest.mark.parametrize(
    "text",
    [
        "☑新认定，建设时间（2024年11月5日）\n☑新迁入，迁入时间（2025年1月1日）",
        "□新认定，建设时间（2024年11月5日）\n□新迁入，迁入时间（    年   月    日）",
        "☑新认定，建设时间（    年   月    日）\n□新迁入，迁入时间（2025年1月1日）",
    ],
)
def test_boxes_and_dates_that_do_not_fit_each_other_are_not_guessed(text: str) -> None:
    assert answers_in(transcript_of(category(text))).platform.category.kind is None
    code, message = only(category(text))
    assert code == "word-unplaced"
    assert "表格第 10 行第 2 格“平台类别”" in message


def test_choices_without_any_box_are_told() -> None:
    text = QUALIFIED[0][1].replace("□", "").replace("☑", "")
    codes = [code for code, _ in told(with_rows(QUALIFIED, [["平台资质", text]]))]
    assert codes == ["word-unsure"]


def test_a_label_that_was_renamed_is_told_with_what_stands_there() -> None:
    rows: list[Row] = [[*SUBJECT[0][:2], "认证日期", "2024年11月5日"], *SUBJECT[1:]]
    found = told(with_rows(SUBJECT, rows))
    assert [code for code, _ in found] == ["word-unplaced", "word-label-missing"]
    assert "“认证日期 2024年11月5日”" in found[0][1]
    assert "以下各项没有读入：资质认定时间" in found[1][1]


def test_a_row_that_was_added_is_told_and_changes_nothing() -> None:
    rows: list[Row] = [*SUBJECT, ["备注", "本行系添加"]]
    written = with_rows(SUBJECT, rows)
    code, message = only(written)
    assert code == "word-unplaced"
    assert "表格第 4 行第 1 格起 2 处" in message
    assert answers_in(transcript_of(written)) == type(
        answers_in(transcript_of(written))
    ).model_validate(ANSWERS)


def test_wording_of_the_form_that_was_changed_is_told() -> None:
    foot = [line.replace("不可删除规定内容", "内容可以删改") for line in FOOT]
    found = told(document(*HEAD, *COVER, *foot, TABLE))
    assert [code for code, _ in found] == ["word-unplaced", "word-wording-changed"]


def test_a_text_too_long_for_its_answer_is_told_and_not_cut() -> None:
    written = with_cover("申报单位（加盖公章）：" + "长" * 201, *COVER[1:])
    transcript = transcript_of(written)
    assert answers_in(transcript).applicant.name is None
    assert transcript.unplaced[0].text == "长" * 201


def test_revisions_pictures_and_text_aside_are_told() -> None:
    plain = with_cover()
    written = DocumentText(plain.blocks, True, 2, (Aside("批注", "请核对面积"),))
    assert [code for code, _ in told(written)] == ["word-unplaced", "word-unsure", "word-unsure"]


def test_a_document_without_anything_is_no_form() -> None:
    assert transcript_of(DocumentText((Block((), Spot(1)),))).values == {}
    assert transcript_of(DocumentText(())).values == {}
