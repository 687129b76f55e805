"""The numbers of a batch: the office's own where it gave any, else given once and kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.base.errors import UsageFault
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.sources.filing_numbers import filed, read_numbers, write_numbers
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from tests.samples import Application, the_programme

NOTHING = ApplicationFolder(Path(), None, None, (), ())


def rows(*names: str, given_: tuple[str, ...] = ()) -> tuple[SourceRow, ...]:
    numbers = (*given_, *[""] * len(names))
    return tuple(
        SourceRow(at, name, NOTHING, given=number)
        for at, (name, number) in enumerate(zip(names, numbers, strict=False), 1)
    )


def numbers_of(made: tuple[SourceRow, ...]) -> dict[str, str]:
    return {row.name: row.filed for row in made}


def test_the_first_run_numbers_rows_in_their_order() -> None:
    made, kept = filed(rows("甲", "乙"), {})
    assert numbers_of(made) == {"甲": "001", "乙": "002"}
    assert [row.folder_name for row in made] == ["001_甲", "002_乙"]
    assert sorted(kept.values()) == [1, 2]


@given(st.lists(st.sampled_from("甲乙丙丁戊己"), unique=True), st.permutations("甲乙丙丁戊己"))
def test_no_applicant_ever_changes_his_number(first: list[str], second: list[str]) -> None:
    before, kept = filed(rows(*first), {})
    after, _ = filed(rows(*second), kept)
    assert numbers_of(before).items() <= numbers_of(after).items()
    assert len(set(numbers_of(after).values())) == len(second)


def test_the_offices_own_numbers_hold_and_no_other_gets_them() -> None:
    made, _ = filed(rows("甲", "乙", "丙", given_=("7", "2025-受理-12")), {})
    assert numbers_of(made) == {"甲": "007", "乙": "2025-受理-12", "丙": "003"}
    made, _ = filed(rows("甲", "乙", given_=("2",)), {})
    assert numbers_of(made) == {"甲": "002", "乙": "003"}


@pytest.mark.parametrize("again", ["5", "５", " 05 ", "005"])
def test_a_number_that_stands_twice_is_given_to_the_first_and_an_error_of_both(again: str) -> None:
    made, _ = filed(rows("甲", "乙", "丙", given_=("5", again, "6")), {})
    assert numbers_of(made) == {"甲": "005", "乙": "002", "丙": "006"}
    told = [row.application.findings for row in made]
    assert told[0] == told[1] and told[2] == ()
    assert told[0][0].code == "batch-number-twice" and "甲、乙" in told[0][0].message


def test_two_numbers_with_one_name_of_a_folder_are_one() -> None:
    made, _ = filed(rows("甲", "甲", given_=("a/1", "A_1")), {})
    assert len({row.folder_name for row in made}) == 2
    assert all(row.application.findings for row in made)


def test_full_width_digits_are_digits() -> None:
    made, _ = filed(rows("甲", "乙", given_=("１２", "Ａ７")), {})
    assert numbers_of(made) == {"甲": "012", "乙": "A7"}


def test_a_number_of_thousands_of_digits_is_an_error_of_its_applicant() -> None:
    made, _ = filed(rows("甲", "乙", given_=("9" * 5_000,)), {})
    assert numbers_of(made) == {"甲": "001", "乙": "002"}
    (told,) = made[0].application.findings
    assert told.code == "batch-number-too-long"


def test_an_applicant_that_stands_twice_has_two_numbers() -> None:
    made, kept = filed(rows("甲", "甲"), {})
    assert [row.filed for row in made] == ["001", "002"]
    again, _ = filed(rows("甲", "甲"), kept)
    assert [row.filed for row in again] == ["001", "002"]


def with_code(row: SourceRow, code: str | None) -> SourceRow:
    """A row whose applicant gave this code."""
    answers = Application.model_validate({"applicant": {"name": row.name, "uscc": code}})
    read = replace(NOTHING, programme=the_programme(), application=answers)
    return replace(row, application=read)


def test_an_applicant_whose_code_is_corrected_or_added_keeps_his_number() -> None:
    first, second, third = rows("甲", "乙", "丙")
    _, kept = filed((first, with_code(second, "91110107MA0002XXX0"), third), {})
    mended = with_code(second, "91110107MA0002XXX1"), with_code(first, "91110107MA0001XXX9")
    made, kept = filed(mended, kept)
    assert numbers_of(made) == {"甲": "001", "乙": "002"}
    made, _ = filed((with_code(rows("改名的乙")[0], "91110107MA0002XXX1"), third), kept)
    assert numbers_of(made) == {"改名的乙": "002", "丙": "003"}


def test_of_two_applicants_of_one_name_each_keeps_the_number_of_his_code() -> None:
    codes = "91110107MA0001XXX9", "91110107MA0002XXX1"
    one, other = (with_code(rows("甲")[0], code) for code in codes)
    _, kept = filed((one, replace(other, number=2)), {})
    made, _ = filed((other, one), kept)
    assert [row.filed for row in made] == ["002", "001"]


def test_a_number_that_the_office_gives_to_another_is_not_kept_by_the_first() -> None:
    _, kept = filed(rows("甲", "乙"), {})
    made, _ = filed(rows("丙", "甲", "乙", given_=("2",)), kept)
    assert numbers_of(made) == {"丙": "002", "甲": "001", "乙": "003"}
    assert [found.code for row in made for found in row.doubts] == ["batch-number-changed"]
    assert "002" in made[2].doubts[0].message and "003" in made[2].doubts[0].message


@given(
    st.lists(st.sampled_from("甲乙丙丁戊己"), unique=True),
    st.permutations("甲乙丙丁戊己"),
    st.lists(st.sampled_from(["", "1", "２", "3", "5", "x"]), max_size=6),
)
def test_no_two_applicants_have_one_number_whatever_the_office_gave(
    first: list[str], second: list[str], numbers: list[str]
) -> None:
    _, kept = filed(rows(*first), {})
    made, _ = filed(rows(*second, given_=tuple(numbers)), kept)
    assert len({row.filed for row in made}) == len(second)
    for row in made:
        if row.given and not row.application.findings:
            assert row.filed.lstrip("0") == row.given.replace("２", "2")


def test_a_number_is_no_path() -> None:
    (row,), _ = filed((replace(rows("甲")[0], given="../../x"),), {})
    assert Path(row.folder_name).name == row.folder_name and row.folder_name != ".."


def test_numbers_are_kept_in_a_file_that_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "numbers.json"
    assert read_numbers(path) == {}
    write_numbers(path, {"name:甲": 3})
    assert read_numbers(path) == {"name:甲": 3}
    write_numbers(path, {"code:1X": 3, "name:甲 Ａ公司": 3})
    assert read_numbers(path) == {"code:1x": 3, "name:甲a公司": 3}, "as earlier versions wrote them"


@pytest.mark.parametrize(
    "text", ["", "[1", "[1]", '{"name:甲": null}', '{"name:甲": 1e999}', "[" * 99999]
)
def test_a_broken_file_of_numbers_is_refused_and_nobody_gets_another_number(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "numbers.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageFault, match="编号"):
        read_numbers(path)
    assert path.read_text(encoding="utf-8") == text


def from_folder(folder: str, name: str | None, code: str | None = None) -> SourceRow:
    """The row of a folder, whose application says who it is unless `name` is None."""
    row = SourceRow(1, name or folder, NOTHING, known_by=folder)
    row = with_code(row, code) if name else row
    return replace(row, application=replace(row.application, folder=Path(folder)))


def test_who_could_not_be_read_keeps_his_number_when_he_can() -> None:
    """He was written to under that number."""
    first = filed((from_folder("a", None), from_folder("b", "乙")), {})
    assert [row.filed for row in first[0]] == ["001", "002"]
    made, kept = filed((from_folder("a", "甲", "1X"), from_folder("b", "乙")), first[1])
    assert [row.filed for row in made] == ["001", "002"]
    made, kept = filed((from_folder("a", None), from_folder("b", "乙")), kept)
    assert [row.filed for row in made] == ["001", "002"], "and when he cannot be read again"
    made, _ = filed((from_folder("b", "乙"), from_folder("z", "甲改名", "1X")), kept)
    assert [row.filed for row in made] == ["002", "003"]


def test_another_applicant_in_a_folder_of_the_same_name_gets_a_number_of_his_own() -> None:
    _, kept = filed((from_folder("1", "甲", "1X"), from_folder("2", "乙", "2X")), {})
    made, _ = filed((from_folder("1", "丙", "3X"), from_folder("2", "乙", "2X")), kept)
    assert [row.filed for row in made] == ["003", "002"]


def test_a_place_in_a_file_is_nobodys_name() -> None:
    row = replace(rows("第3行")[0], known_by="第3行", is_named=False)
    _, kept = filed((row,), {})
    made, _ = filed((row, replace(rows("第3行")[0], known_by="第三")), kept)
    assert [each.filed for each in made] == ["001", "002"]


def test_of_two_of_one_name_the_one_with_a_code_is_known_by_it_in_any_order() -> None:
    with_, without = with_code(rows("甲")[0], "1X"), with_code(rows("甲")[0], None)
    _, kept = filed((with_, without), {})
    made, _ = filed((without, with_), kept)
    assert made[1].filed == "001"


def test_numbers_that_cannot_be_read_now_are_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_path: Path) -> bytes:
        raise PermissionError(13, "denied")

    monkeypatch.setattr("sjs_forms.batch.sources.filing_numbers.read_record", fails)
    with pytest.raises(PermissionError):
        read_numbers(tmp_path / "numbers.json")
