"""The state of an application: answers, findings and files, and their revision."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sjs_forms.base.findings.finding import Finding, capped
from sjs_forms.base.findings.finding_catalogue import Trait
from sjs_forms.domain.answers.unread_places import UnreadPlaces
from sjs_forms.domain.application import Application
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.known_files import KnownSource
from sjs_forms.jobs.judgement import judge
from sjs_forms.jobs.session.text_files import Texts

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class FileState:
    """One attachment: its place in findings and steps, and its facts.

    `facts` is None if the file cannot be used (`problem` says why) or is not open yet. `original`
    are its facts before photographs were straightened, and `photographs` are the pages, from 0,
    that can be; None as long as nobody has looked.
    """

    where: str
    file: str
    material: str
    title: str
    pages: str | None
    rotate: int
    straighten: bool
    has_password: bool
    facts: SourceFacts | None
    problem: Finding | None
    is_open: bool
    original: SourceFacts | None = None
    photographs: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The current state of an application.

    `written` is its JSON as written, None if it is not JSON. `application` holds the answers, with
    those in `unread` blank. Findings on file contents exist only for opened files.
    """

    revision: str
    programme: Programme | None
    written: Any
    application: Application | None
    unread: UnreadPlaces
    findings: tuple[Finding, ...]
    files: tuple[FileState, ...]


def state_of(
    folder: ApplicationFolder, texts: Texts, name: str, known: Sequence[KnownSource]
) -> State:
    """Return the state of an application. `name` is that of its JSON among the texts."""
    return State(
        revision_of(texts, folder.offered),
        folder.programme,
        json_of(texts[name]),
        folder.application,
        folder.unread,
        _findings(folder, known),
        tuple(_file_state(each) for each in known),
    )


def revision_of(texts: Texts, offered: Sequence[Offered]) -> str:
    """Return a value that changes with the answers or the files: one part for each, joined by -."""
    files = [(item.where, item.material.id, item.file, _stamp(item.path)) for item in offered]
    return "-".join(
        sha256(repr(part).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        for part in (sorted(texts.items()), files)
    )


def _stamp(path: Path | None) -> tuple[int, int] | None:
    try:
        known = path.stat() if path else None
    except OSError:
        return None
    return (known.st_size, known.st_mtime_ns) if known else None


def _findings(folder: ApplicationFolder, known: Sequence[KnownSource]) -> tuple[Finding, ...]:
    if folder.programme is None or folder.application is None:
        return folder.findings
    unusable = {  # a failure that affects all files is reported once
        each.problem.code
        if each.problem.has(Trait.ONCE)
        else str(each.source.offered.place): each.problem
        for each in known
        if each.problem
    }
    return capped(judge(folder, [each.source for each in known], tuple(unusable.values())))


def _file_state(known: KnownSource) -> FileState:
    item = known.source.offered
    return FileState(
        item.where,
        item.file,
        item.material.id,
        item.title,
        item.pages,
        item.rotate,
        item.straighten,
        item.password is not None,
        known.source.facts,
        known.problem,
        known.is_open,
        known.original,
        known.photographs.outlined if known.photographs else None,
    )


def json_of(text: str | None) -> Any:
    """Return the JSON value of a text, or None if it is not JSON."""
    try:
        return json.loads((text or "").removeprefix(_BOM))
    except (ValueError, RecursionError):
        return None
