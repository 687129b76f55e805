"""Names for files and folders that are made from what applicants wrote."""

import unicodedata

_MOST = 60
"""Characters of a name: 180 bytes in Chinese, which leaves room below the 255 of every system."""


def safe_name(text: str) -> str:
    """A name of one step that Windows, macOS and Linux all take, as near to `text` as can be.

    Characters that are not allowed become `_`, invisible ones go; never empty.
    """
    from pathvalidate import sanitize_filename

    seen = "".join(
        " " if unicodedata.category(c).startswith("Z") else c
        for c in unicodedata.normalize("NFC", " ".join(text.split()))
        if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    name = str(sanitize_filename(seen[:_MOST], replacement_text="_", platform="universal"))
    return name.strip(" .") or "_"
