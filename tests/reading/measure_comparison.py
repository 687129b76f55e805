"""Measures how surely papers agree with true answers and differ from false ones.

    python -m tests.reading.measure_comparison FOLDER [COUNT]

FOLDER keeps the papers that are made. Prints each false alarm and each false answer that was not
noticed, and how many were: on papers with text, and on copies of them; and for which kinds of
copies it was told that they are photographs. Needs the extra `read`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.domain.reading_rules import Compared
from sjs_forms.jobs.papers.paper_reading import PapersRead, read_papers
from sjs_forms.reading.checks.comparison import PAPER_OF, Answer, comparisons
from tests.reading.papers.applications import TRUTH, write_application
from tests.reading.papers.cases import Case, cases


def main(folder: Path, count: int) -> None:
    counted, alarms = Counter[tuple[str, str, str]](), 0
    for case in cases()[:count]:
        place = folder / f"{case.number:02d}"
        if not (place / TRUTH).exists():
            write_application(case, place)
        _, read = read_papers(place)
        alarming = [each for each in read.findings if not each.has(Trait.PHOTOGRAPH)]
        alarms += bool(alarming)
        for found in alarming:
            print("FALSE ALARM", case.number, found.code, found.message, flush=True)
        for line in read.lines:
            counted["true", line.what, line.outcome] += 1
        truth = json.loads((place / TRUTH).read_text(encoding="utf-8"))
        for paper in read.papers:
            how = truth[paper.file]["copy"]
            counted["photographed", how, "told" if paper.photographs else "not told"] += 1
        for what, told, outcome in _with_false_answers(case, read):
            copied = "text" if truth[told]["copy"] == "as_text" else "copy"
            counted[f"false, {copied}", what, outcome] += 1
            if outcome == "same":
                print("NOT NOTICED", case.number, what, told, flush=True)
    print(f"false alarms in {alarms} of {count} applications")
    for (kind, what, outcome), number in sorted(counted.items()):
        print(f"{kind}\t{what}\t{outcome}\t{number}")


def _with_false_answers(case: Case, read: PapersRead) -> Iterator[tuple[str, str, str]]:
    """Yield value, file and outcome for answers of which each is false."""
    platform = Answer(("platform", "name"), "", case.platform)
    for what, value in _false_answers(case):
        answer = Answer(("applicant", "name"), "", value)
        for material in {paper.material for paper in read.papers}:
            own = [paper for paper in read.papers if paper.material == material]
            for one in comparisons({"recognised": platform, what: answer}, own):
                if one.what == what and one.paper.kind == PAPER_OF[what]:
                    yield what, one.paper.file, one.outcome


def _false_answers(case: Case) -> Iterator[tuple[Compared, str]]:
    """Yield a name with one other character, another person and code, and other figures."""
    other = Case((case.number + 7) % len(cases()))
    name = case.name[:3] + ("禾" if case.name[3] == "样" else "样") + case.name[4:]
    names: tuple[Compared, ...] = ("name", "lessee", "buyer", "account", "company")
    yield from ((what, name) for what in names)
    yield "code", other.code
    if other.legal != case.legal:
        yield "legal", other.legal
    yield "area", str(float(case.area) + 10)
    yield "start", "2024-01-01"
    yield "end", "2029-01-01"
    if other.accredited_on != case.accredited_on:
        yield "recognised_on", other.accredited_on.isoformat()
    if other.authority != case.authority:
        yield "recognised_by", other.authority


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else len(cases()))
