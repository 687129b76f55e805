"""Finds answers saved under another name than application.json, as Notepad and browsers do."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import ANSWERS_FILE
from sjs_forms.domain.folder.folder_entries import FolderEntry, entries_in

_NAMED = re.compile(r"application\W?.*\.(json|txt|rtf|docx?|wps)", re.IGNORECASE)
_DOUBLED = re.compile(r"application(\.json)?\.(txt|json)(\.txt)?", re.IGNORECASE)
"""Names that Notepad gives application.json if Windows hides file extensions."""
_OFFICE = (".rtf", ".doc", ".docx", ".wps")


def no_answers(file: Path) -> UsageFault:
    """Return the error for a missing file of answers; it names the file that was probably meant."""
    found = _misnamed(file)
    if found is None:
        return UsageFault(
            f"没有找到申报数据：{file}",
            "请给出申报文件夹或其中的 application.json；新建一个可用：sjs-forms new 文件夹名。",
        )
    message = f"没有找到申报数据：{file}，旁边只有“{found}”。"
    if found.lower().endswith(_OFFICE):
        return UsageFault(
            message, f"请用记事本把“{found}”里的内容另存为 {file.name}，编码选 UTF-8。"
        )
    return UsageFault(
        message,
        f"请把“{found}”改名为 {file.name}；看不到 .txt 一类后缀的，"
        "先在资源管理器的“查看”中勾选“文件扩展名”。",
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
                f"{ANSWERS_FILE} 旁边还有“{found}”，多半是记事本另存出来的。",
                f"后填的内容若在“{found}”里，请用它替换 {ANSWERS_FILE}；不需要的请删去。",
            )
