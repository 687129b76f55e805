"""Line breaking of Chinese: one rule for the PDF and for Word.

Word gets the marks in its settings and has rules of its own for the rest. Pango follows Unicode
(UAX 14), which never breaks at a curved quotation mark and does not treat quotation marks as
Chinese. Where the two would disagree, and only there, invisible characters allow or forbid a break.
They have no width and do not get into the text of the PDF.
"""

import re
import unicodedata
from collections.abc import Collection

NEVER_FIRST = (
    "!%),.:;>?]}¢¨°·ˇˉ—―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞"
    "︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
)
"""Marks that never begin a line: Word's own for Chinese, and the dash, which is never split."""
NEVER_LAST = "$([{£¥‘“〈《「『【〔〖〝﹙﹛﹝＄（［｛￡￥"
"""Marks that never end a line."""

_FEWEST = 4
"""Minimum characters of a code on each side of a break."""
ALLOW, FORBID = "\u200b", "\u2060"
_MARKS = frozenset(NEVER_FIRST + NEVER_LAST)
_OTHERS = frozenset("'\"+|\\/-ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー々")
"""Further characters at which Unicode's rules and Word's differ."""
_CLOSING = frozenset("，。、）》」』】〕〉")
"""Marks that Word does not separate from a Latin word after them."""
_OPENING = frozenset("（《「『【〔〈")
"""Marks that Word does not separate from Latin words on either side."""
_STEADY = frozenset("，。、；：！？）》」』】〕（《「『【〔")
"""Marks about which both agree if only Chinese surrounds them."""
_QUOTES = frozenset("‘’“”")
_BREAKABLE = frozenset("—～")
"""Marks that Word separates from a Latin word before them, but not from a Chinese one."""
_NEAR = re.compile(
    "[" + re.escape("".join(sorted((_MARKS | _OTHERS) - _STEADY))) + "]"
    "|[" + "".join(sorted(_CLOSING)) + "][0-9A-Za-z]"
    "|[0-9A-Za-z][" + "".join(sorted(_OPENING)) + "]"
)


def with_break_marks(text: str, joined: Collection[int] = ()) -> str:
    """Return the text with an invisible character wherever Pango's line breaking must be changed.

    No line ends before the characters at the indices `joined`.
    """
    if not joined and not _NEAR.search(text):
        return text
    around = zip(" " + text, text, text[1:], text[2:] + " ", strict=False)
    told = (
        (FORBID if at in joined else between(*four)) + four[2]
        for at, four in enumerate(around, start=1)
    )
    return text[:1] + "".join(told)


def with_inner_breaks(code: str) -> str:
    """Return a code with breaks allowed inside, with at least _FEWEST characters on either side."""
    last = len(code) - _FEWEST
    return "".join(
        ALLOW + one if _FEWEST <= at <= last and not one.isspace() else one
        for at, one in enumerate(code)
    )


def without_marks(text: str) -> str:
    """Return the text as it was before `with_break_marks`."""
    return text.replace(ALLOW, "").replace(FORBID, "")


def between(earlier: str, before: str, after: str, later: str) -> str:
    """Return what to put between the middle two of four characters: ALLOW, FORBID or nothing."""
    if before.isspace() or after.isspace():
        return ""
    if {before, after}.isdisjoint(_MARKS) and {before, after}.isdisjoint(_OTHERS):
        return ""
    if _is_latin(before) and after in _BREAKABLE:
        return ALLOW
    if _is_latin(after) and before in _CLOSING:
        return FORBID
    if _is_latin(before) and after in _OPENING and _is_latin(later):
        return FORBID
    if not (_is_chinese(before) or _is_chinese(after)):
        return _in_latin(earlier, before, after, later)
    if after in NEVER_FIRST or before in NEVER_LAST:
        return FORBID
    if before in _QUOTES and (after.isascii() or (after in _QUOTES and earlier.isascii())):
        return ""
    if after in _QUOTES and before.isascii():
        return ""
    if after in "'\"" and _is_latin(later):
        return ""
    return ALLOW


def _in_latin(earlier: str, before: str, after: str, later: str) -> str:
    """Return the same between two characters of a Latin word."""
    if before == "-" and after.isdigit():
        return ALLOW if _is_latin(earlier) else ""
    if before == "/" and after.isalpha():
        return "" if later.isascii() and not later.isspace() else FORBID
    return FORBID if before in "/," and after.isdigit() else ""


def _is_latin(one: str) -> bool:
    return one.isascii() and one.isalnum()


def _is_chinese(one: str) -> bool:
    return unicodedata.east_asian_width(one) in "WF" or one in _QUOTES or one in "—…"
