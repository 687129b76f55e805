"""A row of a roster as answers to compare with an application, like those of a Word form. Pure."""

from collections.abc import Sequence
from typing import Any

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.batch.roster.columns import tables_of
from sjs_forms.batch.roster.roster_reading import RosterRow
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.places import written_at
from sjs_forms.domain.programme import Programme
from sjs_forms.word_import.slot_answers import slots_of
from sjs_forms.word_import.transcript import Transcript

_NEEDLESS = frozenset(("column-missing",))
"""Codes that matter only if the row is the whole application."""


def transcript_of(programme: Programme, row: RosterRow) -> Transcript:
    """Return a row's answers to the questions that the forms of its notice print.

    Blank cells are left out. Raises UsageFault if the row belongs to another notice.
    """
    named = row.document["programme"]
    if named is not None and named != programme.id:
        raise UsageFault(
            f"第 {row.number} 行是另一个申报通知的，与这份申报不是同一个。",
            "请选同一个通知的名册。",
        )
    fields = programme.fields
    tables = tuple(table.place for table in tables_of(fields))
    slots = dict.fromkeys(slot.place for slot in slots_of(fields).values())
    places = (*(one for one in slots if not _is_within(one, tables)), *tables)
    failed: dict[Place, str] = {}
    told: list[Finding] = []
    for found in row.findings:
        place = _failed(found, places)
        if place is not None:
            failed.setdefault(place, found.message)
        elif found.code not in _NEEDLESS:
            told.append(found)
    values = {place: written_at(row.document, place) for place in places if place not in failed}
    said = {place: value for place, value in values.items() if not _is_blank(value)}
    return Transcript(said, failed, (), tuple(told))


def _failed(found: Finding, places: Sequence[Place]) -> Place | None:
    """Return the question whose cell could not be understood; None for any other finding."""
    if found.code in _NEEDLESS or found.severity != "error":
        return None
    if not isinstance(found.place, AnswerPlace):
        return None
    steps = found.place.steps
    return next((place for place in places if steps[: len(place)] == place), None)


def _is_within(place: Place, tables: Sequence[Place]) -> bool:
    return any(place[: len(table)] == table for table in tables)


def _is_blank(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else [value]
    return all(each in (None, "", []) for each in inner)
