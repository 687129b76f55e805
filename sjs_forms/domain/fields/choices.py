"""Any number of several choices: a list, a text that names them, or a tick for each."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.choice import (
    Choice,
    ChoiceKind,
    named_among,
    refused_choice,
    unclear_choice,
)
from sjs_forms.domain.fields.entries import (
    BLANKS,
    NOTHING,
    Doubt,
    Entry,
    EntryReading,
    Value,
    shown,
)
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell
from sjs_forms.domain.fields.named_choices import (
    EMPTY_MARKS,
    TICKED_MARKS,
    bare_words,
    named_choices,
)

YES, NO = "是", "否"
TICKED_WORDS = frozenset({YES, *TICKED_MARKS, "1", "true", "yes", "y", "有", "勾选", "对"})
NOTHING_WORDS = frozenset({"/", "\\", "-", "--", "—", "——", "无", "没有", "不适用", "n/a"})
"""What clerks write to say that there is no answer."""
_UNTICKED_WORDS = frozenset({NO, *"×✗✘", *EMPTY_MARKS, "0", "false", "no", "n"}) | NOTHING_WORDS
_YES_OR_NO = {YES: (YES,), NO: (NO,)}
_LIST_MARKS = re.compile("[、,;/和及与]")


@dataclass(frozen=True)
class ChoicesKind(Kind):
    """Any of `choices`, stored as a list in the form's order."""

    name: ClassVar[str] = "choices"
    choices: tuple[Choice, ...] = ()

    @property
    def one(self) -> ChoiceKind:
        """The kind of an item of the list."""
        return ChoiceKind(choices=self.choices)

    def read(self, entry: Entry) -> EntryReading:
        """Return the choices that a text names or ticks, or a list has, in the form's order."""
        value = entry.value
        if value is None or (isinstance(value, str) and not value.strip(BLANKS)):
            return NOTHING
        if isinstance(value, list):
            return self._listed(value)
        if not isinstance(value, str) and not entry.is_cell:
            return refused_choice(self.choices, value)
        text = str(value)
        named = named_among(self.choices, text)
        if named is None or named.doubtful:
            return unclear_choice(self.choices, value)
        for piece in (one for beside in named.beside for one in _LIST_MARKS.split(beside)):
            if bare_words(piece) and not piece.startswith("("):
                return refused_choice(self.choices, piece)
        if not named.ticked:
            return refused_choice(self.choices, text)
        return EntryReading(self.in_order(named.chosen))

    def _listed(self, items: list[object]) -> EntryReading:
        read = [self.one.read(Entry(item)) for item in items]
        refused = next((one.refused for one in read if one.refused), None)
        chosen = [str(one.value) for one in read if one.value is not None]
        return EntryReading(refused=refused) if refused else EntryReading(self.in_order(chosen))

    def in_order(self, chosen: Sequence[str]) -> list[str]:
        """Return ids of choices in the form's order, each once."""
        return [choice.id for choice in self.choices if choice.id in chosen]

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of a list of ids."""
        return {
            "type": "array",
            "items": self.one.json_schema(),
            "maxItems": len(self.choices),
            "uniqueItems": True,
        }

    def printed(self, value: Any) -> str:
        """Return the form's words, separated by 、."""
        return "、".join(choice.label for choice in self.choices if choice.id in (value or ()))

    def example(self) -> Value:
        """Return the first two choices, in the form's words."""
        return [choice.label for choice in self.choices[:2]]

    def ask(self) -> str:
        """Return what to enter."""
        return "写有的各项，用“、”隔开。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Allow any text, because Excel cannot validate a list of several choices."""
        most = sum(len(choice.label) + 1 for choice in self.choices)
        return CellRule("textLength", "1", str(max(most, 1)), "请只写表上有的各项。")


def says_nothing(text: str) -> bool:
    """Return whether a text says that there is no answer, such as 无, ／ or 无。"""
    plain = "".join(unicodedata.normalize("NFKC", text).strip(BLANKS).split()).casefold()
    return plain.removesuffix("。") in NOTHING_WORDS


def read_tick(choice: Choice, entry: Entry, remedy: str) -> EntryReading:
    """Parse a cell for one choice: returns a list with the choice if it is ticked, else empty.

    `remedy` says what to write if that is unclear.
    """
    value = entry.value
    if value is None or (isinstance(value, str) and not value.strip(BLANKS)):
        return NOTHING
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = unicodedata.normalize("NFKC", str(value)).strip(BLANKS).casefold()
    if word in TICKED_WORDS:
        return EntryReading([choice.id])
    if word in _UNTICKED_WORDS:
        return EntryReading([])
    for names in ({YES: (choice.id, choice.label)}, _YES_OR_NO):
        named = named_choices(names, word)
        if named and not named.beside and len(named.chosen) <= 1 and named.ticked:
            return EntryReading([choice.id] if named.chosen == (YES,) else [])
    return EntryReading(refused=Doubt("not-choice", f"“{shown(value)}”看不出是不是。", remedy))
