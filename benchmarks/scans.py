"""A set of scanned files: A4 pages of JPEG with the grain of paper, as an office scanner makes.

    python -m benchmarks.scans FOLDER [--files 30] [--pages 40]

No two pages are alike, so nothing is gained by finding the same page twice. The same numbers give
the same set; it is made once and found again.
"""

import argparse
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path

import img2pdf
from PIL import Image, ImageDraw

PIXELS = (1654, 2339)
"""A4 at 200 dots an inch."""

PAGE_BYTES = 680_000
"""About what such a page of an office scanner takes."""

GRAIN = 0.064
"""Share of noise in a page: with QUALITY it makes a page of about PAGE_BYTES."""
QUALITY = 85
DENSE = 99
"""Quality of a scanner that is set to its finest."""

_DONE = "set.json"
_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))


def scan_set(folder: Path, files: int, pages: int) -> tuple[Path, ...]:
    """The files of the set of `files` times `pages` pages in `folder`, made where they are not."""
    made = [folder / f"扫描件{number:02}.pdf" for number in range(1, files + 1)]
    wanted = {"files": files, "pages": pages, "grain": GRAIN, "quality": QUALITY}
    mark = folder / _DONE
    if mark.is_file() and json.loads(mark.read_text(encoding="utf-8")) == wanted:
        return tuple(made)
    folder.mkdir(parents=True, exist_ok=True)
    mark.unlink(missing_ok=True)
    for number, path in enumerate(made):
        path.write_bytes(_scanned_file(number, pages))
    mark.write_text(json.dumps(wanted), encoding="utf-8")
    return tuple(made)


def scan_file(path: Path, pages: int, number: int, quality: int = QUALITY) -> Path:
    """One file of so many pages; `number` makes it another. DENSE gives 2.3 MB a page."""
    if not path.is_file():
        path.write_bytes(_scanned_file(number, pages, quality))
    return path


def _scanned_file(number: int, pages: int, quality: int = QUALITY) -> bytes:
    layout = img2pdf.get_layout_fun(_A4)
    scanned = list(_scanned_pages(number, pages, quality))
    made: bytes = img2pdf.convert(
        scanned, layout_fun=layout, nodate=True, engine=img2pdf.Engine.internal
    )
    return made


def _scanned_pages(number: int, pages: int, quality: int) -> Iterator[bytes]:
    for page in range(pages):
        chance = random.Random(number * 100_000 + page)
        kept = io.BytesIO()
        _page(chance, f"{number + 1}-{page + 1}").save(
            kept, "JPEG", quality=quality, dpi=(200, 200)
        )
        yield kept.getvalue()


def _page(chance: random.Random, label: str) -> Image.Image:
    """Lines of dark words on grainy, slightly yellow paper, within the margins of a letter."""
    width, height = PIXELS
    sheet = Image.new("L", PIXELS, 236)
    draw = ImageDraw.Draw(sheet)
    draw.text((width - 300, height - 160), label, fill=40, font_size=36)
    for top in range(240, height - 240, 56):
        left = 200
        while left < width - 260:
            right = min(left + chance.randrange(24, 150), width - 200)
            draw.rectangle((left, top, right, top + chance.randrange(16, 30)), fill=50)
            left = right + chance.randrange(8, 30)
    grain = Image.frombytes("L", PIXELS, chance.randbytes(width * height))
    grey = Image.blend(sheet, grain, GRAIN)
    return Image.merge("RGB", (grey, grey, grey.point(lambda value: int(value * 0.96))))


def main() -> None:
    """Make a set and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--pages", type=int, default=40)
    asked = parser.parse_args()
    made = scan_set(asked.folder, asked.files, asked.pages)
    size = sum(path.stat().st_size for path in made)
    print(f"{len(made)} files, {asked.files * asked.pages} pages, {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
