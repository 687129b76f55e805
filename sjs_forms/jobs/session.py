"""What a face holds while somebody works on one application.

The state is the application's folder: every step is written at once, whole or not at all, under
the lock that the commands share. What others change there is noticed before each step and becomes
part of the history. Nothing here knows how it is shown.
"""

import threading
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sjs_forms.base.errors import Refused
from sjs_forms.base.findings import blocking
from sjs_forms.base.progress import Progress, held, quiet
from sjs_forms.domain.answer_edits import BadPlace, remove_item, set_answer
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE, STAMP_RECORD, read_folder
from sjs_forms.domain.json_edits import put
from sjs_forms.domain.labels import Place, place_of
from sjs_forms.intake import FactsCache
from sjs_forms.intake.attachment_opening import cache_of_run
from sjs_forms.intake.known_files import KnownFiles
from sjs_forms.intake.process.worker_pool import WorkerPool
from sjs_forms.jobs.session_files import Change, Current, add, change, move, remove
from sjs_forms.jobs.session_state import FileState, State, revision_of, state_of
from sjs_forms.jobs.session_steps import NothingToUndo, StaleRevision, Steps
from sjs_forms.jobs.stamped_scans import Recognition, ScanOptions, Taken, recognise
from sjs_forms.jobs.word_answers import Proposal, proposal_of
from sjs_forms.stamped.filing import moves_into_place, put_targets
from sjs_forms.word_import.word_files import read_files

__all__ = [
    "FileState",
    "NothingToUndo",
    "RecognisedScans",
    "Session",
    "StaleRevision",
    "State",
    "WordProposal",
]


@dataclass(frozen=True, slots=True)
class WordProposal:
    """What Word forms say beside the application of a revision."""

    revision: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class RecognisedScans:
    """Scans that were recognised against the forms of a revision."""

    revision: str
    recognition: Recognition


class Session:
    """One application, open. Steps come one after the other, from whatever thread.

    A step that is given a `revision` raises StaleRevision where that is not the present one: of
    answers alone for those that change answers. `with` closes the session.
    """

    def __init__(self, place: Path, cache: FactsCache, pool: WorkerPool) -> None:
        """`cache` and `pool` must last as long as the session; see `open`."""
        self._file = place / APPLICATION_FILE if place.is_dir() else place
        read_folder(self._file)  # raises where there is no application
        self._steps = Steps(self._file)
        self._opening = threading.Lock()
        self._closing = ExitStack()
        self._cache, self._pool = cache, pool
        self._files = KnownFiles(cache, pool)

    @classmethod
    def open(cls, place: Path, *, cache: bool = True) -> Self:
        """Open an application by its folder or JSON file.

        Raises UsageFault where there is none. `cache` keeps opened attachments for the next time.
        """
        with ExitStack() as stack:
            kept = stack.enter_context(cache_of_run(cache))
            session = cls(place, kept, stack.enter_context(WorkerPool()))
            session._closing = stack.pop_all()
        return session

    def __enter__(self) -> Self:
        """The session itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the session; what was written stays."""
        self.close()

    def close(self) -> None:
        """Let go of what the session held open."""
        self._closing.close()

    # What there is

    def state(self) -> State:
        """The application as it is now; no file is opened."""
        folder, texts = self._steps.read()
        return state_of(folder, texts, self._file.name, self._files.known(folder.offered))

    def open_files(self, progress: Progress = quiet) -> State:
        """Open the files that are not open yet; those that were are not opened again.

        Raises Cancelled.
        """
        progress.check()
        folder = read_folder(self._file)
        if folder.programme is not None:
            with held(self._opening, progress.is_cancelled):
                self._files.open(folder.programme, folder.offered, progress)
        return self.state()

    # Answers

    def set_answer(
        self, path: str, typed: str | Sequence[str], revision: str | None = None
    ) -> State:
        """Set the answer at a path such as `founders[0].uscc`, as it was typed.

        Raises BadPlace, StaleRevision, ApplicationBusy, OutputUnwritable, and Refused where
        application.json is no JSON.
        """
        place = _place(path)
        self._steps.answers(path, revision, lambda text: set_answer(text, place, typed))
        return self.state()

    def remove_item(self, path: str, revision: str | None = None) -> State:
        """Take out a founder or a choice, such as `founders[1]`. Raises as `set_answer`."""
        place = _place(path)
        self._steps.answers(path, revision, lambda text: remove_item(text, place))
        return self.state()

    def import_word(self, files: Sequence[Path]) -> WordProposal:
        """Read filled Word forms and hold them against the answers; nothing is written.

        Raises as `word_files.read_files`, and Refused where application.json is no JSON.
        """
        folder, texts = self._steps.read()
        if folder.programme is None or folder.application is None:
            raise Refused(folder.findings)
        revision = revision_of(texts, folder.offered)
        documents = read_files(folder.programme, files)
        return WordProposal(revision, proposal_of(folder.programme, folder.application, documents))

    def apply(self, word: WordProposal, paths: Collection[str]) -> State:
        """Take the answers at these paths from Word forms. Raises as `set_answer`."""
        chosen = word.proposal.chosen(paths)

        def taken(text: str) -> str:
            for place, value in chosen.items():
                text = put(text, place, value)
            return text

        self._steps.answers("Word", word.revision, taken)
        return self.state()

    # Files

    def add_file(
        self, material: str, name: str, source: Path, revision: str | None = None
    ) -> State:
        """Put a copy of a file among a material's, as its last, under a name like `name`.

        Raises NoSuchFile, UsageFault, and as `set_answer`.
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
        """Move a file to another material, or to a position, from 0, among its material's.

        `where` is its place as findings and `FileState` have it. Raises as `add_file`.
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
        password: str | None = None,
        revision: str | None = None,
    ) -> State:
        """Set what a list says of a file, as typed; "" takes it away, None leaves it.

        Raises as `add_file`.
        """
        given = {"title": title, "pages": pages, "rotate": rotate, "password": password}
        typed = {key: text for key, text in given.items() if text is not None}
        self._steps.files(
            f"change {where}", revision, lambda current, _: change(current, where, typed)
        )
        return self.state()

    def remove_file(self, where: str, revision: str | None = None) -> State:
        """Take out a file; it lies in the trash for `undo`. Raises as `add_file`."""
        self._steps.files(f"remove {where}", revision, lambda current, _: remove(current, where))
        return self.state()

    # Signed scans

    def recognise(
        self, scans: Sequence[Path], how: ScanOptions | None = None, progress: Progress = quiet
    ) -> RecognisedScans:
        """Recognise signed and sealed scans; nothing is written. Raises as
        `stamped_scans.recognise`."""
        folder, texts = self._steps.read()
        revision = revision_of(texts, folder.offered)
        options = how or ScanOptions()
        seen = recognise(folder, scans, options, self._cache, progress, self._pool)
        return RecognisedScans(revision, seen)

    def file(
        self, seen: RecognisedScans, decisions: Sequence[str] = (), *, replaces: bool = False
    ) -> tuple[Taken, State]:
        """Put recognised scans in place, all or none; `decisions` are as `--as` of `stamped`.

        Where a finding blocks, nothing is written. Raises UsageFault, and as `set_answer`.
        """
        recognition = seen.recognition.decided(decisions) if decisions else seen.recognition
        told: list[Taken] = []

        def filed(current: Current, work: Path) -> Change:
            findings = recognition.findings(current.folder, replaces)
            taken = Taken(recognition.verdict, recognition.names, findings)
            told.append(taken)
            if blocking(findings):
                return Change()
            complete = recognition.complete()
            moves = moves_into_place(self._file, current.folder, complete, work)
            told[0] = Taken(
                taken.verdict, taken.names, findings, put_targets(current.folder, complete)
            )
            return _of_moves(moves, self._file, work)

        self._steps.files("stamped", seen.revision.partition("-")[0], filed)
        return told[0], self.state()

    def undo(self, revision: str | None = None) -> State:
        """Take back the last step, the files that it moved included.

        What another program wrote is a step as well. Raises NothingToUndo, and as `set_answer`.
        """
        self._steps.undo(revision)
        return self.state()


def _place(path: str) -> Place:
    try:
        return place_of(path)
    except ValueError:
        raise BadPlace((path,)) from None


def _of_moves(moves: Sequence[tuple[Path, Path]], file: Path, work: Path) -> Change:
    """Moves that put scans in place, as a step."""
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
