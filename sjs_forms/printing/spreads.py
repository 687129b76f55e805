"""Pairs the sides of a volume into the spreads of a proof.

Lengths are in points on a landscape A4 sheet, origin at the lower left.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sjs_forms.base.manifest import Manifest, PartEntry, SideEntry
from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH, MM
from sjs_forms.volume.plan_views import KINDS

SCALE = 0.66
"""Slightly less than 1/√2, at which two A4 sides fill one sheet; leaves room for the captions."""
PAGE_WIDTH, PAGE_HEIGHT = A4_WIDTH * SCALE, A4_HEIGHT * SCALE
LEFT = (A4_HEIGHT - 2 * PAGE_WIDTH) / 2
FOOT = 10 * MM
HEAD = A4_WIDTH - FOOT - PAGE_HEIGHT


@dataclass(frozen=True, slots=True)
class SpreadSide:
    """One side in a spread: its number, its description, and whether it is blank."""

    side: int
    where: str
    what: str
    blank: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """A verso and a recto side by side. None is the inside of the cover."""

    verso: SpreadSide | None
    recto: SpreadSide | None


def spreads(parts: Iterable[PartEntry], sides: Iterable[SideEntry]) -> tuple[Spread, ...]:
    """Return every side of a manifest once: the first alone on the right, the last on the left.

    Raises ValueError if a side is of an unknown kind.
    """
    titles = {part.id: part.title for part in parts}
    return tuple(_spreads([_leaf(side, titles) for side in sides]))


def _spreads(leaves: Sequence[SpreadSide]) -> Iterator[Spread]:
    around = (None, *leaves, None)
    for at, (verso, recto) in enumerate(pairwise(around)):
        if at % 2 == 0:
            yield Spread(verso, recto)


def _leaf(side: SideEntry, titles: Mapping[str, str]) -> SpreadSide:
    if side.kind not in KINDS:
        raise ValueError(f"side {side.side}")
    face = "正面" if side.face == "recto" else "背面"
    kind = KINDS[side.kind]
    title = titles.get(side.part or "", kind)
    part = f"之 {side.source_part}" if side.source_part else ""
    page = f"（原第 {side.source_page} 页{part}）" if side.source_page else ""
    what = kind if title == kind else f"{kind}　{title}{page}"
    return SpreadSide(
        side.side,
        f"第 {side.side} 面 · 第 {side.sheet} 张{face}",
        what,
        side.kind == "blank",
    )


def left_of(side: int) -> float:
    """Return the left edge of a side's page: rectos are right of the spine."""
    return LEFT + (PAGE_WIDTH if side % 2 else 0)


def opens_at(parts: Iterable[PartEntry]) -> Iterator[tuple[str, int]]:
    """Yield each part's title and the index of the spread on which it begins."""
    for part in parts:
        yield part.title, part.first_side // 2


def proof_context(manifest: Manifest, volume_sha256: str) -> dict[str, Any]:
    """Return the context of pages/proof.html: everything around the pages, in millimetres."""
    found = spreads(manifest.parts, manifest.sides)
    return {
        "left": LEFT / MM,
        "head": HEAD / MM,
        "foot": FOOT / MM,
        "width": PAGE_WIDTH / MM,
        "height": PAGE_HEIGHT / MM,
        "spreads": found,
        "count": len(found),
        "applicant": manifest.applicant.name or "",
        "volume": volume_sha256[:16],
        "draft": manifest.draft,
    }
