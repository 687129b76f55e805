"""Parses a cell into an answer of application.json, or says why that is impossible.

Only lost or ambiguous content is refused here. Answers are validated by the same code as those of
every application (`application_json`, `checks`).
"""

import re

from sjs_forms.batch.roster.columns import Column
from sjs_forms.batch.roster.table_files.sheets import Cell
from sjs_forms.domain.answers.no_answer_words import is_postponed
from sjs_forms.domain.fields.choices import NO, YES, read_tick, says_nothing
from sjs_forms.domain.fields.entries import BLANKS, NOTHING, Entry, EntryReading, refusal, shown
from sjs_forms.domain.fields.text import TextKind

MAX_CELL_TEXT = 32_767
"""Excel's own limit on the text of a cell."""

_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
_TICK_REMEDY = f"有这一项的写“{YES}”（打 √ 也可以），没有的写“{NO}”或留空。"


def read_cell(column: Column, cell: Cell) -> EntryReading:
    """Parse `cell` as an answer in `column`. Doubts have the codes of cells."""
    if cell.error is not None:
        message = f"公式出错，显示的是 {cell.error}。"
        return refusal("error", message, "请改正公式，或直接填写内容。")
    if cell.uncalculated:
        return refusal(
            "uncalculated",
            "是公式，但没有存下算出的结果。",
            "请用 Excel 或 WPS 打开，保存一次再试；或直接填写内容。",
        )
    value = cell.value
    if isinstance(value, str):
        value = _plain(value)
        if len(value) > MAX_CELL_TEXT:
            return refusal(
                "too-long",
                f"超过 {MAX_CELL_TEXT:,} 个字，不是 Excel 能存的内容。",
                "请删减后用 Excel 或 WPS 重新保存。",
            )
        if not value or _is_blank(column, value):
            return NOTHING
    if value is None:
        return NOTHING
    if cell.scaled:
        return refusal(
            "shown-otherwise",
            f"单元格带着“{cell.scaled}”的格式，存的却是 {shown(value)}，看不出是哪个数。",
            "请把单元格格式改为“常规”或“文本”，写上完整的数，不用百分号和“万”。",
        )
    entry = Entry(value, cell.epoch, cell.digits)
    return read_tick(column.tick, entry, _TICK_REMEDY) if column.tick else column.kind.read(entry)


def _is_blank(column: Column, text: str) -> bool:
    """Return whether a text means that there is no answer, or none yet.

    In running text 暂无 is an answer, and printed.
    """
    if column.if_any and says_nothing(text):
        return True
    return not isinstance(column.kind, TextKind) and is_postponed(text)


def text_of(cell: Cell) -> str:
    """Return the text of a header cell or an unassigned cell, as closely as possible."""
    value = cell.value
    return _plain(value) if isinstance(value, str) else "" if value is None else str(value)


def _plain(text: str) -> str:
    """Return text with Excel's escapes and line ends decoded, stripped."""
    undone = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return undone.replace("\r\n", "\n").replace("\r", "\n").strip(BLANKS)
