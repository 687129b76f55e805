"""The history of a session in `.sjs`: earlier versions, and removed files.

A version is one step: the text files before and after it, and the files moved or added. The last
`MAX` are kept; removed files stay in the trash as long as their version.
"""

import json
import logging
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sjs_forms.base.files.plain_files import read_record
from sjs_forms.domain.folder.application_lock import SESSION_FOLDER, refuse_links
from sjs_forms.jobs.session.text_files import Texts

_log = logging.getLogger(__name__)

MAX = 200


@dataclass(frozen=True, slots=True)
class Version:
    """One step: the texts before and after it, and the files moved (from, to) and added.

    Paths are relative to the application's folder, with `/`.
    """

    what: str
    before: Texts
    after: Texts
    moves: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()

    def as_bytes(self) -> bytes:
        """Return the version as stored on disk."""
        return json.dumps(asdict(self), ensure_ascii=True, indent=1).encode("ascii")


class History:
    """The versions of one application, with increasing numbers.

    They may have come with the folder from a stranger. One that would write any other text than
    `names`, or touch anything outside the folder, counts as unreadable. Raises OutputUnwritable
    where its folders are links.
    """

    def __init__(self, folder: Path, names: Collection[str]) -> None:
        self._folder, self._names = folder, names
        self._versions = folder / SESSION_FOLDER / "versions"
        self._trash = folder / SESSION_FOLDER / "trash"
        refuse_links(self._versions, self._trash)

    def last(self) -> tuple[int, Version] | None:
        """Return the newest readable version with its number."""
        for number in sorted(self._numbers(), reverse=True):
            version = _read(self.path(number))
            if version is not None and self._is_ours(version):
                return number, version
        return None

    def _is_ours(self, version: Version) -> bool:
        """Return whether a version is of these texts, and of files within the folder."""
        shown = (*version.added, *(path for move in version.moves for path in move))
        own = version.before.keys() | version.after.keys() <= set(self._names)
        if own and all(_is_inside(self._folder, path) for path in shown):
            return True
        _log.warning("a version is of something outside: %s", version.what)
        return False

    def next_number(self) -> int:
        """Return the number of the next version."""
        return max((*self._numbers(), *_numbers_in(self._trash, "")), default=0) + 1

    def path(self, number: int) -> Path:
        """Return the path of a version."""
        return self._versions / f"{number:06}.json"

    def trash(self, number: int) -> Path:
        """Return the folder of the files that a step removes."""
        return self._trash / f"{number:06}"

    def prune(self) -> None:
        """Delete all but the last versions, and the removed files of the others."""
        kept = sorted(self._numbers())[-MAX:]
        oldest = kept[0] if len(kept) == MAX else 0
        with suppress(OSError):
            for number in [each for each in self._numbers() if each < oldest]:
                self.path(number).unlink(missing_ok=True)
            for number in [each for each in _numbers_in(self._trash, "") if each < oldest]:
                shutil.rmtree(self.trash(number), ignore_errors=True)

    def _numbers(self) -> Iterator[int]:
        yield from _numbers_in(self._versions, ".json")


def _is_inside(folder: Path, shown: str) -> bool:
    """Return whether a relative path leads to something within the folder."""
    path = Path(shown)
    if not path.parts or path.anchor or ".." in path.parts:
        return False
    try:
        return (folder / path).parent.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle, a zero byte
        return False


def _numbers_in(folder: Path, suffix: str) -> Iterator[int]:
    if folder.is_dir():
        for path in folder.iterdir():
            if path.suffix == suffix and path.stem.isdecimal():
                yield int(path.stem)


def _texts(stored: Any) -> dict[str, str | None]:
    """Return stored texts. Raises TypeError for anything else."""
    if not all(text is None or isinstance(text, str) for text in stored.values()):
        raise TypeError(stored)
    return dict(stored)


def _read(path: Path) -> Version | None:
    try:
        data: Any = json.loads(read_record(path))
        moves = tuple((str(one), str(other)) for one, other in data["moves"])
        return Version(
            str(data["what"]),
            _texts(data["before"]),
            _texts(data["after"]),
            moves,
            tuple(map(str, data["added"])),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        _log.warning("a version cannot be read: %s", path, exc_info=True)
        return None
