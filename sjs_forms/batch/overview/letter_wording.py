"""The wording of a letter to an applicant: its sentences, and the findings in it.

An applicant knows no path, row, key or command, so none is named.
"""

import re
from pathlib import PurePosixPath

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import (
    Advice,
    ChoosePages,
    EnterPassword,
    ListFile,
    MendAnswer,
    MendAnswersFile,
    NameFile,
    PutFile,
    Remedy,
    ReplaceFile,
    ScanForm,
    SplitVolume,
    filled,
)
from sjs_forms.batch.roster.columns import FOLDER_LABEL
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.programme import Programme

SUBJECT = "申报材料退补通知"
TO_MEND, TO_CONFIRM = "必须更正或补充", "请确认"
"""Headings of the two lists of a letter."""
DAY = "　　　　年　　月　　日"
"""The date of a letter, for the pen."""

_OF_COMMANDS = re.compile(r"sjs-forms|--[a-z]|application\.json|attachments?\b|JSON|\[\d+\]", re.I)
_IN_FOLDERS = re.compile(r"“[^”“]*/([^”/“]+)”")
_IN_ROSTER = re.compile(
    rf"^(?:“[^”]+”)?第 \d+ 行(?: [A-Z]+ 列)?(?:“{re.escape(FOLDER_LABEL)}”：|(?=“))"
)
"""The row and column of a roster before a label, or before what is said of the files that the row
names; the applicant has no roster.
"""
_ELSE = "请按上面所说更正后重新提交。"
_AGAIN = "请核对后重新填写，再次提交。"
_TO_SORT = "请说明它属于哪一项材料；不需要的请撤回。"


def opening(programme: Programme, number: str) -> str:
    """Return the first sentences of the letter about the application of that number."""
    return (
        f"你单位“{programme.title}”的申报材料（编号 {number}）已收到并核对。"
        "下列事项请更正、补充或确认。"
    )


def closing(programme: Programme) -> str:
    """Return the last sentences of the letter."""
    return f"更正后的材料请交：{programme.submit_to}。没有列出的内容不必重新提交。"


def message_of(found: Finding) -> str:
    """Return what is wrong; names a file without its folders."""
    if found.has(Trait.AWAITS_SCAN):
        return f"还没有收到“{found.label}”的盖章扫描件。"
    if found.has(Trait.UNLISTED) and isinstance(found.place, FilePlace):
        return f"“{PurePosixPath(found.place.path).name}”不知属于哪一项材料，没有收入。"
    message = _named(found.message)
    return f"“{found.label}”填写有误。" if _OF_COMMANDS.search(message) else message


def _named(message: str) -> str:
    return _IN_FOLDERS.sub(r"“\1”", _IN_ROSTER.sub("", message))


def remedy_of(found: Finding, fields: NoticeFields | None) -> str:
    """Return what the applicant must do."""
    if found.has(Trait.BLANKS):
        return "请补填；确实不必填写的可以不管。"
    if found.has(Trait.UNLISTED):
        return _TO_SORT
    if _OF_COMMANDS.search(_named(found.message)):
        return _AGAIN
    words = _IN_FOLDERS.sub(r"“\1”", _words(found.action, fields))
    return _ELSE if _OF_COMMANDS.search(words) else words


def _words(remedy: Remedy, fields: NoticeFields | None) -> str:
    match remedy:
        case Advice(words) | ReplaceFile(words):
            return words
        case MendAnswer(words, answers, _) if fields is not None:
            return filled(words, [f"“{fields.label_of(steps)}”" for steps in answers])
        case MendAnswersFile():
            return "请重新提交填写好的表格。"
        case NameFile(title, _, _):
            return f"请写明这份材料的名称，建议为“{title}”。"
        case ChoosePages((before, _, after)):
            return before + after
        case PutFile():
            return "请补交这份材料。"
        case ScanForm():
            return "请打印、签字、盖章后，交扫描件。"
        case EnterPassword():
            return "请告知打开它的密码，或交没有密码的文件。"
        case ListFile():
            return _TO_SORT
        case SplitVolume():
            return "材料太多，请精简，或与受理窗口商量分册。"
    return _ELSE
