"""What a person writes is understood, refused or noted; never guessed, never an exception."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from sjs_forms.domain.fields.choice import Choice, ChoiceKind
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.choices import ChoicesKind, read_tick, says_nothing
from sjs_forms.domain.fields.day import DayKind, printed_day
from sjs_forms.domain.fields.email import EmailKind
from sjs_forms.domain.fields.entries import Entry, EntryReading
from sjs_forms.domain.fields.kind import Kind
from sjs_forms.domain.fields.line import LineKind
from sjs_forms.domain.fields.number import NumberKind, printed_number
from sjs_forms.domain.fields.phone import PhoneKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.fields.uscc import UsccKind
from tests.samples import is_chinese_sentence

EPOCH = dt.date(1899, 12, 30)
AREA = NumberKind(unit="平方米", most=10_000_000)
CHOICES = (Choice("newly_accredited", "新认定"), Choice("newly_relocated", "新迁入"))
KINDS: tuple[Kind, ...] = (
    LineKind(),
    TextKind(),
    DayKind(),
    AREA,
    NumberKind(decimals=0),
    UsccKind(),
    PhoneKind(),
    PhoneKind(mobile=True),
    EmailKind(),
    ChoiceKind(choices=CHOICES),
    ChoicesKind(choices=CHOICES),
    ChoiceWithDateKind(choices=CHOICES, date_label="时间"),
)


def read(kind: Kind, value: object, **cell: Any) -> EntryReading:
    return kind.read(Entry(value, **cell))


def code_of(understood: EntryReading) -> str | None:
    return understood.refused.code if understood.refused else None


# Dates


@pytest.mark.parametrize(
    "written",
    [
        "2025-03-01",
        "2025.3.1",
        "2025/3/1",
        "2025年3月1日",
        "２０２５年３月１日",
        "二〇二五年三月一日",
        "二○二五年三月一日",
        "二零二五年三月一号",
        "2025年三月一日",
        " 2025 年 03 月 01 日 ",
        "2025—3—1",
        "__2025__年__3__月__1__日",
        "20250301",
        20250301,
        "2025-03-01T08:00",
        "2025年3月1日 9:30",
        dt.date(2025, 3, 1),
        dt.datetime.combine(dt.date(2025, 3, 1), dt.time(9, 30)),
    ],
)
def test_a_date_is_understood_however_it_is_written(written: object) -> None:
    assert read(DayKind(), written) == EntryReading("2025-03-01")


@pytest.mark.parametrize(
    "written",
    [
        *("2025年3月", "三月一日", "25-3-1", "2025-2-30", "3/1/2025", "去年底", "长期", "2025"),
        *("二〇二五年十三月一日", "二〇二五年三月三十二日", "0000-01-01", "2025-3-1-1"),
        *(2025, 45717, True, 1.5, [], {}),
    ],
)
def test_what_is_no_whole_date_is_refused(written: object) -> None:
    assert code_of(read(DayKind(), written)) == "not-date"


def test_a_count_of_days_is_a_date_only_in_a_cell() -> None:
    assert read(DayKind(), 45717, epoch=EPOCH).value == "2025-03-01"
    assert read(DayKind(), 45717).value is None


def test_a_year_of_two_digits_before_its_character_is_completed_and_noted() -> None:
    understood = read(DayKind(), "25年3月1日")
    assert understood.value == "2025-03-01"
    assert understood.note and "2025" in understood.note.message


@given(st.dates(), st.sampled_from(["{0.year:04d}-{0.month}-{0.day}", "{0.year:04d}.{0:%m.%d}"]))
def test_every_date_that_is_printed_or_written_is_read_back(day: dt.date, form: str) -> None:
    assert read(DayKind(), printed_day(day)).value == day.isoformat()
    assert read(DayKind(), form.format(day)).value == day.isoformat()


# Texts


@pytest.mark.parametrize(
    ("written", "text"),
    [("Mu\u0308ller", "M\u00fcller"), ("\uf9e4事会", "理事会"), ("ü㎡①Ａ（甲）", "ü㎡①Ａ（甲）")],
)
def test_a_text_is_read_in_the_characters_that_fonts_have(written: str, text: str) -> None:
    assert read(LineKind(), written) == EntryReading(text)
    assert read(TextKind(), written) == EntryReading(text)


# Numbers


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("3,200", 3200),
        ("3200㎡", 3200),
        ("3200 m²", 3200),
        ("３２００", 3200),
        ("３，２００平方米", 3200),
        ("3 200.5 平米", 3200.5),
        ("1,234,567.8", 1234567.8),
        ("-5", -5),
        (3200, 3200),
        (2460.5, 2460.5),
    ],
)
def test_a_number_is_understood_with_its_unit_and_separators(
    written: object, number: float
) -> None:
    assert read(AREA, written) == EntryReading(number)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("66%", "百分比"),
        ("66％", "百分比"),
        ("0.3万", "完整的数"),
        ("0.32万平方米", "完整的数"),
        ("约2000", "确定"),
        ("2000余", "确定"),
        ("2000左右", "确定"),
        ("3,20", "不是一个数"),
        ("0,800", "不是一个数"),
        ("1 234,567", "不是一个数"),
        ("一层1200，二层2000", "不是一个数"),
        ("3200亩", "不是一个数"),
        (True, "不是一个数"),
        ([], "不是一个数"),
    ],
)
def test_a_number_that_may_be_misread_is_refused_with_the_reason(written: object, why: str) -> None:
    refused = read(AREA, written).refused
    assert refused and refused.code == "not-number"
    assert why in refused.message


def test_money_in_the_unit_of_the_form_is_its_number() -> None:
    assert read(NumberKind(unit="万元"), "300万元").value == 300
    assert code_of(read(NumberKind(unit="元"), "300万元")) == "not-number"


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (AREA, 0, "应大于 0"),
        (AREA, 10_000_001, "过大"),
        (AREA, float("inf"), "过大"),
        (AREA, int("9" * 400), "过大"),
        (NumberKind(decimals=0), 1.5, "应是整数，现为 1.5"),
        (NumberKind(decimals=2), 1.255, "2 位小数，现为 1.255"),
    ],
)
def test_a_number_out_of_bounds_is_told(kind: NumberKind, value: float, said: str) -> None:
    doubt = kind.bounds(value)
    assert doubt and said in doubt.message


def test_a_roster_takes_only_whole_numbers_where_the_notice_does() -> None:
    whole, any_number = NumberKind(decimals=0, unit="台"), NumberKind(unit="台")
    assert (whole.cell_rule("A1").type, any_number.cell_rule("A1").type) == ("whole", "decimal")
    assert "整数" in whole.cell_rule("A1").refusal
    assert whole.ask() == "只写整数，单位是台，如 3。"


@given(
    st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e9, 1e9).map(lambda one: round(one, 4))),
    st.sampled_from(["{}", "{}平方米", " {} ㎡ "]),
)
def test_every_number_that_is_printed_is_read_back(number: float, form: str) -> None:
    assert read(AREA, form.format(printed_number(number))).value == number


# Codes


@st.composite
def codes(draw: st.DrawFn) -> str:
    letters = st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY")
    body = "91" + "110107" + draw(st.text(letters, min_size=9, max_size=9))
    return body + str(uscc.calc_check_digit(body))


@given(codes(), st.data())
def test_a_code_however_written_is_corrected_where_its_check_character_holds(
    code: str, data: st.DataObject
) -> None:
    assert read(UsccKind(), code) == EntryReading(code)
    wide = code.translate({ord(c): ord(c) + 0xFEE0 for c in code})
    for written in (code.lower() if code != code.lower() else wide, wide, f"{code[:8]} {code[8:]}"):
        understood = read(UsccKind(), written)
        assert understood.value == code
        assert understood.note and understood.note.code == "code-corrected"
    at = data.draw(st.integers(0, 16))
    other = data.draw(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
    if other != code[at]:
        changed = f"{code[:at]}{other}{code[at + 1 :]}".lower()
        if uscc.is_valid(changed.upper()):
            return
        assert read(UsccKind(), changed) == EntryReading(changed)


def test_a_misread_letter_is_named_with_its_place() -> None:
    body = "91110107MA0811200"
    code = body + str(uscc.calc_check_digit(body))
    written = code.replace("MA0", "maO", 1)
    understood = read(UsccKind(), written)
    assert understood.value == code
    assert understood.note and "第11位字母 O 应为数字 0" in understood.note.message
    assert "字母改为大写" in understood.note.message


@pytest.mark.parametrize("written", ["坏", "91110107MA01ABCD1", "123", "9" * 18])
def test_a_code_that_is_not_proven_stays_as_it_is_written_and_is_a_fault(written: str) -> None:
    assert read(UsccKind(), written) == EntryReading(written)
    (fault,) = UsccKind().faults(written)
    assert fault.code == "uscc-invalid"


@pytest.mark.parametrize("written", [10**17, 1.1e17, "1.10101E+17"])
def test_a_code_whose_last_digits_excel_dropped_is_refused(written: object) -> None:
    assert code_of(read(UsccKind(), written, epoch=EPOCH)) == "digits-lost"


# Phones


@pytest.mark.parametrize(
    ("written", "text"), [(13800000001, "13800000001"), (68863654, "68863654")]
)
@pytest.mark.parametrize("epoch", [None, EPOCH], ids=["json", "cell"])
def test_a_phone_stored_as_a_number_is_read_where_no_zero_can_be_missing(
    written: int, text: str, epoch: dt.date | None
) -> None:
    assert read(PhoneKind(), written, epoch=epoch) == EntryReading(text)
    assert code_of(read(PhoneKind(), 1088880001, epoch=epoch)) == "digits-lost"


@pytest.mark.parametrize(
    ("written", "mobile", "is_one"),
    [
        ("13800138000", True, True),
        ("010-68863654", True, False),
        ("010-68863654/13800138000", False, True),
        ("68863654", False, True),
        ("010-68863654转123", False, True),
        ("12", False, False),
    ],
)
def test_a_phone_is_judged_by_whether_it_can_be_dialled(
    written: str, mobile: bool, is_one: bool
) -> None:
    assert (not list(PhoneKind(mobile=mobile).faults(written))) == is_one


# Choices


@pytest.mark.parametrize(
    ("written", "chosen"),
    [
        ("新认定", "newly_accredited"),
        ("newly_relocated", "newly_relocated"),
        (" 新 迁 入 ", "newly_relocated"),
        ("☑新认定 □新迁入", "newly_accredited"),
        ("□新认定 □新迁入", None),
        ("", None),
        (None, None),
    ],
)
def test_a_choice_is_understood_in_the_words_of_form_or_json(
    written: object, chosen: str | None
) -> None:
    assert read(ChoiceKind(choices=CHOICES), written) == EntryReading(chosen)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("☑新认定 ☑新迁入", "choice-unclear"),
        ("非新认定", "choice-unclear"),
        ("新迁移", "not-choice"),
        (5, "not-choice"),
        ({}, "not-choice"),
    ],
)
def test_two_ticks_or_none_of_the_choices_are_refused(written: object, code: str) -> None:
    assert code_of(read(ChoiceKind(choices=CHOICES), written)) == code


def test_several_choices_come_in_the_order_of_the_form_from_list_or_text() -> None:
    kind = ChoicesKind(choices=CHOICES)
    both = ["newly_accredited", "newly_relocated"]
    assert read(kind, "新迁入、新认定").value == both
    assert read(kind, ["新迁入", "newly_accredited"]).value == both
    assert code_of(read(kind, ["新迁入", "别的"])) == "not-choice"
    assert code_of(read(kind, "新迁入、别的")) == "not-choice"


@pytest.mark.parametrize("written", ["／", "－", "无。", "Ｎ／Ａ", "　无　", "－－", "没 有"])
def test_that_there_is_none_is_understood_as_a_chinese_keyboard_writes_it(written: str) -> None:
    assert says_nothing(written)


@pytest.mark.parametrize("written", ["", "。", "无锡", "/无", "无机所"])
def test_what_only_begins_like_none_is_an_answer(written: str) -> None:
    assert not says_nothing(written)


def test_a_tick_for_one_choice_says_yes_or_no_or_is_asked_about() -> None:
    assert read_tick(CHOICES[0], Entry("√"), "请写。").value == ["newly_accredited"]
    assert read_tick(CHOICES[0], Entry("否"), "请写。").value == []
    assert code_of(read_tick(CHOICES[0], Entry("申请中"), "请写。")) == "not-choice"


# Anything

anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=40),
    st.dates(),
    st.datetimes(),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(
        ["\ud800", "1" * 5000, 10**5000, "2025年3月1日", "☑新认定", "0.3万", "２０２５"]
    ),
)


@given(st.sampled_from(KINDS), anything, st.sampled_from([None, EPOCH]))
def test_anything_is_understood_or_refused_in_chinese_and_the_same_again(
    kind: Kind, value: object, epoch: dt.date | None
) -> None:
    understood = read(kind, value, epoch=epoch)
    for doubt in (understood.refused, understood.note):
        if doubt:
            assert is_chinese_sentence(doubt.message)
            assert is_chinese_sentence(doubt.remedy)
            assert len(doubt.message) < 200
    if understood.refused:
        assert understood.value is None
    elif understood.value is not None:
        assert read(kind, understood.value) == EntryReading(understood.value)
        kind.bounds(understood.value)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_says_what_to_enter_and_what_excel_enforces(kind: Kind) -> None:
    assert is_chinese_sentence(kind.ask())
    assert is_chinese_sentence(kind.cell_rule("A4").refusal)
    assert kind.json_schema()["type"]
    assert kind.printed(None) == ""


@pytest.mark.parametrize(
    "written",
    ["a@example.cn；b@example.cn", "a@example.cn; b@example.cn", "a@example.cn、b@example.cn",
     "a@example.cn b@example.cn", "ａ＠example.cn\nb@example.cn", "a@example.cn,b@example.cn；"],
)  # fmt: skip
def test_two_mail_addresses_are_two_addresses(written: str) -> None:
    understood = read(EmailKind(), written)
    assert understood.value == "a@example.cn；b@example.cn"
    assert not list(EmailKind().faults(understood.value))


def test_of_two_mail_addresses_the_wrong_one_is_named() -> None:
    (fault,) = EmailKind().faults("a@example.cn；b@.cn")
    assert fault.message.startswith("b@.cn ")
    (fault,) = EmailKind().faults("a @example.cn")
    assert fault.message.startswith("a @example.cn "), "a blank inside does not make two"
