"""Lays out forms and the volume's own pages, and with their page counts makes the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
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
    front_sheets,
    plan_binding,
)
from sjs_forms.programme import Form, Programme
from sjs_forms.render import html_of, lay_out, paint
from sjs_forms.sources import FORM_PDF, Gap
from sjs_forms.split import FRONT_SHEETS, split_sections
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
    return _laid_out(programme, application, bound, gaps, _first_plans(programme, [bound], edition))


def lay_out_volumes(
    programme: Programme,
    application: Application,
    whole: Sequence[Section],
    gaps: Sequence[Gap],
    edition: Edition,
    most_sheets: int | None = None,
) -> tuple[Volume, ...]:
    """The volumes that an application takes, numbers running on from one to the next.

    One, unless that has more than `most_sheets` sheets; then as few as keep within them. How
    long the contents of each are is only known once they are laid out: where they are longer
    than was allowed for, the cuts are made anew.
    """
    if most_sheets is None:
        return (lay_out_volume(programme, application, whole, gaps, edition),)
    fronts: tuple[int, ...] = ()
    while True:
        cut = split_sections(whole, most_sheets, fronts)
        plans = _first_plans(programme, cut, edition)
        volumes = tuple(
            _laid_out(programme, application, bound, gaps, plans, at)
            for at, bound in enumerate(cut)
        )
        longer = _longer(fronts, [front_sheets(volume.plan) for volume in volumes])
        fits = all(volume.plan.sheets <= most_sheets for volume in volumes)
        if fits or longer == fronts:
            return volumes
        fronts = longer


def _longer(known: Sequence[int], found: Sequence[int]) -> tuple[int, ...]:
    """The larger of two counts of sheets, volume by volume."""
    pairs = zip_longest(known, found, fillvalue=FRONT_SHEETS)
    return tuple(max(pair) for pair in pairs)


def _first_plans(
    programme: Programme, cut: Sequence[Sequence[Section]], edition: Edition
) -> tuple[BindingPlan, ...]:
    """The plan of each volume with a contents of one page: its numbers are final."""
    plans: list[BindingPlan] = []
    for ordinal, bound in enumerate(cut, start=1):
        named = f"第{chinese_number(ordinal)}册" if len(cut) > 1 else ""
        before = (plans[-1].sides[-1].number or 0) if plans else 0
        own = replace(edition, ordinal=named, volumes=len(cut), numbers_before=before)
        plans.append(plan_binding(bound, programme.binding, 1, own))
    return tuple(plans)


def _laid_out(
    programme: Programme,
    application: Application,
    bound: Sequence[Section],
    gaps: Sequence[Gap],
    plans: Sequence[BindingPlan],
    at: int = 0,
) -> Volume:
    """The volume whose plan is the one at `at` of all."""
    first = plans[at]
    context = page_context(programme, application, first, gaps, plans)
    own = lay_out(programme, html_of(programme, "pages/volume.html", context))
    starts = _starts(own, len(first.dividers), len(gaps))
    contents_pages = starts[DIVIDERS] - starts[CONTENTS]
    plan = plan_binding(bound, programme.binding, contents_pages, first.edition)
    return Volume(plan, own, starts)


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
