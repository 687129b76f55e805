"""Scans that a batch keeps for applicants without a folder are only ever their own."""

import json
from pathlib import Path
from typing import Any

import pytest

from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.sources.combined_sources import read_sources
from sjs_forms.batch.sources.filing_numbers import filed
from sjs_forms.batch.sources.own_scans import OWN_SCANS, with_own_scans
from sjs_forms.domain.folder.application_folder import STAMP_RECORD
from sjs_forms.domain.stamp_record import SealedAnswers, StampedForm, record_bytes
from tests.batches import applicants
from tests.samples import write_pdf

PLEDGE = "attachments/7-承诺书/承诺书（盖章扫描）.pdf"
CODES = "911101087000000016", "91110107MAYYYYY553"


def person(name: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    return {**applicants(1)[0], "applicant": {"name": name, "uscc": code}, **more}


def rows(place: Path, *people: dict[str, Any]) -> tuple[SourceRow, ...]:
    source = place / "名单.json"
    source.write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")
    return filed(read_sources([source], place / "成册"), {})[0]


def sealed(out: Path, folder: str, name: str, code: str = "", file: str = PLEDGE) -> Path:
    """A folder with a scan, and what was printed on it."""
    place = out / OWN_SCANS / folder
    write_pdf(place / PLEDGE, mark=name)
    shown = SealedAnswers({"applicant.name": name, "applicant.uscc": code})
    record = record_bytes([StampedForm("commitment", file, "ab" * 32, shown)])
    (place / STAMP_RECORD).write_bytes(record)
    return place


def offered(made: tuple[SourceRow, ...]) -> dict[str, list[Path | None]]:
    return {row.name: [item.path for item in row.application.offered] for row in made}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "成册"


def test_a_scan_is_offered_with_the_applicant_whose_answers_it_shows(
    tmp_path: Path, out: Path
) -> None:
    place = sealed(out, "001_甲公司", "甲公司", CODES[0])
    made, strange = with_own_scans(
        rows(tmp_path, person("甲公司", CODES[0]), person("乙公司", CODES[1])), out
    )
    assert offered(made) == {"甲公司": [place / PLEDGE], "乙公司": []}
    assert strange == ()


def test_a_number_that_was_given_to_another_takes_no_scan_along(tmp_path: Path, out: Path) -> None:
    place = sealed(out, "001_甲公司", "甲公司", CODES[0])
    made, _ = with_own_scans(
        rows(tmp_path, person("乙公司", CODES[1]), person("甲公司", CODES[0])), out
    )
    assert made[0].filed == "001"
    assert offered(made) == {"乙公司": [], "甲公司": [place / PLEDGE]}


def test_a_scan_that_may_be_of_either_of_two_is_nobodys(tmp_path: Path, out: Path) -> None:
    sealed(out, "007_甲公司", "甲公司")
    made, strange = with_own_scans(rows(tmp_path, person("甲公司"), person("甲公司")), out)
    assert [row.application.offered for row in made] == [(), ()]
    assert strange == (f"{OWN_SCANS}/007_甲公司",)


def test_scans_without_their_record_are_told(tmp_path: Path, out: Path) -> None:
    (sealed(out, "001_甲公司", "甲公司") / STAMP_RECORD).unlink()
    _, strange = with_own_scans(rows(tmp_path, person("甲公司")), out)
    assert strange == (f"{OWN_SCANS}/001_甲公司",)


def test_who_has_another_code_is_another(tmp_path: Path, out: Path) -> None:
    sealed(out, "001_甲公司", "甲公司", CODES[0])
    made, strange = with_own_scans(rows(tmp_path, person("甲公司", CODES[1])), out)
    assert offered(made) == {"甲公司": []}
    assert strange == (f"{OWN_SCANS}/001_甲公司",)


def test_a_record_that_cannot_be_read_offers_nothing(tmp_path: Path, out: Path) -> None:
    (sealed(out, "001_甲公司", "甲公司") / STAMP_RECORD).write_text("[1", encoding="utf-8")
    made, strange = with_own_scans(rows(tmp_path, person("甲公司")), out)
    assert offered(made) == {"甲公司": []} and strange


@pytest.mark.parametrize("file", ["../../../外.pdf", "/etc/hostname"])
def test_a_record_leads_to_no_file_outside(tmp_path: Path, out: Path, file: str) -> None:
    write_pdf(tmp_path / "外.pdf")
    sealed(out, "001_甲公司", "甲公司", file=file)
    made, _ = with_own_scans(rows(tmp_path, person("甲公司")), out)
    assert offered(made) == {"甲公司": []}


def test_a_scan_that_the_applicant_offers_himself_stays_and_the_other_is_named(
    tmp_path: Path, out: Path
) -> None:
    sealed(out, "001_甲公司", "甲公司")
    own = write_pdf(tmp_path / "承诺书.pdf")
    listed = [{"material": "commitment", "file": own.name}]
    made, _ = with_own_scans(rows(tmp_path, person("甲公司", attachments=listed)), out)
    assert offered(made) == {"甲公司": [own]}
    assert [found.code for found in made[0].application.findings] == ["scan-unused"]
