"""Stamped scans of applicants without a folder, kept in the batch's: 盖章扫描/012_某单位.

`batch --stamped` files them there, as `stamped` does in an application's folder, and each later
batch offers them with the row. Whose they are is told by the answers on the forms when they were
sealed, never by the folder's name.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import FilePlace
from sjs_forms.base.output.output_folder import recover
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.folder.application_folder import (
    STAMP_RECORD,
    ApplicationFolder,
    stamp_records,
)
from sjs_forms.domain.folder.document_titles import title_of
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.places import where
from sjs_forms.domain.plain_names import plain_name
from sjs_forms.domain.programme import Material
from sjs_forms.domain.stamp_record import StampedForm

OWN_SCANS = "盖章扫描"
"""The folder in the output folder."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OwnScans:
    """A folder with scans, and the forms that are recorded there."""

    folder: Path
    forms: tuple[StampedForm, ...]


def recover_own_scans(out: Path) -> None:
    """Complete or revert what a run that was killed has left half done in these folders."""
    root = out / OWN_SCANS
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.is_dir() and not folder.is_symlink():
            recover(folder)


def with_own_scans(
    rows: Sequence[SourceRow], out: Path
) -> tuple[tuple[SourceRow, ...], tuple[str, ...]]:
    """Return the rows with the scans that this batch has of them, and folders of no row."""
    found, strange = own_scans(rows, out)
    made = tuple(
        replace(row, application=_with_scans(row.application, found[row.number], out))
        if row.number in found
        else row
        for row in rows
    )
    return made, strange


def own_scans(rows: Sequence[SourceRow], out: Path) -> tuple[dict[int, OwnScans], tuple[str, ...]]:
    """Return the scans of rows by their number, and the names of folders of no row."""
    found: dict[int, OwnScans] = {}
    strange: list[str] = []
    for scans in _folders(out / OWN_SCANS):
        row = _owner(rows, scans, found)
        if row is None:
            strange.append(f"{OWN_SCANS}/{scans.folder.name}")
        else:
            found[row.number] = scans
    return found, tuple(strange)


def _folders(root: Path) -> Iterator[OwnScans]:
    if not root.is_dir():
        return
    for folder in sorted(root.iterdir()):
        if not folder.is_dir() or folder.is_symlink():
            continue
        if not (folder / STAMP_RECORD).is_file():
            if any(path.is_file() for path in folder.rglob("*")):
                yield OwnScans(folder, ())
        else:
            try:
                yield OwnScans(folder, stamp_records(folder))
            except (OSError, ValueError):
                _log.warning("the record in %s cannot be read", folder, exc_info=True)
                yield OwnScans(folder, ())


def _owner(
    rows: Sequence[SourceRow], scans: OwnScans, taken: Mapping[int, OwnScans]
) -> SourceRow | None:
    """Return the row whose applicant sealed these forms; of several, that of the folder's name.

    None if that leaves several.
    """
    free = [row for row in rows if row.number not in taken and _is_his(row.application, scans)]
    named = [row for row in free if row.folder_name == scans.folder.name]
    found = named or free
    return found[0] if len(found) == 1 else None


def _is_his(read: ApplicationFolder, scans: OwnScans) -> bool:
    """Return whether all recorded forms bear an applicant's code, else his name."""
    if read.programme is None or read.application is None or not scans.forms:
        return False
    fields = read.programme.fields
    names = [role_of(fields, read.application, role) for role in ("applicant_code", "applicant")]
    for form in scans.forms:
        known = list(_sealed(fields, form))
        told = [(one, other) for one, other in zip(names, known, strict=True) if one and other]
        if not told or plain_name(told[0][0]) != plain_name(told[0][1]):
            return False
    return True


def _sealed(fields: NoticeFields, form: StampedForm) -> Iterator[str]:
    """Yield the applicant's code and name as they were printed on a form."""
    for role in ("applicant_code", "applicant"):
        place = fields.roles.get(role)
        yield form.shown.answers.get(where(place), "") if place else ""


def _with_scans(read: ApplicationFolder, scans: OwnScans, out: Path) -> ApplicationFolder:
    """Return the application with the scans; those of its own are kept, and the others named."""
    offered, findings, records = list(read.offered), list(read.findings), list(read.stamped)
    for material, item, record in _offers(read, scans, out):
        own = [each.file for each in read.offered if each.material == material]
        if own:
            findings.append(_unused(item, own[0]))
        else:
            offered.append(item)
            records.append(record)
    return replace(read, offered=tuple(offered), findings=tuple(findings), stamped=tuple(records))


def _offers(
    read: ApplicationFolder, scans: OwnScans, out: Path
) -> Iterator[tuple[Material, Offered, StampedForm]]:
    assert read.programme is not None
    for record in scans.forms:
        material = next(
            (each for each in read.programme.materials if each.form == record.form), None
        )
        path = scans.folder / record.file
        if material is None or not path.is_file() or not _is_within(path, scans.folder):
            continue
        shown = path.relative_to(out).as_posix()
        title = title_of(path.name)
        yield material, Offered(FilePlace(shown), material, shown, path, title), record


def _is_within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _unused(item: Offered, own: str) -> Finding:
    return warning(
        "scan-unused",
        item.place,
        item.material.title,
        f"“{FILE}”没有用：“{FILE}”是同一张表的盖章扫描件。",
        "请只留一份，把不要的移走。",
        item.file,
        own,
    )
