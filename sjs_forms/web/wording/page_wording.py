"""Findings and errors in the words of a page, which has buttons and cards and names no command."""

from collections.abc import Mapping, Sequence

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.findings.file_names import short_names, with_names
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.remedies import (
    Advice,
    AllowMoreTime,
    ChooseMaterial,
    ChooseNotice,
    ChooseStock,
    DecideScanPage,
    EditAnswers,
    FillAnswer,
    FindFile,
    InstallOffice,
    InstallTextLayout,
    MendAnswer,
    MendAnswersFile,
    MendNotice,
    NameFile,
    PlainAction,
    PutFile,
    Remedy,
    RenameAnswersFile,
    RenameKey,
    ReplaceFile,
    ReportFileFault,
    RunJob,
    ScanForm,
    SignAgain,
    SortFile,
    TurnScanPage,
    UseNewRoster,
    UseOtherwise,
)
from sjs_forms.base.findings.wording import Wording, filled, worded
from sjs_forms.web.form.form_fields import label_at

_PAGES = {
    "build": "“生成”",
    "diff": "“导入”",
    "fill": "“盖章件”",
    "import": "“导入”",
    "stamped": "“盖章件”",
}
"""The page for the job of each command."""
_REPLACING = "勾选“换下已有的盖章件”"
_INSTALLER = "请联系装这个软件的人"
_INSTALL_AGAIN = f"{_INSTALLER}，重新安装一次。"
_OTHER_USES = {
    "roster": "名册里的一家，可以在“导入”页读进一份申报。",
    "word": "填好的表格，可以在“导入”页读进一份申报。",
    "paper": "盖了章的表格扫描件，请在“盖章件”页放入；其他材料请在“材料”页放入。",
}

_PLAIN: Wording = {
    PlainAction.ANSWER_BY_PAGE: "请重新辨认一次，再选定各页。",
    PlainAction.BUILD_WHOLE: "请不勾选“补件”，重新生成，整册重印。",
    PlainAction.CHOOSE_APPLICATION: "请换一个文件夹，或新建一份申报。",
    PlainAction.CHOOSE_BUILD: "请在“生成”页重新生成。",
    PlainAction.CHOOSE_FREE_NAME: "请把它移走或改名，再做一次。",
    PlainAction.CHOOSE_OTHER_OUTPUT: "",
    PlainAction.CHOOSE_PAGES: "只要其中几页的，请在文件的卡片上写明“只取这几页”。",
    PlainAction.CHOOSE_SHORTER_PATH: (
        "请退出后把申报文件夹改短名字，或移到路径短一些的地方，再打开它。"
    ),
    PlainAction.COPY_INSIDE: "请移除这一条，再放入文件。",
    PlainAction.CORRECT_PAGES: "请改正页码，如 1-3,7；要全部页的，把页码清空。",
    PlainAction.ENTER_PASSWORD: "请在这个文件的卡片上填写打开它的密码，或换一个去掉密码的文件。",
    PlainAction.FEWER_AT_ONCE: "",
    PlainAction.FILE_SCANS_AGAIN: f"请在“盖章件”页把盖章扫描件再放入一次，并{_REPLACING}。",
    PlainAction.INSPECT_MACHINE: _INSTALL_AGAIN,
    PlainAction.INSTALL_AGAIN: _INSTALL_AGAIN,
    PlainAction.INSTALL_PHOTO_PARTS: f"要装的话，{_INSTALLER}。",
    PlainAction.INSTALL_READER: (f"本机没有安装识别扫描件文字的组件；要装的话，{_INSTALLER}。"),
    PlainAction.STRAIGHTEN_FILE: (
        "请在“材料”页这个文件的卡片上点“拉平这张照片”，比较前后的样子再决定。"
    ),
    PlainAction.LIST_FILE: "如需装订，请在“材料”页放入；不需要的请移走。",
    PlainAction.LOOK_UP_KEYS: "请刷新页面后再试。",
    PlainAction.MOVE_FOREIGN_FILES: "为免丢失，请先把这些文件移走。",
    PlainAction.MOVE_TEMPORARY: "",
    PlainAction.OMIT_NOTICE: "",
    PlainAction.REPLACE_SCAN: (
        f"要换成新的，请{_REPLACING}；旧的会移到申报文件夹的“已换下的扫描件”里，不会删除。"
    ),
    PlainAction.REPORT_FAULT: f"请再试一次；仍不行的，{_INSTALLER}。",
    PlainAction.SPLIT_VOLUME: "生成时请勾选“太厚时分成几册”，或选较薄的纸、减少文件。",
    PlainAction.TAKE_WORD_ANSWERS: "请在“导入”页逐项选定以哪一个为准。",
    PlainAction.USE_ASCII_TEMPORARY: f"{_INSTALLER}，换一个路径里没有中文的临时文件夹。",
}

PAGE_WORDING: Wording = {
    **_PLAIN,
    Advice: "{words}",
    MendAnswer: lambda remedy: filled(
        remedy.words, [f"“{label_at(steps)}”" for steps in remedy.answers]
    ),
    FillAnswer: lambda remedy: f"请在“{label_at(remedy.answer)}”处填写。",
    EditAnswers: lambda remedy: remedy.words.replace("{}", "“填写”页"),
    MendAnswersFile: "请点“撤销上一步”，回到改坏之前。",
    RenameAnswersFile: "请在文件夹里把“{found}”另存或改名为“{name}”，再打开。",
    RenameKey: "它不是在“填写”页写的，请在保存申报内容的文件里改正或删去它。",
    PutFile: "请把文件拖到这一项，或点“选择文件”；先看样子可以生成草稿。",
    FindFile: "请移除这一条，再放入文件。",
    SortFile: "需要装订的，请在“材料”页放入对应的一项；不需要的，请从申报文件夹里移走。",
    ScanForm: "打印、签字、盖章、扫描后，在“盖章件”页放入。",
    SignAgain: "{when}请用新表重新签字、盖章、扫描，在“盖章件”页换下旧的。",
    ReplaceFile: "{words}",
    NameFile: "建议用“{title}”为题：请在文件的卡片上改标题。",
    InstallOffice: "请安装 LibreOffice，或{words}",
    InstallTextLayout: _INSTALL_AGAIN,
    AllowMoreTime: "",
    ChooseMaterial: "请移除这个文件，再放入它所属的一项。",
    ChooseStock: "请在“生成”页重新选纸。",
    ChooseNotice: f"{_INSTALLER}，把这份申报所属的通知装上；或换一份申报。",
    UseNewRoster: ("请换一个文件：名册要有一行表头，写着表上各项的名称，下面每行一个申报单位。"),
    MendNotice: "请告诉编写通知的人，或装这个软件的人。",
    ReportFileFault: (
        "这是本软件的问题，请把这个文件交给装这个软件的人；"
        "急用时，可在阅读器中“打印为 PDF”后用打印所得的文件替换。"
    ),
    UseOtherwise: lambda remedy: _OTHER_USES[remedy.use],
    DecideScanPage: "请在这一页下面选定它是哪一页，或选“不用这一页”。",
    TurnScanPage: ("请打开放好的扫描件看一眼；转得不对的，请重新放入一次，在那一页下面改“转向”。"),
    RunJob: lambda remedy: filled(remedy.words, [_PAGES.get(job, "“总览”") for job in remedy.jobs]),
}

SCAN_WORDING: Wording = {
    **PAGE_WORDING,
    PlainAction.ENTER_PASSWORD: "请在阅读器中去掉密码，另存一份，再放进来。",
}
"""The words for scans that are being recognised, which have no cards."""

_MESSAGES: Mapping[PlainAction | type, str] = {
    MendAnswersFile: "保存申报内容的文件写法有误，读不出来。",
    MendNotice: "这份申报通知的文件有误，做不成。",
    PlainAction.REPORT_FAULT: "这一步没有做成，是本软件的问题。",
}
"""Messages by action, where the message itself is for who edits files or this program."""


def remedy_on_page(remedy: Remedy, wording: Wording = PAGE_WORDING) -> str:
    """Return a remedy in the words of a page; "" for what a page does not offer."""
    return worded(remedy, wording)


def message_on_page(problem: Finding | SjsFormsError) -> str:
    """Return the message of a finding or an error as a page shows it: files by their names."""
    action = problem.action
    instead = _MESSAGES.get(action if isinstance(action, PlainAction) else type(action))
    return instead or with_names(problem.template, short_names(problem.files))


def without_folders(text: str, files: Sequence[str]) -> str:
    """Return a text that quotes some of these files with their names in place of their paths.

    The manifest of a build has the text of its messages only.
    """
    quoted = [file for file in files if f"“{file}”" in text]
    for file, name in zip(quoted, short_names(quoted), strict=True):
        text = text.replace(f"“{file}”", f"“{name}”")
    return text


def error_on_page(problem: SjsFormsError) -> tuple[str, str]:
    """Return the message and the remedy of an error as a page shows them."""
    return message_on_page(problem), remedy_on_page(problem.action)
