"""Reads an application from a folder that holds filled Word forms and no application.json.

Nothing is written there. What `import` would doubt is a finding; an answer that it could not
understand blocks, because the form would be printed without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms.base.errors import FormUnreadable, SjsFormsError
from sjs_forms.base.findings.finding import Finding, blocking, error, warning
from sjs_forms.base.findings.finding_places import WHOLE, AnswerPlace, FilePlace
from sjs_forms.base.findings.remedies import MendAnswer
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.domain.folder.application_folder import ApplicationFolder, read_beside
from sjs_forms.domain.folder.files_outside_attachments import word_papers_beside
from sjs_forms.domain.folder.unused_files import outside_attachments
from sjs_forms.domain.installed_notices import load_programme, readable_programmes
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.word_forms.form_import import likeliest_notice, new_answers
from sjs_forms.word_import.transcript import Transcript, WordFile, transcribe
from sjs_forms.word_import.word_blocks import DocumentText
from sjs_forms.word_import.word_files import documents_of, open_word, read_forms_in

CALLED = "Word 表格"
"""What a message calls the file of the answers."""

_SHOWN = 60
"""Characters of an answer that a message quotes."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """The Word files of a folder: those that were read, and what is wrong with the others."""

    documents: list[tuple[Path, DocumentText]]
    findings: list[Finding]


def read_word_folder(
    folder: Path, programme_id: str | None = None, progress: Progress = quiet
) -> ApplicationFolder | None:
    """Return the application that the Word forms of a folder say; None if none is a form.

    What cannot be read or understood is a finding. Raises Cancelled.
    """
    papers = word_papers_beside(folder)
    if not papers:
        return None
    try:
        notices = [load_programme(programme_id)] if programme_id else list(readable_programmes())
        opened = _opened(papers, notices, progress)
        if not opened.documents:
            return _unreadable(folder, opened.findings)
        programme, documents = _understood(notices, opened.documents, progress)
        transcript = transcribe(programme, documents)
        read = read_beside(new_answers(programme, transcript), folder, CALLED, programme_id)
    except SjsFormsError as problem:
        unusable = error(
            "word-forms-unusable", WHOLE, CALLED, problem.template, problem.action, *problem.files
        )
        return ApplicationFolder(folder, None, None, (), (unusable,), called=CALLED)
    return _with_doubts(read, transcript, documents, opened.findings)


def _unreadable(folder: Path, findings: Sequence[Finding]) -> ApplicationFolder | None:
    """Return an application of which no form could be read; None if there was none."""
    wrong = blocking(findings)
    return ApplicationFolder(folder, None, None, (), wrong, called=CALLED) if wrong else None


def _opened(papers: Sequence[Path], notices: Sequence[Programme], progress: Progress) -> _Opened:
    """Open the files that are forms of a notice; the others are papers that are not bound."""
    made = _Opened([], [])
    for path in papers:
        progress.check()
        place = FilePlace(path.name)
        try:
            written = open_word(path, notices[0].intake, progress)
        except FormUnreadable as problem:
            is_form = any(path.stem == form.stem for each in notices for form in each.forms)
            say, code = (error, "word-forms-unusable") if is_form else (warning, "word-unreadable")
            made.findings.append(
                say(code, place, CALLED, problem.template, problem.action, *problem.files)
            )
            continue
        if any(read_forms_in(notice, path.name, written).forms for notice in notices):
            made.documents.append((path, written))
        else:
            made.findings.append(outside_attachments(path.name, notices[0]))
    return made


def _understood(
    notices: Sequence[Programme], opened: list[tuple[Path, DocumentText]], progress: Progress
) -> tuple[Programme, tuple[WordFile, ...]]:
    if len(notices) == 1:
        return notices[0], documents_of(notices[0], opened, progress)
    return likeliest_notice(notices, opened, progress)


def _with_doubts(
    read: ApplicationFolder,
    transcript: Transcript,
    documents: Sequence[WordFile],
    about_files: Sequence[Finding],
) -> ApplicationFolder:
    """Return the application with what was doubted; the forms themselves are no unused papers."""
    names = tuple(document.file for document in documents)
    told = {FilePlace(name) for name in names} | {found.place for found in about_files}
    failed = {AnswerPlace(place) for place in transcript.failed}
    findings = (
        *_unread(read, transcript),
        *(found for found in transcript.findings if found.place not in failed),
        *about_files,
        *(found for found in read.findings if found.place not in told),
    )
    unread = read.unread.also(transcript.failed)
    return replace(read, findings=findings, unread=unread, word_forms=names)


def _unread(read: ApplicationFolder, transcript: Transcript) -> Iterator[Finding]:
    """Yield an error for each answer that was written and not understood."""
    for place, text in transcript.failed.items():
        label = read.programme.fields.label_of(place) if read.programme else CALLED
        shown = " ".join(text.split())
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        yield error(
            "word-unread",
            AnswerPlace(place),
            label,
            f"“{label}”在 Word 表格上写的是“{shown}”，看不出是怎样的答案。",
            MendAnswer("请改正{}。", (place,), link="的"),
        )
