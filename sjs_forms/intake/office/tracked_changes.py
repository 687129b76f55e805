"""Accepts tracked changes in WordprocessingML (ECMA-376 part 1, 17.13.5)."""

from typing import Any

from sjs_forms.intake.wordml import attribute, first, local
from sjs_forms.intake.wordml.fields import remove

_GONE = frozenset(
    {
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "trPrChange",
        "tcPrChange",
        "numberingChange",
        "cellIns",
        "cellMerge",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "customXmlInsRangeStart",
        "customXmlInsRangeEnd",
        "customXmlDelRangeStart",
        "customXmlDelRangeEnd",
        "customXmlMoveFromRangeStart",
        "customXmlMoveFromRangeEnd",
        "customXmlMoveToRangeStart",
        "customXmlMoveToRangeEnd",
    }
)
"""Elements that only record a former state or an author."""

_NEW, _OLD = frozenset({"ins", "moveTo"}), frozenset({"del", "moveFrom"})
_BETWEEN = frozenset({"bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", ""})
"""Elements allowed between a paragraph and the one it is joined with."""


def accept(root: Any) -> bool:
    """Accept every tracked change below `root`. Returns whether there was any."""
    names = (*_GONE, *_NEW, *_OLD, "cellDel")
    marks = list(root.iter(*(f"{{*}}{name}" for name in names)))
    of_paragraphs = [mark for mark in marks if _paragraph_of(mark) is not None]
    for mark in marks:
        if _paragraph_of(mark) is None:
            _accept(mark)
    for mark in of_paragraphs:
        paragraph = _paragraph_of(mark)
        remove(mark)
        if local(mark) in _OLD and paragraph is not None:
            _join_with_next(paragraph)
    return bool(marks)


def accept_annotations(root: Any) -> tuple[bool, bool]:
    """Accept changes in Word 2003 XML and drop comments. Returns whether there were any of each."""
    changed = commented = False
    for annotation in list(root.iter("{*}annotation")):
        kind = attribute(annotation, "type").removeprefix("Word.")
        content = first(annotation, "content")
        if annotation.getparent() is None or kind.startswith("Bookmark"):
            continue
        changed |= not kind.startswith("Comment")
        commented |= kind == "Comment"
        if kind in ("Insertion", "Move") and content is not None:
            unwrap(content)
            unwrap(annotation)
        else:
            remove(annotation)
    return changed, commented


def _paragraph_of(mark: Any) -> Any | None:
    """Return the paragraph whose mark was inserted or deleted, or None for another change."""
    run = mark.getparent()
    properties = run.getparent() if run is not None and local(run) == "rPr" else None
    if properties is None or local(properties) != "pPr" or local(mark) in _GONE:
        return None
    return properties.getparent()


def _accept(mark: Any) -> None:
    holder = mark.getparent()
    if holder is None:
        return
    name, within = local(mark), local(holder)
    if name == "cellDel" or (within == "trPr" and name in _OLD):
        if holder.getparent() is not None:
            _drop(holder.getparent())
    elif name in _NEW and within not in ("rPr", "trPr", "ctrlPr"):
        unwrap(mark)
    else:
        remove(mark)


def unwrap(element: Any) -> None:
    """Replace an element by its children."""
    parent = element.getparent()
    at = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(at + 1, child)
    remove(element)


def _drop(part: Any) -> None:
    """Remove a row or cell, and its table or row if it was the last."""
    parent = part.getparent()
    if parent is None:
        return
    remove(part)
    if local(parent) not in ("tr", "tbl"):
        return
    if not any(local(child) in ("tr", "tc", "sdt") for child in parent):
        _drop(parent)


def _join_with_next(paragraph: Any) -> None:
    """Join a paragraph whose mark is deleted to the next one, whose formatting is kept."""
    following = paragraph.getnext()
    while following is not None and local(following) in _BETWEEN:
        following = following.getnext()
    content = [child for child in paragraph if local(child) != "pPr"]
    if following is not None and local(following) == "p":
        at = 0 if first(following, "pPr") is None else 1
        for child in reversed(content):
            following.insert(at, child)
        remove(paragraph)
    elif not any(local(child) not in _BETWEEN for child in content):
        before = paragraph.getprevious()
        if following is not None or (before is not None and local(before) == "p"):
            remove(paragraph)
