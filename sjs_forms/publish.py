"""The output folder: written aside, then swapped into place; whole or not at all."""

import csv
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sjs_forms.errors import MachineLacks, OutputUnwritable, SjsFormsError
from sjs_forms.machine import FULL, reason

if TYPE_CHECKING:
    from openpyxl import Workbook

MANIFEST = "manifest.json"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_NEXT_TO_NOTHING = 1 << 20
"""Bytes of free space with which a disk counts as full."""


@contextmanager
def work_folder(target: Path) -> Iterator[Path]:
    """A new empty folder beside `target`, gone afterwards whatever happens.

    Beside it, so that the swap is a rename on one file system. Raises OutputUnwritable where it
    cannot be made.
    """
    parent = target.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=parent))
        work.chmod(0o755)
    except OSError as problem:
        raise unwritable(target, problem) from problem
    try:
        yield work
    except OSError as problem:
        if problem.errno in FULL:  # the writing call knows no file name
            raise _full(target, parent, problem) from problem
        if _is_in(work, problem):
            raise unwritable(target, problem) from problem
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _full(target: Path, parent: Path, problem: OSError) -> SjsFormsError:
    """Which disk is full: that of the target, or that of the temporary files."""
    temporary = Path(tempfile.gettempdir())
    if _free(temporary) < _NEXT_TO_NOTHING <= _free(parent):
        return MachineLacks(
            f"临时文件夹“{temporary}”所在的磁盘已满。",
            "请腾出磁盘空间后再试；也可以用环境变量 TMPDIR 把临时文件夹指到有空间的磁盘。",
        )
    return unwritable(target, problem)


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _is_in(work: Path, problem: OSError) -> bool:
    name = getattr(problem.filename, "name", problem.filename)  # pikepdf gives the open file
    return isinstance(name, (str, bytes)) and Path(os.fsdecode(name)).is_relative_to(work)


def refuse_foreign(target: Path) -> None:
    """Raise OutputUnwritable where `target` holds anything that a build of ours did not write."""
    try:
        if not target.exists():
            return
    except OSError as problem:
        raise unwritable(target, problem) from problem
    if not target.is_dir():
        raise OutputUnwritable(
            f"输出位置“{target}”是一个文件，不是文件夹。", "请用 -o 换一个文件夹名。"
        )
    try:
        present = {path.name for path in target.iterdir()}
        ours = _manifest_files(target) if present else set()
    except OSError as problem:
        raise unwritable(target, problem) from problem
    foreign = sorted(present - ours)
    if foreign:
        raise OutputUnwritable(
            f"输出文件夹“{target}”里有不是本软件生成的内容：{'、'.join(foreign[:3])}"
            f"{' 等' if len(foreign) > 3 else ''}。",
            "为免误删，请用 -o 换一个新的文件夹，或先把其中的文件移走。",
        )


def _manifest_files(folder: Path) -> set[str]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {MANIFEST, *(Path(entry["file"]).parts[0] for entry in manifest["files"])}
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return set()


def swap_folder(work: Path, target: Path) -> None:
    """Put the finished `work` where `target` is; an earlier `target` goes only once it stands."""
    refuse_foreign(target)
    target = target.resolve()
    earlier = work.with_name(work.name + ".earlier")
    try:
        if target.exists() and not any(target.iterdir()):
            _fill_empty(work, target)
            return
        if target.exists():
            target.rename(earlier)
        try:
            work.rename(target)
        except OSError:
            if earlier.exists():
                earlier.rename(target)
            raise
    except OSError as problem:
        raise unwritable(target, problem) from problem
    shutil.rmtree(earlier, ignore_errors=True)


def _fill_empty(work: Path, target: Path) -> None:
    """Move all of `work` into an empty folder, which may be the one the user stands in."""
    moved: list[Path] = []
    try:
        for path in sorted(work.iterdir()):
            moved.append(path.rename(target / path.name))
    except OSError:
        for path in moved:
            path.rename(work / path.name)
        raise


_LEFT = re.compile(r"\.(?P<target>.+)-[a-z0-9_]{8}(?P<earlier>\.earlier)?", re.DOTALL)


def sweep(parent: Path) -> None:
    """Clear up after builds into folders of `parent` that were killed; none may be running.

    Where one was killed within its swap, the earlier folder is put back.
    """
    try:
        left = [(path, found) for path in parent.iterdir() if (found := _LEFT.fullmatch(path.name))]
        for path, found in left:
            target = parent / found["target"]
            if found["earlier"] and not target.exists():
                path.rename(target)
            else:
                shutil.rmtree(path, ignore_errors=True)
    except OSError as problem:
        raise unwritable(parent, problem) from problem


def put_files(files: Mapping[str, bytes], target: Path) -> None:
    """Write files into a folder that may hold others; each appears whole."""
    put_each(files.items(), target)


def put_each(files: Iterable[tuple[str, bytes]], target: Path) -> None:
    """The same for files that are made one at a time; none appears unless all could be made."""
    with work_folder(target) as work:
        names = []
        for name, data in files:
            (work / name).write_bytes(data)
            names.append(name)
        try:
            target.mkdir(exist_ok=True)
            for name in names:
                (work / name).replace(target / name)
        except OSError as problem:
            raise unwritable(target, problem) from problem


def put_new_file(data: bytes, target: Path) -> None:
    """Write one file, whole or not at all. Raises OutputUnwritable where something stands there."""
    if os.path.lexists(target):
        raise OutputUnwritable(f"“{target}”已经存在。", "请换一个文件名，以免覆盖已经填写的内容。")
    with work_folder(target) as work:
        made = work / target.name
        try:
            made.write_bytes(data)
            made.replace(target)
        except OSError as problem:
            raise unwritable(target, problem) from problem


def json_bytes(value: Any) -> bytes:
    """JSON as we write it to files: UTF-8, indented, keys in the order given.

    Bytes of file names that are no UTF-8 become escapes (\\udcba), which JSON reads back.
    """
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """A table that Excel opens: UTF-8 with a byte order mark."""
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def zip_member(name: str) -> zipfile.ZipInfo:
    """The head of a file in a zip, with fixed date and mode, to be stored and not deflated.

    Builds of zlib differ in what they write, and what we store is packed already.
    """
    member = zipfile.ZipInfo(name, _ZIP_EPOCH)
    member.create_system = 3  # else the writing machine's own
    member.external_attr = 0o644 << 16
    return member


def fix_zip(data: bytes) -> bytes:
    """The same zip with fixed dates and modes, its members in the same order, stored."""
    sealed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(sealed, "w") as target:
        for name in source.namelist():
            target.writestr(zip_member(name), source.read(name))
    return sealed.getvalue()


def workbook_bytes(book: "Workbook") -> bytes:
    """A workbook as .xlsx, with the dates that its properties say and no other."""
    from openpyxl.writer.excel import ExcelWriter

    written = BytesIO()
    # Workbook.save() would put the clock into the properties.
    ExcelWriter(book, zipfile.ZipFile(written, "w")).save()
    return fix_zip(written.getvalue())


def unwritable(target: Path, problem: OSError) -> OutputUnwritable:
    """What is wrong where the system does not let us write."""
    return OutputUnwritable(
        f"无法写入“{target}”：{reason(problem)}。",
        "请检查磁盘空间和权限，关闭正在打开这些文件的程序（如 Word），或用 -o 换一个位置。",
    )


def move_all(moves: Sequence[tuple[Path, Path]]) -> None:
    """Rename files in turn, on one file system; where one cannot be, those before it go back.

    Only the last may lie where a file is already, which it replaces. Raises OutputUnwritable.
    """
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            done.append((source, target))
    except OSError as problem:
        for source, target in reversed(done):
            target.replace(source)
        raise unwritable(target, problem) from problem
