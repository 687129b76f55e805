"""Template contexts of the volume's own pages: cover, contents, dividers, placeholders."""

from collections.abc import Sequence
from typing import Any

from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Gap
from sjs_forms.typesetting.form_context import form_context
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
    form = form_context(programme, application)
    return {
        "programme": programme.title,
        "title": programme.volume.cover_title,
        "ordinal": ordinal,
        "platform": application.platform.name or "",
        "lines": [
            ("申报单位（盖章）", application.applicant.name or ""),
            ("起止年限", f"{form['term']['start']}——{form['term']['end']}"),
            ("联系人", application.contact.name or ""),
            ("联系电话", application.contact.phone or ""),
        ],
        "year": f"{chinese_digits(programme.year)}年",
    }


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
