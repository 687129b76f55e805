"""Words remedies for a page, by their action, without naming commands."""

from sjs_forms.base.findings.remedies import (
    ChoosePages,
    DecideScanPage,
    EnterPassword,
    InstallOffice,
    ListFile,
    MendAnswer,
    MendAnswersFile,
    NameFile,
    PutFile,
    Remedy,
    ReplaceFile,
    RunJob,
    ScanForm,
    SplitVolume,
    StraightenFile,
    filled,
    remedy_text,
)
from sjs_forms.web.form.form_fields import label_at

_PAGES = {"build": "“生成”", "fill": "“盖章件”", "import": "“导入”", "stamped": "“盖章件”"}
"""The page for the job of each command."""


def on_page(remedy: Remedy) -> str:
    """Return a remedy in the words of a page; advice may still name commands."""
    match remedy:
        case MendAnswer(words, answers, _):
            return filled(words, [f"“{label_at(steps)}”" for steps in answers])
        case MendAnswersFile():
            return "请点“撤销上一步”，回到改坏之前。"
        case ReplaceFile(words, _, _):
            return words
        case NameFile(title, _, _):
            return f"建议用“{title}”为题：请在文件的卡片上改标题。"
        case ChoosePages((before, _, after)):
            return f"{before}{after}只要其中几页的，请在文件的卡片上写明“只取这几页”。"
        case InstallOffice(words):
            return f"请安装 LibreOffice，或{words}"
        case RunJob(words, jobs):
            return filled(words, [_PAGES.get(job, "“总览”") for job in jobs])
        case _:
            return _fixed(remedy)


def _fixed(remedy: Remedy) -> str:
    match remedy:
        case PutFile():
            return "请把文件拖到这一项，或点“选择文件”；先看样子可以生成草稿。"
        case ScanForm():
            return "打印、签字、盖章、扫描后，在“盖章件”页放入。"
        case EnterPassword():
            return "请在这个文件的卡片上填写打开它的密码，或换一个去掉密码的文件。"
        case StraightenFile():
            return "请在“材料”页这个文件的卡片上点“拉平这张照片”，比较前后的样子再决定。"
        case ListFile():
            return "如需装订，请在“材料”页放入；不需要的请移走。"
        case SplitVolume():
            return "生成时请勾选“太厚时分成几册”，或选较薄的纸、减少文件。"
        case DecideScanPage():
            return "请在这一页下面选定它是哪一页，或选“不用这一页”。"
    return remedy_text(remedy)
