"""Properties of paragraphs, cells and drawings that decide what is read of them, and where."""

from typing import Any

from sjs_forms.intake.wordml import attribute, first


def is_hidden_drawing(drawing: Any) -> bool:
    """Return whether a drawing is hidden (20.4.2.5)."""
    properties = next(drawing.iter("{*}docPr"), None)
    return properties is not None and attribute(properties, "hidden") in ("1", "true")


def mark_is_deleted(paragraph: Any) -> bool:
    """Return whether the end of a paragraph was deleted, so that the next one joins it."""
    return first(first(first(paragraph, "pPr"), "rPr"), "del") is not None


def has(element: Any, properties: str, name: str) -> bool:
    """Return whether an element's properties have one of that name."""
    return first(first(element, properties), name) is not None


def goes_on(cell: Any, merge: str) -> bool:
    """Return whether the cell continues a merge from above or before."""
    for properties in cell.iterchildren("{*}tcPr"):
        for found in properties.iterchildren(f"{{*}}{merge}"):
            return attribute(found, "val") in ("", "continue")
    return False


def span(cell: Any) -> int:
    """Return the grid columns that a cell covers."""
    for properties in cell.iterchildren("{*}tcPr"):
        for found in properties.iterchildren("{*}gridSpan"):
            return _number_in(attribute(found, "val"), 1)
    return 1


def skipped(cell: Any) -> int:
    """Return the grid columns omitted before a row's first cell."""
    row = next((parent for parent in cell.iterancestors("{*}tr")), None)
    for properties in row.iterchildren("{*}trPr") if row is not None else ():
        for found in properties.iterchildren("{*}gridBefore"):
            return _number_in(attribute(found, "val"), 0)
    return 0


def _number_in(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise
