"""Makes file and folder names from what applicants wrote."""

import unicodedata

_MAX = 60
"""Characters of a name: 180 bytes in Chinese, below the limit of 255 on every system."""


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
