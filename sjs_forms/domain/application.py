"""The applicant's answers as frozen models, their JSON Schema, and the form's label of each.

Models validate types only. Every leaf may be None, because `null`, `""` and a missing key mean the
same (the blank stays on the form). What is required or plausible is checked in `checks`. A field's
`title` is the form's own label; `{n}` in it counts list items.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictStr
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

REQUIRED: JsonDict = {"required_answer": True}
"""Marks a field whose blank is a finding. `json_schema()` turns it into `required`."""

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TURNS = (0, 90, 180, 270)

LINE_LIMIT = 200
TEXT_LIMIT = 20_000
AREA_LIMIT = 10_000_000


def _blank_is_none(value: object) -> object:
    if isinstance(value, str):
        return value.strip(" \t\r\n\u3000\ufeff") or None
    return value


def _iso_date(value: object) -> object:
    value = _blank_is_none(value)
    if value is None:
        return None
    if not isinstance(value, str):
        raise PydanticCustomError("iso_date", "not a date")
    try:
        if not _ISO_DATE.fullmatch(value):
            raise ValueError(value)
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("iso_date", "not a date") from None


def _number(value: object) -> object:
    value = _blank_is_none(value)
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise PydanticCustomError("number", "not a number")
    return value


def _turn(value: object) -> object:
    value = _blank_is_none(value)
    if value is not None and (isinstance(value, bool) or value not in _TURNS):
        raise PydanticCustomError("turn", "not a quarter-turn")
    return value


def _empty_is_none(value: object) -> object:
    return None if value == "" else value


def _none_is_empty(value: object) -> object:
    return {} if value is None or value == "" else value


def _none_is_nothing(value: object) -> object:
    return [] if value is None or value == "" else value


Line = Annotated[
    Annotated[StrictStr, Field(max_length=LINE_LIMIT)] | None, BeforeValidator(_blank_is_none)
]
"""One line of text on the form."""
Text = Annotated[
    Annotated[StrictStr, Field(max_length=TEXT_LIMIT)] | None, BeforeValidator(_blank_is_none)
]
"""Text in which a newline starts a paragraph."""
Day = Annotated[date | None, BeforeValidator(_iso_date)]
Area = Annotated[
    Annotated[float, Field(gt=0, le=AREA_LIMIT, allow_inf_nan=False)] | None,
    BeforeValidator(_number),
]
"""Square metres."""

CategoryKind = Literal["newly_accredited", "newly_relocated"]
Qualification = Literal[
    "national_engineering_research_center",
    "national_key_laboratory",
    "beijing_engineering_research_center",
    "beijing_key_laboratory",
]
Level = Literal["national", "municipal"]
CATEGORY_KINDS: tuple[str, ...] = get_args(CategoryKind)
QUALIFICATIONS: tuple[str, ...] = get_args(Qualification)
LEVELS: tuple[str, ...] = get_args(Level)


class Model(BaseModel):
    """Base of the answers: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Applicant(Model):
    """Who applies."""

    name: Line = Field(None, title="申报单位", json_schema_extra=REQUIRED)
    uscc: Line = Field(None, title="申报单位统一社会信用代码")


class Term(Model):
    """The span applied for."""

    start: Day = Field(None, title="起止年限（起）")
    end: Day = Field(None, title="起止年限（止）")


class Contact(Model):
    """The contact on the cover."""

    name: Line = Field(None, title="联系人", json_schema_extra=REQUIRED)
    phone: Line = Field(None, title="联系电话", json_schema_extra=REQUIRED)
    email: Line = Field(None, title="邮箱", json_schema_extra=REQUIRED)


class Category(Model):
    """平台类别: one of two, with its date."""

    kind: Annotated[CategoryKind | None, BeforeValidator(_blank_is_none)] = Field(
        None, title="平台类别"
    )
    date: Day = Field(None, title="平台类别（建设时间/迁入时间）")


class OtherQualification(Model):
    """其他类别: all three or nothing."""

    name: Line = Field(None, title="平台资质其他类别（名称）")
    level: Annotated[Level | None, BeforeValidator(_blank_is_none)] = Field(
        None, title="平台资质其他类别（国家级/市级）"
    )
    authority: Line = Field(None, title="平台资质其他类别（认定部门）")


class Platform(Model):
    """The laboratory, platform or institute."""

    name: Line = Field(None, title="实验室/创新平台/研究机构等名称", json_schema_extra=REQUIRED)
    address: Line = Field(None, title="实验室/创新平台/研究机构等地址", json_schema_extra=REQUIRED)
    accredited_on: Day = Field(None, title="资质认定时间")
    accredited_by: Line = Field(None, title="资质认定部门")
    construction: Text = Field(None, title="平台建设内容")
    category: Annotated[Category, BeforeValidator(_none_is_empty)] = Field(
        Category(), title="平台类别"
    )
    total_area_sqm: Area = Field(None, title="总面积（平方米）")
    rd_office_area_sqm: Area = Field(None, title="其中，研发及办公面积（平方米）")
    qualifications: Annotated[tuple[Qualification, ...], BeforeValidator(_none_is_nothing)] = Field(
        (), title="平台资质", max_length=len(QUALIFICATIONS)
    )
    other_qualification: Annotated[OtherQualification, BeforeValidator(_none_is_empty)] = Field(
        OtherQualification(), title="平台资质其他类别"
    )


class Founder(Model):
    """One of up to three 设立主体."""

    name: Line = Field(None, title="设立主体{n}名称", json_schema_extra=REQUIRED)
    uscc: Line = Field(None, title="设立主体{n}统一社会信用代码")
    address: Line = Field(None, title="设立主体{n}注册地址")


class LegalRepresentative(Model):
    """企业法人 with at least one number."""

    name: Line = Field(None, title="企业法人")
    mobile: Line = Field(None, title="企业法人手机")
    landline: Line = Field(None, title="企业法人座机")


class Liaison(Model):
    """企业联系人 with at least one number."""

    name: Line = Field(None, title="企业联系人")
    mobile: Line = Field(None, title="企业联系人手机")
    landline: Line = Field(None, title="企业联系人座机")


class Attachment(Model):
    """One file of the volume; `pages` like "1-3,7", `rotate` degrees clockwise."""

    material: Line = Field(None, title="附件{n}所属材料", json_schema_extra=REQUIRED)
    file: Line = Field(None, title="附件{n}文件", json_schema_extra=REQUIRED)
    title: Line = Field(None, title="附件{n}标题")
    pages: Line = Field(None, title="附件{n}页码")
    rotate: Annotated[Literal[0, 90, 180, 270] | None, BeforeValidator(_turn)] = Field(
        None, title="附件{n}旋转角度"
    )
    password: Annotated[StrictStr | None, BeforeValidator(_empty_is_none)] = Field(
        None, title="附件{n}密码", max_length=LINE_LIMIT
    )


class Application(Model):
    """All answers of one application.json."""

    programme: Line = Field(None, title="申报通知")
    applicant: Annotated[Applicant, BeforeValidator(_none_is_empty)] = Field(
        Applicant(), title="申报单位", json_schema_extra=REQUIRED
    )
    term: Annotated[Term, BeforeValidator(_none_is_empty)] = Field(Term(), title="起止年限")
    contact: Annotated[Contact, BeforeValidator(_none_is_empty)] = Field(
        Contact(), title="联系人", json_schema_extra=REQUIRED
    )
    platform: Annotated[Platform, BeforeValidator(_none_is_empty)] = Field(
        Platform(), title="实验室/创新平台/研究机构等", json_schema_extra=REQUIRED
    )
    founders: Annotated[tuple[Founder, ...], BeforeValidator(_none_is_nothing)] = Field(
        (), title="设立主体", max_length=3, json_schema_extra=REQUIRED
    )
    legal_representative: Annotated[LegalRepresentative, BeforeValidator(_none_is_empty)] = Field(
        LegalRepresentative(), title="企业法人"
    )
    liaison: Annotated[Liaison, BeforeValidator(_none_is_empty)] = Field(
        Liaison(), title="企业联系人"
    )
    remarks: Text = Field(None, title="其他需要说明的问题")
    opinion: Text = Field(None, title="项目申报单位意见")
    signed_on: Day = Field(None, title="签章日期")
    attachments: Annotated[tuple[Attachment, ...] | None, BeforeValidator(_empty_is_none)] = Field(
        None, title="附件"
    )


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of application.json, required keys marked."""
    schema = Application.model_json_schema()
    for model in (schema, *schema.get("$defs", {}).values()):
        properties = model.get("properties", {})
        required = [name for name, rule in properties.items() if rule.pop("required_answer", None)]
        if required:
            model["required"] = required
        for name in required:
            if properties[name].get("type") == "array":
                properties[name]["minItems"] = 1
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
