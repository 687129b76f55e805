"""An office scanner for tests: generated pages as they come back signed, sealed and scanned."""

import math
import random
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter


@dataclass(frozen=True)
class Scan:
    """How one page went through the scanner; lengths in millimetres, angles in degrees."""

    dpi: int = 100
    skew: float = 0.0
    scale: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
    turn: int = 0
    blur: float = 0.0
    noise: int = 0
    paper: int = 250
    toner: float = 1.0
    sealed: bool = False
    signed: bool = False
    mode: str = "RGB"
    quality: int = 75


def rough(seed: int, **fixed: Any) -> Scan:
    """A scan as bad as an office machine makes it, another with each seed."""
    dice = random.Random(seed)
    values: dict[str, Any] = {
        "dpi": dice.choice([100, 120, 150]),
        "skew": dice.uniform(-2, 2),
        "scale": dice.uniform(0.96, 1.04),
        "shift": (dice.uniform(-6, 6), dice.uniform(-6, 6)),
        "turn": dice.choice([0, 0, 0, 180]),
        "blur": dice.uniform(0, 1.2),
        "noise": dice.randint(0, 18),
        "paper": dice.randint(215, 254),
        "toner": dice.uniform(0.55, 1),
        "sealed": dice.random() < 0.5,
        "signed": dice.random() < 0.5,
        "mode": dice.choice(["RGB", "L", "L", "1"]),
        "quality": dice.randint(30, 85),
    }
    return Scan(**{**values, **fixed})


def drawn_pages(pdf: bytes | Path, dpi: int = 150) -> list[Image.Image]:
    """The pages of a PDF as pictures."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def scanned(page: Image.Image, how: Scan, seed: int = 0) -> Image.Image:
    """A drawn A4 page after printing, signing, sealing and scanning."""
    dice = random.Random(seed)
    picture = page.convert("RGB")
    if how.toner < 1:
        picture = picture.point([round(255 - (255 - v) * how.toner) for v in range(256)] * 3)
    if how.signed:
        _sign(picture, dice)
    if how.sealed:
        picture = _seal(picture, dice)
    picture = _moved(picture, how)
    if how.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(how.blur * how.dpi / 150))
    picture = picture.point([round(v * how.paper / 255) for v in range(256)] * 3)
    if how.noise:
        grain = Image.effect_noise(picture.size, how.noise).convert("RGB")
        picture = ImageChops.add(picture, grain, 1, -128)
    if how.turn:
        picture = picture.rotate(-how.turn, expand=True)
    if how.mode == "1":
        return picture.convert("L").point([255 if v > 150 else 0 for v in range(256)]).convert("1")
    return picture.convert(how.mode)


def _moved(picture: Image.Image, how: Scan) -> Image.Image:
    width, height = round(210 / 25.4 * how.dpi), round(297 / 25.4 * how.dpi)
    factor = how.dpi * 210 / 25.4 / picture.width * how.scale
    turn = math.radians(how.skew)
    cos, sin = math.cos(turn) / factor, math.sin(turn) / factor
    x, y = (shift / 25.4 * how.dpi for shift in how.shift)
    cx, cy = width / 2 + x, height / 2 + y
    matrix = (
        cos, sin, picture.width / 2 - cos * cx - sin * cy,
        -sin, cos, picture.height / 2 + sin * cx - cos * cy,
    )  # fmt: skip
    return picture.transform(
        (width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC, fillcolor="white"
    )


def _sign(picture: Image.Image, dice: random.Random) -> None:
    pen = ImageDraw.Draw(picture)
    unit = picture.width / 210
    for _ in range(3):
        x, y = dice.uniform(60, 150) * unit, dice.uniform(60, 250) * unit
        points = []
        for step in range(24):
            points.append((x + step * unit * 1.4, y + dice.uniform(-6, 6) * unit))
        pen.line(points, fill=(20, 30, 110), width=max(1, round(0.6 * unit)))


def _seal(picture: Image.Image, dice: random.Random) -> Image.Image:
    unit = picture.width / 210
    x, y, r = dice.uniform(70, 160) * unit, dice.uniform(60, 250) * unit, 21 * unit
    layer = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(layer)
    red = (225, 40, 45)
    pen.ellipse((x - r, y - r, x + r, y + r), outline=red, width=max(1, round(1.2 * unit)))
    star = [
        (x + math.sin(k * 0.8 * math.pi) * r / 3, y - math.cos(k * 0.8 * math.pi) * r / 3)
        for k in range(5)
    ]
    pen.polygon(star, fill=red)
    for k in range(-6, 7):
        a = k * 0.36
        cx, cy = x + math.sin(a) * r * 0.78, y - math.cos(a) * r * 0.78
        pen.rectangle((cx - unit, cy - unit * 2, cx + unit, cy + unit * 2), outline=red, width=2)
    return ImageChops.multiply(picture, layer)


def as_pdf(path: Path, pictures: list[Image.Image], dpi: int = 100, quality: int = 75) -> Path:
    """Pictures as the pages of one PDF, as a scanner writes it."""
    import img2pdf

    data = [as_jpeg(picture, dpi, quality) for picture in pictures]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(img2pdf.convert(data))
    return path


def as_jpeg(picture: Image.Image, dpi: int = 100, quality: int = 75) -> bytes:
    """A picture as JPEG."""
    stream = BytesIO()
    plain = picture.convert("L") if picture.mode == "1" else picture
    plain.save(stream, "JPEG", quality=quality, dpi=(dpi, dpi))
    return stream.getvalue()


__all__ = ["Scan", "as_jpeg", "as_pdf", "drawn_pages", "replace", "rough", "scanned"]
