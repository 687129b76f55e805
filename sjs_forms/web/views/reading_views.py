"""Values for the page on which papers are compared with the answers."""

from dataclasses import dataclass
from typing import Any

from sjs_forms.base.findings.finding_catalogue import Trait, entry_of
from sjs_forms.web.views.photo_offers import PhotoOffer, photo_offer
from sjs_forms.web.wording.shown_findings import element_id
from sjs_forms.web.workspace.jobs import Job
from sjs_forms.web.workspace.open_application import View

_STATES = {"same": ("done", "一致"), "differs": ("todo", "不同"), "unread": ("empty", "未读出")}


@dataclass(frozen=True, slots=True)
class PaperFinding:
    """A warning about a paper. `picture` is the address of the place's picture, "" if none.

    `offer` is what a photograph that it speaks of can become.
    """

    code: str
    where: str
    message: str
    remedy: str
    picture: str
    offer: PhotoOffer | None = None


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """An answer beside what a paper says: state and words for it, and the link to the answer."""

    label: str
    href: str
    expected: str
    what: str
    read: str
    place: str
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What the last reading found. `is_current` says that nothing was changed since."""

    findings: tuple[PaperFinding, ...]
    answers: tuple[ReadAnswer, ...]
    unread: tuple[str, ...]
    reads_scans: bool
    is_current: bool


def reading_view(job: Job | None, view: View) -> ReadingView | None:
    """Return what a finished job read, or None."""
    end = (job.end if job else None) or {}
    if job is None or end.get("end") != "done":
        return None
    return ReadingView(
        tuple(_finding(job, each, view) for each in end["findings"]),
        tuple(_answer(each) for each in end["lines"]),
        tuple(end["unread"]),
        bool(end["reads_scans"]),
        job.revision == view.state.revision,
    )


def _finding(job: Job, found: dict[str, Any], view: View) -> PaperFinding:
    number = found["picture"]
    files = (each for each in view.state.files if each.file == found["file"])
    photographs = (photo_offer(each) for each in files if _is_of_photographs(found))
    return PaperFinding(
        found["code"],
        found["where"],
        found["message"],
        found["remedy"] or "请对照原件改正。",
        f"/pictures/reading/{job.id}/{number}.png" if number else "",
        next(photographs, None),
    )


def _is_of_photographs(found: dict[str, Any]) -> bool:
    return bool(entry_of(found["code"]).traits & Trait.PHOTOGRAPH)


def _answer(line: dict[str, Any]) -> ReadAnswer:
    state, note = _STATES[line["outcome"]]
    return ReadAnswer(
        line["label"],
        f"/form#{element_id('q', line['where'])}",
        line["expected"],
        line["what"],
        line["read"],
        line["place"],
        state,
        note,
    )
