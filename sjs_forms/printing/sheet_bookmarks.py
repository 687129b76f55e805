"""Bookmarks and page labels of a file that holds only some sheets of a volume."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.plan_views import LabelRange, OutlineItem, outline, page_labels


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sides of a volume in the order of a file: page n of it is `sides[n - 1]`.

    Bookmarks lead only to pages in the file. Each page keeps its label from the volume.
    """

    sides: tuple[int, ...]
    outline: tuple[OutlineItem, ...]
    labels: tuple[LabelRange, ...]


def excerpt(plan: BindingPlan, sheets: Iterable[int]) -> Excerpt:
    """Return both sides of each of these sheets, in the order of the volume."""
    wanted = set(sheets)
    sides = tuple(side.side for side in plan.sides if side.sheet in wanted)
    pages = {side: page for page, side in enumerate(sides, start=1)}
    return Excerpt(
        sides, tuple(_aimed(outline(plan), pages)), tuple(_labels(page_labels(plan), sides))
    )


def _aimed(items: Iterable[OutlineItem], pages: Mapping[int, int]) -> Iterator[OutlineItem]:
    """Replace bookmarks whose page is missing by their children."""
    for item in items:
        children = tuple(_aimed(item.children, pages))
        if item.side in pages:
            yield replace(item, side=pages[item.side], children=children)
        else:
            yield from children


def _labels(ranges: tuple[LabelRange, ...], sides: tuple[int, ...]) -> Iterator[LabelRange]:
    """Start a new range wherever the volume's labels do not continue."""
    expected: tuple[str, int | None] | None = None
    for page, side in enumerate(sides, start=1):
        prefix, number = _label(ranges, side)
        if number is None or (prefix, number) != expected:
            yield LabelRange(page, prefix, number)
        expected = (prefix, number + 1) if number is not None else None


def _label(ranges: tuple[LabelRange, ...], side: int) -> tuple[str, int | None]:
    """Return a side's label: its prefix and its number."""
    found = max((known for known in ranges if known.side <= side), key=lambda known: known.side)
    return found.prefix, None if found.start is None else found.start + side - found.side
