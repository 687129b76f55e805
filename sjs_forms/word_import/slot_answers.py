"""Parses the text in the slots of a form as answers: the inverse of `form_context`.

Text printed by `form_context` gives the same answer again. Other notations are parsed by the kinds
of answer, as in JSON and in a roster.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

from sjs_forms.domain.answers.no_answer_words import no_answer
from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.entries import NOTHING, Doubt, Entry, EntryReading
from sjs_forms.domain.fields.field import Field
from sjs_forms.domain.fields.kind import Kind as FieldKind
from sjs_forms.domain.fields.line import LINE_LIMIT, printed_line, printed_paragraphs
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.notice.notice_fields import NoticeFields, row_fields
from sjs_forms.domain.notice.printed_answers import Detail, Printed
from sjs_forms.word_import.form_pattern import AnswerField, Kind, TableField, Where, squeezed
from sjs_forms.word_import.text_between import Reading
from sjs_forms.word_import.tick_boxes import is_ticked


@cache
def slots_of(fields: NoticeFields) -> Mapping[str, AnswerField]:
    """Return every path of the context that a form may print, in the order of the forms."""
    slots: dict[str, AnswerField] = {}
    for printed in fields.printings():
        if printed.is_combined:
            slots |= {printed.tick: AnswerField("tick", printed.place)} if printed.tick else {}
            slots[printed.path] = AnswerField("other", printed.place)
            continue
        question = fields.question_at(printed.place)
        assert question is not None
        slots |= _slots(printed.path, question)
    return slots


@cache
def derived_slots(fields: NoticeFields) -> Mapping[str, AnswerField]:
    """Return the paths of the values that are computed from answers; they have no place."""
    return {derived.at: AnswerField("derived", ()) for derived in fields.derived}


@cache
def tables_asked(fields: NoticeFields) -> Mapping[str, TableField]:
    """Return every table of rows by its name in the context."""
    tables = {}
    for printed in fields.printings():
        question = fields.question_at(printed.place)
        if not printed.is_combined and question and isinstance(question.kind, RowsKind):
            slots: dict[str, AnswerField] = {}
            for one in question.kind.fields:
                slots |= _slots(str(one.place[-1]), one)
            tables[printed.path] = TableField(question.place, slots)
    return tables


def _slots(path: str, question: Field) -> dict[str, AnswerField]:
    kind, place = question.kind, question.place
    ids = [choice.id for choice in getattr(kind, "choices", ())]
    ticks = {f"{path}.{each}.tick": AnswerField("tick", place) for each in ids}
    if isinstance(kind, ChoiceWithDateKind):
        return ticks | {f"{path}.{each}.date": AnswerField("day", place) for each in ids}
    if isinstance(kind, ChoicesKind):
        return ticks
    if isinstance(kind, ChoiceKind):
        return ticks | {f"{path}.label": AnswerField("line", place)}
    if isinstance(kind, RowsKind):
        slots: dict[str, AnswerField] = {}
        for index in range(kind.slots):
            for one in row_fields(question, index):
                slots |= _slots(f"{path}[{index}].{one.place[-1]}", one)
        return slots
    return {path: AnswerField(_slot_kind(kind), place)}


def _slot_kind(kind: FieldKind) -> Kind:
    if isinstance(kind, TextKind):
        return "paragraphs"
    if isinstance(kind, DayKind):
        return "day"
    return "area" if isinstance(kind, NumberKind) else "line"


def day_blanks(fields: NoticeFields) -> frozenset[str]:
    """Return the printed blanks of dates, normalised."""
    dated = (
        printed.blank
        for printed in fields.printings()
        if (question := fields.question_at(printed.place))
        and isinstance(question.kind, DayKind | ChoiceWithDateKind)
    )
    return frozenset(squeezed(blank) for blank in dated if blank)


def understood_at(
    fields: NoticeFields, place: Where, readings: Mapping[str, Reading], blanks: frozenset[str]
) -> EntryReading:
    """Return the answer at a place from the readings of its slots.

    `blanks` are printed blanks of dates, normalised.
    """
    combined = fields.combined_at(place)
    if combined:
        return as_combined(fields, combined, readings)
    asked = fields.answer_at(place) or fields.question_at(place)
    assert asked is not None
    match asked.kind:
        case ChoiceWithDateKind() as kind:
            return _as_choice_with_date(kind, readings, blanks)
        case ChoicesKind() as kind:
            return EntryReading([each.id for each in kind.choices if _ticked(readings, each.id)])
        case ChoiceKind() as kind:
            return _as_choice(kind, readings)
    return understand(asked.kind, next(iter(readings.values())), blanks)


def understand(kind: FieldKind, reading: Reading, blanks: frozenset[str]) -> EntryReading:
    """Return the answer in a slot that holds a whole one. `blanks` are printed blanks,
    normalised.
    """
    if isinstance(kind, TextKind):
        parts = (part for each in reading.lines for part in printed_paragraphs(each) if part)
        return _within(kind, "\n".join(parts))
    text = _joined(reading.lines)
    if isinstance(kind, DayKind):
        return as_day(text, blanks)
    return _within(kind, text) if isinstance(kind, NumberKind) else _line(kind, text)


def _within(kind: FieldKind, text: str) -> EntryReading:
    """Return the answer that a kind parses, refused if it is out of bounds."""
    understood = kind.read(Entry(text))
    doubt = kind.bounds(understood.value)
    return EntryReading(refused=doubt) if doubt else understood


def _line(kind: FieldKind, text: str) -> EntryReading:
    plain = printed_line(text)
    match no_answer(plain):
        case "nothing":
            return _noted("不像是答案，按没有填写处理")
        case "elsewhere":
            return _noted("指的是别处的内容，没有采用，请写出完整的内容")
    understood = _within(kind, plain)
    if plain.startswith("__") or plain.endswith("__"):
        return replace(understood, note=_doubt("带着下划线，请删去"))
    return understood


def _noted(what: str) -> EntryReading:
    return EntryReading(note=_doubt(what))


def _doubt(what: str) -> Doubt:
    return Doubt("word-unsure", f"{what}。", "请对照 Word 表格核对。")


_REFUSED = EntryReading(refused=_doubt("看不出是怎样的答案"))


def as_day(text: str, blanks: frozenset[str]) -> EntryReading:
    """Parse a date; the printed blank alone is a blank."""
    is_blank = squeezed(text).replace("_", "") in blanks
    return NOTHING if is_blank else DayKind().read(Entry(text))


def _joined(lines: tuple[str, ...]) -> str:
    """Join the lines of one answer, without a space between Chinese characters."""
    text = ""
    for part in lines:
        needs_space = text and not (_is_wide(text[-1]) or _is_wide(part[:1] or " "))
        text += (" " if needs_space else "") + part
    return text


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _as_choice_with_date(
    kind: ChoiceWithDateKind, readings: Mapping[str, Reading], blanks: frozenset[str]
) -> EntryReading:
    """Parse the one box that is ticked, and its date."""
    ids = [choice.id for choice in kind.choices]
    chosen = [each for each in ids if _ticked(readings, each)]
    days = {
        each: as_day(_joined(reading.lines), blanks)
        for each in ids
        for path, reading in readings.items()
        if path.endswith(f".{each}.date")
    }
    written = [each for each, day in days.items() if day.value or day.refused]
    if len(chosen) > 1 or any(day.refused for day in days.values()) or set(written) - set(chosen):
        return _REFUSED
    if not chosen:
        return NOTHING
    day = days.get(chosen[0], NOTHING)
    return EntryReading({"kind": chosen[0], "date": day.value}, note=day.note)


def _as_choice(kind: ChoiceKind, readings: Mapping[str, Reading]) -> EntryReading:
    """Parse the one box that is ticked, or the words that stand for it."""
    chosen = [choice.id for choice in kind.choices if _ticked(readings, choice.id)]
    if len(chosen) > 1:
        return _REFUSED
    if chosen:
        return EntryReading(chosen[0])
    words = [reading for path, reading in readings.items() if path.endswith(".label")]
    return _line(kind, _joined(words[0].lines)) if words else NOTHING


def _ticked(readings: Mapping[str, Reading], choice: str) -> bool:
    found = (each for path, each in readings.items() if path.endswith(f".{choice}.tick"))
    return any(is_ticked("".join(reading.lines)) for reading in found)


_MAX_COMBINED = 2 * LINE_LIMIT + 20

Split = dict[str, str | None]
"""The answers of one line by their keys, those of choices by their id."""


def as_combined(
    fields: NoticeFields, printed: Printed, readings: Mapping[str, Reading]
) -> EntryReading:
    """Parse several answers in one line, such as 某中心（市级，某局认定）."""
    reading = readings.get(printed.path)
    text = printed_line(_joined(reading.lines)) if reading else ""
    box = readings.get(printed.tick)
    ticked = box is not None and is_ticked("".join(box.lines))
    if not text or (re.fullmatch("[_＿]+", text) and not ticked):
        return _noted("勾选了，但没有写明是什么") if ticked else NOTHING
    splits = list(_splits(fields, printed, text)) if len(text) <= _MAX_COMBINED else []
    if not splits:
        return _REFUSED
    best = max(splits, key=lambda split: _likelihood(printed, split))
    doubt = ""
    if box is not None and box.lines and not ticked:
        doubt = "写了内容，但没有勾选"
    elif not all(best.values()):
        labels = "、".join(fields.label_of(place) for place in printed.places)
        doubt = f"没有写全（{labels}）"
        if best[printed.first] == text:
            doubt = f"分不出各项（{labels}），全部读作前一项"
    return EntryReading(best, note=_doubt(doubt) if doubt else None)


def _splits(fields: NoticeFields, printed: Printed, text: str) -> Iterator[Split]:
    """Yield every way to split the line from which `form_context` would make the same line."""
    blank: Split = dict.fromkeys((printed.first, *(one.key for one in printed.details)))
    if len(text) <= LINE_LIMIT:
        yield {**blank, printed.first: text}
    if not text.endswith("）"):
        return
    for opening in (match.start() for match in re.finditer("（", text)):
        first, described = text[:opening], text[opening + 1 : -1]
        for split in _described(fields, printed, described):
            made = {**blank, printed.first: first or None, **split}
            if all(_may_be_line(part) for part in (made[printed.first], *split.values())):
                yield made


def _described(fields: NoticeFields, printed: Printed, text: str) -> Iterator[Split]:
    """Yield every interpretation of the words in brackets as some of the details, in order."""
    for count in range(1, len(printed.details) + 1):
        for details in combinations(printed.details, count):
            words = [_words_of(fields, printed, detail) for detail in details]
            pattern = "，".join(f"({_pattern(d, w)})" for d, w in zip(details, words, strict=True))
            match = re.fullmatch(pattern, text, re.DOTALL)
            if match:
                said = zip(details, words, match.groups(), strict=True)
                yield {d.key: _value_of(d, w, found) for d, w, found in said}


def _words_of(fields: NoticeFields, printed: Printed, detail: Detail) -> Mapping[str, str]:
    """Return the ids of a choice by the form's words; empty if the answer is not a choice."""
    answer = fields.answer_at((*printed.place, detail.key))
    if answer is None or not isinstance(answer.kind, ChoiceKind):
        return {}
    return {word: each for each, word in answer.kind.words.items()}


def _pattern(detail: Detail, words: Mapping[str, str]) -> str:
    inner = "|".join(map(re.escape, words)) if words else ".+"
    return f"{re.escape(detail.before)}(?:{inner}){re.escape(detail.after)}"


def _value_of(detail: Detail, words: Mapping[str, str], found: str) -> str:
    said = found.removeprefix(detail.before).removesuffix(detail.after)
    return words.get(said, said)


def _may_be_line(part: str | None) -> bool:
    return not part or (len(part) <= LINE_LIMIT and printed_line(part) == part)


def _likelihood(printed: Printed, split: Split) -> tuple[bool, int, bool, int]:
    """Return the rank of a split: all details, many of the first ones, brackets in pairs."""
    given = [bool(split[one.key]) for one in printed.details]
    first = next((at for at, is_given in enumerate(given) if not is_given), len(given))
    texts: Sequence[str] = [split[one.key] or "" for one in printed.details]
    balanced = all(text.count("（") == text.count("）") for text in texts)
    return all(given), first, balanced, -len(split[printed.first] or "")
