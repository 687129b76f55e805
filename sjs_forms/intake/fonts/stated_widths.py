"""Reads the widths in a font's dictionary, in thousandths of an em (PDF 32000-1, 9)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sjs_forms.intake.fonts import code_charts
from sjs_forms.intake.fonts.substitutes import SYMBOL, ZAPF
from sjs_forms.pdf.objects import entry, items, number

_WIDEST = 10_000.0
"""Larger widths are treated as invalid."""

_MAX = 1 << 18
"""Limit on the widths in one array: four for every possible CID."""


@dataclass(frozen=True, slots=True)
class VerticalMetrics:
    """Vertical metrics, /DW2 and /W2 (9.7.4.3), by CID."""

    usual: tuple[float, float] = (880.0, -1000.0)
    own: Mapping[int, tuple[float, float, float]] = field(default_factory=dict)


def by_cid(inner: Any) -> Callable[[int], float]:
    """Return the widths of a CIDFont: /W (9.7.4.3) and /DW."""
    stated = {cid: found[0] for cid, found in _runs(entry(inner, "/W"), 1)}
    usual = number(entry(inner, "/DW"))
    usual = 1000.0 if usual is None else usual
    return lambda cid: _bounded(stated.get(cid, usual))


def upright(inner: Any) -> VerticalMetrics:
    """Return the vertical metrics of a CIDFont."""
    usual = [number(value) for value in items(entry(inner, "/DW2"))]
    own = {cid: (found[0], found[1], found[2]) for cid, found in _runs(entry(inner, "/W2"), 3)}
    if len(usual) == 2 and usual[0] is not None and usual[1] is not None:
        return VerticalMetrics((usual[0], usual[1]), own)
    return VerticalMetrics(own=own)


def by_code(font: Any) -> Callable[[int], float | None]:
    """Return the widths of a simple font; None for a code without one (9.6.2)."""
    listed = items(entry(font, "/Widths"))
    first = int(number(entry(font, "/FirstChar")) or 0)
    missing = number(entry(entry(font, "/FontDescriptor"), "/MissingWidth")) or None

    def width(code: int) -> float | None:
        at = code - first
        found = number(listed[at]) if 0 <= at < len(listed) else missing
        return None if found is None else _bounded(found)

    return width


def of_symbol(kind: str, shown: str) -> float | None:
    """Return the width of a character in one of the two standard symbol fonts."""
    from pdfminer.fontmetrics import FONT_METRICS

    if kind == SYMBOL:
        return FONT_METRICS["Symbol"][1].get(shown)
    if kind != ZAPF:
        return None
    # pdfminer stores the glyphs a1 to a206 under the characters with these numbers.
    numbers = (at for at in range(1, 207) if code_charts.character(f"a{at}", zapf=True) == shown)
    key = shown if shown == " " else chr(next(numbers, 0))
    return FONT_METRICS["ZapfDingbats"][1].get(key)


def _runs(listed: Any, size: int) -> Iterator[tuple[int, list[float]]]:
    """Parse /W or /W2: CIDs, each with its `size` numbers."""
    waiting = items(listed)
    at, left = 0, _MAX
    while at + 1 < len(waiting):
        first = number(waiting[at])
        row = items(waiting[at + 1])
        if first is None or not 0 <= first < 1 << 16:
            return
        begin = int(first)
        if row:
            figures = [number(value) or 0.0 for value in row[:left]]
            count = len(figures) // size
            at += 2
        else:
            last = number(waiting[at + 1])
            figures = [number(value) or 0.0 for value in waiting[at + 2 : at + 2 + size]]
            if last is None or len(figures) < size:
                return
            count = max(int(min(last, 0xFFFF)) - begin + 1, 0)
            at += 2 + size
        left -= count
        if left < 0:
            return
        for step in range(count):
            start = step * size if row else 0
            yield begin + step, figures[start : start + size]


def _bounded(width: float) -> float:
    return max(-_WIDEST, min(_WIDEST, width))
