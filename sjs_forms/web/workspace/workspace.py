"""What one run of the server holds: the open application, its jobs, and files on the way."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.typesetting.typesetting_process import Typesetting, typesetter_in_a_process
from sjs_forms.web.workspace.importing import Importing
from sjs_forms.web.workspace.jobs import Job, Jobs
from sjs_forms.web.workspace.live import Live, View
from sjs_forms.web.workspace.recent_folders import remember
from sjs_forms.web.workspace.results import Results, draft_folder, finished_folder, results_of
from sjs_forms.web.workspace.uploads import Incoming


class Workspace:
    """The state of the server; `end` asks it to end, `work` is a folder for files on the way.

    New applications answer the notice `programme_id` unless another is chosen.
    """

    def __init__(
        self,
        work: Path,
        end: Callable[[], None],
        typesetting: Typesetting = typesetter_in_a_process,
        programme_id: str | None = None,
    ) -> None:
        self._typesetting = typesetting
        self._lock = threading.Lock()
        self._live: Live | None = None
        self.work, self.end = work, end
        self.programme_id = programme_id
        self.jobs = Jobs()
        self.scans = Incoming(work / "scans")
        self.importing = Importing(work / "import")

    @property
    def live(self) -> Live | None:
        """The application that is open."""
        return self._live

    def open(self, place: Path) -> Live:
        """Open an application instead of the one that is open. Raises UsageFault."""
        with self._lock:
            live = Live(place, self._typesetting)
            self._let_go()
            self._live = live
        if live.file.name == APPLICATION_FILE:
            remember(live.folder)
        return live

    def leave(self) -> None:
        """Close the application that is open."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        self.jobs.close()
        self.jobs = Jobs()
        if self._live is not None:
            self._live.close()
        self._live = None
        self.scans.clear()
        self.importing.clear()
        shutil.rmtree(self.draft_out, ignore_errors=True)

    def is_busy(self) -> bool:
        """Return whether anything is being written, though no page may look."""
        return any(self.jobs.is_running(kind) for kind in ("build", "draft", "fill"))

    def close(self) -> None:
        """End all jobs and let go of everything."""
        self.leave()

    @property
    def draft_out(self) -> Path:
        """Where the draft of the preview lies."""
        return self.work / "预览"

    def results(self) -> Results | None:
        """What was built last of the application that is open."""
        live = self._live
        return results_of(finished_folder(live.folder), live.file) if live else None

    def draft_results(self) -> Results | None:
        """The draft that was built last at a person's request."""
        live = self._live
        if live is None:
            return None
        return results_of(draft_folder(live.folder), live.file, is_draft=True)

    def preview_job(self) -> Job | None:
        """The newest background draft."""
        return self.jobs.latest("draft")

    def preview_state(self, view: View) -> Literal["none", "old", "new"]:
        """Whether there is a draft to look at, and whether it shows the present."""
        job = self.preview_job()
        if job is None or (job.end or {}).get("end") != "done":
            return "none"
        return "new" if job.revision == view.state.revision else "old"
