"""Values that are computed from the answers as the notice declares, such as a total."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sjs_forms.domain.answers.rule_answers import RuleAnswers
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.application import Application
from sjs_forms.domain.expressions.evaluation import evaluate
from sjs_forms.domain.fields.day import printed_day
from sjs_forms.domain.notice.notice_fields import NoticeFields


def derived_values(
    fields: NoticeFields, application: Application, unread: UnreadPlaces = ALL_READ
) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each derived value; "" if an answer that it needs is blank."""
    answers = RuleAnswers(fields, application, unread)
    for derived in fields.derived:
        yield derived.at, _text(evaluate(derived.expression, answers))


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return printed_day(value)
    return value if isinstance(value, str) else ""
