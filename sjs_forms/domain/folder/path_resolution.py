"""Finds the file that a written path names, within the application's folder.

Nothing outside is found: no absolute path, no `..`, no link that leads out.
"""

import os
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

from sjs_forms.base.files.plain_files import is_special
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import FindingPlace
from sjs_forms.base.findings.remedies import FindFile, PlainAction
from sjs_forms.domain.folder.clutter import Nature, judge_file
from sjs_forms.domain.folder.folder_entries import real_path
from sjs_forms.domain.near_words import nearest


def resolve(
    folder: Path, written: str, place: FindingPlace, label: str
) -> tuple[Path | None, Finding | None]:
    """Return the real file for a written path, or the finding that says why there is none."""
    portable = written.replace("\\", "/")
    steps = PurePosixPath(portable).parts
    leads_out = portable.startswith("/") or bool(PureWindowsPath(written).drive) or ".." in steps
    root = real_path(folder)
    for candidate in () if leads_out else _candidates(folder, written):
        real = real_path(same_path(folder, candidate))
        if real is None or root is None or real == root:
            continue
        if not real.is_relative_to(root):
            leads_out = True
        elif real.is_file():
            return real, None
    if leads_out:
        return None, error(
            "attachment-outside",
            place,
            label,
            f"附件“{FILE}”不在申报文件夹之内。",
            PlainAction.COPY_INSIDE,
            written,
        )
    return None, error(
        "attachment-missing",
        place,
        label,
        f"找不到附件“{FILE}”。",
        FindFile(_missing_advice(folder.joinpath(*steps), folder)),
        written,
    )


def entry_of(folder: Path, written: str) -> Path:
    """Return the entry that a written path names, which `resolve` has found; a link stays one."""
    candidates = [same_path(folder, candidate) for candidate in _candidates(folder, written)]
    return next((path for path in candidates if os.path.lexists(path)), candidates[-1])


def _candidates(folder: Path, written: str) -> tuple[Path, Path]:
    return folder / written, folder.joinpath(*PurePosixPath(written.replace("\\", "/")).parts)


def same_path(folder: Path, path: Path) -> Path:
    """Return the path below `folder` of which every step's normalised name is the same."""
    found = folder
    for step in path.relative_to(folder).parts:
        found = same_name(found / step)
    return found


def same_name(path: Path) -> Path:
    """Return the file whose normalised name is the same (macOS decomposes names)."""
    try:
        if path.exists() or not path.parent.is_dir():
            return path
        wanted = unicodedata.normalize("NFC", path.name)
        same = (
            other
            for other in path.parent.iterdir()
            if unicodedata.normalize("NFC", other.name) == wanted
        )
        return min(same, default=path)
    except (OSError, ValueError, RuntimeError):
        return path


def _missing_advice(candidate: Path, folder: Path) -> str:
    general = "请检查路径和文件名（含后缀）是否与实际文件一致。"
    if candidate == folder:
        return general
    try:
        if is_special(candidate):
            return "它不是普通文件（是管道、套接字或设备），请换成真正的文件。"
        if candidate.is_dir():
            return "它是一个文件夹，请写其中的文件；苹果软件的文稿请先导出为 PDF，再写 PDF 的名字。"
        names = sorted(path.name for path in candidate.parent.iterdir() if path.is_file())
    except (OSError, ValueError, RuntimeError):
        return f"请检查文件夹“{candidate.parent.name}”是否存在，路径和文件名（含后缀）是否一致。"
    for name in names:
        verdict = judge_file(name, names, lambda: (0, b""))
        if verdict.of == candidate.name and verdict.nature in (
            Nature.NOT_DOWNLOADED,
            Nature.UNFINISHED,
        ):
            return f"它还没有下载完（那里只有“{name}”），请先下载到本机。"
    near = nearest(candidate.name, names)
    if near:
        return f"同一文件夹里有“{near}”，是否是它？请改正文件名（含后缀）。"
    return general
