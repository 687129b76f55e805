"""A new folder: what is in it, and that nothing in it is taken for the applicant's own."""

import json
from pathlib import Path

import docx
import pytest

from sjs_forms.base.errors import Refused
from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.folder.files_outside_attachments import GUIDE_FILE
from sjs_forms.domain.places import where
from sjs_forms.jobs.new_folder import make_folder
from sjs_forms.jobs.pipeline import check, fill
from sjs_forms.jobs.word_forms.form_import import import_forms
from tests.samples import SAMPLE, Answers, codes, put, sample_answers, the_programme

FORMS = [f"{form.stem}.docx" for form in the_programme().forms]


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """An application as `new` makes it."""
    folder = tmp_path / "我的申报"
    make_folder(folder)
    return folder


def answers_of(folder: Path) -> Answers:
    answers: Answers = json.loads((folder / "application.json").read_text(encoding="utf-8"))
    return answers


def begin(folder: Path) -> None:
    """Fill in one answer of application.json."""
    answers = put(answers_of(folder), "contact.name", "周禾")
    text = json.dumps(answers, ensure_ascii=False)
    (folder / "application.json").write_text(text, encoding="utf-8")


def text_of(document: Path) -> str:
    read = docx.Document(str(document))
    cells = (cell.text for table in read.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(paragraph.text for paragraph in read.paragraphs), *cells))


def test_its_blank_forms_are_what_fill_makes_of_an_empty_application(new: Path) -> None:
    assert codes(fill(new, new / "表格")) == ["forms-blank"]
    for name in FORMS:
        assert (new / "表格" / name).read_bytes() == (new / name).read_bytes()
        assert (new / "表格" / name).with_suffix(".pdf").is_file()


def test_it_is_the_same_to_the_byte_each_time(new: Path, tmp_path: Path) -> None:
    make_folder(tmp_path / "又一份")
    for name in (*FORMS, GUIDE_FILE, "application.json"):
        assert (tmp_path / "又一份" / name).read_bytes() == (new / name).read_bytes(), name


def test_the_guide_names_every_answer_every_material_and_the_forms(new: Path) -> None:
    said = text_of(new / GUIDE_FILE)
    for answer in the_programme().fields.answers():
        if not any(isinstance(step, int) and step for step in answer.place):
            assert answer.label in said and where(answer.place) in said, answer.place
            if isinstance(answer.kind, ChoiceKind):
                assert all(choice.label in said for choice in answer.kind.choices)
    for material in the_programme().materials:
        assert material.title in said
    assert all(name in said for name in FORMS)


def test_forms_of_which_something_is_answered_need_what_is_required(new: Path) -> None:
    begin(new)
    with pytest.raises(Refused) as refused:
        fill(new, new / "表格")
    assert "required-missing" in codes(refused.value.findings)


def test_no_finding_is_about_the_guide_or_blank_forms_however_much_is_filled_in(new: Path) -> None:
    for _ in range(2):
        assert not [found for found in check(new) if ".docx" in f"{found.where}{found.message}"]
        begin(new)


def test_a_blank_form_that_is_partly_filled_is_noticed(new: Path) -> None:
    form = docx.Document(str(new / FORMS[0]))
    cells = (cell for row in form.tables[1].rows for cell in row.cells)
    next(cell for cell in cells if not cell.text).paragraphs[0].add_run("周禾")
    form.save(str(new / FORMS[0]))
    assert [found.code for found in check(new) if found.where == FORMS[0]] == ["word-differs"]


def test_a_blank_form_given_for_a_scan_is_noticed(new: Path) -> None:
    begin(new)
    scan = new / "attachments" / "1-申报书" / FORMS[0]
    scan.write_bytes((new / FORMS[0]).read_bytes())
    assert "word-differs" in codes(check(new))


def test_forms_imported_to_a_new_place_make_a_whole_folder(new: Path) -> None:
    fill(SAMPLE, new / "表格")
    made = new.parent / "读回"
    done = import_forms([new / "表格" / name for name in FORMS], made)
    assert done.file == made / "application.json"
    names = {path.relative_to(new) for path in new.rglob("*")}
    expected = {name for name in names if name.parts[0] not in ("表格", *FORMS)}
    assert {path.relative_to(made) for path in made.rglob("*")} == expected
    complete = sample_answers()
    del complete["attachments"]
    assert answers_of(made) == complete


def test_forms_imported_beside_other_files_write_the_answers_alone(new: Path) -> None:
    fill(SAMPLE, new / "表格")
    made = new.parent / "读回"
    made.mkdir()
    (made / "记录.txt").write_text("别动", encoding="utf-8")
    import_forms([new / "表格" / name for name in FORMS], made)
    assert sorted(path.name for path in made.iterdir()) == ["application.json", "记录.txt"]
