"""The files beside application.json: Word forms for comparison, and unused documents."""

import re
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.folder.application_lock import SESSION_FOLDER
from sjs_forms.domain.folder.clutter import Nature
from sjs_forms.domain.folder.folder_entries import FolderEntry, entries_below, entries_in, real_path
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER
from sjs_forms.domain.folder.misnamed_answers import answers_beside
from sjs_forms.domain.folder.unused_files import (
    SHOWN,
    finding_about,
    folder_outside,
    many_outside,
    outside_attachments,
)
from sjs_forms.domain.programme import Programme

WORD_SUFFIX = ".docx"
GUIDE_FILE = "填写说明.docx"
"""How to fill in an application, which `new` writes beside application.json."""
REPLACED_FOLDER = "已换下的扫描件"
"""The folder of replaced scans, outside attachments/, so that they are not attachments."""

OUTPUT_FILES = frozenset(
    {
        *("装订版.pdf", "封面书脊.pdf", "印制单.pdf", "样张.pdf", "在线申报.zip", "清单.xlsx"),
        *("彩页.pdf", "内页.pdf", "合册表.csv", "补印.pdf", "补印单.csv"),
    }
)
"""Files that builds write, which may have been copied anywhere."""

_WORD_PROCESSORS = (WORD_SUFFIX, ".doc", ".wps", ".rtf", ".odt")
_MAX_WORD_FILES = 20
_MAX_NAMED = 50
"""Files beside application.json that are reported individually."""

_NOTES = re.compile(
    r".+\.(jsonl|md|txt|csv|log|toml|ya?ml|ini)|.+\.json(~|\..+)?|.+-样张\.pdf", re.IGNORECASE
)
"""Notes, data and copies of them, which are not documents; and proofs."""

_WORK_FOLDER = re.compile(r"\.sjs-forms-[a-z0-9_]{8}")
"""A folder left by a killed build; see `output_folder.work_folder`."""


def word_files_beside(folder: Path) -> tuple[Path, ...]:
    """Return the .docx files beside application.json that may be forms; if very many, the first."""
    found = (
        entry.path
        for entry in entries_in(folder)
        if entry.nature is Nature.DOCUMENT and _is_word(entry) and not entry.path.is_symlink()
    )
    return tuple(islice(found, _MAX_WORD_FILES))


def word_papers_beside(folder: Path) -> tuple[Path, ...]:
    """Return the documents in a folder that may be filled forms, of any word processor; if very
    many, the first.
    """
    found = (
        entry.path
        for entry in entries_in(folder)
        if entry.nature is Nature.DOCUMENT
        and not entry.is_folder
        and not entry.path.is_symlink()
        and entry.path.suffix.lower() in _WORD_PROCESSORS
        and entry.path.name != GUIDE_FILE
    )
    return tuple(islice(found, _MAX_WORD_FILES))


def _is_word(entry: FolderEntry) -> bool:
    path = entry.path
    return not entry.is_folder and path.suffix.lower() == WORD_SUFFIX and path.name != GUIDE_FILE


def is_ours(entry: FolderEntry, programme: Programme) -> bool:
    """Return whether an entry outside the materials' folders is not a document of the applicant.

    Such entries are application.json and its copies, notes, our output, and the forms.
    """
    name = entry.path.name
    if entry.is_folder:
        return name in (REPLACED_FOLDER, SESSION_FOLDER) or bool(_WORK_FOLDER.fullmatch(name))
    if name in OUTPUT_FILES or name == GUIDE_FILE or _NOTES.fullmatch(name):
        return True
    return any(entry.path.stem == form.stem for form in programme.forms)


def unused_beside(folder: Path, programme: Programme, used: Collection[Path]) -> Iterator[Finding]:
    """Yield a warning for each document or folder of documents beside application.json.

    Other files of answers there are reported too.

    `used` are the real files of attachments. Word files that may be forms are not reported here,
    but by the job that reads them.
    """
    forms = set(word_files_beside(folder))
    is_missing = not (folder / ATTACHMENTS_FOLDER).is_dir()
    entries = entries_in(folder)
    yield from answers_beside(entries)
    named = [
        found
        for entry in entries
        if entry.path.name != ATTACHMENTS_FOLDER
        and entry.nature is not Nature.OPEN
        and entry.path not in forms
        and not is_ours(entry, programme)
        and (found := _finding_of(entry, programme, used, is_missing))
    ]
    yield from named[:_MAX_NAMED]
    if len(named) > _MAX_NAMED:
        yield many_outside(len(named) - _MAX_NAMED)


def _finding_of(
    entry: FolderEntry, programme: Programme, used: Collection[Path], is_missing: bool
) -> Finding | None:
    shown = entry.path.name
    if entry.is_searched:
        found = islice(_documents(entry.path, programme, used), SHOWN + 1)
        names = [document.path.name for document in found]
        return folder_outside(shown, names, is_missing) if names else None
    if real_path(entry.path) in used:
        return None
    return finding_about(entry, shown) or outside_attachments(shown, programme)


def _documents(folder: Path, programme: Programme, used: Collection[Path]) -> Iterator[FolderEntry]:
    for entry in entries_below(folder):
        is_document = entry.nature is not Nature.OPEN and not is_ours(entry, programme)
        if is_document and real_path(entry.path) not in used:
            yield entry
