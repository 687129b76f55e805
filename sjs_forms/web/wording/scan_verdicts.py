"""Recognised scans as plain values: what each page was recognised as, and what it may be."""

from typing import Any

from sjs_forms.jobs.scan_recognition import Recognition
from sjs_forms.stamped.recognition import FormPage
from sjs_forms.stamped.verdict_findings import Names


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
        "findings": [found.as_dict() for found in scans.findings],
    }


def _label(names: Names, page: FormPage) -> str:
    """Return the form's title, with 第 2 页 if the form has several pages."""
    title = names.forms[page.form].title
    return f"{title} 第 {page.page} 页" if names.lengths[page.form] > 1 else title


def _option(form: str, page: int) -> str:
    """Return a page of a form as written in decisions."""
    return f"{form}:{page}"
