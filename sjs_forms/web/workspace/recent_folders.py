"""The applications that a page may open: recent folders, and the folder for new ones."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.safe_names import safe_name
from sjs_forms.base.files.user_cache import cache_folder
from sjs_forms.base.output import patient_moves
from sjs_forms.base.output.journalled_moves import free_name
from sjs_forms.domain.folder.application_folder import APPLICATION_FILE
from sjs_forms.jobs.new_folder import make_folder, make_sample
from sjs_forms.web.wording.shown_findings import element_id

HOME_FOLDER = "申报材料"
"""The folder for new applications, in the user's documents."""

_MAX = 12


@dataclass(frozen=True, slots=True)
class RecentFolder:
    """An application that was open before."""

    id: str
    path: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def place(self) -> str:
        """Where the folder is, as shown to the user."""
        return place_in_words(self.path.parent)

    @property
    def changed(self) -> str:
        """The day of the last change, as shown to the user."""
        try:
            time = (self.path / APPLICATION_FILE).stat().st_mtime
        except OSError:  # removed since it was listed
            return ""
        day = datetime.fromtimestamp(time, UTC).astimezone()
        return f"{day.year}年{day.month}月{day.day}日改过"


_SHOWN_AS = {"Documents": "文档", "Desktop": "桌面", "Downloads": "下载"}
"""Folders that systems show under another name."""


def place_in_words(path: Path) -> str:
    """Return where a folder is, as a file manager shows it, the outermost folder first."""
    home = Path.home()
    if path.is_relative_to(home):
        return " › ".join(_SHOWN_AS.get(part, part) for part in path.relative_to(home).parts)
    return " › ".join(part.strip("/\\") for part in path.parts if part.strip("/\\"))


def state_folder() -> Path:
    """Return the folder in which the web interface stores data of this user."""
    return cache_folder().parent / "web"


def recent() -> tuple[RecentFolder, ...]:
    """Return applications that were open before and still exist, the latest first."""
    try:
        listed = json.loads(_list_file().read_text(encoding="utf-8"))
        paths = [Path(each) for each in listed if isinstance(each, str)]
    except (OSError, ValueError, TypeError, RuntimeError):
        return ()
    there = [path for path in paths if (path / APPLICATION_FILE).is_file()]
    return tuple(RecentFolder(element_id("folder", str(path)), path) for path in there[:_MAX])


def remember(folder: Path) -> None:
    """Put a folder first among the recent ones; never fails."""
    with suppress(OSError, RuntimeError):
        others = [each.path for each in recent() if each.path != folder]
        file = _list_file()
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps([str(path) for path in (folder, *others)][:_MAX])
        patient_moves.write(file, text.encode())


def new_folder(name: str, notice: str | None = None) -> Path:
    """Create an empty application of that name in the user's documents, for the notice `notice`.

    Raises OutputUnwritable, and UsageFault if there is no such notice or a folder of that name.
    """
    target = _home() / safe_name(name)
    if (target / APPLICATION_FILE).is_file():
        raise UsageFault(
            f"已经有一份叫“{target.name}”的申报。",
            "请在“接着做”里点开它；确要另做一份，请换个名字，如加上年份。",
        )
    target = _free(name)
    make_folder(target, notice)
    return target


def new_sample() -> Path:
    """Create a copy of the sample. Raises OutputUnwritable."""
    target = _free("样例")
    make_sample(target)
    return target


def _free(name: str) -> Path:
    place = _home()
    place.mkdir(parents=True, exist_ok=True)
    return free_name(place / safe_name(name))


def _home() -> Path:
    """Return the folder of new applications."""
    home = Path.home()
    documents = next(
        (home / each for each in ("Documents", "文档") if (home / each).is_dir()), home
    )
    return documents / HOME_FOLDER


def _list_file() -> Path:
    return state_folder() / "recent.json"
