"""Parses tick boxes in all their notations: ☑ ■ √ [√] （√）."""

import re

from sjs_forms.domain.fields.named_choices import EMPTY_MARKS, TICKED_MARKS
from sjs_forms.word_import.word_blocks import TICKED, UNTICKED

_ON = f"{TICKED}{TICKED_MARKS}☒⊠"
_OFF = f"{UNTICKED}{EMPTY_MARKS}"
_TYPED_BOX = "口"
"""The character for mouth, often typed as a box."""

_REACH = 80
"""Characters in which a row of boxes is searched."""
_CLUSTER = rf"(?:[{_ON}{_OFF}]|[\[(（【]\s*[{_ON}{_OFF}xXvVR]?\s*[\])）】])"
_TRAILING = re.compile(rf"(?:{_CLUSTER}|{_TYPED_BOX}|\s)+$")
_LEADING = re.compile(rf"^(?:{_CLUSTER}|\s)+")
_ONLY = re.compile(rf"(?:{_CLUSTER}|\s)+|\s*{_TYPED_BOX}\s*")
_IS_ON = re.compile(rf"[{_ON}]|[\[(（【]\s*[xXvVR]\s*[\])）】]")


def only_marks(text: str) -> bool:
    """Return whether a text is tick boxes and nothing else."""
    return len(text) <= _REACH and bool(text.strip()) and bool(_ONLY.fullmatch(text))


def trailing_marks(text: str) -> tuple[str, str]:
    """Return a text without the tick boxes at its end, and these."""
    match = _TRAILING.search(text[-_REACH:])
    if match is None or not match[0].strip():
        return text, ""
    kept = text[: len(text) - len(match[0])]
    if kept[-1:].isalnum() and match[0].lstrip().startswith(_TYPED_BOX):
        return text, ""  # the end of a word, such as 门口
    return kept, match[0].strip()


def leading_marks(text: str) -> tuple[str, str]:
    """Return the tick boxes at the start of a text, and the text without them."""
    match = _LEADING.search(text[:_REACH])
    if match is None or not match[0].strip():
        return "", text
    return match[0].strip(), text[match.end() :]


def is_ticked(marks: str) -> bool:
    """Return whether tick boxes are ticked. An empty box with a tick beside it is."""
    return bool(_IS_ON.search(marks))
