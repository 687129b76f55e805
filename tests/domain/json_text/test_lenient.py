"""One bad value hides no other finding, and makes no false one."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import Refused
from sjs_forms.base.findings.finding import Finding, blocking, error
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.batch.sources.batch_source import read_rows
from sjs_forms.domain.answers.unread_places import UnreadPlaces
from sjs_forms.domain.checks import check_application, check_materials
from sjs_forms.domain.folder.application_folder import ApplicationFolder, read_folder
from sjs_forms.domain.json_text.application_json import read_answers
from sjs_forms.jobs import pipeline
from sjs_forms.jobs.options import Options
from tests.rosters import with_answers
from tests.samples import (
    MATERIALS,
    Answers,
    codes,
    minimal_answers,
    only,
    put,
    sample_answers,
    source_of,
    the_programme,
    without,
    write_application,
    write_pdf,
)

BAD: dict[str, Any] = {
    "programme": 5,
    "applicant": "北京公司",
    "applicant.name": 5,
    "applicant.uscc": ["911101"],
    "term": "三年",
    "term.start": "2025年13月1日",
    "term.end": "明天",
    "contact": [],
    "contact.name": ["许小满"],
    "contact.phone": {"号码": 88880088},
    "contact.email": {},
    "platform": "平台",
    "platform.name": 7,
    "platform.address": 7,
    "platform.accredited_on": "2025-02-30",
    "platform.accredited_by": 3,
    "platform.construction": 3,
    "platform.category": "新认定",
    "platform.category.kind": "新的",
    "platform.category.date": 202503,
    "platform.total_area_sqm": "约三千",
    "platform.rd_office_area_sqm": "约2460.5㎡",
    "platform.qualifications": "区级重点实验室",
    "platform.qualifications[0]": "重点实验室",
    "platform.other_qualification": 5,
    "platform.other_qualification.name": 5,
    "platform.other_qualification.level": "省级",
    "platform.other_qualification.authority": 5,
    "founders": "北京公司",
    "founders[0]": "北京公司",
    "founders[0].name": 5,
    "founders[0].uscc": True,
    "founders[1].name": 5,
    "founders[1].address": 5,
    "legal_representative": "许小满",
    "legal_representative.name": 5,
    "legal_representative.mobile": [13800138000],
    "legal_representative.landline": 0.5,
    "liaison": "许小满",
    "liaison.mobile": [13800138000],
    "remarks": ["无"],
    "opinion": 5,
    "signed_on": "2025.3",
}


def judged(answers: Answers) -> tuple[Finding, ...]:
    """All findings of answers as they are written, the authorisation among the files."""
    parsed = read_answers(json.dumps(answers).encode())
    assert parsed.application is not None
    offered = [source_of("evidence", "授权证明").offered]
    unread = parsed.unread
    found = check_application(the_programme(), parsed.application, offered, unread)
    return (*unread.findings, *found)


@pytest.mark.parametrize("where", BAD)
def test_a_bad_value_in_a_complete_application_is_the_only_finding(where: str) -> None:
    assert judged(sample_answers()) == ()
    (found,) = judged(put(sample_answers(), where, BAD[where]))
    assert (found.code, found.where) == ("wrong-type", where)


@given(st.lists(st.sampled_from(sorted(BAD)), min_size=1, max_size=6, unique=True))
def test_bad_values_are_all_told_beside_what_else_is_wrong(wheres: list[str]) -> None:
    apart = [
        each
        for each in wheres
        if not any(each != other and each.startswith(other) for other in wheres)
    ]
    if "contact" in apart:
        apart.remove("contact")
    answers = put(sample_answers(), "contact.email", "不是邮箱")
    for where in apart:
        answers = put(answers, where, BAD[where])
    expected = {(where, "wrong-type") for where in apart}
    if "contact.email" not in apart:
        expected.add(("contact.email", "email-invalid"))
    assert {(found.where, found.code) for found in judged(answers)} == expected


@pytest.mark.parametrize(
    ("written", "meant"),
    [("nmae", "applicant.name"), ("emial", "contact.email"), ("adress", "platform.address")],
)
def test_a_misspelt_key_is_not_called_a_blank_as_well(written: str, meant: str) -> None:
    holder = meant.partition(".")[0]
    answers = put(without(sample_answers(), meant), f"{holder}.{written}", "某某")
    (found,) = judged(answers)
    assert found.code == "unknown-key"


@pytest.mark.parametrize(
    ("entry", "is_told"),
    [
        ({"material": "evidence", "file": 5}, False),
        ({"material": "evidence", "file": "x.pdf", "title": 5}, False),
        ({"material": 5, "file": "授权证明.pdf"}, False),
        ({"material": "lese", "file": "合同.pdf"}, True),
        ({"material": "lease", "file": "合同.pdf", "title": 5}, True),
        ({"material": "evidence", "file": "x.pdf", "pages": 5}, True),
        (5, False),
    ],
)
def test_an_authorisation_is_missed_unless_it_may_be_an_entry_that_is_not_understood(
    entry: Any, is_told: bool
) -> None:
    answers = {**sample_answers(), "attachments": [entry]}
    parsed = read_answers(json.dumps(answers).encode())
    assert parsed.application is not None
    unread = parsed.unread
    if entry != 5 and entry["material"] == "lese":
        unread = unread.also([("attachments", 0, "material")])
    found = check_application(the_programme(), parsed.application, (), unread)
    assert ("authorisation-missing" in codes(found)) == is_told


def test_a_key_written_twice_with_bad_values_leaves_all_else() -> None:
    parsed = read_answers(b'{"remarks": 1, "remarks": 2, "opinion": "x"}')
    assert parsed.application is not None and parsed.application.opinion == "x"
    assert codes(parsed.unread.findings) == ["duplicate-key", "wrong-type"]


def test_a_key_written_twice_is_not_called_a_blank_as_well() -> None:
    text = json.dumps(sample_answers()).replace('"name"', '"name": "甲", "name"', 1)
    parsed = read_answers(text.encode())
    assert parsed.application is not None
    offered = [source_of("evidence", "授权证明").offered]
    judged = check_application(the_programme(), parsed.application, offered, parsed.unread)
    assert judged == ()
    assert codes(parsed.unread.findings) == ["duplicate-key"]


def test_founders_beyond_the_third_are_told_and_the_first_three_are_judged() -> None:
    founders = [{"name": f"单位{n}", "uscc": "坏", "address": "某处"} for n in range(4)]
    found = judged(put(sample_answers(), "founders", founders))
    assert codes(found) == ["too-long", "uscc-invalid", "uscc-invalid", "uscc-invalid"]


def test_unreadable_items_leave_the_places_of_others_as_they_are() -> None:
    answers = put(sample_answers(), "founders", [5, {"name": "甲", "uscc": "坏"}])
    found = [(f.where, f.code) for f in judged(answers)]
    assert ("founders[0]", "wrong-type") in found
    assert ("founders[1].uscc", "uscc-invalid") in found
    listed = put(sample_answers(), "platform.qualifications", ["坏", "national_key_laboratory", 5])
    parsed = read_answers(json.dumps(listed).encode())
    assert parsed.application is not None
    assert parsed.application.platform.qualifications == ("national_key_laboratory",)
    wheres = [f.where for f in parsed.unread.findings]
    assert wheres == ["platform.qualifications[0]", "platform.qualifications[2]"]


def test_a_blank_beside_a_bad_value_is_still_told() -> None:
    answers = put(sample_answers(), "platform.other_qualification", {"name": 5})
    assert codes(judged(answers)) == ["other-qualification-incomplete", "wrong-type"]
    answers = put(sample_answers(), "term", {"start": "坏"})
    assert codes(judged(answers)) == ["blank-left", "wrong-type"]
    answers = put(sample_answers(), "legal_representative", {"mobile": []})
    assert codes(judged(answers)) == ["blank-left", "wrong-type"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.sampled_from([*BAD, "attachments", "attachments[0]", "x", "term.[key]"]), json_values)
def test_whatever_stands_in_a_place_all_else_is_read(where: str, value: Any) -> None:
    answers = put({**sample_answers(), "attachments": [{}]}, where, value)
    parsed = read_answers(json.dumps(answers).encode())
    assert parsed.application is not None
    if where != "remarks":
        assert parsed.application.remarks == sample_answers()["remarks"]


# Files


def listed(*entries: Any) -> Answers:
    return {**minimal_answers(), "attachments": list(entries)}


def folder(tmp_path: Path, *entries: Any) -> ApplicationFolder:
    """The folder of an application that lists a file of each material but the forms, and these."""
    for material in MATERIALS[1:6]:
        write_pdf(tmp_path / f"{material}.pdf", mark=material)
    write_pdf(tmp_path / "attachments/2-场地租赁合同/合同.pdf", mark="合同")
    own = [{"material": each, "file": f"{each}.pdf"} for each in MATERIALS[2:6]]
    return read_folder(write_application(tmp_path, listed(*entries, *own)))


LEASE = {"material": "lease", "file": "lease.pdf"}


@pytest.mark.parametrize(
    ("entry", "code", "where"),
    [
        ({**LEASE, "file": 5}, "wrong-type", "attachments[0].file"),
        ({**LEASE, "password": 1234}, "wrong-type", "attachments[0].password"),
        ({**LEASE, "title": 5}, "wrong-type", "attachments[0].title"),
        ({**LEASE, "rotate": 45}, "wrong-type", "attachments[0].rotate"),
        ({**LEASE, "straighten": "true"}, "wrong-type", "attachments[0].straighten"),
        ({**LEASE, "pages": 1}, "wrong-type", "attachments[0].pages"),
        ({**LEASE, "material": 5}, "wrong-type", "attachments[0].material"),
        ({**LEASE, "material": "lese"}, "unknown-material", "attachments[0].material"),
        ({**LEASE, "material": "合同"}, "unknown-material", "attachments[0].material"),
        ({**LEASE, "flie": 1}, "unknown-key", "attachments[0].flie"),
        ({"material": "lease", "fiel": "lease.pdf"}, "unknown-key", "attachments[0].fiel"),
        ("lease.pdf", "wrong-type", "attachments[0]"),
    ],
)
def test_a_bad_value_of_a_listed_file_is_the_only_finding(
    tmp_path: Path, entry: Any, code: str, where: str
) -> None:
    folder(tmp_path, entry)
    before = [f for f in pipeline.check(tmp_path) if f.severity == "error"]
    assert [(found.code, found.where) for found in before] == [(code, where)]


def test_a_list_that_cannot_be_read_makes_no_material_missing(tmp_path: Path) -> None:
    folder(tmp_path, LEASE)
    for bad in ("lease.pdf", {"lease": "lease.pdf"}):
        write_application(tmp_path, {**minimal_answers(), "attachments": bad})
        errors = [f.code for f in pipeline.check(tmp_path) if f.severity == "error"]
        assert errors == ["wrong-type"]


def test_a_missing_material_is_told_beside_a_bad_value_of_another(tmp_path: Path) -> None:
    folder(tmp_path, {**LEASE, "file": 5})
    answers = json.loads((tmp_path / "application.json").read_text(encoding="utf-8"))
    del answers["attachments"][2]
    write_application(tmp_path, answers)
    errors = [f for f in pipeline.check(tmp_path) if f.severity == "error"]
    assert codes(errors) == ["material-missing", "wrong-type"]
    assert "营业执照" in next(f.message for f in errors if f.code == "material-missing")


def test_as_many_materials_as_unclear_entries_may_be_there() -> None:
    unread = UnreadPlaces(frozenset({("attachments", 0, "material")}))
    there = [source_of(material) for material in MATERIALS[2:]]
    assert codes(check_materials(the_programme(), there, unread)) == ["scan-awaited"]
    found = check_materials(the_programme(), there[1:], unread)
    assert codes(found) == ["material-missing", "material-missing", "scan-awaited"]


# The commands


def test_check_tells_types_contents_and_materials_in_one_run(minimal: Path) -> None:
    next(minimal.glob("attachments/2-*/*.pdf")).write_bytes(b"%PDF-1.7 and no more")
    for path in minimal.glob("attachments/4-*/*"):
        path.unlink()
    answers = put(put(minimal_answers(), "signed_on", "明天"), "contact.email", "不是邮箱")
    found = pipeline.check(write_application(minimal, answers))
    told = {(each.code, each.where) for each in found if each.severity == "error"}
    assert ("wrong-type", "signed_on") in told
    assert ("email-invalid", "contact.email") in told
    assert ("material-missing", "material:licence") in told
    assert any(code.startswith("attachment-") for code, _ in told)


@pytest.mark.parametrize("draft", [False, True])
def test_a_build_is_refused_with_all_of_it(minimal: Path, tmp_path: Path, draft: bool) -> None:
    answers = put(put(minimal_answers(), "signed_on", "明天"), "contact.email", "不是邮箱")
    write_application(minimal, answers)
    with pytest.raises(Refused) as refused:
        pipeline.build(minimal, tmp_path / "成册", Options(draft=draft))
    assert {"wrong-type", "email-invalid"} <= set(codes(refused.value.findings))
    assert not (tmp_path / "成册").exists()


def test_no_form_is_written_of_answers_that_cannot_be_read(minimal: Path, tmp_path: Path) -> None:
    write_application(minimal, put(minimal_answers(), "signed_on", "明天"))
    with pytest.raises(Refused) as refused:
        pipeline.fill(minimal, tmp_path / "表")
    assert "wrong-type" in codes(refused.value.findings)
    assert not (tmp_path / "表").exists()


def test_a_notice_that_is_not_known_hides_nothing(minimal: Path) -> None:
    answers = put(put(minimal_answers(), "programme", "去年的"), "contact.email", "不是邮箱")
    found = pipeline.check(write_application(minimal, answers))
    assert {"unknown-programme", "email-invalid"} <= set(codes(found))
    first = blocking(found)[0]
    assert first.code == "unknown-programme"
    assert "--notices" in first.remedy


def test_more_faults_than_are_told_end_the_reading() -> None:
    answers = {**minimal_answers(), **{f"键{n}": 1 for n in range(300)}}
    parsed = read_answers(json.dumps(answers).encode())
    assert parsed.application is None
    assert "还有 100 处" in parsed.unread.findings[-1].message


def test_places_know_what_they_touch() -> None:
    unread = UnreadPlaces(
        frozenset({("founders", 0, "name"), ("term",)}), (error("wrong-type", WHOLE, "", "", ""),)
    )
    assert unread.touches("founders") and unread.touches("founders", 0)
    assert unread.touches("term", "start")
    assert not unread.touches("founders", 1) and not unread.touches("founders", 0, "uscc")


def test_a_cell_that_is_not_understood_is_not_called_a_blank_as_well(tmp_path: Path) -> None:
    bad = {"总面积（平方米）": "约两千", "资质认定时间": "去年"}
    place = with_answers(tmp_path / "名册.xlsx", bad, {})
    unclear, blank = (row.application for row in read_rows(place, tmp_path / "成册"))
    for row, is_named in ((unclear, False), (blank, True)):
        assert row.programme and row.application
        found = check_application(row.programme, row.application, (), row.unread)
        left = only(found, "blank-left").message
        assert all((label in left) == is_named for label in bad)
    assert len([found for found in unclear.findings if found.severity == "error"]) == 2
