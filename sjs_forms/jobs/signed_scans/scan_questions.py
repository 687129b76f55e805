"""Asks the user about scanned pages that are not sure."""

from collections.abc import Callable, Sequence

from sjs_forms.jobs.signed_scans.scan_recognition import PrintedForms, Recognition
from sjs_forms.stamped.recognition import (
    BadDecision,
    FormPage,
    Recognised,
    ScanDecision,
    place_from,
)
from sjs_forms.stamped.verdict_findings import (
    Names,
    question,
)

Ask = Callable[[str], str | None]
"""Asks the user a question; returns None if nobody can answer."""


def ask_about_pages(seen: Recognition, ask: Ask) -> list[ScanDecision]:
    """Ask about unsure pages; returns all statements. An answer of None ends the questions."""
    said, names = list(seen.decisions), seen.names
    for page in seen.verdict.open:
        answer = _answer(page, seen.forms, names, ask)
        if answer is None:
            return said
        said.append(answer)
    for place, numbers in seen.with_decisions(said).verdict.twice.items():
        kept = _chosen_scan(place, numbers, names, ask)
        if kept is None:
            break
        said = [
            decision
            for decision in said
            if decision.number not in numbers or decision.number == kept
        ]
        said += [ScanDecision(number, None) for number in numbers if number != kept]
    return said


def _answer(page: Recognised, forms: PrintedForms, names: Names, ask: Ask) -> ScanDecision | None:
    text = question(page, names)
    while (answer := ask(text)) is not None:
        plain = answer.strip()
        if plain.lower() in ("y", "yes", "是") and page.state == "unsure":
            return ScanDecision(page.number, page.page, page.turn)
        if plain.lower() in ("n", "no", "否", "不用"):
            return ScanDecision(page.number, None)
        try:
            return place_from(page.number, plain, forms.called, forms.lengths)
        except BadDecision as problem:
            text = f"{problem}。{question(page, names)}"
    return None


def _chosen_scan(place: FormPage, numbers: Sequence[int], names: Names, ask: Ask) -> int | None:
    choices = "/".join(map(str, numbers))
    text = f"扫描件{names.scans(numbers)}都是{names.place(place)}，用哪一页？[{choices}]"
    while (answer := ask(text)) is not None:
        if answer.strip() in map(str, numbers):
            return int(answer.strip())
    return None
