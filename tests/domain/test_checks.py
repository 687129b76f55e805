"""What is wrong with an application: every rule fires where it should, and nowhere else."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.domain.checks import check_all, check_materials
from sjs_forms.domain.checks.characters import check_characters
from sjs_forms.domain.source_facts import Ink, PageFacts, SealLook
from sjs_forms.domain.sources import Source
from tests.samples import (
    MATERIALS,
    Answers,
    Application,
    all_materials,
    codes,
    errors,
    is_chinese_sentence,
    judge,
    minimal_answers,
    offered_file,
    only,
    put,
    resolves,
    sample_answers,
    source_of,
    the_programme,
    without,
)

PROGRAMME = the_programme()
USCC = "91110107MAYYYYY12M"
OTHER_USCC = "91110107MAYYYYY39D"
RARE = "喆堃玥㛃䶮𬭩镕"
AUTHORISED = (offered_file("evidence", "授权证明"),)


def good() -> Answers:
    """Answers to which nothing can be said."""
    return sample_answers()


def judged(answers: Answers) -> tuple[Finding, ...]:
    """Findings about answers with an authorisation among the evidence."""
    return judge(answers, AUTHORISED)


def materials(sources: Sequence[Source]) -> tuple[Finding, ...]:
    """Findings about the files."""
    return tuple(check_materials(PROGRAMME, sources))


def place(found: Finding) -> tuple[str, str, str]:
    """Severity, where and label."""
    return found.severity, found.where, found.label


def test_nothing_is_said_of_a_complete_application() -> None:
    application = Application.model_validate(good())
    assert check_all(PROGRAMME, application, all_materials()) == ()


def test_a_minimal_application_is_only_told_what_stays_blank() -> None:
    assert codes(judge(minimal_answers())) == ["blank-left"]


# Required answers

REQUIRED = [
    ("applicant.name", "申报单位"),
    ("contact.name", "联系人"),
    ("contact.phone", "联系电话"),
    ("contact.email", "邮箱"),
    ("platform.name", "实验室/创新平台/研究机构等名称"),
    ("platform.address", "实验室/创新平台/研究机构等地址"),
    ("founders[0].name", "设立主体1名称"),
    ("founders[2].name", "设立主体3名称"),
    ("attachments[0].material", "附件1所属材料"),
    ("attachments[9].file", "附件10文件"),
]


@pytest.mark.parametrize(("where", "label"), REQUIRED)
def test_a_required_answer_that_is_blank_is_named_by_the_forms_label(
    where: str, label: str
) -> None:
    found = only(judged(without(good(), where)), "required-missing")
    assert place(found) == ("error", where, label)
    assert f"“{label}”" in found.message
    assert where in found.remedy


@pytest.mark.parametrize(("where", "count"), [("applicant", 1), ("contact", 3), ("platform", 2)])
def test_a_required_object_that_is_missing_is_missed_answer_by_answer(
    where: str, count: int
) -> None:
    found = codes(judged(without(good(), where)))
    assert found.count("required-missing") == count


@pytest.mark.parametrize("founders", [[], None, ""])
def test_no_founder_is_a_required_answer_missing(founders: Any) -> None:
    found = only(judged(put(good(), "founders", founders)), "required-missing")
    assert place(found) == ("error", "founders", "设立主体")


def test_optional_blanks_are_named_together_in_one_warning() -> None:
    answers = good()
    for key in ("construction", "accredited_on", "total_area_sqm", "category"):
        answers = without(answers, f"platform.{key}")
    answers = without(answers, "founders[1].uscc")
    found = only(judged(answers), "blank-left")
    assert place(found) == ("warning", "platform.accredited_on", "资质认定时间")
    assert found.message == (
        "以下各项没有填写，表上将留空：资质认定时间、平台建设内容、平台类别、总面积（平方米）、"
        "设立主体2统一社会信用代码。"
    )


@pytest.mark.parametrize("key", ["remarks", "opinion", "signed_on", "programme"])
def test_what_is_rarely_filled_is_not_missed(key: str) -> None:
    assert judged(without(good(), key)) == ()


# Codes


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91110107MAYYYYY553", None),
        ("12110000YYYYYYY25A", None),
        ("91110107MAYYYYY12N", "校验位不符"),
        ("91110107MAYYYYY21M", "校验位不符"),
        ("91110107MAYYYYYI2M", "第16位“I”不会出现在代码中，多半是 1"),
        ("91110107MAYYYYY12m", "字母应为大写"),
        ("91110107mayyyyy12m", "字母应为大写"),
        ("91110107MAYYYYY12", "应为18位，现为17位"),
        ("91110107MAYYYYY12MM", "应为18位，现为19位"),
        ("911101 07MAYYYYY12M", "第7位是空格"),
        ("91110107-MAYYYYY12M", "应为18位，现为19位"),
        ("９１110107MAYYYYY12M", "第1位“９”是全角字符，应为半角的 9"),
        ("91110107MAYYYYY12Ｍ", "第18位“Ｍ”是全角字符，应为半角的 M"),
        ("91110107MAYYYYY1２", "第17位“２”是全角字符"),
        ("一二三四五六七八九一二三四五六七八九", "第1位“一”不会出现在代码中"),
        ("{{ 7*7 }}", "应为18位"),
    ],
)
def test_a_code_is_held_against_its_check_character(code: str, fault: str | None) -> None:
    answers = put(minimal_answers(), "applicant.uscc", code)
    if fault is None:
        assert errors(judge(answers)) == []
    else:
        found = only(judge(answers), "uscc-invalid")
        assert place(found) == ("error", "applicant.uscc", "申报单位统一社会信用代码")
        assert fault in found.message
        assert code in found.message


@pytest.mark.parametrize("text", ["无", "/", "——", "__", "暂无", "N/A"])
def test_a_stroke_for_an_answer_is_said_to_be_printed_as_it_is(text: str) -> None:
    answers = put(good(), "founders[1].name", text)
    found = only(judged(answers), "no-answer")
    assert place(found) == ("warning", "founders[1].name", "设立主体2名称")
    assert text in found.message and "留空" in found.remedy


@pytest.mark.parametrize("text", ["同上", "（同上）", "同 上", "见上", "〃"])
def test_an_address_that_points_elsewhere_is_to_be_written_out(text: str) -> None:
    found = only(judged(put(good(), "founders[1].address", text)), "no-answer")
    assert "写出完整的内容" in found.remedy


@pytest.mark.parametrize("text", ["同上海街1号", "无锡路3号", "甲-1/2", "没有名字的街"])
def test_an_answer_that_only_begins_like_none_is_one(text: str) -> None:
    assert "no-answer" not in codes(judged(put(good(), "founders[1].address", text)))


def test_no_further_remarks_are_an_answer() -> None:
    assert "no-answer" not in codes(judged(put(good(), "remarks", "无")))


def test_every_founders_code_is_judged_under_its_own_number() -> None:
    answers = put(good(), "founders[1].uscc", "1")
    found = only(judged(answers), "uscc-invalid")
    assert place(found) == ("error", "founders[1].uscc", "设立主体2统一社会信用代码")


# Dates


def term(start: str | None, end: str | None) -> Answers:
    return put(good(), "term", {"start": start, "end": end})


def test_an_end_before_the_start_is_refused() -> None:
    found = only(judged(term("2025-03-02", "2025-03-01")), "date-order")
    assert place(found) == ("error", "term.end", "起止年限（止）")


@pytest.mark.parametrize(
    ("start", "end"),
    [("2025-03-01", "2025-03-01"), ("2025-03-01", None), (None, "2025-03-01"), (None, None)],
)
def test_a_term_of_one_day_or_half_a_term_is_in_order(start: str | None, end: str | None) -> None:
    assert errors(judged(term(start, end))) == []


@pytest.mark.parametrize(
    ("start", "end", "too_long"),
    [
        ("2025-01-01", "2027-12-31", False),
        ("2024-04-01", "2027-03-31", False),
        ("2024-04-01", "2027-04-01", False),
        ("2024-04-01", "2027-04-02", True),
        ("2025-01-01", "2028-06-30", True),
        ("2024-02-29", "2027-02-28", False),
        ("2024-02-29", "2027-03-01", False),
        ("2024-02-29", "2027-03-02", True),
        ("2025-02-28", "2028-02-28", False),
        ("2025-02-28", "2028-02-29", True),
        ("0001-01-01", "9999-12-31", True),
    ],
)
def test_three_years_are_the_longest_term(start: str, end: str, too_long: bool) -> None:
    found = judged(term(start, end))
    assert ("term-too-long" in codes(found)) == too_long
    if too_long:
        longest = only(found, "term-too-long")
        assert place(longest) == ("error", "term.end", "起止年限（止）")
        assert "3 年" in longest.message


DATED = [
    ("term.start", "起止年限（起）"),
    ("platform.category.date", "平台类别（建设时间/迁入时间）"),
    ("platform.accredited_on", "资质认定时间"),
    ("signed_on", "签章日期"),
]


@pytest.mark.parametrize(("where", "label"), DATED)
@pytest.mark.parametrize("day", ["2024-03-18", "2025-10-21", "1999-12-31"])
def test_a_date_outside_the_window_is_warned_of_as_a_reserve_project(
    where: str, label: str, day: str
) -> None:
    found = only(judged(put(good(), where, day)), "window-outside")
    assert place(found) == ("warning", where, label)
    assert day in found.message
    assert "储备项目" in found.message
    assert "2024-03-19 至 2025-10-20" in found.message


@pytest.mark.parametrize(("where", "label"), DATED)
@pytest.mark.parametrize("day", ["2024-03-19", "2025-10-20", "2025-02-28"])
def test_both_ends_of_the_window_are_within_it(where: str, label: str, day: str) -> None:
    assert "window-outside" not in codes(judged(put(good(), where, day)))


def test_the_end_of_the_term_may_lie_past_the_window() -> None:
    assert judged(term("2025-10-20", "2028-10-19")) == ()


def test_a_platform_that_moved_in_may_have_been_accredited_long_before() -> None:
    answers = put(good(), "platform.accredited_on", "2015-06-01")
    moved = put(answers, "platform.category", {"kind": "newly_relocated", "date": "2025-05-21"})
    assert judged(moved) == ()
    assert codes(judged(answers)) == ["window-outside"]
    undecided = put(answers, "platform.category", None)
    assert "window-outside" in codes(judged(undecided))


def test_a_platform_that_moved_in_too_early_is_warned_of() -> None:
    moved = {"kind": "newly_relocated", "date": "2024-03-18"}
    found = only(judged(put(good(), "platform.category", moved)), "window-outside")
    assert found.where == "platform.category.date"


@pytest.mark.parametrize(
    ("kind", "name"), [("newly_accredited", "建设时间"), ("newly_relocated", "迁入时间")]
)
def test_a_category_without_its_date_is_refused(kind: str, name: str) -> None:
    found = only(judged(put(good(), "platform.category", {"kind": kind})), "category-date-missing")
    assert place(found) == (
        "error",
        "platform.category.date",
        "平台类别（建设时间/迁入时间）",
    )
    assert name in found.message


def test_no_category_needs_no_date() -> None:
    assert codes(judged(put(good(), "platform.category", None))) == ["blank-left"]


# Numbers to call, addresses to write to


@pytest.mark.parametrize(
    "number",
    [
        "010-68863654",
        "010 6886 3654",
        "(010)68863654",
        "（010）68863654",
        "68863654",
        "+86 10 68863654",
        "0086-10-68863654",
        "010-68863654转123",
        "010-68863654 分机 8",
        "010-68863654 ext. 8",
        "010-68863654#8",
        "13800000001",
        "138 0000 0001",
        "400-810-8888",
        "4008108888",
        "800-810-8888",
        "95588",
        "12345",
        "0311-86012345",
        "010-68863654、13800000001",
        "010-68863654/68863655",
        "０１０－６８８６３６５４",
    ],
)
def test_every_usual_way_to_write_a_number_is_accepted(number: str) -> None:
    assert errors(judge(put(minimal_answers(), "contact.phone", number))) == []


@pytest.mark.parametrize(
    "number",
    [
        "010-1234",
        "1",
        "电话",
        "转123",
        "13800000001、",
        "、",
        "1380000000",
        "138000000011",
        "99999999999999999999",
        "10000000000000000",
        "12345678901234567",
        "010-68863654、1",
        "{{ 7*7 }}",
        "+",
        "+999 1234567",
    ],
)
def test_what_cannot_be_dialled_is_refused(number: str) -> None:
    found = only(judge(put(minimal_answers(), "contact.phone", number)), "phone-invalid")
    assert place(found) == ("error", "contact.phone", "联系电话")
    assert number in found.message


@pytest.mark.parametrize(
    ("where", "label"),
    [
        ("legal_representative.mobile", "企业法人手机"),
        ("legal_representative.landline", "企业法人座机"),
        ("liaison.mobile", "企业联系人手机"),
        ("liaison.landline", "企业联系人座机"),
    ],
)
def test_officers_numbers_are_judged_where_they_stand(where: str, label: str) -> None:
    found = only(judged(put(good(), where, "123456")), "phone-invalid")
    assert place(found) == ("error", where, label)


def test_a_landline_is_no_mobile_number() -> None:
    found = only(judged(put(good(), "liaison.mobile", "010-68863654")), "phone-invalid")
    assert "手机号码" in found.message


@pytest.mark.parametrize(
    ("name", "label"),
    [("legal_representative", "企业法人手机"), ("liaison", "企业联系人手机")],
)
def test_an_officer_needs_at_least_one_number(name: str, label: str) -> None:
    found = only(judged(put(good(), name, {"name": "林砚秋"})), "contact-number-missing")
    assert place(found) == ("error", f"{name}.mobile", label)
    for number in ({"mobile": "13800000001"}, {"landline": "010-68863654"}):
        assert judged(put(good(), name, {"name": "林砚秋", **number})) == ()


@pytest.mark.parametrize(
    "address", ["a@example.com", "许.小满+2@sub.example.cn", "first.last@example.com.cn"]
)
def test_an_address_that_can_be_written_to_is_accepted(address: str) -> None:
    assert errors(judge(put(minimal_answers(), "contact.email", address))) == []


@pytest.mark.parametrize(
    "address",
    [
        *("a", "a@", "@example.com", "a@example", "a b@example.com", "a@b@example.com"),
        *("a＠example.com", "<a@example.com>", "a@example..com", "a@example.com, b@"),
        *("无", "a" * 190),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    found = only(judge(put(minimal_answers(), "contact.email", address)), "email-invalid")
    assert place(found) == ("error", "contact.email", "邮箱")


# Areas


def areas(total: float | None, office: float | None) -> Answers:
    return put(put(good(), "platform.total_area_sqm", total), "platform.rd_office_area_sqm", office)


def test_a_part_larger_than_the_whole_is_refused() -> None:
    found = only(judged(areas(150, 200)), "area-order")
    assert place(found) == (
        "error",
        "platform.rd_office_area_sqm",
        "其中，研发及办公面积（平方米）",
    )
    assert "200 平方米" in found.message
    assert "150 平方米" in found.message


@pytest.mark.parametrize(("total", "office"), [(200, 200), (200.5, 200.5), (200, 0.01)])
def test_a_part_may_be_the_whole(total: float, office: float) -> None:
    assert judged(areas(total, office)) == ()


@pytest.mark.parametrize(
    ("total", "office", "where"),
    [
        (4000, 4000, None),
        (9000, 4000, None),
        (9000, 4000.01, "platform.rd_office_area_sqm"),
        (4000, None, None),
        (4000.01, None, "platform.total_area_sqm"),
        (None, 4000.01, "platform.rd_office_area_sqm"),
        (None, None, None),
    ],
)
def test_more_than_the_area_that_is_subsidised_is_warned_of(
    total: float | None, office: float | None, where: str | None
) -> None:
    found = [finding for finding in judged(areas(total, office)) if finding.code != "blank-left"]
    if where is None:
        assert found == []
    else:
        (over,) = found
        assert (over.code, over.severity, over.where) == ("area-over-limit", "warning", where)
        assert "4000 平方米" in over.message


@pytest.mark.parametrize(
    ("total", "office", "code", "shown"),
    [
        (1_234_567, None, "area-over-limit", "1234567"),
        (4000.004, None, "area-over-limit", "4000.004"),
        (123_456.7, 12_345.67, "area-over-limit", "12345.67"),
        (3000.001, 3000.004, "area-order", "3000.004 平方米"),
    ],
)
def test_an_area_is_shown_as_it_was_written(
    total: float, office: float | None, code: str, shown: str
) -> None:
    assert shown in only(judged(areas(total, office)), code).message


# Qualifications

OTHER = {"name": "中试平台", "level": "municipal", "authority": "北京市经信局"}


def qualified(chosen: Any, other: Any) -> Answers:
    return put(
        put(good(), "platform.qualifications", chosen), "platform.other_qualification", other
    )


@pytest.mark.parametrize("chosen", [[], None, ""])
def test_at_least_one_qualification_is_ticked(chosen: Any) -> None:
    found = only(judged(qualified(chosen, None)), "qualification-missing")
    assert place(found) == ("error", "platform.qualifications", "平台资质")


def test_another_qualification_is_one_too() -> None:
    assert judged(qualified([], OTHER)) == ()
    assert judged(qualified(["national_key_laboratory"], None)) == ()


@pytest.mark.parametrize(
    ("given", "where", "missing"),
    [
        (["name"], "level", "级别（国家级/市级）、认定部门"),
        (["level"], "name", "名称、认定部门"),
        (["authority"], "name", "名称、级别（国家级/市级）"),
        (["name", "level"], "authority", "认定部门"),
        (["name", "authority"], "level", "级别（国家级/市级）"),
        (["level", "authority"], "name", "名称"),
    ],
)
def test_another_qualification_is_given_whole_or_not_at_all(
    given: list[str], where: str, missing: str
) -> None:
    part = {key: OTHER[key] for key in given}
    answers = qualified(["national_key_laboratory"], part)
    found = only(judged(answers), "other-qualification-incomplete")
    assert (found.severity, found.where) == ("error", f"platform.other_qualification.{where}")
    assert found.label.startswith("平台资质其他类别")
    assert f"还缺：{missing}。" in found.message


# Authorisation (三（二）4)

HE = {"name": "甲公司", "uscc": USCC}
SHE = {"name": "乙公司", "uscc": OTHER_USCC}


@pytest.mark.parametrize(
    ("applicant", "founders", "reason"),
    [
        (HE, [HE], None),
        (HE, [{"name": "甲公司"}], None),
        ({"name": "甲公司"}, [HE], None),
        ({"name": "甲公司（更名后）", "uscc": USCC}, [HE], None),
        ({"name": "甲（北京）公司"}, [{"name": "甲(北京) 公司"}], None),
        (HE, [HE, SHE], "共有 2 个设立主体"),
        (HE, [HE, SHE, {"name": "丙"}], "共有 3 个设立主体"),
        (HE, [SHE], "申报单位不是所列设立主体"),
        ({"name": "甲公司"}, [{"name": "乙公司"}], "申报单位不是所列设立主体"),
        (HE, [SHE, {"name": "丙"}], "申报单位不是所列设立主体"),
    ],
)
def test_an_authorisation_is_needed_of_other_founders(
    applicant: Answers, founders: list[Answers], reason: str | None
) -> None:
    answers = put(put(good(), "applicant", applicant), "founders", founders)
    if reason is None:
        assert errors(judge(answers)) == []
        return
    found = only(judge(answers), "authorisation-missing")
    assert place(found) == ("error", "material:evidence", "其他相关证明材料")
    assert reason in found.message
    assert errors(judged(answers)) == []


@pytest.mark.parametrize(
    ("title", "file", "material", "recognised"),
    [
        ("授权证明", "a.pdf", "evidence", True),
        ("授权书", "a.pdf", "evidence", True),
        ("证明", "attachments/3-证明材料/联合授权证明.pdf", "evidence", True),
        ("合作协议", "attachments/3-证明材料/协议.pdf", "evidence", False),
        ("授权证明", "授权证明.pdf", "lease", False),
    ],
)
def test_an_authorisation_is_known_by_title_or_file_name_among_the_evidence(
    title: str, file: str, material: str, recognised: bool
) -> None:
    found = judge(good(), [offered_file(material, title, file=file)])
    assert ("authorisation-missing" not in codes(found)) == recognised


# Materials


@pytest.mark.parametrize("material", ["lease", "evidence", "licence", "financials", "bank-account"])
def test_a_material_without_any_file_is_missed(material: str) -> None:
    rest = [source for source in all_materials() if source.offered.material.id != material]
    found = only(materials(rest), "material-missing")
    own = PROGRAMME.material(material)
    assert place(found) == ("error", f"material:{own.id}", own.title)
    assert f"第{PROGRAMME.number_of(own)}项材料：{own.title}" in found.message
    assert f"attachments/{PROGRAMME.number_of(own)}-{own.short}" in found.remedy
    assert codes(materials(rest)) == ["material-missing"]


@pytest.mark.parametrize("material", ["application-form", "commitment"])
def test_a_form_that_is_not_yet_stamped_is_awaited(material: str) -> None:
    rest = [source for source in all_materials() if source.offered.material.id != material]
    (found,) = materials(rest)
    assert found.code == "scan-awaited"
    assert place(found) == ("warning", f"material:{material}", PROGRAMME.material(material).title)


def test_without_files_every_material_is_named() -> None:
    assert codes(materials([])) == ["material-missing"] * 5 + ["scan-awaited"] * 2


BORN_DIGITAL = PageFacts(595, 842)
SCANNED = PageFacts(595, 842, scanned=True)
SEALED = PageFacts(595, 842, sealed=True)


@pytest.mark.parametrize("material", MATERIALS)
def test_only_what_needs_a_seal_is_doubted_without_a_scan(material: str) -> None:
    doubtful = materials([source_of(material, facts=[BORN_DIGITAL])])
    found = [finding for finding in doubtful if finding.code == "scan-doubtful"]
    if material in ("application-form", "bank-account", "commitment"):
        assert place(found[0]) == (
            "warning",
            "attachments/文件.pdf",
            PROGRAMME.material(material).title,
        )
    else:
        assert found == []


@pytest.mark.parametrize(
    ("facts", "pages", "doubtful"),
    [
        ([SCANNED], (0,), False),
        ([SEALED], (0,), False),
        ([BORN_DIGITAL, SCANNED], (0, 1), False),
        ([BORN_DIGITAL, SCANNED], (0,), True),
        ([BORN_DIGITAL, BORN_DIGITAL], (0, 1), True),
    ],
)
def test_one_scanned_or_sealed_page_among_those_taken_is_enough(
    facts: list[PageFacts], pages: tuple[int, ...], doubtful: bool
) -> None:
    found = materials([source_of("commitment", facts=facts, pages=pages)])
    assert ("scan-doubtful" in codes(found)) == doubtful


def test_a_file_that_cannot_be_used_still_counts_as_offered() -> None:
    unusable = [Source(offered_file(material), None) for material in MATERIALS]
    assert materials(unusable) == ()


# Seals


def look(seal: SealLook, inked: bool = True) -> PageFacts:
    """A scanned page of which it is known whether it bears a seal."""
    ink = Ink(5.0, 4, (1,) if inked else (0,))
    return PageFacts(595, 842, scanned=True, ink=ink, seal=seal)


def seals(*sources: Source) -> list[tuple[str, str]]:
    found = [finding for finding in materials(sources) if finding.code.startswith("seal-")]
    assert {finding.severity for finding in found} <= {"warning"}
    return [(finding.code, finding.where) for finding in found]


@pytest.mark.parametrize(
    ("material", "pages", "wanted"),
    [
        ("application-form", ["none", "none", "none"], [1, 3]),
        ("application-form", ["red", "none", "red"], []),
        ("application-form", ["", "none", ""], []),
        ("commitment", ["none", "none"], [2]),
        ("bank-account", ["none", "none"], [1]),
        ("bank-account", ["none", "red"], []),
        ("lease", ["none"], []),
        ("licence", ["grey"], []),
    ],
)
def test_a_page_that_must_bear_a_seal_and_shows_none_is_named(
    material: str, pages: list[SealLook], wanted: list[int]
) -> None:
    source = source_of(material, facts=[look(seal) for seal in pages], pages=range(len(pages)))
    assert seals(source) == [("seal-not-seen", f"attachments/文件.pdf#{n}") for n in wanted]


def test_the_page_is_told_by_its_number_in_the_file_and_the_file_by_its_place() -> None:
    source = source_of(
        "commitment", facts=[look("red"), look("none")], pages=[1], where="attachments[3]"
    )
    (found,) = [found for found in materials([source]) if found.code == "seal-not-seen"]
    assert (found.where, "第 2 页" in found.message) == ("attachments[3]", True)
    assert "未见红色公章" in found.message


def test_blank_pages_at_the_end_of_a_scan_are_not_asked_for_a_seal() -> None:
    source = source_of("commitment", facts=[look("red"), look("none", inked=False)], pages=[0, 1])
    assert seals(source) == []


@pytest.mark.parametrize(
    ("seal", "code", "said"),
    [
        ("none", "seal-not-seen", "未见红色公章。"),
        ("colourless", "seal-not-seen", "如是黑白件，请自行核对"),
        ("grey", "seal-in-grey", "黑白件，请自行核对"),
    ],
)
def test_grey_copies_are_told_as_what_they_are(seal: SealLook, code: str, said: str) -> None:
    (found,) = [
        finding
        for finding in materials([source_of("commitment", facts=[look(seal)])])
        if finding.code == code
    ]
    assert said in found.message


def test_a_document_with_a_drawn_red_seal_is_no_doubtful_scan_and_one_without_is_told_once() -> (
    None
):
    drawn = PageFacts(595, 842, seal="red")
    assert "scan-doubtful" not in codes(materials([source_of("commitment", facts=[drawn])]))
    bare = materials([source_of("commitment", facts=[PageFacts(595, 842, seal="none")])])
    (found,) = [finding for finding in bare if finding.code.startswith(("seal-", "scan-doubt"))]
    assert "未见红色公章" in found.message


# The same file twice

THREE = (SCANNED,) * 3


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ((None, (0, 1, 2)), (None, (0, 1, 2)), True),
        ((None, (0, 1, 2)), ("1", (0,)), True),
        (("1", (0,)), (None, (0, 1, 2)), True),
        (("1", (0,)), ("2-3", (1, 2)), False),
        (("1-2", (0, 1)), ("2-3", (1, 2)), False),
    ],
)
def test_the_same_content_twice_is_refused_unless_both_say_which_pages(
    first: tuple[str | None, tuple[int, ...]],
    second: tuple[str | None, tuple[int, ...]],
    refused: bool,
) -> None:
    sources = [
        Source(
            offered_file("lease", title, where=f"attachments[{index}]", pages=written),
            source_of("lease", sha256="same", facts=THREE).facts,
            pages,
        )
        for index, (title, (written, pages)) in enumerate([("甲", first), ("乙", second)])
    ]
    found = materials(sources)
    assert ("duplicate-attachment" in codes(found)) == refused
    if refused:
        twice = only(found, "duplicate-attachment")
        assert place(twice) == ("error", "attachments[1]", PROGRAMME.material("lease").title)
        assert "甲" in twice.message
        assert "乙" in twice.message


def test_the_same_content_under_two_materials_is_found() -> None:
    sources = [source_of("lease", "甲", sha256="same"), source_of("evidence", "乙", sha256="same")]
    found = only(materials(sources), "duplicate-attachment")
    assert found.label == PROGRAMME.material("evidence").title


def test_the_same_file_three_times_is_refused_twice() -> None:
    sources = [source_of("lease", title, sha256="same") for title in "甲乙丙"]
    assert codes(materials(sources)).count("duplicate-attachment") == 2


def test_different_files_of_one_name_are_no_duplicates() -> None:
    sources = [source_of("lease", "甲", sha256="1"), source_of("lease", "甲", sha256="2")]
    assert "duplicate-attachment" not in codes(materials(sources))


def test_what_intake_remarks_is_passed_on_as_a_warning() -> None:
    remark = warning("attachment-repaired", WHOLE, "", "文件有损坏，已修复。", "请核对。")
    found = only(materials([source_of("lease", remarks=(remark,))]), "attachment-repaired")
    assert place(found) == ("warning", "attachments/文件.pdf", PROGRAMME.material("lease").title)
    assert (found.message, found.remedy) == (remark.message, remark.remedy)


# Characters


def text_faults(answers: Answers) -> list[Finding]:
    """Findings about characters."""
    return [found for found in judged(answers) if found.code.startswith("text-")]


@pytest.mark.parametrize(
    "text",
    [
        RARE,
        "<b>&amp;{{ 7*7 }}{% raw %}</w:t>'\"\\",
        "“一”—…·㎡²½①（）《》〈〉【】、；：？！％～",
        "ABCabc0189 αβΩ Жж é ñ ü",
        "𬭚𬭛𬭳䴖",
        "\u3000缩进",
    ],
)
@pytest.mark.parametrize("where", ["applicant.name", "platform.construction", "remarks"])
def test_what_the_fonts_can_print_is_accepted(where: str, text: str) -> None:
    assert text_faults(put(good(), where, f"甲{text}乙")) == []


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("😀", "😀（U+1F600）"),
        ("👍", "👍（U+1F44D）"),
        ("ก", "ก（U+0E01）"),
        ("𠀀", "𠀀（U+20000）"),
        ("\ue000", "\ue000（U+E000）"),
        ("\U000f0000", "\U000f0000（U+F0000）"),
    ],
)
def test_a_character_no_font_has_is_named_with_its_place(character: str, name: str) -> None:
    (found,) = text_faults(put(good(), "remarks", f"平台{character}很好{character}"))
    assert found.code == "text-no-glyph"
    assert place(found) == ("error", "remarks", "其他需要说明的问题")
    assert found.message == (
        f"“其他需要说明的问题”中有字体印不出的字符：{name}，第一个在第 3 个字处。"
    )


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x07", "U+0007"),
        ("\x00", "U+0000"),
        ("\x1b", "U+001B"),
        ("\x7f", "U+007F"),
        ("\x9b", "U+009B"),
        ("\t", "制表符"),
        ("\r", "回车"),
        ("\u200b", "U+200B"),
        ("\u200d", "U+200D"),
        ("\u202e", "U+202E"),
        ("\u2028", "U+2028"),
        ("\u2029", "U+2029"),
        ("\ufeff", "U+FEFF"),
        ("\ufe0f", "U+FE0F"),
        ("\U000e0100", "U+E0100"),
        ("\u00ad", "U+00AD"),
    ],
)
def test_an_invisible_character_is_named_with_its_place(character: str, name: str) -> None:
    (found,) = text_faults(put(good(), "platform.construction", f"甲{character}乙"))
    assert found.code == "text-control-character"
    assert place(found) == ("error", "platform.construction", "平台建设内容")
    assert f"：{name}，第一个在第 2 个字处" in found.message
    assert character not in found.message


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n"])
@pytest.mark.parametrize("where", ["platform.construction", "remarks", "opinion"])
def test_a_newline_starts_a_paragraph_where_there_are_any(where: str, newline: str) -> None:
    assert text_faults(put(good(), where, f"第一段{newline}第二段")) == []


@pytest.mark.parametrize(
    ("where", "label"),
    [
        ("applicant.name", "申报单位"),
        ("contact.name", "联系人"),
        ("platform.address", "实验室/创新平台/研究机构等地址"),
        ("platform.accredited_by", "资质认定部门"),
        ("platform.other_qualification.authority", "平台资质其他类别（认定部门）"),
        ("founders[1].address", "设立主体2注册地址"),
        ("legal_representative.name", "企业法人"),
        ("attachments[0].title", "附件1标题"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_newline_in_an_answer_of_one_line_is_refused(
    where: str, label: str, newline: str
) -> None:
    (found,) = text_faults(put(good(), where, f"第一行{newline}第二行"))
    assert (found.code, *place(found)) == ("text-control-character", "error", where, label)
    assert "换行" in found.message


@pytest.mark.parametrize(
    "where",
    [
        "applicant.name",
        "contact.name",
        "platform.name",
        "platform.address",
        "platform.accredited_by",
        "platform.construction",
        "platform.other_qualification.name",
        "platform.other_qualification.authority",
        "founders[0].name",
        "founders[2].address",
        "legal_representative.name",
        "liaison.name",
        "remarks",
        "opinion",
        "attachments[3].title",
    ],
)
def test_every_answer_that_is_printed_is_looked_through(where: str) -> None:
    (found,) = text_faults(put(good(), where, "甲😀"))
    assert (found.code, found.where) == ("text-no-glyph", where)


def test_several_bad_characters_are_named_in_one_finding_each_once() -> None:
    (found,) = text_faults(put(good(), "remarks", "😀👍😀"))
    assert "😀（U+1F600）、👍（U+1F44D），第一个在第 1 个字处" in found.message


def test_a_title_taken_from_a_file_name_is_looked_through_and_its_file_named() -> None:
    application = Application.model_validate(minimal_answers())
    offered = [offered_file("lease", "合同😀", file="attachments/2-x/合同😀.pdf")]
    (found,) = check_characters(the_programme().fields, application, offered)
    assert found.code == "text-no-glyph"
    assert found.where == "attachments/合同😀.pdf"
    assert found.label == "附件“合同😀.pdf”的标题"


def test_a_title_that_was_written_is_judged_once() -> None:
    answers = put(good(), "attachments[0].title", "合同😀")
    application = Application.model_validate(answers)
    offered = [offered_file("lease", "合同😀", where="attachments[0]")]
    (found,) = check_characters(the_programme().fields, application, offered)
    assert found.where == "attachments[0].title"


def test_a_password_may_have_any_characters() -> None:
    assert text_faults(put(good(), "attachments[0].password", "😀\t")) == []


# All at once


def bad_answers() -> Answers:
    """Answers with a fault of every kind that fits beside the others."""
    changes: dict[str, Any] = {
        "applicant": {"name": "丁公司\n", "uscc": "1"},
        "term": {"start": "2030-01-01", "end": "2029-01-01"},
        "contact": {"name": "许😀", "phone": "1", "email": "x"},
        "platform.name": None,
        "platform.category": {"kind": "newly_relocated"},
        "platform.total_area_sqm": 4500,
        "platform.rd_office_area_sqm": 5000,
        "platform.qualifications": [],
        "platform.other_qualification": {"level": "national"},
        "platform.construction": None,
        "liaison": {"name": "周禾"},
        "remarks": "铃\x07响",
    }
    answers = good()
    for where, value in changes.items():
        answers = put(answers, where, value)
    return answers


def test_all_findings_come_at_once() -> None:
    application = Application.model_validate(bad_answers())
    found = check_all(PROGRAMME, application, [])
    assert set(codes(found)) == {
        "required-missing",
        "uscc-invalid",
        "date-order",
        "phone-invalid",
        "email-invalid",
        "area-order",
        "other-qualification-incomplete",
        "contact-number-missing",
        "blank-left",
        "text-control-character",
        "text-no-glyph",
        "window-outside",
        "area-over-limit",
        "category-date-missing",
        "qualification-missing",
        "authorisation-missing",
        "material-missing",
        "scan-awaited",
    }


SINGLE_FAULTS: list[Callable[[], tuple[Finding, ...]]] = [
    lambda: check_all(PROGRAMME, Application.model_validate(bad_answers()), []),
    lambda: judged(term("2025-01-01", "2029-01-01")),
    lambda: judged(areas(150, 200)),
    lambda: judge(put(good(), "founders", [SHE])),
    lambda: materials([source_of("lease", title, sha256="same") for title in "甲乙"]),
    lambda: materials([source_of("commitment", facts=[BORN_DIGITAL])]),
]


@pytest.mark.parametrize("findings", SINGLE_FAULTS)
def test_every_finding_is_two_chinese_sentences_and_leads_to_its_place(
    findings: Callable[[], tuple[Finding, ...]],
) -> None:
    for found in findings():
        assert is_chinese_sentence(found.message), found
        assert is_chinese_sentence(found.remedy), found
        assert any("\u4e00" <= character <= "\u9fff" for character in found.label), found
        assert found.where.endswith(".pdf") or resolves(found.where, good()), found


# Anything that can be read can be judged

lines = st.text(max_size=20).map(lambda text: text.encode("utf-8", "ignore").decode())
numbers = (
    lines
    | st.text("0123456789-+ ()转#、/ext.；a", max_size=30)
    | st.from_regex("[0-9]{1,25}", fullmatch=True)
)
days = st.dates().map(date.isoformat) | st.none()
people = st.fixed_dictionaries({"name": lines, "mobile": numbers, "landline": numbers})
units = st.fixed_dictionaries({"name": lines, "uscc": lines | st.just(USCC), "address": lines})
square_metres = st.none() | st.floats(min_value=0, max_value=1e7, exclude_min=True)


@settings(max_examples=50)
@given(
    st.fixed_dictionaries(
        {
            "applicant": st.fixed_dictionaries({"name": lines, "uscc": lines | numbers}),
            "term": st.fixed_dictionaries({"start": days, "end": days}),
            "contact": st.fixed_dictionaries(
                {"name": lines, "phone": numbers, "email": lines | st.emails()}
            ),
            "platform": st.fixed_dictionaries(
                {
                    "name": lines,
                    "construction": lines,
                    "accredited_on": days,
                    "category": st.fixed_dictionaries(
                        {
                            "kind": st.sampled_from([None, "newly_accredited", "newly_relocated"]),
                            "date": days,
                        }
                    ),
                    "total_area_sqm": square_metres,
                    "rd_office_area_sqm": square_metres,
                }
            ),
            "founders": st.lists(units, max_size=3),
            "legal_representative": people,
            "liaison": people,
            "signed_on": days,
        }
    )
)
def test_whatever_the_answers_they_are_judged_and_every_finding_leads_somewhere(
    answers: Answers,
) -> None:
    for found in judge(answers):
        assert found.message.endswith("。")
        assert found.remedy.endswith("。")
        assert resolves(found.where, answers)
