"""`notice list` and `notice check`: for whoever writes the folder of a notice."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.domain.application import application_model
from sjs_forms.domain.installed_notices import notice_folders, read_notice
from sjs_forms.domain.programme import Programme


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """A notice that is installed; `problem` says why it cannot be used, if it cannot."""

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


def check_notice(folder: Path) -> tuple[str, ...]:
    """Return what is wrong with a notice, in Chinese: its files, forms and templates.

    Every form is filled with an empty application, as Word and as HTML, and its Word template is
    read as `import` reads it. Raises BadNotice where programme.toml or fields.toml cannot be read.
    """
    programme = read_notice(folder.absolute())
    return (*_references(programme), *_missing_files(programme), *_unfilled(programme))


def _references(programme: Programme) -> Iterator[str]:
    """Materials, forms and the authorisation name each other rightly."""
    forms = {form.id for form in programme.forms}
    for material in programme.materials:
        if material.form and material.form not in forms:
            yield f"材料“{material.id}”的 form“{material.form}”不是任何一张表。"
    ids = {material.id for material in programme.materials}
    needed = programme.authorisation
    if needed is not None and needed.material not in ids:
        yield f"authorisation 的 material“{needed.material}”不是任何一种材料。"


def _missing_files(programme: Programme) -> Iterator[str]:
    wanted = [f"forms/{form.id}.{kind}" for form in programme.forms for kind in ("docx", "html")]
    for name in wanted:
        if not (programme.folder / name).is_file():
            yield f"缺少 {name}。"


def _unfilled(programme: Programme) -> Iterator[str]:
    """What keeps a form from being filled or read back."""
    from sjs_forms.typesetting.form_context import form_context
    from sjs_forms.typesetting.html_pages import html_of
    from sjs_forms.typesetting.word_filling import fill_word
    from sjs_forms.word_import.word_files import patterns

    context = form_context(programme, application_model(programme)())
    for form in programme.forms:
        if (programme.folder / f"forms/{form.id}.docx").is_file():
            try:
                fill_word(programme, form.id, context)
            except SjsFormsError as problem:
                yield problem.message
        if (programme.folder / f"forms/{form.id}.html").is_file():
            try:
                html_of(programme, f"forms/{form.id}.html", context)
            except (
                Exception
            ) as problem:  # whatever Jinja2 raises: the author's template is at fault
                yield f"forms/{form.id}.html 无法填写：{problem}"
    try:
        patterns(programme)
    except SjsFormsError as problem:
        yield problem.message
