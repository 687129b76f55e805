"""Writes the sheets of workbooks: the same bytes as openpyxl, in less time.

openpyxl opens and closes three elements for each cell, which is most of the time that a workbook
takes. Here rows of texts and numbers are written as text; other rows are left to openpyxl.
"""

from types import NoneType
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.compat import safe_string
from openpyxl.worksheet._writer import WorksheetWriter

_KINDS: dict[str, tuple[type, ...]] = {"n": (int, float, NoneType), "s": (str,)}
"""What the cells that are written here hold, by openpyxl's name of their type."""

_CR = "\r"
"""Readers of XML take a plain one for the end of a line."""


class SheetWriter(WorksheetWriter):
    """openpyxl's writer of one sheet, into the stream `out`, with rows of its own."""

    ws: Any
    out: Any

    def write_rows(self) -> None:
        """Write all rows, as WorksheetWriter does."""
        self._styles: dict[bytes, str] = {}
        stream: Any = self.xf.send(True)
        with stream.element("sheetData"):
            for at, cells in self.rows():
                if all(map(_is_plain, cells)):
                    stream.flush()
                    self.out.write(self._row(at, cells).encode("ascii", "xmlcharrefreplace"))
                else:
                    self.write_row(stream, cells, at)
        self.xf.send(None)

    def _row(self, at: int, cells: list[Any]) -> str:
        look = {"r": str(at), **dict(self.ws.row_dimensions.get(at, {}))}
        told = "".join(f' {name}="{value}"' for name, value in look.items())
        return f"<row{told}>{''.join(map(self._cell, cells))}</row>"

    def _cell(self, cell: Any) -> str:
        value, style = cell._value, self._style(cell)
        if value is None and not style:
            return ""
        if cell.hyperlink:
            self.ws._hyperlinks.append(cell.hyperlink)
        is_text = cell.data_type == "s"
        start = f'<c r="{cell.coordinate}"{style} t="{"inlineStr" if is_text else "n"}">'
        if value is None or value == "":
            return f"{start}</c>"
        if not is_text:
            return f"{start}<v>{safe_string(value)}</v></c>"
        kept = ' xml:space="preserve"' if value != value.strip() else ""
        return f"{start}<is><t{kept}>{escape(value).replace(_CR, '&#13;')}</t></is></c>"

    def _style(self, cell: Any) -> str:
        """Return the attribute with the number of a cell's style, which openpyxl looks up anew for
        each cell.
        """
        key = bytes(cell._style or b"")
        if key not in self._styles:
            self._styles[key] = f' s="{cell.style_id}"' if cell.has_style else ""
        return self._styles[key]


def _is_plain(cell: Any) -> bool:
    """Return whether a cell holds a number, a text of one type, or nothing."""
    return isinstance(cell._value, _KINDS.get(cell.data_type, ())) and cell._comment is None
