"""Replaces sentences that name commands, options or keys of application.json, for pages.

A page has buttons instead. Parts of sentences are reworded; a sentence that still names a command
or a key is replaced, by code of finding.
"""

import re
from collections.abc import Mapping
from functools import cache

from sjs_forms.domain.places import place_of
from sjs_forms.web.form.form_fields import groups, installed_fields

_OF_COMMANDS = re.compile(
    r"(?i:json|sjs-forms|命令|null|双引号|花括号|方括号|环境变量|TMPDIR|SJS_)|"
    r"(?<![A-Za-z])--[a-z]|(?<![A-Za-z0-9-])-[a-z](?![A-Za-z])|"
    r"(?<![A-Za-z])(attachments|material|programme|title|pages|rotate|password|doctor)"
    r"(?![A-Za-z])"
)
_FOR_AUTHORS = re.compile(r"notice check|编写说明\.md")
"""What remedies of mistakes in a notice's files name."""
_QUOTED = re.compile(r"“[^”]*”")
_QUOTED_FILE = re.compile(r"“[^”]*\.[A-Za-z0-9]{2,5}”")
"""Quoted text is a label or the user's own words; a file may be named title.pdf."""

_INSTALL_AGAIN = "请联系装这个软件的人，重新安装一次"
_SENTENCES: tuple[tuple[str, str], ...] = (
    # What only application.json has: its name, its keys, quotation marks.
    (r"application\.json 的 programme", "申报数据"),
    (r"请写进 application\.json", "请在“填写”页写上"),
    (r"直接写进 application\.json", "在“填写”页直接写上"),
    (r" ?application\.json ?", "申报数据"),
    (r"不带引号和单位", "不带单位"),
    (r'写成 "2025-03-01"', "写成 2025-03-01"),
    (r"的 pages(“[^”]*”)有误", r"只取的页码\1有误"),
    (r"；要全部页的，删去 pages", "；要全部页的，把页码清空"),
    (r"用 pages 只取需要的页", "只取需要的页"),
    (r"在 attachments 中写了不止一次", "放了不止一次"),
    (r"附件请另放进 attachments", "附件请在“材料”页放入"),
    (r"(?s)内部错误：.*", "这一步没有做成，是本软件的问题。"),
    # Options of commands, which a page does not have.
    (r"按 --as 放为", "照选定的放为"),
    (r"转得不对的，用 --as 写明转角（0 为不转）再放一次，如[^。]*",
     "转得不对的，请重新放入一次，在那一页下面改“转向”"),
    (r"再用一次本命令放入", "再放入一次"),
    (r"用“盖章件”加 --replace ?", "在“盖章件”页勾选“换下已有的盖章件”，"),
    (r"机器很慢、确要更久的，可用环境变量[^。]*。", ""),
    (r"请把环境变量 TEMP 设为[^。]*", "请联系装这个软件的人，换一个路径里没有中文的临时文件夹"),
    (r"[；，]?(也可以|或)?用环境变量[^，。；]*(，例如[^，。；]*)?", ""),
    (r"[；，]临时文件夹可以[^。；]*", ""),
    (r"[；，]?批量生成时，?(请)?减少同时处理的份数（-j 1）", ""),
    (r"请减少同时处理的份数（-j 1）再试；仍不行的，", ""),
    (r"[；，](也可以|或)用 -o 换一个位置", ""),
    (r"用 -o 换一个新的文件夹，或", ""),
    (r"请用 -o 换一个文件夹名", "请把它移走或改名，再做一次"),
    (r"请用 -o 换一个路径短一些的位置，例如磁盘的根目录下的文件夹",
     "请退出后把申报文件夹改短名字，或移到路径短一些的地方，再打开它"),
    (r"请用 -o 换", "请换"),
    (r"请不用 --since 重新生成", "请不勾选“补件”，重新生成"),
    (r"，或不用 --since 整册重印", "，或不勾选“补件”，整册重印"),
    # What whoever installed this has to do.
    (r"请运行 sjs-forms doctor 查看缺什么，或重新安装 sjs-forms", _INSTALL_AGAIN),
    (r"，?请运行 sjs-forms doctor 查看本机缺什么", "，请联系装这个软件的人"),
    (r"请重新安装 sjs-forms", _INSTALL_AGAIN),
    (r"请重新运行安装程序；用 pip 安装的，执行[^。]*", "请重新运行安装程序"),
    (r"（[A-Z][a-z]+[ -~]*）", ""),  # an error in the words of the system
    # Folders, where a page has materials with cards.
    (r"解压到这个文件夹，检查解压出的文件，再把压缩包移走（不移走会一直提示）",
     "解压，把里面要用的文件放进这一项，再移除压缩包"),
    (r"(单独|逐个)(另)?存到这个文件夹", r"\1\2存出来，放进这一项"),
    (r"复制到这个文件夹", "放进这一项"),
    (r"再把(它|邮件)移走", r"再移除\1"),
    (r"在 attachments 文件夹之外|在 attachments 之外", "没有放在任何一项材料里"),
    (r"attachments 之外还有另外", "没有归入材料的还有另外"),
    # Characters that can be seen need no number, and a file's place is its own card.
    (r"(?<=[^ -~])（U\+[0-9A-F]{4,6}）", ""),
    (r"(?<=[ ：])(?:[A-Za-z]:[/\\]|/)[^ ：，。“”]*[/\\]([^ ：，。“”/\\]+)", r"“\1”"),
    (r"“(?:[A-Za-z]:)?[/\\][^”]*[/\\]([^”/\\]+)[/\\]?”", r"“\1”"),
)  # fmt: skip
"""Phrases about commands, keys or folders, and their replacements."""
_REWORDED = tuple((re.compile(pattern), plain) for pattern, plain in _SENTENCES)
_IN_FOLDER = re.compile(r"“(?:attachments/)?\d+-[^/“”]+/([^“”]+)”")
_FOLDER = re.compile(r"(?<![A-Za-z])attachments/")

_MESSAGES: Mapping[str, str] = {
    "attachment-encrypted": "这个文件加了密码，填的密码不对，或还没有填。",
}
"""Messages by code, for findings whose own message names commands or keys."""

_NEW_SCAN = "请用新表重新签字、盖章、扫描，在“盖章件”页换下旧的"
_REMEDIES: Mapping[str, str] = {
    "attachment-missing": "请移除这一条，再放入文件。",
    "attachment-unlisted": (
        "需要装订的，请在“材料”页放入对应的一项；不需要的，请从申报文件夹里移走。"
    ),
    "output-kept": "改动过的 Word 表格可在“导入”页读回；不再需要的请删去。",
    "scan-awaited": "打印、签字、盖章、扫描后，在“盖章件”页放入。",
    "scan-exists": "要换成新的，请勾选“换下已有的盖章件”。",
    "stamped-answer-changed": f"确要改的，{_NEW_SCAN}；改错了的，请改回原样。",
    "stamped-answer-unlike": f"以扫描件为准的，请照它改；以现在填的为准的，{_NEW_SCAN}。",
    "stamped-form-unlike": f"不是这份申报的表，或是旧表的，{_NEW_SCAN}。",
    "unknown-programme": "请联系装这个程序的人，把这份申报所属的通知装上；或换一份申报。",
    "word-differs": "以 Word 为准的，请在“导入”页读回；以现在填的为准的，请重新生成表格。",
}
"""Remedies by code, for findings whose own remedy names commands, options or folders."""


def message_for(code: str, label: str, message: str) -> str:
    """Return a finding's message for a page."""
    return plain_words(message, _MESSAGES.get(code, f"“{label}”写得不对，请重新填写。"))


def remedy_for(code: str, remedy: str, otherwise: str) -> str:
    """Return a finding's remedy for a page, or `otherwise` if it names commands or keys."""
    return _REMEDIES.get(code) or plain_words(remedy, otherwise)


def failure_words(message: str, remedy: str, otherwise: str = "请再试一次。") -> tuple[str, str]:
    """Return message and remedy of an error for a page.

    Of a mistake in a notice's files only its author can make use, who runs commands.
    """
    if _FOR_AUTHORS.search(remedy):
        return "这份申报通知的文件有误，做不成。", "请告诉编写通知的人，或装这个程序的人。"
    return plain_words(message, "没有做成。"), plain_words(remedy, otherwise)


def plain_words(text: str, instead: str) -> str:
    """Return a sentence reworded for a page, or `instead` if it still names commands or keys."""
    for pattern, plain in _REWORDED:
        text = pattern.sub(plain, text)
    text = _without_folders(text)
    of_keys = _keys().search(_QUOTED_FILE.sub("", text))
    return instead if of_keys or _OF_COMMANDS.search(_QUOTED.sub("", text)) else text


def _without_folders(text: str) -> str:
    """Remove the folders of files, unless two files of the same name would be left."""
    found = list(_IN_FOLDER.finditer(text))
    if len({each[1] for each in found}) == len({each[0] for each in found}):
        text = _IN_FOLDER.sub(r"“\1”", text)
    return _FOLDER.sub("", text)


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
