"""Makes file and folder names from what applicants wrote."""

import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath

_KEPT = 4_096
"""Names that are kept: a batch asks for each of its own several times."""

_MAX = 60
"""Characters of a name: 180 bytes in Chinese, below the limit of 255 on every system."""

_MAX_JOINED = 200
"""Bytes of a name with a number in front; file systems allow 255 for a name with its ending."""

_SUFFIX = 10
"""Characters of a suffix, which tells the kind of a file and is kept."""


@lru_cache(maxsize=_KEPT)
def safe_name(text: str) -> str:
    """Return a file name valid on Windows, macOS and Linux, as similar to `text` as possible.

    Characters that are not allowed become `_`, invisible ones are removed; never empty.
    """
    from pathvalidate import sanitize_filename

    seen = "".join(
        " " if unicodedata.category(c).startswith("Z") else c
        for c in unicodedata.normalize("NFC", " ".join(text.split()))
        if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    name = str(sanitize_filename(seen[:_MAX], replacement_text="_", platform="universal"))
    return name.strip(" .") or "_"


def joined_name(number: str, name: str) -> str:
    """Return the file name of something that has a number: 012_某单位.

    The name is cut so that both together leave room for an ending on every system.
    """
    first, second = safe_name(number), safe_name(name)
    while second and len(f"{first}_{second}".encode()) > _MAX_JOINED:
        second = second[:-1].rstrip(" .")
    return f"{first}_{second or '_'}"


def safe_file_name(text: str) -> str:
    """Return a name like `safe_name`; one that is too long is cut before its suffix."""
    name, suffix = safe_name(text), PurePosixPath(safe_name(text[-_SUFFIX - 1 :])).suffix
    if not suffix or name.endswith(suffix):
        return name
    return name[: _MAX - len(suffix)].rstrip(" .") + suffix
