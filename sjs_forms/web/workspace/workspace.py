"""The state of one run of the server: the open application, its jobs, and received files."""

import secrets
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.typesetting.typesetting_process import Typesetting, typesetter_in_a_process
from sjs_forms.web.workspace.importing import Importing
from sjs_forms.web.workspace.jobs import Job, Jobs
from sjs_forms.web.workspace.open_application import OpenApplication, View
from sjs_forms.web.workspace.recent_folders import remember
from sjs_forms.web.workspace.results import Results, draft_folder, finished_folder, results_of
from sjs_forms.web.workspace.uploads import Incoming


class Workspace:
    """The state of the server. `end` ends it, `work` is a folder for received files.

    New applications answer the notice `programme_id` unless another is chosen. `changed` is called
    with the application that is open from now on, its folder or JSON file, or None.
    """

    def __init__(
        self,
        work: Path,
        end: Callable[[], None],
        typesetting: Typesetting = typesetter_in_a_process,
        programme_id: str | None = None,
        changed: Callable[[Path | None], object] = lambda _place: None,
    ) -> None:
        self._typesetting = typesetting
        self._lock = threading.Lock()
        self._live: OpenApplication | None = None
        self.work, self.end = work, end
        self.programme_id = programme_id
        self._changed = changed
        self.jobs = Jobs()
        self._start_anew()

    def _start_anew(self) -> None:
        """Have files received from now on belong to the application that is opened next.

        A request that began before keeps what it has begun with.
        """
        folder = self.work / secrets.token_hex(4)
        self.scans = Incoming(folder / "scans")
        self.importing = Importing(folder / "import")

    @property
    def live(self) -> OpenApplication | None:
        """The open application, or None."""
        return self._live

    def open(self, place: Path) -> OpenApplication:
        """Open an application instead of the one that is open. Raises UsageFault."""
        with self._lock:
            live = OpenApplication(place, self._typesetting)
            self._close_application()
            self._live = live
        is_folder = live.file.name == APPLICATION_FILE
        if is_folder:
            remember(live.folder)
        self._changed(live.folder if is_folder else live.file)
        return live

    def leave(self) -> None:
        """Close the application that is open."""
        self.close()
        self._changed(None)

    def _close_application(self) -> None:
        self.jobs.close()
        self.jobs = Jobs()
        if self._live is not None:
            self._live.close()
        self._live = None
        self.scans.clear()
        self.importing.clear()
        self._start_anew()
        shutil.rmtree(self.draft_out, ignore_errors=True)
        shutil.rmtree(self.reading_pictures, ignore_errors=True)

    def is_busy(self) -> bool:
        """Return whether a build, a draft, the filling of forms or a reading is running."""
        return any(self.jobs.is_running(kind) for kind in ("build", "draft", "fill", "read"))

    def close(self) -> None:
        """End all jobs and close everything."""
        with self._lock:
            self._close_application()

    @property
    def draft_out(self) -> Path:
        """The output folder of the preview's draft."""
        return self.work / "预览"

    @property
    def reading_pictures(self) -> Path:
        """The folder of the pictures from the last reading of the papers."""
        return self.work / "核对"

    def clear_reading(self) -> None:
        """End a reading of the papers, and remove its pictures."""
        job = self.jobs.latest("read")
        if job is not None and job.is_running:
            job.close()
        shutil.rmtree(self.reading_pictures, ignore_errors=True)

    def results(self) -> Results | None:
        """Return the results of the last build of the open application."""
        live = self._live
        return results_of(finished_folder(live.folder), live.file) if live else None

    def draft_results(self) -> Results | None:
        """Return the results of the last draft that the user requested."""
        live = self._live
        if live is None:
            return None
        return results_of(draft_folder(live.folder), live.file, is_draft=True)

    def preview_job(self) -> Job | None:
        """Return the newest job that builds the preview's draft."""
        return self.jobs.latest("draft")

    def preview_state(self, view: View) -> Literal["none", "old", "new"]:
        """Return whether there is a draft, and whether it shows the current state."""
        job = self.preview_job()
        if job is None or (job.end or {}).get("end") != "done":
            return "none"
        return "new" if job.revision == view.state.revision else "old"
