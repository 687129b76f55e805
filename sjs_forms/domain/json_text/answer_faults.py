"""Words what is wrong with keys and values of application.json, in the form's own terms."""

import json
from collections.abc import Mapping

from pydantic_core import ErrorDetails

from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import MendAnswer, RenameKey, Written
from sjs_forms.domain.fields.line import LINE_LIMIT
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.places import Place

_WRITTEN: Mapping[str, Written] = {
    **dict.fromkeys(("string_type", "string_unicode", "string_sub_type"), "text"),
    **dict.fromkeys(("number", "float_type", "float_parsing", "finite_number"), "number"),
    **dict.fromkeys(("tuple_type", "list_type"), "list"),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "object"),
    "iso_date": "date",
    "flag": "flag",
}
"""How answers are written that pydantic refuses, by the types of its errors."""


def written_twice(fields: NoticeFields, place: Place) -> Finding:
    """Return the finding on a key that is written twice in one object."""
    return error(
        "duplicate-key",
        AnswerPlace(tuple(place)),
        fields.label_of(place),
        f"“{_cut(str(place[-1]))}”写了不止一次，无法判断以哪一个为准。",
        MendAnswer("请删去多余的，只保留一个。", (tuple(place),)),
    )


def fault_finding(fields: NoticeFields, fault: ErrorDetails) -> Finding:
    """Return one of pydantic's errors as a finding, in the form's own words."""
    place = place_of_fault(fault)
    if fault["type"] == "extra_forbidden":
        return _unknown_key(fields, place)
    return error(
        "too-long" if fault["type"] in ("string_too_long", "too_long") else "wrong-type",
        AnswerPlace(tuple(place)),
        fields.label_of(place),
        f"“{fields.label_of(place)}”{_expectation(fault)}",
        MendAnswer("请修改{}。", (place,), "中的", _WRITTEN.get(fault["type"], "")),
    )


def place_of_fault(fault: ErrorDetails) -> tuple[str | int, ...]:
    """Return the place of an error; pydantic adds [key] if the key itself is not text."""
    place = fault["loc"]
    is_of_key = place[-1:] == ("[key]",) and fault["type"] != "extra_forbidden"
    return place[:-1] if is_of_key else place


def _expectation(fault: ErrorDetails) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    match kind:
        case "string_type" | "string_unicode" | "string_sub_type":
            return "应是文字。"
        case "iso_date":
            return f"应是真实存在的日期，如 2025-03-01，现为 {_shown(fault['input'])}。"
        case "number" | "float_type" | "float_parsing" | "finite_number":
            return f"应是数字，如 1200.5，现为 {_shown(fault['input'])}。"
        case "greater_than":
            return "应大于 0。"
        case "less_than_equal":
            return "数值过大，请核对单位是否为平方米。"
        case "string_too_long":
            return f"最多 {context.get('max_length', LINE_LIMIT)} 个字。"
        case "turn":
            return "只能是 0、90、180 或 270 之一。"
        case "flag":
            return "只能是“是”（拉平）或“否”。"
        case "too_long":
            return f"最多 {context.get('max_length')} 项，现为 {context.get('actual_length')} 项。"
        case "literal_error":
            return f"只能是 {context.get('expected', '').replace(' or ', ' 或 ')} 之一。"
        case "tuple_type" | "list_type":
            return "应是一列内容。"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "应是一组内容。"
        case _:
            return f"的写法不对：{fault['msg']}。"


def _unknown_key(fields: NoticeFields, place: Place) -> Finding:
    key = str(place[-1])
    known = fields.known_keys(place[:-1])
    near = nearest("".join(filter(str.isprintable, key)).strip(), known)
    hidden = "，其中有看不见的字符" if near and any(not one.isprintable() for one in key) else ""
    return error(
        "unknown-key",
        AnswerPlace(tuple(place)),
        fields.label_of(place[:-1]),
        f"不认识“{_cut(key)}”这一项{hidden}。",
        RenameKey(tuple(place), near or "", tuple(known)),
    )


_LONGEST_SHOWN = 60


def _cut(text: str) -> str:
    """Return text as a message quotes it."""
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "层层嵌套的内容"
    return text if len(text) <= 40 else text[:39] + "…"
