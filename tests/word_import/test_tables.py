"""Tables whose row is repeated are read back from Word, however many rows there are."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sjs_forms.base.resources import NOTICES_VARIABLE
from sjs_forms.base.usual_characters import usual_characters
from sjs_forms.domain.answers.no_answer_words import no_answer
from sjs_forms.domain.answers.summary_rows import is_summary
from sjs_forms.domain.application import application_model
from sjs_forms.domain.fields.entries import Entry
from sjs_forms.domain.fields.line import printed_line
from sjs_forms.domain.fields.phone import PhoneKind
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.programme import Programme
from sjs_forms.intake import office
from sjs_forms.jobs.notices.notice_jobs import check_notice
from sjs_forms.jobs.word_forms.form_import import import_forms
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.word_filling import fill_word
from sjs_forms.word_import.answer_differences import differences
from sjs_forms.word_import.merged_answers import merged
from sjs_forms.word_import.ooxml import read_word
from sjs_forms.word_import.transcript import Transcript, read_document, transcribe
from sjs_forms.word_import.word_files import patterns
from tests.table_notice import DEVICES, ID, STAFF, add_row, make_notice
from tests.word_import.conftest import HOSTILE, days

FORM = "application-form"
DEVICE_TABLE, STAFF_TABLE = 1, 2
"""Which tables of the document they are, from 0."""


@pytest.fixture(scope="module", autouse=True)
def notice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = make_notice(tmp_path_factory.mktemp("通知"))
        patch.setenv(NOTICES_VARIABLE, str(folder.parent))
        yield folder


def the_notice() -> Programme:
    return load_programme(ID)


def application(**answers: Any) -> Any:
    return application_model(the_notice()).model_validate(answers)


def word_of(answers: Any, change: Callable[[Any], None] | None = None) -> bytes:
    filled = fill_word(the_notice(), FORM, form_context(the_notice(), answers))
    if change is None:
        return filled
    document, changed = Document(BytesIO(filled)), BytesIO()
    change(document)
    document.save(changed)
    return changed.getvalue()


def read(word: bytes) -> Transcript:
    notice = the_notice()
    document = read_document(patterns(notice), "表.docx", read_word(BytesIO(word)), ())
    return transcribe(notice, [document])


def answers_in(transcript: Transcript) -> Any:
    return application(**merged({}, transcript.values))


def devices(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "price": number} for number, name in enumerate(names, start=1)]


def names_in(transcript: Transcript) -> list[str | None]:
    return [row["name"] for row in transcript.values["equipment",]]


LABELS = [*DEVICES, *STAFF, "合计", "存放地址", "一、设备清单", "二、人员名单", "单位意见"]
words = st.sampled_from([*LABELS, *HOSTILE]) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=12
)
lines = (st.none() | words | st.lists(words, max_size=3).map("".join)).map(
    lambda text: usual_characters(text)[:200] if text else text
)
texts = st.none() | st.lists(words, max_size=3).map("\n".join).map(usual_characters)
device_rows = st.fixed_dictionaries(
    {
        "name": lines,
        "way": st.sampled_from([None, "rent", "buy"]),
        "uses": st.sets(st.sampled_from(["train", "infer"])).map(sorted),
        "bought_on": days,
        "price": st.none() | st.floats(1e-9, 1e7) | st.integers(1, 10_000_000),
        "remark": texts,
    }
)
staff_rows = st.fixed_dictionaries({"name": lines, "phone": lines})
applications = st.fixed_dictionaries(
    {
        "applicant": st.fixed_dictionaries({"name": lines, "uscc": st.none()}),
        "project": st.fixed_dictionaries({"address": lines}),
        "equipment": st.integers(0, 30).flatmap(
            lambda count: st.lists(device_rows, min_size=count, max_size=count)
        ),
        "staff": st.lists(staff_rows, max_size=6),
        "opinion": texts,
    }
)


def as_read(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers as they come back: lines that say 无 are none, and blank rows are no rows."""
    made = application(**answers).model_dump(mode="json", exclude={"programme", "attachments"})
    for holder in (made["applicant"], made["project"], *made["equipment"], *made["staff"]):
        for key, value in holder.items():
            if key == "phone" and value:
                holder[key] = value = PhoneKind().read(Entry(printed_line(value))).value
            is_line = key in ("name", "phone", "address")
            if is_line and value and no_answer(printed_line(value)):
                holder[key] = None
    for table in ("equipment", "staff"):
        made[table] = [row for row in made[table] if any(row.values())]
    return made


def is_about_others(row: dict[str, Any]) -> bool:
    return is_summary(str(value) for value in row.values() if value and value != [])


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(answers=applications)
def test_what_was_filled_is_read_back_as_it_would_be_printed(answers: dict[str, Any]) -> None:
    answers["staff"] = [row for row in answers["staff"] if not is_about_others(row)]
    expected = application(**as_read(answers))
    transcript = read(word_of(application(**answers)))
    again = answers_in(transcript)
    assert form_context(the_notice(), again) == form_context(the_notice(), expected)
    assert transcript.unplaced == ()
    assert differences(expected, transcript) == ()


def test_the_notice_has_no_problems(notice: Path) -> None:
    assert check_notice(notice) == ()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 50])
def test_as_many_rows_are_read_as_there_are(count: int) -> None:
    rows = devices(*(f"设备{number}" for number in range(count)))
    transcript = read(word_of(application(equipment=rows)))
    assert names_in(transcript) == [row["name"] for row in rows]
    assert transcript.findings == ()


def test_an_empty_form_prints_the_rows_that_are_filled_by_hand() -> None:
    document = Document(BytesIO(word_of(application())))
    assert [len(table.rows) for table in document.tables] == [1, 2, 4, 1]
    assert read(word_of(application())).values["staff",] == []


def told(transcript: Transcript) -> list[tuple[str, str, str]]:
    return [(found.code, found.where, found.message) for found in transcript.findings]


def test_rows_that_were_added_and_removed_in_word_are_read() -> None:
    def edit(document: Any) -> None:
        table = document.tables[DEVICE_TABLE]
        first = table.rows[1]._tr
        first.addnext(deepcopy(table.rows[2]._tr))
        table.rows[2].cells[1].text = "新设备"
        table._tbl.remove(table.rows[4]._tr)

    transcript = read(word_of(application(equipment=devices("甲", "乙", "丙")), edit))
    assert names_in(transcript) == ["甲", "新设备", "乙"]
    assert [where for _, where, _ in told(transcript)] == [""]  # the total is no longer right


def test_a_row_of_totals_that_was_removed_or_added_is_no_row() -> None:
    def without(document: Any) -> None:
        table = document.tables[DEVICE_TABLE]
        table._tbl.remove(table.rows[-1]._tr)

    def with_another(document: Any) -> None:
        table = document.tables[DEVICE_TABLE]
        add_row(table, ["", "小计", "", "", "", "3", ""])
        table.rows[-2]._tr.addprevious(table.rows[-1]._tr)

    answers = application(equipment=devices("甲", "乙"))
    transcript = read(word_of(answers, without))
    assert names_in(transcript) == ["甲", "乙"]
    assert [code for code, *_ in told(transcript)] == ["word-wording-changed"]
    transcript = read(word_of(answers, with_another))
    assert names_in(transcript) == ["甲", "乙"]
    ((code, _, message),) = told(transcript)
    assert (code, transcript.unplaced[0].text) == ("word-unplaced", "小计\n3")
    assert "第 2 个表格第 4 行第 2 格起 2 处“设备清单”" in message


def test_a_total_that_does_not_fit_the_rows_is_told() -> None:
    def edit(document: Any) -> None:
        document.tables[DEVICE_TABLE].rows[-1].cells[5].text = "30万元"

    transcript = read(word_of(application(equipment=devices("甲", "乙")), edit))
    ((code, _, message),) = told(transcript)
    assert code == "word-unsure"
    assert "“设备金额合计”" in message
    assert "“30”" in message
    assert "“3”" in message


def test_what_is_not_understood_in_a_row_is_told_at_its_place() -> None:
    def edit(document: Any) -> None:
        document.tables[DEVICE_TABLE].rows[2].cells[5].text = "约2000万元"
        document.tables[DEVICE_TABLE].rows[1].cells[4].text = "25年3月1日"

    transcript = read(word_of(application(equipment=devices("甲", "乙")), edit))
    assert names_in(transcript) == ["甲", "乙"]
    assert transcript.failed == {("equipment", 1, "price"): "约2000"}
    assert [(code, where) for code, where, _ in told(transcript)] == [
        ("word-unsure", "equipment[0].bought_on"),
        ("word-unplaced", "equipment[1].price"),
    ]
    assert "第 2 个表格第 3 行第 6 格“设备2金额（万元）”" in told(transcript)[1][2]


def test_a_cell_merged_with_the_one_above_holds_for_both_rows_and_is_told() -> None:
    def edit(document: Any) -> None:
        table = document.tables[DEVICE_TABLE]
        table.rows[2].cells[4].text = ""
        table.rows[1].cells[4].merge(table.rows[2].cells[4])

    rows = devices("甲", "乙", "丙")
    rows[0]["bought_on"] = "2025-03-01"
    transcript = read(word_of(application(equipment=rows), edit))
    days = [row["bought_on"] for row in transcript.values["equipment",]]
    assert days == ["2025-03-01", "2025-03-01", None]
    ((code, where, message),) = told(transcript)
    assert (code, where) == ("word-unsure", "equipment[1].bought_on")
    assert "合并" in message


def test_a_row_with_other_cells_than_the_form_has_is_told_and_not_guessed() -> None:
    def edit(document: Any) -> None:
        row = document.tables[DEVICE_TABLE].rows[1]
        row._tr.remove(row.cells[0]._tc)

    transcript = read(word_of(application(equipment=devices("甲", "乙")), edit))
    assert "乙" in names_in(transcript)
    assert any("甲" in message for _, _, message in told(transcript))


def test_rows_beyond_the_most_are_told_and_not_read() -> None:
    def edit(document: Any) -> None:
        for number in range(21):
            table = document.tables[STAFF_TABLE]
            add_row(table, [f"人员{number}", ""])
            table.rows[-2]._tr.addprevious(table.rows[-1]._tr)

    transcript = read(word_of(application(), edit))
    assert len(transcript.values["staff",]) == 20
    ((code, _, message),) = told(transcript)
    assert code == "word-unplaced"
    assert "人员20" in message


def test_a_table_whose_header_was_removed_is_told() -> None:
    def edit(document: Any) -> None:
        table = document.tables[DEVICE_TABLE]
        table._tbl.remove(table.rows[0]._tr)

    transcript = read(word_of(application(equipment=devices("甲")), edit))
    assert ("equipment",) not in transcript.values
    assert any("没有读入：" in text and "设备清单" in text for _, _, text in told(transcript))
    assert any("甲" in left.text for left in transcript.unplaced)


def test_a_form_that_libreoffice_has_saved_is_read_back(tmp_path: Path) -> None:
    if office.soffice() is None:
        pytest.skip("LibreOffice is not installed")
    rows = devices("甲", "合计", "金额（万元）")
    rows[1] |= {"remark": "一\n二", "uses": ["infer"], "way": "buy", "bought_on": "2025-03-01"}
    answers = application(applicant={"name": "某单位"}, equipment=rows, staff=[{"name": "周禾"}])
    path = tmp_path / "表.docx"
    path.write_bytes(word_of(answers))
    limits = the_notice().intake
    (saved,) = office.convert(
        office.convert([path], tmp_path, limits, "odt"), tmp_path, limits, "docx"
    )
    again = read(saved.read_bytes())
    assert differences(answers, again) == ()
    assert again.findings == ()


def folder_with(holder: Path, **answers: Any) -> Path:
    (holder / "application.json").write_text(json.dumps({"programme": ID, **answers}), "utf-8")
    return holder


def written(holder: Path) -> Any:
    return json.loads((holder / "application.json").read_text("utf-8"))


def test_an_import_takes_a_table_as_one_answer(tmp_path: Path) -> None:
    word = tmp_path / "表.docx"
    word.write_bytes(word_of(application(equipment=devices("甲", "乙"))))
    holder = folder_with(tmp_path, equipment=[])
    assert import_forms([word], holder).answers == 1
    assert [row["name"] for row in written(holder)["equipment"]] == ["甲", "乙"]
    assert import_forms([word], holder).findings == ()


def test_a_table_that_differs_is_taken_only_where_that_is_asked_for(tmp_path: Path) -> None:
    word = tmp_path / "表.docx"
    word.write_bytes(word_of(application(equipment=devices("甲", "乙"))))
    holder = folder_with(tmp_path, equipment=[*devices("甲"), {"name": "丙"}, {"name": "丁"}])
    done = import_forms([word], holder)
    assert (done.written, [each.code for each in done.findings]) == (False, ["word-conflict"])
    assert "共 3 行；第 2 行 丙；第 3 行 丁" in done.findings[0].message
    assert "共 2 行；第 2 行 乙、2" in done.findings[0].message
    done = import_forms([word], holder, force=True)
    assert [row["name"] for row in written(holder)["equipment"]] == ["甲", "乙"]
    assert done.backup


def test_a_blank_table_in_word_removes_no_rows(tmp_path: Path) -> None:
    word = tmp_path / "表.docx"
    word.write_bytes(word_of(application()))
    holder = folder_with(tmp_path, equipment=devices("甲"))
    done = import_forms([word], holder, force=True)
    assert [each.code for each in done.findings] == ["word-blank"]
    assert written(holder)["equipment"] == devices("甲")
