"""A file that cannot be taken in: code, sentence and remedy; the file's name is put in last."""

from sjs_forms.base.exit_codes import ExitCode
from sjs_forms.base.finding_catalogue import Trait, entry_of, has

FILE = "\ufffc"
"""Stands in every sentence for the file as the user wrote it."""


class FileRefused(Exception):
    """A file that cannot be taken in: stable `code`, Chinese `message` and `remedy`.

    `passing` says that the same file may do better another time (a program is missing, the
    time ran out), so that the refusal must not be remembered. Raises UnknownCode for a code that
    no error has.
    """

    def __init__(self, code: str, message: str, remedy: str, *, passing: bool = False) -> None:
        entry_of(code, "error")
        super().__init__(code, message, remedy)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.passing = passing or has(code, Trait.PASSING)

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that it deserves as the only error."""
        return entry_of(self.code).exit_code

    def named(self, shown: str) -> "FileRefused":
        """The same refusal in the user's own words for the file."""
        message, remedy = (text.replace(FILE, shown) for text in (self.message, self.remedy))
        return type(self)(self.code, message, remedy, passing=self.passing)


class PasswordNeeded(FileRefused):
    """A document that opens only with a password, which is missing or wrong."""


class FileGone(FileRefused):
    """There is no such file, or none any more."""


class FileChanged(FileRefused):
    """The file was changed while it was read."""


def too_large(what: str, found: str, bound: str) -> FileRefused:
    """Past one of the bounds; `what` says which, `found` and `bound` carry their units."""
    return FileRefused(
        "attachment-too-large",
        f"“{FILE}”的{what}为 {found}，超过上限 {bound}。",
        "请拆成几个较小的文件，或以较低的分辨率（300 dpi 足够）重新扫描。",
    )
