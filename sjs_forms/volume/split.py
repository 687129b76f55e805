"""Splits what is too thick for one volume into as few volumes as possible, of similar thickness.

Cuts are best between materials, then between documents, then at a bookmark of a long document, else
at any of its sheets. A better place may make the volumes slightly less even. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sjs_forms.domain.source_facts import Bookmark
from sjs_forms.volume.binding_plan import Document, Section

FRONT_SHEETS = 2
"""Default number of sheets of cover and contents."""

_LONG = 10
"""A document of at least this many sheets may be cut inside; a shorter one only if necessary."""
_SHARE = 0.05
"""A deviation from the mean thickness by this share costs 1."""
_DOCUMENT, _CHAPTER, _DEEPER, _ANYWHERE, _SHORT = 1.0, 2.0, 3.0, 6.0, 30.0
"""Cost of a cut between documents of a material, at bookmarks, anywhere, in a short document."""
_REACH = 0.2
"""Share of the mean thickness, either way, within which cuts are searched first."""


@dataclass(frozen=True, slots=True)
class _Item:
    """A document among all: its section, its index in it, its sheets and the sheets before it.

    `before` excludes the divider before the first document of a section.
    """

    section: int
    index: int
    document: Document
    before: int
    sheets: int

    @property
    def divider(self) -> int:
        """The sheets of the divider before it."""
        return 0 if self.index else 1


@dataclass(frozen=True, slots=True)
class _Place:
    """A possible cut: before a page of an item.

    A volume that ends here has used `end` sheets since the start of everything. One that begins
    here skips `begin` sheets and repeats `divider`.
    """

    item: int
    page: int
    end: int
    begin: int
    divider: int
    cost: float


def split_sections(
    sections: Sequence[Section], most_sheets: int, fronts: Sequence[int] = ()
) -> tuple[tuple[Section, ...], ...]:
    """Return the sections of each volume, so that none has more than `most_sheets` sheets.

    `fronts` are the known sheet counts of cover and contents, volume by volume. Pages keep their
    order. A material that continues in the next volume repeats its divider there.
    """
    items = tuple(_items(sections))
    places = tuple(_places(items))
    count = _fewest(places, most_sheets, fronts)
    if count == 1:
        return (tuple(sections),)
    cuts = _most_alike(places, most_sheets, fronts, count)
    bounds = (0, *cuts, len(places) - 1)
    return tuple(
        tuple(_between(sections, items, places[first], places[last]))
        for first, last in pairwise(bounds)
    )


def _items(sections: Sequence[Section]) -> Iterator[_Item]:
    before = 0
    for number, section in enumerate(sections):
        for index, document in enumerate(section.documents):
            item = _Item(number, index, document, before, _sheets(len(document.pages)))
            before += item.divider + item.sheets
            yield item


def _sheets(pages: int) -> int:
    return (pages + 1) // 2


def _places(items: Sequence[_Item]) -> Iterator[_Place]:
    """Yield all possible cuts in order, including the start and the end."""
    for number, item in enumerate(items):
        cost = _DOCUMENT if item.index else 0.0
        yield _Place(number, 0, item.before, item.before, 1 - item.divider, cost)
        pages, start = len(item.document.pages), item.before + item.divider
        short = _SHORT if item.sheets < _LONG else 0.0
        chapters = _chapters(item.document)
        for page in range(1, pages):
            if page % 2 and page not in chapters:
                continue
            end, begin = start + _sheets(page), start + item.sheets - _sheets(pages - page)
            yield _Place(number, page, end, begin, 1, chapters.get(page, _ANYWHERE) + short)
    if items:
        end = items[-1].before + items[-1].divider + items[-1].sheets
        yield _Place(len(items), 0, end, end, 0, 0.0)


def _chapters(document: Document) -> dict[int, float]:
    """Return the cost of a cut before each page (from 0) of a document that a bookmark leads to."""
    at: dict[int, int] = {}
    for number, page in enumerate(document.pages):
        at.setdefault(page.index, number)
    found: dict[int, float] = {}

    def note(bookmarks: Sequence[Bookmark], cost: float) -> None:
        for bookmark in bookmarks:
            if bookmark.page in at:
                page = at[bookmark.page]
                found[page] = min(cost, found.get(page, cost))
            note(bookmark.children, _DEEPER)

    note(document.bookmarks, _CHAPTER)
    return found


def _sheets_between(first: _Place, last: _Place) -> int:
    """Return the sheets of a volume between two cuts, without cover and contents."""
    if first.item == last.item and first.page:
        return 1 + _sheets(last.page - first.page)
    return last.end - first.begin + first.divider


def _available_sheets(most_sheets: int, fronts: Sequence[int], volume: int) -> int:
    """Return the sheets that a volume has for its materials: at least a divider and one more."""
    return max(2, most_sheets - _front(fronts, volume))


def _front(fronts: Sequence[int], volume: int) -> int:
    return fronts[volume] if volume < len(fronts) else FRONT_SHEETS


def _fewest(places: Sequence[_Place], most_sheets: int, fronts: Sequence[int]) -> int:
    """Return the smallest number of volumes, found by filling each as far as possible."""
    count, at = 0, 0
    while at < len(places) - 1:
        room = _available_sheets(most_sheets, fronts, count)
        following = at + 1
        while (
            following + 1 < len(places)
            and _sheets_between(places[at], places[following + 1]) <= room
        ):
            following += 1
        at, count = following, count + 1
    return max(count, 1)


def _most_alike(
    places: Sequence[_Place],
    most_sheets: int,
    fronts: Sequence[int],
    count: int,
) -> tuple[int, ...]:
    """Return the cheapest cuts between so many volumes, as indices."""
    total = places[-1].end + count - 1 + sum(_front(fronts, each) for each in range(count))
    mean = total / count
    reach = max(4.0, _REACH * mean)
    while True:
        wanted = [_near(places, mean, fronts, volume, reach) for volume in range(count - 1)]
        wanted.append([len(places) - 1])
        found = _cheapest(places, most_sheets, fronts, mean, wanted)
        if found is not None:
            return found
        reach *= 2


def _near(
    places: Sequence[_Place], mean: float, fronts: Sequence[int], volume: int, reach: float
) -> list[int]:
    """Return the cuts near the end of a volume if all were equally thick."""
    ideal = (volume + 1) * mean - sum(_front(fronts, each) for each in range(volume + 1)) - volume
    return [
        index
        for index, place in enumerate(places[1:-1], start=1)
        if abs(place.end - ideal) <= reach
    ]


def _cheapest(
    places: Sequence[_Place],
    most_sheets: int,
    fronts: Sequence[int],
    mean: float,
    wanted: Sequence[Sequence[int]],
) -> tuple[int, ...] | None:
    """Return the cheapest of the candidate cuts for each volume's end; None if none fits.

    Dynamic programming: for each place, the lowest cost of ending a volume there, and the cuts.
    """
    reached: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for volume, ends in enumerate(wanted):
        room, front = _available_sheets(most_sheets, fronts, volume), _front(fronts, volume)
        further: dict[int, tuple[float, tuple[int, ...]]] = {}
        for end in ends:
            for start, (cost, cuts) in reached.items():
                taken = _sheets_between(places[start], places[end]) if start < end else 0
                if not 0 < taken <= room:
                    continue
                unlike = (taken + front - mean) / (_SHARE * mean)
                sum_of = cost + unlike * unlike + places[end].cost
                if end not in further or sum_of < further[end][0]:
                    further[end] = (sum_of, (*cuts, end))
        reached = further
    found = reached.get(len(places) - 1)
    return found[1][:-1] if found else None


def _between(
    sections: Sequence[Section], items: Sequence[_Item], first: _Place, last: _Place
) -> Iterator[Section]:
    """Return what is between two cuts, as sections of one volume."""
    pieces: dict[int, list[tuple[int, Document]]] = {}
    for number in range(first.item, last.item + (1 if last.page else 0)):
        item = items[number]
        start = first.page if number == first.item else 0
        end = last.page if number == last.item else len(item.document.pages)
        piece = replace(
            item.document,
            pages=item.document.pages[start:end],
            continued=start > 0,
            goes_on=end < len(item.document.pages),
        )
        pieces.setdefault(item.section, []).append((item.index, piece))
    for number, found in pieces.items():
        whole, (index, opening), (ending, closing) = sections[number], found[0], found[-1]
        yield replace(
            whole,
            documents=tuple(document for _, document in found),
            first=whole.first + index,
            continued=index > 0 or opening.continued,
            goes_on=ending + 1 < len(whole.documents) or closing.goes_on,
        )
