"""Recognised scans as plain values: what each page was recognised as, and what it may be."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sjs_forms.jobs.signed_scans.scan_recognition import Recognition
from sjs_forms.stamped.recognition import FormPage
from sjs_forms.stamped.verdict_findings import Names

SAID_BY_THE_PAGES = frozenset(
    (
        *("scan-page-unsure", "scan-page-foreign", "scan-page-blank", "scan-page-turned"),
        "scan-pages-sorted",
    )
)
"""Codes of findings that the verdicts on the pages already tell."""


def verdict_data(recognition: Recognition) -> dict[str, Any]:
    """Return the verdict on every page; `clean` and `index` are the source of its picture."""
    names, scans = recognition.names, recognition.scans
    return {
        "pages": [
            {
                "number": page.number,
                "file_page": names.origins[page.number].page,
                "state": page.state,
                "place": _option(page.page.form, page.page.page) if page.page else "",
                "called": names.place(page.page) if page.page else "",
                "turn": page.turn,
                "certainty": round(page.certainty * 100),
                "is_unlike": bool(
                    page.page and recognition.looked[page.number].unlike.get(page.page)
                ),
                "clean": str(scans.pages[page.number].clean),
                "index": scans.pages[page.number].index,
            }
            for page in recognition.verdict.pages
        ],
        "places": [
            {"value": _option(form, page), "label": _label(names, FormPage(form, page))}
            for form, length in names.lengths.items()
            for page in range(1, length + 1)
        ],
    }


def told(
    findings: Iterable[Mapping[str, str]], named: Callable[[str], str]
) -> list[dict[str, str]]:
    """Return findings on scans, which are in the words of a page, as it shows them.

    `named` replaces the paths of scans in a text by their names.
    """
    return [
        {
            "severity": each["severity"],
            "message": named(each["message"]),
            "remedy": each["remedy"],
        }
        for each in findings
    ]


def _label(names: Names, page: FormPage) -> str:
    """Return the form's title, with 第 2 页 if the form has several pages."""
    title = names.forms[page.form].title
    return f"{title} 第 {page.page} 页" if names.lengths[page.form] > 1 else title


def _option(form: str, page: int) -> str:
    """Return a page of a form as written in decisions."""
    return f"{form}:{page}"
