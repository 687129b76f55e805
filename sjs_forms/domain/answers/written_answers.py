"""Parses the answers in application.json, which may be written as in a roster or on a Word form."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import MendAnswer
from sjs_forms.domain.fields.choice import refused_choice
from sjs_forms.domain.fields.choices import ChoicesKind, says_nothing
from sjs_forms.domain.fields.entries import NOTHING, Doubt, Entry
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.places import written_at


@dataclass(frozen=True, slots=True)
class UnderstoodAnswers:
    """The result of parsing the answers. `places` are those left blank."""

    findings: tuple[Finding, ...]
    places: frozenset[Place]


def understand_answers(fields: NoticeFields, raw: dict[str, Any]) -> UnderstoodAnswers:
    """Replace each answer in `raw` by the value to be stored, or by a blank if it is refused.

    A value of a wrong type, such as a list for a line, is left for the model to refuse.
    """
    findings: list[Finding] = []
    places: list[Place] = []
    for answer in fields.answers(_rows_in(fields, raw)):
        for place, doubt, is_refused in _understand(answer, raw):
            findings.append(_doubt_finding(fields, place, doubt, is_refused))
            if is_refused:
                places.append(place)
    return UnderstoodAnswers(tuple(findings), frozenset(places))


def _rows_in(fields: NoticeFields, raw: dict[str, Any]) -> dict[Place, int]:
    """Return the number of rows written in each table, at most as many as it may have."""
    counts: dict[Place, int] = {}
    for question in fields.fields:
        if isinstance(question.kind, RowsKind):
            written = written_at(raw, question.place)
            counts[question.place] = (
                min(len(written), question.kind.most) if isinstance(written, list) else 0
            )
    return counts


def _understand(answer: Field, raw: dict[str, Any]) -> Iterator[tuple[Place, Doubt, bool]]:
    """Parse one answer in place. Yields each doubt, and whether the answer was refused for it."""
    holder, last = written_at(raw, answer.place[:-1]), answer.place[-1]
    if not isinstance(holder, dict) or holder.get(str(last)) is None:
        return
    written = holder[str(last)]
    if isinstance(answer.kind, ChoicesKind) and isinstance(written, list):
        yield from _parse_choices(answer.kind, answer.place, written)
        return
    if isinstance(written, list | dict) or not answer.kind.takes(written):
        return
    understood = NOTHING if _says_nothing(answer, written) else answer.kind.read(Entry(written))
    doubt = understood.refused or answer.kind.bounds(understood.value)
    holder[str(last)] = None if doubt else understood.value
    if doubt:
        yield answer.place, doubt, True
    elif understood.note:
        yield answer.place, understood.note, False


def _says_nothing(answer: Field, written: object) -> bool:
    """Return whether 无 or the like is written where there may be no answer."""
    return answer.if_any and isinstance(written, str) and says_nothing(written)


def _parse_choices(
    kind: ChoicesKind, place: Place, items: list[Any]
) -> Iterator[tuple[Place, Doubt, bool]]:
    """Parse each choice of a list, and leave only those in it that were understood."""
    chosen: list[str] = []
    for index, item in enumerate(items):
        is_text = isinstance(item, str) and item.strip()
        understood = kind.one.read(Entry(item)) if is_text else refused_choice(kind.choices, item)
        if understood.refused:
            yield (*place, index), understood.refused, True
        elif isinstance(understood.value, str) and understood.value not in chosen:
            chosen.append(understood.value)
    items[:] = chosen


def _doubt_finding(fields: NoticeFields, place: Place, doubt: Doubt, is_refused: bool) -> Finding:
    label = fields.label_of(place)
    message = f"“{label}”：{doubt.message}"
    if not is_refused:
        return warning(doubt.code, AnswerPlace(place), label, message, doubt.remedy)
    code = "too-long" if doubt.code == "length" else "wrong-type"
    remedy = MendAnswer(
        f"请修改{{}}：{doubt.remedy.removeprefix('请')}", (place,), "中的", doubt.written
    )
    return error(code, AnswerPlace(place), label, message, remedy)
