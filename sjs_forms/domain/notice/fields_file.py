"""Reads and checks fields.toml; errors name the file and the line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any, NoReturn, cast, get_args

from sjs_forms.base.findings.finding_catalogue import (
    NOTICE_CODES,
    NOTICE_FILE_CODES,
    Severity,
    Trait,
    UnknownCode,
    entry_of,
)
from sjs_forms.domain.expressions.syntax import BadExpression, Node, parse, parse_text
from sjs_forms.domain.expressions.typing_rules import DAY, NUMBER, TEXT, TRUTH, Type, type_of
from sjs_forms.domain.fields.field import Field, Place
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.notice.answer_types import (
    Constants,
    constant_at,
    notice_type,
    type_of_constant,
)
from sjs_forms.domain.notice.bad_notice import BadNotice
from sjs_forms.domain.notice.distinct_labels import confused_labels
from sjs_forms.domain.notice.field_tables import BadField, field_of
from sjs_forms.domain.notice.notice_fields import (
    DerivedValue,
    NoticeFields,
    PlaceNamed,
    Role,
    Rule,
    RuleName,
    RuleText,
)
from sjs_forms.domain.notice.printed_answers import Detail, Printed
from sjs_forms.domain.notice.reserved_names import is_of_models, is_of_templates
from sjs_forms.domain.notice.toml_lines import TomlTable, read_toml, tables_of

FIELDS_FILE = "fields.toml"

_PLACE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
_PLACE_NAMED = re.compile(rf"\[({_PLACE.pattern})\]")
_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_TABLES = ("roles", "object", "field", "printed", "rule", "derived")
_NAMES_IN_TEXT = ("label", "missing", "material")
"""Names in a rule's sentence: its place's label, the missing parts, its material's title."""
_RESERVED = ("programme", "attachments", "notice")


def read_fields(file: Path, constants: Constants) -> NoticeFields:
    """Return the questions that a notice's fields.toml declares. Raises BadNotice."""
    text, data = read_toml(file)
    return _Reading(file, data, tables_of(text), constants).fields()


class _Reading:
    """Converts a parsed file to the questions; knows the lines of its tables for messages."""

    def __init__(
        self, file: Path, data: dict[str, Any], tables: tuple[TomlTable, ...], constants: Constants
    ) -> None:
        self.file, self.data, self.tables, self.constants = file, data, tables, constants

    def fields(self) -> NoticeFields:
        """Return everything in the file, each part checked against those before it."""
        self._only_known(self.data, _TABLES, self.tables[0])
        questions = tuple(self._questions())
        if not questions:
            self._wrong(self.tables[0], "", "没有一项 [[field]]")
        asked = NoticeFields(questions, dict(self._objects()))
        self._places_apart(asked)
        roles = self._roles(asked)
        rules = tuple(self._rules(asked))
        derived = tuple(self._derived(asked))
        printed = tuple(self._printed(asked))
        return replace(
            asked,
            roles=roles,
            rules=rules,
            derived=derived,
            constants=self.constants,
            printed=printed,
        )

    def _questions(self) -> Iterator[Field]:
        for data, table in self._entries("field"):
            fields: list[Field] = []
            for each, line in self._row_entries(data, table):
                if "." in str(self._as_table(each, line).get("at", "")):
                    self._wrong(line, "at", f"“{each['at']}”是表格一行中的一项，不能再用点分级")
                fields.append(self._question(each, line, ()))
                if data.get("most") != 1 and "{n}" not in fields[-1].label:
                    said = f"label 里要有 {{n}}，表示第几行，如“设备{{n}}{fields[-1].label}”"
                    self._wrong(line, "label", said)
            yield self._question(data, table, tuple(fields))

    def _row_entries(
        self, data: Mapping[str, Any], table: TomlTable
    ) -> Iterator[tuple[Any, TomlTable]]:
        """Yield the [[field.field]] tables of a question, each with where it stands."""
        listed = data.get("field")
        if not isinstance(listed, list):
            return
        below = self.tables[self.tables.index(table) + 1 :]
        below = tuple(takewhile(lambda one: one.name != "field", below))
        own = [one for one in below if one.name == "field.field"]
        if len(own) != len(listed):
            self._wrong(table, "field", "一行中的各项应写成 [[field.field]]，一项一个")
        yield from zip(listed, own, strict=True)

    def _question(self, data: Any, table: TomlTable, inner: tuple[Field, ...]) -> Field:
        data = self._as_table(data, table)
        place = self._place(data, table)
        try:
            return field_of(place, {k: v for k, v in data.items() if k != "at"}, inner)
        except BadField as problem:
            self._wrong(table, problem.key, problem.message)

    def _objects(self) -> Iterator[tuple[Place, str]]:
        for data, table in self._entries("object"):
            self._only_known(data, ("at", "label"), table)
            yield self._place(data, table), self._text(data, "label", table)

    def _places_apart(self, asked: NoticeFields) -> None:
        """Refuse two answers at one place, one within another, or with the same label."""
        seen: dict[Place, Field] = {}
        for question, (_, table) in zip(asked.fields, self._entries("field"), strict=True):
            for place in seen:
                shorter, longer = sorted((place, question.place), key=len)
                if longer[: len(shorter)] == shorter:
                    at = ".".join(map(str, question.place))
                    self._wrong(table, "at", f"“{at}”与前面的“{'.'.join(map(str, place))}”重叠")
            if question.place[0] in _RESERVED:
                self._wrong(table, "at", f"“{question.place[0]}”另有用途，不能作为一项")
            seen[question.place] = question
        for answer, key, said in confused_labels(asked):
            tables = zip(asked.fields, self._tables_named("field"), strict=True)
            table = next(each for one, each in tables if _holds(one.place, answer.place))
            self._wrong(table, key, said)
        for question, table in zip(asked.fields, self._tables_named("field"), strict=True):
            if question.as_part and asked.label_of(question.as_part) == asked.label_of(()):
                at = ".".join(map(str, question.as_part))
                self._wrong(table, "as_part", f"“{at}”没有 label，请用 [[object]] 给它起名")

    def _roles(self, asked: NoticeFields) -> dict[Role, Place]:
        data = self.data.get("roles", {})
        table = next(iter(self._tables_named("roles")), self.tables[0])
        known = get_args(Role)
        self._only_known(self._as_table(data, table), known, table)
        roles: dict[Role, Place] = {}
        for name, written in data.items():
            place = tuple(str(written).split("."))
            if asked.answer_at(place) is None:
                self._wrong(table, name, f"没有“{written}”这一项")
            if notice_type(asked, place) != TEXT:
                self._wrong(table, name, f"“{written}”不是填写的文字，不能作为 {name}")
            roles[cast(Role, name)] = place
        if "applicant" not in roles:
            self._wrong(table, "", "[roles] 里须写明 applicant，即申报单位名称是哪一项")
        return roles

    def _rules(self, asked: NoticeFields) -> Iterator[Rule]:
        for data, table in self._entries("rule"):
            known = ("code", "if", "at", "severity", "say", "mend", "cell", "rule", "parts")
            self._only_known(data, known, table)
            code = self._text(data, "code", table)
            if not _CODE.fullmatch(code):
                self._wrong(table, "code", f"“{code}”应是小写英文，用短横连接")
            name = data.get("rule")
            if name is not None and name not in get_args(RuleName):
                names = "、".join(get_args(RuleName))
                self._wrong(table, "rule", f"没有“{name}”这种规则；可用的有：{names}")
            if name is None and "if" not in data:
                self._wrong(table, "", "缺少 if：什么情形下不符合要求")
            severity = data.get("severity", "error")
            if severity not in ("error", "warning"):
                self._wrong(table, "severity", "只能是 error 或 warning")
            self._code_is_known(code, severity, name, table)
            condition = self._expression(data, "if", table, asked) if "if" in data else None
            if condition is not None and self._type(condition, table, "if", asked) != TRUTH:
                self._wrong(table, "if", "应是一个判断，如 a > b")
            yield Rule(
                code,
                condition,
                self._place_known(data, table, asked),
                severity,
                self._sentence(data, "say", table, asked),
                self._sentence(data, "mend", table, asked),
                self._text(data, "cell", table) if "cell" in data else "",
                name,
                tuple(self._rule_parts(data, table, asked)),
            )

    def _code_is_known(
        self, code: str, severity: Severity, name: str | None, table: TomlTable
    ) -> None:
        """Refuse a code that is neither in the catalogue nor has the prefix of its kind of rule."""
        prefix = NOTICE_FILE_CODES if name == "needs_file" else NOTICE_CODES
        try:
            is_gap = bool(entry_of(code, severity).traits & Trait.GAP)
        except UnknownCode:
            self._wrong(table, "code", f"通知自己的规则，code 应以 {prefix} 开头")
        if is_gap != (name == "needs_file"):
            self._wrong(table, "code", f"这种规则的 code 应以 {prefix} 开头")

    def _rule_parts(
        self, data: Mapping[str, Any], table: TomlTable, asked: NoticeFields
    ) -> Iterator[tuple[Place, str]]:
        parts = data.get("parts", {})
        if data.get("rule") == "all_or_none" and not parts:
            self._wrong(table, "rule", "all_or_none 须用 parts 写明是哪几项")
        for at, called in self._as_table(parts, table).items():
            place = tuple(at.split("."))
            if asked.answer_at(place) is None:
                self._wrong(table, "parts", f"没有“{at}”这一项")
            yield place, str(called)

    def _printed(self, asked: NoticeFields) -> Iterator[Printed]:
        for data, table in self._entries("printed"):
            self._only_known(data, ("as", "of", "blank", "first", "then", "tick"), table)
            path, at = self._text(data, "as", table), self._text(data, "of", table)
            if not _PLACE.fullmatch(path):
                self._wrong(table, "as", f"“{path}”应是小写英文，用点分级")
            self._usable_in_templates(path, "as", table)
            self._holds_no_question(tuple(path.split(".")), "as", table, asked)
            place, details = tuple(at.split(".")), self._details(data, table)
            blank, first, tick = (str(data.get(key, "")) for key in ("blank", "first", "tick"))
            printed = Printed(path, place, blank, first, details, tick)
            question = asked.question_at(place)
            for each in printed.places if details else ():
                if asked.answer_at(each) is None:
                    self._wrong(table, "then", f"没有“{'.'.join(map(str, each))}”这一项")
            if not details and (question is None or question.place != place):
                self._wrong(table, "of", f"没有“{at}”这一项")
            yield printed

    def _holds_no_question(
        self, place: Place, key: str, table: TomlTable, asked: NoticeFields
    ) -> None:
        """Refuse a name for one text where templates find several answers."""
        inner = next((one for one in asked.fields if _holds(place, one.place)), None)
        if inner is not None and inner.place != place:
            at, below = ".".join(map(str, place)), ".".join(map(str, inner.place))
            self._wrong(table, key, f"“{at}”下面还有“{below}”，请换一个名字")

    def _details(self, data: Mapping[str, Any], table: TomlTable) -> tuple[Detail, ...]:
        made = []
        for key, words in self._as_table(data.get("then", {}), table).items():
            before, mark, after = str(words).partition("{}")
            if not mark:
                self._wrong(table, "then", f"“{words}”里应有一对花括号，表示填写的内容")
            made.append(Detail(key, before, after))
        return tuple(made)

    def _derived(self, asked: NoticeFields) -> Iterator[DerivedValue]:
        for data, table in self._entries("derived"):
            self._only_known(data, ("at", "label", "is"), table)
            place = self._place(data, table)
            if asked.question_at(place):
                self._wrong(table, "at", f"“{data['at']}”是填写的一项，不能又是算出的")
            self._holds_no_question(place, "at", table, asked)
            node = self._expression(data, "is", table, asked)
            if self._type(node, table, "is", asked) not in (NUMBER, TEXT, DAY):
                said = "算出的应是数字、文字或日期；是选项的，请用 when(…) 写明印什么字"
                self._wrong(table, "is", said)
            yield DerivedValue(".".join(map(str, place)), self._text(data, "label", table), node)

    def _expression(
        self, data: Mapping[str, Any], key: str, table: TomlTable, asked: NoticeFields
    ) -> Node:
        try:
            node = parse(self._text(data, key, table))
        except BadExpression as problem:
            self._wrong(table, key, str(problem))
        self._type(node, table, key, asked)
        return node

    def _sentence(
        self, data: Mapping[str, Any], key: str, table: TomlTable, asked: NoticeFields
    ) -> RuleText:
        text = self._text(data, key, table)
        if not text.endswith("。"):
            self._wrong(table, key, "应是完整的句子，以“。”结尾")
        parts: list[str | Node | PlaceNamed] = []
        for index, piece in enumerate(_PLACE_NAMED.split(text)):
            if index % 2:
                parts.append(PlaceNamed(self._named(piece, key, table, asked)))
                continue
            try:
                found = parse_text(piece)
            except BadExpression as problem:
                self._wrong(table, key, str(problem))
            for part in found:
                if not isinstance(part, str):
                    found_type = self._type(part, table, key, asked, _NAMES_IN_TEXT)
                    if found_type.column or found_type.name not in ("number", "text", "day"):
                        self._wrong(table, key, "花括号里应是数字、文字、日期或单选的一项")
            parts += found
        return tuple(parts)

    def _named(self, at: str, key: str, table: TomlTable, asked: NoticeFields) -> Place:
        """Return the place that a sentence names between [ and ]."""
        place = tuple(at.split("."))
        known = asked.answer_at(place) or asked.question_at(place) or place in asked.objects
        if not known:
            self._wrong(table, key, f"没有“{at}”这一项")
        return place

    def _type(
        self,
        node: Node,
        table: TomlTable,
        key: str,
        asked: NoticeFields,
        names: tuple[str, ...] = (),
    ) -> Type:
        def known(steps: tuple[str, ...]) -> Type | None:
            if steps[0] in names and len(steps) == 1:
                return TEXT
            if steps[0] == "notice":
                return type_of_constant(constant_at(self.constants, steps))
            return notice_type(asked, steps)

        try:
            return type_of(node, known)
        except BadExpression as problem:
            self._wrong(table, key, str(problem))

    def _entries(self, name: str) -> Iterator[tuple[Mapping[str, Any], TomlTable]]:
        listed = self.data.get(name, [])
        tables = self._tables_named(name)
        if not isinstance(listed, list) or len(tables) != len(listed):
            self._wrong(self.tables[0], name, f"“{name}”应写成 [[{name}]]，一项一个")
        for data, table in zip(listed, tables, strict=True):
            yield self._as_table(data, table), table

    def _tables_named(self, name: str) -> list[TomlTable]:
        return [table for table in self.tables if table.name == name]

    def _as_table(self, data: Any, table: TomlTable) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            self._wrong(table, "", "应是一组 键 = 值")
        return data

    def _place(self, data: Mapping[str, Any], table: TomlTable) -> Place:
        at = self._text(data, "at", table)
        if not _PLACE.fullmatch(at):
            self._wrong(table, "at", f"“{at}”应是小写英文，用点分级，如 applicant.name")
        self._usable_in_templates(at, "at", table)
        for step in at.split("."):
            if is_of_models(step):
                self._wrong(table, "at", f"“{step}”另有用途，请换一个名字")
        return tuple(at.split("."))

    def _usable_in_templates(self, path: str, key: str, table: TomlTable) -> None:
        """Refuse a name by which templates find something else than the answer."""
        for number, step in enumerate(path.split(".")):
            if is_of_templates(step, number == 0):
                self._wrong(table, key, f"“{step}”在表格模板里另有含义，请换一个名字")

    def _place_known(self, data: Mapping[str, Any], table: TomlTable, asked: NoticeFields) -> Place:
        at = self._text(data, "at", table)
        place = tuple(at.split("."))
        if at != "attachments" and not (asked.answer_at(place) or asked.question_at(place)):
            self._wrong(table, "at", f"没有“{at}”这一项")
        return place

    def _text(self, data: Mapping[str, Any], key: str, table: TomlTable) -> str:
        if key not in data:
            self._wrong(table, "", f"缺少 {key}")
        if not isinstance(data[key], str) or not data[key].strip():
            self._wrong(table, key, f"{key} 应是引号括起的文字")
        return str(data[key])

    def _only_known(
        self, data: Mapping[str, Any], known: tuple[str, ...], table: TomlTable
    ) -> None:
        for key in data:
            if key not in known:
                near = nearest(key, known)
                advice = f"是否想写 {near}" if near else f"可以写的有：{'、'.join(known)}"
                self._wrong(table, key, f"不认识“{key}”，{advice}")

    def _wrong(self, table: TomlTable, key: str, problem: str) -> NoReturn:
        raise BadNotice(self.file, table.line_of(key), problem)


def _holds(place: Place, other: Place) -> bool:
    """Whether a place is another one, or holds it."""
    return other[: len(place)] == place
