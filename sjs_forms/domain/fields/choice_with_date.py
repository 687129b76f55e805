"""One of several choices, each with a date of its own."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.choice import Choice, ChoiceKind
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.entries import Entry, EntryReading, refusal
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell


@dataclass(frozen=True)
class ChoiceWithDateKind(Kind):
    """One of `choices` and its date, stored as `{"kind", "date"}`: two answers at two places.

    `date_label` and `date_hint` are the label of the date and a hint to the clerk.
    """

    name: ClassVar[str] = "choice_with_date"
    choices: tuple[Choice, ...] = ()
    date_label: str = ""
    date_hint: str = ""

    @property
    def kind(self) -> ChoiceKind:
        """The kind of the answer at `.kind`."""
        return ChoiceKind(choices=self.choices)

    @property
    def date(self) -> DayKind:
        """The kind of the answer at `.date`."""
        return DayKind()

    def read(self, entry: Entry) -> EntryReading:
        """Parse a text in place of the pair as the choice alone."""
        if isinstance(entry.value, dict):
            return refusal("not-text", "应分别写明选项和日期。", "请分别填写 kind 和 date。")
        return self.kind.read(entry)

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of an object of the two."""
        return {
            "type": "object",
            "properties": {"kind": self.kind.json_schema(), "date": self.date.json_schema()},
            "additionalProperties": False,
        }

    def ask(self) -> str:
        """Return what to enter for the choice."""
        return self.kind.ask()

    def ask_in_cell(self) -> str:
        """Return what to choose in a cell."""
        return self.kind.ask_in_cell()

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:
        """Return the rule for the choice."""
        return self.kind.cell_rule(own, beside)
