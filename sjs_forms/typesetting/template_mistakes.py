"""Translates the errors of Jinja2 and python-docx in a template into Chinese, for its author."""

import re
from pathlib import Path
from types import TracebackType
from zipfile import BadZipFile

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

_NAME = re.compile(r"has no attribute '([^']+)'|'([^']+)' is undefined")
_TEMPLATE = ".html"
_NO_PACKAGE = "PackageNotFoundError"
"""The exception of python-docx for a file that is not a .docx."""


def mistake_in(problem: Exception) -> str:
    """Return what is wrong with a template, with its line where it is a file of HTML."""
    line = _line_of(problem)
    return (f"第 {line} 行" if line else "") + _what(problem)


def _what(problem: Exception) -> str:
    match problem:
        case TemplateNotFound():
            return f"引用的文件“{problem.name}”找不到"
        case TemplateSyntaxError():
            return f"模板写法有误，请检查花括号和 for、if 是否成对（{problem.message}）"
        case SecurityError() | OverflowError():
            return "用了模板里不能用的写法（Python 的内部属性，或太多次的循环）"
        case UndefinedError() if found := _NAME.search(str(problem)):
            return f"没有“{found[1] or found[2]}”这一项"
        case FileNotFoundError():
            return f"用到的文件“{Path(str(problem.filename)).name}”找不到"
        case UnicodeDecodeError():
            return "它或它用到的文件不是 UTF-8 编码，请另存为 UTF-8"
        case _ if isinstance(problem, BadZipFile) or type(problem).__name__ == _NO_PACKAGE:
            return "不是完好的 Word 文件（.docx），请用 Word 或 WPS 重新保存"
        case _:
            return f"模板算不出来（{type(problem).__name__}：{problem}）"


def _line_of(problem: Exception) -> int | None:
    """Return the line in the innermost template that was being filled."""
    if isinstance(problem, TemplateSyntaxError):
        return problem.lineno if problem.filename else None
    line, trace = None, problem.__traceback__
    while isinstance(trace, TracebackType):
        if trace.tb_frame.f_code.co_filename.endswith(_TEMPLATE):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
