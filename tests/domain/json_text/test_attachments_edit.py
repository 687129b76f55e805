"""The list of attachments is changed within the text of application.json."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sjs_forms.domain.json_text.attachments_edit import listed
from tests.samples import SAMPLE

ENTRY = {"material": "commitment", "file": "attachments/7-承诺书/承诺书（盖章扫描）.pdf"}

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(st.text(max_size=4), VALUES, max_size=3),
    st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=3), max_size=5),
    st.data(),
    st.sampled_from([None, 1, 2, 4, "\t"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_the_list_has_the_new_entry_and_nothing_else_is_changed(
    others: dict[str, Any], items: list[Any], data: st.DataObject, indent: Any, line_end: str
) -> None:
    others.pop("attachments", None)
    whole = {**others, "attachments": items}
    text = json.dumps(whole, ensure_ascii=False, indent=indent).replace("\n", line_end)
    at = data.draw(st.integers(0, len(items)))
    without = data.draw(st.sets(st.integers(0, 5)))
    kept = [item for index, item in enumerate(items) if index not in without]
    place = sum(index not in without for index in range(at))
    changed = listed(text, ENTRY, at, without)
    assert json.loads(changed) == {**others, "attachments": [*kept[:place], ENTRY, *kept[place:]]}


def test_an_entry_of_the_sample_is_set_out_like_its_neighbours() -> None:
    text = (SAMPLE / "application.json").read_text(encoding="utf-8")
    data = json.loads(text)
    data["attachments"].append(ENTRY)
    changed = listed(text, ENTRY, len(data["attachments"]) - 1)
    assert changed == json.dumps(data, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"attachments":[]}', '{"attachments":[\n    {"m": "x"}\n  ]}'),
        ('{"attachments": [{"m":1}]}', '{"attachments": [{"m": "x"}, {"m":1}]}'),
        ('{\n\t"attachments": [\n\t\t{"m":1}\n\t]}', None),
    ],
)
def test_short_lists_stay_readable(text: str, expected: str | None) -> None:
    changed = listed(text, {"m": "x"}, 0)
    if expected and "[]" not in text:
        assert changed == expected
    assert json.loads(changed)["attachments"][0] == {"m": "x"}
    if "\t" in text:
        assert '\t\t{"m": "x"},\n\t\t{"m":1}' in changed
