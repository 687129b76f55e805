"""评审汇总: the answers by which reviewers compare applicants, and other applicants with the same.

The notice states which answers these are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.batch.outputs.report import Verdict
from sjs_forms.domain.answers.answer_values import value_at
from sjs_forms.domain.answers.derived_values import derived_values
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.places import place_of
from sjs_forms.domain.plain_names import plain_name
from sjs_forms.domain.programme import Programme, ReviewColumn

_SHOWN = 8
"""Other applicants that a cell names; more are not searched."""
_DASH = "—"
"""Between the answers at several places, as between the two ends of a term."""
_SAME, _OUTSIDE = "与其他单位相同", "申报时间"


@dataclass(frozen=True, slots=True)
class ReviewTable:
    """The headings and the lines, cell by cell; each line begins with number and name."""

    heading: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Reviewed:
    """An applicant: his row, his answers by column, as text, and the values in shared columns."""

    at: int
    number: str
    name: str
    outside: bool
    shown: tuple[str, ...]
    computed: tuple[str, ...]
    held: tuple[frozenset[str], ...]


def review_table(
    programme: Programme, applicants: Sequence[tuple[Verdict, Application]]
) -> ReviewTable | None:
    """Return the table of a notice's applicants, or None if the notice states no columns."""
    if not programme.review:
        return None
    columns = [_asked(programme, column) for column in programme.review]
    reviewed = [_reviewed(programme, columns, verdict, answers) for verdict, answers in applicants]
    holders = _holders(programme, reviewed)
    derived = tuple(each.label for each in programme.fields.derived)
    labels = tuple(column.label for column in programme.review)
    heading = ("编号", "单位名称", *labels, *(f"{label}（测算参考）" for label in derived))
    lines = tuple(
        (
            *(each.number, each.name, *each.shown, *each.computed),
            _outside(programme) if each.outside else "",
            _same(programme, each, holders),
        )
        for each in reviewed
    )
    return ReviewTable((*heading, _OUTSIDE, _SAME), lines)


def _outside(programme: Programme) -> str:
    return programme.window.outside if programme.window else ""


_Asked = tuple[Place, tuple[Field, ...] | None]
"""A place of a column, and the single answers there; None for rows."""


def _asked(programme: Programme, column: ReviewColumn) -> Sequence[_Asked]:
    every = programme.fields.answers()
    found: list[_Asked] = []
    for place in map(place_of, column.answers):
        question = programme.fields.question_at(place)
        is_rows = question is not None and isinstance(question.kind, RowsKind)
        parts = tuple(one for one in every if one.place[: len(place)] == place)
        found.append((place, None if is_rows else parts))
    return found


def _reviewed(
    programme: Programme,
    columns: Sequence[Sequence[_Asked]],
    verdict: Verdict,
    answers: Application,
) -> _Reviewed:
    parts = [_parts(answers, asked) for asked in columns]
    values = [[text for part in found for text in part] for found in parts]
    return _Reviewed(
        verdict.number,
        verdict.shown_number,
        verdict.name,
        any(found.has(Trait.OUTSIDE) for found in verdict.own_findings),
        tuple(_DASH.join(map("、".join, found)) if any(found) else "" for found in parts),
        tuple(text for _, text in derived_values(programme.fields, answers)),
        tuple(frozenset(map(plain_name, texts)) for texts in values),
    )


def _parts(answers: Application, column: Sequence[_Asked]) -> list[list[str]]:
    """Return the answers of a column as the forms print them, by place, without blanks."""
    found: list[list[str]] = []
    for place, parts in column:
        if parts is None:
            rows: Any = value_at(answers, place) or ()
            texts = [str(next(iter(_cells(row)), "")) for row in rows]
        else:
            held = [(one, value_at(answers, one.place)) for one in parts]
            texts = ["，".join(one.kind.printed(each) for one, each in held if each is not None)]
        found.append([text for text in texts if text.strip()])
    return found


def _cells(row: Any) -> list[Any]:
    held = row if isinstance(row, dict) else dict(row)
    return [value for value in held.values() if value]


_Holders = Mapping[tuple[int, str], Sequence[_Reviewed]]
"""Who has a value, by the number of the column and the value."""


def _holders(programme: Programme, every: Sequence[_Reviewed]) -> _Holders:
    found: dict[tuple[int, str], list[_Reviewed]] = {}
    shared = [at for at, column in enumerate(programme.review) if column.shared]
    for each in every:
        for at in shared:
            for value in each.held[at]:
                found.setdefault((at, value), []).append(each)
    return found


def _same(programme: Programme, one: _Reviewed, holders: _Holders) -> str:
    """Return in which columns others have the same, and who they are."""
    told = []
    for at, column in enumerate(programme.review):
        if not column.shared:
            continue
        alike = [each for value in one.held[at] for each in holders[at, value][: _SHOWN + 2]]
        found = {id(each): each for each in alike if each is not one}
        others = [each.number for each in sorted(found.values(), key=lambda each: each.at)]
        if others:
            more = "等" if len(others) > _SHOWN else ""
            told.append(f"{column.label}：{'、'.join(others[:_SHOWN])}{more}")
    return "；".join(told)
