"""The exit codes of the process."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The code that the process returns to its caller."""

    DONE = 0
    USAGE = 2
    FINDINGS = 3
    ATTACHMENT = 4
    MACHINE = 5
    OUTPUT = 6
    BATCH = 7
    FAULT = 70
    INTERRUPTED = 130
