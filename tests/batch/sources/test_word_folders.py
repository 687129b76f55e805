"""Folders that hold only filled Word forms are applications too, and are never written into."""

import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest

from sjs_forms.base.findings.finding import blocking
from sjs_forms.base.progress import quiet
from sjs_forms.batch.batch_run import BatchOptions, batch
from sjs_forms.batch.execution.task import Task
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.sources.combined_sources import read_sources
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.jobs.options import PLAIN
from sjs_forms.jobs.pipeline import check_folder, fill_folder
from tests.batches import Desk, applicants
from tests.samples import put, write_application, write_pdf

FORM, PLEDGE = "附4-1_申报书.docx", "附4-2_承诺书.docx"
LEASE = "attachments/2-场地租赁合同/租赁合同.pdf"


def word_folder(place: Path, answers: dict[str, Any], *names: str) -> Path:
    """A folder with the filled Word forms of these names, and nothing else."""
    made = place.parent / f".{place.name}"
    fill_folder(read_folder(write_application(made / "申报", answers)), made / "表格", quiet)
    place.mkdir(parents=True)
    for name in names or (FORM, PLEDGE):
        (place / name).write_bytes((made / "表格" / name).read_bytes())
    return place


def change(path: Path, old: str, new: str) -> None:
    """Type other text into a Word form."""
    document = docx.Document(io.BytesIO(path.read_bytes()))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    every = [*document.paragraphs, *(each for cell in cells for each in cell.paragraphs)]
    found = [each for each in every if old in each.text]
    assert found, old
    for paragraph in found:
        text = paragraph.text.replace(old, new)
        for run in paragraph.runs[1:]:
            run.text = ""
        paragraph.runs[0].text = text
    document.save(str(path))


def the_row(place: Path) -> SourceRow:
    (row,) = read_sources([place], place.parent / "成册")
    return row


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (answers,) = applicants(1)
    folder = word_folder(tmp_path / "各单位" / "甲", answers)
    write_pdf(folder / LEASE)
    return tmp_path / "各单位"


def test_the_answers_of_the_forms_and_the_files_beside_them_make_the_application(
    source: Path,
) -> None:
    row = the_row(source)
    (answers,) = applicants(1)
    assert row.name == "样例单位1" and row.application.application is not None
    read = json.loads(row.application.application.model_dump_json(exclude_none=True))
    assert read["founders"] == answers["founders"] and read["contact"] == answers["contact"]
    assert [item.file for item in row.application.offered] == [LEASE]
    assert row.application.findings == ()


def test_a_batch_builds_it_and_writes_nothing_beside_the_forms(
    source: Path, tmp_path: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in source.rglob("*")}
    taken: list[Task] = []
    done = batch(
        source,
        tmp_path / "成册",
        BatchOptions(PLAIN, Desk(taken.append)),
        lambda *_: None,
        lambda: False,
    )
    assert not done.failed and taken[0].out.name == "001_样例单位1"
    assert {path: path.stat().st_mtime_ns for path in source.rglob("*")} == before


def test_its_own_forms_are_no_papers_that_differ_from_it(source: Path) -> None:
    codes = {found.code for found in check_folder(the_row(source).application)}
    assert not codes & {"word-differs", "attachment-unlisted"}


def test_what_import_would_doubt_is_told_in_the_words_of_the_form(source: Path) -> None:
    document = docx.Document(str(source / "甲" / FORM))
    document.add_paragraph("另：场地下月交付使用。")
    document.save(str(source / "甲" / FORM))
    row = the_row(source)
    (told,) = [row.at_its_source(found) for found in row.application.findings]
    assert told.code == "word-unplaced" and "场地下月交付使用" in told.message
    assert "请在 Word 表格中写上" in told.remedy


def test_an_answer_that_cannot_be_understood_blocks(tmp_path: Path) -> None:
    answers = put(applicants(1)[0], "platform.accredited_on", "2025-03-01")
    folder = word_folder(tmp_path / "各单位" / "甲", answers)
    change(folder / FORM, "2025年3月1日", "二〇二五年春天")
    row = the_row(tmp_path / "各单位")
    (found,) = blocking(row.application.findings)
    assert found.code == "word-unread" and "二〇二五年春天" in found.message
    assert row.at_its_source(found).remedy == "请改正 Word 表格的“资质认定时间”。"


def test_of_two_copies_of_one_form_none_is_chosen(source: Path) -> None:
    copy = source / "甲" / "申报书（修改稿）.docx"
    copy.write_bytes((source / "甲" / FORM).read_bytes())
    row = the_row(source)
    (found,) = row.application.findings
    assert found.code == "word-forms-unusable" and copy.name in found.message


def test_other_documents_are_named_and_do_not_disturb(source: Path) -> None:
    note = docx.Document()
    note.add_paragraph("会议纪要")
    note.save(str(source / "甲" / "纪要.docx"))
    (source / "甲" / "坏.docx").write_bytes(b"PK\x03\x04")
    row = the_row(source)
    assert row.application.application is not None
    assert {found.code for found in row.application.findings} == {
        "attachment-unlisted",
        "word-unreadable",
    }


def test_a_folder_with_other_documents_only_is_no_application(source: Path) -> None:
    other = source / "乙"
    other.mkdir()
    note = docx.Document()
    note.add_paragraph("会议纪要")
    note.save(str(other / "纪要.docx"))
    rows = read_sources([source], source.parent / "成册")
    codes = {row.name: [found.code for found in row.application.findings] for row in rows}
    assert codes["乙"] == ["application-missing"]


def test_answers_in_application_json_take_precedence(source: Path) -> None:
    write_application(source / "甲", put(applicants(1)[0], "contact.phone", "010-87654321"))
    row = the_row(source)
    assert row.application.word_forms == () and row.application.called == "application.json"


def test_a_form_that_cannot_be_read_is_told_and_not_called_missing(tmp_path: Path) -> None:
    (answers,) = applicants(1)
    folder = word_folder(tmp_path / "各单位" / "甲", answers)
    (folder / PLEDGE).write_bytes((folder / PLEDGE).read_bytes()[:2000])
    wrong = blocking(the_row(tmp_path / "各单位").application.findings)
    assert [(found.code, found.where) for found in wrong] == [("word-forms-unusable", PLEDGE)]
    (folder / FORM).write_bytes((folder / FORM).read_bytes()[:2000])
    wrong = blocking(the_row(tmp_path / "各单位").application.findings)
    assert {found.where for found in wrong} == {FORM, PLEDGE}
    assert "application.json" not in "".join(found.remedy for found in wrong)
