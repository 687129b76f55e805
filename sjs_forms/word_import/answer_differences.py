"""Compares the answers of application.json with those of Word forms."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from sjs_forms.domain.answers.answer_values import value_at
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.places import where
from sjs_forms.typesetting.form_context import combined_line
from sjs_forms.word_import.form_pattern import Where
from sjs_forms.word_import.merged_answers import merged
from sjs_forms.word_import.slot_answers import slots_of, tables_asked
from sjs_forms.word_import.transcript import Transcript


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """An answer that differs: as application.json would be printed, and as in Word."""

    place: Where
    label: str
    ours: str
    theirs: str

    def as_dict(self) -> dict[str, str]:
        """Return the difference as JSON."""
        return {
            "where": where(self.place),
            "label": self.label,
            "json": self.ours,
            "word": self.theirs,
        }


def differences(application: Application, transcript: Transcript) -> tuple[AnswerDifference, ...]:
    """Return every answer that differs from what the application would print."""
    return tuple(_differences(application, transcript))


def _differences(application: Application, transcript: Transcript) -> Iterator[AnswerDifference]:
    answered = merged({}, transcript.values)
    theirs = type(application).model_validate(answered)
    label_of = application.questions.label_of
    slots = slots_of(application.questions).values()
    for place in dict.fromkeys(field.place for field in slots):
        ours = printed(application, place)
        if place in transcript.failed:
            said = " ".join(transcript.failed[place].split())
            yield AnswerDifference(place, label_of(place), ours, said)
        elif place in transcript.values:
            in_word = printed(theirs, place)
            if in_word.split() != ours.split():
                yield AnswerDifference(place, label_of(place), ours, in_word)
    for place in (table.place for table in tables_asked(application.questions).values()):
        if place in transcript.failed:
            said = " ".join(transcript.failed[place].split())
            yield AnswerDifference(place, label_of(place), printed(application, place), said)
        elif place in transcript.values:
            yield from _table_difference(application, theirs, place, transcript)


def _table_difference(
    application: Application, theirs: Application, place: Where, transcript: Transcript
) -> Iterator[AnswerDifference]:
    """Yield each cell that could not be parsed, and the rows that differ otherwise, as one."""
    fields = application.questions
    failed = {at: text for at, text in transcript.failed.items() if at[: len(place)] == place}
    for at, text in failed.items():
        said = " ".join(text.split())
        yield AnswerDifference(at, fields.label_of(at), printed(application, at), said)
    ours, in_word = (list(_rows(one, place, failed)) for one in (application, theirs))
    unlike = [
        number
        for number, (one, other) in enumerate(zip_longest(ours, in_word, fillvalue=()))
        if [cell.split() for cell in one] != [cell.split() for cell in other]
    ]
    if unlike:
        told = (_rows_text(rows, unlike) for rows in (ours, in_word))
        yield AnswerDifference(place, fields.label_of(place), *told)


def _rows(
    application: Application, place: Where, without: Collection[Where]
) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each row of a table as the forms print them."""
    fields = application.questions
    for index in range(len(value_at(application, place) or ())):
        keys = fields.known_keys((*place, index))
        cells = ((*place, index, key) for key in keys)
        yield tuple("" if at in without else printed(application, at) for at in cells)


def _rows_text(rows: Sequence[Sequence[str]], unlike: Sequence[int]) -> str:
    """Return how many rows there are, and those at these indices; "" for a blank table."""
    if not rows:
        return ""
    named = (f"第 {at + 1} 行 {_row_text(rows[at])}" for at in unlike if at < len(rows))
    return "；".join((f"共 {len(rows)} 行", *named))


def _row_text(row: Sequence[str]) -> str:
    return "、".join(" ".join(cell.split()) for cell in row if cell)


def printed(application: Application, place: Where) -> str:
    """Return an answer as the forms print it, "" for a blank."""
    fields = application.questions
    combined = fields.combined_at(place)
    if combined:
        return combined_line(fields, application, combined)
    question, value = fields.question_at(place), value_at(application, place)
    if question and isinstance(question.kind, ChoiceWithDateKind):
        kind = question.kind
        if value is None or not value.kind:
            return ""
        parts = (kind.kind.printed(value.kind), kind.date.printed(value.date))
        return "，".join(part for part in parts if part)
    if question and isinstance(question.kind, RowsKind) and place == question.place:
        return "；".join(map(_row_text, _rows(application, place, ())))
    answer = fields.answer_at(place)
    return answer.kind.printed(value) if answer else ""
