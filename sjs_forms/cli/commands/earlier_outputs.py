"""What commands do and say about output that is there already."""

from collections.abc import Iterable
from pathlib import Path

from sjs_forms.cli.terminal import Terminal


def recover_outputs(terminal: Terminal, *targets: Path) -> None:
    """Repair what an earlier run left that was killed while writing one of these; report it."""
    from sjs_forms.base.output.output_folder import recover

    for target in targets:
        for message in recover(target):
            terminal.say(message)


def say_kept(terminal: Terminal, names: Iterable[str]) -> None:
    """Report files that were in the way and have been renamed."""
    for name in names:
        terminal.say(f"原有的同名文件不是本软件生成的，已改名保留为“{name}”。")
