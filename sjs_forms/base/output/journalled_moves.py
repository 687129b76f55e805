"""Moves files into place all or none, even if the process is killed.

A journal lists the moves before the first is made and is removed after the last. A process that
finds one completes its moves if all were made, else reverts them. The journal is in one of
`work_folders`, so only journals of dead processes are found.
"""

import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.base.output import patient_moves

_log = logging.getLogger(__name__)

_JOURNAL = "journal.json"

Stamp = tuple[int, int, int]
"""Inode number, size in bytes, modification time in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move from one path to another on the same file system; the target must not exist.

    Only the last of several moves may replace a file.
    """

    source: Path
    target: Path


def move_all(moves: Sequence[Move], folder: Path) -> None:
    """Make all moves or none. `folder` holds the journal. Raises OSError with nothing moved.

    Missing folders of targets are created.
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
            patient_moves.replace(move.source, move.target)
        journal.unlink()
    finally:
        finish_moves(folder)


def is_open(folder: Path) -> bool:
    """Return whether `folder` has a journal of moves that are neither completed nor reverted."""
    return (folder / _JOURNAL).exists()


def finish_moves(folder: Path) -> bool | None:
    """Complete or revert the moves of the journal in `folder`.

    Returns None without a journal, True if all had been made, False if they were reverted. Raises
    OSError if the system refuses; the journal is then kept.
    """
    journal = folder / _JOURNAL
    moves = _read(journal)
    if moves is not None and not all(_is_within(folder.parent, move) for move in moves):
        journal.unlink()  # not ours: it would move files elsewhere
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
    """Return whether both paths of a move are below the parent of the journal's folder."""
    real = os.path.realpath(place)
    ends = (os.path.realpath(os.path.dirname(path)) for path in move[:2])  # noqa: PTH120
    return all(Path(end).is_relative_to(real) for end in ends)


def _take_back(source: Path, target: Path, stamp: Stamp) -> None:
    """Revert a move if it was made and the file is unchanged.

    If something else is at its old path by now, it gets a free name beside it.
    """
    if not os.path.lexists(target) or _stamp(target) != stamp:
        return
    source.parent.mkdir(parents=True, exist_ok=True)
    patient_moves.replace(target, free_name(source))


def free_name(path: Path) -> Path:
    """Return the path, or the first free one of `名-2.pdf`, `名-3.pdf` …"""
    free, number = path, 1
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _stamp(path: Path) -> Stamp:
    known = path.lstat()
    if path.is_dir():  # a folder's content, and so its size and time, may change
        return known.st_ino, 0, 0
    return known.st_ino, known.st_size, known.st_mtime_ns


def _read(journal: Path) -> list[tuple[str, str, Stamp]] | None:
    try:
        entries = json.loads(journal.read_bytes())
        return [(str(one), str(other), (a, b, c)) for one, other, (a, b, c) in entries]
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):  # truncated: it was not yet on disk when the moves began
        _log.warning("a journal was cut short: %s", journal)
        with suppress(OSError):
            journal.unlink()
        return None


def _write_through(path: Path, data: bytes) -> None:
    """Write a file and sync it to disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
