"""Loads python-docx so that what it writes does not depend on the time or the machine."""

from datetime import date, datetime, time
from functools import cache
from typing import Any

from sjs_forms.base.files.stable_bytes import ClocklessZip


@cache
def load_python_docx() -> Any:
    """Return the library, patched so that it does not store the current time."""
    import docx
    from docx.opc import phys_pkg

    phys_pkg.ZipFile = ClocklessZip  # type: ignore[attr-defined]
    return docx


def fix_properties(document: Any, day: date) -> None:
    """Set the properties of a document that would reveal the time or the machine."""
    moment = datetime.combine(day, time())
    properties = document.core_properties
    properties.created = properties.modified = properties.last_printed = moment
    properties.revision = 1
    properties.last_modified_by = properties.author
