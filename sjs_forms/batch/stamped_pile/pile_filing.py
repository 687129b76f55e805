"""Files the scans of each applicant in a pile, all of his forms or none."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.finding import Finding, blocking, error
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.base.findings.finding_places import WHOLE, FilePlace
from sjs_forms.base.output.output_folder import recover
from sjs_forms.base.output.temporary_folders import temporary_folder
from sjs_forms.base.system_errors import as_own_error
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.batch.sources.own_scans import OWN_SCANS, OwnScans
from sjs_forms.batch.stamped_pile.pile_calls import PileCall
from sjs_forms.batch.stamped_pile.pile_pages import PilePages
from sjs_forms.batch.stamped_pile.printed_applicants import PrintedApplicant
from sjs_forms.domain.folder.application_folder import (
    APPLICATION_FILE,
    STAMP_RECORD,
    ApplicationFolder,
    read_folder,
)
from sjs_forms.domain.folder.application_lock import writing
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER
from sjs_forms.jobs.signed_scans.scan_recognition import OpenedScans, Recognition
from sjs_forms.stamped.filing import FormToFile, put_in_place, put_targets
from sjs_forms.stamped.recognition import matched
from sjs_forms.stamped.scan_pdf import bind_scans


@dataclass(frozen=True, slots=True)
class FiledApplicant:
    """What became of an applicant's scans: the forms filed now, those filed before by the same
    scans, all findings, and the files written.
    """

    applicant: int
    recognition: Recognition
    forms: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    written: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class FilingPlace:
    """Where an applicant's scans go. `own` is the batch's folder for him, if he has none.

    `is_his` says that what lies there was sealed by him.
    """

    row: SourceRow
    own: Path | None
    is_his: bool = True

    def is_anothers(self) -> bool:
        """Return whether scans lie there already that are not known to be his."""
        kept = (self.folder / STAMP_RECORD, self.folder / ATTACHMENTS_FOLDER)
        return not self.is_his and any(path.exists() for path in kept)

    @property
    def folder(self) -> Path:
        """The folder under which the scans lie in attachments/."""
        return self.own or self.row.application.folder

    def read(self) -> ApplicationFolder:
        """Return what the folder holds now."""
        if self.own is None:
            return read_folder(self.folder, _programme_of(self.row))
        application = self.row.application
        scans = [item for item in application.offered if _is_below(item.path, self.own)]
        answers = application.application
        assert answers is not None
        return replace(
            application,
            folder=self.own,
            application=answers.model_copy(update={"attachments": None}),
            offered=tuple(scans),
        )


def _programme_of(row: SourceRow) -> str | None:
    return row.application.programme.id if row.application.programme else None


def _is_below(path: Path | None, folder: Path) -> bool:
    return path is not None and path.resolve().is_relative_to(folder.resolve())


def filing_place(row: SourceRow, out: Path, own: Mapping[int, OwnScans]) -> FilingPlace:
    """Return where a row's scans go: its application's folder, if there is one to be written."""
    folder = row.application.folder
    if row.application.called == APPLICATION_FILE and os.access(folder, os.W_OK):
        return FilingPlace(row, None)
    scans = own.get(row.number)
    place = scans.folder if scans else out / OWN_SCANS / row.folder_name
    return FilingPlace(row, place, scans is not None)


def recognition_of(
    applicant: PrintedApplicant,
    calls: Sequence[PileCall],
    pages: PilePages,
    scans: OpenedScans,
) -> Recognition:
    """Return the pages of one applicant as `stamped` would have recognised them."""
    number = applicant.row.number
    his = [call.page for call in calls if call.held and call.applicant == number]
    numbers = {page.number for page in his}
    looked = {each: pages.compared(each, number) for each in numbers if pages.seen[each]}
    return Recognition(
        applicant.programme,
        applicant.application,
        applicant.forms,
        OpenedScans(scans.origins, scans.pages, scans.seals, ()),
        looked,
        (),
        matched(his, applicant.forms.lengths),
        applicant.row.filed,
    )


def file_applicant(
    place: FilingPlace, seen: Recognition, doubts: Sequence[Finding], replaces: bool
) -> FiledApplicant:
    """File an applicant's forms unless anything is in doubt; `doubts` are of pages beside his.

    What another program or the system prevents is a finding; the other applicants are filed.
    """
    number = place.row.number
    if not seen.verdict.pages:
        return FiledApplicant(number, seen)
    try:
        with writing(place.folder):
            return _filed(place, seen, doubts, replaces)
    except (SjsFormsError, OSError) as problem:
        known = as_own_error(problem)
        stopped = error(
            "batch-output", WHOLE, "盖章扫描件", known.template, known.action, *known.files
        )
        return FiledApplicant(number, seen, findings=(stopped,))
    finally:
        _remove_if_empty(place)


def _filed(
    place: FilingPlace, seen: Recognition, doubts: Sequence[Finding], replaces: bool
) -> FiledApplicant:
    recover(place.folder)
    number, folder = place.row.number, place.read()
    if folder.programme is None or folder.application is None:
        return FiledApplicant(number, seen, findings=blocking(folder.findings))
    if place.is_anothers():
        return FiledApplicant(number, seen, findings=(_anothers(place),))
    complete = seen.complete()
    known = tuple(form for form in complete if _is_there(folder, form, complete[form]))
    wanted = _without(seen, known)
    if not wanted.verdict.pages:
        return FiledApplicant(number, seen, (), known, tuple(doubts))
    told = (each for each in wanted.findings(folder, replaces) if not each.has(Trait.AWAITS_SCAN))
    findings = (*told, *doubts, *_elsewhere(place, wanted))
    to_file = {form: complete[form] for form in complete if form not in known}
    if blocking(findings) or not to_file:
        return FiledApplicant(number, seen, (), known, findings)
    written = put_in_place(place.folder, folder, to_file)
    return FiledApplicant(number, seen, tuple(to_file), known, findings, written)


def _without(seen: Recognition, forms: Sequence[str]) -> Recognition:
    """Return the recognition without the pages of forms that are filed already."""
    if not forms:
        return seen
    left = [page for page in seen.verdict.pages if page.page and page.page.form not in forms]
    return replace(seen, verdict=matched(left, seen.forms.lengths))


def _is_there(folder: ApplicationFolder, form: str, made: FormToFile) -> bool:
    """Return whether the same scan has been filed before: the same pages give the same file."""
    (target,) = put_targets(folder, [form])
    if not target.is_file():
        return False
    recorded = [each for each in folder.stamped if each.form == form]
    if not any(each.sha256 == digest(target) for each in recorded):
        return False
    with temporary_folder() as work:
        again = work / "scan.pdf"
        bind_scans(made.pages, target.stem, again)
        return digest(again) == digest(target)


def _anothers(place: FilingPlace) -> Finding:
    name = f"{OWN_SCANS}/{place.folder.name}"
    return error(
        "scan-exists",
        FilePlace(name),
        "盖章扫描件",
        f"“{name}”里已有扫描件，看不出是这一家的，没有放入。",
        "请打开看看：不是这一家的，请移走或给文件夹改名，再放入一次。",
    )


def _elsewhere(place: FilingPlace, seen: Recognition) -> list[Finding]:
    """Return a finding for each form whose scan lies in a folder that is not written here."""
    forms = {page.page.form for page in seen.verdict.pages if page.page}
    return [
        error(
            "scan-exists",
            FilePlace(item.file),
            item.material.title,
            f"“{item.material.title}”已有扫描件“{item.file}”，没有替换。",
            "要换成新的，请先把旧的移走，再放入一次。",
        )
        for item in place.row.application.offered
        if item.material.form in forms and not _is_below(item.path, place.folder)
    ]


def _remove_if_empty(place: FilingPlace) -> None:
    """Remove the batch's folder for an applicant if nothing was filed there."""
    if place.own is None:
        return
    for folder in (place.own, place.own.parent):
        try:
            folder.rmdir()
        except OSError:
            return
