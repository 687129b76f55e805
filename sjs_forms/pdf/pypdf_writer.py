"""The private parts of pypdf's writer that this package uses, each in one place.

pypdf does not guarantee them, so its version is bounded (pyproject.toml) and tests check them.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import IndirectObject, PdfObject


def add_object(writer: "PdfWriter", thing: "PdfObject") -> "IndirectObject":
    """Make an object an indirect one of the document; returns its reference."""
    return writer._add_object(thing)


def new_numbers(reader: "PdfReader", writer: "PdfWriter") -> Mapping[int, int]:
    """Map object numbers in `reader` to those of their clones in `writer`."""
    numbers: Mapping[Any, int] = writer._id_translated.get(id(reader), {})
    return numbers
