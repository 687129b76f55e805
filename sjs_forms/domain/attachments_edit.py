"""The `attachments` list of an application.json changed in its text; all else stays as written."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sjs_forms.domain.json_edits import insert, put, span_of, without

KEY = "attachments"


def listed(text: str, entry: Mapping[str, Any], at: int, gone: Collection[int] = ()) -> str:
    """The JSON text with `entry` put before item `at` of its list, and the items `gone` taken out.

    `at` counts the items as they are. The text must be an application's, which has the list.
    """
    span = span_of(text, (KEY,))
    assert span is not None
    text = insert(text, span, at, [dict(entry)])
    for index in sorted(gone, reverse=True):
        text = without(text, (KEY, index + (index >= at)))
    return text


def with_list(text: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """The JSON text with a list of these entries."""
    return put(text, (KEY,), [dict(entry) for entry in entries])
