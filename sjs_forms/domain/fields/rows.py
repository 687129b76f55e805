"""A table of rows, each with the same fields."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sjs_forms.domain.fields.entries import Entry, EntryReading, refusal
from sjs_forms.domain.fields.field import Field
from sjs_forms.domain.fields.kind import CellRule, Kind, OtherCell


@dataclass(frozen=True)
class RowsKind(Kind):
    """From `least` to `most` rows of `fields`, of which the form always prints `slots`.

    If `slots` is 0, the form prints as many as there are. `item_label` is the name of a row, with
    `{n}` for its number.
    """

    name: ClassVar[str] = "rows"
    fields: tuple[Field, ...] = ()
    item_label: str = ""
    least: int = 0
    most: int = 100
    slots: int = 0

    @property
    def is_fixed(self) -> bool:
        """Whether the form always prints the maximum number of rows."""
        return self.slots == self.most

    def read(self, entry: Entry) -> EntryReading:
        """Refuse the entry: rows are parsed field by field."""
        return refusal(
            "not-rows", f"应是一行一项的列表，现为 {entry.value!r:.30}。", "请逐行填写。"
        )

    def json_schema(self) -> dict[str, Any]:
        """Return the schema of a list of objects."""
        required = [str(field.place[-1]) for field in self.fields if field.required]
        item: dict[str, Any] = {
            "type": "object",
            "properties": {str(field.place[-1]): field.kind.json_schema() for field in self.fields},
            "additionalProperties": False,
        }
        if required:
            item["required"] = required
        return {"type": "array", "items": item, "minItems": self.least, "maxItems": self.most}

    def ask(self) -> str:
        """Return what to enter."""
        return f"每行一项，最多 {self.most} 项。"

    def cell_rule(self, own: str, beside: OtherCell | None = None) -> CellRule:  # noqa: ARG002
        """Raise TypeError: rows have a sheet of their own, or columns for each row."""
        raise TypeError("rows are no column")

    def label_of_row(self, index: int) -> str:
        """Return the name of the row at an index from 0."""
        return self.item_label.replace("{n}", str(index + 1))
