"""Checks the answers and the files against the rules that a notice declares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import AnswerPlace, FindingPlace, MaterialPlace
from sjs_forms.base.findings.remedies import Advice, MendAnswer, Remedy
from sjs_forms.domain.answers.answer_values import is_blank, value_at
from sjs_forms.domain.answers.rule_answers import RuleAnswers
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.application import Application
from sjs_forms.domain.expressions.evaluation import evaluate
from sjs_forms.domain.expressions.syntax import Path
from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.fields.number import printed_number
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.notice.notice_fields import PlaceNamed, Rule, RuleText
from sjs_forms.domain.programme import Programme

_NEEDS_FILE = "needs_file"


def check_rules(
    programme: Programme,
    application: Application,
    offered: Sequence[Offered],
    unread: UnreadPlaces = ALL_READ,
) -> Iterator[Finding]:
    """Yield a finding for each rule that is broken, as far as the answers are known.

    If several rules with the same code are broken at the same place, only the first is reported.
    """
    answers = RuleAnswers(programme.fields, application, unread)
    told: set[tuple[str, FindingPlace]] = set()
    for rule in programme.fields.rules:
        if rule.condition is not None and evaluate(rule.condition, answers) is not True:
            continue
        for found in _broken(programme, rule, answers, offered):
            if (rule.code, found.place) not in told:
                told.add((rule.code, found.place))
                yield found


def needed_files(programme: Programme, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return those of the findings that a rule reports because a file is missing."""
    codes = {rule.code for rule in programme.fields.rules if rule.name == _NEEDS_FILE}
    return tuple(found for found in findings if found.code in codes)


def _broken(
    programme: Programme, rule: Rule, answers: RuleAnswers, offered: Sequence[Offered]
) -> Iterator[Finding]:
    if rule.name == _NEEDS_FILE:
        if not _has_authorisation(programme, answers, offered):
            material = programme.material(programme.needed_file.material)
            where = MaterialPlace(material.id)
            yield _finding_of(rule, answers, where, material.title, {"material": material.title})
        return
    place, names = rule.place, dict[str, str]()
    if rule.name == "all_or_none":
        missing = _missing(rule, answers)
        if not missing:
            return
        place, names = missing[0][0], {"missing": "、".join(called for _, called in missing)}
    yield _finding_of(rule, answers, AnswerPlace(place), answers.fields.label_of(place), names)


def _missing(rule: Rule, answers: RuleAnswers) -> list[tuple[Place, str]]:
    """Return the blank parts if others are given. One that is unread counts as given."""
    application, unread = answers.application, answers.unread
    blank = [
        (place, called)
        for place, called in rule.parts
        if is_blank(value_at(application, place)) and not unread.touches(*place)
    ]
    return blank if len(blank) < len(rule.parts) else []


def _finding_of(
    rule: Rule, answers: RuleAnswers, place: FindingPlace, label: str, names: dict[str, str]
) -> Finding:
    make = error if rule.severity == "error" else warning
    words = {"label": label, **names}
    message = "".join(_printed(part, answers, words) for part in rule.say)
    return make(rule.code, place, label, message, _remedy(rule.mend, answers, words))


def _remedy(text: RuleText, answers: RuleAnswers, words: dict[str, str]) -> Remedy:
    places = tuple(part.place for part in text if isinstance(part, PlaceNamed))
    said = "".join(
        "{}" if isinstance(part, PlaceNamed) else _printed(part, answers, words) for part in text
    )
    return MendAnswer(said, places) if places else Advice(said)


def _printed(part: Any, answers: RuleAnswers, words: dict[str, str]) -> str:
    """Return a part of a sentence: words, or the value of an expression ("" if it has none)."""
    if isinstance(part, str):
        return part
    value = evaluate(part, _Named(answers, words))
    asked = answers.fields.answer_at(part.steps) if isinstance(part, Path) else None
    if asked is not None and isinstance(asked.kind, ChoiceKind):
        return asked.kind.printed(value)
    if isinstance(value, Decimal):
        return printed_number(float(value)) if value != value.to_integral() else f"{value:.0f}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class _Named:
    """The answers, and the additional names that a rule's sentence may use."""

    answers: RuleAnswers
    words: dict[str, str]

    def value(self, steps: tuple[str, ...]) -> Any:
        if len(steps) == 1 and steps[0] in self.words:
            return self.words[steps[0]]
        return self.answers.value(steps)

    def is_unread(self, steps: tuple[str, ...]) -> bool:
        return not (len(steps) == 1 and steps[0] in self.words) and self.answers.is_unread(steps)


def _has_authorisation(
    programme: Programme, answers: RuleAnswers, offered: Sequence[Offered]
) -> bool:
    """Return whether the needed document is among the files, or may be."""
    rule = programme.needed_file
    return _may_be_listed(programme, answers) or any(
        word in item.title or word in item.file
        for item in offered
        if item.material.id == rule.material
        for word in rule.words
    )


def _may_be_listed(programme: Programme, answers: RuleAnswers) -> bool:
    """Return whether the document may be a listed file whose entry could not be fully parsed."""
    unread, rule = answers.unread, programme.needed_file
    if unread.within("attachments"):
        return True
    for index, entry in enumerate(answers.application.attachments or ()):
        is_open = unread.touches("attachments", index, "material")
        if not is_open and entry.material != rule.material:
            continue
        names = ("title", entry.title), ("file", entry.file)
        if any(unread.touches("attachments", index, key) for key, _ in names):
            return True
        if is_open and any(word in (text or "") for word in rule.words for _, text in names):
            return True
    return False
