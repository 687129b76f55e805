"""The wording of a letter to an applicant: its sentences, and the findings in it.

An applicant knows no path, row, key or command, so none is named.
"""

import re
from pathlib import PurePosixPath
from typing import get_args

from sjs_forms.base.findings.file_names import short_names, with_names
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import (
    Advice,
    ChooseMaterial,
    EditAnswers,
    FillAnswer,
    FindFile,
    InstallOffice,
    MendAnswer,
    MendAnswersFile,
    NameFile,
    PlainAction,
    PutFile,
    Remedy,
    RenameKey,
    ReplaceFile,
    ReportFileFault,
    ScanForm,
    SignAgain,
    SortFile,
)
from sjs_forms.base.findings.wording import Wording, filled, worded
from sjs_forms.batch.roster.columns import FOLDER_LABEL
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.programme import Programme

SUBJECT = "申报材料退补通知"
TO_MEND, TO_CONFIRM = "必须更正或补充", "请确认"
"""Headings of the two lists of a letter."""
DAY = "　　　　年　　月　　日"
"""The date of a letter, for the pen."""

_IN_ROSTER = re.compile(
    rf"^(?:“[^”]+”)?第 \d+ 行(?: [A-Z]+ 列)?(?:“{re.escape(FOLDER_LABEL)}”：|(?=“))"
)
"""The row and column of a roster before a label, or before what is said of the files that the row
names; the applicant has no roster.
"""
_ELSE = "请按上面所说更正后重新提交。"
_AGAIN = "请核对后重新填写，再次提交。"
_ALL_SEEN = "的申报材料（编号 {}）已收到并核对"
_TO_SORT = "请说明它属于哪一项材料；不需要的请撤回。"


def opening(programme: Programme, number: str, answers_only: bool = False) -> str:
    """Return the first sentences of the letter about the application of that number.

    `answers_only` says that nobody looked at its files.
    """
    seen = "填写的内容（编号 {}）已核对，所附材料尚未核对" if answers_only else _ALL_SEEN
    return f"你单位“{programme.title}”{seen.format(number)}。下列事项请更正、补充或确认。"


def closing(programme: Programme, answers_only: bool = False) -> str:
    """Return the last sentences of the letter; they promise nothing about files not looked at."""
    rest = "所附材料核对后另行通知。" if answers_only else "没有列出的内容不必重新提交。"
    return f"更正后的材料请交：{programme.submit_to}。{rest}"


def message_of(found: Finding) -> str:
    """Return what is wrong; names files without their folders, and no row of a roster."""
    if found.has(Trait.AWAITS_SCAN):
        return f"还没有收到“{found.label}”的盖章扫描件。"
    if found.has(Trait.UNLISTED) and isinstance(found.place, FilePlace):
        return f"“{PurePosixPath(found.place.path).name}”不知属于哪一项材料，没有收入。"
    if isinstance(found.action, MendAnswersFile):
        return "提交的填写内容读不出来。"
    if isinstance(found.action, RenameKey):
        return f"“{found.label}”填写有误。"
    return _IN_ROSTER.sub("", with_names(found.template, short_names(found.files)))


def remedy_of(found: Finding, fields: NoticeFields | None) -> str:
    """Return what the applicant must do."""
    if found.has(Trait.BLANKS):
        return "请补填；确实不必填写的可以不管。"
    if found.has(Trait.UNLISTED):
        return _TO_SORT
    if isinstance(found.action, RenameKey):
        return _AGAIN
    return worded(found.action, _wording(fields)) or _ELSE


def _wording(fields: NoticeFields | None) -> Wording:
    """Return the words of a letter for each action; `fields` have the labels of answers."""

    def mended(remedy: MendAnswer) -> str:
        if fields is None:
            return _ELSE
        return filled(remedy.words, [f"“{fields.label_of(steps)}”" for steps in remedy.answers])

    def blank(remedy: FillAnswer) -> str:
        return f"请填写“{fields.label_of(remedy.answer)}”。" if fields else _ELSE

    return {**_WITHOUT_LABELS, MendAnswer: mended, FillAnswer: blank}


_SIGN = "请用新表重新签字、盖章，再交扫描件。"
_WITHOUT_LABELS: Wording = {
    # Actions that only the office can take, which an applicant is not told; without those below.
    **dict.fromkeys((*PlainAction, *get_args(Remedy)), ""),
    PlainAction.COPY_INSIDE: "请补交这份材料。",
    PlainAction.CORRECT_PAGES: "请写明只要其中的哪几页。",
    PlainAction.ENTER_PASSWORD: "请告知打开它的密码，或交没有密码的文件。",
    PlainAction.LIST_FILE: _TO_SORT,
    PlainAction.SPLIT_VOLUME: "材料太多，请精简，或与受理窗口商量分册。",
    Advice: "{words}",
    ReplaceFile: "{words}",
    InstallOffice: "请{words}",
    EditAnswers: lambda remedy: remedy.words.replace("{}", "表格"),
    MendAnswersFile: "请重新提交填写好的表格。",
    ChooseMaterial: "请说明它属于哪一项材料。",
    ReportFileFault: "请在阅读器中把它“打印为 PDF”，再交打印所得的文件。",
    PutFile: "请补交这份材料。",
    FindFile: "请补交这份材料。",
    SortFile: _TO_SORT,
    ScanForm: "请打印、签字、盖章后，交扫描件。",
    SignAgain: f"{{when}}{_SIGN}",
    NameFile: "请写明这份材料的名称，建议为“{title}”。",
}
