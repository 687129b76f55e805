"""The session of a user interface on one application.

Its state is the application's folder: every step is written at once, as a whole or not at all,
under the lock that the commands share. Changes made by others are noticed before each step and
become part of the history. Knows nothing about presentation.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sjs_forms.base.errors import Refused
from sjs_forms.base.findings.finding import blocking
from sjs_forms.base.progress import Progress, lock_held, quiet
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE, STAMP_RECORD, read_folder
from sjs_forms.domain.json_text.answer_edits import BadPlace, remove_item, set_answer
from sjs_forms.domain.json_text.json_edits import put
from sjs_forms.domain.places import Place, place_of
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake import FactsCache
from sjs_forms.intake.attachment_opening import cache_of_run
from sjs_forms.intake.known_files import KnownFiles
from sjs_forms.intake.page_drawing import PageDrawing
from sjs_forms.intake.process.worker_pool import WorkerPool
from sjs_forms.jobs.session.answer_changes import AnswersDiffer, Edit, SeenRow, edited, replaced
from sjs_forms.jobs.session.file_changes import Change, Current, add, change, move, remove
from sjs_forms.jobs.session.state import FileState, State, revision_of, state_of
from sjs_forms.jobs.session.steps import NothingToUndo, StaleRevision, Steps
from sjs_forms.jobs.signed_scans.scan_recognition import Recognition, ScanOptions, recognise
from sjs_forms.jobs.signed_scans.stamped_scans import StampedResult
from sjs_forms.jobs.word_forms.form_import import Proposal, compared
from sjs_forms.stamped.filing import moves_into_place, put_targets
from sjs_forms.word_import.transcript import Transcript, transcribe
from sjs_forms.word_import.word_files import read_files

__all__ = [
    "AnswersDiffer",
    "AnswersProposal",
    "Edit",
    "FileState",
    "NothingToUndo",
    "RecognisedScans",
    "SeenRow",
    "Session",
    "StaleRevision",
    "State",
]


@dataclass(frozen=True, slots=True)
class AnswersProposal:
    """Differences between answers from elsewhere and the application at a revision."""

    revision: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class RecognisedScans:
    """Scans recognised against the forms of a revision."""

    revision: str
    recognition: Recognition


class Session:
    """An open application. Steps are serialised, from any thread.

    A step with a `revision` raises StaleRevision if that is not the current one; for steps that
    change answers, only the part for answers counts. `with` closes the session.
    """

    def __init__(self, place: Path, cache: FactsCache, pool: WorkerPool) -> None:
        """`cache` and `pool` must last as long as the session; see `open`."""
        self._file = place / APPLICATION_FILE if place.is_dir() else place
        read_folder(self._file)  # raises if there is no application
        self._steps = Steps(self._file)
        self._opening, self._looking = threading.Lock(), threading.Lock()
        self._closing = ExitStack()
        self._cache, self._pool = cache, pool
        self._files = KnownFiles(cache, pool)
        self.drawing = PageDrawing(cache, pool)
        """Draws pages with the workers that open the files."""

    @classmethod
    def open(cls, place: Path, *, cache: bool = True) -> Self:
        """Open an application by its folder or JSON file.

        Raises UsageFault if there is none. `cache` keeps opened attachments for the next time.
        """
        with ExitStack() as stack:
            kept = stack.enter_context(cache_of_run(cache))
            session = cls(place, kept, stack.enter_context(WorkerPool()))
            session._closing = stack.pop_all()
        return session

    def __enter__(self) -> Self:
        """Return self."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the session. What was written stays."""
        self.close()

    def close(self) -> None:
        """Release what the session holds open."""
        self.drawing.close()
        self._files.close()
        self._closing.close()

    # State

    def state(self) -> State:
        """Return the application as it is now; opens no file."""
        folder, texts = self._steps.read()
        return state_of(folder, texts, self._file.name, self._files.known(folder.offered))

    def open_files(self, progress: Progress = quiet) -> State:
        """Open the files that are not open yet. Raises Cancelled."""
        progress.check()
        folder = read_folder(self._file)
        if folder.programme is not None:
            with lock_held(self._opening, progress.is_cancelled):
                self._files.open(folder.programme, folder.offered, progress)
        return self.state()

    def look_at_photographs(self, progress: Progress = quiet) -> State:
        """Look which photographs of the open files can be straightened. Raises Cancelled."""
        progress.check()
        folder = read_folder(self._file)
        if folder.programme is not None:
            with lock_held(self._looking, progress.is_cancelled):
                self._files.look_at_photographs(folder.programme, folder.offered, progress)
        return self.state()

    def straightened(self, where: str, progress: Progress = quiet) -> SourceFacts | None:
        """Return a file as it would be straightened; None if there is none. Raises Cancelled."""
        folder = read_folder(self._file)
        item = next((item for item in folder.offered if item.where == where), None)
        if item is None or folder.programme is None:
            return None
        with lock_held(self._opening, progress.is_cancelled):
            return self._files.straightened(folder.programme, item, progress).source.facts

    # Answers

    def set_answer(
        self, path: str, typed: str | Sequence[str], revision: str | None = None
    ) -> State:
        """Set the answer at a path such as `founders[0].uscc`, as typed.

        Raises BadPlace, StaleRevision, ApplicationBusy, OutputUnwritable, and Refused if
        application.json is not JSON.
        """
        place = _place(path)
        self._steps.answers(path, revision, lambda text: set_answer(text, place, typed))
        return self.state()

    def edit(self, edits: Sequence[Edit]) -> State:
        """Set several answers in one step, unless another window has changed one of them.

        Edits of the same places within seconds become one step.

        Raises AnswersDiffer if an answer is not what its writer had seen (nothing is written then),
        and as `set_answer`.
        """
        what = ", ".join(each.path for each in edits)
        self._steps.typing(what, lambda text: edited(text, edits))
        return self.state()

    def replace(self, written: Mapping[str, Any], revision: str | None = None) -> State:
        """Replace the answers in application.json by `written`, in one step.

        Raises as `set_answer`.
        """
        self._steps.answers("application", revision, lambda text: replaced(text, written))
        return self.state()

    def remove_item(self, path: str, revision: str | None = None) -> State:
        """Remove a founder or a choice, such as `founders[1]`. Raises what `set_answer` raises."""
        place = _place(path)
        self._steps.answers(path, revision, lambda text: remove_item(text, place))
        return self.state()

    def import_word(self, files: Sequence[Path]) -> AnswersProposal:
        """Read filled Word forms and compare them with the answers; writes nothing.

        Raises what `word_files.read_files` raises, and Refused if application.json is not JSON.
        """
        return self.compare(lambda notice: transcribe(notice, read_files(notice, files)))

    def compare(self, read: Callable[[Programme], Transcript]) -> AnswersProposal:
        """Compare what `read` returns for the application's notice; writes nothing.

        Raises what `read` raises, and Refused if application.json is not JSON.
        """
        folder, texts = self._steps.read()
        if folder.programme is None or folder.application is None:
            raise Refused(folder.findings)
        revision = revision_of(texts, folder.offered)
        return AnswersProposal(revision, compared(folder.application, read(folder.programme)))

    def apply(self, proposed: AnswersProposal, paths: Collection[str]) -> State:
        """Take the proposed answers at these paths. Raises what `set_answer` raises."""
        chosen = proposed.proposal.chosen(paths)

        def taken(text: str) -> str:
            for place, value in chosen.items():
                text = put(text, place, value)
            return text

        self._steps.answers("import", proposed.revision, taken)
        return self.state()

    # Files

    def add_file(
        self, material: str, name: str, source: Path, revision: str | None = None
    ) -> State:
        """Copy a file to a material, as its last, under a name like `name`.

        Raises NoSuchFile, UsageFault, and what `set_answer` raises.
        """
        self._steps.files(
            f"add {name}",
            revision,
            lambda current, work: add(current, material, name, source, work),
        )
        return self.state()

    def move_file(
        self,
        where: str,
        material: str | None = None,
        position: int | None = None,
        revision: str | None = None,
    ) -> State:
        """Move a file to another material, or to an index among its material's files.

        `where` is its place in findings and `FileState`. Raises what `add_file` raises.
        """
        self._steps.files(
            f"move {where}", revision, lambda current, _: move(current, where, material, position)
        )
        return self.state()

    def change_file(
        self,
        where: str,
        *,
        title: str | None = None,
        pages: str | None = None,
        rotate: str | None = None,
        straighten: str | None = None,
        password: str | None = None,
        revision: str | None = None,
    ) -> State:
        """Set a file's list properties as typed; "" removes one, None leaves it.

        `straighten` is typed as "true" or "false".

        Raises what `add_file` raises.
        """
        given = {
            "title": title,
            "pages": pages,
            "rotate": rotate,
            "straighten": straighten,
            "password": password,
        }
        typed = {key: text for key, text in given.items() if text is not None}
        self._steps.files(
            f"change {where}", revision, lambda current, _: change(current, where, typed)
        )
        return self.state()

    def remove_file(self, where: str, revision: str | None = None) -> State:
        """Remove a file; `undo` can restore it from the trash. Raises what `add_file` raises."""
        self._steps.files(f"remove {where}", revision, lambda current, _: remove(current, where))
        return self.state()

    # Signed scans

    def recognise(
        self, scans: Sequence[Path], how: ScanOptions | None = None, progress: Progress = quiet
    ) -> RecognisedScans:
        """Recognise signed and sealed scans; writes nothing.

        Raises what `scan_recognition.recognise` raises.
        """
        folder, texts = self._steps.read()
        revision = revision_of(texts, folder.offered)
        options = how or ScanOptions()
        seen = recognise(folder, scans, options, self._cache, progress, self._pool)
        return RecognisedScans(revision, seen)

    def file(
        self, seen: RecognisedScans, decisions: Sequence[str] = (), *, replaces: bool = False
    ) -> tuple[StampedResult, State]:
        """File recognised scans, all or none. `decisions` are written like `--as` of `stamped`.

        If a finding blocks, nothing is written. Raises UsageFault, and what `set_answer` raises.
        """
        recognition = seen.recognition.decided(decisions) if decisions else seen.recognition
        told: list[StampedResult] = []

        def filed(current: Current, work: Path) -> Change:
            findings = recognition.findings(current.folder, replaces)
            taken = StampedResult(recognition.verdict, recognition.names, findings)
            told.append(taken)
            if blocking(findings):
                return Change()
            complete = recognition.complete()
            moves = moves_into_place(self._file, current.folder, complete, work)
            told[0] = StampedResult(
                taken.verdict, taken.names, findings, put_targets(current.folder, complete)
            )
            return _of_moves(moves, self._file, work)

        self._steps.files("stamped", seen.revision.partition("-")[0], filed)
        return told[0], self.state()

    def undo(self, revision: str | None = None) -> State:
        """Undo the last step, including its moves of files.

        A change by another program is a step as well. Raises NothingToUndo, and what `set_answer`
        raises.
        """
        self._steps.undo(revision)
        return self.state()


def _place(path: str) -> Place:
    try:
        return place_of(path)
    except ValueError:
        raise BadPlace((path,)) from None


def _of_moves(moves: Sequence[tuple[Path, Path]], file: Path, work: Path) -> Change:
    """Return moves that file scans, as a step."""
    text, record = None, None
    added, inside = [], []
    for source, target in moves:
        if target == file:
            text = source.read_bytes().decode("utf-8-sig", "surrogateescape")
        elif target.name == STAMP_RECORD and source.is_relative_to(work):
            record = source.read_bytes()
        elif source.is_relative_to(work):
            added.append((source, target))
        elif not target.is_relative_to(work):
            inside.append((source, target))
    return Change(text, tuple(inside), tuple(added), record=record)
