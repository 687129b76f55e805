"""Implements `new`: creates a folder to fill in, empty or with the complete sample."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import OutputUnwritable, UsageFault
from sjs_forms.base.files.plain_files import copy_tree
from sjs_forms.base.files.stable_bytes import json_bytes
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.output.output_folder import refuse_foreign, swap_folder, work_folder
from sjs_forms.base.resources import sample_folder
from sjs_forms.domain.application import application_model
from sjs_forms.domain.fields.rows import RowsKind
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.domain.folder.files_outside_attachments import GUIDE_FILE
from sjs_forms.domain.folder.material_folders import material_folder
from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.guide_text import guide_of


def make_folder(target: Path, programme_id: str | None = None) -> None:
    """Write an application.json with every key blank, the blank forms as Word, a folder for each
    material, and a guide.
    """
    programme = load_programme(programme_id)

    def write(work: Path) -> None:
        from sjs_forms.typesetting.word_filling import word_forms

        forms = word_forms(programme, application_model(programme)())
        for name, data in forms.items():
            (work / name).write_bytes(data)
        _write_around(work, programme, json_bytes(_blank_application(programme)), tuple(forms))

    make_anew(target, write)


def make_filled_folder(target: Path, programme: Programme, answers: bytes) -> None:
    """Write a folder as `make_folder` does, with these answers and without blank forms.

    Raises OutputUnwritable.
    """
    make_anew(target, lambda work: _write_around(work, programme, answers, ()))


def _write_around(work: Path, programme: Programme, answers: bytes, forms: Sequence[str]) -> None:
    """Write the answers, the guide and a folder for each material."""
    from sjs_forms.typesetting.text_document import text_docx

    guide = guide_of(programme, forms, sample_of(programme))
    (work / APPLICATION_FILE).write_bytes(answers)
    (work / GUIDE_FILE).write_bytes(text_docx(guide, programme.dated))
    for material in programme.materials:
        (work / material_folder(programme, material)).mkdir(parents=True)


def sample_of(programme: Programme) -> dict[str, Any]:
    """Return the sample's answers, or none if it is an application to another notice."""
    text = (sample_folder() / APPLICATION_FILE).read_text(encoding="utf-8")
    sample: dict[str, Any] = json.loads(text)
    return sample if sample.get("programme") == programme.id else {}


def make_sample(target: Path, programme_id: str | None = None) -> None:
    """Write the complete fictional application, ready to be built.

    Raises UsageFault if there is none for the notice `programme_id`.
    """
    if programme_id is not None and not sample_of(load_programme(programme_id)):
        raise UsageFault(
            f"申报通知“{programme_id}”没有样例。", "请新建空白的申报文件夹，不要样例。"
        )
    make_anew(target, lambda work: copy_tree(sample_folder(), work))


def make_anew(target: Path, write: Callable[[Path], Any], kept: str = "申报材料") -> None:
    """Make a folder with the files that `write` puts into it, as a whole or not at all.

    Raises OutputUnwritable if the target is not empty; `kept` names its content in the message.
    """
    if holds_something(target):
        raise OutputUnwritable(
            f"“{FILE}”已经存在，里面有内容。",
            f"请换一个文件夹名，以免覆盖已有的{kept}。",
            target,
        )
    refuse_foreign(target)
    with work_folder(target) as work:
        write(work)
        swap_folder(work, target)


def holds_something(target: Path) -> bool:
    """Return whether a folder exists and is not empty."""
    try:
        return any(target.iterdir())
    except OSError:
        return False


def _blank_application(programme: Programme) -> dict[str, Any]:
    """Return every key of the notice with null, except `attachments`, so that folders are searched.

    A table has as many rows as it must have.
    """
    blank = application_model(programme)().model_dump(mode="json")
    blank.pop("attachments")
    blank["programme"] = programme.id
    fields = programme.fields
    for question in fields.fields:
        if isinstance(question.kind, RowsKind):
            keys = dict.fromkeys(fields.known_keys((*question.place, 0)))
            holder: Any = blank
            for step in question.place[:-1]:
                holder = holder[step]
            holder[question.place[-1]] = [dict(keys) for _ in range(question.kind.least)]
    return blank
