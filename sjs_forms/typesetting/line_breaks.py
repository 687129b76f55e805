"""Where a line of Chinese may end: one rule for the PDF and for Word.

Word is told the marks in its settings and has rules of its own for the rest; Pango follows
Unicode's (UAX 14), which never break at a curved quotation mark and know no Chinese marks. Here
the difference is made up for with invisible characters (allow, forbid) where, and only where, the
two would disagree. They take no room and do not reach the text of the PDF.
"""

import re
import unicodedata
from collections.abc import Collection

NEVER_FIRST = (
    "!%),.:;>?]}¢¨°·ˇˉ—―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞"
    "︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
)
"""Marks that never begin a line: Word's own for Chinese, and the dash, which is never torn."""
NEVER_LAST = "$([{£¥‘“〈《「『【〔〖〝﹙﹛﹝＄（［｛￡￥"
"""Marks that never end a line."""

_FEWEST = 4
"""Characters of a code that stay together."""
ALLOW, FORBID = "\u200b", "\u2060"
_MARKS = frozenset(NEVER_FIRST + NEVER_LAST)
_OTHERS = frozenset("'\"+|\\/-ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー々")
"""Further characters at which Unicode's rules and Word's differ."""
_CLOSING = frozenset("，。、）》」』】〕〉")
"""Marks that Word does not part from a Latin word after them."""
_OPENING = frozenset("（《「『【〔〈")
"""Marks that Word does not part from Latin words on both sides of them."""
_STEADY = frozenset("，。、；：！？）》」』】〕（《「『【〔")
"""Marks about which both agree, so long as only Chinese stands around them."""
_QUOTES = frozenset("‘’“”")
_BREAKABLE = frozenset("—～")
"""Marks that Word takes from a Latin word before them, though not from a Chinese one."""
_NEAR = re.compile(
    "[" + re.escape("".join(sorted((_MARKS | _OTHERS) - _STEADY))) + "]"
    "|[" + "".join(sorted(_CLOSING)) + "][0-9A-Za-z]"
    "|[0-9A-Za-z][" + "".join(sorted(_OPENING)) + "]"
)


def steered(text: str, joined: Collection[int] = ()) -> str:
    """The text with an invisible character wherever Pango must be told about a line's end.

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


def parted(code: str) -> str:
    """A code within which a line may end, so long as no few of its characters stand alone."""
    last = len(code) - _FEWEST
    return "".join(
        ALLOW + one if _FEWEST <= at <= last and not one.isspace() else one
        for at, one in enumerate(code)
    )


def without_marks(text: str) -> str:
    """The text as it was before `steered`."""
    return text.replace(ALLOW, "").replace(FORBID, "")


def between(earlier: str, before: str, after: str, later: str) -> str:
    """What to put between the middle two of four characters: ALLOW, FORBID or nothing."""
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
    """Between two characters of a Latin word."""
    if before == "-" and after.isdigit():
        return ALLOW if _is_latin(earlier) else ""
    if before == "/" and after.isalpha():
        return "" if later.isascii() and not later.isspace() else FORBID
    return FORBID if before in "/," and after.isdigit() else ""


def _is_latin(one: str) -> bool:
    return one.isascii() and one.isalnum()


def _is_chinese(one: str) -> bool:
    return unicodedata.east_asian_width(one) in "WF" or one in _QUOTES or one in "—…"
