"""Where the pages of a clean PDF bear ink, and which need colour: seen with pdfium, not guessed.

Drawn at some 50 dpi. Paper is the commonest colour of a page, so that the grey of a scan is not
taken for ink; on paper too dark for a black number everything is.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from sjs_forms.facts import Ink, PageFacts

CELL = 2 * 72 / 25.4
"""Side of a cell of the grid in points: 2 mm."""
_PIXELS = 4
"""Pixels to the side of a cell."""
_LARGEST = 3 * 842
"""A page beyond this many points is looked at more coarsely: it will be shrunk anyway."""
_UNLIKE_PAPER = 14
"""A channel that differs from the paper's by more (of 255) is ink."""
_DARK_PAPER = 190
"""Paper darker than this would swallow a black number."""
_SPECKS = 0.15
"""A cell of which less is inked bears only dust."""
_VIVID, _SPOTS = 48, 0.0002
"""A pixel whose channels differ by more is coloured; a page with more such pixels needs colour."""


def looked_at(clean: Path, pages: tuple[PageFacts, ...], seconds: float) -> tuple[PageFacts, ...]:
    """`pages` with ink and colour filled in; those not reached within `seconds` stay unseen."""
    until = time.monotonic() + seconds
    document = pypdfium2.PdfDocument(clean)
    try:
        return tuple(_looked_at_pages(document, pages, until))
    finally:
        document.close()


def _looked_at_pages(
    document: pypdfium2.PdfDocument, pages: tuple[PageFacts, ...], until: float
) -> Iterator[PageFacts]:
    for index, facts in enumerate(pages):
        if time.monotonic() > until:
            yield replace(facts, coloured=True)
            continue
        page = document[index]
        try:
            yield _looked_at(page, facts)
        finally:
            page.close()


def _looked_at(page: pypdfium2.PdfPage, facts: PageFacts) -> PageFacts:
    cell = CELL * max(1.0, max(facts.width, facts.height) / _LARGEST)
    picture = page.render(scale=_PIXELS / cell).to_pil().convert("RGB")
    return replace(facts, ink=ink_of(picture, cell), coloured=is_coloured(picture))


def ink_of(picture: Image.Image, cell: float) -> Ink:
    """The grid of a page drawn at four pixels a cell; `cell` is a cell's side in points."""
    columns, rows = -(-picture.width // _PIXELS), -(-picture.height // _PIXELS)
    mask = Image.new("L", (columns * _PIXELS, rows * _PIXELS), 0)
    mask.paste(_unlike_paper(picture), (0, rows * _PIXELS - picture.height))
    shares = mask.reduce(_PIXELS)
    inked = shares.point([255 if share > 255 * _SPECKS else 0 for share in range(256)])
    lines = []
    for row in reversed(range(rows)):
        cells = inked.crop((0, row, columns, row + 1)).tobytes()
        lines.append(sum(1 << column for column, value in enumerate(cells) if value))
    return Ink(cell, columns, tuple(lines))


def _unlike_paper(picture: Image.Image) -> Image.Image:
    """White where a pixel is ink."""
    channels = picture.split()
    paper = [max(range(256), key=channel.histogram().__getitem__) for channel in channels]
    if max(paper) < _DARK_PAPER or sum(paper) / 3 < _DARK_PAPER:
        return Image.new("L", picture.size, 255)
    masks = [
        channel.point([255 if abs(value - own) > _UNLIKE_PAPER else 0 for value in range(256)])
        for channel, own in zip(channels, paper, strict=True)
    ]
    return ImageChops.lighter(ImageChops.lighter(masks[0], masks[1]), masks[2])


def is_coloured(picture: Image.Image) -> bool:
    """Whether a page needs colour; the cast of a scanner does not count."""
    red, green, blue = picture.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    spread = ImageChops.subtract(most, least).histogram()
    return sum(spread[_VIVID:]) > _SPOTS * picture.width * picture.height
