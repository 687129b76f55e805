"""The interface of a kind of answer."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from sjs_forms.domain.fields.entries import Doubt, Entry, EntryReading, Value

RuleType = Literal["custom", "date", "decimal", "list", "textLength", "whole"]


@dataclass(frozen=True, slots=True)
class CellRule:
    """A validation rule of Excel: the value must be `between` the formulas (or be `equal`).

    `refusal` is the message that Excel shows for any other value.
    """

    type: RuleType
    formula1: str
    formula2: str | None
    refusal: str
    operator: Literal["between", "equal"] = "between"


@dataclass(frozen=True, slots=True)
class OtherCell:
    """Another cell of the same row with which an answer is compared, and words for the clerk."""

    cell: str
    words: str


@dataclass(frozen=True)
class Kind(ABC):
    """A kind of answer with its parameters. Kinds are equal if their parameters are."""

    name: ClassVar[str]
    """Its name in fields.toml."""

    @abstractmethod
    def read(self, entry: Entry) -> EntryReading:
        """Parse what a person wrote. Never guesses: an ambiguous entry is refused or noted."""

    def takes(self, value: object) -> bool:
        """Return whether a value of JSON has a type in which such an answer may be written."""
        return isinstance(value, str | int | float)

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a stored answer."""

    @abstractmethod
    def ask(self) -> str:
        """Return what to enter, as a sentence for a clerk."""

    def ask_in_cell(self) -> str:
        """Return what to enter into a column of a roster, as a sentence for a clerk."""
        return self.ask()

    @abstractmethod
    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:
        """Return the validation rule of a column whose first cell is `own`.

        Excel applies it only to typed values, so no code relies on it.
        """

    def example(self) -> Value:
        """Return an example of a stored answer, for instructions; None if it may be any text."""
        return None

    def printed(self, value: Any) -> str:
        """Return an answer as printed on one line of a form; "" for a blank."""
        return "" if value is None else str(value)

    def bounds(self, value: Value) -> Doubt | None:  # noqa: ARG002
        """Return why a parsed answer is refused (too long, out of range), or None."""
        return None

    def faults(self, value: Any) -> Iterator[Doubt]:  # noqa: ARG002
        """Yield the faults of an answer of the right type. `message` quotes the answer."""
        return iter(())
