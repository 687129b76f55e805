"""Reads TOML files of a notice, with line numbers, which the standard library does not give."""

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.files.plain_files import is_special, read_record
from sjs_forms.base.system_errors import reason
from sjs_forms.domain.notice.bad_notice import BadNotice

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\- ]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_LONG_TEXT = re.compile(r'"""|\'\'\'')


@dataclass(frozen=True, slots=True)
class TomlTable:
    """A table: its name, its line and those of its keys, from 1."""

    name: str
    line: int
    keys: dict[str, int]

    def line_of(self, key: str) -> int:
        """Return the line of a key, or the table's own if it has no such key."""
        return self.keys.get(key, self.line)


def tables_of(text: str) -> tuple[TomlTable, ...]:
    """Return the tables of a valid TOML text in order; the first is the outermost."""
    tables = [TomlTable("", 1, {})]
    inside: str | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        was_inside = inside
        for mark in _LONG_TEXT.findall(line):
            inside = mark if inside is None else None if inside == mark else inside
        if was_inside is not None:
            continue
        header = _HEADER.match(line)
        if header:
            tables.append(TomlTable(header[2], number, {}))
        elif key := _KEY.match(line):
            tables[-1].keys.setdefault(key[1], number)
    return tuple(tables)


def read_toml(file: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a file of a notice and its parsed content. Raises BadNotice."""
    if file.is_dir() or is_special(file):
        raise BadNotice(file, None, "不是普通文件")
    try:
        text = read_record(file).decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as problem:
        raise BadNotice(file, None, f"无法读取：{reason(problem)}") from problem
    except UnicodeDecodeError as problem:
        raise BadNotice(file, None, "不是 UTF-8 编码", "请另存为 UTF-8 编码。") from problem
    try:
        return text, tomllib.loads(text, parse_float=_finite)
    except _NoNumber as problem:
        found = re.search(rf"^[^#\n]*{re.escape(str(problem))}", text, re.MULTILINE)
        at = text.count("\n", 0, found.end()) + 1 if found else 1
        raise BadNotice(file, at, f"{problem} 不是能用的数，请写上一个数") from problem
    except tomllib.TOMLDecodeError as problem:
        line = re.search(r"line (\d+)", str(problem))
        at = int(line[1]) if line else text.count("\n") + 1
        raise BadNotice(file, at, f"不符合 TOML 的写法：{_said(str(problem))}") from problem
    except (RecursionError, ValueError) as problem:  # of Python, at its limits
        raise BadNotice(file, None, "嵌套过深，或含有过长的数字") from problem


_MISTAKES = {
    "Invalid date": "没有这一天",
    "Cannot overwrite": "同一个键写了两次",
    "Cannot declare": "同一个 [表] 写了两次",
    "Duplicate inline": "同一个键写了两次",
    "Cannot mutate": "同一个键写了两次",
    "Unterminated": "引号没有成对",
    "Unescaped": "引号里的 \\ 要写成 \\\\",
    "Illegal character": "引号没有成对，或引号里有看不见的字符",
    "Unclosed": "方括号或花括号没有成对",
    "Expected '='": "键的后面应是等号",
    "Invalid initial character for a key": "键应是英文，等号后面才写中文",
    "Invalid statement": "一行应是 键 = 值 或 [表]，注释以 # 开头",
    "Invalid value": "等号后面的文字要用英文引号括起",
    "Expected newline": "这一行在写完之后还有多余的字",
}
"""What tomllib says, by its first words."""


def _said(problem: str) -> str:
    known = (said for words, said in _MISTAKES.items() if problem.startswith(words))
    return next(known, "引号、括号或等号没有写对")


class _NoNumber(ValueError):
    """Raised for inf and nan, which no limit or measure can be."""


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise _NoNumber(written)
    return number


def line_of(text: str, place: Sequence[str | int]) -> int | None:
    """Return the line of a place in a TOML text, or of its nearest parent; None for no line."""
    tables = tables_of(text)
    names = [step for step in place if isinstance(step, str)]
    index = next((step for step in place if isinstance(step, int)), 0)
    for length in range(len(names), -1, -1):
        named = [table for table in tables if table.name == ".".join(names[:length])]
        if named:
            table = named[min(index, len(named) - 1)]
            at = table.keys.get(names[length]) if length < len(names) else None
            return at or (table.line if table.name else None)
    return None
