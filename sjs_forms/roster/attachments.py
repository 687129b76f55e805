"""The attachments of one row: the files in the folder that it names, sorted into materials.

The folder stands beside the workbook or below; nothing outside the workbook's own is touched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from sjs_forms.findings import Finding, error, warning
from sjs_forms.folder import (
    APPLICATION_FILE,
    ATTACHMENTS_FOLDER,
    material_files,
    natural_key,
    real_path,
    same_name,
    wanted_files,
)
from sjs_forms.parsing import nearest
from sjs_forms.programme import Programme

WHERE = "attachments"


@dataclass(frozen=True, slots=True)
class RowFiles:
    """What a row's folder holds.

    `entries` are application.json's attachments, paths relative to the workbook's folder; `roots`
    the real folders that were searched, by which two rows are seen to name the same.
    """

    entries: tuple[dict[str, str], ...]
    roots: tuple[Path, ...]
    findings: tuple[Finding, ...]


NO_FILES = RowFiles((), (), ())


def row_files(base: Path, written: str, programme: Programme, label: str) -> RowFiles:
    """The files of the folder that a row names, relative to `base`, the workbook's folder.

    In the notice's order of materials, within one in natural order of names. `label` says in
    words which cell it is.
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
            WHERE,
            label,
            f"{label}：文件夹“{written}”无法打开：{reason}。",
            "请检查文件夹是否有权限打开。",
        )
        return RowFiles((), (), (unreadable,))


def shared_folder(label: str, written: str, others: str) -> Finding:
    """The finding that other rows take their files from the same folder."""
    return error(
        "attachment-folder-shared",
        WHERE,
        label,
        f"{label}：文件夹“{written}”与{others}是同一个，无法判断其中的材料属于哪个单位。",
        "请为每个申报单位建一个文件夹，分别填写。",
    )


def _folder(base: Path, written: str, label: str) -> Path | Finding:
    """The folder as it is on disk, or the finding that says why there is none."""
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
        WHERE,
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
        "attachment-folder-missing", WHERE, label, f"{label}：找不到文件夹“{written}”。", advice
    )


def _search(base: Path, folder: Path, written: str, programme: Programme, label: str) -> RowFiles:
    inner = folder / ATTACHMENTS_FOLDER
    roots = [inner, folder] if inner.is_dir() else [folder]
    entries: list[dict[str, str]] = []
    taken: set[Path] = set()
    for number, material in enumerate(programme.materials, start=1):
        for path in (path for root in roots for path in material_files(root, number)):
            entries.append({"material": material.id, "file": path.relative_to(base).as_posix()})
            taken.add(path)
    findings = [_left_out(base, path, label) for path in _strays(roots[0], taken)]
    if not entries:
        findings.insert(0, _no_materials(written, programme, label))
    real = tuple(root.resolve() for root in roots)
    return RowFiles(tuple(entries), real, tuple(findings))


def _strays(root: Path, taken: set[Path]) -> Iterator[Path]:
    """The files below `root` that belong to no material, in natural order."""
    stray = (path for path in wanted_files(root) if path not in taken)
    yield from sorted(
        (path for path in stray if path.name != APPLICATION_FILE),
        key=lambda path: natural_key(path.relative_to(root).as_posix()),
    )


def _left_out(base: Path, path: Path, label: str) -> Finding:
    shown = path.relative_to(base).as_posix()
    return warning(
        "attachment-unlisted",
        shown,
        label,
        f"{label}：文件“{shown}”不在以材料序号开头的文件夹里，不会装订进去。",
        "需要装订的请放进对应的文件夹，如“2-场地租赁合同”；不需要的请移走。",
    )


def _no_materials(written: str, programme: Programme, label: str) -> Finding:
    names = "、".join(
        f"{number}-{material.short}" for number, material in enumerate(programme.materials, 1)
    )
    return warning(
        "attachment-folder-empty",
        WHERE,
        label,
        f"{label}：文件夹“{written}”里没有可装订的材料。",
        f"请在其中建立以材料序号开头的文件夹，放入材料：{names}。",
    )
