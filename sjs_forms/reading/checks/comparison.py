"""Compares what papers say with the answers. Pure: the same readings give the same comparisons.

A value that cannot be read, or may be read in two ways, differs from nothing: it is unread.

Measured by tests/reading/measure_comparison.py on the papers of 38 invented applicants, in four
layouts of each kind, three quarters of them scanned, copied in grey or photographed: of 380 true
answers 373 were found to agree, 7 were unread, and none was called different. Of 356 false answers
the 106 on papers with text were all called different, of 250 on copies 243; 7 were unread.

Day and authority of an accreditation were measured later. On copies seals hide who signed: of 16
true values 8 agreed, 8 were unread; of 16 false ones 9 were called different. On papers with text
all 80 true ones agreed, and all 80 false ones were called different.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sjs_forms.base.findings.evidence import Evidence
from sjs_forms.base.findings.finding_places import AnswerPlace, FilePlace
from sjs_forms.domain.reading_rules import Compared, PaperKind
from sjs_forms.domain.source_facts import SealLook
from sjs_forms.reading.checks.recognition_outcomes import authority_outcome, day_outcome, named_on
from sjs_forms.reading.facts import Fact, FactKind
from sjs_forms.reading.organisations import name_outcome
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
    "recognised": "accreditation",
    "recognised_on": "accreditation",
    "recognised_by": "accreditation",
}
"""The kind of paper on which each value is looked for."""
_NEARLY = 0.005
"""Square metres by which areas that are the same may differ."""


@dataclass(frozen=True)
class Paper:
    """An attachment as it was read. `file` is as the user wrote it, `title` as contents have it.

    `looks` are what intake saw of seals on all its pages; of these, `pages` were to be read.
    `rotate` is by how many degrees clockwise its pages will be turned. `photographs` are pages,
    from 1, that can be straightened and are not to be yet. `bound` are the pages, from 1, that are
    bound, also those that were not to be read.
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
    photographs: tuple[int, ...] = ()
    bound: tuple[int, ...] = ()

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

    def page_name(self, page: int) -> str:
        """Return what messages call a page; of a paper of one page, the paper."""
        return f"“{self.title}”第 {page} 页" if len(self.pages) > 1 else f"“{self.title}”"

    @property
    def unread_pages(self) -> tuple[int, ...]:
        """The pages, from 1, that are bound and were not read, for whatever reason."""
        numbers = (page.reading.page for page in self.pages if page.reading.source != "none")
        return tuple(sorted({*self.bound} - {*numbers}))

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
    """Yield what one material's papers say beside these answers, paper by paper.

    An answer that no paper was compared with is unread.
    """
    for what, answer in answers.items():
        own = [paper for paper in papers if paper.kind == PAPER_OF[what]]
        if not own:
            yield from (Comparison(what, answer, paper, None, "unread") for paper in papers[:1])
        elif what == "area":
            yield from _areas(answer, own)
        elif PAPER_OF[what] == "accreditation":
            yield _recognition(what, answer, answers.get("recognised"), own)
        elif what not in ("start", "end"):
            yield from (_compared(what, answer, paper) for paper in own)
    yield from _terms(answers, [paper for paper in papers if paper.kind == "lease"])


def _compared(what: Compared, answer: Answer, paper: Paper) -> Comparison:
    facts = paper.says(what)
    outcomes = [_outcome(what, plain(answer.value), fact) for fact in facts]
    if "same" in outcomes:
        return Comparison(what, answer, paper, facts[outcomes.index("same")], "same")
    sure = [fact for fact, found in zip(facts, outcomes, strict=True) if found == "differs"]
    if len({fact.value for fact in sure}) != 1:
        return Comparison(what, answer, paper, facts[0] if facts else None, "unread")
    if sure[0].source == "ocr" and what != "code" and _stands_elsewhere(answer.value, paper):
        return Comparison(what, answer, paper, sure[0], "unread")
    return Comparison(what, answer, paper, sure[0], "differs")


def _outcome(what: Compared, wanted: str, fact: Fact) -> Outcome:
    """Compare one value. A code is certain by its check character.

    Recognition mistakes single characters of a person's name.
    """
    if what == "code":
        is_same = fact.value.upper() == wanted.upper()
        return "same" if is_same else "differs" if fact.verified else "unread"
    if what == "legal":
        if fact.value == wanted:
            return "same"
        return "unread" if fact.source == "ocr" and set(wanted) & set(fact.value) else "differs"
    return name_outcome(wanted, fact.value)


def _recognition(
    what: Compared, answer: Answer, platform: Answer | None, papers: Sequence[Paper]
) -> Comparison:
    """Compare what papers that name the platform say of its recognition, all of them together.

    One that agrees is enough: a notice and a certificate bear days of their own.
    """
    unread = Comparison(what, answer, papers[0], None, "unread")
    named = [(paper, list(named_on(platform.value, paper.pages))) for paper in papers if platform]
    own = [(paper, places) for paper, places in named if places]
    if not own or what == "recognised":
        same = Comparison(what, answer, own[0][0], own[0][1][0], "same") if own else None
        return same or unread
    differing: list[Comparison] = []
    for paper, _ in own:
        facts = paper.says(what)
        for fact in facts:
            found = (
                day_outcome(answer.value, fact, paper.pages)
                if what == "recognised_on"
                else authority_outcome(answer.value, facts, paper.pages)
            )
            made = Comparison(what, answer, paper, fact, found)
            if found == "same":
                return made
            differing += [made] if found == "differs" else []
    every = [fact for paper, _ in own for fact in paper.says(what)]
    is_sure = what == "recognised_by" or len({fact.value for fact in every}) == 1
    return differing[0] if is_sure and len(differing) == len(every) > 0 else unread


def _stands_elsewhere(wanted: str, paper: Paper) -> bool:
    return any(plain(wanted) in page.text for page in paper.pages)


def _areas(answer: Answer, leases: Sequence[Paper]) -> Iterator[Comparison]:
    """Compare the area with each lease, and with sums: of a lease's areas, and of several leases.

    Where a lease has several areas, or there are several leases, none differs for certain.
    """
    every = [paper.says("area") for paper in leases]
    firsts = [float(facts[0].value) for facts in every if facts]
    summed = len(firsts) == len(leases) and _equal(sum(firsts), answer.value)
    for paper, facts in zip(leases, every, strict=True):
        values = {float(fact.value) for fact in facts}
        same = next((fact for fact in facts if _same_area(answer.value, fact)), None)
        if same is not None or (facts and (summed or _equal(sum(values), answer.value))):
            yield Comparison("area", answer, paper, same or facts[0], "same")
        elif len(values) != 1 or len(leases) > 1:
            yield Comparison("area", answer, paper, facts[0] if facts else None, "unread")
        else:
            yield Comparison("area", answer, paper, facts[0], "differs")


def _same_area(wanted: str, fact: Fact) -> bool:
    """Return whether it is the same number. Recognition drops points."""
    if _equal(float(fact.value), wanted):
        return True
    without_point = (wanted.replace(".", ""), f"{float(wanted):.2f}".replace(".", ""))
    return fact.source == "ocr" and "." in wanted and fact.value in without_point


def _equal(one: float, wanted: str) -> bool:
    return abs(one - float(wanted)) <= _NEARLY


@dataclass(frozen=True, slots=True)
class _Term:
    """The first and the last day of a lease, with what was read of each."""

    start: Fact
    end: Fact
    paper: Paper


def _terms(answers: Mapping[Compared, Answer], leases: Sequence[Paper]) -> Iterator[Comparison]:
    """Compare what the leases cover together with the first and the last day.

    Where one of them was not read to its end, what is not covered may be covered by it.
    """
    told = [
        _Term(start, end, paper)
        for paper in leases
        for start, end in zip(paper.says("start"), paper.says("end"), strict=True)
    ]
    told.sort(key=lambda term: term.start.value)
    is_known = all(paper.is_whole and paper.says("end") for paper in leases)
    start, end = answers.get("start"), answers.get("end")
    held = _holding(told, start.value) if start else None
    if start and leases:
        found = held or (told[0] if told and is_known else None)
        outcome: Outcome = "same" if held else "differs" if found else "unread"
        fact = found.start if found else None
        yield Comparison("start", start, found.paper if found else leases[0], fact, outcome)
    if end and leases:
        last = _last_of_run(told, held) if held else _holding(told, end.value)
        is_covered = last is not None and last.end.value >= end.value
        found = last or (max(told, key=lambda term: term.end.value) if told else None)
        if not is_covered and not is_known:
            found = None
        outcome = "same" if is_covered else "differs" if found else "unread"
        fact = found.end if found else None
        yield Comparison("end", end, found.paper if found else leases[0], fact, outcome)


def _holding(told: Sequence[_Term], day: str) -> _Term | None:
    """Return the term in which a day is that lasts longest."""
    held = [term for term in told if term.start.value <= day <= term.end.value]
    return max(held, key=lambda term: term.end.value, default=None)


def _last_of_run(told: Sequence[_Term], first: _Term) -> _Term:
    """Return the last of terms that follow each other without a day between."""
    last = first
    for term in told:
        if term.start.value <= _day_after(last.end.value) and term.end.value > last.end.value:
            last = term
    return last


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
