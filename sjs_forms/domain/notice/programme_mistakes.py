"""What pydantic says of a programme.toml, in Chinese for whoever writes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from sjs_forms.domain.near_words import nearest

_Place = tuple[str | int, ...]

_WANTED: Mapping[str, str] = {
    "string_type": "引号括起的文字",
    "int_type": "整数",
    "int_parsing": "整数",
    "int_from_float": "整数",
    "float_type": "数字",
    "float_parsing": "数字",
    "bool_type": " true 或 false",
    "bool_parsing": " true 或 false",
    "date_type": "日期，2026-03-01 的样子",
    "date_parsing": "日期，2026-03-01 的样子",
    "date_from_datetime_parsing": "日期，2026-03-01 的样子",
    "tuple_type": "方括号里的一列",
    "list_type": "方括号里的一列",
    "model_type": "一组 键 = 值",
    "dict_type": "一组 键 = 值",
    "string_pattern_mismatch": " #RRGGBB 的样子，字母大写",
}
"""What a key should be, by the type of the error."""
_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")
"""The errors for an unknown key of a model and of a dataclass."""
_BEYOND = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")


def told(faults: Sequence[ErrorDetails]) -> tuple[_Place, str]:
    """Return where the mistake is that is to be mended first, and what it is.

    An unknown key comes before a missing one, which it may be mistyped.
    """
    fault = next((each for each in faults if each["type"] in _UNKNOWN_KEY), faults[0])
    place: _Place = (*fault["loc"], *getattr(_error(fault), "place", ()))
    return place, _said(fault, [each["loc"] for each in faults if each["type"] == "missing"])


def _error(fault: ErrorDetails) -> Any:
    return fault.get("ctx", {}).get("error")


def _said(fault: ErrorDetails, missing: Sequence[_Place]) -> str:
    key, kind = _named(fault["loc"]), fault["type"]
    if kind == "missing":
        return f"缺少 {key}"
    if kind in _UNKNOWN_KEY:
        *holder, last = fault["loc"]
        beside = [str(place[-1]) for place in missing if place[:-1] == tuple(holder)]
        near = nearest(str(last), beside)
        return f"不认识“{key}”，" + (f"是否想写 {near}" if near else "请删去或改正")
    if kind == "value_error":
        return f"{key}：{_error(fault)}" if key else str(_error(fault))
    now = _now(fault["input"])
    if kind == "literal_error":
        expected = str(fault.get("ctx", {}).get("expected", ""))
        return f"{key} 只能是 {expected.replace(' or ', '、').replace(', ', '、')}{now}"
    if kind in _BEYOND:
        return f"{key} 超出范围{now}"
    if kind == "too_short":
        return f"{key} 至少要有一项"
    wanted = _WANTED.get(kind)
    return f"{key} 应是{wanted}{now}" if wanted else f"{key} 的写法不对{now}"


def _named(place: _Place) -> str:
    """A key as an author finds it: materials 第 2 项的 colour, print.copies."""
    named = ""
    for step in place:
        if isinstance(step, int):
            named += f" 第 {step + 1} 项"
        else:
            named += ("的 " if named.endswith("项") else "." if named else "") + step
    return named


def _now(value: Any) -> str:
    return f"，现为“{value}”" if isinstance(value, str | int | float) else ""
