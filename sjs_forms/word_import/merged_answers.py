"""Merges the answers of Word forms into the JSON of an application."""

import copy
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sjs_forms.word_import.form_pattern import Where


def merged(raw: Mapping[str, Any], values: Mapping[Where, Any]) -> dict[str, Any]:
    """Merge answers into the JSON of an application. Blanks change nothing; all else stays."""
    made: dict[str, Any] = copy.deepcopy(dict(raw))
    for place, value in values.items():
        if value is None or value == []:
            continue
        holder: Any = made
        for step, following in pairwise(place):
            holder = _child(holder, step, following)
        last = place[-1]
        holder[last] = value
    return made


def _child(holder: Any, step: str | int, following: str | int) -> Any:
    """Return the object or list at a step, created if missing."""
    if isinstance(holder, list):
        while isinstance(step, int) and len(holder) <= step:
            holder.append({})
        if not holder[step]:  # type: ignore[index]  # a list's steps are numbers
            holder[step] = {}  # type: ignore[index]
        return holder[step]  # type: ignore[index]
    if not holder.get(step):
        holder[step] = [] if isinstance(following, int) else {}
    return holder[step]
