"""Finds attachments in the folders of materials, and files that are not in the list."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.domain.folder.clutter import Nature
from sjs_forms.domain.folder.document_titles import title_of
from sjs_forms.domain.folder.folder_entries import entries_below, real_path
from sjs_forms.domain.folder.material_folders import (
    ATTACHMENTS_FOLDER,
    in_order,
    is_offered,
    sort_files,
)
from sjs_forms.domain.folder.offer_limits import too_many
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.folder.path_resolution import resolve
from sjs_forms.domain.folder.unused_files import (
    doubtful_folder,
    finding_about,
    not_listed,
    not_sorted,
)
from sjs_forms.domain.programme import Programme


def found_files(
    folder: Path, programme: Programme
) -> tuple[tuple[Offered, ...], tuple[Finding, ...]]:
    """Return the files under attachments/<N>-…/, in the notice's order and natural order
    of names.
    """
    offered: list[Offered] = []
    findings: list[Finding] = []
    sorted_files = sort_files(folder / ATTACHMENTS_FOLDER, programme)
    for material, entry in sorted_files.taken:
        shown = entry.path.relative_to(folder).as_posix()
        real, problem = None, finding_about(entry, shown, is_wanted=True)
        if entry.nature is Nature.DOCUMENT:
            real, problem = resolve(folder, shown, FilePlace(shown), "附件")
        if problem:
            findings.append(problem)
        if is_offered(entry):
            title = title_of(entry.verdict.of or entry.path.name)
            offered.append(Offered(FilePlace(shown), material, shown, real, title))
    if len(offered) > programme.intake.max_attachments:
        return (), (too_many(len(offered), programme.intake.max_attachments),)
    for claim, place in sorted_files.doubtful:
        shown = place.relative_to(folder).as_posix()
        findings.append(doubtful_folder(claim, programme, shown))
    for stray in sorted_files.strays:
        shown = stray.entry.path.relative_to(folder).as_posix()
        findings.append(not_sorted(stray, shown, programme))
    return tuple(offered), tuple(findings)


def files_not_listed(folder: Path, offered: Sequence[Offered]) -> Iterator[Finding]:
    """Yield a warning for each file under attachments/ that is not in the list."""
    root = folder / ATTACHMENTS_FOLDER
    if not root.is_dir():
        return
    taken = {item.path for item in offered if item.path}
    for entry in in_order(list(entries_below(root)), root):
        shown = entry.path.relative_to(folder).as_posix()
        if entry.nature is Nature.OPEN:
            if real_path(entry.path.with_name(entry.verdict.of)) in taken:
                yield finding_about(entry, shown) or not_listed(shown)
        elif real_path(entry.path) not in taken:
            yield finding_about(entry, shown) or not_listed(shown)
