"""Where a finding is: an answer, a file, a material, or the application as a whole."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """A value in application.json, by keys and list indices (from 0) from its top.

    Printed as a path: `founders[0].uscc`, or `attachments[3]` for a listed file.
    """

    steps: tuple[str | int, ...]

    def __str__(self) -> str:
        """Return the path."""
        text = ""
        for step in self.steps:
            text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        return text


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file or folder by its path with `/`, or one of its pages (from 1).

    The path is relative to the application's folder or to an output folder; that of a scan is as
    the user wrote it. Printed as `attachments/2-场地租赁合同/合同.pdf`, with a page as `…#3`.
    """

    path: str
    page: int | None = None

    def __str__(self) -> str:
        """Return the path with the page."""
        return self.path if self.page is None else f"{self.path}#{self.page}"


@dataclass(frozen=True, slots=True)
class MaterialPlace:
    """A material of the notice by its id. Printed as `material:lease`."""

    material: str

    def __str__(self) -> str:
        """Return the marked id."""
        return f"material:{self.material}"


@dataclass(frozen=True, slots=True)
class Whole:
    """The application or the output as a whole. Printed as an empty string."""

    def __str__(self) -> str:
        """Return an empty string."""
        return ""


WHOLE = Whole()

FindingPlace = AnswerPlace | FilePlace | MaterialPlace | Whole
