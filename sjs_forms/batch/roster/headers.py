"""Finds the header of a sheet, and the columns that its cells stand for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sjs_forms.batch.roster.cell_answers import text_of
from sjs_forms.batch.roster.columns import (
    BOOKKEEPING,
    NUMBERS,
    Column,
    columns_by_key,
    columns_of,
    header_key,
)
from sjs_forms.batch.roster.table_files.sheets import Sheet
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.notice.notice_fields import NoticeFields

_SEARCHED_ROWS = 30
"""The header is searched in this many rows with content."""
_MIN, _MIN_OF_TABLE = 3, 2
"""Minimum number of the form's labels in a header row."""
MAX_COLUMNS = 500
"""Columns further right are ignored."""
_IGNORED = frozenset(header_key(word) for word in BOOKKEEPING)


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet.

    `last_row` is its last row. `columns` maps the sheet's columns to ours, `unknown` has the
    headers of other columns, `ignored` are columns that need no warning. `twice` are columns that
    occur more than once, with all their positions. `fields` is the notice's, `table` the place of
    the table that the sheet is for, `number_at` the column with the numbers of the applications.
    """

    last_row: int
    columns: Mapping[int, Column]
    unknown: Mapping[int, str]
    ignored: frozenset[int]
    twice: Mapping[Column, tuple[int, ...]]
    fields: NoticeFields
    table: Place = ()
    number_at: int | None = None

    def missing(self) -> tuple[tuple[Column, str | None], ...]:
        """Required columns that are missing, each with the most similar unknown header."""
        present = set(self.columns.values())
        others = sorted(set(self.unknown.values()))
        return tuple(
            (column, nearest(column.label, others))
            for column in columns_of(self.fields, self.table)
            if column.required and column not in present
        )


def find_header(sheet: Sheet, fields: NoticeFields, table: Place = ()) -> Header | None:
    """Return the first row with the most headers of the form, or of a table; None if none has."""
    known = columns_by_key(fields, table)
    best, most = None, (_MIN_OF_TABLE if table else _MIN) - 1
    for row in sorted(sheet.rows)[:_SEARCHED_ROWS]:
        named = sum(1 for _, column in _columns_in_row(sheet, row, known) if column)
        if named > most:
            best, most = row, named
    return None if best is None else replace(_header(sheet, best, known, fields), table=table)


def repeats_header(header: Header, row: Mapping[int, str]) -> bool:
    """Return whether a row repeats the header, as printed tables do on each page."""
    known = columns_by_key(header.fields, header.table)
    same = sum(
        1
        for number, text in row.items()
        if number in header.columns and known.get(header_key(text)) == header.columns[number]
    )
    return same >= min(_MIN, len(header.columns))


def _header(sheet: Sheet, row: int, known: Mapping[str, Column], fields: NoticeFields) -> Header:
    columns: dict[int, Column] = {}
    unknown: dict[int, str] = {}
    places: dict[Column, list[int]] = {}
    texts = _texts(sheet, row)
    for number, column in _columns_in_row(sheet, row, known):
        if column:
            columns[number] = column
            places.setdefault(column, []).append(number)
        elif number in texts:
            unknown[number] = " ".join(texts[number].split())
    ignored = frozenset(at for at, text in unknown.items() if header_key(text) in _IGNORED)
    at_key = {header_key(text): at for at, text in reversed(unknown.items())}
    number_at = next((at_key[key] for key in map(header_key, NUMBERS) if key in at_key), None)
    twice = {column: tuple(at) for column, at in places.items() if len(at) > 1}
    reaching = [
        block.bottom for block in sheet.merged if block.top <= row <= block.bottom < row + 5
    ]
    last = max([row, *reaching])
    return Header(last, columns, unknown, ignored, twice, fields, number_at=number_at)


def _columns_in_row(
    sheet: Sheet, row: int, known: Mapping[str, Column]
) -> Iterator[tuple[int, Column | None]]:
    """Yield every column that has a header in that row, and our column for it.

    A header of two rows is read as one: 出资人1 above 地址.
    """
    own, above = _texts(sheet, row), _texts(sheet, row - 1)
    for number in sorted({*own, *above}):
        label, group = own.get(number, ""), above.get(number, "")
        yield number, known.get(header_key(group + label)) or known.get(header_key(label))


def _texts(sheet: Sheet, row: int) -> dict[int, str]:
    """Return the text over each column in that row, with merged cells expanded."""
    texts = {
        number: text_of(cell)
        for number, cell in sheet.rows.get(row, {}).items()
        if number <= MAX_COLUMNS
    }
    over = [block for block in sheet.merged if block.top <= row <= block.bottom]
    for block in over[:MAX_COLUMNS]:
        text = text_of(sheet.cell(block.top, block.left))
        texts.update(dict.fromkeys(range(block.left, min(block.right, MAX_COLUMNS) + 1), text))
    return {number: text for number, text in texts.items() if text}
