"""Values for the templates of the pages, made from a view of the application; no markup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Literal

from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.places import place_of, where, written_at
from sjs_forms.domain.programme import Material
from sjs_forms.jobs.session import FileState
from sjs_forms.web.form.form_fields import (
    Choice,
    Group,
    Question,
    chosen_at,
    groups,
    installed_fields,
)
from sjs_forms.web.views.photo_offers import PhotoOffer, photo_offer
from sjs_forms.web.wording.shown_findings import ShownFinding, element_id, of_part
from sjs_forms.web.workspace.open_application import View, id_of, version_of
from sjs_forms.web.workspace.results import Results

PartState = Literal["empty", "todo", "done"]


@dataclass(frozen=True, slots=True)
class Control:
    """A question with its answer as it is written, and its findings.

    `anchors` are the ids of larger answers that it begins, to which links of findings lead.
    """

    id: str
    question: Question
    value: str
    chosen: frozenset[str]
    findings: tuple[ShownFinding, ...]
    anchors: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The answers to choose from."""
        return self.question.choices

    @property
    def is_wrong(self) -> bool:
        """Whether the written value must be changed."""
        return any(each.blocks and not each.is_todo for each in self.findings)


@dataclass(frozen=True, slots=True)
class Row:
    """One of repeating rows, from 0; `is_spare` means a further, empty one."""

    index: int
    path: str
    controls: tuple[Control, ...]
    is_spare: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A group of questions on the page, with `rows` in place of controls if they repeat."""

    id: str
    group: Group
    controls: tuple[Control, ...]
    rows: tuple[Row, ...]
    findings: tuple[ShownFinding, ...]

    @property
    def is_full(self) -> bool:
        """Whether the form has no space for another row."""
        most = self.group.most_rows
        return most is not None and len(self.rows) >= most and not self.rows[-1].is_spare

    @property
    def state(self) -> PartState:
        """The state of its answers."""
        every = [
            *self.controls,
            *(c for row in self.rows if not row.is_spare for c in row.controls),
        ]
        if not any(each.value or each.chosen for each in every):
            return "empty"
        found = [*self.findings, *(found for each in every for found in each.findings)]
        return "todo" if any(each.blocks for each in found) else "done"


@dataclass(frozen=True, slots=True)
class Card:
    """A file on the page of materials."""

    id: str
    state: FileState
    position: int
    count: int
    findings: tuple[ShownFinding, ...]

    @property
    def version(self) -> str:
        """What its pictures are asked for with; "" before it is opened."""
        return version_of(self.state.facts) if self.state.facts else ""

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return PurePosixPath(self.state.file.replace("\\", "/")).name

    @property
    def needs_password(self) -> bool:
        """Whether it was refused because its password is missing or wrong."""
        return any(found.has(Trait.ENCRYPTED) for found in self.findings)

    @property
    def about(self) -> list[str]:
        """Its properties and the user's choices for it, in a few words each."""
        state = self.state
        said = {
            f"{self.page_count} 页": self.page_count,
            f"取 {state.pages}": state.pages,
            "已拉平": state.straighten,
            f"转 {state.rotate}°": state.rotate,
            "已填密码": state.has_password,
        }
        return [words for words, is_so in said.items() if is_so]

    @property
    def offer(self) -> PhotoOffer | None:
        """What can be done with the photographs in it, if any."""
        return photo_offer(self.state)

    @property
    def page_count(self) -> int:
        """The number of pages of the file, 0 if unknown."""
        return self.state.facts.given if self.state.facts else 0


@dataclass(frozen=True, slots=True)
class MaterialSection:
    """A material of the notice with its files."""

    id: str
    material: Material
    number: int
    cards: tuple[Card, ...]
    findings: tuple[ShownFinding, ...]

    @property
    def state(self) -> PartState:
        """Whether anything is missing."""
        found = [*self.findings, *(found for card in self.cards for found in card.findings)]
        if any(each.blocks for each in found):
            return "todo" if self.cards else "empty"
        return "done" if self.cards else "empty"


@dataclass(frozen=True, slots=True)
class PartView:
    """An entry of the task list: its link, and its state as a value and in words."""

    part: str
    title: str
    href: str
    state: PartState
    note: str


def sections(view: View) -> tuple[Section, ...]:
    """Return the groups of questions with their answers."""
    return tuple(_section(view, group) for group in groups(_fields(view)))


def _fields(view: View) -> NoticeFields:
    """Return the questions of the application's notice, or of the first if that is unknown."""
    programme = view.state.programme
    return programme.fields if programme else installed_fields()[0]


def _section(view: View, group: Group) -> Section:
    if not group.rows:
        controls = _controls(view, group.questions, group.id)
        return Section(element_id("g", group.id), group, controls, (), view.at(group.id))
    return Section(
        element_id("g", group.id), group, (), tuple(_rows(view, group)), view.at(group.rows)
    )


def _rows(view: View, group: Group) -> Iterator[Row]:
    written = written_at(view.state.written, place_of(group.rows))
    there = len(written) if isinstance(written, list) else 0
    shown = there + 1 if group.most_rows is None else min(there + 1, max(group.most_rows, there))
    for index in range(max(shown, 1)):
        controls = _controls(view, group.row(_fields(view), index), group.rows)
        yield Row(index, f"{group.rows}[{index}]", controls, index >= max(there, 1))


def all_questions(view: View) -> tuple[Question, ...]:
    """Return every question on the page in order."""
    return tuple(
        control.question
        for section in sections(view)
        for control in (*section.controls, *(c for row in section.rows for c in row.controls))
    )


def _controls(view: View, questions: Sequence[Question], shown: str) -> tuple[Control, ...]:
    """Return the controls of questions.

    The first one within a larger answer, such as a choice with its date, has the findings of that
    answer too. Those of `shown` have a place of their own.
    """
    made, seen = [], {shown}
    for question in questions:
        place = place_of(question.path)
        wholes = [where(place[:count]) for count in range(1, len(place))]
        firsts = [whole for whole in wholes if whole not in seen]
        seen.update(wholes)
        control = _control(view, question)
        found = [found for whole in firsts for found in view.at(whole)]
        found = [each for each in found if not each.has(Trait.BLANKS)]
        anchors = tuple(element_id("q", whole) for whole in firsts)
        made.append(replace(control, anchors=anchors, findings=(*control.findings, *found)))
    return tuple(made)


def _control(view: View, question: Question) -> Control:
    place = place_of(question.path)
    value = written_at(view.state.written, place)
    chosen = frozenset(chosen_at(_fields(view), place, value) or ())
    # Blanks are visible on the form anyway.
    found = [each for each in view.at(question.path) if not each.has(Trait.BLANKS)]
    if question.kind == "choices":
        inner = f"{question.path}["
        found += [each for each in view.findings if each.where.startswith(inner)]
    return Control(element_id("q", question.path), question, as_typed(value), chosen, tuple(found))


def as_typed(value: Any) -> str:
    """Return a value of application.json as a text control shows it."""
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def unplaced(view: View, made: Sequence[Section]) -> tuple[ShownFinding, ...]:
    """Return the findings about answers that are shown at no control."""
    under = {found for each in made for found in each.findings}
    for section in made:
        rows = (control for row in section.rows for control in row.controls)
        for control in (*section.controls, *rows):
            under.update(control.findings)
    found = of_part(view.findings, "form")
    return tuple(each for each in found if each not in under and not each.has(Trait.BLANKS))


def material_sections(view: View) -> tuple[MaterialSection, ...]:
    """Return the materials of the notice in order, with their files."""
    return tuple(
        MaterialSection(
            element_id("m", material.id),
            material,
            number,
            tuple(_cards(view, material.id)),
            tuple(each for each in view.findings if each.material == material.id),
        )
        for number, material in enumerate(view.programme.materials, start=1)
    )


def _cards(view: View, material: str) -> Iterator[Card]:
    files = [file for file in view.state.files if file.material == material]
    for position, file in enumerate(files):
        found = tuple(
            each
            for each in view.findings
            if each.where.partition("#")[0] in (file.where, file.file)
            or each.where.startswith(f"{file.where}.")
        )
        yield Card(id_of(file.where), file, position, len(files), found)


def other_file_findings(view: View, made: Sequence[MaterialSection]) -> tuple[ShownFinding, ...]:
    """Return the findings about files that are shown on no card and at no material."""
    under = {found for each in made for found in each.findings}
    under |= {found for each in made for card in each.cards for found in card.findings}
    return tuple(each for each in of_part(view.findings, "materials") if each not in under)


def parts(view: View, results: Results | None, draft: Literal["none", "old", "new"]) -> tuple[
    PartView, ...
]:  # fmt: skip
    """Return the task list."""
    return (
        _form_part(view),
        _materials_part(view),
        PartView(
            "preview",
            "预览",
            "/preview",
            {"none": "empty", "old": "todo", "new": "done"}[draft],  # type: ignore[arg-type]
            {"none": "还没有看过", "old": "内容改过，请再看一遍", "new": "已是最新"}[draft],
        ),
        _stamped_part(view),
        _build_part(results),
        _results_part(results),
    )


def _form_part(view: View) -> PartView:
    made = sections(view)
    count = sum(each.blocks for each in of_part(view.findings, "form"))
    is_blank = all(each.state == "empty" for each in made)
    state: PartState = "todo" if count else "done"
    state = "empty" if is_blank else state
    return PartView("form", "填写", "/form", state, _said(state, of_part(view.findings, "form")))


def _materials_part(view: View) -> PartView:
    count = sum(each.blocks for each in of_part(view.findings, "materials"))
    asked = {each.id for each in view.programme.materials if not each.form}
    state: PartState = "todo" if count else "done"
    if not any(file.material in asked for file in view.state.files):
        state = "empty"
    note = _said(state, of_part(view.findings, "materials"))
    return PartView("materials", "材料", "/materials", state, note)


def about_scans(view: View) -> tuple[ShownFinding, ...]:
    """Return the findings on the signed scans: on their files, and on answers that differ."""
    forms = {each.id for each in view.programme.materials if each.form}
    files = {name for file in view.state.files if file.material in forms
             for name in (file.where, file.file)}  # fmt: skip
    return tuple(
        each
        for each in view.findings
        if each.has(Trait.SCAN_ANSWERS) or each.where.partition("#")[0] in files
    )


def _stamped_part(view: View) -> PartView:
    asked = [each.id for each in view.programme.materials if each.form]
    there = {file.material for file in view.state.files}
    missing = sum(each not in there for each in asked)
    doubts = sum(each.has(Trait.SCAN_ANSWERS) for each in view.findings)
    state: PartState = "empty" if missing == len(asked) else "todo" if missing or doubts else "done"
    note = "还没有" if state == "empty" else _note(state, missing)
    note = f"请核对 {doubts} 处" if doubts and not missing else note
    return PartView("stamped", "盖章件", "/stamped", state, note)


def _build_part(results: Results | None) -> PartView:
    if results is None:
        return PartView("build", "生成", "/build", "empty", "还没有生成")
    if not results.is_current:
        return PartView("build", "生成", "/build", "todo", "内容改过，请重新生成")
    return PartView("build", "生成", "/build", "done", "完成")


def _results_part(results: Results | None) -> PartView:
    if results is None:
        return PartView("results", "结果", "/results", "empty", "还没有结果")
    missing = len(results.manifest.print.missing)
    if missing or not results.is_current:
        note = f"请核对 {missing} 项" if missing else "不是最新的"
        return PartView("results", "结果", "/results", "todo", note)
    return PartView("results", "结果", "/results", "done", "可以付印")


def _said(state: PartState, found: Sequence[ShownFinding]) -> str:
    """Return the note of a part; it tells wrong answers from missing ones."""
    wrong = [each for each in found if each.blocks and not each.is_todo]
    count = sum(each.blocks for each in found)
    return f"{count} 处要补改" if state == "todo" and wrong else _note(state, count)


def _note(state: PartState, count: int) -> str:
    if state == "done":
        return "完成"
    return f"缺 {count} 项" if state == "todo" else "未填"
