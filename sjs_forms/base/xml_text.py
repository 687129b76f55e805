"""Replaces the characters that XML forbids, which no Word file or workbook can contain."""

import re

REPLACEMENT = "\ufffd"

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return text with each forbidden character replaced (XML 1.0, 2.2).

    Those are most control characters, lone surrogates, U+FFFE and U+FFFF.
    """
    return _FORBIDDEN.sub(REPLACEMENT, text)
