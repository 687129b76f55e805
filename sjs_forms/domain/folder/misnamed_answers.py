"""Finds answers saved under another name than application.json, as Notepad and browsers do."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import (
    ANSWERS_FILE,
    EditAnswers,
    PlainAction,
    RenameAnswersFile,
)
from sjs_forms.domain.folder.folder_entries import FolderEntry, entries_in

_NAMED = re.compile(r"application\W?.*\.(json|txt|rtf|docx?|wps)", re.IGNORECASE)
_DOUBLED = re.compile(r"application(\.json)?\.(txt|json)(\.txt)?", re.IGNORECASE)
"""Names that Notepad gives application.json if Windows hides file extensions."""
_OFFICE = (".rtf", ".doc", ".docx", ".wps")


def no_answers(file: Path) -> UsageFault:
    """Return the error for a missing file of answers; it names the file that was probably meant."""
    found = _misnamed(file)
    if found is None:
        return UsageFault(f"没有找到申报数据：{FILE}", PlainAction.CHOOSE_APPLICATION, file)
    return UsageFault(
        f"没有找到申报数据：{FILE}，旁边只有“{FILE}”。",
        RenameAnswersFile(found, file.name, as_text=found.lower().endswith(_OFFICE)),
        file,
        found,
    )


def _misnamed(file: Path) -> str | None:
    """Return the file beside a missing one that was most likely meant to be it, or None.

    It is named like it, or is the only .json there.
    """
    names = [entry.path.name for entry in entries_in(file.parent) if not entry.is_folder]
    like = [each for each in names if _NAMED.fullmatch(each)]
    like.sort(key=lambda each: not _DOUBLED.fullmatch(each))
    others = [each for each in names if each.lower().endswith(".json")]
    return like[0] if like else others[0] if len(others) == 1 else None


def answers_beside(entries: Sequence[FolderEntry]) -> Iterator[Finding]:
    """Yield a warning for each file beside application.json that may hold what was typed last."""
    names = [entry.path.name for entry in entries if not entry.is_folder]
    if ANSWERS_FILE not in names:
        return
    for found in names:
        if found != ANSWERS_FILE and _DOUBLED.fullmatch(found):
            yield warning(
                "answers-misnamed",
                FilePlace(found),
                "申报数据",
                f"申报数据旁边还有“{FILE}”，多半是记事本另存出来的。",
                EditAnswers("后填的内容若在它里面，请照它在{}中改正；不需要的请删去它。"),
                found,
            )
