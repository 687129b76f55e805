"""The rule of each column, in Chinese for the clerk and as data validation for Excel.

Excel's validation applies only to typed input, not to pasted or imported data, so nothing relies on
it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sjs_forms.batch.roster.columns import NO, YES, Column, Kind, Steps
from sjs_forms.domain.application import AREA_LIMIT, LINE_LIMIT, TEXT_LIMIT
from sjs_forms.domain.labels import CHOICE_WORDS

RuleType = Literal["custom", "date", "decimal", "list", "textLength"]

EARLIEST, LATEST = 18_264, 73_050
"""Excel's serial numbers of 1950-01-01 and 2099-12-31."""

_BESIDE: Mapping[Steps, Steps] = {
    ("term", "end"): ("term", "start"),
    ("platform", "rd_office_area_sqm"): ("platform", "total_area_sqm"),
}
"""Columns compared with another one: not before it, not above it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A data validation rule: input must be `between` the formulas (or `equal`).

    `ask` is the input prompt, `refusal` the error message.
    """

    type: RuleType
    formula1: str
    formula2: str | None
    ask: str
    refusal: str
    operator: Literal["between", "equal"] = "between"


def how_to_fill(column: Column) -> str:
    """Return in one sentence what to enter in a column."""
    special = _SPECIAL.get(column.where)
    return special or _ASKS[column.kind] + (_choices(column) if column.kind == "choice" else "")


def rule_of(column: Column, cells: Mapping[Steps, str]) -> Rule:
    """Return Excel's rule for a column.

    `cells` maps places to the cell of each column in the first row of the rule.
    """
    own = cells[column.place] if column.kind != "tick" else ""
    beside = cells.get(_BESIDE.get(column.place, ()), "")
    ask = how_to_fill(column)
    match column.kind:
        case "day":
            first = f"MAX({beside},{EARLIEST})" if beside else str(EARLIEST)
            order = "，且不早于开始的那一天" if beside else ""
            return Rule("date", first, str(LATEST), ask, f"请填写日期，如 2025-3-1{order}。")
        case "area":
            most = f"IF(ISNUMBER({beside}),{beside},{AREA_LIMIT})" if beside else str(AREA_LIMIT)
            order = "，且不大于总面积" if beside else ""
            refusal = f"请只填大于 0 的数字，不写单位{order}。"
            return Rule("decimal", "0.01", most, ask, refusal)
        case "choice" | "tick":
            words = [CHOICE_WORDS[choice] for choice in column.choices]
            listed = [YES, NO] if column.kind == "tick" else words
            return Rule("list", f'"{",".join(listed)}"', None, ask, "请从下拉列表中选择。")
        case "code":
            refusal = "统一社会信用代码是 18 位，请对照营业执照核对。"
            return Rule("textLength", "18", None, ask, refusal, "equal")
        case "phone":
            refusal = "请填写电话号码，以文本保存；座机写区号，如 010-68863654。"
            return Rule("custom", f"AND(ISTEXT({own}),LEN({own})>=5)", None, ask, refusal)
        case "email":
            formula = f'AND(ISNUMBER(FIND("@",{own})),ISERROR(FIND(" ",{own})))'
            refusal = "邮箱地址中应有 @，不能有空格。"
            return Rule("custom", formula, None, ask, refusal)
        case _:
            limit = TEXT_LIMIT if column.kind == "text" else LINE_LIMIT
            return Rule("textLength", "1", str(limit), ask, f"最多 {limit:,} 个字。")


def _choices(column: Column) -> str:
    return "、".join(CHOICE_WORDS[choice] for choice in column.choices) + "。"


_ASKS: Mapping[Kind, str] = {
    "line": f"写一行文字，最多 {LINE_LIMIT} 个字。",
    "text": f"可写多段，Alt+Enter 换段，最多 {TEXT_LIMIT:,} 个字。",
    "code": "照营业执照写 18 位代码，字母大写，中间不留空格。",
    "phone": "座机写区号，如 010-68863654；几个号码用“/”隔开。",
    "email": "写电子邮箱地址，如 name@example.cn。",
    "day": "写日期，如 2025-3-1。",
    "area": "只写数字，单位是平方米，如 2460.5。",
    "choice": "从下拉列表中选择：",
    "tick": f"有这项资质的选“{YES}”，没有的选“{NO}”或留空。",
    "ticks": "写有的各项资质，用“、”隔开。",
    "folder": "写材料所在文件夹的名字，文件夹与本表放在一起；没有材料的留空。",
}

_SPECIAL: Mapping[str, str] = {
    "legal_representative.mobile": "写 11 位手机号码；手机和座机至少写一个。",
    "liaison.mobile": "写 11 位手机号码；手机和座机至少写一个。",
    "platform.category.date": "新认定的写建设时间，新迁入的写迁入时间，如 2025-3-1。",
    "platform.other_qualification.name": "有其他类别的资质时写明，名称、级别、认定部门三项都要填。",
    "signed_on": "印在签章处的日期，如 2025-3-1；一般留空，签字时手写。",
}
