"""Files moved into place all or none, whatever moment the process ends at.

A journal says what is to be moved before anything is; while it is there, the moves are not done.
Whoever finds it finishes them if all were made, else takes them back. The journal's folder is one
of `work_folders`, so only what a dead process left is found.
"""

import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_log = logging.getLogger(__name__)

_JOURNAL = "journal.json"

Stamp = tuple[int, int, int]
"""Number of the file on its disk, size in bytes, time of change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Move:
    """From one path to another on the same disk; nothing may stand there.

    Only the last of several moves may replace a file.
    """

    source: Path
    target: Path


def move_all(moves: Sequence[Move], folder: Path) -> None:
    """Make all moves or none; `folder` keeps the journal. Raises OSError with nothing moved.

    A move whose target's folder is not there makes it.
    """
    journal = folder / _JOURNAL
    entries = [
        [str(move.source.absolute()), str(move.target.absolute()), _stamp(move.source)]
        for move in moves
    ]
    _write_through(journal, json.dumps(entries, ensure_ascii=True).encode("ascii"))
    try:
        for number, move in enumerate(moves, 1):
            move.target.parent.mkdir(parents=True, exist_ok=True)
            if number < len(moves) and os.path.lexists(move.target):
                raise FileExistsError(17, os.strerror(17), str(move.target))
            move.source.replace(move.target)
        journal.unlink()
    finally:
        settle(folder)


def is_open(folder: Path) -> bool:
    """Whether `folder` has a journal of moves that are neither done nor taken back."""
    return (folder / _JOURNAL).exists()


def settle(folder: Path) -> bool | None:
    """Finish or take back the moves of the journal in `folder`.

    None where there is none, True where all had been made, False where they were taken back.
    Raises OSError where the system does not let them be; the journal stays then.
    """
    journal = folder / _JOURNAL
    moves = _read(journal)
    if moves is not None and not all(_is_within(folder.parent, move) for move in moves):
        journal.unlink()  # not ours: it would move what lies elsewhere
        return None
    if moves is None:
        return None
    done = all(not os.path.lexists(source) for source, _, _ in moves)
    if not done:
        for source, target, stamp in reversed(moves):
            _take_back(Path(source), Path(target), stamp)
    journal.unlink()
    return done


def _is_within(place: Path, move: tuple[str, str, Stamp]) -> bool:
    """Whether both ends of a move lie below the folder in which the journal's own lies."""
    real = os.path.realpath(place)
    ends = (os.path.realpath(os.path.dirname(path)) for path in move[:2])  # noqa: PTH120
    return all(Path(end).is_relative_to(real) for end in ends)


def _take_back(source: Path, target: Path, stamp: Stamp) -> None:
    """Undo one move if it was made and the file is still the same.

    Where something else stands at its old place by now, it gets a free name beside that.
    """
    if not os.path.lexists(target) or _stamp(target) != stamp:
        return
    source.parent.mkdir(parents=True, exist_ok=True)
    target.rename(free_name(source))


def free_name(path: Path) -> Path:
    """The path, or the first of `名-2.pdf`, `名-3.pdf` … at which nothing stands."""
    free, number = path, 1
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _stamp(path: Path) -> Stamp:
    known = path.lstat()
    if path.is_dir():  # what is in a folder may change, and with it its size and time
        return known.st_ino, 0, 0
    return known.st_ino, known.st_size, known.st_mtime_ns


def _read(journal: Path) -> list[tuple[str, str, Stamp]] | None:
    try:
        entries = json.loads(journal.read_bytes())
        return [(str(one), str(other), (a, b, c)) for one, other, (a, b, c) in entries]
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):  # cut short: it was not yet on the disk when moves began
        _log.warning("a journal was cut short: %s", journal)
        with suppress(OSError):
            journal.unlink()
        return None


def _write_through(path: Path, data: bytes) -> None:
    """Write a file and see it onto the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
