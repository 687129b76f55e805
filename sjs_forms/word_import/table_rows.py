"""Takes the rows of repeated tables out of a document, and reads their cells.

A table is found by its header. Its own rows end where only as many rows follow as on the form; if
people have changed that, the wording of the following rows decides. The remaining document has no
such rows, like the pattern, so that no text in a row is taken for a label by the alignment.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sjs_forms.domain.answers.summary_rows import is_summary
from sjs_forms.word_import.form_pattern import RowWording, Slot, TablePattern, normalised, squeezed
from sjs_forms.word_import.table_pattern import ROW_NUMBER, Row, header_key, rows_of
from sjs_forms.word_import.text_between import Leftover, Reading
from sjs_forms.word_import.word_blocks import Block, Spot

_NUMBER = re.compile(r"[(（第]?\d{0,4}[)）行.、．]?")


@dataclass(frozen=True, slots=True)
class RowRead:
    """A row before parsing: the text of each slot by its path within the row.

    `joined` are the slots whose cell is merged with the one above, and has its text.
    """

    spot: Spot
    readings: Mapping[str, Reading]
    joined: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TableRead:
    """A repeated table found in a document. `leftovers` is text in it that is in no answer."""

    path: str
    rows: tuple[RowRead, ...]
    leftovers: tuple[Leftover, ...]


def take_rows(
    tables: Sequence[TablePattern], blocks: tuple[Block, ...]
) -> tuple[tuple[Block, ...], tuple[TableRead, ...]]:
    """Return the blocks without the rows of these tables, and the tables that were found."""
    if not tables:
        return blocks, ()
    rows = rows_of(blocks)
    headers = _headers(tables, rows)
    read: list[TableRead] = []
    taken: set[int] = set()
    for table, at in reversed(list(zip(tables, headers, strict=True))):
        if at is None:
            continue
        below = [
            number
            for number in range(at + 1, len(rows))
            if rows[number].table == rows[at].table and number not in taken
        ]
        own = below[: _count(table, [rows[number] for number in below])]
        taken.update(own)
        read.append(_read(table, rows[at], [rows[number] for number in own]))
    gone = {cell.spot for number in taken for cell in rows[number].cells}
    return tuple(block for block in blocks if block.spot not in gone), tuple(reversed(read))


def _headers(tables: Sequence[TablePattern], rows: Sequence[Row]) -> list[int | None]:
    """Return for each table the row that is most like its header, in the form's order."""
    found: list[int | None] = []
    first = 0
    for table in tables:
        wanted = {key for key in table.header if key}
        best, most = None, len(wanted) // 2
        for number in range(first, len(rows)):
            same = len(wanted.intersection(map(header_key, rows[number].texts)))
            if same > most:
                best, most = number, same
        found.append(best)
        first = first if best is None else best + 1
    return found


def _count(table: TablePattern, rows: Sequence[Row]) -> int:
    """Return how many of the rows under a header are the table's own."""
    if not any(table.below):
        return max(0, len(rows) - len(table.below))
    as_on_form = len(rows) - len(table.below)
    known = next(number for number, wording in enumerate(table.below) if wording)
    if as_on_form >= 0 and _is_row(table.below[known], rows[as_on_form + known]):
        return as_on_form
    for number, wording in enumerate(table.below):
        for at in range(len(rows) - 1, -1, -1):
            if wording and _is_row(wording, rows[at]):
                unworded = sum(not other for other in table.below[:number])
                return max(0, at - unworded)
    return len(rows)


def _is_row(wording: Sequence[RowWording], row: Row) -> bool:
    texts = [re.sub(r"^\W+", "", squeezed(text)) for text in row.texts]
    return all(any(_begins(text, words) for text in texts) for words in wording)


def _begins(text: str, words: RowWording) -> bool:
    rest = text.removeprefix(words.text)
    if len(rest) == len(text):
        return False
    return not any(map(str.isalnum, rest)) if words.is_whole else not rest[:1].isalpha()


def _read(table: TablePattern, header: Row, rows: Sequence[Row]) -> TableRead:
    width = len(table.columns)
    full = next((row for row in (header, *rows) if len(row.cells) == width), None)
    grid = [cell.column for cell in full.cells] if full else []
    read: list[RowRead] = []
    leftovers: list[Leftover] = []
    above: Mapping[int, Block] = {}
    for row in rows:
        cells = _by_column(row, width, grid)
        if cells is None or _is_about_others(table, cells):
            leftovers += _leftovers(row.cells)
            continue
        if not _repeats(table, row):
            joined = {number: cell for number, cell in above.items() if number not in cells}
            made, left = _row(table, row, {**joined, **cells}, frozenset(joined))
            read += [made]
            leftovers += left
        above = {**above, **cells}
    return TableRead(table.path, tuple(read), tuple(leftovers))


def _by_column(row: Row, width: int, grid: Sequence[int]) -> dict[int, Block] | None:
    """Return the cells of a row by the number of their column; None if they are not the form's.

    A cell merged with the one above is omitted.
    """
    if len(row.cells) == width:
        return dict(enumerate(row.cells))
    if any(cell.column not in grid for cell in row.cells):
        return None
    return {grid.index(cell.column): cell for cell in row.cells}


def _is_about_others(table: TablePattern, cells: Mapping[int, Block]) -> bool:
    """Return whether a row has totals or notes, apart from the form's own words in it."""
    slots = {number for number, parts in enumerate(table.columns) if _slots(parts)}
    return is_summary(cell.text for number, cell in cells.items() if number in slots)


def _slots(parts: Sequence[Slot | str]) -> list[Slot]:
    return [part for part in parts if isinstance(part, Slot) and part.path != ROW_NUMBER]


def _repeats(table: TablePattern, row: Row) -> bool:
    """Return whether a row is the header again, as on each page of a printed table."""
    return tuple(map(header_key, row.texts)) == table.header


def _leftovers(cells: Sequence[Block]) -> Iterator[Leftover]:
    written = [cell for cell in cells if cell.lines]
    if written:
        text = "\n".join(line for cell in written for line in cell.lines)
        yield Leftover(text, written[0].spot, count=len(written))


def _row(
    table: TablePattern, row: Row, cells: Mapping[int, Block], joined: frozenset[int]
) -> tuple[RowRead, list[Leftover]]:
    readings: dict[str, Reading] = {}
    leftovers: list[Leftover] = []
    for number, parts in enumerate(table.columns):
        cell = cells.get(number)
        if cell is None:
            readings |= {slot.path: Reading((), row.cells[0].spot) for slot in _slots(parts)}
            continue
        texts, left = _cell(parts, cell.lines)
        readings |= {path: Reading(tuple(lines), cell.spot) for path, lines in texts.items()}
        if left and number not in joined:
            leftovers.append(Leftover(left, cell.spot))
    shared = {
        slot.path
        for number in joined
        for slot in _slots(table.columns[number])
        if cells[number].lines
    }
    return RowRead(row.cells[0].spot, readings, frozenset(shared)), leftovers


def _cell(parts: Sequence[Slot | str], lines: Sequence[str]) -> tuple[dict[str, list[str]], str]:
    """Return the text of each slot in a cell, and what is in none of them."""
    slots = [part for part in parts if isinstance(part, Slot)]
    blank: dict[str, list[str]] = {slot.path: [] for slot in _slots(parts)}
    text = "\n".join(lines)
    if len(slots) == 1:
        before, after = _own_words_around(parts)
        kept = _without(text, before, after)
        if slots[0].path == ROW_NUMBER:
            return {}, "" if _NUMBER.fullmatch(squeezed(kept)) else text
        return {slots[0].path: [line.strip() for line in kept.split("\n") if line.strip()]}, ""
    if not slots:
        own = squeezed("".join(part for part in parts if isinstance(part, str)))
        return {}, "" if squeezed(text) in ("", own) else text
    return _parted(parts, text, blank)


def _own_words_around(parts: Sequence[Slot | str]) -> tuple[str, str]:
    """Return the form's own words before and after the only slot of a cell."""
    at = next(number for number, part in enumerate(parts) if isinstance(part, Slot))
    before = "".join(part for part in parts[:at] if isinstance(part, str))
    return before, "".join(part for part in parts[at + 1 :] if isinstance(part, str))


def _without(text: str, before: str, after: str) -> str:
    """Return text without the form's own words before and after it, if present."""
    core, origins = normalised(text)
    if before and core.startswith(before):
        text = text[origins[len(before) - 1] + 1 :]
        core, origins = normalised(text)
    if after and core.endswith(after):
        text = text[: origins[len(core) - len(after)]]
    return text


def _parted(
    parts: Sequence[Slot | str], text: str, blank: dict[str, list[str]]
) -> tuple[dict[str, list[str]], str]:
    """Split the text of a cell with boxes or dates at the form's own words between them."""
    core, origins = normalised(text)
    found, waiting, at = dict(blank), "", 0
    left = ""
    for part in (*parts, None):
        if isinstance(part, Slot):
            waiting = part.path
            continue
        end = len(core) if part is None else core.find(part, at)
        if end < 0:
            return (blank, text) if text.strip() else (blank, "")
        piece = (
            text[origins[at] : origins[end] if end < len(core) else None] if at < len(core) else ""
        )
        if waiting:
            found[waiting] = [piece.strip()] if piece.strip() else []
        else:
            left += piece.strip()
        waiting, at = "", end + len(part or "")
    return found, left
