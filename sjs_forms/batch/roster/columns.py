"""The columns of a roster: one for each answer of the form, identified by their headers.

Labels and the words of choices are the form's own (`labels`). What a column holds is its `kind`:
`cell_answers` parses kinds, `cell_rules` describes them in Chinese and to Excel.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from sjs_forms.domain.application import CATEGORY_KINDS, LEVELS, QUALIFICATIONS
from sjs_forms.domain.labels import CHOICE_WORDS, label_of, where

Kind = Literal[
    "line", "text", "code", "phone", "email", "day", "area", "choice", "tick", "ticks", "folder"
]
"""`ticks` means several choices in one cell, `folder` the folder of the attachments."""

Steps = tuple[str | int, ...]

FOLDER_LABEL = "附件文件夹"
YES, NO = "是", "否"
BOOKKEEPING = ("序号", "编号", "No")
"""Headers of columns in which clerks number their rows; ignored without a warning."""

_ASIDES = re.compile(r"[(（]\s*(?:必填|选填|可选|若有)\s*[)）]")
_BRACKETED = re.compile(r"（[^）]*）")
_QUALIFICATIONS: Steps = ("platform", "qualifications")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the place in application.json that it fills, and what it may hold.

    `group` is its part of the form. `choices` are application.json's words. In an `if_any` column
    (若有) 无 or / means none. `written` is false for columns that are understood but not on the
    sheet to fill in.
    """

    place: Steps
    kind: Kind
    group: str
    label: str
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    required: bool = False
    if_any: bool = False
    written: bool = True

    @property
    def where(self) -> str:
        """The place as findings name it."""
        return where(self.place)


@cache
def all_columns() -> tuple[Column, ...]:
    """Return every column that is understood, in the order of the sheet."""
    return tuple(_columns())


@cache
def columns_by_key() -> Mapping[str, Column]:
    """Return columns by all their possible headers, normalised by `header_key`.

    Besides the label these are the path in application.json, and the label without its remark in
    brackets if that is unambiguous.
    """
    columns = all_columns()
    found = {header_key(column.label): column for column in columns}
    for column in columns:
        for name in (column.where, *column.aliases):
            found.setdefault(header_key(name), column)
    short: dict[str, list[Column]] = {}
    for column in columns:
        short.setdefault(header_key(_BRACKETED.sub("", column.label)), []).append(column)
    for key, candidates in short.items():
        if len(candidates) == 1:
            found.setdefault(key, candidates[0])
    return found


def header_key(text: str) -> str:
    """Return a header without variations: width, spaces, punctuation, 必填 and 若有."""
    plain = unicodedata.normalize("NFKC", _ASIDES.sub("", text)).casefold()
    return re.sub(r"[^\w]", "", plain.replace("m2", "平方米"))


def _columns() -> Iterator[Column]:
    yield _column(("programme",), "line", "其他", written=False)
    cover = "封面"
    yield _column(("applicant", "name"), "line", cover, required=True, aliases=("申报单位名称",))
    yield _column(("applicant", "uscc"), "code", cover)
    yield _column(("term", "start"), "day", cover)
    yield _column(("term", "end"), "day", cover)
    yield _column(("contact", "name"), "line", cover, required=True, aliases=("联系人姓名",))
    yield _column(("contact", "phone"), "phone", cover, required=True)
    yield _column(("contact", "email"), "email", cover, required=True)
    yield from _platform("平台")
    yield from _qualifications("平台资质")
    for index in range(3):
        yield from _founder(index)
    people = "企业法人和联系人"
    for person in ("legal_representative", "liaison"):
        name = f"{label_of((person,))}姓名"
        yield _column((person, "name"), "line", people, aliases=(name,))
        yield _column((person, "mobile"), "phone", people, if_any=True)
        yield _column((person, "landline"), "phone", people, if_any=True)
    yield _column(("remarks",), "text", "其他")
    yield _column(("opinion",), "text", "其他")
    yield _column(("signed_on",), "day", "其他", if_any=True)
    yield Column(("attachments",), "folder", "材料", FOLDER_LABEL, if_any=True)


def _platform(group: str) -> Iterator[Column]:
    yield _column(("platform", "name"), "line", group, required=True)
    yield _column(("platform", "address"), "line", group, required=True)
    yield _column(("platform", "accredited_on"), "day", group)
    yield _column(("platform", "accredited_by"), "line", group)
    yield _column(("platform", "construction"), "text", group)
    yield _column(("platform", "category", "kind"), "choice", group, choices=CATEGORY_KINDS)
    yield _column(("platform", "category", "date"), "day", group)
    yield _column(("platform", "total_area_sqm"), "area", group)
    yield _column(("platform", "rd_office_area_sqm"), "area", group, aliases=("研发及办公面积",))


def _qualifications(group: str) -> Iterator[Column]:
    label = label_of(_QUALIFICATIONS)
    for choice in QUALIFICATIONS:
        word = CHOICE_WORDS[choice]
        aliases = (word, f"{where(_QUALIFICATIONS)}.{choice}")
        yield Column(
            _QUALIFICATIONS, "tick", group, f"{label}：{word}", aliases, (choice,), if_any=True
        )
    yield _column(
        _QUALIFICATIONS, "ticks", group, choices=QUALIFICATIONS, if_any=True, written=False
    )
    other: Steps = ("platform", "other_qualification")
    yield _column((*other, "name"), "line", group, if_any=True)
    yield _column((*other, "level"), "choice", group, choices=LEVELS, if_any=True)
    yield _column((*other, "authority"), "line", group, if_any=True)


def _founder(index: int) -> Iterator[Column]:
    place: Steps = ("founders", index)
    group, further = label_of(place), index > 0
    yield _column((*place, "name"), "line", group, required=not further, if_any=further)
    yield _column((*place, "uscc"), "code", group, if_any=further)
    yield _column((*place, "address"), "line", group, if_any=further)


def _column(
    place: Steps,
    kind: Kind,
    group: str,
    *,
    aliases: Iterable[str] = (),
    choices: tuple[str, ...] = (),
    required: bool = False,
    if_any: bool = False,
    written: bool = True,
) -> Column:
    label = label_of(place)
    return Column(place, kind, group, label, tuple(aliases), choices, required, if_any, written)
