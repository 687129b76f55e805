"""Finds the installed notices, and reads the folder of one."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.remedies import ChooseNotice, PlainAction
from sjs_forms.base.resources import further_notice_folders, templates_folder
from sjs_forms.domain.notice.bad_notice import BadNotice
from sjs_forms.domain.notice.fields_file import FIELDS_FILE, read_fields
from sjs_forms.domain.notice.programme_mistakes import told
from sjs_forms.domain.notice.toml_lines import line_of, read_toml
from sjs_forms.domain.programme import Programme

PROGRAMME_FILE = "programme.toml"


def notice_folders() -> dict[str, Path]:
    """Return the folder of each notice by its id, sorted: those of the package, then further ones.

    A further folder is itself a notice, or contains some. A notice whose id already exists is
    ignored.
    """
    found: dict[str, Path] = {}
    for folder in _every_folder():
        found.setdefault(folder.name, folder)
    return dict(sorted(found.items()))


def hidden_notices() -> tuple[tuple[Path, Path], ...]:
    """Return each folder that is ignored because of its id, and the folder used instead."""
    used = notice_folders()
    hidden = {folder for folder in _every_folder() if not folder.samefile(used[folder.name])}
    return tuple((folder, used[folder.name]) for folder in sorted(hidden))


def barren_folders() -> tuple[str, ...]:
    """Return a sentence on each further folder without a notice: 文件夹“…”不存在。"""
    return tuple(
        f"文件夹“{holder}”{'里没有申报通知' if holder.is_dir() else '不存在'}。"
        for holder in further_notice_folders()
        if not any(_notices_in(holder))
    )


def _every_folder() -> Iterator[Path]:
    for holder in (templates_folder(), *further_notice_folders()):
        yield from _notices_in(holder)


def _notices_in(holder: Path) -> Iterator[Path]:
    try:
        with os.scandir(holder) as listed:
            inside = sorted(entry.name for entry in listed if entry.is_dir())
    except OSError:
        return
    for folder in (holder, *(holder / name for name in inside)):
        if (folder / PROGRAMME_FILE).exists():
            yield folder


def installed_programmes() -> tuple[str, ...]:
    """Return the ids of all notices, sorted."""
    return tuple(notice_folders())


def load_programme(programme_id: str | None = None) -> Programme:
    """Return the notice with this id, by default the only one installed.

    Raises UsageFault if there is no such notice, or several and no id; BadNotice if a file of the
    notice is invalid.
    """
    folders = notice_folders()
    known = tuple(folders)
    if programme_id is None:
        if len(known) != 1:
            raise UsageFault(
                f"装有 {len(known)} 个申报通知，无法确定用哪一个。",
                ChooseNotice(known),
            )
        programme_id = known[0]
    if programme_id not in known:
        raise UsageFault(
            f"没有装名为“{programme_id}”的申报通知。{''.join(barren_folders())}",
            ChooseNotice(known, is_unknown=True),
        )
    return read_notice(folders[programme_id])


def readable_programmes() -> tuple[Programme, ...]:
    """Return every notice that can be read, by id; invalid ones are skipped.

    Raises BadNotice if none can be read, UsageFault if none is installed.
    """
    read, bad = list[Programme](), list[BadNotice]()
    for folder in notice_folders().values():
        try:
            read.append(read_notice(folder))
        except BadNotice as problem:
            bad.append(problem)
    if not read:
        raise bad[0] if bad else UsageFault("没有装任何申报通知。", PlainAction.INSTALL_AGAIN)
    return tuple(read)


@cache
def read_notice(folder: Path) -> Programme:
    """Return the notice of a folder, always the same object, so that materials compare by identity.

    Raises BadNotice.
    """
    programme_id = folder.name
    file = folder / PROGRAMME_FILE
    text, data = read_toml(file)
    fields = read_fields(folder / FIELDS_FILE, data)
    try:
        programme = Programme.model_validate({**data, "fields": fields, "folder": folder})
    except ValidationError as problem:
        place, said = told(problem.errors(include_url=False))
        raise BadNotice(file, line_of(text, place), said) from problem
    if programme.id != programme_id:
        line = line_of(text, ("id",))
        raise BadNotice(file, line, f"id 应与文件夹同名，写作“{programme_id}”")
    return programme
