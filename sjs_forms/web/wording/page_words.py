"""Words for a page where the command line's speak of commands, or of keys of application.json.

A page has buttons where the commands have options. What is said here is said of a kind of finding;
what can be said as it stands is left alone.
"""

import re
from collections.abc import Mapping
from functools import cache

from sjs_forms.base.progress import Stage
from sjs_forms.domain.places import place_of
from sjs_forms.web.form_fields import groups, installed_fields

_OF_COMMANDS = re.compile(
    r"json|sjs-forms|(?<![A-Za-z])--[a-z]|null|双引号|花括号|方括号|TMPDIR|SJS_|"
    r"(?<![A-Za-z])(attachments|material|programme|title|pages|rotate|password|doctor)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_FILE_NAMES = ("application.json 的 programme", "application.json")
_FOLDER = re.compile(r"(?<![A-Za-z])attachments/")
_IN_MARKS = (("不带引号和单位", "不带单位"), ('写成 "2025-03-01"', "写成 2025-03-01"))
"""What is said of quotation marks that only application.json has."""

_MESSAGES: Mapping[str, str] = {
    "attachment-encrypted": "这个文件加了密码，填的密码不对，或还没有填。",
}
"""What is wrong, by code, where the sentence itself cannot be shown."""

STAGE_NAMES: Mapping[str, str] = {
    Stage.STARTING: "正在准备",
    Stage.READING: "读取申报",
    Stage.OPENING: "读取附件",
    Stage.TYPESETTING: "排版",
    Stage.PACKING: "打包在线申报材料",
    Stage.ASSEMBLING: "装订",
    Stage.VERIFYING: "校验",
    Stage.COPYING: "分拣纸张",
    Stage.PUBLISHING: "写入结果",
    Stage.DONE: "完成",
    Stage.RECOGNISING: "辨认扫描页",
    Stage.DRAWING: "画出页面",
    Stage.INSPECTING: "核对",
}
"""The words for each stage of a job."""

_NEW_SCAN = "请用新表重新签字、盖章、扫描，在“盖章件”页换下旧的"
_REMEDIES: Mapping[str, str] = {
    "attachment-encrypted": "请在这个文件的卡片上填写打开它的密码。",
    "duplicate-attachment": "请移除一处；确需各用其中几页的，两处都写明“只取这几页”。",
    "attachment-missing": "请移除这一条，再放入文件。",
    "material-missing": "请把文件拖到这一项，或点“选择文件”；先看样子可以生成草稿。",
    "output-kept": "改动过的 Word 表格可在“导入”页读回；不再需要的请删去。",
    "required-missing": "请在“填写”页填写这一项。",
    "scan-awaited": "打印、签字、盖章、扫描后，在“盖章件”页放入。",
    "scan-exists": "要换成新的，请勾选“换下已有的盖章件”。",
    "scan-page-foreign": "请在这一页下面选“不用这一页”，或选定它是哪一页。",
    "scan-page-twice": "请把不要的那一页选为“不用这一页”。",
    "scan-page-unsure": "请在这一页下面选定它是哪一页，或选“不用这一页”。",
    "stamped-answer-changed": f"确要改的，{_NEW_SCAN}；改错了的，请改回原样。",
    "stamped-answer-unlike": f"以扫描件为准的，请照它改；以现在填的为准的，{_NEW_SCAN}。",
    "stamped-form-unlike": f"不是这份申报的表，或是旧表的，{_NEW_SCAN}。",
    "volume-too-thick": "请在文件的卡片上写明“只取这几页”，或减少文件。",
    "word-differs": "以 Word 为准的，请在“导入”页读回；以现在填的为准的，请重新生成两张表。",
}
"""What to do, by code, where the sentence itself cannot be shown."""


def message_for(code: str, label: str, message: str) -> str:
    """What is wrong, as a page says it."""
    for name in _FILE_NAMES:
        message = message.replace(name, "申报数据")
    message = _FOLDER.sub("", message)
    return plain_words(message, _MESSAGES.get(code, f"“{label}”写得不对，请重新填写。"))


def remedy_for(code: str, remedy: str, otherwise: str) -> str:
    """What to do, as a page says it; `otherwise` where nothing better is known."""
    return plain_words(remedy, _REMEDIES.get(code, otherwise))


def plain_words(text: str, instead: str) -> str:
    """A sentence for a page: `instead` where it speaks of commands or of keys."""
    for marked, plain in _IN_MARKS:
        text = text.replace(marked, plain)
    return instead if _OF_COMMANDS.search(text) or _keys().search(text) else text


@cache
def _keys() -> re.Pattern[str]:
    """The keys of application.json that hold answers."""
    firsts = {
        place_of(each.path)[0]
        for fields in installed_fields()
        for group in groups(fields)
        for each in group.questions
    }
    return re.compile(rf"(?<![A-Za-z_@.])({'|'.join(sorted(map(str, firsts)))})(?![A-Za-z_@])")
