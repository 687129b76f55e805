"""What every kind of answer offers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from sjs_forms.domain.fields.entries import Doubt, Entry, EntryReading, Value

RuleType = Literal["custom", "date", "decimal", "list", "textLength"]


@dataclass(frozen=True, slots=True)
class CellRule:
    """A rule as Excel has it: what is entered must lie `between` the formulas (or be `equal`).

    `refusal` is what Excel says of anything else.
    """

    type: RuleType
    formula1: str
    formula2: str | None
    refusal: str
    operator: Literal["between", "equal"] = "between"


@dataclass(frozen=True, slots=True)
class OtherCell:
    """Another cell of the same row that an answer is held against, and how a clerk is told."""

    cell: str
    words: str


@dataclass(frozen=True)
class Kind(ABC):
    """A kind of answer with its parameters. Values compare equal where these do."""

    name: ClassVar[str]
    """The word that fields.toml has for it."""

    @abstractmethod
    def read(self, entry: Entry) -> EntryReading:
        """What a person meant. Never guesses: what may be misread is refused or noted."""

    def takes(self, value: object) -> bool:
        """Whether JSON may hold an answer so; what it may not has the wrong type altogether."""
        return isinstance(value, str | int | float)

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of an answer as it is stored."""

    @abstractmethod
    def ask(self) -> str:
        """What to enter, in a sentence for a clerk."""

    def ask_in_cell(self) -> str:
        """What to enter into a column of a roster, in a sentence for a clerk."""
        return self.ask()

    @abstractmethod
    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:
        """What Excel enforces in a column of which `own` is the first cell.

        Excel's rules help only while typing: nothing relies on them.
        """

    def example(self) -> Value:
        """An answer as application.json has it, for instructions; None where any text is one."""
        return None

    def printed(self, value: Any) -> str:
        """An answer on one line of a form; "" for a blank."""
        return "" if value is None else str(value)

    def bounds(self, value: Value) -> Doubt | None:  # noqa: ARG002
        """Why an answer that was understood cannot be one; None where it can."""
        return None

    def faults(self, value: Any) -> Iterator[Doubt]:  # noqa: ARG002
        """What is wrong with an answer of the right type. `message` quotes the answer."""
        return iter(())
