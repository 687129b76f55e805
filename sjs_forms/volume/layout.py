"""Lays out the forms and the volume's own pages, and plans the volume from their page counts."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import zip_longest

from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import Form, Programme
from sjs_forms.domain.sources import Gap
from sjs_forms.typesetting.form_context import form_context
from sjs_forms.typesetting.template_mistakes import template_fault
from sjs_forms.typesetting.typesetter import FilledTemplate, LaidOut, Typesetter
from sjs_forms.volume.binding_plan import (
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
from sjs_forms.volume.own_pages import page_context
from sjs_forms.volume.plan_views import chinese_number
from sjs_forms.volume.sections import FORM_PDF
from sjs_forms.volume.side_origins import PdfPages
from sjs_forms.volume.split import FRONT_SHEETS, split_sections


@dataclass(frozen=True, slots=True)
class LaidOutForm:
    """One of the notice's forms, laid out but not yet painted."""

    form: Form
    layout: LaidOut


@dataclass(frozen=True, slots=True)
class Volume:
    """A plan with its own pages, laid out but not yet painted.

    `starts` gives the page of `own` on which cover, contents, dividers and placeholders begin.
    """

    plan: BindingPlan
    own: LaidOut
    starts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PendingForm:
    """A form being laid out by a typesetter."""

    form: Form
    layout: "Future[LaidOut]"

    def laid_out(self) -> LaidOutForm:
        """Wait for the layout and return the form. Raises what the typesetter raises."""
        return LaidOutForm(self.form, self.layout.result())


def start_forms(
    programme: Programme, application: Application, typesetter: Typesetter
) -> tuple[PendingForm, ...]:
    """Start filling and laying out the notice's forms."""
    context = form_context(programme, application)
    return tuple(
        PendingForm(
            form,
            typesetter.lay_out(
                FilledTemplate(programme.templates, f"forms/{form.id}.html", context)
            ),
        )
        for form in programme.forms
    )


def lay_out_forms(
    programme: Programme, application: Application, typesetter: Typesetter
) -> tuple[LaidOutForm, ...]:
    """Fill and lay out the notice's forms."""
    return tuple(one.laid_out() for one in start_forms(programme, application, typesetter))


def lay_out_volume(
    programme: Programme,
    application: Application,
    bound: Sequence[Section],
    typesetter: Typesetter,
    gaps: Sequence[Gap] = (),
    edition: Edition = WHOLE,
) -> Volume:
    """Plan a volume of the sections `bound`; lays out its contents to count their pages.

    Numbering begins after the contents, so their length changes nothing in them: one layout is
    enough.
    """
    return start_volumes(programme, application, bound, typesetter, gaps, edition)()[0]


def start_volumes(
    programme: Programme,
    application: Application,
    whole: Sequence[Section],
    typesetter: Typesetter,
    gaps: Sequence[Gap],
    edition: Edition,
    most_sheets: int | None = None,
) -> Callable[[], tuple[Volume, ...]]:
    """Start laying out the volumes of an application. The result waits for the layouts.

    Numbers continue from one volume to the next. There is one volume unless it has more than
    `most_sheets` sheets; then as few as keep within the limit. The length of each contents is known
    only after layout: if one is longer than assumed, the sections are split again.
    """

    def ordered(cut: Sequence[Sequence[Section]]) -> list[_PendingVolume]:
        plans = _first_plans(programme, cut, edition)
        return [
            _order(programme, application, bound, gaps, plans, typesetter, at)
            for at, bound in enumerate(cut)
        ]

    first = ordered([whole] if most_sheets is None else split_sections(whole, most_sheets, ()))

    def laid_out() -> tuple[Volume, ...]:
        volumes = tuple(one.volume() for one in first)
        fronts: tuple[int, ...] = ()
        while most_sheets is not None:
            longer = _longer(fronts, [front_sheets(volume.plan) for volume in volumes])
            fits = all(volume.plan.sheets <= most_sheets for volume in volumes)
            if fits or longer == fronts:
                break
            fronts = longer
            cut = split_sections(whole, most_sheets, fronts)
            volumes = tuple(one.volume() for one in ordered(cut))
        return volumes

    return laid_out


def _longer(known: Sequence[int], found: Sequence[int]) -> tuple[int, ...]:
    """Return the larger of two sheet counts, volume by volume."""
    pairs = zip_longest(known, found, fillvalue=FRONT_SHEETS)
    return tuple(max(pair) for pair in pairs)


def _first_plans(
    programme: Programme, cut: Sequence[Sequence[Section]], edition: Edition
) -> tuple[BindingPlan, ...]:
    """Return each volume's plan with one page of contents. Its numbers are final."""
    plans: list[BindingPlan] = []
    for ordinal, bound in enumerate(cut, start=1):
        named = f"第{chinese_number(ordinal)}册" if len(cut) > 1 else ""
        before = (plans[-1].sides[-1].number or 0) if plans else 0
        own = replace(edition, ordinal=named, volumes=len(cut), numbers_before=before)
        plans.append(plan_binding(bound, programme.binding, 1, own))
    return tuple(plans)


@dataclass(frozen=True, slots=True)
class _PendingVolume:
    """A volume being laid out: its `first` plan, and its own pages typeset from that."""

    programme: Programme
    bound: Sequence[Section]
    gaps: int
    first: BindingPlan
    layout: "Future[LaidOut]"

    def volume(self) -> Volume:
        """Wait for the layout and return the volume."""
        own = self.layout.result()
        starts = _starts(self.programme, own, len(self.first.dividers), self.gaps)
        contents_pages = starts[DIVIDERS] - starts[CONTENTS]
        binding = self.programme.binding
        plan = plan_binding(self.bound, binding, contents_pages, self.first.edition)
        return Volume(plan, own, starts)


def _order(
    programme: Programme,
    application: Application,
    bound: Sequence[Section],
    gaps: Sequence[Gap],
    plans: Sequence[BindingPlan],
    typesetter: Typesetter,
    at: int,
) -> _PendingVolume:
    """Start the layout of the volume at index `at`."""
    context = page_context(programme, application, plans[at], gaps, plans)
    layout = typesetter.lay_out(FilledTemplate(programme.templates, "pages/volume.html", context))
    return _PendingVolume(programme, bound, len(gaps), plans[at], layout)


def _starts(programme: Programme, own: LaidOut, dividers: int, gaps: int) -> dict[str, int]:
    """Return the page on which each kind begins, found by the ids of its sections."""
    singles = [f"divider-{n}" for n in range(dividers)] + [f"placeholder-{n}" for n in range(gaps)]
    first = own.pages - len(singles)
    lacking = [name for name in ("cover", "contents", *singles) if name not in own.anchors]
    if lacking:
        said = f"pages/volume.html 里没有 id 是 {lacking[0]} 的一页。"
        raise template_fault(programme.templates, said)
    if [own.anchors[name] for name in singles] != list(range(first, own.pages)):
        raise template_fault(programme.templates, "pages/volume.html 的彩页或占位页排版超出一页。")
    return {
        COVER: own.anchors["cover"],
        CONTENTS: own.anchors["contents"],
        DIVIDERS: first,
        PLACEHOLDERS: first + dividers,
    }


def own_pdfs(volume: Volume, own: bytes, form_pdfs: Mapping[str, bytes]) -> dict[str, PdfPages]:
    """Return our own PDFs by the plan's keys: the volume's `own` pages, and the forms by id."""
    pdfs = {key: PdfPages(own, first) for key, first in volume.starts.items()}
    pdfs.update({f"{FORM_PDF}{form}": PdfPages(data) for form, data in form_pdfs.items()})
    return pdfs
