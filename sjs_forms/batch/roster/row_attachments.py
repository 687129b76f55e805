"""The attachments of one row: files in the folder that it names, sorted into materials.

The folder is beside or below the workbook; nothing outside the workbook's folder is read.
"""

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from sjs_forms.base.findings.finding import Finding, error, warning
from sjs_forms.base.findings.finding_places import WHOLE
from sjs_forms.batch.roster.columns import FOLDER_LABEL
from sjs_forms.domain.folder.clutter import Nature
from sjs_forms.domain.folder.files_outside_attachments import is_ours
from sjs_forms.domain.folder.folder_entries import FolderEntry, real_path
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER, folder_name, sort_files
from sjs_forms.domain.folder.numbered_names import natural_key
from sjs_forms.domain.folder.path_resolution import same_name
from sjs_forms.domain.folder.unused_files import doubtful_folder, finding_about, not_sorted
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.programme import Programme


@dataclass(frozen=True, slots=True)
class RowFiles:
    """The files in a row's folder.

    `entries` are application.json's attachments, with paths relative to the workbook's folder.
    `roots` are the real folders searched, by which rows with the same folder are detected.
    """

    entries: tuple[dict[str, str], ...]
    roots: tuple[Path, ...]
    findings: tuple[Finding, ...]

    def opened_by(self, password: str | None) -> "RowFiles":
        """Return these files with the row's password, which is tried on encrypted ones."""
        if password is None:
            return self
        return replace(self, entries=tuple({**one, "password": password} for one in self.entries))


NO_FILES = RowFiles((), (), ())


def row_files(base: Path, written: str, programme: Programme, label: str) -> RowFiles:
    """Return the files of the folder that a row names, relative to `base`, the workbook's folder.

    In the notice's order of materials, and in natural order of names within one. `label` names the
    cell in words.
    """
    try:
        folder = _folder(base, written, label)
        if isinstance(folder, Finding):
            return RowFiles((), (), (folder,))
        return _search(base, folder, written, programme, label)
    except (OSError, ValueError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        unreadable = error(
            "attachment-folder-unreadable",
            WHOLE,
            label,
            f"{label}：文件夹“{written}”无法打开：{reason}。",
            "请检查文件夹是否有权限打开。",
        )
        return RowFiles((), (), (unreadable,))


def shared_folder(label: str, written: str, others: str) -> Finding:
    """Return the finding that other rows use files of the same folder."""
    return error(
        "attachment-folder-shared",
        WHOLE,
        label,
        f"{label}：文件夹“{written}”与{others}是同一个，或一个在另一个里面，"
        "无法判断其中的材料属于哪个单位。",
        "请为每个申报单位建一个文件夹，分别填写。",
    )


def unused_password(label: str) -> Finding:
    """Return the finding that a row has a password and no folder."""
    return warning(
        "attachment-password-unused",
        WHOLE,
        label,
        f"{label}没有用上：这一行没有写附件文件夹。",
        f"请在“{FOLDER_LABEL}”一栏写明文件夹；密码也可以写在该单位自己的申报文件夹里。",
    )


def _folder(base: Path, written: str, label: str) -> Path | Finding:
    """Return the folder on disk, or the finding that says why there is none."""
    portable = written.replace("\\", "/")
    steps = PurePosixPath(portable).parts
    if portable.startswith("/") or PureWindowsPath(written).drive or ".." in steps:
        return _outside(written, label)
    place = base
    for step in steps:
        further = same_name(place / step)
        if not further.is_dir():
            return _missing(place, step, written, label)
        place = further
    real = real_path(place)
    if real is None or not real.is_relative_to(base.resolve()):
        return _outside(written, label)
    return place


def _outside(written: str, label: str) -> Finding:
    return error(
        "attachment-folder-outside",
        WHOLE,
        label,
        f"{label}：文件夹“{written}”不在表格所在的文件夹之内。",
        "请把材料文件夹复制到表格旁边，只写文件夹的名字，不用盘符和“..”。",
    )


def _missing(parent: Path, name: str, written: str, label: str) -> Finding:
    if (parent / name).exists():
        advice = f"“{name}”是一个文件，请写文件夹的名字；压缩包请先解压。"
    else:
        present = [path.name for path in parent.iterdir() if path.is_dir()]
        near = nearest(name, sorted(present, key=natural_key))
        advice = (
            f"旁边有文件夹“{near}”，是否是它？请改正。"
            if near
            else "请检查文件夹名是否与实际一致；路径从表格所在的文件夹写起。"
        )
    return error(
        "attachment-folder-missing", WHOLE, label, f"{label}：找不到文件夹“{written}”。", advice
    )


def _search(base: Path, folder: Path, written: str, programme: Programme, label: str) -> RowFiles:
    """Search a row's folder, and attachments/ in it, for folders of materials."""

    def is_passed(entry: FolderEntry) -> bool:
        return entry.path == folder / ATTACHMENTS_FOLDER or is_ours(entry, programme)

    inner = folder / ATTACHMENTS_FOLDER
    sorted_files = [sort_files(inner, programme)] if inner.is_dir() else []
    sorted_files.append(sort_files(folder, programme, is_passed))
    entries: list[dict[str, str]] = []
    findings: list[Finding] = []
    for material in programme.materials:
        for found in sorted_files:
            for entry in (entry for owner, entry in found.taken if owner == material):
                shown = entry.path.relative_to(base).as_posix()
                if entry.nature is Nature.DOCUMENT:
                    entries.append({"material": material.id, "file": shown})
                elif problem := finding_about(entry, shown, is_wanted=True):
                    findings.append(problem)
    for found in sorted_files:
        for claim, place in found.doubtful:
            findings.append(doubtful_folder(claim, programme, place.relative_to(base).as_posix()))
        for stray in found.strays:
            shown = stray.entry.path.relative_to(base).as_posix()
            findings.append(not_sorted(stray, shown, programme))
    if not entries:
        findings.insert(0, _no_materials(written, programme))
    labelled = (replace(f, label=label, template=f"{label}：{f.template}") for f in findings)
    roots = (inner, folder) if inner.is_dir() else (folder,)
    return RowFiles(tuple(entries), tuple(root.resolve() for root in roots), tuple(labelled))


def _no_materials(written: str, programme: Programme) -> Finding:
    names = "、".join(folder_name(programme, material) for material in programme.materials)
    return warning(
        "attachment-folder-empty",
        WHOLE,
        "",
        f"文件夹“{written}”里没有可装订的材料。",
        f"请在其中建立以材料序号开头的文件夹，放入材料：{names}。",
    )
