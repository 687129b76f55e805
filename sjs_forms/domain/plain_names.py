"""Names and other short texts, written in one way for comparison."""

import unicodedata

from sjs_forms.base.usual_characters import usual_characters


def plain_name(text: str) -> str:
    """Return text so that spellings that differ only by width, case or spaces are equal."""
    return "".join(unicodedata.normalize("NFKC", usual_characters(text)).casefold().split())
