"""Files recognised scans in an application's folder, all of them or none."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import Fault, OutputUnwritable
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.output.output_folder import put_moved, work_folder
from sjs_forms.domain.application import only_changes_found
from sjs_forms.domain.folder.application_folder import (
    APPLICATION_FILE,
    STAMP_RECORD,
    ApplicationFolder,
)
from sjs_forms.domain.folder.files_outside_attachments import REPLACED_FOLDER
from sjs_forms.domain.folder.material_folders import material_folder
from sjs_forms.domain.json_text.attachments_edit import KEY, listed
from sjs_forms.domain.json_text.json_edits import without
from sjs_forms.domain.programme import Material
from sjs_forms.domain.stamp_record import SealedAnswers, StampedForm, record_bytes
from sjs_forms.stamped.recognition import ScanVerdict
from sjs_forms.stamped.scan_pdf import ScanPage, bind_scans
from sjs_forms.stamped.verdict_findings import Names, taken_already

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Target:
    """A form's material, the path of its scan in the application's folder, and the real file."""

    material: Material
    file: str
    path: Path


@dataclass(frozen=True, slots=True)
class FormToFile:
    """A form to be filed: its scanned pages in order, and what they show."""

    pages: Sequence[ScanPage]
    shown: SealedAnswers


def scans_already_filed(
    folder: ApplicationFolder, verdict: ScanVerdict, names: Names, replaces: bool
) -> Iterator[Finding]:
    """Return a finding for each form that already has a scan, unless that may be replaced."""
    if replaces:
        return
    forms = {page.page.form for page in verdict.pages if page.page and page.state == "placed"}
    for form in names.forms:
        if form in forms:
            target = _target(folder, form)
            for file in dict.fromkeys(_earlier(folder, target)):
                yield taken_already(form, file, names)


def put_in_place(
    place: Path, folder: ApplicationFolder, complete: Mapping[str, FormToFile]
) -> tuple[Path, ...]:
    """Write each form's scan, move earlier ones aside, and list the new ones. Returns the files.

    What the forms show is recorded beside application.json. Raises OutputUnwritable, after
    restoring everything.
    """
    aside = folder.folder / REPLACED_FOLDER
    with work_folder(aside) as work:
        put_moved(moves_into_place(place, folder, complete, work), work, aside)
    return put_targets(folder, complete)


def put_targets(folder: ApplicationFolder, forms: Iterable[str]) -> tuple[Path, ...]:
    """Return the paths for the scans of these forms. Raises OutputUnwritable."""
    return tuple(_target(folder, form).path for form in forms)


def moves_into_place(
    place: Path, folder: ApplicationFolder, complete: Mapping[str, FormToFile], work: Path
) -> list[tuple[Path, Path]]:
    """Write everything that `put_in_place` files into `work`. Returns the moves to carry out.

    If application.json changes, its move is the last.
    """
    targets = {form: _target(folder, form) for form in complete}
    file = place / APPLICATION_FILE if place.is_dir() else place
    moves: list[tuple[Path, Path]] = []
    stamped = {each.form: each for each in folder.stamped}
    for number, (form, target) in enumerate(targets.items()):
        made = work / f"{number}.pdf"
        bind_scans(complete[form].pages, target.path.stem, made)
        _check(made, len(complete[form].pages))
        stamped[form] = StampedForm(form, target.file, digest(made), complete[form].shown)
        for earlier in dict.fromkeys(_earlier(folder, target).values()):
            moves.append((earlier, _aside(folder.folder, earlier, moves)))
        moves.append((made, target.path))
    moves += _record(folder, stamped, work)
    if (changed := _application_with(file, folder, targets)) is not None:
        (work / APPLICATION_FILE).write_bytes(changed)
        moves.append((work / APPLICATION_FILE, file))
    return moves


def _record(
    folder: ApplicationFolder, stamped: Mapping[str, StampedForm], work: Path
) -> Iterator[tuple[Path, Path]]:
    """Write the record of all sealed forms, in the notice's order; return the moves for it."""
    assert folder.programme is not None
    path, made = folder.folder / STAMP_RECORD, work / STAMP_RECORD
    made.write_bytes(
        record_bytes(stamped[form.id] for form in folder.programme.forms if form.id in stamped)
    )
    if os.path.lexists(path):
        yield path, work / f"earlier-{STAMP_RECORD}"
    yield made, path


def _target(folder: ApplicationFolder, form: str) -> _Target:
    programme = folder.programme
    assert programme is not None
    material = next(material for material in programme.materials if material.form == form)
    file = f"{material_folder(programme, material)}/{material.short}（盖章扫描）.pdf"
    path = folder.folder / file
    if not path.parent.resolve().is_relative_to(folder.folder.resolve()):
        raise OutputUnwritable(
            f"“{FILE}”的文件夹通向申报文件夹之外。",
            "请把它换成申报文件夹里真正的文件夹。",
            file,
        )
    return _Target(material, file, path)


def _earlier(folder: ApplicationFolder, target: _Target) -> dict[str, Path]:
    """Return the scans that a form already has, by the path as written.

    A file from which another material takes pages stays where it is.
    """
    others = {item.path for item in folder.offered if item.material != target.material}
    found = {
        item.file: item.path
        for item in folder.offered
        if item.material == target.material and item.path and item.path not in others
    }
    if target.path.exists() and target.path.resolve() not in found.values():
        found[target.file] = target.path
    return found


def _aside(folder: Path, earlier: Path, moves: Sequence[tuple[Path, Path]]) -> Path:
    """Return a free path for an earlier scan."""
    taken = {target for _, target in moves}
    number = 1
    while True:
        suffix = f"-{number}" if number > 1 else ""
        free = folder / REPLACED_FOLDER / f"{earlier.stem}{suffix}{earlier.suffix}"
        if free not in taken and not free.exists():
            return free
        number += 1


def _application_with(
    file: Path, folder: ApplicationFolder, targets: Mapping[str, _Target]
) -> bytes | None:
    """Return application.json with the scans listed, or None if it need not change."""
    attachments = folder.application.attachments if folder.application else None
    if attachments is None:
        return None
    data = file.read_bytes()
    text = written = data.decode("utf-8-sig")
    if only_changes_found(attachments):
        text = _without_replaced(text, folder, targets)
    else:
        for target in targets.values():
            text = _with_target(text, target, folder)
    if text == written:
        return None
    return (_BOM if data.startswith(_BOM) else b"") + text.encode("utf-8")


def _without_replaced(text: str, folder: ApplicationFolder, targets: Mapping[str, _Target]) -> str:
    """Return the text without the list's changes of earlier scans.

    Their pages, rotation and password were for these scans, and would be applied to the new one,
    which is upright and complete.
    """
    replaced = {path for target in targets.values() for path in _earlier(folder, target).values()}
    places = [item.place for item in folder.offered if item.path in replaced]
    gone = sorted(place.steps for place in places if isinstance(place, AnswerPlace))
    for steps in reversed(gone):
        text = without(text, steps)
    return text if json.loads(text)[KEY] else without(text, (KEY,))


def _with_target(text: str, target: _Target, folder: ApplicationFolder) -> str:
    """Return the text with the scan in place of earlier ones, else in the notice's order."""
    programme = folder.programme
    assert programme is not None
    items: list[dict[str, Any]] = json.loads(text)["attachments"]
    own = [index for index, item in enumerate(items) if item.get("material") == target.material.id]
    entry = {"material": target.material.id, "file": target.file}
    if own and items[own[0]].get("title"):
        entry["title"] = items[own[0]]["title"]
    order = [material.id for material in programme.materials]
    later = order[order.index(target.material.id) + 1 :]
    at = next(
        (index for index, item in enumerate(items) if item.get("material") in later), len(items)
    )
    return listed(text, entry, own[0] if own else at, own)


def _check(made: Path, pages: int) -> None:
    """Check the page count with another library than the one that wrote the file."""
    import pypdfium2

    document = pypdfium2.PdfDocument(made)
    try:
        count = len(document)
    finally:
        document.close()
    if count != pages:
        raise Fault(f"写出的扫描件有 {count} 页，应有 {pages} 页。")
