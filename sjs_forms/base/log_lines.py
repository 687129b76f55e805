"""Log records as text, and as lines that a child process sends to its parent.

Users send us logs, so a log names files and places in the code but quotes no answer: the message of
a ValueError, which often repeats the refused value, is left out.
"""

import json
import logging
import traceback
from pathlib import Path

LOGGER = "sjs_forms"
"""The parent logger of those of all modules of this package."""

SILENT = logging.CRITICAL + 10
"""A level above every record: nothing is logged."""

LONGEST = 20_000
"""Limit in characters on one record; a longer one is truncated."""


def record_text(record: logging.LogRecord) -> str:
    """Return the message of a record and its exception; for a warning or error with traceback."""
    lines = [record.getMessage()]
    if record.exc_info and record.exc_info[1] is not None:
        traced = record.levelno >= logging.WARNING
        lines.append((exception_text if traced else exception_lines)(record.exc_info[1]))
    return "\n".join(lines)[:LONGEST]


def exception_text(problem: BaseException) -> str:
    """Return an exception with its traceback, followed by its causes."""
    chain = _chain(problem)
    return "\nraised from:\n".join(
        "".join(traceback.format_tb(one.__traceback__)) + _kind_and_message(one, chain)
        for one in chain
    )


def exception_lines(problem: BaseException) -> str:
    """Return an exception and its causes, one line each, with their places in the code."""
    chain = _chain(problem)
    return "\n".join(f"{_kind_and_message(one, chain)}{_place(one)}" for one in chain)


def _chain(problem: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while problem is not None and problem not in found:
        found.append(problem)
        context = None if problem.__suppress_context__ else problem.__context__
        problem = problem.__cause__ or context
    return found


def _kind_and_message(problem: BaseException, chain: list[BaseException]) -> str:
    """Return kind and message, without the message of a ValueError or what others repeat of it."""
    said = "" if isinstance(problem, ValueError) else str(problem)
    for quoting in (str(one) for one in chain if isinstance(one, ValueError)):
        said = said.replace(quoting, "…") if quoting else said
    return f"{type(problem).__qualname__}: {said}" if said else type(problem).__qualname__


def _place(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    return f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""


def to_line(record: logging.LogRecord) -> bytes:
    """Return a record as one line of JSON in ASCII, with its line feed."""
    values = [record.name, record.levelno, record_text(record)]
    return json.dumps({"log": values}).encode() + b"\n"


def log_line(line: bytes, stray: str) -> bool:
    """Log a line that a child wrote: a record, or any other line. Returns whether it was a record.

    Other lines are logged by the logger `stray`: they may come from a child that could not start.
    The child may be compromised by what it read, so type, length and logger of a record are
    checked.
    """
    name, level, text = stray, logging.INFO, line.decode(errors="replace").rstrip()
    is_record = False
    try:
        given, number, said = json.loads(line)["log"]
        if isinstance(given, str) and given.partition(".")[0] == LOGGER and given.isprintable():
            name, level, text = given, int(number), str(said)
            is_record = True
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    logger = logging.getLogger(name)
    if text and logger.isEnabledFor(level):
        logger.handle(logger.makeRecord(name, level, "", 0, "%s", (text[:LONGEST],), None))
    return is_record


def level_for_children() -> int:
    """Return the level at which a child process logs: that of this process."""
    return logging.getLogger(LOGGER).getEffectiveLevel()
