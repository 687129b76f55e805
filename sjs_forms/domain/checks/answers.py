"""Checks each answer by itself: required answers, invalid ones, and blanks worth a warning."""

from collections.abc import Iterator, Sequence

from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import FillAnswer
from sjs_forms.domain.answers.answer_values import answers_given, is_blank, value_at
from sjs_forms.domain.answers.no_answer_words import no_answer
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.application import Application, only_changes_found
from sjs_forms.domain.fields.email import EmailKind
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.line import LineKind
from sjs_forms.domain.fields.phone import PhoneKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.uscc import UsccKind
from sjs_forms.domain.notice.notice_fields import NoticeFields

_OF_A_FILE = ("material", "file")
"""Required keys of a listed attachment, unless the list only changes files that were found."""


def check_required(
    fields: NoticeFields, application: Application, unread: UnreadPlaces = ALL_READ
) -> Iterator[Finding]:
    """Yield a finding for each required blank. An `unread` answer does not count as blank."""
    for place in _needed(fields, application):
        if value_at(application, place) in (None, ()) and not unread.touches(*place):
            label = fields.label_of(place)
            yield error(
                "required-missing",
                AnswerPlace(place),
                label,
                f"“{label}”没有填写。",
                FillAnswer(place),
            )


def _needed(fields: NoticeFields, application: Application) -> Iterator[Place]:
    for question in fields.fields:
        if not isinstance(question.kind, RowsKind):
            yield from (question.place for _ in range(question.required))
            continue
        rows: Sequence[object] = value_at(application, question.place) or ()
        if question.kind.least and not rows:
            yield question.place
        for index in range(len(rows)):
            inner = (one for one in question.kind.fields if one.required)
            yield from ((*question.place, index, *one.place) for one in inner)
    wanted = ("file",) if only_changes_found(application.attachments) else _OF_A_FILE
    for index in range(len(application.attachments or ())):
        yield from (("attachments", index, key) for key in wanted)


def check_answers(
    fields: NoticeFields, application: Application, unread: UnreadPlaces = ALL_READ
) -> Iterator[Finding]:
    """Yield the findings about single answers. An `unread` one does not count as blank."""
    given = tuple(answers_given(fields, application))
    for answer, value in given:
        yield from _faults(answer, value)
    for answer, value in given:
        yield from _no_answer(answer, value)
    yield from _left_blank(fields, given, unread)


def _faults(answer: Field, value: object) -> Iterator[Finding]:
    if value is None:
        return
    for fault in answer.kind.faults(value):
        message = f"“{answer.label}”{fault.message}"
        place = AnswerPlace(answer.place)
        yield error(fault.code, place, answer.label, message, fault.remedy)


def _no_answer(answer: Field, value: object) -> Iterator[Finding]:
    """Yield a finding for a line that says 无 or 同上: the form would print it as the answer."""
    is_line = isinstance(answer.kind, LineKind | UsccKind | PhoneKind | EmailKind)
    said = no_answer(value) if is_line and isinstance(value, str) else None
    if said:
        yield warning(
            "no-answer",
            AnswerPlace(answer.place),
            answer.label,
            f"“{answer.label}”写的是“{value}”，会照样印在表上。",
            "没有这一项的请留空。" if said == "nothing" else "请写出完整的内容。",
        )


def _left_blank(
    fields: NoticeFields, given: Sequence[tuple[Field, object]], unread: UnreadPlaces
) -> Iterator[Finding]:
    """Yield one warning that names all optional blanks, those of rows last."""
    in_rows = [each for each in given if any(isinstance(step, int) for step in each[0].place)]
    alone = [each for each in given if each not in in_rows]
    blank = dict.fromkeys(
        answer.as_part or answer.place
        for answer, value in (*alone, *in_rows)
        if answer.blank_told and is_blank(value) and not unread.touches(*answer.place)
    )
    if blank:
        first = next(iter(blank))
        listed = "、".join(fields.label_of(place) for place in blank)
        yield warning(
            "blank-left",
            AnswerPlace(first),
            fields.label_of(first),
            f"以下各项没有填写，表上将留空：{listed}。",
            "确实要手填的可以不管；否则请补填后再生成。",
        )
