"""Findings as a page shows them: where they lead to, and no word of files a clerk never sees.

A page has buttons where the commands have options, so a remedy that names a key of
application.json or a command gives way to what is to be done on the page.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Literal

from sjs_forms.base.findings import Finding
from sjs_forms.domain.labels import place_of
from sjs_forms.domain.programme import Programme
from sjs_forms.web.form_fields import groups

Part = Literal["form", "materials", "stamped", "whole"]

_OF_COMMANDS = re.compile(
    r"json|sjs-forms|(?<![A-Za-z])--[a-z]|null|双引号|花括号|方括号|TMPDIR|SJS_|"
    r"(?<![A-Za-z])(attachments|material|programme|title|pages|rotate|password|doctor)"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_IN_MARKS = (("不带引号和单位", "不带单位"), ('写成 "2025-03-01"', "写成 2025-03-01"))
"""What is said of quotation marks that only application.json has."""
_FILE_NAME = re.compile(r"application\.json( 的 programme)?|(?<!附件)attachments/")
_ATTACHMENTS = "attachments"
_OF_MATERIAL = "material:"
_BLANK_CODE = "required-missing"
_SCAN_CODE = "scan-awaited"
_PASSWORD_CODE = "attachment-encrypted"


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding on a page. `href` leads to its place; `material` is the material it is about.

    `is_todo` says that something is not there yet, rather than wrong.
    """

    code: str
    severity: str
    where: str
    label: str
    message: str
    remedy: str
    part: Part
    href: str
    material: str
    is_todo: bool

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of a build."""
        return self.severity == "error"


def shown(findings: Iterable[Finding], programme: Programme | None) -> tuple[ShownFinding, ...]:
    """The findings in their order; `programme` names the materials."""
    return tuple(_shown(found.as_dict(), programme) for found in findings)


def element_id(prefix: str, where: str) -> str:
    """The id of an element that stands for a place, one for every place."""
    return f"{prefix}-{sha256(where.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"


def plain_words(text: str, instead: str) -> str:
    """A sentence for a page: `instead` where it speaks of commands or of keys."""
    for marked, plain in _IN_MARKS:
        text = text.replace(marked, plain)
    return instead if _OF_COMMANDS.search(text) or _keys().search(text) else text


@cache
def _keys() -> re.Pattern[str]:
    """The keys of application.json that hold answers."""
    firsts = {place_of(each.path)[0] for group in groups() for each in group.questions}
    return re.compile(rf"(?<![A-Za-z_@.])({'|'.join(sorted(map(str, firsts)))})(?![A-Za-z_@])")


def _shown(found: dict[str, str], programme: Programme | None) -> ShownFinding:
    code, where = found["code"], found["where"]
    part = _part_of(where)
    material = _material_of(found, programme) if part == "materials" else ""
    if code == _SCAN_CODE:
        part = "stamped"
    file = where.partition("#")[0]
    href = {
        "form": f"/form#{element_id('q', where)}",
        "materials": f"/materials#{element_id('m', material)}"
        if material
        else f"/materials#{element_id('file', file)}",
        "stamped": "/stamped",
        "whole": "/",
    }[part]
    is_todo = code in (_BLANK_CODE, _SCAN_CODE, "material-missing", "blank-left")
    message = _FILE_NAME.sub(_without_names, found["message"])
    return ShownFinding(
        code,
        found["severity"],
        where,
        found["label"],
        plain_words(message, f"“{found['label']}”写得不对，请重新填写。"),
        plain_words(found["remedy"], _remedy(code, part)),
        part,
        href,
        material,
        is_todo,
    )


def _without_names(match: re.Match[str]) -> str:
    return "" if match[0].startswith(_ATTACHMENTS) else "申报数据"


def _part_of(where: str) -> Part:
    if not where:
        return "whole"
    if where.startswith((_ATTACHMENTS, _OF_MATERIAL)):
        return "materials"
    return "form"


def _material_of(found: dict[str, str], programme: Programme | None) -> str:
    """The material that a finding is about, where it is about no file."""
    where = found["where"]
    if where.startswith(_OF_MATERIAL):
        return where.removeprefix(_OF_MATERIAL)
    if where != _ATTACHMENTS or programme is None:
        return ""
    titles = {each.title: each.id for each in programme.materials}
    return titles.get(found["label"], "")


def _remedy(code: str, part: Part) -> str:
    if code == _PASSWORD_CODE:
        return "请在这个文件的卡片上填写打开它的密码。"
    if code == "material-missing":
        return "请把文件拖到这一项，或点“选择文件”；先看样子可以生成草稿。"
    return {
        "form": "请在“填写”页填写这一项。" if code == _BLANK_CODE else "请在“填写”页改正这一项。",
        "materials": "请在“材料”页处理，或换一个文件。",
        "stamped": "打印、签字、盖章、扫描后，在“盖章件”页放入。",
        "whole": "请按上面所说处理后再试。",
    }[part]


def of_part(findings: Sequence[ShownFinding], part: Part) -> tuple[ShownFinding, ...]:
    """Those that belong to a part."""
    return tuple(each for each in findings if each.part == part)
