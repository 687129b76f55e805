"""Recognises files that are given instead of an application, and names the command for them."""

from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.findings.remedies import UseOtherwise

TABLES = (".xlsx", ".xls", ".xlsm", ".et", ".csv", ".ods")
"""Suffixes of tables, including one that cannot be read as a roster."""

_FORMS = (".docx", ".doc", ".wps")
_PAPERS = (".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".bmp")
_ARCHIVES = (".zip", ".rar", ".7z")


def is_paper(file: Path) -> bool:
    """Return whether a file is a paper by its name: a PDF or a picture."""
    return file.suffix.lower() in _PAPERS


def of_another_kind(file: Path) -> UsageFault | None:
    """Return the error for a file that by its name is not an application, with its command."""
    suffix = file.suffix.lower()
    if suffix in TABLES:
        return UsageFault(
            f"“{file.name}”是表格，不是一份申报。",
            UseOtherwise("roster", str(file)),
        )
    if suffix in _FORMS:
        return UsageFault(
            f"“{file.name}”是 Word 文档，不是一份申报。",
            UseOtherwise("word", str(file)),
        )
    if is_paper(file):
        return UsageFault(
            f"“{file.name}”是一份材料，不是一份申报。",
            UseOtherwise("paper", str(file)),
        )
    if suffix in _ARCHIVES:
        return UsageFault(
            f"“{file.name}”是压缩包，不是一份申报。", "请先解压，再给出解压出来的申报文件夹。"
        )
    return None
