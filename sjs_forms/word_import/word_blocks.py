"""A Word document as the pure core sees it: a flat sequence of blocks with lines of text."""

from dataclasses import dataclass, field

TICKED, UNTICKED = "☑", "☐"
"""The characters for a tick box that is not text (a form control, a symbol font)."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document, counted from 1.

    A paragraph outside tables has only `paragraph`. A cell has `row` and `cell`, and `table` if the
    document has several. A spot of zeros is the whole document.
    """

    paragraph: int = 0
    table: int = 0
    row: int = 0
    cell: int = 0

    def __str__(self) -> str:
        """Return the place as worded in messages."""
        if self.row:
            table = f"第 {self.table} 个表格" if self.table else "表格"
            return f"{table}第 {self.row} 行第 {self.cell} 格"
        return f"第 {self.paragraph} 段" if self.paragraph else "全文"


@dataclass(frozen=True, slots=True)
class Block:
    """A cell of a table, or a paragraph outside tables. `lines` are those that are not blank.

    `column` is the grid column of the table in which a cell begins, from 0.
    """

    lines: tuple[str, ...]
    spot: Spot
    column: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The lines, separated by newlines."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Aside:
    """Text outside the form: its kind in Chinese (`what`), such as 页眉, and its place."""

    what: str
    text: str
    spot: Spot = Spot()


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The content of a document: its blocks in reading order, including blank cells.

    `tracked` means that it has tracked changes (read as accepted). `pictures` counts pictures and
    objects, which cannot be read. `aside` is text outside the form: struck out, hidden, or in
    headers, footnotes, comments.
    """

    blocks: tuple[Block, ...]
    tracked: bool = False
    pictures: int = 0
    aside: tuple[Aside, ...] = ()
