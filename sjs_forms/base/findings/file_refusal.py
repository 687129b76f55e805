"""The refusal of a file that cannot be used.

Its message has no name of the file yet, because the cache stores refusals by content.
"""

from dataclasses import replace
from typing import Any, Self

from sjs_forms.base.findings.file_names import FILE as FILE
from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.base.findings.finding_records import finding_of
from sjs_forms.base.findings.remedies import Remedy, ReplaceFile


class FileRefused(Exception):
    """Raised for a file that cannot be used. `finding` says why; it has no place yet.

    A remedy given as text says what to replace the file with. `passing` means that the same file
    may be accepted another time (a program is missing, the time ran out), so that the refusal is
    not cached. Raises UnknownCode for a code that no error has.
    """

    def __init__(
        self, code: str, message: str, remedy: Remedy | str, *files: str, passing: bool = False
    ) -> None:
        super().__init__(code, message, remedy, *files)
        action = ReplaceFile(remedy) if isinstance(remedy, str) else remedy
        self.finding = error(code, WHOLE, "", message, action, *files)
        self.passing = passing or self.finding.has(Trait.PASSING)

    @property
    def code(self) -> str:
        """The code of the finding."""
        return self.finding.code

    @property
    def message(self) -> str:
        """The message of the finding."""
        return self.finding.message

    @property
    def remedy(self) -> str:
        """The remedy of the finding, in words."""
        return self.finding.remedy

    def named(self, shown: str) -> Self:
        """Return the same refusal with the name that the user gave the file."""
        return self._like(named(self.finding, shown), self.passing)

    @classmethod
    def _like(cls, found: Finding, passing: bool) -> Self:
        return cls(found.code, found.template, found.action, *found.files, passing=passing)


class PasswordNeeded(FileRefused):
    """Raised for a document whose password is missing or wrong."""


class FileGone(FileRefused):
    """Raised for a file that does not exist, or no longer."""


class FileChanged(FileRefused):
    """Raised for a file that was changed while it was read."""


def refusal_of(record: dict[str, Any], *, passing: bool = False) -> FileRefused:
    """Return the refusal with the finding of a record. Raises as `finding_of`."""
    found = finding_of(record)
    return FileRefused(found.code, found.template, found.action, *found.files, passing=passing)


def named(found: Finding, shown: str) -> Finding:
    """Return a finding on a file with the name that the user gave it.

    Names that the finding has already are those of its last placeholders.
    """
    unnamed = found.template.count(FILE) - len(found.files)
    return replace(found, files=(*(shown,) * unnamed, *found.files))


def too_large(what: str, found: str, bound: str) -> FileRefused:
    """Return the refusal of a file beyond a limit.

    `what` names the limit; `found` and `bound` include their units.
    """
    return FileRefused(
        "attachment-too-large",
        f"“{FILE}”的{what}为 {found}，超过上限 {bound}。",
        "请拆成几个较小的文件，或以较低的分辨率（300 dpi 足够）重新扫描。",
    )
