"""Prints the forms of all applicants, to recognise scans by them."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sjs_forms.base.errors import Fault, Refused
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.progress import Progress, Stage
from sjs_forms.batch.sources.batch_source import SourceRow
from sjs_forms.domain.application import Application, application_model
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.signed_scans.scan_recognition import PrintedForms, printed_forms, understood
from sjs_forms.stamped.gallery import Gallery, GalleryPage, gallery_pages
from sjs_forms.stamped.recognition import FormPage

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PrintedApplicant:
    """An applicant whose forms were printed: names and lengths of them, and the order of pages.

    Scans of one who `is_refused`, because his answers must be corrected first, are not filed.
    """

    row: SourceRow
    programme: Programme
    application: Application
    forms: PrintedForms
    order: tuple[FormPage, ...]
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class PrintedApplicants:
    """The forms of all applicants: their pages, and who has them, by the numbers of their rows.

    `refused` has the findings on those whose answers must be corrected, each with where to do so.
    Their forms are printed as well, if they can be: their pages must not be taken for another's.
    """

    gallery: Gallery
    everyone: Mapping[int, PrintedApplicant]
    refused: Mapping[int, tuple[Finding, ...]]

    @property
    def known(self) -> dict[int, PrintedApplicant]:
        """Those whose scans can be filed."""
        return {number: each for number, each in self.everyone.items() if not each.is_refused}


def print_applicants(rows: Sequence[SourceRow], progress: Progress) -> PrintedApplicants:
    """Print the forms of all rows, and each notice's blank ones. Raises Cancelled."""
    pages: list[GalleryPage] = []
    printed: dict[int, PrintedApplicant] = {}
    refused: dict[int, tuple[Finding, ...]] = {}
    notices: dict[str, Programme] = {}
    for done, row in enumerate(rows):
        progress(Stage.TYPESETTING, done, len(rows))
        progress.expect(1)
        programme, application = row.application.programme, row.application.application
        try:
            understood(row.application)
        except Refused as problem:
            refused[row.number] = tuple(map(row.at_its_source, problem.findings))
        if programme is None or application is None:
            continue
        forms = _forms(row, programme, application, progress, row.number in refused)
        if forms is None:
            continue
        if programme.id not in notices:
            notices[programme.id] = programme
            pages += _blank_pages(programme, progress)
        pages += gallery_pages(row.number, forms.references)
        made = _applicant(row, programme, application, forms)
        printed[row.number] = replace(made, is_refused=row.number in refused)
    return PrintedApplicants(Gallery(pages), printed, refused)


def _forms(
    row: SourceRow,
    programme: Programme,
    application: Application,
    progress: Progress,
    is_refused: bool,
) -> PrintedForms | None:
    """Return an applicant's forms; None if answers that are refused cannot be printed."""
    try:
        return printed_forms(programme, application, progress)
    except Fault:
        if not is_refused:
            raise
        _log.warning("the forms of row %s cannot be printed", row.number, exc_info=True)
        return None


def _blank_pages(programme: Programme, progress: Progress) -> Iterator[GalleryPage]:
    forms = printed_forms(programme, application_model(programme)(), progress)
    yield from gallery_pages(0, forms.references)


def _applicant(
    row: SourceRow, programme: Programme, application: Application, forms: PrintedForms
) -> PrintedApplicant:
    """Return the applicant without the pages, which the gallery keeps small."""
    kept = PrintedForms({}, forms.lengths, forms.called)
    order = tuple(
        FormPage(form, number)
        for form, length in forms.lengths.items()
        for number in range(1, length + 1)
    )
    return PrintedApplicant(row, programme, application, kept, order)
