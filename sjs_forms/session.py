"""What a face holds while somebody works on one application.

The state is the application's folder: every step is written at once, whole or not at all, under
the lock that the commands share. What others change there is noticed before each step and becomes
part of the history. Nothing here knows how it is shown.
"""

import json
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from sjs_forms.answer_edits import BadPlace, remove_item, set_answer
from sjs_forms.application import Application
from sjs_forms.application_lock import writing
from sjs_forms.errors import ExitCode, Refused, SjsFormsError
from sjs_forms.facts import SourceFacts
from sjs_forms.findings import Finding, blocking, capped
from sjs_forms.folder import APPLICATION_FILE, STAMP_RECORD, ApplicationFolder, Offered, read_folder
from sjs_forms.gather import Progress, shelf_of_run
from sjs_forms.intake import Shelf
from sjs_forms.json_edits import put
from sjs_forms.known_files import KnownFiles, KnownSource
from sjs_forms.labels import Place, place_of
from sjs_forms.moves import free_name
from sjs_forms.pipeline import judge, quiet
from sjs_forms.programme import Programme
from sjs_forms.publish import put_moved, recover, work_folder
from sjs_forms.scan_places import moves_into_place, put_targets
from sjs_forms.session_files import Change, Desk, add, change, move, remove
from sjs_forms.session_history import History, Texts, Version
from sjs_forms.stamped import How, Recognition, Taken, recognise
from sjs_forms.unread import Unread
from sjs_forms.word_forms import read_files
from sjs_forms.word_import import Proposal, proposal_of

_BOM = "\ufeff"


class StaleRevision(SjsFormsError):
    """Another has changed what the caller saw; `revision` is that of now."""

    exit_code = ExitCode.OUTPUT

    def __init__(self, revision: str) -> None:
        super().__init__("这份申报刚刚在别处改过。", "请看过现在的内容，再改一次。")
        self.revision = revision


class NothingToUndo(SjsFormsError):
    """There is no step to be taken back, or files it moved are no longer where it put them."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class FileState:
    """One attachment: the place by which findings and steps name it, and what is known of it.

    `facts` is None where the file cannot be used (`problem` says why) or was not opened yet.
    """

    where: str
    file: str
    material: str
    title: str
    pages: str | None
    rotate: int
    has_password: bool
    facts: SourceFacts | None
    problem: Finding | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class State:
    """An application as it is now.

    `written` is its JSON as written, None where it is none; `application` the answers with what
    is `unread` left blank. Findings about the content of files are there once those were opened.
    """

    revision: str
    programme: Programme | None
    written: Any
    application: Application | None
    unread: Unread
    findings: tuple[Finding, ...]
    files: tuple[FileState, ...]


@dataclass(frozen=True, slots=True)
class WordProposal:
    """What Word forms say beside the application of a revision."""

    revision: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class SeenScans:
    """Scans that were recognised against the forms of a revision."""

    revision: str
    recognition: Recognition


class Session:
    """One application, open. Steps come one after the other, from whatever thread.

    A step that is given a `revision` raises StaleRevision where that is not the present one: of
    answers alone for those that change answers. `with` closes the session.
    """

    def __init__(self, place: Path, shelf: Shelf) -> None:
        self._folder = place if place.is_dir() else place.parent
        self._file = place / APPLICATION_FILE if place.is_dir() else place
        self._alone = threading.RLock()
        self._opening = threading.Lock()
        self._closing = ExitStack()
        self._shelf = shelf
        self._files = KnownFiles(shelf)
        self._history = History(self._folder)
        recover(self._file)
        read_folder(self._file)  # raises where there is no application
        last = self._history.last()
        is_known = last is not None and self._file.name in last[1].after
        self._texts: Texts = last[1].after if last and is_known else self._on_disk()

    @classmethod
    def open(cls, place: Path, *, cache: bool = True) -> Self:
        """Open an application by its folder or JSON file.

        Raises UsageFault where there is none. `cache` keeps opened attachments for the next time.
        """
        with ExitStack() as stack:
            session = cls(place, stack.enter_context(shelf_of_run(cache)))
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
        with self._alone:
            folder, texts = self._read()
            known = self._files.known(folder.offered)
            text = texts[self._file.name]
            return State(
                _revision(texts, folder.offered),
                folder.programme,
                _json_of(text),
                folder.application,
                folder.unread,
                _findings(folder, known),
                tuple(_file_state(each) for each in known),
            )

    def open_files(self, progress: Progress = quiet) -> State:
        """Open the files that are not open yet; those that were are not opened again."""
        folder = read_folder(self._file)
        if folder.programme is not None:
            with self._opening:
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
        return self._answers(path, revision, lambda text: set_answer(text, place, typed))

    def remove_item(self, path: str, revision: str | None = None) -> State:
        """Take out a founder or a choice, such as `founders[1]`. Raises as `set_answer`."""
        place = _place(path)
        return self._answers(path, revision, lambda text: remove_item(text, place))

    def import_word(self, files: Sequence[Path]) -> WordProposal:
        """Read filled Word forms and hold them against the answers; nothing is written.

        Raises as `word_forms.read_files`, and Refused where application.json is no JSON.
        """
        with self._alone:
            folder, texts = self._read()
            if folder.programme is None or folder.application is None:
                raise Refused(folder.findings)
            revision = _revision(texts, folder.offered)
        documents = read_files(folder.programme, files)
        return WordProposal(revision, proposal_of(folder.programme, folder.application, documents))

    def apply(self, word: WordProposal, paths: Collection[str]) -> State:
        """Take the answers at these paths from Word forms. Raises as `set_answer`."""
        chosen = word.proposal.chosen(paths)

        def taken(text: str) -> str:
            for place, value in chosen.items():
                text = put(text, place, value)
            return text

        return self._answers("Word", word.revision, taken)

    # Files

    def add_file(
        self, material: str, name: str, source: Path, revision: str | None = None
    ) -> State:
        """Put a copy of a file among a material's, as its last, under a name like `name`.

        Raises NoSuchFile, UsageFault, and as `set_answer`.
        """
        return self._files_step(
            f"add {name}", revision, lambda desk, work: add(desk, material, name, source, work)
        )

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
        return self._files_step(
            f"move {where}", revision, lambda desk, _: move(desk, where, material, position)
        )

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
        return self._files_step(
            f"change {where}", revision, lambda desk, _: change(desk, where, typed)
        )

    def remove_file(self, where: str, revision: str | None = None) -> State:
        """Take out a file; it lies in the trash for `undo`. Raises as `add_file`."""
        return self._files_step(f"remove {where}", revision, lambda desk, _: remove(desk, where))

    # Signed scans

    def recognise(
        self, scans: Sequence[Path], how: How | None = None, progress: Progress = quiet
    ) -> SeenScans:
        """Recognise signed and sealed scans; nothing is written. Raises as `stamped.recognise`."""
        with self._alone:
            folder, texts = self._read()
            revision = _revision(texts, folder.offered)
        seen = recognise(folder, scans, how or How(), self._shelf, progress)
        return SeenScans(revision, seen)

    def file(
        self, seen: SeenScans, decisions: Sequence[str] = (), *, replaces: bool = False
    ) -> tuple[Taken, State]:
        """Put recognised scans in place, all or none; `decisions` are as `--as` of `stamped`.

        Where a finding blocks, nothing is written. Raises UsageFault, and as `set_answer`.
        """
        recognition = seen.recognition.decided(decisions) if decisions else seen.recognition
        told: list[Taken] = []

        def filed(desk: Desk, work: Path) -> Change:
            findings = recognition.findings(desk.folder, replaces)
            taken = Taken(recognition.verdict, recognition.names, findings)
            told.append(taken)
            if blocking(findings):
                return Change()
            complete = recognition.complete()
            moves = moves_into_place(self._file, desk.folder, complete, work)
            told[0] = Taken(
                taken.verdict, taken.names, findings, put_targets(desk.folder, complete)
            )
            return _of_moves(moves, self._file, work)

        state = self._files_step("stamped", seen.revision.partition("-")[0], filed)
        return told[0], state

    # Steps

    def undo(self, revision: str | None = None) -> State:
        """Take back the last step, the files that it moved included.

        What another program wrote is a step as well. Raises NothingToUndo, and as `set_answer`.
        """
        with self._alone, writing(self._folder):
            self._notice()
            self._hold(revision)
            last = self._history.last()
            if last is None or last[1].after != self._texts:
                raise NothingToUndo("没有可以撤销的改动。")
            self._take_back(*last)
        return self.state()

    def _answers(self, what: str, revision: str | None, make: Callable[[str], str]) -> State:
        """A step that changes answers alone: of a revision, only the part for answers counts."""
        own = revision.partition("-")[0] if revision else None
        return self._step(what, own, lambda _: Change(make(self._text())))

    def _files_step(
        self, what: str, revision: str | None, make: Callable[[Desk, Path], Change]
    ) -> State:
        """A step that may change files."""

        def made(work: Path) -> Change:
            folder, text = read_folder(self._file), self._text()
            if folder.programme is None:
                raise Refused(folder.findings)
            return make(Desk(folder, folder.programme, text), work)

        return self._step(what, revision, made)

    def _step(self, what: str, revision: str | None, make: Callable[[Path], Change]) -> State:
        with self._alone, writing(self._folder):
            self._notice()
            self._hold(revision)
            with work_folder(self._file) as work:
                self._carry_out(what, make(work), work)
            self._history.prune()
        return self.state()

    def _text(self) -> str:
        """The JSON text that is to be edited. Raises Refused where it is none."""
        text = (self._texts[self._file.name] or "").removeprefix(_BOM)
        if not isinstance(_json_of(text), dict):
            raise Refused(read_folder(self._file).findings)
        return text

    def _carry_out(self, what: str, made: Change, work: Path) -> None:
        """Write a step and its version, all or nothing."""
        number = self._history.next_number()
        after = dict(self._texts)
        if made.text is not None:
            before = self._texts[self._file.name] or ""
            after[self._file.name] = (_BOM if before.startswith(_BOM) else "") + made.text
        if made.record is not None:
            after[STAMP_RECORD] = _as_text(made.record)
        taken: list[tuple[Path, Path]] = []
        for path in made.removed:
            taken.append((path, self._history.trash(number) / f"{len(taken)}-{path.name}"))
        inside = (*made.moves, *taken)
        if after == self._texts and not inside and not made.added:
            return
        version = Version(
            what,
            self._texts,
            after,
            tuple((self._shown(one), self._shown(other)) for one, other in inside),
            tuple(self._shown(target) for _, target in made.added),
        )
        noted = work / "version.json"
        noted.write_bytes(version.as_bytes())
        moves = [*inside, *made.added, (noted, self._history.path(number))]
        self._put(moves, after, work)

    def _take_back(self, number: int, version: Version) -> None:
        with work_folder(self._file) as work:
            back = [(self._path(other), self._path(one)) for one, other in version.moves[::-1]]
            for name in version.added:
                path = self._path(name)
                back.append((path, free_name(self._history.trash(number) / path.name)))
            if not all(source.exists() for source, _ in back):
                raise NothingToUndo(
                    "上一步动过的文件又被移动或删除了，无法撤销。", "请在文件夹里核对。"
                )
            back.append((self._history.path(number), work / "undone.json"))
            self._put(back, version.before, work)

    def _put(self, moves: list[tuple[Path, Path]], after: Texts, work: Path) -> None:
        """Make moves and write the texts that change, all or nothing; application.json is last."""
        changed = [name for name in after if after[name] != self._texts.get(name)]
        for name in sorted(changed, key=lambda name: name == self._file.name):
            text, path = after[name], self._folder / name
            if name != self._file.name and path.exists():
                moves.append((path, work / f"earlier-{name}"))
            if text is not None:
                (work / name).write_bytes(_as_bytes(text))
                moves.append((work / name, path))
        put_moved(moves, work, self._file)
        self._texts = after

    # What others did

    def _read(self) -> tuple[ApplicationFolder, Texts]:
        """The folder and its texts, which belong together."""
        while True:
            texts = self._on_disk()
            folder = read_folder(self._file)
            if texts == self._on_disk():
                return folder, texts

    def _on_disk(self) -> Texts:
        return {
            name: _as_text(path.read_bytes()) if path.is_file() else None
            for name in (self._file.name, STAMP_RECORD)
            for path in (self._folder / name,)
        }

    def _notice(self) -> None:
        """Take in what others wrote since, and what a killed step left; a version tells of it."""
        recover(self._file)
        now = self._on_disk()
        if now == self._texts:
            return
        last = self._history.last()
        if last is not None and last[1].after == now:  # a step of another session
            self._texts = now
            return
        number = self._history.next_number()
        with work_folder(self._file) as work:
            noted = work / "version.json"
            noted.write_bytes(Version("", self._texts, now).as_bytes())
            put_moved([(noted, self._history.path(number))], work, self._file)
        self._texts = now

    def _hold(self, revision: str | None) -> None:
        """Raise StaleRevision where `revision`, or the part of it that is given, is another now."""
        if revision is None:
            return
        now = _revision(self._texts, read_folder(self._file).offered)
        if revision not in (now, now.partition("-")[0]):
            raise StaleRevision(now)

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _path(self, shown: str) -> Path:
        return self._folder / shown


def _place(path: str) -> Place:
    try:
        return place_of(path)
    except ValueError:
        raise BadPlace((path,)) from None


def _revision(texts: Texts, offered: Sequence[Offered]) -> str:
    """What is another as soon as answers, or files, are: a part for each, with - between."""
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
    unusable = {  # what stands in the way of all files is told once
        (each.problem.code, each.problem.message): each.problem for each in known if each.problem
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
        item.password is not None,
        known.source.facts,
        known.problem,
        known.is_open,
    )


def _of_moves(moves: Sequence[tuple[Path, Path]], file: Path, work: Path) -> Change:
    """Moves that put scans in place, as a step."""
    text, record = None, None
    added, inside = [], []
    for source, target in moves:
        if target == file:
            text = _as_text(source.read_bytes()).removeprefix(_BOM)
        elif target.name == STAMP_RECORD and source.is_relative_to(work):
            record = source.read_bytes()
        elif source.is_relative_to(work):
            added.append((source, target))
        elif not target.is_relative_to(work):
            inside.append((source, target))
    return Change(text, tuple(inside), tuple(added), record=record)


def _json_of(text: str | None) -> Any:
    try:
        return json.loads((text or "").removeprefix(_BOM))
    except (ValueError, RecursionError):
        return None


def _as_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
