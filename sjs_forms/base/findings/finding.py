"""A finding: an error or warning about an application, as a value.

Findings are collected and returned together, not raised one by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.findings.command_wording import remedy_text
from sjs_forms.base.findings.evidence import Evidence
from sjs_forms.base.findings.file_names import with_names
from sjs_forms.base.findings.finding_catalogue import Severity, Trait, entry_of
from sjs_forms.base.findings.finding_places import WHOLE, FindingPlace
from sjs_forms.base.findings.remedies import Advice, Remedy, action_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One error or warning, in words that a clerk can act on.

    `code` is stable English for scripts, `place` where it is; `label` is the form's own Chinese
    for that place; `template` says what is wrong, with FILE for each name of `files`; `action` says
    what to do; `evidence` shows where a paper says otherwise. Raises UnknownCode for a code that
    the catalogue lacks.
    """

    code: str
    severity: Severity
    place: FindingPlace
    label: str
    template: str
    action: Remedy
    evidence: Evidence | None = None
    files: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check code and severity against the catalogue."""
        entry_of(self.code, self.severity)

    def at(self, place: FindingPlace, label: str) -> "Finding":
        """Return the same finding at a place."""
        return replace(self, place=place, label=label)

    def has(self, trait: Trait) -> bool:
        """Return whether findings with this code have any of these traits."""
        return bool(entry_of(self.code).traits & trait)

    def is_like(self, other: "Finding") -> bool:
        """Return whether another finding has the same code."""
        return self.code == other.code

    @property
    def exit_code(self) -> ExitCode:
        """The exit code if this is the only error."""
        return entry_of(self.code).exit_code

    @property
    def where(self) -> str:
        """The place as in JSON output: `founders[0].uscc`."""
        return str(self.place)

    @property
    def message(self) -> str:
        """What is wrong, with the files as the user wrote them."""
        return with_names(self.template, self.files)

    def with_template(self, template: str) -> "Finding":
        """Return the same finding with another message about the same files."""
        return replace(self, template=template)

    @property
    def remedy(self) -> str:
        """The remedy in the words of the command line."""
        return remedy_text(self.action)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as in `check --json` and manifest.json."""
        told: dict[str, Any] = {
            "code": self.code,
            "severity": self.severity,
            "where": self.where,
            "label": self.label,
            "message": self.message,
            "remedy": self.remedy,
        }
        if self.evidence is not None:
            told["evidence"] = self.evidence.as_dict()
        return told


def error(
    code: str,
    place: FindingPlace,
    label: str,
    message: str,
    remedy: Remedy | str,
    *files: str,
) -> Finding:
    """Return a finding that blocks. A remedy given as text becomes Advice.

    `files` are the names for each FILE in the message.
    """
    return Finding(code, "error", place, label, message, action_of(remedy), None, files)


def warning(
    code: str,
    place: FindingPlace,
    label: str,
    message: str,
    remedy: Remedy | str,
    *files: str,
) -> Finding:
    """Return a finding that does not block; its arguments are those of `error`."""
    return Finding(code, "warning", place, label, message, action_of(remedy), None, files)


MAX_FINDINGS = 200
"""Limit on the findings reported for one application; nobody corrects more in one go."""


def capped(findings: Sequence[Finding], more: int = 0) -> tuple[Finding, ...]:
    """Return at most MAX_FINDINGS of the findings, in their order; if some must go, warnings first.

    A last finding then says how many were left out. `more` is the number of further problems that
    were counted but not made into findings.
    """
    left = len(findings) + more - MAX_FINDINGS
    if left <= 0:
        return tuple(findings)
    ranked = sorted(range(len(findings)), key=lambda at: findings[at].severity != "error")
    told = [findings[at] for at in sorted(ranked[:MAX_FINDINGS])]
    hidden = blocking(findings[at] for at in ranked[MAX_FINDINGS:])
    blocks = bool(hidden) or (more > 0 and all(found.severity == "error" for found in told))
    of_files = {found.exit_code for found in hidden} == {ExitCode.ATTACHMENT}
    rest = Finding(
        "attachment-more" if of_files else "more-findings",
        "error" if blocks else "warning",
        WHOLE,
        "申报内容",
        f"问题太多，只列出前 {MAX_FINDINGS} 处，还有 {left} 处没有列出。",
        Advice("请先改正列出的，再检查一次。"),
    )
    return (*told, rest)


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those of `findings` that are errors."""
    return tuple(found for found in findings if found.severity == "error")
