"""Splits Chinese text into words: a line may end between them but should not end within them.

Chinese is segmented by the cheapest path through a list of common words (templates/words, made from
jieba's dictionary). Text that is not on the list, such as a name, stays together. Latin words,
numbers with their units and dates are one word each; punctuation belongs to the adjacent word.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from sjs_forms.base.errors import MachineLacks
from sjs_forms.base.findings.remedies import PlainAction
from sjs_forms.base.resources import words_file
from sjs_forms.typesetting.lines.line_breaks import FORBID, NEVER_FIRST, NEVER_LAST, between

LONGEST = 6
"""Length in characters of the longest word on the list."""
_UNKNOWN = 90
"""Cost of a character that is not on the list; higher than that of any listed word."""
_UNITS = frozenset(
    (
        *("平方米", "平方公里", "立方米", "公里", "千米", "毫米", "厘米", "公斤", "千克"),
        *("万元", "亿元", "万亿元"),
        *"年月日号时分秒元万亿个项件台套本人家次处面岁米克磅吨层楼座室栋区期届级类册页张份条倍度",
    )
)
"""Words that belong to the number before them, with or without a space between."""
_LATIN = "[A-Za-z0-9０-９Ａ-Ｚａ-ｚ]"
_TOKEN = re.compile(
    r"(?P<date>\d{2,4} ?年(?: ?\d{1,2} ?月(?: ?\d{1,2} ?日)?)?|\d{1,2} ?月 ?\d{1,2} ?日)"
    r"|(?P<number>第?[$¥￥]?\d(?:(?: × |[\d.,:/×—–～~-])*\d)?)(?![A-Za-z])"
    rf"|(?P<latin>{_LATIN}+(?:[-.&'’+/@_#%:=?~]+{_LATIN}+)*[+#%°]*)"
    r"|(?P<chinese>[\u3400-\u4dbf\u4e00-\u9fff〇\U00020000-\U0003ffff]+)"
    r"|(?P<other>.)",
    re.ASCII | re.DOTALL,
)
_SHORT_BRACKETS = re.compile("（[^（）]{1,6}）|《[^《》]{1,6}》|“[^“”]{1,6}”")
_ENDINGS = frozenset(
    "的了等者们书区园室部处科局院所站厂县市省镇街路号楼层座期级类型项件表证函单册页员长性化率费款"
    "额度量面上下中内外间栋届批次章版式会社团馆店村岛业人"
)
"""Characters that belong to the word before them."""
_QUOTES = frozenset("‘’“”")
"""Marks at which no line ends unless `line_breaks` allows it."""
_ENCLITICS = frozenset("的等")
"""Those that also belong to a mark before them."""
_BEGINNINGS = frozenset("第各本该每总副大小新老非超多某不一二三四五六七八九十")
"""Characters that belong to the word after them."""
_LOOSE = frozenset("和与及或并而但在对向为按将由从以是有至之于")
"""Words of one character."""


@lru_cache(maxsize=512)
def words(text: str) -> tuple[str, ...]:
    """Split the text into words; joined, they are the text.

    A space ends the word before it. No word begins or ends with a mark that may not begin or end a
    line, unless the text does.
    """
    found: list[str] = []
    kind_before = ""
    for kind, token in _tokens(text):
        if kind_before == "number" and token in _UNITS:
            found[-1] += token
            kind = "word"
        elif found and _joined(kind_before, found[-1], kind, token):
            found[-1] += token
            if kind in ("mark", "blank"):
                continue
        else:
            found.append(token)
        kind_before = kind
    return tuple(found)


def words_in_word(text: str) -> tuple[str, ...]:
    """Like `words`, but join words between which Microsoft Word breaks no line, as 、 and
    a number.
    """
    found: list[str] = []
    at = 0
    for word in words(text):
        if found and _barred(text, at):
            found[-1] += word
        else:
            found.append(word)
        at += len(word)
    return tuple(found)


def _barred(text: str, at: int) -> bool:
    """Return whether Word allows no line break before this character."""
    mark = between(*(" " + text + " ")[at - 1 : at + 3])
    return mark == FORBID or (not mark and not _QUOTES.isdisjoint(text[at - 1 : at + 1]))


def inner_places(text: str) -> frozenset[int]:
    """Return the indices of characters, in words and short brackets, before which no line may end.

    Places where no line could end anyway are left out.
    """
    found = [
        place
        for group in _SHORT_BRACKETS.finditer(text)
        for place in range(group.start() + 1, group.end())
    ]
    at = 0
    for word in words(text):
        for place in range(at + 1, at + len(word)):
            in_latin = _is_latin(text[place - 1]) and _is_latin(text[place])
            if not (in_latin or text[place].isspace()):
                found.append(place)
        at += len(word)
    return frozenset(found)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _joined(kind: str, word: str, next_kind: str, following: str) -> bool:
    """Return whether a word and what follows it form one word."""
    if next_kind == "blank":
        return True
    if word[-1].isspace():
        return False
    if following[0] in NEVER_FIRST or word[-1] in NEVER_LAST:
        return True
    if following[0] in NEVER_LAST:
        return False
    if following in _ENCLITICS:
        return True
    if word[-1] in NEVER_FIRST:  # a line may end after it
        return False
    if next_kind in ("ending", "mark"):
        return True
    if kind == "mark" and word[-1].isascii() and following[0].isascii():
        return True
    if kind == "beginning":
        return next_kind in ("word", "unknown")
    return kind == next_kind == "unknown"


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        kind, token = str(match.lastgroup), match.group()
        if kind == "chinese":
            yield from _chinese(token)
        elif kind == "other":
            yield ("blank" if token.isspace() else "mark"), token
        else:
            yield kind, token


def _chinese(text: str) -> Iterator[tuple[str, str]]:
    for word in _cut(text):
        if len(word) > 1:
            yield "word", word
        elif word in _ENDINGS:
            yield "ending", word
        elif word in _BEGINNINGS:
            yield "beginning", word
        else:
            yield ("loose" if word in _LOOSE else "unknown"), word


def _cut(text: str) -> Iterator[str]:
    """Segment the text by the cheapest path through the list of words."""
    # For each index: the cost of the rest from there, and where the word there ends.
    rest: list[tuple[float, int]] = [(0, 0)] * (len(text) + 1)
    for begin in range(len(text) - 1, -1, -1):
        costs = _costs(text[begin])
        best = (costs.get("", _UNKNOWN) + rest[begin + 1][0], begin + 1)
        for end in range(begin + 2, min(begin + LONGEST, len(text)) + 1):
            cost = costs.get(text[begin + 1 : end])
            if cost is not None:
                best = min(best, (cost + rest[end][0], end))
        rest[begin] = best
    at = 0
    while at < len(text):
        end = rest[at][1]
        yield text[at:end]
        at = end


@lru_cache(maxsize=4096)
def _costs(first: str) -> Mapping[str, int]:
    """Return the costs of the words that begin with a character, by their remaining characters."""
    _, *pairs = _lines().get(first, first).split(" ")
    return dict(zip(pairs[::2], map(int, pairs[1::2]), strict=True))


@cache
def _lines() -> Mapping[str, str]:
    """Return the lines of the list by first character. They are parsed only when needed."""
    try:
        lines = words_file().read_text(encoding="utf-8").splitlines()
    except OSError as problem:
        raise MachineLacks(
            "缺少随软件附带的词表 words.txt。", PlainAction.INSTALL_AGAIN
        ) from problem
    return {line[0]: line for line in lines}
