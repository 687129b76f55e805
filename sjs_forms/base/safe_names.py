"""Makes file and folder names from what applicants wrote."""

import unicodedata
from functools import lru_cache

_KEPT = 4_096
"""Names that are kept: a batch asks for each of its own several times."""

_MAX = 60
"""Characters of a name: 180 bytes in Chinese, below the limit of 255 on every system."""


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
