"""What is asked of the worker for an Office document, and what it answers."""

from dataclasses import dataclass, fields
from typing import Any

from sjs_forms.base.findings import Finding


@dataclass(frozen=True, slots=True)
class Order:
    """How a document is to be treated.

    `given` says that it is the applicant's own, `name` is its name there; not `for_print`, only
    fields become their results.
    """

    given: bool
    name: str
    for_print: bool

    def as_dict(self) -> dict[str, Any]:
        """For the request."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Treated:
    """What became of a document.

    `suffix` is the one by which LibreOffice knows it, "" where none is sure; `through` that of
    the format into which it is to be brought before it can be treated whole, "" for none.
    `understood` says that all of it was looked through for links that lead out of it.
    """

    suffix: str
    through: str
    changed: bool
    understood: bool
    remarks: tuple[Finding, ...]
