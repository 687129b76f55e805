"""Makes control characters in the words of others visible.

A terminal would obey them, and no workbook or Word file can hold them (XML 1.0, 2.2).
"""

import re

_CONTROL = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""All but tab and newline; also directions of writing, lone surrogates, and what is no character.
"""


def printable(text: str) -> str:
    r"""Return text with each control character written as an escape such as \u001b."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
