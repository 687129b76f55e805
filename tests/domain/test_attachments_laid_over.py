"""Entries without a material change files that were found, and leave all others as they are."""

from pathlib import Path
from typing import Any

import pytest

from sjs_forms.domain.checks.answers import check_required
from sjs_forms.domain.folder.application_folder import ApplicationFolder, read_folder, read_row
from tests.samples import codes, minimal_answers, only, write_application, write_pdf

LEASE = "attachments/2-场地租赁合同"


def folder(tmp_path: Path, *entries: Any) -> ApplicationFolder:
    for name in ("2-场地租赁合同/甲.pdf", "2-场地租赁合同/乙.pdf", "2-场地租赁合同/丙.pdf"):
        write_pdf(tmp_path / "attachments" / name, mark=name)
    write_pdf(tmp_path / "attachments/4-营业执照/执照.pdf", mark="执照")
    answers = {**minimal_answers(), "attachments": list(entries)} if entries else minimal_answers()
    return read_folder(write_application(tmp_path, answers))


def files(read: ApplicationFolder) -> list[str]:
    return [item.file.rpartition("/")[2] for item in read.offered]


def test_one_entry_changes_its_file_and_leaves_the_others(tmp_path: Path) -> None:
    entry = {
        "file": f"{LEASE}/乙.pdf",
        "title": "合同",
        "pages": "1",
        "password": "x",
        "rotate": 90,
        "straighten": True,
    }
    plain, laid = folder(tmp_path), folder(tmp_path, entry)
    assert codes(laid.findings) == codes(plain.findings)
    assert sorted(files(laid)) == sorted(files(plain))
    changed = next(item for item in laid.offered if item.where == "attachments[0]")
    said = (changed.title, changed.pages, changed.password, changed.rotate, changed.straighten)
    assert said == ("合同", "1", "x", 90, True)
    others = [item for item in laid.offered if item != changed]
    assert all(item in plain.offered for item in others)
    assert list(check_required(laid.programme.fields, laid.application)) == []


def test_files_that_entries_name_stand_in_their_order(tmp_path: Path) -> None:
    before = files(folder(tmp_path))
    first, last = before[0], before[2]
    laid = folder(tmp_path, {"file": f"{LEASE}/{last}"}, {"file": f"{LEASE}/{first}"})
    assert files(laid) == [last, before[1], first, *before[3:]]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([{"file": f"{LEASE}/丁.pdf"}], "attachment-missing"),
        ([{"file": "外面.pdf"}], "required-missing"),
        ([{"file": f"{LEASE}/甲.pdf"}, {"file": f"{LEASE}/甲.pdf"}], "duplicate-attachment"),
    ],
)
def test_an_entry_that_lies_over_no_file_is_told(
    tmp_path: Path, entries: list[Any], code: str
) -> None:
    write_pdf(tmp_path / "外面.pdf", mark="外面")
    laid = folder(tmp_path, *entries)
    assert only(laid.findings, code).where.startswith(f"attachments[{len(entries) - 1}]")
    assert len(laid.offered) == 4


def test_entries_with_materials_list_everything_as_before(tmp_path: Path) -> None:
    listed = folder(tmp_path, {"material": "lease", "file": f"{LEASE}/甲.pdf"}, {"file": "x.pdf"})
    assert files(listed) == ["甲.pdf"]


def test_a_row_of_many_has_no_folders_to_lie_over(tmp_path: Path) -> None:
    write_pdf(tmp_path / "甲.pdf", mark="甲")
    read = read_row(b'{"attachments": [{"file": "x.pdf"}]}', tmp_path, "application.json")
    assert only(read.findings, "required-missing").where == "attachments[0].material"
