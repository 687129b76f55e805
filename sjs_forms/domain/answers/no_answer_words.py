"""Recognises text that stands for no answer: a stroke, 无, or 同上."""

import re
import unicodedata
from typing import Literal

_STROKES = re.compile(r"[_/\\\-\u2010-\u2015\u2212~.。×]+")
_NONE = {"无", "没有", "无。", "空", "不适用", "n/a", "none", "null"}
_POSTPONED = {"待定", "暂无", "待填", "待补", "待补充", "待确认", "暂缺", "未定", "暂未确定", "tbd"}
_ELSEWHERE = re.compile(
    r"[(]?(?:同上|同左|同前|同右|见上|如上|同上一[行栏项]|与上[面述]?(?:相同|一致)|〃|\"|'')(?:[。.])?[)]?"
)

NoAnswer = Literal["nothing", "elsewhere"]


def no_answer(text: str) -> NoAnswer | None:
    """Return whether a line means none (无, /) or refers to another (同上).

    Returns None for an answer and for an empty line.
    """
    plain = _plain(text)
    if plain in _NONE or plain in _POSTPONED or _STROKES.fullmatch(plain):
        return "nothing"
    return "elsewhere" if _ELSEWHERE.fullmatch(plain) else None


def is_postponed(text: str) -> bool:
    """Return whether a cell says that its answer is still to come: 待定, 暂无."""
    return _plain(text).strip("。.()") in _POSTPONED


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
