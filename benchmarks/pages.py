"""The pages that we generate: both forms, cover, contents, dividers, as a build makes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.processes.gc_pause import collection_paused
from sjs_forms.base.progress import quiet
from sjs_forms.domain.application import Application
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Source
from sjs_forms.intake import RunCache
from sjs_forms.intake.attachment_opening import Opening
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.html_pages import html_of
from sjs_forms.typesetting.typesetter import LocalTypesetter
from sjs_forms.volume.binding_plan import BindingPlan, Section
from sjs_forms.volume.layout import lay_out_forms, lay_out_volume
from sjs_forms.volume.own_pages import page_context
from sjs_forms.volume.sections import sections


@dataclass(frozen=True, slots=True)
class Subject:
    """An application with its attachments opened: all that our pages are made from."""

    programme: Programme
    application: Application
    sources: tuple[Source, ...]

    def sections(self, form_pages: Mapping[str, int]) -> tuple[Section, ...]:
        """The volume's sections, given how many pages each form has."""
        return sections(self.programme, self.sources, form_pages)


def subject_of(place: Path, cache: Path) -> Subject:
    """Read an application and open its attachments, once for all who name the same cache."""
    folder = read_folder(place)
    assert folder.programme is not None and folder.application is not None, folder.findings
    with Opening(folder.programme, folder.offered, RunCache(cache)) as opening:
        opened, unusable = opening.sources(quiet)
    assert not unusable, unusable
    return Subject(folder.programme, folder.application, opened)


@collection_paused()
def painted_pages(subject: Subject, application: Application) -> tuple[bytes, ...]:
    """Both forms, and cover, contents and dividers in one, as PDF."""
    programme = subject.programme
    typesetter = LocalTypesetter()
    forms = lay_out_forms(programme, application, typesetter)
    counts = {made.form.id: made.layout.pages for made in forms}
    volume = lay_out_volume(programme, application, subject.sections(counts), typesetter)
    laid_out = (*(made.layout for made in forms), volume.own)
    return tuple(typesetter.paint(one).result() for one in laid_out)


def plan_of(subject: Subject) -> BindingPlan:
    """The plan of the application's volume."""
    programme, application = subject.programme, subject.application
    typesetter = LocalTypesetter()
    forms = lay_out_forms(programme, application, typesetter)
    counts = {made.form.id: made.layout.pages for made in forms}
    return lay_out_volume(programme, application, subject.sections(counts), typesetter).plan


def page_data(subject: Subject, application: Application, plan: BindingPlan) -> dict[str, Any]:
    """What the templates of these pages are filled from, for other routes to the same pages."""
    programme = subject.programme
    return {
        "form": form_context(programme, application),
        "pages": page_context(programme, application, plan, ()),
    }


def filled_html(subject: Subject, data: dict[str, Any]) -> dict[str, str]:
    """The same pages as filled HTML, by the name of the file each should become."""
    programme = subject.programme
    forms = {
        form.stem: html_of(programme.templates, f"forms/{form.id}.html", data["form"])
        for form in programme.forms
    }
    return {**forms, "pages": html_of(programme.templates, "pages/volume.html", data["pages"])}
