"""What the volume's own pages are filled from: cover, contents, dividers, placeholders."""

import re
from collections.abc import Sequence
from typing import Any

from sjs_forms.application import Application
from sjs_forms.context import form_context
from sjs_forms.plan import BindingPlan
from sjs_forms.programme import Programme
from sjs_forms.sources import Gap
from sjs_forms.views import (
    DividerPage,
    chinese_digits,
    contents_rows,
    divider_pages,
    volume_rows,
    volume_title,
)

COVER_LINE = 22
"""Characters that fit on a line of the cover's platform name."""
DIVIDER_LINE = 14.7
"""Em of a divider's title that fit on a line."""
DIVIDER_ROWS = 18
"""As many documents as a divider lists; the rest is counted, and stands on the contents page."""


def page_context(
    programme: Programme,
    application: Application,
    plan: BindingPlan,
    gaps: Sequence[Gap],
    plans: Sequence[BindingPlan] = (),
) -> dict[str, Any]:
    """The context of pages/volume.html; `plans` are those of all volumes that there are."""
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
    """The context of pages/cover.html, which volume and wrap share.

    `ordinal` is what `views.volume_title` says.
    """
    form = form_context(programme, application)
    return {
        "programme": programme.title,
        "title": programme.volume.cover_title,
        "ordinal": ordinal,
        "platform": application.platform.name or "",
        "platform_em": even_measure(application.platform.name or ""),
        "lines": [
            ("申报单位（盖章）", application.applicant.name or ""),
            ("起止年限", f"{form['term']['start']}——{form['term']['end']}"),
            ("联系人", application.contact.name or ""),
            ("联系电话", application.contact.phone or ""),
        ],
        "year": f"{chinese_digits(programme.year)}年",
    }


def even_measure(text: str) -> int:
    """The width in em at which a centred text breaks into lines of even length.

    WeasyPrint knows no `text-wrap: balance`; without this one character may stand alone.
    """
    lines = -(-len(text) // COVER_LINE)
    return -(-len(text) // lines) + 1 if lines > 1 else COVER_LINE


def title_lines(title: str) -> list[str]:
    """A divider's title, broken between its phrases where it would not fit on one line.

    A phrase that is longer than a line stands on lines of its own, broken where it must be.
    """
    lines: list[str] = []
    for phrase in filter(None, re.split("(?<=、)", title)):
        if lines and _ems(lines[-1] + phrase) <= DIVIDER_LINE:
            lines[-1] += phrase
        else:
            lines.append(phrase)
    return lines


def _ems(text: str) -> float:
    """About how wide a text is, in em; never too little."""
    return sum(1 if ord(character) > 0x2E7F else 0.6 for character in text)


def _divider(page: DividerPage) -> dict[str, Any]:
    shown = page.rows if len(page.rows) <= DIVIDER_ROWS else page.rows[: DIVIDER_ROWS - 1]
    return {
        "numeral": page.numeral,
        "title_lines": title_lines(page.title),
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
