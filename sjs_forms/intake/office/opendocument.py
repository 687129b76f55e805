"""Prepares OpenDocument texts, sheets and slides to print as stored in the file (ODF 1.3 part 3).

The documents are an applicant's, or converted by LibreOffice from another format. In the latter, a
date that is not fixed is the day of conversion, not the date that the applicant saw.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.office.packages.odf_names import (
    CONFIG,
    DRAW,
    OFFICE,
    PRESENTATION,
    STYLE,
    TABLE,
    TEXT,
)
from sjs_forms.intake.office.spreadsheets.ods import treat_tables
from sjs_forms.intake.office.treatment_notes import TreatmentNotes
from sjs_forms.intake.wordml import local

_CLOCK = frozenset({"date", "time", "file-name", "template-name"})
_OWNER = frozenset({"author-name", "author-initials"}) | {
    f"sender-{what}"
    for what in (
        "firstname",
        "lastname",
        "initials",
        "title",
        "position",
        "email",
        "phone-private",
        "phone-work",
        "fax",
        "company",
        "street",
        "city",
        "postal-code",
        "country",
        "state-or-province",
    )
}
"""Fields about the user, which LibreOffice fills from its own settings."""
_RECKONED = frozenset(
    {
        "creation-date",
        "creation-time",
        "creator",
        "description",
        "editing-cycles",
        "editing-duration",
        "initial-creator",
        "keywords",
        "modification-date",
        "modification-time",
        "print-date",
        "print-time",
        "printed-by",
        "subject",
        "title",
        "user-defined",
        "word-count",
        "character-count",
        "paragraph-count",
        "table-count",
        "image-count",
        "object-count",
        "reference-ref",
        "bookmark-ref",
        "note-ref",
        "sequence-ref",
        "sequence",
        "expression",
        "variable-get",
        "variable-set",
        "variable-input",
        "user-field-get",
        "user-field-input",
        "text-input",
        "conditional-text",
        "database-display",
        "database-name",
        "database-row-number",
        "dde-connection",
        "measure",
        "meta-field",
    }
)
_COUNTED = frozenset({"page-number", "page-count", "page-continuation", "page-variable-get"})
"""Fields that count pages. In a header or footer each page has its own, and on slides and sheets
the page that they are on; in a text the stored result is what was last seen, and what the converter
counts may be another.
"""
_UNKNOWN = "???"
_NOTHING = ("", _UNKNOWN, "00/00/0000", "00:00:00")
"""What LibreOffice writes in a sheet's header for values known only when printing."""
_SETTINGS = {
    "PrintHiddenText": "false",
    "PrintAnnotationMode": "0",
    "FieldAutoUpdate": "false",
    "ChartAutoUpdate": "false",
    "LinkUpdateMode": "2",
}


@dataclass(frozen=True, slots=True)
class DocumentOrigin:
    """The origin of a document: whether it is the applicant's own, and its name there."""

    given: bool
    name: str


def treat_open(
    trees: dict[str, Any], noted: TreatmentNotes, origin: DocumentOrigin, *, for_print: bool
) -> set[str]:
    """Treat the trees of a document (a flat one has one); returns the names of those changed.

    Unless `for_print`, tracked changes, comments and sheets are kept.
    """
    changed = set()
    hidden = {style for root in trees.values() for style in _hidden_styles(root)}
    for name, root in trees.items():
        if local(root) == "document-settings" and origin.given and _set_settings(root):
            changed.add(name)
        if local(root) not in ("document-content", "document-styles", "document"):
            continue
        if for_print and _holds_deletions(root) and origin.given:
            noted.through = "odt"
        elif for_print and accept(root, noted):
            changed.add(name)
        if for_print and _drop_comments(root, noted):
            changed.add(name)
        if freeze(root, noted, origin):
            changed.add(name)
        if for_print:
            _note_hidden(root, hidden, noted)
    if for_print:
        changed |= treat_tables(trees, noted)
    return changed


def _holds_deletions(root: Any) -> bool:
    """Return whether deleted text is still in the body, as in LibreOffice's flat files.

    In packages it is in the list of changes instead.
    """
    ids = {
        change.getparent().get(f"{TEXT}id")
        for change in root.iter(f"{TEXT}deletion")
        if change.getparent() is not None
    }
    return any(mark.get(f"{TEXT}change-id") in ids for mark in root.iter(f"{TEXT}change-start"))


def accept(root: Any, noted: TreatmentNotes) -> bool:
    """Accept every tracked change. Deleted text is already outside the body (5.5)."""
    regions = list(root.iter(f"{TEXT}tracked-changes", f"{TABLE}tracked-changes"))
    marks = list(root.iter(f"{TEXT}change", f"{TEXT}change-start", f"{TEXT}change-end"))
    if any(len(region) for region in regions):
        noted.tracked = True
    for each in (*regions, *marks):
        _take_out(each)
    return bool(regions or marks)


def freeze(root: Any, noted: TreatmentNotes, origin: DocumentOrigin) -> bool:
    """Replace each field by its stored result. Returns whether there was any."""
    changed = False
    names = {f"{TEXT}{name}" for name in _CLOCK | _OWNER}
    if origin.given:
        names |= {f"{TEXT}{name}" for name in _RECKONED}
    for each in list(root.iter(*names)):
        if local(each) not in _RECKONED or "".join(each.itertext()) != _UNKNOWN:
            _as_span(each, _result(each, noted, origin))
            changed = True
    for each in _counts_in_text(root) if origin.given else ():
        _as_span(each)
        changed = True
    for each in list(root.iter(f"{TEXT}hidden-text")):
        hidden = each.get(f"{TEXT}is-hidden") == "true"
        _as_span(each, "" if hidden else each.get(f"{TEXT}string-value", ""))
        changed = True
        if hidden:
            noted.hide("隐藏的文字")
    for each in root.iter(f"{PRESENTATION}date-time-decl"):
        if each.get(f"{PRESENTATION}source") == "current-date":
            each.set(f"{PRESENTATION}source", "fixed")
            each.text = ""
            noted.clock = changed = True
    return changed


def _counts_in_text(root: Any) -> list[Any]:
    """Return the fields in the body of a text that count pages and have a stored result."""
    names = [f"{TEXT}{name}" for name in _COUNTED]
    bodies = root.iter(f"{OFFICE}text")
    found = [field for body in bodies for field in body.iter(*names)]
    return [field for field in found if "".join(field.itertext()).strip()]


def _result(field: Any, noted: TreatmentNotes, origin: DocumentOrigin) -> str | None:
    """Return the text that replaces a field, or None for its own content."""
    name, display = local(field), field.get(f"{TEXT}display")
    if display == "none":
        return ""
    if name == "file-name":
        stored = "".join(field.itertext())
        if origin.given and stored not in _NOTHING:
            return None
        noted.clock |= display == "path"
        return "" if display == "path" else origin.name
    if field.get(f"{TEXT}fixed") == "true" or name not in _CLOCK | _OWNER:
        return None
    if origin.given and "".join(field.itertext()) not in _NOTHING:
        return None
    noted.clock |= name in ("date", "time")
    return ""


def _as_span(field: Any, text: str | None = None) -> None:
    """Turn a field into plain text: its content, or `text`."""
    kept = field.tail
    if text is not None:
        for child in list(field):
            field.remove(child)
        field.text = text
    field.attrib.clear()
    field.tag = f"{TEXT}span"
    field.tail = kept


def _drop_comments(root: Any, noted: TreatmentNotes) -> bool:
    comments = list(root.iter(f"{OFFICE}annotation", f"{OFFICE}annotation-end"))
    for each in comments:
        _take_out(each)
    if comments:
        noted.comment("批注")
    notes = [part for part in root.iter(f"{PRESENTATION}notes") if _says_something(part)]
    if notes:
        noted.comment("演讲者备注")
    return bool(comments)


def _says_something(notes: Any) -> bool:
    frames = notes.iter(f"{DRAW}frame")
    own = (frame for frame in frames if frame.get(f"{PRESENTATION}class") == "notes")
    return any("".join(frame.itertext()).strip() for frame in own)


def _take_out(element: Any) -> None:
    """Remove an element from its tree but keep the text after it, including spaces."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
        element.tail = None
    parent.remove(element)


def _note_hidden(root: Any, styles: set[str], noted: TreatmentNotes) -> None:
    """Record text and slides that are not printed because they, or their `styles`, are hidden."""
    texts = [
        each
        for each in root.iter(f"{TEXT}span", f"{TEXT}p", f"{TEXT}h")
        if each.get(f"{TEXT}style-name") in styles
    ]
    texts += [
        each
        for each in root.iter(f"{TEXT}section")
        if each.get(f"{TEXT}display") in ("none", "condition")
    ]
    paragraphs = root.iter(f"{TEXT}hidden-paragraph")
    if any("".join(each.itertext()).strip() for each in texts) or any(
        each.get(f"{TEXT}is-hidden") == "true" for each in paragraphs
    ):
        noted.hide("隐藏的文字")
    for number, page in enumerate(root.iter(f"{DRAW}page"), start=1):
        if page.get(f"{DRAW}style-name") in styles:
            noted.hide(f"隐藏的幻灯片（第 {number} 张）")


def _hidden_styles(root: Any) -> Iterator[str]:
    """Yield the names of styles that hide text or slides."""
    for style in root.iter(f"{STYLE}style"):
        for each in style:
            if each.get(f"{TEXT}display") == "none":
                yield style.get(f"{STYLE}name", "")
            if each.get(f"{PRESENTATION}visibility") == "hidden":
                yield style.get(f"{STYLE}name", "")


def _set_settings(root: Any) -> bool:
    changed = False
    for item in root.iter(f"{CONFIG}config-item"):
        wanted = _SETTINGS.get(item.get(f"{CONFIG}name", ""))
        if wanted is not None and item.text != wanted:
            item.text = wanted
            changed = True
    return changed
