"""Rewords findings for a roster, with row and column in place of application.json."""

from collections.abc import Mapping
from dataclasses import replace

from sjs_forms.base.findings.command_wording import command_wording
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import (
    Advice,
    EditAnswers,
    FillAnswer,
    MendAnswer,
    NameFile,
    PlainAction,
    PutFile,
    ReplaceFile,
    ScanForm,
    SignAgain,
)
from sjs_forms.base.findings.wording import Wording, filled, worded
from sjs_forms.batch.roster.columns import FOLDER_LABEL, PASSWORD_LABEL
from sjs_forms.batch.roster.table_reading import TableLine
from sjs_forms.domain.fields.field import Place
from sjs_forms.domain.notice.notice_fields import NoticeFields

_NO_LINES: Mapping[Place, TableLine] = {}
_FOLDER = f"在“{FOLDER_LABEL}”一栏所写的文件夹里"


def in_the_roster(
    fields: NoticeFields, found: Finding, row: int, lines: Mapping[Place, TableLine] = _NO_LINES
) -> Finding:
    """Return a finding reworded for a roster, about the application in `row` (Excel's number).

    `lines` are the Excel rows of tables, by their place.
    """
    at = f"第 {row} 行"
    if isinstance(found.place, AnswerPlace):
        steps = found.place.steps
        for length in range(1, len(steps) + 1):
            line = lines.get(steps[:length])
            at = line.named(steps[length : length + 1]) if line else at
    words = worded(found.action, _wording(fields))
    return replace(found, action=Advice(f"名册{at}：{words}"))


def _wording(fields: NoticeFields) -> Wording:
    """Return the words of a roster for each action.

    A roster has no list of files, page selections or titles, and there is no application.json for
    `stamped` to write.
    """
    return {
        **without_a_list(command_wording()),
        MendAnswer: lambda remedy: filled(
            remedy.words, [f"“{fields.label_of(steps)}”" for steps in remedy.answers]
        ),
        FillAnswer: lambda remedy: f"请在“{fields.label_of(remedy.answer)}”处填写。",
        EditAnswers: lambda remedy: remedy.words.replace("{}", "名册"),
        PutFile: f"请把文件放进 {{folder}}（{_FOLDER}）；先看样子可用 --draft。",
        ScanForm: f"打印、签字盖章后扫描，放进 {{folder}}（{_FOLDER}），再生成一次。",
        SignAgain: f"{{when}}请用新表重新签字、盖章、扫描，换下旧的扫描件（{_FOLDER}）。",
        PlainAction.FILE_SCANS_AGAIN: f"请用新的盖章扫描件换下旧的（{_FOLDER}）。",
        PlainAction.ENTER_PASSWORD: (
            f"请在名册的“{PASSWORD_LABEL}”一栏（没有的加一列）写明，或去掉密码后另存一份。"
        ),
    }


def without_a_list(usual: Wording) -> Wording:
    """Return the usual words, for answers that have no list of files with titles and pages."""

    def unlisted(remedy: NameFile | ReplaceFile) -> str:
        return worded(replace(remedy, is_listed=False), usual)

    return {
        **usual,
        PlainAction.STRAIGHTEN_FILE: "想更清楚的，请用扫描仪或手机的扫描功能重新扫描，再换上。",
        PlainAction.CHOOSE_PAGES: "",
        NameFile: unlisted,
        ReplaceFile: unlisted,
    }
