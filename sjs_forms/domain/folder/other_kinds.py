"""Recognises files that are given instead of an application, and names the command for them."""

from pathlib import Path

from sjs_forms.base.errors import UsageFault

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
            f"一行一家单位的名册，请用：sjs-forms batch {file} -o 成册；"
            f"只检查：sjs-forms batch {file} -o 成册 --check。",
        )
    if suffix in _FORMS:
        return UsageFault(
            f"“{file.name}”是 Word 文档，不是一份申报。",
            f"填好的表格，请用：sjs-forms import {file} -o 申报文件夹，读进申报里。",
        )
    if is_paper(file):
        return UsageFault(
            f"“{file.name}”是一份材料，不是一份申报。",
            f"盖了章的表格扫描件，请用：sjs-forms stamped 申报文件夹 {file}；"
            "其他材料请放进申报文件夹中各项材料的文件夹。",
        )
    if suffix in _ARCHIVES:
        return UsageFault(
            f"“{file.name}”是压缩包，不是一份申报。", "请先解压，再给出解压出来的申报文件夹。"
        )
    return None
