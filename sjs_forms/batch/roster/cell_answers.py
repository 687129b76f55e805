"""Parses a cell into an answer of application.json, or says why that is impossible.

Only what is lost or ambiguous is refused here. Answers are validated where those of every
application are (`application_json`, `checks`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sjs_forms.base.finding_places import WHOLE
from sjs_forms.base.findings import Finding, error
from sjs_forms.batch.roster.choice_cells import Named, named_choices
from sjs_forms.batch.roster.columns import NO, YES, Column, header_key
from sjs_forms.domain.application_json import nearest
from sjs_forms.domain.labels import CHOICE_WORDS

MAX_CELL_TEXT = 32_767
"""Excel's own limit on the text of a cell."""

_EXACT_DIGITS = 10**15
"""From here on Excel has rounded the last digits of a number."""
_SERIALS = range(18_264, 73_051)
"""Serial numbers (days since 1899-12-30) read as dates, 1950 to 2099."""

_BLANK = " \t\r\n\v\f\u3000\ufeff\u00a0\u200b"
_NOTHING = {"/", "\\", "-", "--", "—", "——", "无", "没有", "不适用", "n/a"}
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
_LINE_END = re.compile(r"\s*(?:\r\n?|[\n\v\f\x85\u2028\u2029])\s*")
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212]")
_DAY = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-./年])(?P<month>\d{1,2})[-./月](?P<day>\d{1,2})[日号]?"
    r"(?:(?:(?<=[日号])|[\sT])\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT_DAY = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_AREA = re.compile(
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*(?:平方米|平米|平方|m2|㎡)?"
)
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_YES = {YES, "√", "✓", "✔", "☑", "✅", "■", "1", "true", "yes", "y", "有", "勾选", "对"}
_YES_OR_NO = {YES: (YES,), NO: (NO,)}
_LIST_MARKS = re.compile("[、,;/和及与]")
_NO = {NO, "×", "✗", "✘", "☐", "□", "0", "false", "no", "n", *_NOTHING}

Value = str | int | float | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as stored in the workbook.

    `error` is the error that Excel shows (#REF!). `uncalculated` marks a formula without a stored
    value. `digits` is the minimum number of digits that the format shows (0 if it does not say).
    `scaled` is the unit or percent sign with which the format shows another number (%, 万). `epoch`
    is the workbook's day 0.
    """

    value: object = None
    error: str | None = None
    uncalculated: bool = False
    digits: int = 0
    scaled: str = ""
    epoch: date = date(1899, 12, 30)


BLANK_CELL = Cell()


def read_cell(column: Column, cell: Cell) -> Value | Finding:
    """Parse `cell` for `column`. Returns None for a blank cell."""
    if cell.error is not None:
        return _unclear(
            "cell-error",
            f"公式出错，显示的是 {cell.error}。",
            "请改正公式，或直接填写内容。",
        )
    if cell.uncalculated:
        return _unclear(
            "cell-uncalculated",
            "是公式，但没有存下算出的结果。",
            "请用 Excel 或 WPS 打开，保存一次再试；或直接填写内容。",
        )
    value = cell.value
    if isinstance(value, str):
        value = _plain(value)
        if len(value) > MAX_CELL_TEXT:
            return _unclear(
                "cell-too-long",
                f"超过 {MAX_CELL_TEXT:,} 个字，不是 Excel 能存的内容。",
                "请删减后用 Excel 或 WPS 重新保存。",
            )
        if not value or (column.if_any and value.casefold() in _NOTHING):
            return None
    if value is None:
        return None
    if cell.scaled:
        return _unclear(
            "cell-shown-otherwise",
            f"单元格带着“{cell.scaled}”的格式，存的却是 {_shown(value)}，看不出是哪个数。",
            "请把单元格格式改为“常规”或“文本”，写上完整的数，不用百分号和“万”。",
        )
    return _READERS[column.kind](column, cell, value)


def _unclear(code: str, message: str, remedy: str) -> Finding:
    """Why a cell cannot be understood, without its place."""
    return error(code, WHOLE, "", message, remedy)


def text_of(cell: Cell) -> str:
    """Return the text of a header cell or an unassigned cell, as closely as possible."""
    value = cell.value
    return _plain(value) if isinstance(value, str) else "" if value is None else str(value)


def _plain(text: str) -> str:
    """Return text with Excel's escapes and line ends decoded, stripped."""
    undone = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return undone.replace("\r\n", "\n").replace("\r", "\n").strip(_BLANK)


def _number_text(value: float, digits: int) -> str:
    """Return a number as displayed, with the leading zeros of its format."""
    shown = f"{value:.15g}"
    return shown.zfill(digits) if shown.isdigit() else shown


def _text(_column: Column, cell: Cell, value: object) -> Value | Finding:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        if abs(value) >= _EXACT_DIGITS:
            return _digits_lost(_number_text(value, 0))
        return _number_text(value, cell.digits)
    if isinstance(value, date | time | timedelta):
        return _unclear(
            "cell-became-date",
            f"被 Excel 当成了日期或时间（{_shown(value)}），原来写的已无从知道。",
            "请先把单元格格式设为“文本”，再重新填写。",
        )
    return str(value)


def _line(column: Column, cell: Cell, value: object) -> Value | Finding:
    """Parse a single-line text. Line breaks that a clerk inserted to fit the cell are removed."""
    text = _text(column, cell, value)
    if not isinstance(text, str):
        return text
    return _LINE_END.sub(lambda end: _between(text, end.start(), end.end()), text)


def _between(text: str, start: int, end: int) -> str:
    """Return the replacement of a line break: nothing beside Chinese, else a space."""
    chinese = any(ord(text[index]) >= 0x2E80 for index in (start - 1, end))
    return "" if chinese else " "


def _code(column: Column, cell: Cell, value: object) -> Value | Finding:
    text = _line(column, cell, value)
    if isinstance(text, str):
        text = unicodedata.normalize("NFKC", text)
        if _EXPONENT.fullmatch(text):
            return _digits_lost(text)
    return text


def _phone(column: Column, cell: Cell, value: object) -> Value | Finding:
    """Parse a telephone number. One stored as a number may have lost its leading 0."""
    text = _code(column, cell, value)
    if isinstance(value, int | float) and isinstance(text, str) and not _kept_whole(text):
        return _unclear(
            "cell-digits-lost",
            f"存成了数字 {text}，开头的 0 可能已经丢失。",
            "请先把单元格格式设为“文本”，再重新填写，区号连同开头的 0 一起写。",
        )
    return text


def _kept_whole(digits: str) -> bool:
    """Return whether a number stored without leading zeros is still complete.

    Mobile, local and service numbers do not begin with 0; numbers with an area code do.
    """
    if not digits.isdigit() or digits.startswith("0"):
        return digits.isdigit()
    mobile = len(digits) == 11 and digits[0] == "1"
    nationwide = len(digits) == 10 and digits[:3] in ("400", "800")
    return mobile or nationwide or len(digits) <= 8


def _digits_lost(shown: str) -> Finding:
    return _unclear(
        "cell-digits-lost",
        f"存成了数字 {shown}，末几位已被 Excel 舍去。",
        "请先把单元格格式设为“文本”，再对照原件重新填写。",
    )


def _day(_column: Column, cell: Cell, value: object) -> Value | Finding:
    found: date | None = None
    if isinstance(value, datetime):
        found = value.date()
    elif isinstance(value, date):
        found = value
    elif isinstance(value, str):
        found = _written_day(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found = _numbered_day(value, cell.epoch)
    if found:
        return found.isoformat()
    return _unclear(
        "cell-not-date",
        f"看不出是哪一天：“{_shown(value)}”。",
        "请写成 2025-3-1 或 2025年3月1日 的样子，年写四位，写到日。",
    )


def _written_day(text: str) -> date | None:
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"\s*([-./年月])\s*|\s+(?=[日号])", lambda match: match[1] or "", plain)
    match = _DAY.fullmatch(plain) or _COMPACT_DAY.fullmatch(plain)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _numbered_day(number: float, epoch: date) -> date | None:
    """Parse a date without a date format: Excel's serial number, or 20250301."""
    if int(number) in _SERIALS:
        return epoch + timedelta(days=int(number))
    return _written_day(str(int(number))) if number == int(number) else None


def _area(_column: Column, _cell: Cell, value: object) -> Value | Finding:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if isinstance(value, int) else _as_shown(value)
    if isinstance(value, str):
        plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", value))
        match = _AREA.fullmatch(plain)
        if match:
            return _as_shown(float(match["number"].replace(",", "")))
    return _unclear(
        "cell-not-number",
        f"不是一个数：“{_shown(value)}”。",
        "请只写数字，单位是平方米，如 2460.5。",
    )


def _as_shown(value: float) -> float:
    """Round a number to the 15 digits that Excel shows; whole numbers have no decimal point."""
    shown = float(f"{value:.15g}")
    return int(shown) if shown.is_integer() and abs(shown) < _EXACT_DIGITS else shown


def _choice(column: Column, _cell: Cell, value: object) -> Value | Finding:
    """Parse a single choice: the one named, or the one ticked among several."""
    named = _named(column, str(value))
    if named is not None and not named.ticked:
        return _not_a_choice(column, str(value))
    if named is None or named.doubtful or len(named.chosen) > 1:
        return _not_one_choice(column, value)
    if not named.chosen:
        all_empty = set(named.ticked) == set(column.choices)
        return None if all_empty else _not_one_choice(column, value)
    return named.chosen[0]


def _ticks(column: Column, _cell: Cell, value: object) -> Value | Finding:
    """Parse several choices in one cell; returns them in the order of the form."""
    named = _named(column, str(value))
    if named is None or named.doubtful:
        return _not_one_choice(column, value)
    pieces = [piece for text in named.beside for piece in _LIST_MARKS.split(text)]
    for piece in pieces:
        if header_key(piece) and not piece.startswith("("):
            return _not_a_choice(column, piece)
    if not named.ticked:
        return _not_a_choice(column, str(value))
    return [choice for choice in column.choices if choice in named.chosen]


def _named(column: Column, text: str) -> Named | None:
    names = {choice: (choice, CHOICE_WORDS[choice]) for choice in column.choices}
    return named_choices(names, text)


def _not_one_choice(column: Column, value: object) -> Finding:
    words = "、".join(CHOICE_WORDS[choice] for choice in column.choices)
    return _unclear(
        "cell-choice-unclear",
        f"“{_shown(value)}”看不出选的是哪一项。",
        f"请只写选中的，不写没选的。可写：{words}。",
    )


def _not_a_choice(column: Column, written: str) -> Finding:
    words = [CHOICE_WORDS[choice] for choice in column.choices]
    near = nearest(written, words)
    return _unclear(
        "cell-not-choice",
        f"“{_shown(written)}”不在可选之列。",
        (f"是否想写“{near}”？" if near else "") + f"可写：{'、'.join(words)}。",
    )


def _tick(column: Column, _cell: Cell, value: object) -> Value | Finding:
    """Parse a tick box: a list with its choice, or an empty list."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = unicodedata.normalize("NFKC", str(value)).strip(_BLANK).casefold()
    if word in _YES:
        return list(column.choices)
    if word in _NO:
        return []
    for names in ({YES: (*column.choices, CHOICE_WORDS[column.choices[0]])}, _YES_OR_NO):
        named = named_choices(names, word)
        if named and not named.beside and len(named.chosen) <= 1 and named.ticked:
            return list(column.choices) if named.chosen == (YES,) else []
    return _unclear(
        "cell-not-choice",
        f"“{_shown(value)}”看不出是不是。",
        f"有这项资质的写“{YES}”（打 √ 也可以），没有的写“{NO}”或留空。",
    )


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value
    text = " ".join(str(value).split())
    return text if len(text) <= 30 else text[:29] + "…"


_READERS: Mapping[str, Callable[[Column, Cell, object], Value | Finding]] = {
    "line": _line,
    "folder": _line,
    "text": _text,
    "code": _code,
    "email": _code,
    "phone": _phone,
    "day": _day,
    "area": _area,
    "choice": _choice,
    "tick": _tick,
    "ticks": _ticks,
}
