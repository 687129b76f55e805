"""Compares the answers on sealed forms with those of application.json."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace
from sjs_forms.base.findings.remedies import EditAnswers, PlainAction, SignAgain, several
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.application import Application
from sjs_forms.domain.places import where
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Source
from sjs_forms.domain.stamp_record import SealedAnswers, StampedForm
from sjs_forms.stamped.text_likeness import plain
from sjs_forms.word_import.answer_differences import printed
from sjs_forms.word_import.form_pattern import Where
from sjs_forms.word_import.slot_answers import tables_asked
from sjs_forms.word_import.word_files import patterns

_AROUND = 8
"""Characters of a difference that may be the form's own wording beside an answer."""
_BEFORE = 3
"""Characters shown before the point where two answers differ."""
_SHOWN = 14
"""Characters of an answer that a message shows."""


def sealed_answers(
    programme: Programme, application: Application, form: str, unlike: Iterable[str]
) -> SealedAnswers:
    """Return what a form printed from `application` shows, except for the texts `unlike`."""
    answers = {where(place): answer for place, answer in _answers(programme, application, form)}
    otherwise: dict[str, None] = {}
    elsewhere = []
    for text in unlike:
        found = [path for path, answer in answers.items() if _concerns(answer, text)]
        otherwise |= dict.fromkeys(found)
        if not found:
            elsewhere.append(text)
    return SealedAnswers(answers, tuple(otherwise), tuple(dict.fromkeys(elsewhere)))


def _answers(
    programme: Programme, application: Application, form: str
) -> Iterator[tuple[Where, str]]:
    """Yield each answer that a form prints, as printed, in the form's order."""
    pattern = next(pattern for pattern in patterns(programme) if pattern.form == form)
    slots = (pattern.slots[slot.path] for wording in pattern.wordings for slot in wording.slots)
    tables = (tables_asked(programme.fields)[table.path] for table in pattern.tables)
    places = [slot.place for slot in slots if slot.kind != "derived"]
    for place in dict.fromkeys([*places, *(table.place for table in tables)]):
        yield place, printed(application, place)


def _concerns(answer: str, text: str) -> bool:
    """Return whether a differing text of the form is the answer, or part of it."""
    whole, piece = plain(answer), plain(text)
    if not whole or not piece:
        return False
    matcher = SequenceMatcher(None, whole, piece, autojunk=False)
    common = matcher.find_longest_match().size
    return common == len(whole) or common >= max(2, len(piece) - _AROUND)


def changed_since(
    programme: Programme,
    application: Application,
    sources: Sequence[Source],
    records: Sequence[StampedForm],
    unread: UnreadPlaces = ALL_READ,
) -> Iterator[Finding]:
    """Yield a warning for each answer on a sealed form that differs from application.json.

    `unread` answers are not reported.
    """
    for record in records:
        form = next((form for form in programme.forms if form.id == record.form), None)
        if form is not None and _is_there(record, sources):
            yield from _changed(programme, application, record, form.number, unread)


def _is_there(record: StampedForm, sources: Sequence[Source]) -> bool:
    """Return whether the recorded scan is the one that is now attached for its form."""
    return any(
        source.facts is not None
        and source.facts.sha256 == record.sha256
        and source.offered.material.form == record.form
        for source in sources
    )


def _changed(
    programme: Programme,
    application: Application,
    record: StampedForm,
    number: str,
    unread: UnreadPlaces,
) -> Iterator[Finding]:
    shown = record.shown
    for place, now in _answers(programme, application, record.form):
        path, label = where(place), programme.fields.label_of(place)
        if unread.touches(*place):
            continue
        if path in shown.unlike:
            yield _unlike(place, label, now, number)
        elif path in shown.answers and shown.answers[path].split() != now.split():
            yield _change_finding(place, label, shown.answers[path], now, number)
    if shown.elsewhere:
        yield _elsewhere(shown.elsewhere, number)


def _change_finding(place: Where, label: str, before: str, now: str, number: str) -> Finding:
    was, becomes = parting(before, now)
    return warning(
        "stamped-answer-changed",
        AnswerPlace(place),
        label,
        f"“{label}”在{number}盖章后改过：盖章时为{was}，现在为{becomes}。",
        several(SignAgain("确要改的，"), EditAnswers("改错了的，请在{}中改回。")),
    )


def _unlike(place: Where, label: str, now: str, number: str) -> Finding:
    return warning(
        "stamped-answer-unlike",
        AnswerPlace(place),
        label,
        f"“{label}”与盖章的{number}对不上（放入扫描件时看出），现在为{_quoted(now)}。",
        several(
            EditAnswers("请对照扫描件：以扫描件为准的，请照它在{}中改正。"),
            "改后，",
            PlainAction.FILE_SCANS_AGAIN,
            SignAgain("以现在填的为准的，"),
        ),
    )


def _elsewhere(texts: Sequence[str], number: str) -> Finding:
    named = "、".join(_quoted(text) for text in texts[:3])
    more = f"等 {len(texts)} 处" if len(texts) > 3 else ""
    return warning(
        "stamped-form-unlike",
        WHOLE,
        f"{number}盖章扫描件",
        f"盖章的{number}与生成的表对不上（放入扫描件时看出）：上面没有{named}{more}。",
        SignAgain("请对照扫描件：不是这份申报的表，或是旧表的，"),
    )


def parting(before: str, now: str) -> tuple[str, str]:
    """Return two answers for a message: in full if short, else from where they differ."""
    one, other = " ".join(before.split()), " ".join(now.split())
    if max(len(one), len(other)) > _SHOWN:
        same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
        start = max(0, (min(len(one), len(other)) if same is None else same) - _BEFORE)
        one, other = (text[start:] if start < len(text) else "" for text in (one, other))
        if start:
            return _quoted("…" + one), _quoted("…" + other)
    return _quoted(one), _quoted(other)


def _quoted(text: str) -> str:
    flat = " ".join(text.split())
    if not flat:
        return "空白"
    return f"“{flat}”" if len(flat) <= _SHOWN + 1 else f"“{flat[:_SHOWN]}…”"
