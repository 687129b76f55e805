"""The tables of a notice's Word template whose row is repeated: `{%tr for row in … %}`.

They are removed from the template before it becomes a pattern, as their rows are removed from a
document before it is aligned (`table_rows`). So alignment does not depend on the number of rows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from sjs_forms.word_import.form_pattern import (
    BadTemplate,
    RowWording,
    Slot,
    TableField,
    TablePattern,
    first_of_each,
    squeezed,
    with_loops,
)
from sjs_forms.word_import.word_blocks import Block, DocumentText

ROW_NUMBER = "loop.index"
"""The name of a row's number in a template."""

_FOR = re.compile(r"\{%tr\s+for\s+(\w+)\s+in\s+([\w.]+)\s*%\}")
_END = re.compile(r"\{%tr\s+endfor\s*%\}")
_EDGES = re.compile(r"^\W+|\W+$")
_IN_BRACKETS = re.compile(r"\([^()]*\)?")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: which table it is of, and its cells."""

    table: int
    cells: tuple[Block, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of its cells."""
        return tuple(cell.text for cell in self.cells)


def rows_of(blocks: Sequence[Block]) -> tuple[Row, ...]:
    """Return the rows of all tables in the order of a document."""
    cells = (block for block in blocks if block.spot.row)
    grouped = groupby(cells, key=lambda cell: (cell.spot.table, cell.spot.row))
    return tuple(Row(table, tuple(row)) for (table, _), row in grouped)


def header_key(text: str) -> str:
    """Return a header without variations: width, spaces, punctuation, text in brackets."""
    core = squeezed(text)
    return _EDGES.sub("", _IN_BRACKETS.sub("", core) or core)


def tables_of(
    template: DocumentText, known: Mapping[str, TableField]
) -> tuple[tuple[TablePattern, ...], DocumentText]:
    """Return the tables whose row is repeated, and the template without those rows.

    `known` are the tables of the notice by their name in the context. Raises BadTemplate.
    """
    blocks = tuple(first_of_each(template.blocks))
    rows = rows_of(blocks)
    loops = [(at, loop) for at, row in enumerate(rows) if (loop := _FOR.search(_all(row)))]
    if not loops:
        return (), template
    inside = {number for at, _ in loops for number in (at, at + 1, at + 2)}
    made = []
    for at, loop in loops:
        if loop[2] not in known:
            raise BadTemplate(f"没有“{loop[2]}”这张表。")
        if at + 2 >= len(rows) or not _END.search(_all(rows[at + 2])):
            raise BadTemplate(f"“{loop[2]}”的 for 和 endfor 两行之间应恰有一行。")
        above = rows[at - 1] if at and at - 1 not in inside else None
        has_words = above is not None and any(map(header_key, above.texts))
        if above is None or above.table != rows[at].table or not has_words:
            raise BadTemplate(f"“{loop[2]}”的 for 一行上面没有栏目名称。")
        header = tuple(header_key(text) for text in above.texts)
        columns = tuple(_columns(loop[1], known[loop[2]], rows[at + 1]))
        further = [row for n, row in enumerate(rows[at + 3 :], at + 3) if n not in inside]
        below = takewhile(lambda row, at=at: row.table == rows[at].table, further)  # type: ignore[misc]
        wording = tuple(tuple(_wording(row)) for row in below)
        made.append(TablePattern(loop[2], header, columns, wording))
    if len({table.path for table in made}) != len(made):
        raise BadTemplate("同一张表出现了两次。")
    gone = {cell for number in inside if number < len(rows) for cell in rows[number].cells}
    return tuple(made), replace(template, blocks=tuple(b for b in blocks if b not in gone))


def _all(row: Row) -> str:
    return "\n".join(row.texts)


def _columns(variable: str, known: TableField, row: Row) -> Iterator[tuple[Slot | str, ...]]:
    """Yield the form's own words and the slots of each cell, by their path within the row."""
    for cell in row.cells:
        parts: list[Slot | str] = []
        for part in (part for line in with_loops(cell) for part in line):
            if isinstance(part, str):
                parts.append(squeezed(part))
            elif part.path == ROW_NUMBER:
                parts.append(part)
            else:
                holder, _, path = part.path.partition(".")
                if holder != variable or path not in known.slots:
                    raise BadTemplate(f"表格的行里有不认识的填写项“{part.path}”。")
                parts.append(Slot(path, part.many))
        slots = [part for part in parts if isinstance(part, Slot)]
        if len(slots) > 1 and any(_is_free(known, slot) for slot in slots):
            raise BadTemplate(f"表格的一格里只能填一项（“{slots[0].path}”所在的一格）。")
        yield tuple(parts)


def _is_free(known: TableField, slot: Slot) -> bool:
    """Return whether an answer may be any text, so that adjacent text cannot be separated."""
    return slot.path == ROW_NUMBER or known.slots[slot.path].kind not in ("tick", "day")


def _wording(row: Row) -> Iterator[RowWording]:
    """Yield the wording by which a row of the form is recognised: its own words in its cells."""
    for cell in row.cells:
        parts = [part for line in with_loops(cell) for part in line]
        if parts and isinstance(parts[0], str):
            core = _EDGES.sub("", squeezed(parts[0]))
            if core:
                yield RowWording(core, is_whole=len(parts) == 1)
