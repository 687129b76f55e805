"""What was printed on sealed forms is recorded, and later answers are held against it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.batch.ledger import key_of
from sjs_forms.cli.commands import main
from sjs_forms.domain.folder.application_folder import STAMP_RECORD, read_folder
from sjs_forms.domain.stamp_record import SealedAnswers, StampedForm, read_record, record_bytes
from sjs_forms.jobs.options import PLAIN
from sjs_forms.jobs.pipeline import build, check, fill
from tests.samples import MINIMAL, minimal_answers, put, write_application, write_pdf

ANSWERS = put(
    put(minimal_answers(), "contact.phone", "010-88880000"), "remarks", "场地已经装修完毕。"
)
PLEDGE = Path("attachments/7-承诺书/承诺书（盖章扫描）.pdf")


def run(*words: str | Path) -> None:
    result = CliRunner().invoke(main, [*map(str, words)])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The forms as PDF: with their text layer they are told to the letter."""
    place = tmp_path_factory.mktemp("forms")
    fill(write_application(place / "某单位", ANSWERS), place / "表")
    return place / "表"


@pytest.fixture(scope="module")
def _stamped(tmp_path_factory: pytest.TempPathFactory, forms: Path) -> Path:
    place = write_application(tmp_path_factory.mktemp("stamped") / "某单位", ANSWERS)
    shutil.copytree(MINIMAL / "attachments", place / "attachments")
    run("stamped", place, *sorted(forms.glob("*.pdf")))
    return place


@pytest.fixture
def stamped(_stamped: Path, tmp_path: Path) -> Path:
    """An application whose forms were taken in with the answers as they are."""
    return Path(shutil.copytree(_stamped, tmp_path / "某单位"))


def told(place: Path) -> list[tuple[str, str, str]]:
    """Findings about sealed forms: code, place, message."""
    return [
        (found.code, found.where, found.message)
        for found in check(place)
        if found.code.startswith("stamp")
    ]


def test_unchanged_answers_are_not_spoken_of(stamped: Path) -> None:
    assert told(stamped) == []
    recorded = {each.form: each for each in read_folder(stamped).stamped}
    assert list(recorded) == ["application-form", "commitment"]
    assert recorded["application-form"].shown.answers["contact.phone"] == "010-88880000"
    assert set(recorded["commitment"].shown.answers) == {
        "applicant.name",
        "applicant.uscc",
        "signed_on",
    }


def test_the_record_is_neither_bound_nor_called_a_stray_file(stamped: Path) -> None:
    assert STAMP_RECORD not in {item.file for item in read_folder(stamped).offered}
    assert not [found for found in check(stamped) if STAMP_RECORD in found.message]


@pytest.mark.parametrize(
    ("path", "value", "label", "was", "becomes"),
    [
        ("contact.phone", "010-88881111", "联系电话", "“010-88880000”", "“010-88881111”"),
        ("platform.total_area_sqm", 4321, "总面积", "", "“4321”"),
        ("remarks", None, "其他需要说明的问题", "“场地已经装修完毕。”", "空白"),
        ("term.end", "2026-06-30", "起止年限（止）", "", "“2026年6月30日”"),
    ],
)
def test_an_answer_changed_after_stamping_is_told_from_what_to_what(
    stamped: Path, path: str, value: Any, label: str, was: str, becomes: str
) -> None:
    answers = json.loads((stamped / "application.json").read_text(encoding="utf-8"))
    write_application(stamped, put(answers, path, value))
    ((code, where, message),) = told(stamped)
    assert (code, where) == ("stamped-answer-changed", path)
    assert label in message and was in message and message.endswith(f"现在为{becomes}。")
    assert "附4-1盖章后改过" in message
    write_application(stamped, answers)
    assert told(stamped) == []


def test_an_answer_on_both_forms_is_told_of_each(stamped: Path) -> None:
    write_application(stamped, put(ANSWERS, "applicant.name", "另一家单位"))
    assert [where for _, where, _ in told(stamped)] == ["applicant.name"] * 2
    assert {message[message.index("在") + 1 :][:4] for *_, message in told(stamped)} == {
        "附4-1",
        "附4-2",
    }


def test_a_long_answer_is_told_where_it_parts() -> None:
    from sjs_forms.jobs.signed_scans.stamped_answers import parting

    long = "平台建设内容" * 30
    assert parting(long + "一百台", long + "二百台") == ("“…设内容一百台”", "“…设内容二百台”")
    assert parting("", "新") == ("空白", "“新”")
    assert parting(long, long + "又一句") != ("", "")


@given(st.text(max_size=60), st.text(max_size=60))
def test_two_answers_that_differ_are_never_told_alike(one: str, other: str) -> None:
    from sjs_forms.jobs.signed_scans.stamped_answers import parting

    if one.split() != other.split() and " ".join(one.split()) != " ".join(other.split()):
        was, becomes = parting(one, other)
        assert was != becomes


def test_the_job_sheet_and_the_manifest_say_what_was_changed(stamped: Path, tmp_path: Path) -> None:
    write_application(stamped, put(ANSWERS, "contact.phone", "010-88881111"))
    built = build(stamped, tmp_path / "成册")
    (doubt,) = built.job.doubts
    assert "010-88880000" in doubt and "010-88881111" in doubt
    manifest = json.loads((tmp_path / "成册" / "manifest.json").read_text(encoding="utf-8"))
    assert doubt in manifest["print"]["missing"]


def test_a_scan_put_in_its_place_by_hand_is_not_spoken_for(stamped: Path) -> None:
    write_pdf(stamped / PLEDGE, 1, "另一份扫描件")
    write_application(stamped, put(ANSWERS, "applicant.name", "另一家单位"))
    assert [message[:7] for *_, message in told(stamped) if "附4-2" in message] == []


def test_an_answer_that_the_scan_shows_otherwise_stays_doubted(forms: Path, tmp_path: Path) -> None:
    place = write_application(tmp_path / "某单位", put(ANSWERS, "contact.phone", "010-11112222"))
    run("stamped", place, forms / "附4-1_申报书.pdf")
    ((code, where, message),) = told(place)
    assert (code, where) == ("stamped-answer-unlike", "contact.phone")
    assert "010-11112222" in message
    write_application(place, ANSWERS)
    run("stamped", place, forms / "附4-1_申报书.pdf", "--replace")
    assert told(place) == []


def test_forms_taken_in_one_after_the_other_are_both_recorded(forms: Path, tmp_path: Path) -> None:
    place = write_application(tmp_path / "某单位", ANSWERS)
    run("stamped", place, forms / "附4-2_承诺书.pdf")
    run("stamped", place, forms / "附4-1_申报书.pdf")
    assert [each.form for each in read_folder(place).stamped] == ["application-form", "commitment"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"forms": [{}]}', b"\xff", b"[" * 9999])
def test_a_record_that_cannot_be_read_is_told(stamped: Path, data: bytes) -> None:
    (stamped / STAMP_RECORD).write_bytes(data)
    assert [code for code, *_ in told(stamped)] == ["stamp-record-unreadable"]


def test_a_batch_builds_again_where_the_record_changed(stamped: Path) -> None:
    application = read_folder(stamped)
    (stamped / STAMP_RECORD).unlink()
    without = read_folder(stamped)
    assert key_of(application, {}, PLAIN, "") != key_of(without, {}, PLAIN, "")


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
records = st.builds(
    StampedForm,
    texts,
    texts,
    texts,
    st.builds(
        SealedAnswers,
        st.dictionaries(texts, texts, max_size=3),
        st.lists(texts, max_size=2).map(tuple),
        st.lists(texts, max_size=2).map(tuple),
    ),
)


@given(st.lists(records, max_size=3))
def test_what_was_recorded_is_read_back(known: list[StampedForm]) -> None:
    assert list(read_record(record_bytes(known))) == known
