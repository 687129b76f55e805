"""What is wrong with an application, as values: collected, never raised one by one."""

from collections.abc import Iterable, Sequence
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


MOST = 200
"""So many findings of one application are told; a person mends those before reading on."""


def capped(findings: Sequence[Finding], more: int = 0) -> tuple[Finding, ...]:
    """The first findings in their order, errors before warnings where not all are told.

    The last says how many are not, `more` among them: such as were counted and never made.
    """
    left = len(findings) + more - MOST
    if left <= 0:
        return tuple(findings)
    ranked = sorted(range(len(findings)), key=lambda at: findings[at].severity != "error")
    told = [findings[at] for at in sorted(ranked[:MOST])]
    hidden = blocking(findings[at] for at in ranked[MOST:])
    blocks = bool(hidden) or (more > 0 and all(found.severity == "error" for found in told))
    of_files = bool(hidden) and all(found.code.startswith(ATTACHMENT_CODES) for found in hidden)
    rest = Finding(
        f"{ATTACHMENT_CODES}more" if of_files else "more-findings",
        "error" if blocks else "warning",
        "",
        "申报内容",
        f"问题太多，只列出前 {MOST} 处，还有 {left} 处没有列出。",
        "请先改正列出的，再检查一次。",
    )
    return (*told, rest)


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of `findings` that are errors."""
    return tuple(found for found in findings if found.severity == "error")
