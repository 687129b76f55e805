"""One of several choices, by the form's own words or by its English id."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.entries import (
    BLANKS,
    NOTHING,
    Doubt,
    Entry,
    EntryReading,
    Value,
    refusal,
    shown,
)
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell
from sjs_forms.domain.fields.named_choices import Named, named_choices
from sjs_forms.domain.near_words import nearest


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice: `id` is what application.json stores, `label` the form's own words."""

    id: str
    label: str


@dataclass(frozen=True)
class ChoiceKind(Kind):
    """One of `choices`, which are in the form's order."""

    name: ClassVar[str] = "choice"
    choices: tuple[Choice, ...] = ()

    @property
    def words(self) -> Mapping[str, str]:
        """The form's words for each choice, by its id."""
        return {choice.id: choice.label for choice in self.choices}

    def read(self, entry: Entry) -> EntryReading:
        """Return the one choice that is named, or ticked among several."""
        value = entry.value
        if value is None or (isinstance(value, str) and not value.strip(BLANKS)):
            return NOTHING
        if not isinstance(value, str) and not entry.is_cell:
            return refused_choice(self.choices, value)
        named = named_among(self.choices, str(value))
        if named is not None and not named.ticked:
            return refused_choice(self.choices, value)
        if named is None or named.doubtful or len(named.chosen) > 1:
            return unclear_choice(self.choices, value)
        if not named.chosen:
            all_empty = set(named.ticked) == {choice.id for choice in self.choices}
            return NOTHING if all_empty else unclear_choice(self.choices, value)
        return EntryReading(named.chosen[0])

    def json_schema(self) -> dict[str, Any]:
        """Return a schema of the ids."""
        return {"type": "string", "enum": [choice.id for choice in self.choices]}

    def printed(self, value: Any) -> str:
        """Return the form's words for it."""
        return self.words.get(value, "")

    def example(self) -> Value:
        """Return the first choice, in the form's words."""
        return self.choices[0].label if self.choices else None

    def ask(self) -> str:
        """Return what to enter."""
        return f"选一项：{_listed(self.choices)}。"

    def ask_in_cell(self) -> str:
        """Return what to choose; Excel offers the words in a list."""
        return f"从下拉列表中选择：{_listed(self.choices)}。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Allow only the form's words."""
        listed = ",".join(choice.label for choice in self.choices)
        return CellRule("list", f'"{listed}"', None, "请从下拉列表中选择。")


def named_among(choices: tuple[Choice, ...], text: str) -> Named | None:
    """Return which of these choices a text names, or None if that is unclear."""
    return named_choices({choice.id: (choice.id, choice.label) for choice in choices}, text)


def unclear_choice(choices: tuple[Choice, ...], value: object) -> EntryReading:
    """Return the refusal of a text that may mean several of the choices."""
    return refusal(
        "choice-unclear",
        f"“{shown(value)}”看不出选的是哪一项。",
        f"请只写选中的，不写没选的。可写：{_listed(choices)}。",
    )


def refused_choice(choices: tuple[Choice, ...], value: object) -> EntryReading:
    """Return the refusal of a text that names no choice, with the nearest one."""
    labels = [choice.label for choice in choices]
    near = nearest(str(value), labels) if isinstance(value, str) else None
    meant = f"是否想写“{near}”？" if near else ""
    return EntryReading(
        refused=Doubt(
            "not-choice", f"“{shown(value)}”不在可选之列。", f"{meant}可写：{_listed(choices)}。"
        )
    )


def _listed(choices: tuple[Choice, ...]) -> str:
    return "、".join(choice.label for choice in choices)
