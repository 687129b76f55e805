"""WeasyPrint's warnings in Chinese, for whoever writes the pages of a notice."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

_KNOWN: Mapping[str, str] = {
    r"Failed to load image at '([^']+)': .*FileNotFoundError.*": "图片“{}”找不到",
    r"Failed to load image at '([^']+)': .*not a file of the notice.*": (
        "图片“{}”不在通知的文件夹里，不能使用"
    ),
    r"Failed to load image at '([^']+)': .*": "图片“{}”读不出来",
    r"Failed to render SVG image (\S+)": "图片“{}”读不出来",
    r"Failed to load stylesheet at (\S+?) ?: .*not a file of the notice.*": (
        "样式表“{}”不在通知的文件夹里，不能使用"
    ),
    r"Failed to load stylesheet at (\S+?) ?: .*": "样式表“{}”找不到或读不出来",
    r"Font-face '(.+)' cannot be loaded": "字体“{}”的文件读不出来",
    r"Missing (.+) descriptor in '@font-face' rule at (\d+):(\d+)": (
        "@font-face 里缺少 {}（这段样式的第 {} 行第 {} 个字）"
    ),
    r"Ignored `(.+)` at (\d+):(\d+), unknown property\.": (
        "样式“{}”没有这种属性（这段样式的第 {} 行第 {} 个字）"
    ),
    r"Ignored `(.+)` at (\d+):(\d+), .*": "样式“{}”的值不能用（这段样式的第 {} 行第 {} 个字）",
    r"Invalid or unsupported selector '(.+)'.*": "样式的选择器“{}”不能用",
    r"Parse error at (\d+):(\d+): .*": "样式的写法有误（这段样式的第 {} 行第 {} 个字）",
    r"This row has more columns than the table, ignored (\d+) cells": (
        "表格有一行的格子比别的行多，多出的 {} 格印不出来"
    ),
    r'\.notdef glyph rendered .*: "(.+)" \(U\+(\w+)\)': "“{}”（U+{}）在所有字体里都没有",
    r"No anchor #(\S+) for internal URI reference.*": "页内的链接“#{}”没有去处",
    r".* at (\d+):(\d+)\b.*": "样式的写法有误（这段样式的第 {} 行第 {} 个字）",
}
"""The commonest messages of WeasyPrint. Positions are within the stylesheet or style element."""
_OTHER = "有不能用的样式或标记"
_LONGEST = 60


def in_chinese(lines: Iterable[str]) -> str:
    """Return warnings of WeasyPrint, each once."""
    return "；".join(dict.fromkeys(map(_said, lines)))


def _said(line: str) -> str:
    for pattern, said in _KNOWN.items():
        if found := re.fullmatch(pattern, line, re.DOTALL):
            return said.format(*map(_shown, found.groups()))
    return _OTHER


def _shown(word: str) -> str:
    """A file: URL by the name of its file; anything else shortened."""
    if urlsplit(word).scheme == "file":
        return unquote(PurePosixPath(urlsplit(word).path).name) or word
    return word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…"
