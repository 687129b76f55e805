"""Translates the errors of libraries about a notice's template into Chinese, for its author.

Their own words, which are English, are logged.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any
from zipfile import BadZipFile

from sjs_forms.base.errors import Fault, SjsFormsError, UsageFault
from sjs_forms.base.findings.remedies import MendNotice
from sjs_forms.base.resources import templates_folder
from sjs_forms.base.system_errors import is_system_error
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.notice.notice_templates import NoticeTemplates

_log = logging.getLogger(__name__)

_TEMPLATE = ".html"
_NO_PACKAGE = "PackageNotFoundError"
"""The exception of python-docx for a file that is not a .docx."""
_NAME = re.compile(r"has no attribute '([^']+)'|'([^']+)' is undefined")
_NO_ROW = re.compile(r"has no element (\d+)")
_UNCLOSED = re.compile(r"innermost block that needs to be closed is '(\w+)'")
_STRAY_END = re.compile(r"unknown tag '(end\w+|else|elif)'")
_SYNTAX: Mapping[str, str] = {
    r"No filter named '(.+)'": "没有“|{}”这种处理",
    r"No test named '(.+)'": "没有“is {}”这种判断",
    r"Encountered unknown tag '(.+?)'": "不认识“{}”，{{% 之后可以写 for、if、set 等",
    r"expected token '(.+)', got '(.+)'": "应是“{}”的地方写着“{}”",
    r"unexpected end of template, expected '(.+)'": "到末尾还没有“{}”",
    r"Expected an expression, got '(.+)'": "“{}”之前缺少填写项",
    r"unexpected char '(.+)' at \d+": "不认识“{}”",
    r"unexpected '(.+)', expected '(.+)'": "应是“{1}”的地方写着“{0}”",
    r"unexpected '(.+)'": "“{}”放错了地方",
    r"Missing end of comment tag": "注释没有结束，缺少 #}}",
    r"tag name expected": "{{% 之后缺少 for、if 这样的词",
}
"""Messages of Jinja2 on what it cannot parse, the commonest first."""
_TOKENS: Mapping[str, str] = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of print statement": "{{",
    "begin of statement block": "{%",
    "end of template": "末尾",
}
_SAID = "写法有误，请检查花括号和 for、if 是否成对"


class TemplateMistake(UsageFault):
    """A template or page of a notice outside the package cannot be used as it is written."""


class MistakeOfPage:
    """Marks errors of this package that are the author's where the page is a notice's own."""


class UnprintableValue(ValueError):
    """A template prints what is no text, or uses a filter wrongly; the message is Chinese."""


def template_fault(templates: NoticeTemplates, said: str) -> SjsFormsError:
    """Return the error that a file of a notice is wrong: its author's, or ours in the package."""
    if _is_of_the_package(templates):
        return Fault(said)
    return TemplateMistake(
        said,
        MendNotice(template_of=templates.id),
    )


@contextmanager
def filling(
    templates: NoticeTemplates, template: str, context: Mapping[str, Any]
) -> Iterator[None]:
    """Raise what a template, such as forms/commitment.html, raises as the error of its author."""
    try:
        yield
    except Exception as problem:  # whatever docxtpl, python-docx, Jinja2, lxml or zipfile raise
        if _is_of_the_machine(problem):
            raise
        _log.info("the template %s is not filled", template, exc_info=problem)
        said = mistake_in(problem, _names(templates, context))
        raise template_fault(templates, f"{template} 无法填写：{said}。") from problem


@contextmanager
def laying_out(templates: NoticeTemplates, template: str) -> Iterator[None]:
    """Raise what is wrong with a page as the error of its author, unless it is of the package."""
    try:
        yield
    except Exception as problem:  # whatever WeasyPrint raises for styles that it cannot lay out
        if _is_of_the_package(templates) or _is_of_the_machine(problem):
            raise
        _log.info("the page %s is not laid out", template, exc_info=problem)
        what = problem.message if isinstance(problem, SjsFormsError) else _what_of_page(problem)
        raise template_fault(templates, f"{template} 无法排版：{what}") from problem


def _is_of_the_machine(problem: Exception) -> bool:
    """Whether it is no mistake of an author: a file that is missing or not in UTF-8 is one."""
    if isinstance(problem, SjsFormsError):
        return not isinstance(problem, MistakeOfPage)
    own = isinstance(problem, FileNotFoundError | UnicodeDecodeError)
    return not own and (isinstance(problem, MemoryError) or is_system_error(problem))


def _is_of_the_package(templates: NoticeTemplates) -> bool:
    return templates.folder.is_relative_to(templates_folder())


def _what_of_page(problem: Exception) -> str:
    if isinstance(problem, FileNotFoundError | UnicodeDecodeError):
        return f"{_what(problem, {})}。"
    return "排版程序排不出这一页，请检查其中的标记和样式。"


def printable(value: Any) -> Any:
    """Return what a template prints; raises UnprintableValue if it is no text (Jinja2's finalize).

    Python would print its own notation of it.
    """
    if isinstance(value, Mapping):
        ids = "、".join(map(str, value))
        raise UnprintableValue(
            f"要填的不是一项文字，其下还有：{ids}；请写明是哪一项（选项的框写作 .tick）"
        )
    if isinstance(value, list | tuple):
        raise UnprintableValue("要填的是几段文字或表格的几行，请用 {% for … %} 逐个填写")
    return value


def mistake_in(problem: Exception, names: Mapping[str, str]) -> str:
    """Return what is wrong with a template, with its line where it is a file of HTML.

    `names` are known names and labels, each with the place that it stands for.
    """
    line = _line_of(problem)
    return (f"第 {line} 行" if line else "") + _what(problem, names)


def _what(problem: Exception, names: Mapping[str, str]) -> str:
    from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
    from jinja2.exceptions import SecurityError, TemplateRuntimeError

    match problem:
        case TemplateNotFound():
            return f"引用的文件“{problem.name}”找不到"
        case TemplateSyntaxError():
            return f"模板写法有误：{_syntax(problem.message or '')}"
        case SecurityError() | OverflowError():
            return "用了模板里不能用的写法（Python 的内部属性，或太多次的循环）"
        case UndefinedError() if found := _NAME.search(str(problem)):
            return _unknown(found[1] or found[2], names)
        case UndefinedError() if found := _NO_ROW.search(str(problem)):
            return f"没有第 {int(found[1]) + 1} 行或第 {int(found[1]) + 1} 段"
        case TemplateRuntimeError() if (said := _syntax(str(problem))) != _SAID:
            return f"模板写法有误：{said}"
        case UnprintableValue():
            return str(problem)
        case FileNotFoundError():
            return f"用到的文件“{Path(str(problem.filename)).name}”找不到"
        case UnicodeDecodeError():
            return "它或它用到的文件不是 UTF-8 编码，请另存为 UTF-8"
        case ZeroDivisionError():
            return "模板算不出来：除数是 0"
        case TypeError():
            return "模板算不出来：文字不能加减，也不能像函数那样后面写括号"
        case _ if isinstance(problem, BadZipFile) or type(problem).__name__ == _NO_PACKAGE:
            return "不是完好的 Word 文件（.docx），请用 Word 或 WPS 重新保存"
        case _:
            return "模板算不出来，请检查其中的花括号"


def _syntax(message: str) -> str:
    unclosed = _UNCLOSED.search(message)
    if stray := _STRAY_END.search(message):
        open_block = f"，还没有结束的是“{unclosed[1]}”" if unclosed else ""
        return f"“{stray[1]}”没有与它成对的开头{open_block}"
    if unclosed:
        return f"“{unclosed[1]}”没有结束，缺少“end{unclosed[1]}”"
    for pattern, said in _SYNTAX.items():
        if found := re.match(pattern, message):
            return said.format(*(_TOKENS.get(word, word) for word in found.groups()))
    return _SAID


def _unknown(name: str, names: Mapping[str, str]) -> str:
    near = name if name in names else nearest(name, tuple(names))
    return f"没有“{name}”这一项" + (f"，是否想写 {names[near]}" if near else "")


def _names(templates: NoticeTemplates, context: Mapping[str, Any]) -> dict[str, str]:
    """Each name that the context has, and each label, with the place that a template writes."""
    return {**templates.places} | dict(_leaves(context, ""))


def _leaves(value: Any, path: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for name in value[0]:
            yield str(name), str(name)
    if path:
        yield path.rpartition(".")[2], path


def _line_of(problem: Exception) -> int | None:
    """Return the line in the innermost template that was being filled."""
    from jinja2 import TemplateSyntaxError

    if isinstance(problem, TemplateSyntaxError):
        return problem.lineno if problem.filename or problem.name else None
    line, trace = None, problem.__traceback__
    while isinstance(trace, TracebackType):
        if trace.tb_frame.f_code.co_filename.endswith(_TEMPLATE):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
