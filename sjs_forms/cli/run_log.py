"""The log of one command: written to standard error with --verbose, else discarded."""

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from logging import Handler, LogRecord


class RunLog:
    """Configures logging for a command.

    Nothing is imported before a command begins, because importing logging would slow down `--help`.
    """

    def __init__(self) -> None:
        self._is_shown = self._is_silent = False

    def begin(self) -> None:
        """Discard the log unless `show` was called; without a handler Python prints warnings
        itself.
        """
        import logging

        from sjs_forms.base.log_lines import SILENT

        if not self._is_shown:
            _log_to(logging.NullHandler(), SILENT)
            self._is_silent = True

    def show(self, level: int = 0) -> None:
        """Write what this package logs, from `level` on, to standard error until the process ends.

        Child processes may still log when the command is done.
        """
        import logging

        from sjs_forms.base.log_lines import record_text
        from sjs_forms.base.printable_text import printable

        class Shown(logging.Handler):
            def emit(self, record: "LogRecord") -> None:
                # Lines after the first are indented, so that none looks like another record.
                text = printable(record_text(record)).replace("\n", "\n    ")
                click.echo(f"{record.levelname} {record.name}: {text}", file=sys.stderr)

        _log_to(Shown(), max(level, logging.DEBUG))
        self._is_shown = True

    def end(self) -> None:
        """Restore the level for the next caller in this process."""
        if self._is_silent:
            import logging

            _log_to(logging.NullHandler(), logging.NOTSET)


def _log_to(handler: "Handler", level: int) -> None:
    import logging

    from sjs_forms.base.log_lines import LOGGER

    logger = logging.getLogger(LOGGER)
    logger.handlers[:] = [handler]
    logger.setLevel(level)
