"""What is wrong with an application, as values: collected, never raised one by one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

ATTACHMENT_CODES = "attachment-"
"""Codes that begin so say that a file of the applicant's cannot be used (exit code 4)."""

MACHINE_CODES = "machine-"
"""Codes that begin so say that the machine stood in the way, not the file (exit code 5)."""

FAULT_CODES = "fault-"
"""Codes that begin so say that this software failed (exit code 70)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or doubt, in words a clerk can act on.

    `code` is stable English for scripts; `where` is the path in application.json
    (`founders[0].uscc`); `label` is the form's own Chinese for that place; `message` says what
    is wrong and `remedy` what to do.
    """

    code: str
    severity: Severity
    where: str
    label: str
    message: str
    remedy: str

    def as_dict(self) -> dict[str, str]:
        """The finding as `check --json` and manifest.json show it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": self.where,
            "label": self.label,
            "message": self.message,
            "remedy": self.remedy,
        }


def error(code: str, where: str, label: str, message: str, remedy: str) -> Finding:
    """A finding that blocks."""
    return Finding(code, "error", where, label, message, remedy)


def warning(code: str, where: str, label: str, message: str, remedy: str) -> Finding:
    """A finding to be known, which does not block."""
    return Finding(code, "warning", where, label, message, remedy)


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of `findings` that are errors."""
    return tuple(found for found in findings if found.severity == "error")
