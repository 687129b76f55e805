"""The worker's request and answer for an Office document."""

from dataclasses import dataclass, fields
from typing import Any

from sjs_forms.base.findings.finding import Finding


@dataclass(frozen=True, slots=True)
class TreatmentRequest:
    """How to treat a document.

    `given` means that it is the applicant's own, `name` is its name there. Unless `for_print`, only
    fields are replaced by results.
    """

    given: bool
    name: str
    for_print: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the request as JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class TreatmentResult:
    """The result of a treatment.

    `suffix` is LibreOffice's for it, "" if uncertain. `through` is the suffix of the format to
    convert it to before it can be treated fully, or "". `understood` means that all of it was
    searched for external links.
    """

    suffix: str
    through: str
    changed: bool
    understood: bool
    remarks: tuple[Finding, ...]
