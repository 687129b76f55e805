"""Parses the rows of a table in Word as rows of application.json."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sjs_forms.domain.fields.entries import EntryReading
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.word_import.form_pattern import TableField, Where
from sjs_forms.word_import.slot_answers import understood_at
from sjs_forms.word_import.table_rows import RowRead, TableRead
from sjs_forms.word_import.text_between import Leftover, Reading
from sjs_forms.word_import.word_blocks import Spot

_JOINED = "取自与上一行合并的一格，请核对是否两行相同"


@dataclass(frozen=True, slots=True)
class CellRead:
    """A parsed cell. `doubt` says what must be reported about it, "" for nothing."""

    place: Where
    label: str
    spot: Spot
    text: str
    understood: EntryReading
    doubt: str


@dataclass(frozen=True, slots=True)
class RowsRead:
    """The rows of a table as in application.json, without blank ones, in their order.

    `beyond` are those beyond the maximum number of rows; they are not in `rows`.
    """

    rows: list[dict[str, Any]]
    cells: tuple[CellRead, ...]
    beyond: tuple[Leftover, ...]


def rows_read(
    fields: NoticeFields, asked: TableField, table: TableRead, blanks: frozenset[str]
) -> RowsRead:
    """Return the rows of a table. `blanks` are printed blanks of dates, normalised."""
    question = fields.question_at(asked.place)
    assert question is not None
    assert isinstance(question.kind, RowsKind)
    rows: list[dict[str, Any]] = []
    told: list[CellRead] = []
    beyond: list[Leftover] = []
    for row in table.rows:
        if not any(_is_own(row, path) for path in row.readings):
            continue  # all its cells are merged with the row above
        place = (*asked.place, len(rows))
        cells = [
            _cell(fields, (*place, *within), row, readings, blanks)
            for within, readings in _by_answer(asked, row).items()
        ]
        answers = {str(cell.place[-1]): cell.understood.value for cell in cells}
        refused = any(cell.understood.refused for cell in cells)
        if not refused and all(value in (None, []) for value in answers.values()):
            told += [replace(cell, place=asked.place) for cell in cells if cell.doubt]
            continue
        if len(rows) >= question.kind.most:
            text = "\n".join(cell.text for cell in cells if cell.text)
            beyond.append(Leftover(text, row.spot, count=sum(bool(cell.text) for cell in cells)))
            continue
        told += [cell for cell in cells if cell.understood.refused or cell.doubt]
        rows.append(answers)
    return RowsRead(rows, tuple(told), tuple(beyond))


def _is_own(row: RowRead, path: str) -> bool:
    return bool(row.readings[path].lines) and path not in row.joined


def _by_answer(asked: TableField, row: RowRead) -> Mapping[Where, dict[str, Reading]]:
    """Return the readings of a row by the place of their answer within the row."""
    found: dict[Where, dict[str, Reading]] = {}
    for path, reading in row.readings.items():
        found.setdefault(asked.slots[path].place, {})[path] = reading
    return found


def _cell(
    fields: NoticeFields,
    place: Where,
    row: RowRead,
    readings: Mapping[str, Reading],
    blanks: frozenset[str],
) -> CellRead:
    understood = understood_at(fields, place, readings, blanks)
    text = "\n".join(line for reading in readings.values() for line in reading.lines)
    doubt = understood.note.message.removesuffix("。") if understood.note else ""
    if not doubt and row.joined.intersection(readings):
        doubt = _JOINED
    spot = next((each.spot for each in readings.values() if each.lines), row.spot)
    return CellRead(place, fields.label_of(place), spot, text, understood, doubt)
