"""The exceptions of this package: each class has its exit code, each instance its remedy.

Faults in an application are findings, not exceptions. `Refused` is raised with all findings when
any of them blocks.
"""

from sjs_forms.base.exit_codes import ExitCode as ExitCode
from sjs_forms.base.findings.finding import Finding, blocking


class SjsFormsError(Exception):
    """Base of all exceptions raised on purpose. `message` and `remedy` are Chinese."""

    exit_code = ExitCode.FAULT

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


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
        super().__init__(
            message,
            "这是本软件的问题。请在原来的命令后面加 --verbose 再运行一次，"
            "把屏幕上的全部文字连同申报文件夹反馈给我们。",
        )


def exit_code_for(findings: tuple[Finding, ...]) -> ExitCode:
    """Return the exit code for a list of findings.

    Faults of the system or of this software come first, because then not everything was examined.
    """
    deserved = {found.exit_code for found in blocking(findings)}
    first = (ExitCode.FAULT, ExitCode.MACHINE, ExitCode.FINDINGS, ExitCode.ATTACHMENT)
    return next((code for code in first if code in deserved), ExitCode.DONE)
