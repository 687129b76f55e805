"""Answers saved under another name than application.json are pointed out."""

from pathlib import Path

import pytest

from sjs_forms.base.errors import UsageFault
from sjs_forms.domain.folder.application_folder import read_folder
from tests.samples import codes


@pytest.mark.parametrize(
    "name",
    [
        "application.json.txt",
        "application.json.json",
        "application.txt",
        "application(1).json",
        "application - 副本.json",
        "申报.json",
    ],
)
def test_a_file_that_was_meant_is_named_with_what_to_do(minimal: Path, name: str) -> None:
    (minimal / "application.json").rename(minimal / name)
    with pytest.raises(UsageFault) as fault:
        read_folder(minimal)
    assert f"“{name}”" in fault.value.message
    assert "改名为 application.json" in fault.value.remedy


@pytest.mark.parametrize("name", ["application.json.docx", "application.rtf"])
def test_a_file_of_an_office_program_is_not_to_be_renamed(minimal: Path, name: str) -> None:
    (minimal / "application.json").rename(minimal / name)
    with pytest.raises(UsageFault) as fault:
        read_folder(minimal)
    assert "记事本" in fault.value.remedy and "改名" not in fault.value.remedy


def test_the_likeliest_of_several_is_named(minimal: Path) -> None:
    (minimal / "application.json").rename(minimal / "application.json.txt")
    (minimal / "a.json").write_text("{}", encoding="utf-8")
    (minimal / "application(1).json").write_text("{}", encoding="utf-8")
    with pytest.raises(UsageFault, match=r"application\.json\.txt"):
        read_folder(minimal)


def test_unlike_files_are_not_guessed_at(minimal: Path) -> None:
    (minimal / "application.json").unlink()
    for name in ("a.json", "b.json", "说明.txt"):
        (minimal / name).write_text("{}", encoding="utf-8")
    with pytest.raises(UsageFault) as fault:
        read_folder(minimal)
    assert "a.json" not in fault.value.message


@pytest.mark.parametrize("name", ["application.json.txt", "application.json.json"])
def test_what_notepad_saved_beside_application_json_is_told(minimal: Path, name: str) -> None:
    before = read_folder(minimal).findings
    (minimal / name).write_text("{}", encoding="utf-8")
    (told,) = [found for found in read_folder(minimal).findings if found not in before]
    assert (told.code, told.where) == ("answers-misnamed", name)


def test_copies_are_not_told(minimal: Path) -> None:
    before = codes(read_folder(minimal).findings)
    for name in ("application.json.bak", "application.json~", "application.jsonl"):
        (minimal / name).write_text("{}", encoding="utf-8")
    assert codes(read_folder(minimal).findings) == before
