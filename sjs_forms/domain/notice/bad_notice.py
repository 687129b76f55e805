"""The error for an invalid file of a notice, addressed to its author."""

from pathlib import Path

from sjs_forms.base.errors import UsageFault


class BadNotice(UsageFault):
    """Raised for an invalid file in a notice's folder; the message names file and line."""

    def __init__(self, file: Path, line: int | None, problem: str, remedy: str = "") -> None:
        at = f"第 {line} 行" if line else ""
        super().__init__(
            f"通知“{file.parent.name}”的 {file.name} {at}有误：{problem}。",
            remedy or "请对照 docs/notices.md 改正。",
        )
        self.file, self.line = file, line
