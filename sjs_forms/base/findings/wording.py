"""Puts remedies into the words of a face, by one table a face."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from sjs_forms.base.findings.remedies import PlainAction, Remedy, Several

Wording = Mapping[PlainAction | type, str | Callable[[Any], str]]
"""The words of a face for each action: a text with the action's arguments by name, or a function
that returns it. `Several` needs no entry.
"""

_MARKS = ("", *"，。；：、（）")


def worded(remedy: Remedy, wording: Wording) -> str:
    """Return a remedy in the words of a face; "" for what that face does not offer."""
    if isinstance(remedy, Several):
        return "".join(worded(each, wording) for each in remedy.actions)
    if isinstance(remedy, PlainAction):
        return str(wording[remedy])
    words = wording[type(remedy)]
    if callable(words):
        return words(remedy)
    return words.format(**{each.name: getattr(remedy, each.name) for each in fields(remedy)})


def filled(words: str, names: Sequence[str]) -> str:
    """Return words with names in their slots, and spaces around names without quotes.

    Names without a slot are left out.
    """
    text, *parts = words.split("{}")
    for name, part in zip(names, parts, strict=False):
        is_quoted = name.startswith("“") and name.endswith("”")
        before = "" if is_quoted or text[-1:] in _MARKS else " "
        after = "" if is_quoted or part[:1] in _MARKS else " "
        text += before + name + after + part
    return text
