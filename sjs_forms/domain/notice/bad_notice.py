"""The error for an invalid file of a notice, addressed to its author."""

from pathlib import Path
from typing import Any

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.remedies import MendNotice


class BadNotice(UsageFault):
    """Raised for an invalid file in a notice's folder; the message names file and line."""

    def __init__(self, file: Path, line: int | None, problem: str, remedy: str = "") -> None:
        at = f"第 {line} 行" if line else ""
        self._made_of = file, line, problem, remedy
        super().__init__(
            f"通知“{file.parent.name}”的 {file.name} {at}有误：{problem}。",
            MendNotice(remedy),
        )
        self.file, self.line = file, line

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how another process makes the same error: not of its message alone."""
        return type(self), self._made_of
