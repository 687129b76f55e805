"""Lays out forms and the volume's own pages, and with their page counts makes the plan."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sjs_forms.application import Application
from sjs_forms.assemble import PdfPages
from sjs_forms.context import form_context
from sjs_forms.errors import Fault
from sjs_forms.page_context import page_context
from sjs_forms.plan import (
    CONTENTS,
    COVER,
    DIVIDERS,
    PLACEHOLDERS,
    WHOLE,
    BindingPlan,
    Edition,
    Section,
    plan_binding,
)
from sjs_forms.programme import Form, Programme
from sjs_forms.render import html_of, lay_out, paint
from sjs_forms.sources import FORM_PDF, Gap
from sjs_forms.views import chinese_number

if TYPE_CHECKING:
    from weasyprint.document import Document


@dataclass(frozen=True, slots=True)
class LaidOutForm:
    """One of the notice's forms, laid out but not yet painted."""

    form: Form
    layout: "Document"


@dataclass(frozen=True, slots=True)
class Volume:
    """A plan with its own pages, laid out but not yet painted.

    `starts` says on which page of `own` cover, contents, dividers and placeholders begin.
    """

    plan: BindingPlan
    own: "Document"
    starts: Mapping[str, int]


def lay_out_forms(programme: Programme, application: Application) -> tuple[LaidOutForm, ...]:
    """The notice's forms, filled."""
    context = form_context(programme, application)
    return tuple(
        LaidOutForm(form, lay_out(programme, html_of(programme, f"forms/{form.id}.html", context)))
        for form in programme.forms
    )


def lay_out_volume(
    programme: Programme,
    application: Application,
    bound: Sequence[Section],
    gaps: Sequence[Gap] = (),
    edition: Edition = WHOLE,
) -> Volume:
    """Plan a volume of the sections `bound`, counting its contents pages by laying them out.

    Numbers begin after the contents, so its own length changes none of what it says: one
    layout is enough.
    """
    first = plan_binding(bound, programme.binding, 1, edition)
    own = lay_out(
        programme,
        html_of(programme, "pages/volume.html", page_context(programme, application, first, gaps)),
    )
    starts = _starts(own, len(first.dividers), len(gaps))
    contents_pages = starts[DIVIDERS] - starts[CONTENTS]
    return Volume(plan_binding(bound, programme.binding, contents_pages, edition), own, starts)


def lay_out_volumes(
    programme: Programme,
    application: Application,
    cut: Sequence[Sequence[Section]],
    gaps: Sequence[Gap],
    edition: Edition,
) -> Iterator[Volume]:
    """The volumes that an application takes, numbers running on from one to the next."""
    before = 0
    for ordinal, bound in enumerate(cut, start=1):
        named = f"第{chinese_number(ordinal)}册" if len(cut) > 1 else ""
        own = replace(edition, ordinal=named, numbers_before=before)
        volume = lay_out_volume(programme, application, bound, gaps, own)
        before = volume.plan.sides[-1].number or before
        yield volume


def _starts(own: "Document", dividers: int, gaps: int) -> dict[str, int]:
    """The page on which each kind begins, found by the ids of its sections."""
    page_of: dict[str, int] = {}
    for number, page in enumerate(own.pages):
        for anchor in page.anchors:
            page_of.setdefault(anchor, number)
    singles = [f"divider-{n}" for n in range(dividers)] + [f"placeholder-{n}" for n in range(gaps)]
    first = len(own.pages) - len(singles)
    if [page_of[name] for name in singles] != list(range(first, len(own.pages))):
        raise Fault("彩页或占位页排版超出一页。")
    return {
        COVER: page_of["cover"],
        CONTENTS: page_of["contents"],
        DIVIDERS: first,
        PLACEHOLDERS: first + dividers,
    }


def painted(volume: Volume, form_pdfs: Mapping[str, bytes]) -> dict[str, PdfPages]:
    """Our own PDFs by the keys of the plan; `form_pdfs` are the forms by id."""
    own = paint(volume.own)
    pdfs = {key: PdfPages(own, first) for key, first in volume.starts.items()}
    pdfs.update({f"{FORM_PDF}{form}": PdfPages(data) for form, data in form_pdfs.items()})
    return pdfs
