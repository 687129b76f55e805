"""Support for a start without a console, by pythonw from an icon: a log file and message boxes."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

from sjs_forms.base.files.user_cache import cache_folder
from sjs_forms.base.findings.remedies import (
    Advice,
    PlainAction,
    Remedy,
    ReplaceFile,
    action_of,
)
from sjs_forms.base.findings.wording import Wording, worded

_TITLE = "申报装订"
_NAME = "sjs-forms.log"
_FROM_ICON = "请双击桌面上的图标，在打开的页面上选择或新建申报文件夹。"
_BY_HAND: Wording = {
    **dict.fromkeys((*PlainAction, *get_args(Remedy)), ""),
    Advice: "{words}",
    ReplaceFile: "{words}",
}
_MAX = 1_000_000
"""Size of the log in bytes above which a new one is begun."""
_ERROR, _IN_FRONT = 0x10, 0x10000
"""MB_ICONERROR and MB_SETFOREGROUND of MessageBoxW."""

current_log: Path | None = None
"""The log file of this process; None if it has a console."""


def has_no_console(platform: str = sys.platform, stream: object = None) -> bool:
    """Return whether nobody sees what is written to standard error, `stream`."""
    return platform == "win32" and stream is None


def begin() -> Path | None:
    """Return the file for this process's output, or None if it has a console.

    Must be called before the streams are replaced.
    """
    global current_log
    current_log = log_file() if has_no_console(stream=sys.stderr) else None
    return current_log


def is_windowless() -> bool:
    """Return whether this process was begun without a console."""
    return current_log is not None


def log_file(folder: Callable[[], Path] = cache_folder) -> Path | None:
    """Return the log in the user's cache folder, emptied if it is large; None if impossible."""
    try:
        file = folder().parent / _NAME
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file() and file.stat().st_size > _MAX:
            file.unlink()
        file.open("ab").close()
    except (OSError, RuntimeError):  # RuntimeError: a user without a home
        return None
    return file


def tell(message: str, remedy: Remedy | str, box: Callable[[str], Any] | None = None) -> None:
    """Show an error in a message box, if there is no console.

    A user who started the program from an icon types no commands, so only advice on what to do by
    hand is shown; any other remedy is replaced.
    """
    if is_windowless():
        words = worded(action_of(remedy), _BY_HAND) if remedy else ""
        words = words or (_FROM_ICON if remedy else "")
        said = [text for text in (message, words, f"详细记录：{current_log}") if text]
        (box or show_message)("\n\n".join(said))


def show_message(text: str) -> None:
    """Show a text in a message box of Windows."""
    import ctypes

    user32: Any = vars(ctypes)["WinDLL"]("user32")
    user32.MessageBoxW(None, text, _TITLE, _ERROR | _IN_FRONT)
