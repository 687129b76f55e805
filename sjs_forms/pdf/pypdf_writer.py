"""The private parts of pypdf's writer that this package uses, each in one place.

pypdf promises none of them, so its version is bounded (pyproject.toml) and tests say what they do.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import IndirectObject, PdfObject


def add_object(writer: "PdfWriter", thing: "PdfObject") -> "IndirectObject":
    """Make an object an indirect one of the document; returns the reference to it."""
    return writer._add_object(thing)


def new_numbers(reader: "PdfReader", writer: "PdfWriter") -> Mapping[int, int]:
    """The object numbers in `writer` of what was cloned from `reader`, by the numbers there."""
    numbers: Mapping[Any, int] = writer._id_translated.get(id(reader), {})
    return numbers
