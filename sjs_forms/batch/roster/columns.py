"""The columns of a roster: one for each answer of the notice, recognised by their headers.

A table with any number of rows has its own sheet: columns that name the applicant of a row, and one
for each answer of the row. Their places are those of the first row.

A question with several choices has a column for each, to be ticked. A single column that lists them
is understood too.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from sjs_forms.domain.fields.choice import Choice
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.fields.kind import Kind
from sjs_forms.domain.fields.line import LineKind
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.notice.notice_fields import PROGRAMME_LABEL, NoticeFields, Role
from sjs_forms.domain.places import where

FOLDER_LABEL = "附件文件夹"
NUMBERS = ("受理编号", "编号")
"""Headers of the column with the number of an application; the first one found is used."""

BOOKKEEPING = (
    *(*NUMBERS, "序号", "No", "备注", "状态", "受理状态", "受理日期", "受理时间", "收件日期"),
    *("经办人", "受理人", "处理意见", "审核意见", "联系记录"),
)
"""Headers of columns for the office's own records. They hold no answers and give no warning."""

FOLDER_PLACE: Place = ("attachments",)
PASSWORD_LABEL = "附件密码"
PASSWORD_PLACE: Place = ("attachments", "password")
_FOLDER_GROUP, _PROGRAMME_GROUP = "材料", "其他"
_FOLDER_HINT = "写材料所在文件夹的名字，文件夹与本表放在一起；没有材料的留空。"
_OWNERS: Mapping[Role, tuple[str, ...]] = {
    "applicant_code": ("统一社会信用代码",),
    "applicant": ("申报单位", "单位名称"),
}
"""The answers that identify the applicant of a table's row, and their alternative headers."""
_OWNER_GROUP = "属于哪个申报单位"
_OWNER_HINT = "写明是哪个申报单位，与第一张工作表一致；代码和名称写一样即可。"
_ROW_NUMBER = re.compile(r"第\{n\}[个项台行人名]?|\{n\}")
_ASIDES = re.compile(r"[(（]\s*(?:必填|选填|可选|若有)\s*[)）]")
_BRACKETED = re.compile(r"（[^）]*）")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the answer that it holds, or one choice of it, and its headers.

    In an `if_any` column (若有) a clerk's 无 or / means that there is no answer. `tick` is the one
    choice that the column is about. `written` says whether a new roster has the column; others are
    only understood.
    """

    answer: Field
    label: str
    aliases: tuple[str, ...] = ()
    tick: Choice | None = None
    if_any: bool = False
    written: bool = True

    @property
    def place(self) -> Place:
        """The place in application.json that it fills."""
        return self.answer.place

    @property
    def kind(self) -> Kind:
        """The kind of its answer."""
        return self.answer.kind

    @property
    def group(self) -> str:
        """The part of the form that it belongs to."""
        return self.answer.group

    @property
    def required(self) -> bool:
        """Whether it must be filled."""
        return self.answer.required

    @property
    def is_folder(self) -> bool:
        """Whether it names the folder of the attachments."""
        return self.place == FOLDER_PLACE

    @property
    def is_answer(self) -> bool:
        """Whether it fills an answer of the form; other columns are about the attachments."""
        return self.place not in (FOLDER_PLACE, PASSWORD_PLACE)

    @property
    def where(self) -> str:
        """The place as in findings."""
        return where(self.place)


def tables_of(fields: NoticeFields) -> tuple[Field, ...]:
    """Return the tables that have a sheet of their own, in the form's order."""
    return tuple(
        one for one in fields.fields if isinstance(one.kind, RowsKind) and not one.kind.is_fixed
    )


@cache
def owner_places(fields: NoticeFields) -> frozenset[Place]:
    """Return the places of the answers that identify the applicant of a table's row."""
    return frozenset(owner.place for role in _OWNERS if (owner := fields.role(role)))


@cache
def columns_of(fields: NoticeFields, table: Place = ()) -> tuple[Column, ...]:
    """Return all columns that are understood on a table's sheet, or on the first, in its order."""
    if table:
        return tuple(_columns_of_table(fields, table))
    programme = Field(("programme",), PROGRAMME_LABEL, LineKind(), _PROGRAMME_GROUP)
    columns = [Column(programme, programme.label, written=False)]
    for answer in fields.answers({one.place: 0 for one in tables_of(fields)}):
        columns += _columns(answer)
    folder = Field(FOLDER_PLACE, FOLDER_LABEL, LineKind(), _FOLDER_GROUP, hint=_FOLDER_HINT)
    password = Field(PASSWORD_PLACE, PASSWORD_LABEL, LineKind(), _FOLDER_GROUP)
    return (
        *columns,
        Column(folder, FOLDER_LABEL, if_any=True),
        Column(password, PASSWORD_LABEL, ("文件密码", "PDF密码"), written=False),
    )


def _columns_of_table(fields: NoticeFields, table: Place) -> Iterator[Column]:
    question = fields.question_at(table)
    assert question is not None
    assert isinstance(question.kind, RowsKind)
    for role, aliases in _OWNERS.items():
        owner = fields.role(role)
        if owner:
            asked = replace(owner, required=False, group=_OWNER_GROUP, hint=_OWNER_HINT)
            yield Column(asked, owner.label, (*owner.aliases, *aliases))
    ends = [_ROW_NUMBER.split(one.label)[-1] for one in question.kind.fields]
    for one, end in zip(question.kind.fields, ends, strict=True):
        short = (end,) if ends.count(end) == 1 else ()
        yield from _columns(
            replace(
                one,
                place=(*table, 0, *one.place),
                label=_ROW_NUMBER.sub("", one.label),
                group=question.label,
                aliases=(*one.aliases, *short),
            )
        )


def _columns(answer: Field) -> Iterator[Column]:
    if isinstance(answer.kind, ChoicesKind):
        for choice in answer.kind.choices:
            aliases = (choice.label, f"{where(answer.place)}.{choice.id}")
            label = f"{answer.label}：{choice.label}"
            yield Column(answer, label, aliases, choice, if_any=True)
    is_listed = isinstance(answer.kind, ChoicesKind)
    yield Column(answer, answer.label, answer.aliases, if_any=answer.if_any, written=not is_listed)


@cache
def columns_by_key(fields: NoticeFields, table: Place = ()) -> Mapping[str, Column]:
    """Return columns by every header that they may have, as returned by `header_key`.

    These are the label, the path in application.json, other headers, and the label without its
    remark in brackets. Of all but labels, those that name several columns are left out, as 其他
    where it is a choice of two questions.
    """
    columns = columns_of(fields, table)
    found = {header_key(column.label): column for column in columns}
    others, short = dict[str, set[Column]](), dict[str, set[Column]]()
    for column in columns:
        paths = () if column.tick else (column.where,)  # a choice has a path of its own
        for name in (*paths, *column.aliases):
            others.setdefault(header_key(name), set()).add(column)
        short.setdefault(header_key(_BRACKETED.sub("", column.label)), set()).add(column)
    for key, candidates in (*others.items(), *short.items()):
        if len(candidates) == 1:
            found.setdefault(key, *candidates)
    return found


def header_key(text: str) -> str:
    """Return a header without variations: width, spaces, punctuation, 必填 and 若有."""
    plain = unicodedata.normalize("NFKC", _ASIDES.sub("", text)).casefold()
    return re.sub(r"[^\w]", "", plain.replace("m2", "平方米"))
