"""Log records as text, and as lines that cross from a child process to its parent.

Users send logs to us, so a log names files and places in the code and quotes no answer: the
message of a ValueError, which often repeats the value that it refuses, is left out.
"""

import json
import logging
import traceback

LOGGER = "sjs_forms"
"""The logger above those of all modules of this package."""

SILENT = logging.CRITICAL + 10
"""A level above every record: nothing is logged."""

LONGEST = 20_000
"""Characters of one record; a longer one is cut."""


def record_text(record: logging.LogRecord) -> str:
    """The message of a record, below it the traceback of its exception."""
    lines = [record.getMessage()]
    if record.exc_info and record.exc_info[1] is not None:
        lines.append(exception_text(record.exc_info[1]))
    return "\n".join(lines)[:LONGEST]


def exception_text(problem: BaseException) -> str:
    """An exception with its traceback, below it the exceptions that it came from."""
    parts, seen = [], set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        quotes = isinstance(problem, ValueError)
        said = "" if quotes or not str(problem) else f": {problem}"
        frames = "".join(traceback.format_tb(problem.__traceback__))
        parts.append(f"{frames}{type(problem).__qualname__}{said}")
        cause = None if problem.__suppress_context__ else problem.__context__
        problem = problem.__cause__ or cause  # type: ignore[assignment]
    return "\nraised from:\n".join(parts)


def to_line(record: logging.LogRecord) -> bytes:
    """A record as one line of JSON in ASCII, with its line feed."""
    values = [record.name, record.levelno, record_text(record)]
    return json.dumps({"log": values}).encode() + b"\n"


def log_line(line: bytes, stray: str) -> None:
    """Log in this process what a child wrote: a record, or a line that is none.

    Such a line is logged by the logger named `stray`: it may be the last words of a child that
    could not start. The child may have been taken over by what it read, so nothing it says is
    trusted to be of a kind, a length or a logger.
    """
    name, level, text = stray, logging.INFO, line.decode(errors="replace").rstrip()
    try:
        given, number, said = json.loads(line)["log"]
        if isinstance(given, str) and given.partition(".")[0] == LOGGER and given.isprintable():
            name, level, text = given, int(number), str(said)
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    logger = logging.getLogger(name)
    if text and logger.isEnabledFor(level):
        logger.handle(logger.makeRecord(name, level, "", 0, "%s", (text[:LONGEST],), None))


def level_for_children() -> int:
    """The level at which a child process is to log: that of this process."""
    return logging.getLogger(LOGGER).getEffectiveLevel()
