"""What is built for this year's notice is built for another, without a line of Python for it."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from sjs_forms.base.findings.finding import blocking
from sjs_forms.base.manifest import Manifest
from sjs_forms.base.progress import Progress
from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.batch.batch_run import BatchOptions, batch
from sjs_forms.batch.builds_inspection import inspect
from sjs_forms.batch.roster import read_roster, write_roster
from sjs_forms.batch.roster.columns import Column, columns_of, tables_of
from sjs_forms.batch.roster.roster_writing import FIRST_ROW, HEADER_ROW
from sjs_forms.domain.application import application_model
from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choices import YES
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.json_text.application_json import read_answers
from sjs_forms.domain.places import written_at
from sjs_forms.jobs.notices.notice_jobs import check_notice
from sjs_forms.jobs.options import PLAIN, Options
from sjs_forms.jobs.pipeline import build, check, fill
from sjs_forms.jobs.signed_scans.scan_recognition import ScanOptions
from sjs_forms.jobs.signed_scans.stamped_scans import file_stamped_scans
from sjs_forms.jobs.word_forms.form_import import diff_forms, import_forms
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.word_filling import fill_word
from sjs_forms.word_import.merged_answers import merged
from sjs_forms.word_import.ooxml import read_word
from sjs_forms.word_import.transcript import read_document, transcribe
from sjs_forms.word_import.word_files import patterns
from tests.batches import Here
from tests.drawn_answers import answers_to
from tests.samples import FIXTURES
from tests.scanner import Scan, as_pdf, drawn_pages, scanned

NOTICES = {"sjs-platform-2025": "sample", "computing-power-2026": "computing-power"}
"""The application in fixtures/ to each notice."""
COPIES = {"sjs-platform-2025": 6, "computing-power-2026": 4}
CODE = "91110107MAYYYYY553"
each_notice = pytest.mark.parametrize("notice", NOTICES)


@pytest.fixture(autouse=True, scope="module")
def both_notices() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(NOTICES_VARIABLE, str(FIXTURES / "notices"))
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A volume for each notice."""
    outs = {}
    for notice, name in NOTICES.items():
        outs[notice] = tmp_path_factory.mktemp("成册") / notice
        build(FIXTURES / name, outs[notice])
    return outs


@pytest.fixture
def folder(notice: str, tmp_path: Path) -> Path:
    """A copy of the application to a notice."""
    return Path(shutil.copytree(FIXTURES / NOTICES[notice], tmp_path / "某单位"))


def answers_of(folder: Path) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((folder / "application.json").read_text(encoding="utf-8"))
    return answers


def as_printed(answers: dict[str, Any]) -> dict[str, Any]:
    read = read_answers(json.dumps(answers).encode())
    assert read.application is not None
    return form_context(load_programme(answers["programme"]), read.application)


@each_notice
def test_a_notice_has_no_problems(notice: str) -> None:
    assert check_notice(load_programme(notice).folder) == ()


@each_notice
def test_an_application_is_built_and_verified(notice: str, built: dict[str, Path]) -> None:
    manifest = Manifest.read(built[notice])
    assert manifest.programme == notice
    assert manifest.print.copies == COPIES[notice]
    assert inspect(built[notice], Progress()).findings == ()
    forms = load_programme(notice).forms
    assert all((built[notice] / f"{form.stem}.docx").is_file() for form in forms)


def test_the_table_of_the_other_notice_is_printed_with_its_totals(built: dict[str, Path]) -> None:
    pages = pypdf.PdfReader(built["computing-power-2026"] / "附件1_算力补贴申领表.pdf").pages
    text = "".join("".join(page.extract_text() for page in pages).split())
    for said in ("分布式存储节点", "YX-S40", "机柜及配电单元", "合计17868.5"):
        assert said in text


@each_notice
def test_a_draft_has_a_page_for_each_missing_material(
    notice: str, folder: Path, tmp_path: Path
) -> None:
    answers = answers_of(folder)
    answers.pop("attachments", None)
    (folder / "application.json").write_text(json.dumps(answers), encoding="utf-8")
    shutil.rmtree(folder / "attachments")
    made = build(folder, tmp_path / "草稿", Options(draft=True))
    gaps = [material for material in load_programme(notice).materials if material.form is None]
    titles = "".join(
        page.extract_text() for page in pypdf.PdfReader(tmp_path / "草稿/装订版.pdf").pages
    )
    assert made.plan.draft
    assert titles.count("待补充") >= len(gaps)


@each_notice
def test_filled_forms_are_read_back_as_they_were(notice: str, folder: Path, tmp_path: Path) -> None:
    fill(folder, tmp_path / "表格")
    files = [tmp_path / "表格" / f"{form.stem}.docx" for form in load_programme(notice).forms]
    import_forms(files, tmp_path / "读回", notice)
    assert as_printed(answers_of(tmp_path / "读回")) == as_printed(answers_of(folder))
    assert diff_forms(folder, files)[0] == ()


@each_notice
@settings(max_examples=15)
@given(data=st.data())
def test_any_answers_are_read_back_from_word(notice: str, data: st.DataObject) -> None:
    programme = load_programme(notice)
    model = application_model(programme)
    application = model.model_validate(data.draw(answers_to(programme)))
    context = form_context(programme, application)
    known = patterns(programme)
    documents: list[Any] = []
    for form in programme.forms:
        word = read_word(BytesIO(fill_word(programme, form.id, context)))
        documents.append(read_document(known, f"{form.stem}.docx", word, documents))
    transcript = transcribe(programme, documents)
    again = model.model_validate(merged({"programme": notice}, transcript.values))
    assert form_context(programme, again) == context
    assert transcript.unplaced == ()


@each_notice
def test_signed_scans_are_recognised_and_bound(notice: str, folder: Path, tmp_path: Path) -> None:
    fill(folder, tmp_path / "表格")
    pages = [
        scanned(page, Scan(sealed=True, signed=True), seed)
        for form in load_programme(notice).forms
        for seed, page in enumerate(drawn_pages(tmp_path / "表格" / f"{form.stem}.pdf"))
    ]
    scan = as_pdf(tmp_path / "扫描.pdf", pages[::-1])
    taken = file_stamped_scans(folder, [scan], ScanOptions(), Progress())
    assert not blocking(taken.findings)
    assert "form-unstamped" not in {found.code for found in check(folder, PLAIN)}


def roster_of(path: Path, answers: Sequence[dict[str, Any]], notice: str) -> Path:
    """Applicants as the rows of a roster of the notice, tables on sheets of their own."""
    programme = load_programme(notice)
    book = load_workbook(BytesIO(write_roster(programme)))
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    main = book.worksheets[0]
    lines = dict.fromkeys(sheets, FIRST_ROW)
    for number, each in enumerate(answers, FIRST_ROW):
        put_into(main, number, columns_of(programme.fields), each)
        for table in tables_of(programme.fields):
            sheet = sheets[table.label]
            for row in written_at(each, table.place) or ():
                line = lines[table.label]
                one = {**each, str(table.place[0]): [row]}
                put_into(sheet, line, columns_of(programme.fields, table.place), one)
                lines[table.label] += 1
    book.save(path)
    return path


def put_into(sheet: Any, line: int, columns: Sequence[Column], answers: Mapping[str, Any]) -> None:
    """Write answers under the headers of their columns."""
    headers = {
        str(cell.value).removeprefix("* "): cell.column for cell in sheet[HEADER_ROW] if cell.value
    }
    for column in columns:
        value = written_at(answers, column.place)
        if column.tick:
            value = YES if column.tick.id in (value or ()) else None
        elif isinstance(column.kind, ChoiceKind) and value:
            value = column.kind.words.get(value, value)
        if value is not None and column.label in headers:
            sheet.cell(line, headers[column.label], value)


@each_notice
@settings(max_examples=8)
@given(data=st.data())
def test_any_answers_are_read_back_from_a_roster(
    notice: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    programme = load_programme(notice)
    answers = data.draw(answers_to(programme))
    answers["applicant"] = {**answers.get("applicant", {}), "name": "甲公司", "uscc": CODE}
    path = roster_of(tmp_path_factory.mktemp("名册") / "名册.xlsx", [answers], notice)
    (row,) = read_roster(path, notice)
    assert as_printed({**row.document, "programme": notice}) == as_printed(answers)


def test_a_roster_with_a_sheet_of_equipment_is_built(tmp_path: Path) -> None:
    notice = "computing-power-2026"
    answers = answers_of(FIXTURES / NOTICES[notice])
    other = {**answers, "applicant": {"name": "乙公司", "uscc": CODE}, "equipment": []}
    other["project"] = {**answers["project"], "way": "rented", "provider": "丙公司"}
    source = roster_of(tmp_path / "名册.xlsx", [answers, other], notice)
    options = BatchOptions(Options(draft=True), Here())
    done = batch(source, tmp_path / "成册", options, lambda *_: None, lambda: False)
    assert [verdict.status for verdict in done.verdicts] == ["built", "built"]
    texts = [
        "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)
        for pdf in sorted((tmp_path / "成册").glob("*/附件1_*.pdf"))
    ]
    assert ["YX-S40" in text for text in texts] == [True, False]


@each_notice
def test_a_batch_of_folders_is_built(notice: str, tmp_path: Path) -> None:
    for number in (1, 2):
        shutil.copytree(FIXTURES / NOTICES[notice], tmp_path / "多家" / f"{number}号")
    options = BatchOptions(PLAIN, Here(), fresh=False)
    done = batch(tmp_path / "多家", tmp_path / "成册", options, lambda *_: None, lambda: False)
    assert [verdict.status for verdict in done.verdicts] == ["built", "built"]
