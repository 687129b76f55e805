"""Values are put into JSON text by place; every other character stays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.json_text.json_edits import put as put_text
from sjs_forms.domain.json_text.json_edits import span_of, without
from tests.samples import SAMPLE, put, sample_answers, steps_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
STYLES = st.tuples(
    st.sampled_from([None, 1, 2, 4, "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([(", ", ": "), (",", ":"), (" ,", " : ")]),
)


def written(value: Any, style: tuple[Any, str, tuple[str, str]]) -> str:
    indent, line_end, separators = style
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators)
    return text.replace("\n", line_end)


def places(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of a value but its own."""
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    if isinstance(value, list):
        inner = enumerate(value)
    return [
        place for step, below in inner for place in [(*here, step), *places(below, (*here, step))]
    ]


def at(value: Any, place: tuple[str | int, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


@given(
    st.dictionaries(st.text(max_size=4), VALUES, min_size=1, max_size=4), STYLES, VALUES, st.data()
)
def test_a_value_that_is_there_is_replaced_and_no_other_character(
    whole: dict[str, Any], style: Any, value: Any, data: st.DataObject
) -> None:
    text = written(whole, style)
    place = data.draw(st.sampled_from(places(whole)))
    span = span_of(text, place)
    assert span is not None
    changed = put_text(text, place, value)
    assert changed.startswith(text[: span.start]) and changed.endswith(text[span.end :])
    assert at(json.loads(changed), place) == value
    back = put_text(changed, place, at(whole, place))
    assert json.loads(back) == whole


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), STYLES, VALUES, st.data())
def test_a_new_value_is_added_and_taken_out_again_to_the_byte(
    whole: dict[str, Any], style: Any, value: Any, data: st.DataObject
) -> None:
    text = written(whole, style)
    holders = [(), *(p for p in places(whole) if isinstance(at(whole, p), (dict, list)))]
    holder = data.draw(st.sampled_from(holders))
    inside = at(whole, holder)
    key: Any = len(inside) if isinstance(inside, list) else "新的一项"
    changed = put_text(text, (*holder, key), value)
    assert at(json.loads(changed), (*holder, key)) == value
    again = without(changed, (*holder, key))
    assert json.loads(again) == whole
    if inside:
        assert again == text


@given(st.lists(VALUES, min_size=1, max_size=5), STYLES, st.data())
def test_an_item_that_is_taken_out_takes_nothing_else_with_it(
    items: list[Any], style: Any, data: st.DataObject
) -> None:
    text = written({"前": 1, "项": items, "后": [2]}, style)
    gone = data.draw(st.integers(0, len(items) - 1))
    left = [*items[:gone], *items[gone + 1 :]]
    assert json.loads(without(text, ("项", gone))) == {"前": 1, "项": left, "后": [2]}


def test_objects_and_items_on_the_way_are_made() -> None:
    assert json.loads(put_text("{}", ("founders", 1, "name"), "甲")) == {
        "founders": [{}, {"name": "甲"}]
    }
    assert json.loads(put_text('{"a": null}', ("a", "b", "c"), 1)) == {"a": {"b": {"c": 1}}}
    assert json.loads(put_text('{"a": "坏"}', ("a", 0), 1)) == {"a": [1]}


@pytest.mark.parametrize("path", ["founders[1].uscc", "platform.category.kind", "remarks"])
def test_the_sample_is_changed_as_if_it_were_written_so(path: str) -> None:
    text = (SAMPLE / "application.json").read_text(encoding="utf-8")
    expected = put(json.loads(text), path, "新的")
    changed = put_text(text, steps_of(path), "新的")
    assert changed == json.dumps(expected, ensure_ascii=False, indent=2) + "\n"


def test_a_founder_is_added_to_the_sample_as_the_others_are_set_out() -> None:
    text = (SAMPLE / "application.json").read_text(encoding="utf-8")
    count = len(sample_answers()["founders"])
    founder = {"name": "某某研究院", "uscc": None}
    expected = json.loads(text)
    expected["founders"].append(founder)
    changed = put_text(text, ("founders", count), founder)
    assert changed == json.dumps(expected, ensure_ascii=False, indent=2) + "\n"


def test_of_a_key_written_twice_one_is_left() -> None:
    assert put_text('{"a": 1, "b": 2, "a": 3}', ("a",), 4) == '{"b": 2, "a": 4}'


def test_half_a_character_is_written_as_utf8_can_hold_it() -> None:
    changed = put_text("{}", ("a",), "\ud800")
    assert json.loads(changed.encode("utf-8")) == {"a": "\ud800"}
