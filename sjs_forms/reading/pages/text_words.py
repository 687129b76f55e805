"""Reads the words of a page's text layer with PDFium.

Characters are joined to words in the order of their places, not in that of the content, which many
programs write field by field. What no viewer shows is left out: the text that scanners put behind
their pictures was read by a machine, often wrongly.
"""

import math
from collections import Counter
from collections.abc import Iterator
from ctypes import byref
from dataclasses import dataclass, replace
from typing import Any

from sjs_forms.reading.pages.page_words import Word, upright
from sjs_forms.reading.pages.picture_cover import PictureCover
from sjs_forms.reading.pages.text_lines import lines

MAX_CHARACTERS = 20_000
"""Characters of a page that are read; the densest pages of tables have some 6,000."""

_ENOUGH = 100
"""Visible characters with which a page says what it has to say, whatever pictures it has. A scan
with a mark of the scanning program, or a picture with a caption, has fewer.
"""
_LARGE = 0.25
"""Share of the page from which pictures may hold what is to be read."""
_OUTLINES = 200
"""Paths from which a page may have text in outlines."""
_UNMAPPED = 0.05
"""Share of words in characters without meaning from which a text layer is not read."""
_GAP, _SPACED_GAP = 0.55, 2.3
"""Gaps, in heights of a line, that end a word: without and with spaces in them."""
_SPACE = 0.2
"""Gap in heights of a line that is a space, where spaces were written."""
_INVISIBLE = (3, 7)
"""Text rendering modes that paint nothing (PDF 32000-1, table 106)."""
_QUARTER = math.pi / 2
_STRAIGHT = 0.05
"""Radians by which a line may slope. Watermarks across the page slope more, and are left out."""


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The visible text of a page. `turned` is as in `ReadPage`, and the words stand upright.

    `is_enough` is False where pictures or outlines may hold more of what the page says.
    """

    words: tuple[Word, ...]
    turned: int
    is_enough: bool


@dataclass(slots=True)
class _Run:
    """Characters that follow each other on a line. `spaced`: spaces were written before it."""

    word: Word
    quarter: int
    spaced: bool


def text_layer(page: Any, cover: PictureCover) -> TextLayer:
    """Read the text layer of an open page of PDFium's, with these pictures on it.

    Takes some 5 ms a page.
    """
    size = page.get_size()
    text = page.get_textpage()
    try:
        runs, unmapped = _runs(text, size[1])
    finally:
        text.close()
    if cover.hides_text or unmapped > _UNMAPPED * (len(runs) + unmapped):
        runs = []
    quarters = Counter[int]()
    for run in runs:
        quarters[run.quarter] += len(run.word.text)
    turned = quarters.most_common(1)[0][0] if quarters else 0
    standing = [
        replace(run, word=upright(run.word, size, turned))
        for run in runs
        if run.quarter == turned and _is_on_page(run.word, size)
    ]
    count = sum(len(run.word.text) for run in standing)
    has_more = cover.share >= _LARGE or cover.paths >= _OUTLINES
    is_enough = count >= _ENOUGH or (count > 0 and not has_more)
    return TextLayer(tuple(_joined(standing)), turned, is_enough)


def _is_on_page(word: Word, size: tuple[float, float]) -> bool:
    return word.right > 0 and word.bottom > 0 and word.left < size[0] and word.top < size[1]


def _runs(text: Any, height: float) -> tuple[list[_Run], int]:
    """Return the visible runs of a text page, and the number of those without meaning."""
    from pypdfium2 import raw

    found: list[_Run] = []
    unmapped, spaced = 0, False
    box = raw.FS_RECTF()
    reference = byref(box)
    last: _Run | None = None
    for index, character in _characters(text, raw):
        if character.isspace():
            # PDFium puts in spaces of its own, at gaps and at the ends of lines.
            spaced = spaced or not raw.FPDFText_IsGenerated(text.raw, index)
            continue
        if not raw.FPDFText_GetLooseCharBox(text.raw, index, reference):
            continue
        place = Word(character, box.left, height - box.top, box.right, height - box.bottom)
        if last is not None and not spaced and _follows(last.word, place):
            last.word = _sum(last.word, place, "")
            continue
        quarter = _quarter(text, index, raw)
        last = None
        if quarter is not None and _is_visible(text, index, raw):
            if _is_unmapped(text, index, character, raw):
                unmapped += 1
            else:
                last = _Run(place, quarter, spaced)
                found.append(last)
        spaced = False
    return found, unmapped


def _characters(text: Any, raw: Any) -> Iterator[tuple[int, str]]:
    """Yield the characters of a text page with their indices; two halves of one are joined."""
    high = 0
    for index in range(min(text.count_chars(), MAX_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else 0
        high = 0
        if 0 < code < 0x110000 and code not in (0xFFFE, 0xFFFF):
            yield index, chr(code)


def _follows(before: Word, place: Word) -> bool:
    """Return whether a character goes on with an upright word without a gap."""
    high = min(before.bottom - before.top, place.bottom - place.top)
    middles = abs(before.top + before.bottom - place.top - place.bottom) / 2
    gap = place.left - before.right
    return middles < 0.1 * high and -0.3 * high < gap < _SPACE * high


def _quarter(text: Any, index: int, raw: Any) -> int | None:
    """Return the clockwise quarter turns that set a character upright; None for a sloping one.

    PDFium states by how much it was turned clockwise.
    """
    angle = raw.FPDFText_GetCharAngle(text.raw, index)
    nearest: int = round(angle / _QUARTER)
    if angle < 0 or abs(angle - nearest * _QUARTER) > _STRAIGHT:
        return None
    return -nearest % 4


def _is_visible(text: Any, index: int, raw: Any) -> bool:
    drawn = raw.FPDFText_GetTextObject(text.raw, index)
    return not drawn or raw.FPDFTextObj_GetTextRenderMode(drawn) not in _INVISIBLE


def _is_unmapped(text: Any, index: int, character: str, raw: Any) -> bool:
    """Return whether the font does not say which character this is."""
    private = 0xE000 <= ord(character) < 0xF900 or character < " " or character == "\ufffd"
    return private or raw.FPDFText_HasUnicodeMapError(text.raw, index) == 1


def _joined(runs: list[_Run]) -> Iterator[Word]:
    """Yield words from the head of the page to its foot, and along each line."""
    for line in lines(runs, lambda run: run.word):
        current = line[0].word
        for run in line[1:]:
            word = run.word
            high = min(current.bottom - current.top, word.bottom - word.top)
            gap = word.left - current.right
            if gap > (_SPACED_GAP if run.spaced else _GAP) * high:
                yield current
                current = word
            else:
                space = " " if run.spaced and gap > _SPACE * high else ""
                current = _sum(current, word, space)
        yield current


def _sum(first: Word, then: Word, between: str) -> Word:
    return Word(
        f"{first.text}{between}{then.text}",
        min(first.left, then.left),
        min(first.top, then.top),
        max(first.right, then.right),
        max(first.bottom, then.bottom),
    )
