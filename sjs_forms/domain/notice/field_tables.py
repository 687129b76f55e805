"""Makes a question from a [[field]] table of fields.toml, with its kind and parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sjs_forms.domain.fields.choice import Choice, ChoiceKind
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.day import DayKind
from sjs_forms.domain.fields.email import EmailKind
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.kind import Kind
from sjs_forms.domain.fields.line import LINE_LIMIT, LineKind
from sjs_forms.domain.fields.number import NumberKind
from sjs_forms.domain.fields.phone import PhoneKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.fields.text import TEXT_LIMIT, TextKind
from sjs_forms.domain.fields.uscc import UsccKind
from sjs_forms.domain.near_words import nearest

_MAX_ROWS = 1_000
_COMMON: Mapping[str, type | tuple[type, ...]] = {
    "label": str,
    "group": str,
    "kind": str,
    "required": bool,
    "if_any": bool,
    "hint": str,
    "tick_hint": str,
    "aliases": list,
    "blank_told": bool,
    "as_part": str,
}
_NAMES: Mapping[Any, str] = {
    str: "引号括起的文字",
    bool: " true 或 false",
    int: "整数",
    (int, float): "数字",
    list: "方括号括起的一列文字",
    dict: ' { 英文名 = "表上的字" } 的样子',
}


class BadField(ValueError):
    """Raised for an invalid declaration of a field; `key` is the key at fault."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key, self.message = key, message


@dataclass(frozen=True, slots=True)
class _Maker:
    """The additional keys of a kind with their types, and the function that makes the kind."""

    keys: Mapping[str, Any]
    make: Callable[[Mapping[str, Any], tuple[Field, ...]], Kind]
    needed: tuple[str, ...] = ()


def field_of(place: Place, data: Mapping[str, Any], inner: tuple[Field, ...]) -> Field:
    """Return the question that a table declares at a place. `inner` are the fields of its rows.

    Raises BadField.
    """
    name = str(data.get("kind", ""))
    if name not in KINDS:
        raise BadField("kind", f"没有“{name}”这种 kind；可用的有：{'、'.join(KINDS)}")
    maker = KINDS[name]
    known = {**_COMMON, **maker.keys}
    for key, value in data.items():
        wanted = known.get(key)
        if wanted is None:
            near = nearest(key, tuple(known))
            advice = f"是否想写 {near}" if near else f"可以写的有：{'、'.join(known)}"
            raise BadField(key, f"{name} 没有“{key}”，{advice}")
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise BadField(key, f"{key} 应是{_NAMES[wanted]}")
    for key in ("label", *maker.needed):
        if not data.get(key):
            raise BadField(key, f"缺少 {key}")
    aliases = data.get("aliases", ())
    if not all(isinstance(alias, str) for alias in aliases):
        raise BadField("aliases", f"aliases 应是{_NAMES[list]}")
    part = data.get("as_part", "")
    return Field(
        place,
        data["label"],
        maker.make(data, inner),
        group=data.get("group", ""),
        required=data.get("required", False),
        if_any=data.get("if_any", False),
        hint=data.get("hint", ""),
        tick_hint=data.get("tick_hint", ""),
        aliases=tuple(aliases),
        blank_told=data.get("blank_told", False),
        as_part=tuple(part.split(".")) if part else (),
    )


def _line(data: Mapping[str, Any], _inner: tuple[Field, ...]) -> Kind:
    return LineKind(limit=_positive(data, "limit", LINE_LIMIT))


def _text(data: Mapping[str, Any], _inner: tuple[Field, ...]) -> Kind:
    limit = _positive(data, "limit", TEXT_LIMIT)
    if data.get("line_length", 0) < 0:
        raise BadField("line_length", "line_length 不能小于 0")
    return TextKind(limit=limit, line_length=data.get("line_length", 0))


def _number(data: Mapping[str, Any], _inner: tuple[Field, ...]) -> Kind:
    default = NumberKind()
    above, most = data.get("above", default.above), data.get("most", default.most)
    if above is not None and most <= above:
        raise BadField("most", "most 应大于 above")
    decimals = data.get("decimals")
    if decimals is not None and not 0 <= decimals <= 10:
        raise BadField("decimals", "decimals 应在 0 到 10 之间")
    return NumberKind(unit=data.get("unit", ""), above=above, most=most, decimals=decimals)


def _choices(data: Mapping[str, Any]) -> tuple[Choice, ...]:
    choices = data["choices"]
    if len(choices) < 1 or not all(isinstance(label, str) and label for label in choices.values()):
        raise BadField("choices", f"choices 应是{_NAMES[dict]}")
    if len(set(choices.values())) < len(choices):
        raise BadField("choices", "有两个选项的文字相同")
    return tuple(Choice(each, label) for each, label in choices.items())


def _rows(data: Mapping[str, Any], inner: tuple[Field, ...]) -> Kind:
    if not inner:
        raise BadField("kind", "rows 之下没有一项 [[field.field]]")
    if any(isinstance(one.kind, RowsKind | ChoiceWithDateKind) for one in inner):
        raise BadField("kind", "表格的一行里不能再有表格或带日期的选项")
    least, slots = data.get("least", 0), data.get("slots", 0)
    most = _positive(data, "most", _MAX_ROWS)
    if not 0 <= least <= most <= _MAX_ROWS or not 0 <= slots <= most:
        raise BadField("most", f"least、slots 不能大于 most，most 不能大于 {_MAX_ROWS}")
    return RowsKind(
        fields=inner,
        item_label=data.get("item_label", f"{data['label']}{{n}}"),
        least=least,
        most=most,
        slots=slots,
    )


def _positive(data: Mapping[str, Any], key: str, default: int) -> int:
    value = int(data.get(key, default))
    if value < 1:
        raise BadField(key, f"{key} 应大于 0")
    return value


KINDS: Mapping[str, _Maker] = {
    "line": _Maker({"limit": int}, _line),
    "text": _Maker({"limit": int, "line_length": int}, _text),
    "day": _Maker({}, lambda _data, _inner: DayKind()),
    "number": _Maker(
        {"unit": str, "above": (int, float), "most": (int, float), "decimals": int}, _number
    ),
    "uscc": _Maker({}, lambda _data, _inner: UsccKind()),
    "phone": _Maker(
        {"mobile": bool}, lambda data, _inner: PhoneKind(mobile=data.get("mobile", False))
    ),
    "email": _Maker({}, lambda _data, _inner: EmailKind()),
    "choice": _Maker(
        {"choices": dict}, lambda data, _inner: ChoiceKind(choices=_choices(data)), ("choices",)
    ),
    "choices": _Maker(
        {"choices": dict}, lambda data, _inner: ChoicesKind(choices=_choices(data)), ("choices",)
    ),
    "choice_with_date": _Maker(
        {"choices": dict, "date_label": str, "date_hint": str},
        lambda data, _inner: ChoiceWithDateKind(
            choices=_choices(data),
            date_label=data["date_label"],
            date_hint=data.get("date_hint", ""),
        ),
        ("choices", "date_label"),
    ),
    "rows": _Maker(
        {"least": int, "most": int, "slots": int, "item_label": str, "field": list}, _rows
    ),
}
"""Every kind by its name in fields.toml."""
