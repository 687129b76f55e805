"""The same writing means the same in application.json, a roster, a Word form and the web page."""

import json
import re
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sjs_forms.batch.roster.cell_answers import read_cell
from sjs_forms.batch.roster.columns import Column, columns_of
from sjs_forms.batch.roster.table_files.sheets import Cell
from sjs_forms.domain.answers.answer_values import value_at
from sjs_forms.domain.answers.no_answer_words import no_answer
from sjs_forms.domain.fields.choices import ChoicesKind, read_tick
from sjs_forms.domain.fields.entries import Entry, EntryReading
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.named_choices import EMPTY_MARKS, TICKED_MARKS
from sjs_forms.domain.json_text.answer_edits import set_answer
from sjs_forms.domain.json_text.application_json import read_answers
from sjs_forms.domain.places import place_of
from sjs_forms.word_import.slot_answers import understand
from sjs_forms.word_import.text_between import Reading
from sjs_forms.word_import.tick_boxes import is_ticked
from sjs_forms.word_import.word_blocks import Spot
from tests.samples import put, the_programme

Says = tuple[Any, str]
"""An answer as it is printed, and why there is none, or "" where nothing stands in its way."""

FIELDS = the_programme().fields
LINE, TEXT, DAY = "contact.name", "remarks", "platform.accredited_on"
AREA, CODE, PHONE = "platform.total_area_sqm", "applicant.uscc", "contact.phone"
EMAIL, CHOICE, CHOICES = "contact.email", "platform.category.kind", "platform.qualifications"
LEVEL = "platform.other_qualification.level"


def asked(path: str) -> Field:
    found = FIELDS.answer_at(place_of(path))
    assert found
    return found


@cache
def column_of(place: Place) -> Column:
    return next(one for one in columns_of(FIELDS) if one.place == place and not one.tick)


def in_json(path: str, written: str) -> Says:
    """As application.json has it between quotation marks."""
    return of_document(path, json.dumps(put({}, path, written)).encode())


def on_the_page(path: str, written: str) -> Says:
    """As the web page writes what was typed."""
    return of_document(path, set_answer("{}", place_of(path), written).encode())


def of_document(path: str, document: bytes) -> Says:
    parsed = read_answers(document)
    at = [found for found in parsed.unread.findings if found.where.startswith(path)]
    refused = next((found.message for found in at if found.severity == "error"), "")
    assert parsed.application is not None
    value = value_at(parsed.application, place_of(path))
    return asked(path).kind.printed(value) if value else "", refused.rpartition("”：")[2]


def in_a_cell(path: str, written: str) -> Says:
    """As a cell of a roster has it."""
    return of_reader(path, read_cell(column_of(place_of(path)), Cell(written)))


def in_word(path: str, written: str) -> Says:
    """As it stands on a Word form, a line each."""
    reading = Reading(tuple(re.split("\r\n|\n", written)), Spot())
    return of_reader(path, understand(asked(path).kind, reading, frozenset()))


def of_reader(path: str, understood: EntryReading) -> Says:
    kind, value = asked(path).kind, understood.value
    doubt = understood.refused or kind.bounds(value)
    if kind.name == "day" and value:
        value = date.fromisoformat(value)
    said = "" if doubt or not value else kind.printed(value)
    return said, doubt.message.rpartition("”：")[2] if doubt else ""


WRITINGS = {
    DAY: ["2025-03-01", "2025.3.1", "2025年3月1日", "二〇二五年三月一日", "20250301", "25年3月1日"],
    AREA: ["3,200", "3200㎡", "2460.5平方米", "66%", "0.3万", "约2000", "3 200", "1e3", "-5"],
    CODE: ["91110107MAYYYYY12M", "91110107mayyyyy12m", "911101O7MAYYYYY12M", "1.23E+17"],
    PHONE: ["010-88880000", "13800138000", "（010）88880000转8", "010-88880000/13800138000"],
    EMAIL: ["name@example.com", "name@example"],
    LINE: ["周禾", "A. Smith", "样例大街88号A座5—7层"],
    TEXT: ["一、目标\n二、任务", "只有一段"],
    CHOICE: ["新认定", "newly_relocated", "☑新认定 □新迁入", "新认定√", "新认定、新迁入"],
    CHOICES: ["北京市重点实验室、全国重点实验室", "☑北京市重点实验室 □全国重点实验室", "某实验室"],
    LEVEL: ["国家级", "municipal", "省级", "无"],
}
"""What people write, to begin with."""
TICKS = (CHOICE, CHOICES, LEVEL)
"""On a Word form these are boxes, not writing."""
FACES = (on_the_page, in_a_cell, in_word)
STRANGE = " \u3000\u00a0\u200b\ufeff\t,，.。-—–/、;；_%万约()（）?？无和0１一年日OMm㎡√☑□×x"


def full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


@st.composite
def writings(draw: st.DrawFn) -> tuple[str, str]:
    """A place and a writing there, as a person varies or mistypes it."""
    path = draw(st.sampled_from(list(WRITINGS)))
    text = draw(st.sampled_from(WRITINGS[path]))
    strange = f"{STRANGE}\n" if path in (LINE, TEXT) else STRANGE
    if draw(st.booleans()):
        text = full_width(text)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(strange)) + text[at + draw(st.integers(0, 1)) :]
    return path, text


@settings(max_examples=300, deadline=None)
@given(writings())
@example((DAY, "2025 03 01"))
@example((DAY, "2 0250301"))
@example((AREA, "32 00"))
@example((AREA, "3１200"))
@example((EMAIL, "ｎａｍｅ＠example.com"))
@example((CODE, "1.23E+17"))
@example((LINE, "周\n禾"))
@example((CHOICES, "北京市重点实验室和全国重点实验室"))
@example((CHOICES, "无"))
@example((LEVEL, "无"))
def test_the_same_writing_is_the_same_answer_or_the_same_doubt_everywhere(
    said: tuple[str, str],
) -> None:
    path, text = said
    assume(no_answer(text) is None or path in TICKS)  # a Word form says so otherwise
    expected = in_json(path, text)
    for face in FACES:
        if face is not in_word or path not in TICKS:
            assert face(path, text) == expected, face.__name__


@pytest.mark.parametrize("mark", [*TICKED_MARKS, *EMPTY_MARKS])
def test_a_tick_mark_is_the_same_in_a_text_a_column_and_on_a_word_form(mark: str) -> None:
    kind = asked(CHOICES).kind
    assert isinstance(kind, ChoicesKind)
    expected = [kind.choices[0].id] if mark in TICKED_MARKS else []
    assert read_tick(kind.choices[0], Entry(mark), "").value == expected
    assert is_ticked(mark) is bool(expected)
    said = f"{mark}{kind.choices[0].label}"
    assert kind.read(Entry(said)).value == expected
