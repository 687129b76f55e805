"""The open application of a server: its session, and views of its state for pages."""

import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.errors import SjsFormsError, UsageFault
from sjs_forms.base.progress import Cancelled, Progress
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.jobs.previews import Previews
from sjs_forms.jobs.session import FileState, Session, State
from sjs_forms.typesetting.typesetting_process import Typesetting, typesetter_in_a_process
from sjs_forms.web.form.form_fields import all_chosen
from sjs_forms.web.wording.shown_findings import ShownFinding, element_id, shown

_PATIENCE = 10.0
"""Seconds to wait for the opening of files to end once it is cancelled."""


@dataclass(frozen=True, slots=True)
class View:
    """A state with its findings as pages show them."""

    state: State
    findings: tuple[ShownFinding, ...]

    @property
    def programme(self) -> Programme:
        """The notice. Raises SjsFormsError if it is unknown."""
        if self.state.programme is None:
            raise SjsFormsError("读不出是哪一个申报通知。", "请撤销上一步，或重新建一份申报。")
        return self.state.programme

    @property
    def blocking(self) -> tuple[ShownFinding, ...]:
        """The findings that block a build."""
        return tuple(each for each in self.findings if each.blocks)

    @property
    def is_read(self) -> bool:
        """Whether application.json could be parsed as a whole."""
        return self.state.application is not None and isinstance(self.state.written, dict)

    @property
    def opened(self) -> int:
        """The number of files that were opened."""
        return sum(file.is_open for file in self.state.files)

    @property
    def tag(self) -> str:
        """A value that changes whenever a page would show something else."""
        looked_at = sum(file.photographs is not None for file in self.state.files)
        return f"{self.state.revision}-{self.opened}-{looked_at}"

    def file(self, file_id: str) -> FileState | None:
        """Return the file with an id from `id_of`, or None."""
        return next((each for each in self.state.files if id_of(each.where) == file_id), None)

    def at(self, where: str) -> tuple[ShownFinding, ...]:
        """Return the findings at a place, or at a page of the file at that place."""
        return tuple(each for each in self.findings if each.where.partition("#")[0] == where)


def id_of(where: str) -> str:
    """Return the id by which pages name a file, so that no path is accepted from a page."""
    return element_id("file", where)


def version_of(facts: SourceFacts) -> str:
    """Return what changes with the pages of a file; pages ask for their pictures with it.

    The name of the clean PDF tells a straightened file from the file as it was.
    """
    return f"{facts.sha256[:16]}-{facts.clean.stem[:8]}"


class OpenApplication:
    """One application, open for pages. Thread-safe.

    The typesetting process starts at once. Files are opened in the background, and the next view
    includes their facts.
    """

    def __init__(self, place: Path, typesetting: Typesetting = typesetter_in_a_process) -> None:
        """Open an application by its folder or JSON file.

        `typesetting` gives the typesetter of its previews. Raises UsageFault if there is no
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
        """Return a view of the current state, or of `state`, the result of a step."""
        state = state or self.session.state()
        return View(state, shown(state.findings, state.programme, state.written))

    def open_files(self) -> View:
        """Open the files that are not open yet, and return a new view."""
        with suppress(Cancelled):
            return self.view(self.session.open_files(self._opening))
        return self.view()

    def straightened(self, file: FileState) -> SourceFacts | None:
        """Return a file as it would be with its photographs straightened, or None."""
        return self.session.straightened(file.where, self._opening)

    def open_in_background(self) -> None:
        """Start to open files, and to look for photographs that can be straightened.

        Errors are raised by the next call of `open_files`.
        """

        def opened() -> None:
            with suppress(SjsFormsError, Cancelled):
                self.session.open_files(self._opening)
                self.session.look_at_photographs(self._opening)

        thread = threading.Thread(target=opened, name="opening", daemon=True)
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def close(self) -> None:
        """Stop opening files, and close everything."""
        self._opening.cancel()
        for thread in self._threads:
            thread.join(_PATIENCE)
        self._closing.close()


def state_data(view: View) -> Mapping[str, Any]:
    """Return the state for `GET /api/state`, without passwords of files."""
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
                "straighten": file.straighten,
                "has_password": file.has_password,
                "page_count": file.facts.given if file.facts else None,
                "is_open": file.is_open,
            }
            for file in state.files
        ],
    }


HIDDEN_PASSWORD = "•••"
"""Placeholder for a stored password; if it is sent back, the password is unchanged."""


def without_passwords(written: Any) -> Any:
    """Return the content of application.json, with passwords of files hidden."""
    if not isinstance(written, dict) or not isinstance(written.get("attachments"), list):
        return written
    entries = [
        {**each, "password": HIDDEN_PASSWORD} if isinstance(each, dict) and each.get("password")
        else each
        for each in written["attachments"]
    ]  # fmt: skip
    return {**written, "attachments": entries}


def with_passwords(given: Mapping[str, Any], written: Any) -> dict[str, Any]:
    """Return JSON that a script sent back, with hidden passwords restored by file.

    Raises UsageFault if it is unclear of which file a password is.
    """
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
            {**each, "password": _password_of(each.get("file"), known)}
            if isinstance(each, dict) and each.get("password") == HIDDEN_PASSWORD
            else each
            for each in entries
        ],
    }


def _password_of(file: Any, known: Mapping[Any, Any]) -> Any:
    if not isinstance(file, str) or file not in known:
        raise UsageFault("看不出是哪个文件的密码。", "请写明密码，或不写密码再在页面上填。")
    return known[file]
