"""What `fill` prints is read back as it was."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings

from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.word_filling import fill_word
from sjs_forms.word_import.answer_differences import differences
from sjs_forms.word_import.ooxml import read_word
from tests.samples import Application
from tests.word_import.conftest import (
    FORMS,
    PROGRAMME,
    answers_in,
    applications,
    filled,
    read_back,
    template,
    transcript_of,
    without_strokes,
)


@settings(max_examples=40)
@given(answers=applications)
def test_what_was_filled_is_read_back_as_it_would_be_printed(answers: dict[str, Any]) -> None:
    application = without_strokes(Application.model_validate(answers))
    again, transcript = read_back(Application.model_validate(answers))
    assert form_context(PROGRAMME, again) == form_context(PROGRAMME, application)
    assert transcript.unplaced == ()
    assert differences(application, transcript) == ()


@settings(max_examples=6)
@given(answers=applications)
def test_the_same_holds_for_the_files_themselves(answers: dict[str, Any]) -> None:
    context = form_context(PROGRAMME, Application.model_validate(answers))
    files = [read_word(BytesIO(fill_word(PROGRAMME, form, context))) for form in FORMS]
    assert [file.blocks for file in files] == [filled(form, context).blocks for form in FORMS]
    expected = form_context(PROGRAMME, without_strokes(Application.model_validate(answers)))
    assert form_context(PROGRAMME, answers_in(transcript_of(*files))) == expected


@pytest.mark.parametrize("text", ["无", "/", "——", "____", "同上", "（同上）"])
def test_a_stroke_or_a_pointer_is_no_answer_and_is_told(text: str) -> None:
    founders = [{"name": "甲公司", "address": "样例街1号"}, {"name": text, "address": text}]
    again, transcript = read_back(Application.model_validate({"founders": founders}))
    assert [founder.name for founder in again.founders] == ["甲公司"]
    told = [found.where for found in transcript.findings if text in found.message]
    assert told == ["founders[1].name", "founders[1].address"]


def test_a_form_quoted_within_the_answers_of_another_is_not_taken_for_a_form() -> None:
    pledge = [line for block in template("commitment").blocks for line in block.lines]
    answers = {
        "contact": {"name": pledge[0], "phone": pledge[1], "email": "我公司"},
        "platform": {"construction": "\n".join(pledge)},
        "founders": [{"name": text[:200]} for text in pledge[3:6]],
        "opinion": "\n".join(pledge),
    }
    application = Application.model_validate(answers)
    again, _ = read_back(application)
    assert form_context(PROGRAMME, again) == form_context(PROGRAMME, application)
