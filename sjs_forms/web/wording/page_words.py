"""Replaces sentences that name commands, options or keys of application.json, for pages.

A page has buttons instead. Replacements are by code of finding; other sentences are unchanged.
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
"""Phrases about quotation marks, which only application.json has, and their replacements."""

_MESSAGES: Mapping[str, str] = {
    "attachment-encrypted": "这个文件加了密码，填的密码不对，或还没有填。",
}
"""Messages by code, for findings whose own message names commands or keys."""

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
"""Remedies by code, for findings whose own remedy names a command's option."""


def message_for(code: str, label: str, message: str) -> str:
    """Return a finding's message for a page."""
    for name in _FILE_NAMES:
        message = message.replace(name, "申报数据")
    message = _FOLDER.sub("", message)
    return plain_words(message, _MESSAGES.get(code, f"“{label}”写得不对，请重新填写。"))


def remedy_for(code: str, remedy: str, otherwise: str) -> str:
    """Return a finding's remedy for a page, or `otherwise` if it names commands or keys."""
    return plain_words(remedy, _REMEDIES.get(code, otherwise))


def plain_words(text: str, instead: str) -> str:
    """Return a sentence for a page, or `instead` if it names commands or keys."""
    for marked, plain in _IN_MARKS:
        text = text.replace(marked, plain)
    return instead if _OF_COMMANDS.search(text) or _keys().search(text) else text


@cache
def _keys() -> re.Pattern[str]:
    """Return an expression that matches the keys of answers in application.json."""
    firsts = {
        place_of(each.path)[0]
        for fields in installed_fields()
        for group in groups(fields)
        for each in group.questions
    }
    return re.compile(rf"(?<![A-Za-z_@.])({'|'.join(sorted(map(str, firsts)))})(?![A-Za-z_@])")
