"""Compares what papers say with the answers. Pure: the same readings give the same comparisons.

A value that cannot be read, or may be read in two ways, differs from nothing: it is unread.

Measured by tests/reading/measure_comparison.py on the papers of 38 invented applicants, in four
layouts of each kind, three quarters of them scanned, copied in grey or photographed: of 380 true
answers 373 were found to agree, 7 were unread, and none was called different. Of 356 false answers
the 106 on papers with text were all called different, of 250 on copies 243; 7 were unread.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sjs_forms.base.findings.evidence import Evidence
from sjs_forms.base.findings.finding_places import AnswerPlace, FilePlace
from sjs_forms.domain.reading_rules import Compared, PaperKind
from sjs_forms.domain.source_facts import SealLook
from sjs_forms.reading.facts import Fact, FactKind
from sjs_forms.reading.organisations import same_name
from sjs_forms.reading.page_text import PageText, plain

Outcome = Literal["same", "differs", "unread"]

PAPER_OF: Mapping[Compared, PaperKind] = {
    "code": "licence",
    "name": "licence",
    "legal": "licence",
    "lessee": "lease",
    "area": "lease",
    "start": "lease",
    "end": "lease",
    "buyer": "invoice",
    "account": "bank",
    "company": "audit",
}
"""The kind of paper on which each value is looked for."""
_NEARLY = 0.005
"""Square metres by which areas that are the same may differ."""


@dataclass(frozen=True)
class Paper:
    """An attachment as it was read. `file` is as the user wrote it, `title` as contents have it.

    `looks` are what intake saw of seals on all its pages; of these, `pages` were to be read.
    `rotate` is by how many degrees clockwise its pages will be turned.
    """

    file: str
    title: str
    material: str
    place: AnswerPlace | FilePlace
    pages: tuple[PageText, ...]
    kind: PaperKind | None
    facts: tuple[Fact, ...]
    looks: tuple[SealLook, ...] = ()
    rotate: int = 0

    def says(self, kind: FactKind) -> tuple[Fact, ...]:
        """Return the facts of one kind."""
        return tuple(fact for fact in self.facts if fact.kind == kind)

    def evidence(self, fact: Fact, expected: str) -> Evidence:
        """Return a fact as the evidence of a finding."""
        turned = next(page.reading.turned for page in self.pages if page.reading.page == fact.page)
        return Evidence(
            self.file,
            fact.page,
            fact.box,
            fact.value,
            expected,
            fact.source,
            fact.confidence,
            turned,
        )

    @property
    def is_read(self) -> bool:
        """Whether every page was read that was to be."""
        return all(page.reading.source != "none" for page in self.pages)

    @property
    def is_whole(self) -> bool:
        """Whether every page was read."""
        return self.is_read and len(self.pages) >= len(self.looks)

    @property
    def has_seal(self) -> bool:
        """Whether a page has a red seal."""
        return "red" in self.looks or any(page.reading.seals for page in self.pages)

    @property
    def shows_colour(self) -> bool:
        """Whether a red seal would have been seen: no page is grey, and all were examined."""
        return bool(self.looks) and not {"", "grey"} & set(self.looks)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that papers are compared with: where it is, its label, and its value as text."""

    steps: tuple[str | int, ...]
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One value of a paper beside the answer. `fact` is what was read, None if nothing was."""

    what: Compared
    answer: Answer
    paper: Paper
    fact: Fact | None
    outcome: Outcome


def comparisons(
    answers: Mapping[Compared, Answer], papers: Sequence[Paper]
) -> Iterator[Comparison]:
    """Yield what one material's papers say beside these answers, paper by paper."""
    leases = [paper for paper in papers if paper.kind == "lease"]
    for paper in papers:
        for what, answer in answers.items():
            if paper.kind != PAPER_OF[what] or what in ("area", "start", "end"):
                continue
            yield _compared(what, answer, paper)
    if leases and "area" in answers:
        yield from _areas(answers["area"], leases)
    yield from _terms(answers, leases)


def _compared(what: Compared, answer: Answer, paper: Paper) -> Comparison:
    facts = paper.says(what)
    same = next((fact for fact in facts if _is_same(what, answer.value, fact)), None)
    if same is not None:
        return Comparison(what, answer, paper, same, "same")
    sure = [fact for fact in facts if _may_differ(what, answer.value, fact)]
    if len({fact.value for fact in sure}) != 1:
        return Comparison(what, answer, paper, facts[0] if facts else None, "unread")
    if sure[0].source == "ocr" and what != "code" and _stands_elsewhere(answer.value, paper):
        return Comparison(what, answer, paper, sure[0], "unread")
    return Comparison(what, answer, paper, sure[0], "differs")


def _is_same(what: Compared, wanted: str, fact: Fact) -> bool:
    if what in ("code", "legal"):
        return fact.value.upper() == plain(wanted).upper()
    return same_name(plain(wanted), fact.value, fact.after)


def _may_differ(what: Compared, wanted: str, fact: Fact) -> bool:
    """Return whether a value that is not the answer can be trusted to be another one.

    Recognition mistakes single characters of a person's name; a code has its check character.
    """
    if what == "code":
        return fact.verified
    if what == "legal" and fact.source == "ocr":
        return not set(plain(wanted)) & set(fact.value)
    return True


def _stands_elsewhere(wanted: str, paper: Paper) -> bool:
    return any(plain(wanted) in page.text for page in paper.pages)


def _areas(answer: Answer, leases: Sequence[Paper]) -> Iterator[Comparison]:
    """Compare the area with each lease, and with the sum of several."""
    firsts = [paper.says("area")[0] for paper in leases if paper.says("area")]
    summed = len(firsts) == len(leases) and _equal(
        sum(float(fact.value) for fact in firsts), answer.value
    )
    for paper in leases:
        facts = paper.says("area")
        same = next((fact for fact in facts if _same_area(answer.value, fact)), None)
        if same is not None or (summed and facts):
            yield Comparison("area", answer, paper, same or facts[0], "same")
        elif not facts or len(leases) > 1:
            yield Comparison("area", answer, paper, facts[0] if facts else None, "unread")
        else:
            yield Comparison("area", answer, paper, facts[0], "differs")


def _same_area(wanted: str, fact: Fact) -> bool:
    if _equal(float(fact.value), wanted):
        return True
    digits = fact.value.replace(".", "").rstrip("0")  # recognition drops points
    return fact.source == "ocr" and digits == wanted.replace(".", "").rstrip("0")


def _equal(one: float, wanted: str) -> bool:
    return abs(one - float(wanted)) <= _NEARLY


def _terms(answers: Mapping[Compared, Answer], leases: Sequence[Paper]) -> Iterator[Comparison]:
    """Compare what the leases cover together with the first and the last day."""
    if leases and "start" in answers:
        first = min(_told("start", leases), key=lambda told: told[0].value, default=None)
        yield _term("start", answers["start"], leases, first)
    if leases and "end" in answers:
        last = max(_told("end", leases), key=lambda told: told[0].value, default=None)
        yield _term("end", answers["end"], leases, last)


def _told(what: Literal["start", "end"], leases: Sequence[Paper]) -> list[tuple[Fact, Paper]]:
    return [(fact, paper) for paper in leases for fact in paper.says(what)]


def _term(
    what: Literal["start", "end"],
    answer: Answer,
    leases: Sequence[Paper],
    told: tuple[Fact, Paper] | None,
) -> Comparison:
    if told is None:
        return Comparison(what, answer, leases[0], None, "unread")
    fact, paper = told
    is_covered = fact.value <= answer.value if what == "start" else fact.value >= answer.value
    return Comparison(what, answer, paper, fact, "same" if is_covered else "differs")
