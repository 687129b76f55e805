"""The spine: its width, and the text printed on it. Pure. Millimetres; type in points.

Chinese characters stand upright, one below the other. Brackets, dashes and Latin words are turned a
quarter clockwise.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sjs_forms.domain.placement import MM
from sjs_forms.domain.print_rules import PaperStock, SpineRules

PITCH = 1.1
"""Distance from one character to the next, in em."""
GAP = 1.5
"""Minimum space between two texts, in em."""

_TURNED = frozenset("（）()〔〕［］[]【】《》〈〉“”‘’「」『』—–-－…～~：:／/")
_CORNER = frozenset("，、。．；,.;")
_LATIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .&'’+/@-]*[A-Za-z0-9]")
_UPRIGHT_LATIN = 2
"""A Latin run of up to this many characters stands upright like Chinese."""
_WIDTHS = (
    (frozenset(" .'-/ijlI"), 0.4),
    (frozenset("frtsz"), 0.5),
    (frozenset("MWmw@&’"), 1.0),
)


@dataclass(frozen=True, slots=True)
class SpineSign:
    """One character or word, `em` high: upright, turned clockwise, or (、) in the corner."""

    text: str
    stands: Literal["upright", "turned", "corner"]
    em: float


@dataclass(frozen=True, slots=True)
class SpineRun:
    """A text on the spine, `top_mm` below the head of the book."""

    text: str
    cells: tuple[SpineSign, ...]
    top_mm: float


@dataclass(frozen=True, slots=True)
class SpineText:
    """The texts printed on a spine."""

    size_pt: float
    runs: tuple[SpineRun, ...]


@dataclass(frozen=True, slots=True)
class Spine:
    """A computed spine. `note` says in Chinese how its text was set, or why there is none."""

    width_mm: float
    text: SpineText | None
    note: str


def spine_width(sheets: int, stock: PaperStock, cover: PaperStock, rules: SpineRules) -> float:
    """Return the width of the spine including the cover, rounded to 0.1 mm."""
    exact = sheets * stock.caliper_mm + 2 * cover.caliper_mm + rules.glue_mm
    return round(exact + 1e-9, 1)


def most_sheets(stock: PaperStock, cover: PaperStock, rules: SpineRules) -> int:
    """Return how many sheets a volume may have for its spine to stay within the limit."""
    room = rules.limit_mm - 2 * cover.caliper_mm - rules.glue_mm
    return max(int(room / stock.caliper_mm), 1)


def make_spine(width: float, height: float, rules: SpineRules, applicant: str, year: str) -> Spine:
    """Set title, applicant and year on a spine of `width` × `height` millimetres.

    The type is as large as width and height allow. If that is too small, tries a shorter title,
    then no year, then the applicant alone, then no text.
    """
    if width < rules.text_from_mm:
        reason = f"不足 {rules.text_from_mm:g} 毫米，不印书脊文字"
        return Spine(width, None, reason)
    widest = min((width - 2 * rules.edge_mm) * MM, rules.largest_pt)
    room = height - 2 * rules.end_mm
    for texts in _candidates(rules.titles, applicant, year):
        columns = [tuple(_cells(text)) for text in texts]
        size = _half_points(min(widest, room * MM / _extent(columns)))
        if size >= rules.least_pt:
            runs = _spread(texts, columns, size, height, rules.end_mm)
            note = _note(texts, rules, applicant, year, size, widest)
            return Spine(width, SpineText(size, runs), note)
    return Spine(width, None, "单位名称过长，书脊印不下，不印书脊文字")


def _candidates(titles: Sequence[str], applicant: str, year: str) -> Iterator[tuple[str, ...]]:
    wanted = [*((title, applicant, year) for title in titles), (titles[-1], applicant)]
    for texts in (*wanted, (applicant,)):
        given = tuple(text for text in texts if text)
        if given:
            yield given


def _note(
    texts: Sequence[str],
    rules: SpineRules,
    applicant: str,
    year: str,
    size: float,
    widest: float,
) -> str:
    """Return how the text was set, if other than usual."""
    notes = []
    if texts[0] == applicant:
        notes.append("单位名称较长，书脊只印单位名称")
    elif texts[0] != rules.titles[0]:
        notes.append(f"单位名称较长，书脊标题缩为“{texts[0]}”")
    if year not in texts and texts[0] != applicant:
        notes.append("不印年份")
    if size < rules.largest_pt:
        cause = "书脊较薄" if size == _half_points(widest) else "文字较长"
        notes.append(f"{cause}，字号缩为 {size:g} 磅")
    return "；".join(notes) or f"字号 {size:g} 磅"


def _half_points(size: float) -> float:
    return int(size * 2 + 1e-6) / 2


def _extent(columns: Sequence[Sequence[SpineSign]]) -> float:
    """Return the height of several texts with minimal gaps, in em."""
    return sum(map(_height, columns)) + GAP * (len(columns) - 1)


def _height(cells: Sequence[SpineSign]) -> float:
    return sum(cell.em for cell in cells) * PITCH


def _spread(
    texts: Sequence[str],
    columns: Sequence[tuple[SpineSign, ...]],
    size: float,
    height: float,
    end: float,
) -> tuple[SpineRun, ...]:
    """Place the first text at the head and the last at the foot, with equal gaps."""
    em = size / MM
    heights = [_height(cells) * em for cells in columns]
    spare = height - 2 * end - sum(heights)
    gap = spare / (len(columns) - 1) if len(columns) > 1 else 0.0
    top = end if len(columns) > 1 else end + spare / 2
    runs = []
    for text, cells, extent in zip(texts, columns, heights, strict=True):
        runs.append(SpineRun(text, cells, round(top, 2)))
        top += extent + gap
    return tuple(runs)


def _cells(text: str) -> Iterator[SpineSign]:
    at = 0
    for run in _LATIN.finditer(text):
        yield from map(_cell, text[at : run.start()])
        at = run.end()
        if len(run.group()) > _UPRIGHT_LATIN:
            yield SpineSign(run.group(), "turned", round(sum(map(latin_width, run.group())), 2))
        else:
            yield from map(_cell, run.group())
    yield from map(_cell, text[at:])


def _cell(character: str) -> SpineSign:
    if character in _TURNED:
        return SpineSign(character, "turned", 1.0)
    if character in _CORNER:
        return SpineSign(character, "corner", 1.0)
    return SpineSign(character, "upright", 0.4 if character.isspace() else 1.0)


def latin_width(character: str) -> float:
    """Return an upper bound of the width of a Latin character in the bundled sans, in em."""
    for characters, width in _WIDTHS:
        if character in characters:
            return width
    return 0.76 if character.isupper() else 0.63
