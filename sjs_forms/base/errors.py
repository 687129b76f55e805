"""The one family of errors: each class owns its exit code, each error its remedy.

Faults in an application are findings, not errors; `Refused` carries them to the door.
"""

from sjs_forms.base.exit_codes import ExitCode as ExitCode
from sjs_forms.base.findings import Finding, blocking


class SjsFormsError(Exception):
    """Base of all errors raised on purpose; `message` and `remedy` are Chinese."""

    exit_code = ExitCode.FAULT

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageFault(SjsFormsError):
    """The command was called in a way that cannot be obeyed."""

    exit_code = ExitCode.USAGE


class Refused(SjsFormsError):
    """The application has blocking findings; `findings` holds all of them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("申报内容有必须改正的问题。", "请按上面列出的办法逐条改正后再试。")
        self.findings = findings

    @property
    def exit_code(self) -> ExitCode:  # type: ignore[override]  # depends on what was found
        """See exit_code_for: it depends on what was found."""
        return exit_code_for(self.findings)


class FormUnreadable(SjsFormsError):
    """A Word form cannot be read: no form of the notice, damaged, or under a password."""

    exit_code = ExitCode.ATTACHMENT


class MachineLacks(SjsFormsError):
    """A font, a library or a program is missing on this machine."""

    exit_code = ExitCode.MACHINE


class OutputUnwritable(SjsFormsError):
    """The output folder cannot be written."""

    exit_code = ExitCode.OUTPUT


class Fault(SjsFormsError):
    """A fault of ours: a promise about the output does not hold."""

    exit_code = ExitCode.FAULT

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "这是本软件的问题。请在原来的命令后面加 --verbose 再运行一次，"
            "把屏幕上的全部文字连同申报文件夹反馈给我们。",
        )


def exit_code_for(findings: tuple[Finding, ...]) -> ExitCode:
    """The exit code that a list of findings deserves.

    Where the machine or this software stood in the way, not all was looked at: that goes first.
    """
    deserved = {found.exit_code for found in blocking(findings)}
    first = (ExitCode.FAULT, ExitCode.MACHINE, ExitCode.FINDINGS, ExitCode.ATTACHMENT)
    return next((code for code in first if code in deserved), ExitCode.DONE)
