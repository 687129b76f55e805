"""Answers are set by place in the text of application.json."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.answers.answer_schema import json_schema
from sjs_forms.domain.json_text.answer_edits import BadPlace, kind_of, remove_item, set_answer
from sjs_forms.domain.json_text.application_json import read_answers
from sjs_forms.domain.json_text.json_edits import span_of
from sjs_forms.domain.places import place_of, where
from tests.samples import SAMPLE, steps_of, the_programme

TEXT = (SAMPLE / "application.json").read_text(encoding="utf-8")


def leaves(schema: Any, here: str = "") -> list[str]:
    """The path of every answer that the schema knows, items of lists at 0."""
    for known in schema.get("anyOf", [schema]):
        if "properties" in known:
            return [
                path
                for key, rule in known["properties"].items()
                for path in leaves(rule, f"{here}.{key}" if here else key)
            ]
        if known.get("type") == "array" and "properties" in known["items"]:
            return leaves(known["items"], f"{here}[0]")
    return [here]


FIELDS = the_programme().fields
PLACES = leaves(json_schema(FIELDS))
TYPED = st.text(max_size=20) | st.sampled_from(
    ["", "3200", "1200.5", "约2000", "3,200", "2025-03-01", "明天", "1e999", "NaN", "-0", "新认定"]
)


def at(text: str, path: str) -> Any:
    value = json.loads(text)
    for step in steps_of(path):
        value = value[step]
    return value


@pytest.mark.parametrize("path", PLACES)
def test_every_place_of_the_schema_is_known_and_written_as_it_is_read(path: str) -> None:
    assert kind_of(FIELDS, steps_of(path)) in ("text", "number", "choices", "flag")
    assert place_of(path) == steps_of(path)
    assert where(steps_of(path)) == path


@given(st.sampled_from(PLACES), TYPED)
def test_what_was_typed_stands_at_its_place_and_no_other_character_changes(
    path: str, typed: str
) -> None:
    place = steps_of(path)
    changed = set_answer(TEXT, place, typed)
    changed.encode("utf-8")
    before, after = span_of(TEXT, place), span_of(changed, place)
    if before is not None:
        assert after is not None
        assert changed[: before.start] == TEXT[: before.start]
        assert changed[after.end :] == TEXT[before.end :]
    elif after is None:
        assert changed == TEXT
    if after is not None:
        value = at(changed, path)
        if isinstance(value, str):
            assert value == typed
        elif value is None:
            assert typed == ""
        elif isinstance(value, list):
            assert all(part in typed for part in value)
        else:
            assert float(typed) == value
    parsed = read_answers(changed.encode())
    assert parsed.application is not None
    assert all(found.where.startswith(path) for found in parsed.unread.findings)


@given(st.lists(st.tuples(st.sampled_from(PLACES), TYPED), max_size=8))
def test_an_application_can_be_typed_from_nothing(edits: list[tuple[str, str]]) -> None:
    text, last = "{}", {}
    for path, typed in edits:
        if path.startswith("attachments"):
            continue
        text = set_answer(text, steps_of(path), typed)
        last[path] = typed
    for path, typed in last.items():
        if typed and kind_of(FIELDS, steps_of(path)) == "text":
            assert at(text, path) == typed
    assert read_answers(text.encode()).application is not None


@pytest.mark.parametrize(
    "path",
    [
        "applicant", "founders", "founders[0]", "founders[3].name", "founders.name", "x",
        "applicant.x", "applicant[0]", "remarks.x", "platform.qualifications[4]", "attachments",
        "attachments[99].title", "founders[0][0].name", "platform.category",
    ],
)  # fmt: skip
def test_what_is_no_place_of_an_answer_is_refused(path: str) -> None:
    with pytest.raises(BadPlace):
        set_answer(TEXT, place_of(path), "x")


@pytest.mark.parametrize("path", ["", "[0]", "a..b", "a.", ".a", "a[x]", "a[0", "a[-1]", "a[0]b"])
def test_what_is_no_path_is_none(path: str) -> None:
    with pytest.raises(ValueError):
        place_of(path)


def test_a_number_is_written_as_one_and_what_may_be_misread_as_it_was_typed() -> None:
    place = ("platform", "total_area_sqm")
    for typed, value in [("3200", 3200), (" 1200.5 ", 1200.5), ("", None)]:
        assert at(set_answer(TEXT, place, typed), where(place)) == value
    for typed in ["3,200", "约2000", "0.3万", "1e999", "NaN", "007", "9" * 400]:
        assert at(set_answer(TEXT, place, typed), where(place)) == typed


def test_choices_come_as_a_sequence_or_in_one_text() -> None:
    place = ("platform", "qualifications")
    ids = ["beijing_key_laboratory", "national_key_laboratory"]
    for typed in (ids, "、".join(ids), "\n".join(ids)):
        assert at(set_answer(TEXT, place, typed), where(place)) == ids
    assert at(set_answer(TEXT, place, []), where(place)) == []


def test_the_second_founder_can_be_typed_first_and_a_founder_taken_out() -> None:
    text = set_answer("{}", place_of("founders[1].name"), "乙")
    assert json.loads(text) == {"founders": [{}, {"name": "乙"}]}
    assert json.loads(remove_item(text, place_of("founders[0]"))) == {"founders": [{"name": "乙"}]}
    with pytest.raises(BadPlace):
        remove_item(text, place_of("founders[2]"))


def test_a_blank_that_is_not_there_is_not_written() -> None:
    assert set_answer("{}", place_of("contact.name"), "") == "{}"
    assert set_answer('{"remarks": "x"}', ("remarks",), "") == '{"remarks": null}'
