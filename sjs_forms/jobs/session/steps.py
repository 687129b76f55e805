"""Steps on an application's folder, each as a whole or not at all, and undo.

A step is made and written under the lock that the commands share. Changes by others are noticed
before it and recorded as a step of their own.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from sjs_forms.base.errors import ExitCode, Refused, SjsFormsError, UsageFault
from sjs_forms.base.output.journalled_moves import free_name
from sjs_forms.base.output.output_folder import put_moved, recover, work_folder
from sjs_forms.domain.folder.application_folder import STAMP_RECORD, ApplicationFolder, read_folder
from sjs_forms.domain.folder.application_lock import writing
from sjs_forms.jobs.session.file_changes import Change, Current
from sjs_forms.jobs.session.history import History, Version
from sjs_forms.jobs.session.state import json_of, revision_of
from sjs_forms.jobs.session.text_files import Texts, as_bytes, as_text, is_whole, text_of

_BOM = "\ufeff"
_ONE_STEP = 2.0
"""Seconds within which typing in the same place is one step."""


class StaleRevision(SjsFormsError):
    """Raised if the application was changed since the caller's revision; `revision` is the current
    one.
    """

    exit_code = ExitCode.OUTPUT

    def __init__(self, revision: str) -> None:
        super().__init__("这份申报刚刚在别处改过。", "请看过现在的内容，再改一次。")
        self.revision = revision


class NothingToUndo(SjsFormsError):
    """Raised if there is no step to undo, or files it moved are no longer there."""

    exit_code = ExitCode.USAGE


class Steps:
    """The steps of a session, serialised, from any thread.

    `file` is the application's JSON. A step with a `revision`, or the first part of one, raises
    StaleRevision if that is not the current one. Any step raises UsageFault if the folder is gone.
    """

    def __init__(self, file: Path) -> None:
        self._folder, self._file = file.parent, file
        self._alone = threading.RLock()
        self._history = History(file.parent, (file.name, STAMP_RECORD))
        recover(file)
        last = self._history.last()
        is_known = last is not None and file.name in last[1].after
        self._texts: Texts = last[1].after if last and is_known else self._on_disk()
        self._typed: tuple[str, int, float] | None = None
        """The last step, if it was typing: its places, its version's number, and its time."""
        self._going_on: int | None = None
        """The number of the version that the current step continues."""

    def answers(self, what: str, revision: str | None, make: Callable[[str], str]) -> None:
        """Change answers only; of a revision, only the part for answers counts."""
        own = revision.partition("-")[0] if revision else None
        self._step(what, own, lambda _: Change(make(self._text())))

    def typing(self, what: str, make: Callable[[str], str]) -> None:
        """Change answers only; joins the step before if that was typing in the same places."""
        with self._alone:
            typed = self._typed
            goes_on = typed is not None and typed[0] == what and monotonic() - typed[2] < _ONE_STEP
            self._going_on = typed[1] if typed is not None and goes_on else None
            try:
                self._step(what, None, lambda _: Change(make(self._text())))
            finally:
                self._going_on = None
            last = self._history.last()
            is_own = last is not None and last[1].what == what
            self._typed = (what, last[0], monotonic()) if last and is_own else None

    def files(
        self, what: str, revision: str | None, make: Callable[[Current, Path], Change]
    ) -> None:
        """Change answers or files."""

        def made(work: Path) -> Change:
            folder, text = read_folder(self._file), self._text()
            if folder.programme is None:
                raise Refused(folder.findings)
            return make(Current(folder, folder.programme, text), work)

        self._step(what, revision, made)

    def _step(self, what: str, revision: str | None, make: Callable[[Path], Change]) -> None:
        self._require_folder()
        with self._alone, writing(self._folder):
            self._record_foreign_changes()
            self._require_revision(revision)
            with work_folder(self._file) as work:
                self._carry_out(what, make(work), work)
            self._history.prune()

    def _require_folder(self) -> None:
        """Raise UsageFault if the folder was moved; the lock would create one in its place."""
        if not self._folder.is_dir():
            raise UsageFault(f"“{self._folder}”不在原处了。", "请移回原处。")

    def _text(self) -> str:
        """Return the JSON text to be edited. Raises Refused if it is not JSON."""
        text = (self._texts[self._file.name] or "").removeprefix(_BOM)
        if not isinstance(json_of(text), dict):
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
            after[STAMP_RECORD] = as_text(made.record)
        taken: list[tuple[Path, Path]] = []
        for path in made.removed:
            taken.append((path, self._history.trash(number) / f"{len(taken)}-{path.name}"))
        inside = (*made.moves, *taken)
        if after == self._texts and not inside and not made.added:
            return
        earlier, replaced = self._earlier(), []
        if earlier is not None:
            number = earlier[0]
            replaced = [(self._history.path(number), work / "earlier.json")]
        version = Version(
            what,
            earlier[1].before if earlier else self._texts,
            after,
            tuple((self._shown(one), self._shown(other)) for one, other in inside),
            tuple(self._shown(target) for _, target in made.added),
        )
        noted = work / "version.json"
        noted.write_bytes(version.as_bytes())
        moves = [*inside, *made.added, *replaced, (noted, self._history.path(number))]
        self._put(moves, after, work)

    def _earlier(self) -> tuple[int, Version] | None:
        """Return the version that this step continues; one version of both will replace it."""
        last = self._history.last()
        if last is None or last[0] != self._going_on or last[1].after != self._texts:
            return None
        return last

    def _take_back(self, number: int, version: Version) -> None:
        with work_folder(self._file) as work:
            back = []  # reversed, because a file may be where another was moved away
            for name in version.added[::-1]:
                path = self._path(name)
                back.append((path, free_name(self._history.trash(number) / path.name)))
            back += [(self._path(other), self._path(one)) for one, other in version.moves[::-1]]
            if not all(os.path.lexists(source) for source, _ in back):
                raise NothingToUndo(
                    "上一步动过的文件又被移动或删除了，无法撤销。", "请在文件夹里核对。"
                )
            back.append((self._history.path(number), work / "undone.json"))
            self._put(back, version.before, work)

    def _put(self, moves: list[tuple[Path, Path]], after: Texts, work: Path) -> None:
        """Make moves and write the changed texts, all or nothing; application.json is last."""
        changed = [name for name in after if after[name] != self._texts.get(name)]
        for name in sorted(changed, key=lambda name: name == self._file.name):
            text, path = after[name], self._folder / name
            if name != self._file.name and path.exists():
                moves.append((path, work / f"earlier-{name}"))
            if text is not None:
                (work / name).write_bytes(as_bytes(text))
                moves.append((work / name, path))
        put_moved(moves, work, self._file)
        self._texts = after

    # Changes by others

    def undo(self, revision: str | None = None) -> None:
        """Undo the last step, including its moves of files.

        A change by another program is a step as well. Raises NothingToUndo, and what `set_answer`
        raises.
        """
        self._require_folder()
        with self._alone, writing(self._folder):
            self._record_foreign_changes()
            self._require_revision(revision)
            last = self._history.last()
            if last is None or last[1].after != self._texts:
                raise NothingToUndo("没有可以撤销的改动。")
            if not (is_whole(last[1].before) and is_whole(last[1].after)):
                raise NothingToUndo("文件太大，没有留下改动前的内容，无法撤销。")
            self._take_back(*last)
            self._typed = None

    def read(self) -> tuple[ApplicationFolder, Texts]:
        """Return the folder and the texts from which it was read."""
        with self._alone:
            while True:
                texts = self._on_disk()
                folder = read_folder(self._file)
                if texts == self._on_disk():
                    return folder, texts

    def _on_disk(self) -> Texts:
        return {name: text_of(self._folder / name) for name in (self._file.name, STAMP_RECORD)}

    def _record_foreign_changes(self) -> None:
        """Record changes by others since, and what a killed step left, as a version."""
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

    def _require_revision(self, revision: str | None) -> None:
        """Raise StaleRevision if `revision`, or the given part of it, is not the current one."""
        if revision is None:
            return
        now = revision_of(self._texts, read_folder(self._file).offered)
        if revision not in (now, now.partition("-")[0]):
            raise StaleRevision(now)

    def _shown(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _path(self, shown: str) -> Path:
        return self._folder / shown
