"""Rewords findings for an application whose answers are in Word forms."""

from dataclasses import replace

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.remedies import (
    ANSWERS_FILE,
    Advice,
    EnterPassword,
    ListFile,
    MendAnswer,
    NameFile,
    PutFile,
    Remedy,
    ReplaceFile,
    ScanForm,
    StraightenFile,
    filled,
    remedy_text,
)
from sjs_forms.batch.roster.row_remedies import RESCAN
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.domain.notice.notice_fields import NoticeFields


def in_word_forms(read: ApplicationFolder, found: Finding) -> Finding:
    """Return a finding with the form's labels instead of keys; Word forms list no files."""
    if read.programme is None:
        return found
    return replace(found, action=Advice(_worded(read, read.programme.fields, found.action)))


def _worded(read: ApplicationFolder, fields: NoticeFields, remedy: Remedy) -> str:
    match remedy:
        case MendAnswer(words, answers, link):
            holder = f"{read.called}{link}" if link else ""
            labels = [f"“{fields.label_of(steps)}”" for steps in answers]
            return filled(words, [holder + label for label in labels[:1]] + labels[1:])
        case PutFile(folder):
            return f"请把文件放进他文件夹里的 {folder}；先看样子可用 --draft。"
        case ScanForm(folder):
            return (
                "打印、签字盖章后扫描，用 sjs-forms batch … --stamped 放入"
                f"（也可自己放进他文件夹里的 {folder}），再生成一次。"
            )
        case EnterPassword():
            return "请去掉密码后另存一份再放进来。"
        case StraightenFile():
            return RESCAN
        case ListFile():
            return "如需装订，请放进对应的材料文件夹；不需要的请移走。"
        case NameFile() | ReplaceFile():
            return remedy_text(replace(remedy, is_listed=False))
        case Advice(words):
            return words.replace(ANSWERS_FILE, read.called)
        case _:
            return remedy_text(remedy, read.called)
