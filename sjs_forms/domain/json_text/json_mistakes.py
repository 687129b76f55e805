"""What people get wrong when they write JSON by hand, and what to type instead."""

import json
import re
from collections.abc import Mapping

_HALF_WIDTH: Mapping[str, str] = {
    **dict.fromkeys("“”„＂", '"'),
    **dict.fromkeys("‘’＇", '"'),
    "，": ",",
    "、": ",",
    "：": ":",
    "；": ",",
    "｛": "{",
    "｝": "}",
    **dict.fromkeys("【［", "["),
    **dict.fromkeys("】］", "]"),
}
_INVISIBLE: Mapping[str, str] = {
    "\u00a0": "不换行空格",
    "\u3000": "全角空格",
    "\u200b": "零宽空格",
    "\u200e": "方向标记",
    "\u200f": "方向标记",
    "\u2060": "零宽连接符",
    "\ufeff": "字节顺序标记",
}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_CLOSING = {"{": "}", "[": "]"}
_HINTS: Mapping[str, str] = {
    "Expecting ',' delimiter": "此处之前缺少逗号，或引号没有成对",
    "Expecting ':' delimiter": "此处缺少冒号",
    "Expecting property name enclosed in double quotes": "此处应是双引号括起的键名，"
    "或上一行末尾多了逗号",
    "Illegal trailing comma before end of object": "最后一项后面多了逗号",
    "Illegal trailing comma before end of array": "最后一项后面多了逗号",
    "Expecting value": "此处缺少内容",
    "Unterminated string starting at": "引号没有成对",
    "Invalid control character at": "引号内直接换了行；换行请写成 \\n",
    "Extra data": "最外层花括号之后还有多余内容",
}


def syntax_hint(problem: json.JSONDecodeError) -> str:
    """What is wrong at the place of an error, and where it can be told, what to type there."""
    text = problem.doc
    here = text[problem.pos : problem.pos + 1]
    if here in _HALF_WIDTH and here:
        return f"此处用了中文标点“{here}”，请改为英文半角的 {_HALF_WIDTH[here]}"
    if here in _INVISIBLE and here:
        return f"此处有看不见的{_INVISIBLE[here]}，请删去"
    if not here and (missing := _unclosed(text)):
        return f"文件没有写完，末尾缺少 {missing}"
    if problem.msg.startswith("Expecting ',' delimiter") and _ends_too_early(text, problem.pos):
        return '文字中间有英文双引号，请改为中文引号“ ”，或在它前面加一个反斜杠：\\"'
    for known, hint in _HINTS.items():
        if problem.msg.startswith(known):
            return hint
    if "escape" in problem.msg:
        return "反斜杠 \\ 请写成 \\\\，文件路径请用 /"
    return "不符合 JSON 写法"


def _unclosed(text: str) -> str:
    """The brackets that close what is open at the end of a text, innermost first."""
    waiting: list[str] = []
    for token in _TOKEN.finditer(text):
        if token[0] in _CLOSING:
            waiting.append(_CLOSING[token[0]])
        elif waiting and token[0] == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting[-5:]))


def _ends_too_early(text: str, at: int) -> bool:
    """Whether a quotation mark just before a place ended a text that goes on."""
    return at > 0 and text[at - 1] == '"' and text[at] not in '"{}[],: \t\r\n'
