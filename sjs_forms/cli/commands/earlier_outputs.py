"""Repairs and reports output that already exists, for several commands."""

from collections.abc import Iterable
from pathlib import Path

from sjs_forms.cli.terminal import Terminal


def recover_outputs(terminal: Terminal, *targets: Path) -> None:
    """Clean up after an earlier run that was killed while writing one of these, and report it."""
    from sjs_forms.base.output.output_folder import recover

    for target in targets:
        for message in recover(target):
            terminal.say(message)


def say_kept(terminal: Terminal, names: Iterable[str]) -> None:
    """Report existing files that were renamed to keep them."""
    for name in names:
        terminal.say(f"原有的同名文件不是本软件生成的，已改名保留为“{name}”。")
