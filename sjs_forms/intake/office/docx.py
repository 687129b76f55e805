"""Prepares Word documents (.docx, Word 2003 XML) so that they print as stored in the file.

Fields are replaced by their stored results, tracked changes accepted, comments removed.
"""

import re
from typing import Any

from sjs_forms.intake.office.packages.office_package import OfficePackage
from sjs_forms.intake.office.tracked_changes import accept, unwrap
from sjs_forms.intake.office.treatment_notes import TreatmentNotes
from sjs_forms.intake.wordml import attribute, first, local, named
from sjs_forms.intake.wordml.fields import WordField, complex_fields, kind_of, remove
from sjs_forms.intake.wordml.formatting import Styles

LIVE = frozenset(
    {
        "PAGE",
        "NUMPAGES",
        "HYPERLINK",
        "SYMBOL",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
        "XE",
        "TC",
        "TA",
        "RD",
        "ADVANCE",
        "AUTONUM",
        "AUTONUMLGL",
        "AUTONUMOUT",
        "LISTNUM",
        "MACROBUTTON",
        "GOTOBUTTON",
        "PRIVATE",
        "CONTROL",
    }
)
"""Fields that are laid out rather than calculated: page numbers, links, marks, controls."""

_CIRCLED = re.compile(r"\\o(?:\\a[clr])?\s*\(\s*[○〇◯]\s*[,;，]\s*(\d{1,2})\s*\)", re.IGNORECASE)
"""A number in a circle, as Word's 带圈字符 writes it."""
PAGES = frozenset({"PAGE", "NUMPAGES"})
"""Fields that count pages. In a header or footer each page has its own; in the text the stored
result is what was last seen, and what the converter counts may be another.
"""
_COUNTED = PAGES | {"SECTIONPAGES"}
_MARGINS = ("hdr", "ftr")
_STORIES = ("document", "hdr", "ftr", "footnotes", "endnotes")
_COMMENT_MARKS = ("commentRangeStart", "commentRangeEnd", "commentReference")
_SETTINGS = ("trackRevisions", "revisionView", "updateFields", "mailMerge")


def treat_word(package: OfficePackage, noted: TreatmentNotes, *, for_print: bool) -> None:
    """Treat a .docx. Unless `for_print`, tracked changes and comments are kept."""
    found = package.roots("styles")
    styles = Styles(found[0][1] if found else None)
    for name, root in package.roots(*_STORIES):
        changed = False
        if for_print:
            noted.tracked |= (accepted := accept(root))
            changed = accepted | _drop_comments(root, noted)
            if has_hidden_text(root, styles):
                noted.hide("隐藏的文字")
        if freeze(root, noted) or changed:
            package.touch(name)
    for name, root in package.roots("settings"):
        unwanted = [child for child in root if local(child) in _SETTINGS]
        for child in unwanted:
            remove(child)
        if unwanted:
            package.touch(name)


def freeze(root: Any, noted: TreatmentNotes) -> bool:
    """Replace each field by its stored result. Returns whether there was any."""
    changed = False
    fields = complex_fields(root)
    live = [each for each in fields if _is_live(each.kind, each.begin, each.is_shown)]
    pages = {id(each.begin) for each in fields if each.kind in _COUNTED}
    kept = {id(each.begin) for each in live}
    kept |= {id(part) for each in live for part in each.code}
    for each in fields:
        if id(each.begin) in kept:
            continue
        if each.separate is not None and any(id(part) in pages for part in each.code):
            noted.counted |= _is_in_margin(each.begin)
        if each.kind == "EQ":
            _draw(each, noted)
        for element in (each.begin, *each.code, each.separate, each.end):
            if element is not None:
                remove(element)
        changed = True
    for simple in list(named(root, "fldSimple")):
        is_shown = any(text.text for text in named(simple, "t"))
        kind = kind_of(attribute(simple, "instr"))
        if simple.getparent() is not None and not _is_live(kind, simple, is_shown):
            unwrap(simple)
            changed = True
    return changed


def _is_live(kind: str, mark: Any, is_shown: bool) -> bool:
    """Return whether a field is laid out; `mark` is where it begins, `is_shown` its result."""
    return kind in LIVE and not (kind in PAGES and is_shown and not _is_in_margin(mark))


def _is_in_margin(element: Any) -> bool:
    """Return whether an element is in a header or footer."""
    return any(local(each) in _MARGINS for each in element.iterancestors())


def _draw(equation: WordField, noted: TreatmentNotes) -> None:
    """Replace a circled number, which LibreOffice does not draw, by a character.

    Word draws the field and stores no result. The content of any other such field is lost.
    """
    found = _CIRCLED.search(equation.instruction)
    number = int(found[1]) if found else 0
    if not 1 <= number <= 20:
        noted.drawn = True
        return
    text = equation.begin.makeelement(equation.begin.tag.replace("}fldChar", "}t"))
    text.text = chr(0x2460 + number - 1)
    equation.begin.addprevious(text)


def has_hidden_text(root: Any, styles: Styles) -> bool:
    """Return whether any run with text is hidden and so not printed."""
    for run in named(root, "r"):
        if not any((text.text or "").strip() for text in run.iterchildren("{*}t")):
            continue
        paragraph = next(run.iterancestors("{*}p"), None)
        if styles.look(first(run, "rPr"), first(paragraph, "pPr")).hidden:
            return True
    return False


def _drop_comments(root: Any, noted: TreatmentNotes) -> bool:
    marks = list(named(root, *_COMMENT_MARKS))
    for mark in marks:
        remove(mark)
    if marks:
        noted.comment("批注")
    return bool(marks)
