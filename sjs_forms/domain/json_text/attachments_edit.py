"""Edits the `attachments` list in the text of application.json; all else is unchanged."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sjs_forms.domain.json_text.json_edits import insert, put, span_of, without

KEY = "attachments"


def listed(text: str, entry: Mapping[str, Any], at: int, gone: Collection[int] = ()) -> str:
    """Return the JSON text with `entry` inserted before item `at`, and the items `gone` removed.

    `at` counts the items before the change. The text must be a valid application with the list.
    """
    span = span_of(text, (KEY,))
    assert span is not None
    text = insert(text, span, at, [dict(entry)])
    for index in sorted(gone, reverse=True):
        text = without(text, (KEY, index + (index >= at)))
    return text


def with_list(text: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the JSON text with a list of these entries."""
    return put(text, (KEY,), [dict(entry) for entry in entries])
