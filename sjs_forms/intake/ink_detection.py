"""Detects where the pages of a clean PDF have ink or a seal, and which need colour.

Pages are rendered at about 50 dpi by PDFium; a plain scan by `jpeg_scan`, several times as fast.
The most common colour of a page is its paper, so that a scan's grey is not taken for ink. On paper
too dark for a black number everything counts as ink.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image, ImageChops

from sjs_forms.domain.source_facts import Ink, PageFacts
from sjs_forms.intake import jpeg_scan
from sjs_forms.intake.seal_detection import seal_look

CELL = 2 * 72 / 25.4
"""Side of a grid cell in points: 2 mm."""
_PIXELS = 4
"""Pixels per side of a cell."""
_LARGEST = 3 * 842
"""A page longer than this many points is rendered more coarsely, because it will be shrunk."""
_UNLIKE_PAPER = 14
"""A pixel with a channel that differs from the paper by more than this (of 255) is ink."""
_DARK_PAPER = 190
"""Paper darker than this would hide a black number."""
_SPECKS = 0.15
"""A cell with a smaller share of ink than this has only dust."""
Bands = tuple[Image.Image, ...]
"""The three bands of an RGB page, or one if it is grey."""

_VIVID, _SPOTS = 48, 0.0002
"""A pixel whose channels differ by more than _VIVID is coloured; a page with a larger share of such
pixels than _SPOTS needs colour.
"""

_GREY, _GREY_SHARE = 128, 0.004
"""Mid-grey, and the share of a page from which it gives cause to decode the page's JPEGs strictly.
"""


def examined_pages(
    clean: Path, pages: tuple[PageFacts, ...], seconds: float
) -> tuple[tuple[PageFacts, ...], tuple[int, ...]]:
    """Return `pages` with ink and colour, and the indices of those that look as if JPEG data were
    missing; those not reached within `seconds` stay unexamined.

    These are processor seconds of this process, so that the result does not depend on other load.
    """
    until = time.process_time() + seconds
    document = pypdfium2.PdfDocument(clean)
    try:
        with pikepdf.open(clean) as pdf:
            examined = list(_examined_one_by_one(document, pdf, pages, until))
    finally:
        document.close()
    doubtful = tuple(at for at, (_, is_doubtful) in enumerate(examined) if is_doubtful)
    return tuple(page for page, _ in examined), doubtful


def _examined_one_by_one(
    document: pypdfium2.PdfDocument, pdf: pikepdf.Pdf, pages: tuple[PageFacts, ...], until: float
) -> Iterator[tuple[PageFacts, bool]]:
    for index, (facts, plain) in enumerate(zip(pages, pdf.pages, strict=True)):
        if time.process_time() > until:
            yield replace(facts, coloured=True), False
            continue
        cell = CELL * max(1.0, max(facts.width, facts.height) / _LARGEST)
        scale = _PIXELS / cell
        scan = jpeg_scan.scan_of(plain.obj, facts.width, facts.height, scale)
        if scan is None:
            picture = _rendered(document, index, scale)
            doubtful = has_flat_grey(picture)
        else:
            picture, doubtful = scan.picture, scan.doubtful
        bands = bands_of(picture)
        spreads = colour_spreads(bands)
        seal = seal_look(picture, spreads, plain.obj, facts.scanned)
        seen = replace(facts, ink=ink_of(bands, cell), coloured=is_coloured(spreads), seal=seal)
        yield seen, doubtful


def _rendered(document: pypdfium2.PdfDocument, index: int, scale: float) -> Image.Image:
    page = document[index]
    try:
        picture: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    finally:
        page.close()
    return picture


def has_flat_grey(picture: Image.Image) -> bool:
    """Return whether as many pixels of an RGB page as `_GREY_SHARE` may be exactly mid-grey.

    Decoders show that where the data of a JPEG end too early.
    """
    counts = picture.histogram()
    grey = min(counts[band + _GREY] for band in (0, 256, 512))
    return grey > _GREY_SHARE * picture.width * picture.height


def ink_of(bands: Bands, cell: float) -> Ink:
    """Return the ink grid of a page drawn at four pixels per cell. `cell` is its side in points."""
    width, height = bands[0].size
    columns, rows = -(-width // _PIXELS), -(-height // _PIXELS)
    mask = Image.new("L", (columns * _PIXELS, rows * _PIXELS), 0)
    mask.paste(_unlike_paper(bands), (0, rows * _PIXELS - height))
    shares = mask.reduce(_PIXELS)
    inked = shares.point([255 if share > 255 * _SPECKS else 0 for share in range(256)], "1")
    packed = inked.transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes()
    stride = -(-columns // 8)
    lines = (
        int.from_bytes(packed[row * stride : (row + 1) * stride], "big") >> (8 * stride - columns)
        for row in reversed(range(rows))
    )
    return Ink(cell, columns, tuple(lines))


def _unlike_paper(bands: Bands) -> Image.Image:
    """Return an image that is white where a pixel is ink."""
    paper = [max(range(256), key=band.histogram().__getitem__) for band in bands]
    if max(paper) < _DARK_PAPER or sum(paper) / len(paper) < _DARK_PAPER:
        return Image.new("L", bands[0].size, 255)
    return _maximum(
        band.point([255 if abs(value - own) > _UNLIKE_PAPER else 0 for value in range(256)])
        for band, own in zip(bands, paper, strict=True)
    )


def bands_of(picture: Image.Image) -> Bands:
    """Return the bands of an RGB page, or only one if it is grey: the others are the same."""
    red, green, blue = picture.split()
    grey = red.tobytes() == green.tobytes() == blue.tobytes()
    return (red,) if grey else (red, green, blue)


def _maximum(bands: Iterable[Image.Image]) -> Image.Image:
    """Return the maximum of the bands at each pixel."""
    return reduce(ImageChops.lighter, bands)


def colour_spreads(bands: Bands) -> list[int]:
    """Return how many pixels of an RGB page have channels that differ by 0, by 1 … by 255."""
    if len(bands) == 1:
        return [bands[0].width * bands[0].height, *[0] * 255]
    red, green, blue = bands
    pairs = ((red, green), (green, blue), (blue, red))
    return _maximum(ImageChops.difference(*pair) for pair in pairs).histogram()


def is_coloured(spreads: Sequence[int]) -> bool:
    """Return whether a page with these spreads needs colour, allowing for a scanner's tint."""
    return sum(spreads[_VIVID:]) > _SPOTS * sum(spreads)
