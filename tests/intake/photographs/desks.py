"""Photographs of papers to straighten."""

import math
from pathlib import Path
from random import Random

from PIL import Image

from tests.reading.papers.copies import DESKS, perspective, photo_on
from tests.reading.small_pdfs import html_page
from tests.scanner import drawn_pages

LEASE = "<h1>房屋租赁合同</h1>" + "<p>甲乙双方经协商一致订立本合同。</p>" * 14
DPI = 180


def flat_page(text: str = LEASE) -> Image.Image:
    """A page as a scanner shows it."""
    return drawn_pages(html_page(text), DPI)[0]


def photograph(path: Path, page: Image.Image, seed: int = 1) -> Path:
    """A photograph of a page on a dark desk, as a phone saves it."""
    photo_on(page, DESKS[0], Random(seed))[0].save(path, "JPEG", quality=92)
    return path


def tilted(page: Image.Image, short: float, degrees: float) -> Image.Image:
    """A photograph of a page, its height so much shorter, from below at this angle."""
    wide, high = page.size
    focus, angle = 0.8 * high, math.radians(degrees)
    corners = []
    for x, y in ((-1, -1), (-1, 1), (1, 1), (1, -1)):
        across, down = x * wide / 2, y * high * short / 2
        away = 1.3 * high - down * math.sin(angle)
        corners.append(
            (focus * across / away + 0.5 * wide, focus * down * math.cos(angle) / away + 0.5 * high)
        )
    sources = [(0.0, 0.0), (0.0, float(high)), (float(wide), float(high)), (float(wide), 0.0)]
    laid = page.convert("RGBA").transform(
        page.size, Image.Transform.PERSPECTIVE, perspective(corners, sources)
    )
    ground = Image.new("RGB", page.size, DESKS[1])
    ground.paste(laid, (0, 0), laid)
    return ground
