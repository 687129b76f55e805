"""Scanned and generated pages read by PDFium: what they look like, what text they have."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sjs_forms.recognition import Alike, FormPage, Seen
from sjs_forms.scan_text import plain, readable, text_likeness

if TYPE_CHECKING:
    from sjs_forms.inkmap import InkMap

_DPI = 100
_MOST_PIXELS = 1_600
"""Pixels of a drawing's longer side, whatever the page says of its size."""
_NEAREST = 3
"""As many of the coarsely likest ways are looked at closely."""
_ANGLES = 2_000
"""Characters whose direction is asked for."""


@dataclass(frozen=True, eq=False, slots=True)
class PageRead:
    """One page: its ink, straightened, its plain text, and how that is turned (degrees)."""

    ink: "InkMap"
    text: str
    text_turn: int = 0


def read_pages(pdf: Path | bytes, pages: Sequence[int] | None = None) -> Iterator[PageRead]:
    """The pages of a PDF, or some of them (from 0), one after the other."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        for index in range(len(document)) if pages is None else pages:
            page = document[index]
            try:
                yield _read(page)
            finally:
                page.close()
    finally:
        document.close()


def _read(page: Any) -> PageRead:
    from sjs_forms.inkmap import ink_map, straightened

    points = page.get_size()
    scale = min(_DPI / 72, _MOST_PIXELS / max(points))
    picture = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
    ink = ink_map(picture, points)
    text = page.get_textpage()
    try:
        shown = plain(text.get_text_bounded())
        turn = _text_turn(text) if readable(shown) else 0
    finally:
        text.close()
    return PageRead(ink if ink.blank else straightened(ink), shown, turn)


def _text_turn(text: Any) -> int:
    """Degrees clockwise that would set most of the text upright."""
    import math

    from pypdfium2 import raw

    count = min(text.count_chars(), _ANGLES)
    angles = (raw.FPDFText_GetCharAngle(text.raw, index) for index in range(count))
    quarters = Counter(round(math.degrees(angle) / 90) % 4 for angle in angles if angle >= 0)
    return quarters.most_common(1)[0][0] * 90 if quarters else 0


def seen(
    number: int,
    scan: PageRead,
    references: Mapping[FormPage, PageRead],
    wished: FormPage | None = None,
) -> Seen:
    """What a scanned page looks like, held to all pages of the forms; `wished` is looked at too."""
    readable_text = readable(scan.text)
    if scan.ink.blank and not readable_text:
        return Seen(number, blank=True)
    texts = (
        [Alike(page, text_likeness(own.text, scan.text)) for page, own in references.items()]
        if readable_text
        else []
    )
    return Seen(
        number,
        False,
        _best_first(_pictures(scan, references, wished)),
        _best_first(texts),
        scan.text_turn,
    )


def _best_first(looks: Sequence[Alike]) -> tuple[Alike, ...]:
    return tuple(sorted(looks, key=lambda alike: (-alike.score, alike.page, alike.turn)))


def _pictures(
    scan: PageRead, references: Mapping[FormPage, PageRead], wished: FormPage | None
) -> list[Alike]:
    from sjs_forms.resemblance import closely, coarsely

    upright = {turn: scan.ink.turned(turn) for turn in scan.ink.turns}
    ways = [
        (coarsely(ink, own.ink), page, turn)
        for turn, ink in upright.items()
        for page, own in references.items()
    ]
    ways.sort(key=lambda way: (-way[0].score, way[1], way[2]))
    near = ways[:_NEAREST] + [way for way in ways[_NEAREST:] if way[1] == wished]
    looks = []
    for at, page, turn in near:
        score = closely(upright[turn], references[page].ink, at).score
        looks.append(Alike(page, round(score, 3), turn))
    return looks
