"""The text files of an application that a session writes, and their contents in versions."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.plain_files import is_special
from sjs_forms.base.system_errors import reason
from sjs_forms.domain.json_text.application_json import MAX_BYTES

Texts = Mapping[str, str | None]
"""Text files by name; None for a missing one. Bytes that are not UTF-8 become lone surrogates
(surrogateescape).
"""

_TOO_LARGE = "\0too large "
"""Begins the text that stands for a file beyond the limit, with its digest."""


def text_of(path: Path) -> str | None:
    """Return the text of a file; None if it is missing, no file, or a link that leads elsewhere.

    Of a file that is larger than application.json may be, the first bytes are digested: its
    content cannot be written back (see `is_whole`). Raises UsageFault if it cannot be read.
    """
    try:
        if not path.is_file() or is_special(path) or _leads_out(path):
            return None
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise UsageFault(
            f"无法读取 {path}：{reason(problem)}", "请检查文件是否被其他程序占用、是否有权限打开。"
        ) from problem
    if len(data) > MAX_BYTES:
        return f"{_TOO_LARGE}{path.stat().st_size} {sha256(data).hexdigest()}"
    return as_text(data)


def is_whole(texts: Texts) -> bool:
    """Return whether the texts can be written back."""
    return not any(text is not None and text.startswith(_TOO_LARGE) for text in texts.values())


def as_text(data: bytes) -> str:
    """Return bytes as they are stored in a version."""
    return data.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """Return the bytes of a stored text."""
    return text.encode("utf-8", "surrogateescape")


def _leads_out(path: Path) -> bool:
    return path.is_symlink() and not path.resolve().is_relative_to(path.parent.resolve())
