"""Finds the form and page on which each question is printed, by its label. Pure."""

import re
from collections.abc import Mapping, Sequence

from sjs_forms.web.form.form_fields import Question

_ASIDE = re.compile(r"[（(].*|\s+")


def places(
    questions: Sequence[Question], texts: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, int]]:
    """Return the form and page, from 1, of each question that is found, by its path.

    `texts` has the text of each page, by form. Questions are printed in their order, so a label is
    searched after that of the question before, and only then from the start.
    """
    pages = [
        (form, number, "".join(text.split()))
        for form, all_texts in texts.items()
        for number, text in enumerate(all_texts, start=1)
    ]
    found: dict[str, tuple[str, int]] = {}
    at = 0
    for question in questions:
        label = _ASIDE.sub("", question.label)
        order = [*range(at, len(pages)), *range(at)]
        hit = next((index for index in order if label and label in pages[index][2]), None)
        if hit is not None:
            found[question.path] = pages[hit][:2]
            at = hit
    return found
