"""Writes files with some of a volume's sheets: the coloured ones, or those to be printed again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms import __version__
from sjs_forms.base.errors import Fault, UsageFault
from sjs_forms.base.files.stable_bytes import csv_bytes
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.remedies import PlainAction, several
from sjs_forms.base.manifest import Manifest, unreadable
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.printing.colour_runs import MERGING_LIST, merging_list, print_runs
from sjs_forms.printing.copy_sheets import separate
from sjs_forms.printing.reprint import (
    REPRINT_LIST,
    REPRINT_PDF,
    ComparedSheet,
    Reprint,
    compare,
    reprint_list,
    sheets_of,
)
from sjs_forms.printing.sheet_bookmarks import Excerpt, excerpt
from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.built_folder import VOLUME, volumes_of
from sjs_forms.volume.plan_views import manifest_parts, manifest_sides
from sjs_forms.volume.side_digests import compared_with_origins, fingerprints
from sjs_forms.volume.side_origins import Origin


@dataclass(frozen=True, slots=True)
class Earlier:
    """A build that was printed earlier: its sheets and its manifest."""

    sheets: tuple[ComparedSheet, ...]
    manifest: Manifest


def read_earlier(folder: Path, volume: str = "") -> Earlier:
    """Read an earlier build for comparison; of several volumes, the one named.

    A volume that did not exist then has no sheets. Raises UsageFault if the build cannot be
    compared.
    """
    volumes = volumes_of(folder)
    is_split = volumes != (folder,)
    if is_split != bool(volume):
        was, now = ("分册", "不分册") if is_split else ("不分册", "分册")
        raise UsageFault(
            f"“{FILE}”是{was}装订的，这次{now}，无法逐张比较。",
            several("请与原来一样分册或不分册再生成。不能一样的，", PlainAction.BUILD_WHOLE),
            folder,
        )
    if is_split and folder / volume not in volumes:
        return Earlier((), Manifest.read(folder))
    folder = folder / volume
    manifest = Manifest.read(folder)
    if any(side.sha256 is None for side in manifest.sides):
        raise UsageFault(
            f"“{FILE}”由较早的版本生成，清单里没有各面的摘要，无法逐张比较。",
            several(PlainAction.BUILD_WHOLE, "以后再生成时即可比较。"),
            folder,
        )
    try:
        return Earlier(sheets_of(manifest.parts, manifest.sides), manifest)
    except ValueError as problem:
        raise unreadable(folder) from problem


def side_digests(
    plan: BindingPlan,
    work: Path,
    origins: Mapping[int, Origin],
    streams: Mapping[int, bytes],
    progress: Progress = quiet,
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return every side's digest, and the sides in `work` that differ from `origins`.

    `streams` holds known digests.
    """
    ours = [side.kind != "attachment" for side in plan.sides]
    return compared_with_origins(work / VOLUME, ours, origins, streams, progress)


def write_runs(
    plan: BindingPlan,
    digests: tuple[str, ...],
    work: Path,
    streams: Mapping[int, bytes],
    progress: Progress = quiet,
) -> None:
    """Write a file for each press run, and the list by which they are merged."""
    runs = print_runs(plan)
    for run in runs:
        _write(plan, digests, excerpt(plan, run.sheets), work / run.file, streams, progress)
    (work / MERGING_LIST).write_bytes(csv_bytes(merging_list(plan, runs)))


def write_reprint(
    plan: BindingPlan,
    digests: tuple[str, ...],
    earlier: Earlier,
    work: Path,
    streams: Mapping[int, bytes],
    progress: Progress = quiet,
) -> Reprint:
    """Write the sheets to be printed as a file, and the list of all sheets with their status."""
    sheets = sheets_of(manifest_parts(plan), manifest_sides(plan, digests))
    version = earlier.manifest.tool.version
    made = compare(earlier.sheets, sheets)
    made = replace(made, other_version=version if version != __version__ else "")
    if made.to_print:
        wanted = excerpt(plan, made.to_print)
        _write(plan, digests, wanted, work / REPRINT_PDF, streams, progress)
    (work / REPRINT_LIST).write_bytes(csv_bytes(reprint_list(made)))
    return made


def _write(
    plan: BindingPlan,
    digests: tuple[str, ...],
    wanted: Excerpt,
    target: Path,
    streams: Mapping[int, bytes],
    progress: Progress,
) -> None:
    """Copy sheets of the volume beside `target`, and compare every page with its original."""
    known = separate(target.parent / VOLUME, wanted, target, streams, progress)
    ours = [plan.sides[side - 1].kind != "attachment" for side in wanted.sides]
    found = fingerprints(target, ours, known, progress)
    if found != tuple(digests[side - 1] for side in wanted.sides):
        raise Fault(f"{target.name} 与装订版的对应各页不一致。")
