"""The application that a server has open: its session, and views of its state for pages."""

import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.progress import Cancelled, Progress
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.domain.programme import Programme
from sjs_forms.jobs.previews import Previews
from sjs_forms.jobs.session import FileState, Session, State
from sjs_forms.typesetting.typesetting_process import Typesetting, typesetter_in_a_process
from sjs_forms.web.form.form_fields import all_chosen
from sjs_forms.web.wording.shown_findings import ShownFinding, element_id, shown

_PATIENCE = 10.0
"""Seconds in which opening ends once it is cancelled."""


@dataclass(frozen=True, slots=True)
class View:
    """A state with its findings as pages show them."""

    state: State
    findings: tuple[ShownFinding, ...]

    @property
    def programme(self) -> Programme:
        """The notice. Raises SjsFormsError where it is not known which."""
        if self.state.programme is None:
            raise SjsFormsError("读不出是哪一个申报通知。", "请撤销上一步，或重新建一份申报。")
        return self.state.programme

    @property
    def blocking(self) -> tuple[ShownFinding, ...]:
        """Findings that stand in the way of a build."""
        return tuple(each for each in self.findings if each.blocks)

    @property
    def is_read(self) -> bool:
        """Whether application.json could be understood as a whole."""
        return self.state.application is not None and isinstance(self.state.written, dict)

    @property
    def opened(self) -> int:
        """How many files were looked into."""
        return sum(file.is_open for file in self.state.files)

    @property
    def tag(self) -> str:
        """What is another whenever a page would show something else."""
        return f"{self.state.revision}-{self.opened}"

    def file(self, file_id: str) -> FileState | None:
        """The file of an id that `file_id` gave."""
        return next((each for each in self.state.files if id_of(each.where) == file_id), None)

    def at(self, where: str) -> tuple[ShownFinding, ...]:
        """Findings at a place, or at a page of the file that is there."""
        return tuple(each for each in self.findings if each.where.partition("#")[0] == where)


def id_of(where: str) -> str:
    """The id by which pages name a file; paths never come from a page."""
    return element_id("file", where)


class Live:
    """One application, open for pages. Safe to use from several threads.

    The typesetting process starts at once; files are opened in the background, and what is known
    of them shows in the next view.
    """

    def __init__(self, place: Path, typesetting: Typesetting = typesetter_in_a_process) -> None:
        """Open an application by its folder or JSON file.

        `typesetting` gives the typesetter of its previews. Raises UsageFault where there is no
        application.
        """
        with ExitStack() as stack:
            place = place.resolve()
            self.file = place / APPLICATION_FILE if place.is_dir() else place
            self.folder = self.file.parent
            self.id = element_id("application", str(self.file))
            self.session = stack.enter_context(Session.open(place))
            self.previews = Previews(stack.enter_context(typesetting()), self.session.drawing)
            self._closing = stack.pop_all()
        self._opening = Progress()
        self._threads: list[threading.Thread] = []
        self.open_in_background()

    def view(self, state: State | None = None) -> View:
        """The application as it is now, or as a step has just left it."""
        state = state or self.session.state()
        return View(state, shown(state.findings, state.programme, state.written))

    def open_files(self) -> View:
        """Open the files that are not open yet, and look again."""
        with suppress(Cancelled):
            return self.view(self.session.open_files(self._opening))
        return self.view()

    def open_in_background(self) -> None:
        """Begin to open files; what goes wrong is told by the next who opens them."""

        def opened() -> None:
            with suppress(SjsFormsError, Cancelled):
                self.session.open_files(self._opening)

        thread = threading.Thread(target=opened, name="opening", daemon=True)
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def close(self) -> None:
        """Stop opening files, and let go of everything that was open."""
        self._opening.cancel()
        for thread in self._threads:
            thread.join(_PATIENCE)
        self._closing.close()


def state_data(view: View) -> Mapping[str, Any]:
    """The state as `GET /api/state` gives it; passwords of files are left out."""
    state = view.state
    return {
        "revision": state.revision,
        "tag": view.tag,
        "application": without_passwords(state.written),
        "chosen": all_chosen(state.programme.fields, state.written) if state.programme else {},
        "findings": [found.as_dict() for found in state.findings],
        "files": [
            {
                "id": id_of(file.where),
                "where": file.where,
                "file": file.file,
                "material": file.material,
                "title": file.title,
                "pages": file.pages,
                "rotate": file.rotate,
                "has_password": file.has_password,
                "page_count": file.facts.given if file.facts else None,
                "is_open": file.is_open,
            }
            for file in state.files
        ],
    }


HIDDEN_PASSWORD = "•••"
"""Stands for a password that was given; written back, it changes nothing."""


def without_passwords(written: Any) -> Any:
    """What application.json says, with passwords of files hidden."""
    if not isinstance(written, dict) or not isinstance(written.get("attachments"), list):
        return written
    entries = [
        {**each, "password": HIDDEN_PASSWORD} if isinstance(each, dict) and each.get("password")
        else each
        for each in written["attachments"]
    ]  # fmt: skip
    return {**written, "attachments": entries}


def with_passwords(given: Mapping[str, Any], written: Any) -> dict[str, Any]:
    """What a script wrote back, with hidden passwords as they were, by their files."""
    known: dict[Any, Any] = {}
    if isinstance(written, dict) and isinstance(written.get("attachments"), list):
        known = {
            each.get("file"): each.get("password")
            for each in written["attachments"]
            if isinstance(each, dict) and isinstance(each.get("file"), str)
        }
    entries = given.get("attachments")
    if not isinstance(entries, list):
        return dict(given)
    return {
        **given,
        "attachments": [
            {**each, "password": known.get(each.get("file"))}
            if isinstance(each, dict) and each.get("password") == HIDDEN_PASSWORD
            else each
            for each in entries
        ],
    }
