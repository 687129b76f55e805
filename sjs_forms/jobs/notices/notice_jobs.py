"""Implements `notice new`, `notice list` and `notice check`, for the author of a notice."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sjs_forms.base.errors import SjsFormsError, UsageFault
from sjs_forms.base.files.plain_files import copy_tree
from sjs_forms.base.resources import starter_folder
from sjs_forms.domain.application import Application, application_model
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.kind import Kind
from sjs_forms.domain.fields.line import LINE_LIMIT
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.installed_notices import PROGRAMME_FILE, notice_folders, read_notice
from sjs_forms.domain.notice.fields_file import FIELDS_FILE
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.new_folder import make_anew

_STARTER_ID = '"NOTICE"'
"""Placeholder for the id in the starter's programme.toml."""


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """An installed notice; `problem` says why it cannot be used, if so."""

    id: str
    folder: Path
    title: str
    problem: str = ""


def installed_notices() -> tuple[NoticeEntry, ...]:
    """Return every notice, also those with mistakes."""
    entries = []
    for programme_id, folder in notice_folders().items():
        try:
            entries.append(NoticeEntry(programme_id, folder, read_notice(folder).title))
        except SjsFormsError as problem:
            entries.append(NoticeEntry(programme_id, folder, "", problem.message))
    return tuple(entries)


def new_notice(target: Path) -> None:
    """Make a notice that can be used at once: one form, eight questions, three materials.

    Its id is the name of the folder. Raises OutputUnwritable if the folder is not empty.
    """

    def write(work: Path) -> None:
        copy_tree(starter_folder(), work)
        file = work / PROGRAMME_FILE
        named = json.dumps(target.absolute().name, ensure_ascii=False)
        text = file.read_text(encoding="utf-8").replace(_STARTER_ID, named, 1)
        file.write_text(text, encoding="utf-8")

    make_anew(target, write, "通知")


def check_notice(folder: Path) -> tuple[str, ...]:
    """Return what is wrong with a notice, in Chinese: its files, forms and templates.

    Every form is filled with an empty application, a full one and one with the longest lines, as
    Word and for the PDF; what is filled is read back, and a volume is bound of it. Raises BadNotice
    where programme.toml or fields.toml cannot be read, UsageFault for a folder of no notice.
    """
    _refuse_other_folder(folder)
    programme = read_notice(folder.absolute())
    return (*_missing_files(programme), *_unfilled(programme))


def _refuse_other_folder(folder: Path) -> None:
    """Raise UsageFault for what is no folder of a notice, naming those within it."""
    if not folder.is_dir():
        raise UsageFault(
            f"没有“{folder}”这个文件夹。", "请写通知文件夹的名字，里面有 programme.toml。"
        )
    if not (folder / PROGRAMME_FILE).is_file():
        within = "、".join(each.parent.name for each in sorted(folder.glob(f"*/{PROGRAMME_FILE}")))
        raise UsageFault(
            f"“{folder}”里没有 {PROGRAMME_FILE}，不是通知文件夹。",
            f"其中的通知文件夹有：{within}，请写明检查哪一个。"
            if within
            else "新的通知文件夹，可用 sjs-forms notice new 建立。",
        )


def _missing_files(programme: Programme) -> Iterator[str]:
    wanted = [f"forms/{form.id}.{kind}" for form in programme.forms for kind in ("docx", "html")]
    for name in wanted:
        if not (programme.folder / name).is_file():
            yield f"缺少 {name}。"


def _unfilled(programme: Programme) -> Iterator[str]:
    """Yield what prevents a form from being filled or read back, or a volume from being bound."""
    from sjs_forms.jobs.notices.notice_trial import unbound_volume, unfilled_form, unread_forms
    from sjs_forms.word_import.word_files import patterns

    try:
        empty = application_model(programme)()
        full, longest = (_application(programme, text) for text in (_sample_text, _longest_text))
    except ValidationError as problem:
        for fault in problem.errors(include_url=False):
            label = programme.fields.label_of(fault["loc"])
            yield f"{FIELDS_FILE} 的“{label}”什么也填不进去，请核对它的范围和字数。"
        return
    found = dict.fromkeys(
        problem
        for application in (empty, full, longest)
        for form in programme.forms
        for problem in unfilled_form(programme, form.id, application)
    )
    yield from found
    if any(_missing_files(programme)):
        return
    try:
        patterns(programme)
    except SjsFormsError as problem:
        yield problem.message
        return
    if not found:
        yield from unread_forms(programme, full)
        yield from unbound_volume(programme, full)


def _application(programme: Programme, text: Callable[[str, int], str]) -> Application:
    """Return an application with an answer to every question, tables with two rows or the least.

    `text` gives the text for a label, of at most so many characters.
    """
    answers: dict[str, Any] = {}
    for field in programme.fields.fields:
        holder = answers
        for step in field.place[:-1]:
            holder = holder.setdefault(str(step), {})
        holder[str(field.place[-1])] = _answer(field.kind, field.label, text)
    return application_model(programme).model_validate(answers)


def _answer(kind: Kind, label: str, text: Callable[[str, int], str]) -> Any:
    """Return an answer of a kind as application.json stores it."""
    if isinstance(kind, RowsKind):
        row = {str(one.place[-1]): _answer(one.kind, one.label, text) for one in kind.fields}
        return [row] * min(max(2, kind.least), kind.most)
    if isinstance(kind, ChoiceWithDateKind):
        return {"kind": kind.choices[0].id, "date": kind.date.example()}
    if isinstance(kind, ChoicesKind):
        return [choice.id for choice in kind.choices]
    choices = getattr(kind, "choices", ())
    if choices:
        return choices[0].id
    example = kind.example()
    return text(label, getattr(kind, "limit", LINE_LIMIT)) if example is None else example


def _sample_text(label: str, limit: int) -> str:
    """A text that is not the label itself, which `import` would take for it."""
    return f"样例{label}"[:limit]


def _longest_text(label: str, limit: int) -> str:  # noqa: ARG001
    """A text that has no place to break, of the length of a long line."""
    return "W" * min(limit, LINE_LIMIT)
