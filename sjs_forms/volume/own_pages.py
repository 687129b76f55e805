"""Template contexts of the volume's own pages: cover, contents, dividers, placeholders."""

from collections.abc import Sequence
from typing import Any

from sjs_forms.domain.answers.answer_values import role_of, value_at
from sjs_forms.domain.application import Application
from sjs_forms.domain.fields.day import DayKind, printed_day
from sjs_forms.domain.places import place_of
from sjs_forms.domain.programme import CoverLine, Programme
from sjs_forms.domain.sources import Gap
from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.divider_tabs import DividerPage, divider_pages
from sjs_forms.volume.plan_views import chinese_digits, contents_rows, volume_rows, volume_title

DIVIDER_ROWS = 18
"""Documents listed on a divider; the rest are counted, and listed on the contents page only."""


def page_context(
    programme: Programme,
    application: Application,
    plan: BindingPlan,
    gaps: Sequence[Gap],
    plans: Sequence[BindingPlan] = (),
) -> dict[str, Any]:
    """Return the context of pages/volume.html. `plans` are those of all volumes."""
    return {
        "cover": cover_context(programme, application, volume_title(plan.edition)),
        "contents": {
            "title": programme.volume.contents_title,
            "rows": contents_rows(plan),
            "volumes": volume_rows(plans, plan),
        },
        "dividers": [_divider(page) for page in divider_pages(plan, programme.binding)],
        "placeholders": [
            {
                "mark": programme.volume.placeholder_title,
                "title": gap.title,
                "reason": gap.reason,
            }
            for gap in gaps
        ],
    }


def cover_context(programme: Programme, application: Application, ordinal: str) -> dict[str, Any]:
    """Return the context of pages/cover.html, which volume and wrap share.

    `ordinal` is the result of `plan_views.volume_title`.
    """
    lines = programme.volume.cover_lines
    return {
        "programme": programme.title,
        "title": programme.volume.cover_title,
        "ordinal": ordinal,
        "platform": role_of(programme.fields, application, "subject") or "",
        "lines": [(each.label, _cover_line(programme, application, each)) for each in lines],
        "year": f"{chinese_digits(programme.year)}年",
    }


def _cover_line(programme: Programme, application: Application, line: CoverLine) -> str:
    """Return the answers of a line of the cover; a date as the forms print it."""
    parts = []
    for path in line.answers:
        place = place_of(path)
        answer, value = programme.fields.answer_at(place), value_at(application, place)
        is_day = answer is not None and isinstance(answer.kind, DayKind)
        parts.append((printed_day(value) if is_day else value) or line.blank)
    return "——".join(parts)


def _divider(page: DividerPage) -> dict[str, Any]:
    shown = page.rows if len(page.rows) <= DIVIDER_ROWS else page.rows[: DIVIDER_ROWS - 1]
    return {
        "numeral": page.numeral,
        "title": page.title,
        "hint": page.hint,
        "colour": page.colour,
        "ink": page.ink,
        "tab_text": page.tab_text,
        "tab_top": page.tab_top,
        "tab_height": page.tab_height,
        "rows": shown,
        "count": len(page.rows),
        "more": len(page.rows) - len(shown),
    }
