"""Finds what is wrong with hand-written JSON: the position, and what to type there."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

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
_KEY_OF_LINE = re.compile(r'[ \t]*("(?:[^"\\\n]|\\.)*")[ \t]*:')
_CLOSING = {"{": "}", "[": "]"}
_CONSTANTS: Mapping[str, str] = {
    **dict.fromkeys(("null", "none", "nil"), "null"),
    "true": "true",
    "false": "false",
}
_WORD = re.compile(r"""[^\s"'“”,，:：{}\[\]]+""")
_NUMBER_BEFORE = re.compile(r"[-\d.eE]*\d\Z")
_NEXT_LINE = re.compile(r'\s*(?:[}\]]|"[^"\n]*"\s*[:：]|\Z)')
"""How a line after the end of a string begins: with a key or a closing bracket."""
_TEXT_END = re.compile(r"([”“＂])\s*[,，}\]]?\s*\Z")
_COMMA_TOO_MANY = "最后一项后面多了逗号，请删去"
_COMMENTS = ("//", "/*", "#")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in JSON text: `at` is the index of the character to change, or before which to
    type; `hint` says what is wrong and what to type.
    """

    at: int
    hint: str


def mistake_of(problem: json.JSONDecodeError) -> Mistake:
    """Return the mistake that most likely made JSON unreadable."""
    text, at = problem.doc, problem.pos
    here = text[at : at + 1]
    if problem.msg.startswith(("Invalid control character", "Unterminated string")):
        return _unended(problem)
    if here in _HALF_WIDTH and here:
        return Mistake(at, f"此处用了中文标点“{here}”，请改为英文半角的 {_HALF_WIDTH[here]}")
    if here and _is_invisible(here):
        name = _INVISIBLE.get(here, f"字符（U+{ord(here):04X}）")
        return Mistake(at, f"此处有看不见的{name}，请删去")
    if not text.strip():
        return Mistake(at, "文件是空的，此处缺少内容")
    if lacking := _lacking_bracket(text, at):
        return lacking
    if not here and (missing := _unclosed(text)):
        return Mistake(at, f"文件没有写完，末尾缺少 {missing}，请补上；也可能是中间漏了")
    if text.startswith(_COMMENTS, at):
        return Mistake(at, "JSON 里不能写注释，请删去")
    return _by_message(problem)


def _by_message(problem: json.JSONDecodeError) -> Mistake:
    text, at, message = problem.doc, problem.pos, problem.msg
    if message.startswith("Expecting ',' delimiter"):
        return _no_comma(text, at)
    if message.startswith("Expecting ':' delimiter"):
        return Mistake(at, "此处缺少冒号，请补上英文半角的 :")
    if message.startswith("Expecting property name"):
        return _no_key(text, at)
    if message.startswith("Illegal trailing comma"):
        return Mistake(at, _COMMA_TOO_MANY)
    if message.startswith("Expecting value"):
        return _no_value(text, at)
    if message.startswith("Extra data"):
        if text[at] in "}]":
            return Mistake(at, f"此处多了 {text[at]}，最外层花括号之后还有多余内容，请删去")
        return Mistake(at, "最外层花括号之后还有多余内容，请删去")
    if "escape" in message:
        return Mistake(at, "反斜杠 \\ 请写成 \\\\，文件路径请用 /")
    return Mistake(at, "不符合 JSON 写法")


def _unended(problem: json.JSONDecodeError) -> Mistake:
    """Return the mistake in a string with a line end: no closing quote, or a new paragraph."""
    text, at = problem.doc, problem.pos
    is_cut = problem.msg.startswith("Unterminated string")  # then `at` is where it begins
    if not is_cut and text[at] not in "\r\n":
        name = "制表符（Tab）" if text[at] == "\t" else f"控制字符（U+{ord(text[at]):04X}）"
        return Mistake(at, f"引号内有看不见的{name}，请删去")
    end = len(text) if is_cut else at
    start = text.rfind("\n", 0, end) + 1
    if full := _TEXT_END.search(text, start, end):
        return Mistake(full.start(1), f'此处用了中文标点“{full[1]}”，请改为英文半角的 "')
    if is_cut:
        return Mistake(at, "引号没有成对，这里的文字之后请补上英文双引号")
    if _NEXT_LINE.match(text, end):
        written = text[start:end].rstrip(" \t,}]")
        return Mistake(start + len(written), "引号没有成对，此处请补上英文双引号")
    return Mistake(at, "引号内直接换了行；换行请写成 \\n，前后接成一行")


def _no_comma(text: str, at: int) -> Mistake:
    """Return the mistake if a value is followed neither by a comma nor by a closing bracket."""
    before = text[:at].rstrip()
    if text[at] in ";" and before:
        return Mistake(at, "此处用了分号，请改为英文半角的逗号 ,")
    if _ends_too_early(text, at):
        return Mistake(at, '文字中间有英文双引号，请改为中文引号“ ”，或在它前面加一个反斜杠：\\"')
    number = _NUMBER_BEFORE.search(text[max(0, at - 40) : at])
    if number and len(before) == at:
        word = number[0] + _word_at(text, at)
        start = at - len(number[0])
        if re.fullmatch(r"\d{4}[-./年].*", word):
            return Mistake(start, f'日期两边请加上英文双引号，如 "{word[:20]}"')
        if re.fullmatch(r"0\d+[\d-]*", word):
            return Mistake(start, f'以 0 开头的号码两边请加上英文双引号，如 "{word[:20]}"')
        return Mistake(at, "数字后面不写单位和文字；要写的请在整个内容两边加上英文双引号")
    line = text.count("\n", 0, len(before)) + 1
    is_below = "\n" in text[len(before) : at]
    place = f"在第 {line} 行末尾" if is_below else "在它前面"
    hint = f"此处之前缺少逗号，请{place}补上英文半角的 ,；也可能是引号没有成对"
    return Mistake(at, hint)


def _no_key(text: str, at: int) -> Mistake:
    """Return the mistake if there is no key where one is expected."""
    if text[at : at + 1] in ("}", "]"):
        return Mistake(text[:at].rstrip().rfind(","), _COMMA_TOO_MANY)
    if text[at : at + 1] == "'":
        return Mistake(at, "此处用了单引号，键名请用英文双引号括起")
    word = _word_at(text, at)[:20]
    if word and not word.isascii() and text[:at].rstrip(" \t").endswith('",'):
        return Mistake(
            at, "此处应是双引号括起的键名；前面的文字里有英文双引号的，请改为中文引号“ ”"
        )
    return Mistake(at, f'此处应是双引号括起的键名，如 "{word or "键名"}"，或上一行末尾多了逗号')


def _no_value(text: str, at: int) -> Mistake:
    """Return the mistake if there is no value where one is expected."""
    if text[at : at + 1] == "'":
        return Mistake(at, "此处缺少内容：用了单引号，请改为英文双引号")
    if text[at : at + 1] in ("]", "}") and text[:at].rstrip().endswith(","):
        return Mistake(len(text[:at].rstrip()) - 1, _COMMA_TOO_MANY)
    word = _word_at(text, at)
    plain = unicodedata.normalize("NFKC", word)
    if constant := _CONSTANTS.get(plain.casefold()):
        return Mistake(at, f"此处缺少内容：“{word}”请改为小写的 {constant}")
    if plain != word and re.fullmatch(r"[\d.]+", plain):
        return Mistake(at, f"此处缺少内容：数字请用半角，写作 {plain[:20]}")
    if word:
        return Mistake(at, f'此处缺少内容：文字两边请加上英文双引号，如 "{word[:20]}"')
    return Mistake(at, "此处缺少内容；不填的请写 null")


def _word_at(text: str, at: int) -> str:
    found = _WORD.match(text, at)
    return found[0] if found else ""


def _is_invisible(character: str) -> bool:
    """Return whether a character is invisible and not whitespace in JSON."""
    if character in " \t\r\n":
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _lacking_bracket(text: str, at: int) -> Mistake | None:
    """Return the mistake if a bracket is missing before `at`, for certain or by the indentation.

    A list has no keys and does not end with }, nor an object with ]. A key indented no deeper than
    the line that opens its object belongs to an outer object.
    """
    open_brackets: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(text, 0, at):
        if token[0] in _CLOSING:
            open_brackets.append((token[0], token.start()))
        elif token[0] in _CLOSING.values():
            if open_brackets:
                open_brackets.pop()
        elif open_brackets and (key := _KEY_OF_LINE.match(text, _line_start(text, token.start()))):
            bracket, opened = open_brackets[-1]
            is_further_out = _indent(text, token.start()) <= _indent(text, opened)
            if key.start(1) == token.start() and is_further_out and _is_above(text, opened, key):
                return _missing(text, token.start(), _CLOSING[bracket])
    here = text[at : at + 1]
    if not open_brackets or not (here == ":" or here in _CLOSING.values()):
        return None
    wanted = _CLOSING[open_brackets[-1][0]]
    if here == wanted or (here == ":" and wanted == "}"):
        return None
    if here == ":":
        at = text.rfind('"', 0, max(0, text.rfind('"', 0, at)))
    return _missing(text, max(0, at), wanted)


def _missing(text: str, at: int, bracket: str) -> Mistake:
    before = text[:at].rstrip(" \t\r\n,")
    line = text.count("\n", 0, len(before)) + 1
    return Mistake(len(before), f"第 {line} 行此处之后缺少 {bracket}，请补上")


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _indent(text: str, at: int) -> int:
    """Return the indentation of the line at a position; a tab counts as one."""
    start = _line_start(text, at)
    return len(text[start:at]) - len(text[start:at].lstrip(" \t"))


def _is_above(text: str, opened: int, key: re.Match[str]) -> bool:
    """Return whether a bracket is opened on a line before a key's, but not on the first line."""
    return _line_start(text, opened) < key.start() and _line_start(text, opened) > 0


def _unclosed(text: str) -> str:
    """Return the closing brackets that are missing at the end of a text, innermost first."""
    waiting: list[str] = []
    for token in _TOKEN.finditer(text):
        if token[0] in _CLOSING:
            waiting.append(_CLOSING[token[0]])
        elif waiting and token[0] == waiting[-1]:
            waiting.pop()
    return "".join(reversed(waiting[-5:]))


def _ends_too_early(text: str, at: int) -> bool:
    """Return whether a quotation mark just before a position ended a string too early."""
    return at > 0 and text[at - 1] == '"' and text[at] not in '"{}[],: \t\r\n'
