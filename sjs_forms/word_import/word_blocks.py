"""A Word document as the pure core sees it: a flat sequence of blocks with their lines of text."""

from dataclasses import dataclass

TICKED, UNTICKED = "☑", "☐"
"""How a tick box that is no text of its own (a form control, a symbol font) reads."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a document something stands, counted from 1 as a person counts.

    A paragraph outside tables has only `paragraph`; a cell has `row` and `cell`, and `table`
    where the document has several. A spot of zeros is the document as a whole.
    """

    paragraph: int = 0
    table: int = 0
    row: int = 0
    cell: int = 0

    def __str__(self) -> str:
        """As a message says it."""
        if self.row:
            table = f"第 {self.table} 个表格" if self.table else "表格"
            return f"{table}第 {self.row} 行第 {self.cell} 格"
        return f"第 {self.paragraph} 段" if self.paragraph else "全文"


@dataclass(frozen=True, slots=True)
class Block:
    """A cell of a table or a paragraph outside tables; `lines` are those that are not blank."""

    lines: tuple[str, ...]
    spot: Spot

    @property
    def text(self) -> str:
        """The lines, one below the other."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Aside:
    """Text that is not read as the form's: `what` it is in Chinese, such as 页眉, and where."""

    what: str
    text: str
    spot: Spot = Spot()


@dataclass(frozen=True, slots=True)
class Written:
    """What a document says: its blocks in reading order, blank cells included.

    `tracked` says that it holds tracked changes (read as accepted), `pictures` how many pictures
    and objects, which cannot be read; `aside` is text that is no part of what the form says:
    struck out, not to be seen, in headers, footnotes, comments.
    """

    blocks: tuple[Block, ...]
    tracked: bool = False
    pictures: int = 0
    aside: tuple[Aside, ...] = ()
