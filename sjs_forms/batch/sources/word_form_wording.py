"""Rewords findings for an application whose answers are in Word forms."""

from dataclasses import replace

from sjs_forms.base.findings.command_wording import command_wording
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.remedies import (
    Advice,
    EditAnswers,
    FillAnswer,
    MendAnswer,
    PlainAction,
    PutFile,
    ScanForm,
    SignAgain,
)
from sjs_forms.base.findings.wording import Wording, filled, worded
from sjs_forms.batch.roster.roster_wording import without_a_list
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.domain.notice.notice_fields import NoticeFields


def in_word_forms(read: ApplicationFolder, found: Finding) -> Finding:
    """Return a finding with the form's labels instead of keys; Word forms list no files."""
    if read.programme is None:
        return found
    words = worded(found.action, _wording(read.called, read.programme.fields))
    return replace(found, action=Advice(words))


def _wording(called: str, fields: NoticeFields) -> Wording:
    """Return the words for each action, for answers that are in the Word forms `called` so."""

    def mended(remedy: MendAnswer) -> str:
        holder = f"{called}{remedy.link}" if remedy.link else ""
        labels = [f"“{fields.label_of(steps)}”" for steps in remedy.answers]
        return filled(remedy.words, [holder + label for label in labels[:1]] + labels[1:])

    return {
        **without_a_list(command_wording(called)),
        MendAnswer: mended,
        FillAnswer: lambda remedy: f"请在{called}的“{fields.label_of(remedy.answer)}”处填写。",
        EditAnswers: lambda remedy: remedy.words.replace("{}", f" {called}").lstrip(),
        PutFile: "请把文件放进他文件夹里的 {folder}；先看样子可用 --draft。",
        ScanForm: (
            "打印、签字盖章后扫描，用 sjs-forms batch … --stamped 放入"
            "（也可自己放进他文件夹里的 {folder}），再生成一次。"
        ),
        SignAgain: "{when}请用新表重新签字、盖章、扫描，用 sjs-forms batch … --stamped 放入。",
        PlainAction.FILE_SCANS_AGAIN: "请把盖章扫描件用 sjs-forms batch … --stamped 再放入一次。",
        PlainAction.ENTER_PASSWORD: "请去掉密码后另存一份再放进来。",
        PlainAction.LIST_FILE: "如需装订，请放进对应的材料文件夹；不需要的请移走。",
    }
