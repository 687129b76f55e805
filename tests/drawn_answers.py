"""Answers to any notice, drawn by hypothesis from the kinds of its questions."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from sjs_forms.domain.fields.choice import ChoiceKind
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.email import EmailKind
from sjs_forms.domain.fields.kind import Kind
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.phone import PhoneKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.text import TextKind
from sjs_forms.domain.fields.uscc import UsccKind
from sjs_forms.domain.programme import Programme

WORDS = ("云溪", "样例", "智算", "科技", "有限公司", "三号楼", "Ab1", "（试）", "设备&柜", "<甲>")
LINES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=5).map("".join)
TEXTS = st.lists(LINES.map(lambda line: f"{line}。"), min_size=1, max_size=4).map("\n".join)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(date.isoformat)
CODES = st.sampled_from(("91110107MAYYYYY12M", "91110107MA01ABCD1K"))


def answers_to(programme: Programme) -> st.SearchStrategy[dict[str, Any]]:
    """Whole applications: every question answered or blank, and tables of a few rows."""
    return st.composite(_drawn)(programme)


def _drawn(draw: Any, programme: Programme) -> dict[str, Any]:
    made: dict[str, Any] = {"programme": programme.id}
    for field in programme.fields.fields:
        value = draw(st.none() | values_of(field.kind))
        if value is None:
            continue
        holder = made
        for step in field.place[:-1]:
            holder = holder.setdefault(step, {})
        holder[field.place[-1]] = value
    return made


def values_of(kind: Kind) -> st.SearchStrategy[Any]:
    """Answers of a kind as application.json stores them."""
    match kind:
        case RowsKind():
            row = st.fixed_dictionaries(
                {
                    str(field.place[-1]): values_of(field.kind)
                    if field.required
                    else st.none() | values_of(field.kind)
                    for field in kind.fields
                }
            )
            return st.lists(row, min_size=kind.least, max_size=min(kind.most, 6))
        case ChoiceWithDateKind():
            return st.fixed_dictionaries({"kind": values_of(kind.kind), "date": DAYS})
        case ChoicesKind():
            ids = [choice.id for choice in kind.choices]
            return st.lists(st.sampled_from(ids), unique=True).map(
                lambda few: sorted(few, key=ids.index)
            )
        case ChoiceKind():
            return st.sampled_from([choice.id for choice in kind.choices])
        case DayKind():
            return DAYS
        case NumberKind():
            whole = st.integers(1, 900)
            return whole if kind.decimals == 0 else whole | whole.map(lambda n: n + 0.5)
        case UsccKind():
            return CODES
        case PhoneKind():
            return st.just("13800138000" if kind.mobile else "010-68863654")
        case EmailKind():
            return st.just("zhouhe@example.com")
        case TextKind():
            return TEXTS
        case _:
            return LINES
