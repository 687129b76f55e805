"""Scanned pages with and without a round red seal, as bad as offices make them; invented data."""

import math
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from tests.scanner import Scan, scanned

UNIT = 150 / 25.4
"""Pixels of a millimetre on a page before it is scanned."""
SIZE = (round(210 * UNIT), round(297 * UNIT))
_FONTS = Path(__file__).parent.parent / "templates" / "fonts"
_NAME = "北京样例智能科技有限责任公司"
_WORDS = "兹证明上述账户系该单位在我行开立的基本存款账户账户信息与我行系统记录一致特此说明"

Dice = random.Random
Colour = tuple[int, int, int]
RED = (214, 32, 40)


@cache
def font(millimetres: float, name: str = "NotoSerifSC-Regular.ttf") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / name), round(millimetres * UNIT))


def text_page(dice: Dice, colour: Colour = (15, 15, 15)) -> Image.Image:
    """A page of text, sometimes with a table, as a bank or we print it."""
    page = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(page)
    lines = dice.randint(6, 26)
    for line in range(lines):
        top = (45 + line * 8.5) * UNIT
        words = "".join(dice.sample(_WORDS, dice.randint(12, 36)))
        pen.text((28 * UNIT, top), words, fill=colour, font=font(4.2))
    if dice.random() < 0.4:
        for row in range(6):
            y = (60 + row * 12) * UNIT
            pen.line((25 * UNIT, y, 185 * UNIT, y), fill=(60, 60, 60), width=2)
    return page


def on_paper(page: Image.Image, paper: Colour) -> Image.Image:
    return ImageChops.multiply(page, Image.new("RGB", page.size, paper))


def seal(dice: Dice, across: float, down: float, colour: Colour = RED) -> Image.Image:
    """A seal's imprint on white: ring, name along it, star or words within; millimetres."""
    wide, high = round((across + 4) * UNIT), round((down + 4) * UNIT)
    layer = Image.new("RGB", (wide, high), "white")
    pen = ImageDraw.Draw(layer)
    cx, cy, a, b = wide / 2, high / 2, across / 2 * UNIT, down / 2 * UNIT
    pen.ellipse(
        (cx - a, cy - b, cx + a, cy + b), outline=colour, width=round(dice.uniform(0.7, 1.4) * UNIT)
    )
    size = 0.13 * min(across, down)
    for number, character in enumerate(_NAME):
        angle = math.radians(-125 + 250 * number / (len(_NAME) - 1))
        x, y = cx + math.sin(angle) * a * 0.78, cy - math.cos(angle) * b * 0.78
        glyph = Image.new("L", (round(size * 1.5 * UNIT),) * 2, 0)
        ImageDraw.Draw(glyph).text(
            (glyph.width / 2, glyph.height / 2), character, fill=255, font=font(size), anchor="mm"
        )
        turned = glyph.rotate(-math.degrees(angle), Image.Resampling.BICUBIC)
        place = round(x - glyph.width / 2), round(y - glyph.height / 2)
        layer.paste(Image.new("RGB", glyph.size, colour), place, turned)
    if across == down:
        r = a * 0.28
        star = [
            (cx + math.sin(k * 0.8 * math.pi) * r, cy - math.cos(k * 0.8 * math.pi) * r)
            for k in range(5)
        ]
        pen.polygon(star, fill=colour)
    else:
        pen.text((cx, cy), "91110107MA00", fill=colour, font=font(2.6), anchor="mm")
    return layer.rotate(dice.uniform(-25, 25), Image.Resampling.BICUBIC, fillcolor="white")


def worn(imprint: Image.Image, dice: Dice, left: float, strength: float) -> Image.Image:
    """An imprint of which a dry pad left only patches: `left` of its area, at `strength`."""
    coarse = Image.new("L", (14, 14))
    coarse.putdata([255 if dice.random() < left else 0 for _ in range(196)])
    patches = coarse.resize(imprint.size, Image.Resampling.BICUBIC).filter(
        ImageFilter.GaussianBlur(0.4 * UNIT)
    )
    grain = Image.new("L", (imprint.width // 2, imprint.height // 2))
    grain.putdata(
        [255 if dice.random() < 0.5 + left / 2 else 90 for _ in range(grain.width * grain.height)]
    )
    mask = ImageChops.multiply(patches, grain.resize(imprint.size))
    faded = Image.composite(imprint, Image.new("RGB", imprint.size, "white"), mask)
    return Image.blend(Image.new("RGB", imprint.size, "white"), faded, strength)


def stamped(page: Image.Image, imprint: Image.Image, centre: tuple[float, float]) -> Image.Image:
    """A page with an imprint around a point, in millimetres from the head and left."""
    layer = Image.new("RGB", page.size, "white")
    x, y = (value * UNIT for value in centre)
    layer.paste(imprint, (round(x - imprint.width / 2), round(y - imprint.height / 2)))
    return ImageChops.multiply(page, layer)


def a_scan(page: Image.Image, dice: Dice) -> Image.Image:
    """The page as a colour scanner gives it back."""
    how = Scan(
        dpi=dice.choice([75, 100, 150, 200]),
        skew=dice.uniform(-2.5, 2.5),
        scale=dice.uniform(0.96, 1.03),
        shift=(dice.uniform(-5, 5), dice.uniform(-5, 5)),
        turn=dice.choice([0, 0, 0, 90, 180]),
        blur=dice.uniform(0, 1.2),
        paper=dice.randint(215, 254),
        toner=dice.uniform(0.7, 1),
    )
    return _noisy(scanned(page, how, dice.randrange(1 << 30)), dice)


def _noisy(picture: Image.Image, dice: Dice) -> Image.Image:
    """Noise of each channel by itself, as sensors have it, and a cast over the whole."""
    cast = tuple(dice.uniform(0.93, 1) for _ in range(3))
    amount = dice.uniform(0, 8)
    bands = []
    for band, share in zip(picture.split(), cast, strict=True):
        grain = Image.effect_noise(picture.size, amount)
        dimmed = band.point([round(value * share) for value in range(256)])
        bands.append(ImageChops.add(dimmed, grain, 1, -128))
    return Image.merge("RGB", bands)


def shaded(picture: Image.Image, dice: Dice) -> Image.Image:
    """A photograph's uneven light over a picture."""
    light = Image.linear_gradient("L").rotate(dice.choice([0, 90, 180, 270]))
    light = light.point([150 + round(value * 105 / 255) for value in range(256)])
    return ImageChops.multiply(picture, light.resize(picture.size).convert("RGB"))


PAPERS: dict[str, Colour] = {
    "white": (255, 255, 255),
    "cream": (250, 244, 225),
    "pink": (250, 215, 215),
    "yellow": (252, 240, 170),
    "green": (214, 238, 214),
    "blue": (210, 226, 246),
}


def sealed_page(seed: int) -> tuple[str, Image.Image]:
    """A page that bears a seal, another with each seed, and what is hard about it."""
    dice = Dice(seed)
    kind = list(_SEALED)[seed % len(_SEALED)]
    return kind, _SEALED[kind](dice)


def unsealed_page(seed: int) -> tuple[str, Image.Image]:
    """A page without a round red seal, another with each seed, and what might be taken for one."""
    dice = Dice(seed)
    kind = list(UNSEALED)[seed % len(UNSEALED)]
    return kind, a_scan(UNSEALED[kind](dice), dice)


def _place(dice: Dice) -> tuple[float, float]:
    return dice.uniform(50, 165), dice.uniform(60, 245)


def _plain_seal(dice: Dice, colour: Colour = RED) -> Image.Image:
    across = dice.choice([38, 40, 42, 45])
    return seal(dice, across, across, colour)


def _clear(dice: Dice) -> Image.Image:
    return a_scan(stamped(text_page(dice), _plain_seal(dice), _place(dice)), dice)


def _oval(dice: Dice) -> Image.Image:
    imprint = seal(dice, 45, 30) if dice.random() < 0.5 else seal(dice, 40, 30)
    return a_scan(stamped(text_page(dice), imprint, _place(dice)), dice)


def _faint(dice: Dice) -> Image.Image:
    imprint = worn(_plain_seal(dice), dice, 1.0, dice.uniform(0.25, 0.5))
    return a_scan(stamped(text_page(dice), imprint, _place(dice)), dice)


def _dry(dice: Dice) -> Image.Image:
    imprint = worn(_plain_seal(dice), dice, dice.uniform(0.45, 0.7), dice.uniform(0.6, 1))
    return a_scan(stamped(text_page(dice), imprint, _place(dice)), dice)


def _hue(dice: Dice) -> Image.Image:
    colour = dice.choice([(230, 80, 45), (180, 25, 60), (205, 40, 105), (150, 30, 35)])
    return a_scan(stamped(text_page(dice), _plain_seal(dice, colour), _place(dice)), dice)


def _coloured_paper(dice: Dice) -> Image.Image:
    paper = PAPERS[dice.choice([*PAPERS][1:])]
    return a_scan(on_paper(stamped(text_page(dice), _plain_seal(dice), _place(dice)), paper), dice)


def _two(dice: Dice) -> Image.Image:
    x, y = _place(dice)
    page = stamped(text_page(dice), _plain_seal(dice), (x, y))
    return a_scan(stamped(page, _plain_seal(dice), (x + dice.uniform(22, 30), y + 6)), dice)


def _under_letterhead(dice: Dice) -> Image.Image:
    page = letterhead(text_page(dice), dice)
    return a_scan(stamped(page, _plain_seal(dice), (dice.uniform(50, 160), 190)), dice)


def _photo(dice: Dice) -> Image.Image:
    return shaded(_clear(dice), dice)


def _over_red_table(dice: Dice) -> Image.Image:
    page = _red_table(text_page(dice))
    return a_scan(stamped(page, _plain_seal(dice), (dice.uniform(50, 160), 130)), dice)


_SEALED: dict[str, Callable[[Dice], Image.Image]] = {
    "clear": _clear,
    "oval": _oval,
    "faint": _faint,
    "dry": _dry,
    "hue": _hue,
    "coloured paper": _coloured_paper,
    "two": _two,
    "under a letterhead": _under_letterhead,
    "photograph": _photo,
    "over a red table": _over_red_table,
}


def letterhead(page: Image.Image, dice: Dice) -> Image.Image:
    pen = ImageDraw.Draw(page)
    name = dice.choice(["样例银行股份有限公司", "北京市样例委员会文件", "样例集团"])
    size = dice.choice([9, 12, 15])
    pen.text((105 * UNIT, 25 * UNIT), name, fill=RED, font=font(size), anchor="mm")
    pen.line((25 * UNIT, 37 * UNIT, 185 * UNIT, 37 * UNIT), fill=RED, width=round(UNIT))
    return page


def _red_table(page: Image.Image) -> Image.Image:
    pen = ImageDraw.Draw(page)
    for row in range(9):
        y = (80 + row * 12) * UNIT
        pen.line((25 * UNIT, y, 185 * UNIT, y), fill=RED, width=2)
    for column in range(5):
        x = (25 + column * 40) * UNIT
        pen.line((x, 80 * UNIT, x, 176 * UNIT), fill=RED, width=2)
    return page


def _name_seal(dice: Dice) -> Image.Image:
    """A person's square seal."""
    page, side = text_page(dice), dice.choice([16, 18, 20, 24])
    imprint = Image.new("RGB", (round((side + 2) * UNIT),) * 2, "white")
    pen = ImageDraw.Draw(imprint)
    pen.rectangle((UNIT, UNIT, (side + 1) * UNIT, (side + 1) * UNIT), outline=RED, width=6)
    for index, character in enumerate("样例之印"):
        x, y = 0.28 + 0.44 * (index % 2), 0.28 + 0.44 * (index // 2)
        at = ((side + 2) * x * UNIT, (side + 2) * y * UNIT)
        pen.text(at, character, fill=RED, font=font(side * 0.4), anchor="mm")
    return stamped(page, imprint, _place(dice))


def _framed_stamp(dice: Dice) -> Image.Image:
    """A rectangular stamp such as 与原件一致."""
    wide, high = dice.choice([(50, 14), (40, 22), (36, 30)])
    imprint = Image.new("RGB", (round((wide + 2) * UNIT), round((high + 2) * UNIT)), "white")
    pen = ImageDraw.Draw(imprint)
    pen.rectangle((UNIT, UNIT, (wide + 1) * UNIT, (high + 1) * UNIT), outline=RED, width=6)
    centre = ((wide + 2) / 2 * UNIT, (high + 2) / 2 * UNIT)
    pen.text(centre, "与原件一致", fill=RED, font=font(wide / 6), anchor="mm")
    return stamped(text_page(dice), imprint, _place(dice))


def _blue_seal(dice: Dice) -> Image.Image:
    return stamped(text_page(dice), _plain_seal(dice, (30, 60, 190)), _place(dice))


def _red_text(dice: Dice) -> Image.Image:
    return text_page(dice, RED)


def _red_paragraph(dice: Dice) -> Image.Image:
    page = text_page(dice)
    pen, (left, top) = ImageDraw.Draw(page), _place(dice)
    for line in range(dice.randint(2, 6)):
        words = "".join(dice.sample(_WORDS, dice.randint(6, 12)))
        at = ((left - 25) * UNIT, (top + line * 7 - 15) * UNIT)
        pen.text(at, words, fill=RED, font=font(5))
    return page


def _red_pen(dice: Dice) -> Image.Image:
    """Corrections in red: ticks, strokes, underlines."""
    page = text_page(dice)
    pen = ImageDraw.Draw(page)
    for _ in range(dice.randint(3, 12)):
        x, y = (value * UNIT for value in _place(dice))
        points = [(x + dice.uniform(0, 25) * UNIT, y + dice.uniform(-6, 6) * UNIT) for _ in "abc"]
        pen.line(points, fill=RED, width=round(0.7 * UNIT))
    return page


def _picture(dice: Dice) -> Image.Image:
    """A coloured photograph on the page, much of it red and brown."""
    page = text_page(dice)
    tiny = Image.new("RGB", (9, 7))
    tiny.putdata([tuple(dice.randint(20, 255) for _ in range(3)) for _ in range(63)])
    big = tiny.resize((round(120 * UNIT), round(90 * UNIT)), Image.Resampling.BICUBIC)
    page.paste(big, (round(40 * UNIT), round(120 * UNIT)))
    return page


def _logo(dice: Dice) -> Image.Image:
    """A company's small round sign at the head, filled."""
    page = text_page(dice)
    pen, size = ImageDraw.Draw(page), dice.choice([12, 16, 20])
    left, top = 25 * UNIT, 12 * UNIT
    pen.ellipse((left, top, left + size * UNIT, top + size * UNIT), fill=RED)
    pen.text(
        ((30 + size) * UNIT, top + size * UNIT / 2),
        "样例银行",
        fill=RED,
        font=font(9),
        anchor="lm",
    )
    return page


UNSEALED: dict[str, Callable[[Dice], Image.Image]] = {
    "plain": text_page,
    "coloured paper": lambda dice: on_paper(text_page(dice), PAPERS[dice.choice([*PAPERS][1:])]),
    "letterhead": lambda dice: letterhead(text_page(dice), dice),
    "red table": lambda dice: _red_table(text_page(dice)),
    "name seal": _name_seal,
    "framed stamp": _framed_stamp,
    "blue seal": _blue_seal,
    "red text": _red_text,
    "red paragraph": _red_paragraph,
    "red pen": _red_pen,
    "picture": _picture,
    "logo": _logo,
}
