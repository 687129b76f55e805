"""How the papers reach an applicant's folder: as text, from a scanner, or from a phone."""

from collections.abc import Callable
from io import BytesIO
from random import Random

import pikepdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter

_MM = 25.4


def as_text(pdf: bytes, seed: int) -> bytes:
    """The PDF as it is."""
    return pdf


def as_scan(pdf: bytes, seed: int) -> bytes:
    """From an office scanner in colour at 150 dpi, a little askew."""
    return _pictures_as_pdf(
        [_scanned(page, seed, place) for place, page in _drawn(pdf, 150)], 150, 78
    )


def as_grey(pdf: bytes, seed: int) -> bytes:
    """From a scanner in grey at 300 dpi."""
    pages = [_scanned(page, seed, place).convert("L") for place, page in _drawn(pdf, 300)]
    return _pictures_as_pdf(pages, 300, 70)


def as_photo(pdf: bytes, seed: int) -> bytes:
    """Taken by a phone from the hand, on a desk, in light from one side."""
    return _pictures_as_pdf(
        [photo(page, seed * 13 + place) for place, page in _drawn(pdf, 200)], 200, 82
    )


COPIES: tuple[Callable[[bytes, int], bytes], ...] = (as_text, as_scan, as_grey, as_photo)


def _drawn(pdf: bytes, dpi: int) -> list[tuple[int, Image.Image]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        scale = dpi / 72
        return [
            (place, page.render(scale=scale).to_pil().convert("RGB"))
            for place, page in enumerate(document)
        ]
    finally:
        document.close()


def _scanned(page: Image.Image, seed: int, place: int) -> Image.Image:
    dice = Random(seed * 101 + place)
    paper = dice.randint(236, 253)
    turned = page.rotate(
        dice.uniform(-1.2, 1.2), Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
    )
    soft = turned.filter(ImageFilter.GaussianBlur(dice.uniform(0.2, 0.6) * page.width / 1240))
    return soft.point([round(value * paper / 255) for value in range(256)] * 3)


Corners = list[tuple[float, float]]
"""Of a page: upper left, lower left, lower right, upper right."""
DESKS = ((92, 70, 52), (60, 62, 66), (128, 112, 96), (45, 58, 52))


def photo(page: Image.Image, seed: int) -> Image.Image:
    """A page on a desk: perspective, light falling off, a shadow, some softness."""
    dice = Random(seed)
    return photo_on(page, dice.choice(DESKS), dice)[0]


def photo_on(
    page: Image.Image, desk: tuple[int, int, int], dice: Random
) -> tuple[Image.Image, Corners]:
    """A page on a desk of this colour, and where its corners are in the picture."""
    wide, high = page.size
    border = round(0.09 * max(wide, high))
    size = (wide + 2 * border, high + 2 * border)
    right, foot = wide + border, high + border
    corners = [(border, border), (border, foot), (right, foot), (right, border)]
    moved = [
        (x + dice.uniform(-0.5, 0.7) * border, y + dice.uniform(-0.5, 0.7) * border)
        for x, y in corners
    ]
    sources = [(0.0, 0.0), (0.0, float(high)), (float(wide), float(high)), (float(wide), 0.0)]
    laid = page.convert("RGBA").transform(
        size, Image.Transform.PERSPECTIVE, perspective(moved, sources), Image.Resampling.BICUBIC
    )
    ground = Image.new("RGB", size, desk)
    ground.paste(laid, (0, 0), laid)
    lit = ImageChops.multiply(ground, _light(size, dice).convert("RGB"))
    return lit.filter(ImageFilter.GaussianBlur(dice.uniform(0.3, 0.8))), moved


def _light(size: tuple[int, int], dice: Random) -> Image.Image:
    """Light from one side, and the shadow of who takes the photograph."""
    light = Image.linear_gradient("L").rotate(dice.choice([0, 90, 180, 270])).resize(size)
    low = dice.randint(130, 180)
    light = light.point([low + round(value * (250 - low) / 255) for value in range(256)])
    shadow = Image.new("L", size, 255)
    x = dice.uniform(0.2, 0.8) * size[0]
    ImageDraw.Draw(shadow).ellipse((x - 400, size[1] - 300, x + 400, size[1] + 500), fill=190)
    return ImageChops.multiply(light, shadow.filter(ImageFilter.GaussianBlur(120)))


def perspective(
    places: list[tuple[float, float]], sources: list[tuple[float, float]]
) -> tuple[float, ...]:
    """Return Pillow's coefficients that take each place of the picture from its source."""
    rows, right = [], []
    for (x, y), (u, v) in zip(places, sources, strict=True):
        rows.append([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y])
        rows.append([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y])
        right += [u, v]
    return tuple(_solved(rows, right))


def _solved(rows: list[list[float]], right: list[float]) -> list[float]:
    """Solve linear equations by elimination."""
    count = len(right)
    table = [[*row, value] for row, value in zip(rows, right, strict=True)]
    for step in range(count):
        best = max(range(step, count), key=lambda row: abs(table[row][step]))
        table[step], table[best] = table[best], table[step]
        for row in range(count):
            if row != step:
                factor = table[row][step] / table[step][step]
                table[row] = [a - factor * b for a, b in zip(table[row], table[step], strict=True)]
    return [table[row][count] / table[row][row] for row in range(count)]


def _pictures_as_pdf(pages: list[Image.Image], dpi: int, quality: int) -> bytes:
    import img2pdf

    found = []
    for page in pages:
        stream = BytesIO()
        page.save(stream, "JPEG", quality=quality, dpi=(dpi, dpi))
        found.append(stream.getvalue())
    written = BytesIO()
    with pikepdf.open(BytesIO(img2pdf.convert(found, nodate=True))) as pdf:
        if "/ID" in pdf.trailer:
            del pdf.trailer["/ID"]  # a random one
        pdf.save(written, deterministic_id=True)
    return written.getvalue()
