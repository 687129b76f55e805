"""Finds the parts of an Office file that cannot be read, and removes those it can do without.

LibreOffice refuses a whole document for one broken header, and prints a broken worksheet as far as
it gets without a word. So a part beside the text is removed and named, and a file whose text itself
is broken is refused. What a part is for is said by the relationships that lead to it (OPC, ISO/IEC
29500-2, 6.5); a part that nothing leads to is never read.
"""

import posixpath
from collections import Counter

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.intake import refusals
from sjs_forms.intake.office.packages.office_package import OfficePackage
from sjs_forms.intake.wordml import attribute, named
from sjs_forms.intake.wordml.fields import remove

_TEXT = frozenset(
    {
        *("officeDocument", "aFChunk"),
        *("worksheet", "chartsheet", "dialogsheet", "sharedStrings", "sheetStyles"),
        *("slide", "slideLayout", "slideMaster"),
    }
)
"""Parts without which the text is incomplete, or shown as something else than it says."""
_LEADING = frozenset({"officeDocument", "slide", "slideLayout", "slideMaster"})
"""Parts whose relationships lead to the rest of the text."""
_PRINTED = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "image": "图片",
    "chart": "图表",
    "chartEx": "图表",
    "drawing": "图形",
    "worksheet": "工作表",
    "chartsheet": "工作表",
    "vmlDrawing": "图形",
    "chartUserShapes": "图形",
    "diagramData": "SmartArt 图形",
    "diagramDrawing": "SmartArt 图形",
    "diagramLayout": "SmartArt 图形",
    "diagramColors": "SmartArt 图形",
    "diagramQuickStyle": "SmartArt 图形",
    "styles": "样式",
    "tableStyles": "样式",
    "numbering": "自动编号",
    "fontTable": "字体表",
    "font": "嵌入的字体",
    "theme": "主题的颜色和字体",
    "themeOverride": "主题的颜色和字体",
    "settings": "文档设置",
    "control": "控件",
    "ctrlProp": "控件",
}
"""What is missing from print, or looks different there, without a part of that type."""
_UNPRINTED = frozenset(
    {
        *("core-properties", "extended-properties", "custom-properties", "thumbnail"),
        *("webSettings", "customXml", "customXmlProps", "stylesWithEffects", "printerSettings"),
        *("calcChain", "vbaProject", "wordVbaData", "attachedToolbars", "keyMapCustomizations"),
        *("people", "person", "comments", "commentsExtended", "commentsIds"),
        *("commentsExtensible", "commentAuthors", "threadedComment", "notesSlide"),
        *("notesMaster", "handoutMaster", "presProps", "viewProps", "glossaryDocument"),
        *("recipientData", "extensibility", "ui", "userCustomization", "origin", "signature"),
        *("revisionHeaders", "revisionLog", "usernames", "sheetMetadata", "connections"),
        *("queryTable", "pivotCacheDefinition", "pivotCacheRecords", "pivotTable", "slicer"),
        *("slicerCache", "oleObject", "package", "externalLink", "externalLinkPath", "tags"),
        *("chartStyle", "chartColorStyle", "xmlMaps", "table", "tableSingleCells", "hyperlink"),
    }
)
"""Types of parts that print without loss: notes on the file, and objects shown by a picture."""
_OTHER = "其他内容"
_REFERRED = "里的图片等"

_OPEN_TEXT = ("mimetype", "content.xml", "styles.xml", "META-INF/manifest.xml")
_OPEN_PRINTED = (("Pictures/", "图片"), ("Object", "嵌入的对象"), ("Fonts/", "嵌入的字体"))

_NOTES = (("footnotes", "footnoteReference"), ("endnotes", "endnoteReference"))
_TYPES = "[Content_Types].xml"
_RELATIONSHIPS = ".rels"
_OF_PACKAGE = "_rels/.rels"


def without_broken_parts(package: OfficePackage) -> Counter[str]:
    """Remove the broken parts of a package; returns what is missing from print, in Chinese.

    The count is how many parts of that kind there were. Raises FileRefused if the text is broken,
    or the file is encrypted.
    """
    if package.is_encrypted:
        raise refusals.office_encrypted()
    broken = package.broken()
    if package.is_open_document:
        return _without_open(package, broken)
    return _without(package, broken)


def _without(package: OfficePackage, broken: list[str]) -> Counter[str]:
    """Remove the broken parts of an OOXML package (ISO/IEC 29500-2)."""
    if not {_TYPES, _OF_PACKAGE}.isdisjoint(broken):
        raise _text_broken()
    owners = {name: owner for name in broken if (owner := _owner(name)) is not None}
    for name in owners:
        package.remove(name)
    roles = _roles(package)
    missing: Counter[str] = Counter()
    for name in broken:
        role = roles.get(owners.get(name, name), "")
        if role in (_LEADING if name in owners else _TEXT):
            raise _text_broken()
        if role and role not in _UNPRINTED:
            missing[_PRINTED.get(role, _OTHER) + (_REFERRED if name in owners else "")] += 1
        package.remove(name)
    lost = package.drop_dangling(_UNPRINTED)
    for name, kind in dict.fromkeys(each for each in lost if each[0] not in broken):
        role = _role(package, kind)
        if role in _TEXT and _is_needed(package, role):
            raise _text_broken()
        if role in _PRINTED and not _is_nothing(name):
            missing[_PRINTED[role]] += 1
    if lost:
        _drop_references(package)
    return missing


def _drop_references(package: OfficePackage) -> None:
    """Remove what names a header, footer or notes that are gone: LibreOffice fails on it."""
    for name, root in package.roots("document"):
        known = package.identifiers(name)
        gone = [
            each
            for each in named(root, "headerReference", "footerReference")
            if attribute(each, "id") not in known
        ]
        for kind, reference in _NOTES:
            if not package.targets(name, f"/{kind}"):
                gone += named(root, reference)
        for each in gone:
            remove(each)
            package.touch(name)


def _is_needed(package: OfficePackage, role: str) -> bool:
    """Return whether a part that is missing was ever there.

    Some programs name the texts or the formats of a workbook that has none.
    """
    used = {"sharedStrings": b' t="s"', "sheetStyles": b' s="'}.get(role)
    sheets = [name for name in package.members if "worksheets/" in name and "_rels" not in name]
    return used is None or any(used in package.read(name) for name in sheets)


def _without_open(package: OfficePackage, broken: list[str]) -> Counter[str]:
    """Remove the broken parts of an OpenDocument package (ODF 1.3 part 2, 3)."""
    missing: Counter[str] = Counter()
    if package.lacks(_OPEN_TEXT):
        raise _text_broken()
    for name in broken:
        if name in _OPEN_TEXT:
            raise _text_broken()
        for start, what in _OPEN_PRINTED:
            if name.startswith(start):
                missing[what] += 1
        package.remove(name)
    return missing


def _roles(package: OfficePackage) -> dict[str, str]:
    """Return what each part is for: the last word of the type of the relationship to it.

    If several lead to one part, the one that matters most for print counts.
    """
    roles: dict[str, str] = {}
    for name, kind in package.related():
        role = _role(package, kind)
        if name not in roles or _weight(role) > _weight(roles[name]):
            roles[name] = role
    return roles


def _role(package: OfficePackage, kind: str) -> str:
    """Return the role of a part. The styles of a workbook are its formats of numbers and dates."""
    role = kind.rpartition("/")[2]
    return "sheetStyles" if role == "styles" and package.is_workbook else role


def _weight(role: str) -> int:
    return 2 if role in _TEXT else int(role not in _UNPRINTED)


def _owner(name: str) -> str | None:
    """Return the part whose relationships a part lists, or None if it lists none."""
    folder, base = posixpath.split(name)
    if posixpath.basename(folder) != "_rels" or not base.endswith(_RELATIONSHIPS):
        return None
    return posixpath.join(posixpath.dirname(folder), base.removesuffix(_RELATIONSHIPS))


def _is_nothing(name: str) -> bool:
    """Return whether a name is the one that Word and WPS write for a picture that was none."""
    return posixpath.basename(name).casefold() == "null"


def _text_broken() -> FileRefused:
    return refusals.unreadable("正文所在的部分残缺或内容有误")
