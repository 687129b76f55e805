"""Records of what outputs were made from, in the hidden folder of the application's session.

With times of change alone, a clock that was wrong when something was written would leave outputs
out of date however often they are made, or up to date whatever is changed.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sjs_forms.base.errors import OutputUnwritable, SjsFormsError
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.domain.folder.application_folder import read_folder
from sjs_forms.domain.folder.application_lock import SESSION_FOLDER, refuse_links
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER

if TYPE_CHECKING:
    from hashlib import _Hash

_RECORDS = "outputs"
_MAX_FILES = 2_000


def answers_digest(application: Path) -> str:
    """Return a digest of the answers, of nothing if the file cannot be read."""
    return _digest_of(application).hexdigest()


def inputs_digest(application: Path) -> str:
    """Return a digest of the answers, and of names, sizes and times of the attachments."""
    digest = _digest_of(application)
    listed = []
    with suppress(SjsFormsError, OSError):  # files may be listed that lie elsewhere in the folder
        paths = [item.path for item in read_folder(application).offered if item.path is not None]
        listed = list(_states(paths[:_MAX_FILES], application.parent.resolve()))
    found = _entries(application.parent / ATTACHMENTS_FOLDER, "**/*")
    for part in sorted({*found, *listed}):
        digest.update(repr(part).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def note(application: Path, out: Path, digest: str) -> None:
    """Record that the folder `out`, which was just written, was made from inputs of a digest.

    Without a record, as where none can be written, times decide.
    """
    record = _record_of(application, out)
    new = record.with_suffix(".new")
    with suppress(OSError, OutputUnwritable):
        refuse_links(record.parent.parent, record.parent)
        record.parent.parent.mkdir(exist_ok=True)
        record.parent.mkdir(exist_ok=True)
        new.unlink(missing_ok=True)  # a link would be followed
        new.write_text(json.dumps({"inputs": digest, "output": _state_of(out)}), encoding="utf-8")
        new.replace(record)


def is_made_from(application: Path, out: Path, digest: str) -> bool | None:
    """Return whether `out` was made from inputs of a digest; None if no record says so.

    A record of an output that was written again since, as by a command, says nothing.
    """
    try:
        found: Any = json.loads(read_record(_record_of(application, out)))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("output") != _state_of(out):
        return None
    return bool(found.get("inputs") == digest)


def _digest_of(application: Path) -> "_Hash":
    with suppress(OSError):
        return sha256(read_record(application))
    return sha256()


def _record_of(application: Path, out: Path) -> Path:
    return application.parent / SESSION_FOLDER / _RECORDS / f"{out.name}.json"


def _state_of(out: Path) -> str:
    """Return a digest of names, sizes and times of the files in a folder."""
    return sha256(repr(sorted(_entries(out, "*"))).encode("utf-8", "surrogatepass")).hexdigest()


def _entries(folder: Path, pattern: str) -> Iterator[tuple[str, int, int]]:
    paths = (path for _, path in zip(range(_MAX_FILES), folder.glob(pattern), strict=False))
    return _states(paths, folder)


def _states(paths: Iterable[Path], folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield name, size and time of files. Sizes of folders differ between file systems."""
    for path in paths:
        with suppress(OSError, ValueError):
            if path.is_file():
                state = path.stat()
                yield path.relative_to(folder).as_posix(), state.st_size, state.st_mtime_ns
