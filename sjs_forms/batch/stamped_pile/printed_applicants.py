"""Prints the forms of all applicants, to recognise scans by them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sjs_forms.base.errors import Refused
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.progress import Progress, Stage
from sjs_forms.batch.batch_source import SourceRow
from sjs_forms.domain.application import Application, application_model
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.signed_scans.scan_recognition import PrintedForms, printed_forms, understood
from sjs_forms.stamped.gallery import Gallery, GalleryPage, gallery_pages
from sjs_forms.stamped.recognition import FormPage


@dataclass(frozen=True, slots=True)
class PrintedApplicant:
    """An applicant whose forms were printed: names and lengths of them, and the order of pages."""

    row: SourceRow
    programme: Programme
    application: Application
    forms: PrintedForms
    order: tuple[FormPage, ...]


@dataclass(frozen=True, slots=True)
class PrintedApplicants:
    """The forms of all applicants: their pages, who has them, and whose cannot be printed, by the
    numbers of their rows.
    """

    gallery: Gallery
    known: Mapping[int, PrintedApplicant]
    refused: Mapping[int, tuple[Finding, ...]]


def print_applicants(rows: Sequence[SourceRow], progress: Progress) -> PrintedApplicants:
    """Print the forms of all rows, and each notice's blank ones. Raises Cancelled."""
    pages: list[GalleryPage] = []
    known: dict[int, PrintedApplicant] = {}
    refused: dict[int, tuple[Finding, ...]] = {}
    notices: dict[str, Programme] = {}
    for done, row in enumerate(rows):
        progress(Stage.TYPESETTING, done, len(rows))
        progress.expect(1)
        try:
            programme, application = understood(row.application)
        except Refused as problem:
            refused[row.number] = problem.findings
            continue
        if programme.id not in notices:
            notices[programme.id] = programme
            pages += _blank_pages(programme, progress)
        forms = printed_forms(programme, application, progress)
        pages += gallery_pages(row.number, forms.references)
        known[row.number] = _applicant(row, programme, application, forms)
    return PrintedApplicants(Gallery(pages), known, refused)


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
