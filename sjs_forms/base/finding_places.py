"""Where a finding is: an answer, a file, a material, or the application as a whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """What application.json says there: keys and list indices (from 0) from its top.

    Printed as a path, `founders[0].uscc`; so is a file that it lists, `attachments[3]`.
    """

    steps: tuple[str | int, ...]

    def __str__(self) -> str:
        """The path."""
        text = ""
        for step in self.steps:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file or folder by its path, steps parted by `/`, or one of its pages (from 1).

    The path begins at the folder that is judged: an application's, or an output; a scan's is as
    the user wrote it. Printed as `attachments/2-场地租赁合同/合同.pdf` or with `#3`.
    """

    path: str
    page: int | None = None

    def __str__(self) -> str:
        """The path, and the page."""
        return self.path if self.page is None else f"{self.path}#{self.page}"


@dataclass(frozen=True, slots=True)
class MaterialPlace:
    """A material of the notice by its id. Printed as `material:lease`."""

    material: str

    def __str__(self) -> str:
        """The id, marked as one."""
        return f"material:{self.material}"


@dataclass(frozen=True, slots=True)
class Whole:
    """The application, or the output, as a whole. Printed as nothing."""

    def __str__(self) -> str:
        """Nothing."""
        return ""


WHOLE = Whole()

FindingPlace = AnswerPlace | FilePlace | MaterialPlace | Whole
