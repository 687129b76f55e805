"""Words for a page where the command line's speak of commands, or of keys of application.json.

A page has buttons where the commands have options. What is said here is said of a kind of finding;
what can be said as it stands is left alone.
"""

import re
from collections.abc import Mapping
from functools import cache

from sjs_forms.domain.places import place_of
from sjs_forms.web.form.form_fields import groups, installed_fields

_OF_COMMANDS = re.compile(
    r"json|sjs-forms|本命令|(?<![A-Za-z])--[a-z]|null|双引号|花括号|方括号|TMPDIR|SJS_|"
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

_NEW_SCAN = "请用新表重新签字、盖章、扫描，在“盖章件”页换下旧的"
_REMEDIES: Mapping[str, str] = {
    "attachment-missing": "请移除这一条，再放入文件。",
    "output-kept": "改动过的 Word 表格可在“导入”页读回；不再需要的请删去。",
    "scan-awaited": "打印、签字、盖章、扫描后，在“盖章件”页放入。",
    "scan-exists": "要换成新的，请勾选“换下已有的盖章件”。",
    "stamped-answer-changed": f"确要改的，{_NEW_SCAN}；改错了的，请改回原样。",
    "stamped-answer-unlike": f"以扫描件为准的，请照它改；以现在填的为准的，{_NEW_SCAN}。",
    "stamped-form-unlike": f"不是这份申报的表，或是旧表的，{_NEW_SCAN}。",
    "unknown-programme": "请联系装这个程序的人，把这份申报所属的通知装上；或换一份申报。",
    "word-differs": "以 Word 为准的，请在“导入”页读回；以现在填的为准的，请重新生成表格。",
}
"""What to do, by code, where the words of the action name an option of a command."""


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
