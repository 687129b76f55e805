"""Implements `notice new`, `notice list` and `notice check`, for the author of a notice."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sjs_forms.base.errors import SjsFormsError, UsageFault
from sjs_forms.base.resources import starter_folder
from sjs_forms.domain.application import Application, application_model
from sjs_forms.domain.fields.choice_with_date import ChoiceWithDateKind
from sjs_forms.domain.fields.choices import ChoicesKind
from sjs_forms.domain.fields.kind import Kind
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
        shutil.copytree(starter_folder(), work, dirs_exist_ok=True)
        file = work / PROGRAMME_FILE
        named = json.dumps(target.absolute().name, ensure_ascii=False)
        text = file.read_text(encoding="utf-8").replace(_STARTER_ID, named, 1)
        file.write_text(text, encoding="utf-8")

    make_anew(target, write, "通知")


def check_notice(folder: Path) -> tuple[str, ...]:
    """Return what is wrong with a notice, in Chinese: its files, forms and templates.

    Every form is filled with an empty and with a full application, as Word and as HTML. The HTML is
    laid out and painted, and the Word template is read as `import` reads it. Raises BadNotice if
    programme.toml or fields.toml cannot be read, and UsageFault if `folder` is not a notice.
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
    """Yield what prevents a form from being filled, laid out or read back."""
    from sjs_forms.typesetting.form_context import form_context
    from sjs_forms.word_import.word_files import patterns

    found: dict[str, None] = {}
    try:
        every = (application_model(programme)(), _full_application(programme))
    except ValidationError as problem:
        for fault in problem.errors(include_url=False):
            label = programme.fields.label_of(fault["loc"])
            yield f"{FIELDS_FILE} 的“{label}”什么也填不进去，请核对它的范围和字数。"
        return
    for application in every:
        context = form_context(programme, application)
        for form in programme.forms:
            found |= dict.fromkeys(_unfilled_form(programme, form.id, context))
    yield from found
    if any(_missing_files(programme)):
        return
    try:
        patterns(programme)
    except SjsFormsError as problem:
        yield problem.message


def _unfilled_form(programme: Programme, form: str, context: dict[str, Any]) -> Iterator[str]:
    from sjs_forms.typesetting.html_pages import render
    from sjs_forms.typesetting.word_filling import fill_word

    if (programme.folder / f"forms/{form}.docx").is_file():
        try:
            fill_word(programme, form, context)
        except SjsFormsError as problem:
            yield problem.message
    if (programme.folder / f"forms/{form}.html").is_file():
        try:
            render(programme, f"forms/{form}.html", context)
        except SjsFormsError as problem:
            yield problem.message


def _full_application(programme: Programme) -> Application:
    """Return an application with every question answered; tables have two rows, or the minimum."""
    answers: dict[str, Any] = {}
    for field in programme.fields.fields:
        holder = answers
        for step in field.place[:-1]:
            holder = holder.setdefault(str(step), {})
        holder[str(field.place[-1])] = _answer(field.kind, field.label)
    return application_model(programme).model_validate(answers)


def _answer(kind: Kind, label: str) -> Any:
    """Return an answer as application.json stores it; for a text it is the question's label."""
    if isinstance(kind, RowsKind):
        row = {str(field.place[-1]): _answer(field.kind, field.label) for field in kind.fields}
        return [row] * min(max(2, kind.least), kind.most)
    if isinstance(kind, ChoiceWithDateKind):
        return {"kind": kind.choices[0].id, "date": kind.date.example()}
    if isinstance(kind, ChoicesKind):
        return [choice.id for choice in kind.choices]
    choices = getattr(kind, "choices", ())
    if choices:
        return choices[0].id
    example = kind.example()
    return label[: getattr(kind, "limit", None)] if example is None else example
