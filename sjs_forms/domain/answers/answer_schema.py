"""The JSON Schema of application.json, with the form's labels, hints and order."""

from typing import Any

from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.line import LINE_LIMIT
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.notice_fields import (
    ATTACHMENT_LABELS,
    PROGRAMME_LABEL,
    NoticeFields,
)

_REQUIRED_OF_FILES = ("file",)


def json_schema(fields: NoticeFields) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an application, with required keys marked.

    A choice is listed with the form's own words, for editors and form renderers.
    """
    schema = _object(fields, ())
    schema["properties"]["programme"] = _text(PROGRAMME_LABEL)
    schema["properties"]["attachments"] = _attachments(fields.label_of(("attachments",)))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Application",
        **schema,
    }


def _object(fields: NoticeFields, holder: Place) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for key in fields.known_keys(holder):
        place = (*holder, key)
        answer, question = fields.answer_at(place), fields.question_at(place)
        if answer:
            properties[key], is_required = _leaf(answer), answer.required
        elif question and isinstance(question.kind, RowsKind) and question.place == place:
            properties[key] = _rows(fields, question, question.kind)
            is_required = question.kind.least > 0
        elif place[0] in ("programme", "attachments"):
            properties[key], is_required = {}, False
        else:
            inner = _object(fields, place)
            properties[key] = {"title": fields.label_of(place), **inner}
            is_required = "required" in inner
        required += [key] if is_required else []
    made: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        made["required"] = required
    return {**made, "additionalProperties": False}


def _leaf(answer: Field) -> dict[str, Any]:
    rule = answer.kind.json_schema()
    if isinstance(answer.kind, ChoicesKind):
        return {"title": answer.label, "description": answer.ask(), **rule}
    # A new folder has null for every blank, so null must be valid: only `required` marks a gap.
    either = {"anyOf": [rule, {"type": "null"}]}
    return {"title": answer.label, "description": answer.ask(), **either}


def _rows(fields: NoticeFields, question: Field, kind: RowsKind) -> dict[str, Any]:
    item = _object(fields, (*question.place, 0))
    required = [str(one.place[-1]) for one in kind.fields if one.required]
    for one in kind.fields:
        item["properties"][str(one.place[-1])]["title"] = _of_any(one.label)
    item["required"] = required
    least = {"minItems": kind.least} if kind.least else {}
    return {
        "title": question.label,
        "description": kind.ask(),
        "type": "array",
        "items": item if required else {k: v for k, v in item.items() if k != "required"},
        **least,
        "maxItems": kind.most,
    }


def _attachments(label: str) -> dict[str, Any]:
    properties = {key: _text(_of_any(each)) for key, each in ATTACHMENT_LABELS.items()}
    properties["rotate"] = {
        "title": _of_any(ATTACHMENT_LABELS["rotate"]),
        "anyOf": [{"enum": [0, 90, 180, 270]}, {"type": "null"}],
    }
    properties["straighten"] = {
        "title": _of_any(ATTACHMENT_LABELS["straighten"]),
        "anyOf": [{"type": "boolean"}, {"type": "null"}],
    }
    item = {
        "type": "object",
        "properties": properties,
        "required": list(_REQUIRED_OF_FILES),
        "additionalProperties": False,
    }
    return {"title": label, "anyOf": [{"type": "array", "items": item}, {"type": "null"}]}


def _text(label: str) -> dict[str, Any]:
    rule = {"type": "string", "maxLength": LINE_LIMIT}
    return {"title": label, "anyOf": [rule, {"type": "null"}]}


def _of_any(label: str) -> str:
    """Return the label of a key of rows, without the row's number."""
    return label.replace("{n}", "")
