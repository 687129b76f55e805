"""The exceptions of this package: each class has its exit code, each instance its remedy.

Faults in an application are findings, not exceptions. `Refused` is raised with all findings when
any of them blocks.
"""

from pathlib import Path

from sjs_forms.base.exit_codes import ExitCode as ExitCode
from sjs_forms.base.findings.command_wording import remedy_text
from sjs_forms.base.findings.file_names import with_names
from sjs_forms.base.findings.finding import Finding, blocking
from sjs_forms.base.findings.remedies import PlainAction, Remedy, action_of


class SjsFormsError(Exception):
    """Base of all exceptions raised on purpose, in Chinese.

    `template` says what is wrong, with FILE for each name of `files`; `action` says what to do.
    """

    exit_code = ExitCode.FAULT

    def __init__(self, message: str, remedy: Remedy | str = "", *files: str | Path) -> None:
        """Take the message with FILE for each of `files`; a remedy as text becomes Advice."""
        super().__init__(message)
        self.template = message
        self.action = action_of(remedy)
        self.files = tuple(map(str, files))

    @property
    def message(self) -> str:
        """What is wrong, with the files as the user wrote them."""
        return with_names(self.template, self.files)

    @property
    def remedy(self) -> str:
        """The remedy in the words of the command line."""
        return remedy_text(self.action)

    def __str__(self) -> str:
        """Return the message."""
        return self.message


class UsageFault(SjsFormsError):
    """Raised for a command that cannot be carried out as given."""

    exit_code = ExitCode.USAGE


class Refused(SjsFormsError):
    """Raised when an application has blocking findings. `findings` holds all findings."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("申报内容有必须改正的问题。", "请按上面列出的办法逐条改正后再试。")
        self.findings = findings

    @property
    def exit_code(self) -> ExitCode:  # type: ignore[override]  # depends on what was found
        """The exit code for the findings; see `exit_code_for`."""
        return exit_code_for(self.findings)


class FormUnreadable(SjsFormsError):
    """Raised for an unreadable Word form: not one of the notice's, damaged, or encrypted."""

    exit_code = ExitCode.ATTACHMENT


class MachineLacks(SjsFormsError):
    """Raised if a font, a library or a program is missing on this machine."""

    exit_code = ExitCode.MACHINE


class OutputUnwritable(SjsFormsError):
    """Raised if the output folder cannot be written."""

    exit_code = ExitCode.OUTPUT


class Fault(SjsFormsError):
    """Raised for an internal fault: a guarantee about the output does not hold."""

    exit_code = ExitCode.FAULT

    def __init__(self, message: str) -> None:
        super().__init__(message, PlainAction.REPORT_FAULT)


def exit_code_for(findings: tuple[Finding, ...]) -> ExitCode:
    """Return the exit code for a list of findings.

    Faults of the system or of this software come first, because then not everything was examined.
    """
    deserved = {found.exit_code for found in blocking(findings)}
    first = (ExitCode.FAULT, ExitCode.MACHINE, ExitCode.FINDINGS, ExitCode.ATTACHMENT)
    return next((code for code in first if code in deserved), ExitCode.DONE)
