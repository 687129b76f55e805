"""Writes the files of a batch that are about all applications, and loses none that a user changed.

A record in the state's folder has the digest of each as it was written. A file that is still so, or
that no other program can have saved, is replaced or removed; any other is kept under a free name.
"""

import json
import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from sjs_forms.base.files.hashing import digest
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.files.stable_bytes import json_bytes
from sjs_forms.base.output import patient_moves
from sjs_forms.base.output.journalled_moves import free_name
from sjs_forms.base.output.own_files import is_made_here
from sjs_forms.batch.batch_folder import STATE

_RECORD = "files.json"

_log = logging.getLogger(__name__)


class CommonFiles:
    """The files in a batch's folder by their names in it. The record is written at the end.

    All methods raise OSError.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._record = out / STATE / _RECORD
        self._written = _digests_in(self._record)
        self._kept: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Return the files."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        problem: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Write the record, also after an error."""
        try:
            self._record.parent.mkdir(exist_ok=True)
            patient_moves.write(self._record, json_bytes(self._written))
        except OSError:
            if problem is None:
                raise

    @property
    def kept(self) -> dict[str, str]:
        """The names of changed files that were kept, each with the name that it has now."""
        return dict(self._kept)

    def write(self, name: str, data: bytes) -> None:
        """Write a file, in place of an earlier one of ours."""
        path, found = self.out / name, sha256(data).hexdigest()
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            patient_moves.write(path, data)
        elif digest(path) != found:
            self.make_room(name)
            patient_moves.write(path, data)
        self._written[name] = found

    def make_room(self, name: str) -> None:
        """Rename a file that is not as we wrote it."""
        path = self.out / name
        if path.is_file() and not self._is_ours(name):
            aside = free_name(path)
            patient_moves.replace(path, aside)
            self._kept[name] = aside.name

    def put(self, fresh: Path, name: str) -> None:
        """Move a file that was just written to its name, in place of an earlier one of ours."""
        found = digest(fresh)
        self.make_room(name)
        patient_moves.replace(fresh, self.out / name)
        self._written[name] = found

    def remove(self, name: str) -> None:
        """Remove a file of an earlier run, if it is there."""
        self.make_room(name)
        patient_moves.unlink(self.out / name)
        self._written.pop(name, None)

    def recorded_in(self, folder: str) -> tuple[str, ...]:
        """Return the names of the files in a folder that earlier runs wrote."""
        return tuple(sorted(name for name in self._written if name.startswith(f"{folder}/")))

    def _is_ours(self, name: str) -> bool:
        path = self.out / name
        return digest(path) == self._written.get(name) or is_made_here(path)


def kept_words(kept: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each changed file that was kept under another name."""
    return tuple(
        f"“{name}”在生成以后改动过，没有覆盖，已改名为“{aside}”。" for name, aside in kept.items()
    )


def _digests_in(record: Path) -> dict[str, str]:
    try:
        return {str(name): str(found) for name, found in json.loads(read_record(record)).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, RecursionError):
        _log.warning("the record %s cannot be read", record, exc_info=True)
        return {}
