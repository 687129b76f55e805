"""Builds the one context from which the Word and the HTML version of every form are filled.

All formatting of answers is done here, so that both versions have the same text, word for word. A
missing answer becomes the form's own printed blank, to be filled in by hand.
"""

from collections.abc import Mapping
from math import ceil
from typing import Any

from sjs_forms.domain.answers.answer_values import value_at
from sjs_forms.domain.answers.derived_values import derived_values
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.day import DayKind, printed_day
from sjs_forms.domain.fields.field import Field
from sjs_forms.domain.fields.line import printed_paragraphs
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.notice.printed_answers import Printed, in_brackets
from sjs_forms.domain.programme import Blanks, Programme

WHOLE_UP_TO = 12
"""Lines up to which a long answer stays on one page, in the space that the form gives it."""


def form_context(programme: Programme, application: Application) -> dict[str, Any]:
    """Return everything that the forms print of `application`, as they print it.

    Values are strings, lists of strings (paragraphs, at least one) and mappings or lists of these.
    `whole` says for each long answer whether it stays on one page. A table has as many rows as the
    form always prints, or as exist if those are more.
    """
    fields, context = programme.fields, dict[str, Any]()
    for printed in fields.printings():
        if printed.is_combined:
            text = combined_line(fields, application, printed)
            _put(context, printed.path, text or printed.blank)
            if printed.tick:
                _put(context, printed.tick, _tick(programme.blanks, bool(text)))
            continue
        question = fields.question_at(printed.place)
        assert question is not None
        value = value_at(application, printed.place)
        _put(context, printed.path, _shown(programme.blanks, question, value, printed.blank))
        if isinstance(question.kind, TextKind) and question.kind.line_length:
            whole = context.setdefault("whole", {})
            whole[question.place[-1]] = _stays_whole(value, question.kind.line_length)
    for path, text in derived_values(fields, application):
        _put(context, path, text)
    return context


def combined_line(fields: NoticeFields, application: Application, printed: Printed) -> str:
    """Return several answers in one line, such as XX中心（市级，北京市科委认定）."""
    first, *others = (_line_at(fields, application, place) for place in printed.places)
    told = zip(printed.details, others, strict=True)
    return in_brackets(first, [d.before + text + d.after if text else "" for d, text in told])


def _line_at(fields: NoticeFields, application: Application, place: Any) -> str:
    answer = fields.answer_at(place)
    return answer.kind.printed(value_at(application, place)) if answer else ""


def _shown(blanks: Blanks, question: Field, value: Any, blank: str) -> Any:
    kind = question.kind
    match kind:
        case ChoiceWithDateKind():
            chosen = getattr(value, "kind", None)
            return {
                choice.id: {
                    "tick": _tick(blanks, choice.id == chosen),
                    "date": printed_day(value.date if choice.id == chosen else None, blank),
                }
                for choice in kind.choices
            }
        case ChoicesKind():
            return {one.id: {"tick": _tick(blanks, one.id in value)} for one in kind.choices}
        case ChoiceKind():
            ticks = {one.id: {"tick": _tick(blanks, one.id == value)} for one in kind.choices}
            return {**ticks, "label": kind.printed(value) or blank}
        case RowsKind():
            return _rows(blanks, kind, value)
        case TextKind():
            return printed_paragraphs(value)
        case DayKind():
            return printed_day(value, blank)
    return kind.printed(value) or blank


def _rows(blanks: Blanks, kind: RowsKind, rows: Any) -> list[dict[str, Any]]:
    def row(given: Any) -> dict[str, Any]:
        return {
            str(one.place[-1]): _shown(blanks, one, getattr(given, str(one.place[-1]), None), "")
            for one in kind.fields
        }

    shown = [row(given) for given in rows or ()]
    return shown + [row(None) for _ in range(kind.slots - len(shown))]


def _put(context: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    for step in way:
        context = context.setdefault(step, {})
    there = context.get(last)
    if isinstance(value, Mapping) and isinstance(there, dict):
        there.update(value)
    else:
        context[last] = value


def _tick(blanks: Blanks, is_chosen: bool) -> str:
    return blanks.tick_on if is_chosen else blanks.tick_off


def _stays_whole(value: str | None, line_length: int) -> bool:
    """Return whether a long answer is short enough for one page; the same for Word and PDF."""
    paragraphs = printed_paragraphs(value)
    widths = (sum(0.5 if one < "\x7f" else 1 for one in part) + 2 for part in paragraphs)
    return sum(ceil(width / line_length) for width in widths) <= WHOLE_UP_TO
