"""Verifies a built volume against its plan, with another library than the one that wrote it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.findings.remedies import Advice, RunJob
from sjs_forms.base.manifest import (
    MANIFEST,
    File,
    Manifest,
    SideEntry,
    VolumeEntry,
    unreadable,
)
from sjs_forms.base.output.output_folder import is_left_by_systems
from sjs_forms.base.progress import Progress, Stage, quiet
from sjs_forms.base.system_errors import machine_lacks, reason
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH, MM
from sjs_forms.pdf.text_comparison import missing
from sjs_forms.volume.built_folder import VOLUME

if TYPE_CHECKING:
    from sjs_forms.volume.origin_texts import OriginText

_FOOT = 20 * MM
_TOLERANCE = 0.5
_NONE: "Mapping[int, OriginText]" = MappingProxyType({})
_AT_A_TIME = 64
"""Pages after which the volume is reopened: PDFium keeps every picture that it has read."""


def verify_volume(
    path: Path,
    sides: Sequence[SideEntry],
    origins: "Mapping[int, OriginText]" = _NONE,
    progress: Progress = quiet,
) -> Iterator[str]:
    """Return the faults of a volume's PDF against the sides of its manifest, in Chinese.

    Checked: the page count, A4 on every page, every printed number, and on each side the text of
    the page that it came from, if `origins` (by side) has it. Raises Cancelled.
    """
    import pypdfium2

    try:
        for first in range(0, max(len(sides), 1), _AT_A_TIME):
            with closing(pypdfium2.PdfDocument(path)) as document:
                if len(document) != len(sides):
                    yield f"{path.name} 有 {len(document)} 页，清单记有 {len(sides)} 面"
                    return
                for index in range(first, min(first + _AT_A_TIME, len(sides))):
                    progress(Stage.VERIFYING, index, len(sides))
                    yield from _verify_side(document, index, sides[index], origins.get(index + 1))
        progress(Stage.VERIFYING, len(sides), len(sides))
    except pypdfium2.PdfiumError as problem:
        yield f"{path.name} 打不开：{problem}"


def _verify_side(
    document: Any, index: int, side: SideEntry, origin: "OriginText | None"
) -> Iterator[str]:
    width, height = document.get_page_size(index)
    if abs(width - A4_WIDTH) > _TOLERANCE or abs(height - A4_HEIGHT) > _TOLERANCE:
        yield f"第 {index + 1} 页不是 A4 纵向（{width / MM:.0f} × {height / MM:.0f} 毫米）"
    text, foot = _text_and_foot(document, index)
    if origin is not None and missing(origin.text, text):
        yield f"第 {index + 1} 页的文字与{origin.page}的不同"
    if side.label is None:
        return
    if f"— {side.label} —" not in foot:  # written out, to detect a fault in `page_numbers`
        yield f"第 {index + 1} 页外侧页脚没有页码 {side.label}"
    label = document.get_page_label(index)
    if label != side.label:
        yield f"第 {index + 1} 页的页面标签是“{label}”，印的页码是“{side.label}”"


def _text_and_foot(document: Any, index: int) -> tuple[str, str]:
    """Return all text of a side, and the text in the area of its number."""
    left, right = (A4_WIDTH / 2, A4_WIDTH) if index % 2 == 0 else (0, A4_WIDTH / 2)
    with closing(document[index]) as page, closing(page.get_textpage()) as text:
        foot = text.get_text_bounded(left=left, bottom=0, right=right, top=_FOOT)
        return str(text.get_text_range()), str(foot)


def verify_folder(folder: Path, progress: Progress = quiet) -> tuple[Finding, ...]:
    """Verify a built folder against its manifest and the notice's rules.

    A file that cannot be read is a finding, and the others are verified. Raises Cancelled,
    UsageFault if the folder is not one of ours, and OSError if it cannot be listed.
    """
    manifest = Manifest.read(folder)
    progress.expect(len(manifest.sides))
    try:
        return tuple(_verify(folder, manifest, progress))
    except ValueError as problem:
        raise unreadable(folder) from problem


def within(name: str, found: Finding) -> Finding:
    """Return a finding about one of several folders, with the folder's name added."""
    inner = found.place.path if isinstance(found.place, FilePlace) else ""
    place = FilePlace(f"{name}/{inner}" if inner else name)
    return replace(found, place=place, template=f"{name}：{found.template}")


def _verify(folder: Path, manifest: Manifest, progress: Progress) -> Iterator[Finding]:
    in_volumes = tuple(_verify_volumes(folder, manifest.volumes or (), progress))
    yield from in_volumes
    reported = {found.place for found in in_volumes}
    intact = True
    for entry in (entry for entry in manifest.files if FilePlace(entry.file) not in reported):
        fault = _file_fault(folder, entry, progress)
        if fault is not None:
            intact = intact and entry.file != VOLUME
            yield fault
    known = {MANIFEST, *(Path(entry.file).parts[0] for entry in manifest.files)}
    if VOLUME not in known and manifest.volumes is None:
        intact = False
        yield _fault("output-missing", MANIFEST, f"清单里没有“{VOLUME}”。")
    for path in sorted(folder.iterdir()):
        if path.name not in known and not is_left_by_systems(path.name):
            yield _fault("output-foreign", path.name, f"“{path.name}”不在清单之内。")
    if manifest.volumes is not None:
        return
    yield from _verify_rules(manifest)
    if intact:
        for message in verify_volume(folder / VOLUME, manifest.sides, progress=progress):
            yield _fault("volume-differs", VOLUME, message + "。")


def _file_fault(folder: Path, entry: File, progress: Progress) -> Finding | None:
    """Return what is wrong with a file of the manifest, or None.

    Raises ValueError for one outside the folder, OSError if the machine lacks something.
    """
    path, name = folder / entry.file, entry.file
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError(name)
        if not path.is_file():
            return _fault("output-missing", name, f"缺少文件“{name}”。")
        if path.stat().st_size != entry.bytes or digest(path, progress) != entry.sha256:
            return _fault("output-changed", name, f"“{name}”生成后被改动过。")
    except OSError as problem:
        if machine_lacks(problem) is not None:
            raise
        return error(
            "output-unreadable",
            FilePlace(name),
            name,
            f"无法读取“{name}”：{reason(problem)}，没有核对。",
            Advice("请检查磁盘、权限和网络文件夹，关闭正在打开它的程序后再核对一次。"),
        )
    return None


def _verify_volumes(
    folder: Path, volumes: Iterable[VolumeEntry], progress: Progress
) -> Iterator[Finding]:
    """Verify each volume by its own manifest. If that is missing, the folder's manifest
    reports it.
    """
    for name in (Path(volume.folder).name for volume in volumes):
        if (folder / name / MANIFEST).is_file():
            found_there = verify_folder(folder / name, progress)
            yield from (within(name, found) for found in found_there)


def _verify_rules(manifest: Manifest) -> Iterator[Finding]:
    """Check the notice's rules for the paper: duplex, dividers on rectos, continuous numbers."""
    sides, parts = manifest.sides, manifest.parts
    if len(sides) % 2:
        yield _fault("rule-parity", VOLUME, "面数不是偶数，不能双面打印成册。")
    if [side.side for side in sides] != list(range(1, len(sides) + 1)):
        yield _fault("rule-sides", VOLUME, "各面的顺序不连续。")
    for part in parts:
        if part.first_side % 2 == 0:
            yield _fault("rule-recto", VOLUME, f"“{part.title}”没有从右页（单面）开始。")
    dividers = [side for side in sides if side.kind == "divider"]
    if [side.sheet for side in dividers] != list(manifest.print.coloured_sheets):
        yield _fault("rule-coloured", VOLUME, "彩页清单与各面不一致。")
    if manifest.print.sheets_per_copy * 2 != len(sides):
        yield _fault("rule-sheets", VOLUME, "每册张数与面数不一致。")
    numbers = [int(side.label) - side.side for side in sides if side.label is not None]
    if len(set(numbers)) > 1:
        yield _fault("rule-numbers", VOLUME, "页码不连续。")


def _fault(code: str, file: str, message: str) -> Finding:
    remedy = RunJob("请重新生成（{}），不要手工改动生成的文件。", ("build",))
    return error(code, FilePlace(file), file, message, remedy)
