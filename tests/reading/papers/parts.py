"""What the papers are made of: pages of HTML, seals, QR codes."""

import base64
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image, ImageChops

from tests.seal_scans import RED, seal

_FONTS = Path(__file__).parent.parent.parent.parent / "templates" / "fonts"
_STYLE = """
@font-face { font-family: 仿宋; src: url(FandolFang-Regular.otf) }
@font-face { font-family: 宋; src: url(NotoSerifSC-Regular.ttf) }
@font-face { font-family: 宋; src: url(NotoSerifSC-Bold.ttf); font-weight: bold }
@font-face { font-family: 黑; src: url(NotoSansSC-Medium.ttf) }
@font-face { font-family: 余; src: url(NotoSerifSC-Regular-Rare.ttf) }
@page { margin: 0 }
body { margin: 0; font: 10.5pt 宋, 余; line-height: 1.6 }
section { position: relative; overflow: hidden; break-after: page; box-sizing: border-box }
h1 { text-align: center; font: 20pt 黑; margin: 0 0 6mm }
p { margin: 0 0 2mm } .in p { text-indent: 2em } td, th { padding: 1.2mm 2mm; font-weight: normal }
table { border-collapse: collapse; width: 100% } .lines td, .lines th { border: .3mm solid #333 }
.at { position: absolute; white-space: nowrap } .right { text-align: right } .mid { text-align: center }
u { text-decoration: underline }
"""


@dataclass(frozen=True)
class Seal:
    """A seal's imprint on a page, in millimetres: its centre from the left and the head."""

    x: float
    y: float
    across: float = 42
    down: float = 42


@dataclass(frozen=True)
class Sheet:
    """A page: HTML, its size in millimetres, and the seals on it."""

    body: str
    style: str = ""
    size: tuple[float, float] = (210, 297)
    margin: float = 24
    seals: tuple[Seal, ...] = ()


def pdf_of(sheets: list[Sheet], seed: int) -> bytes:
    """The pages as a PDF with text; the seals in it are pictures."""
    import weasyprint

    pages, styles = [], [_STYLE]
    for number, sheet in enumerate(sheets):
        wide, high = sheet.size
        styles.append(f"@page s{number} {{ size: {wide}mm {high}mm }}")
        box = f"page: s{number}; width: {wide}mm; height: {high}mm; padding: {sheet.margin}mm"
        imprints = "".join(
            _imprint(each, seed * 31 + number * 7 + place) for place, each in enumerate(sheet.seals)
        )
        pages.append(f"<section style='{box}; {sheet.style}'>{sheet.body}{imprints}</section>")
    html = f"<html><style>{''.join(styles)}</style><body>{''.join(pages)}"
    document = weasyprint.HTML(string=html, base_url=f"{_FONTS}/")
    return bytes(document.write_pdf(pdf_identifier=b"papers"))


def _imprint(each: Seal, seed: int) -> str:
    place = f"left: {each.x - each.across / 2 - 2}mm; top: {each.y - each.down / 2 - 2}mm"
    size = f"width: {each.across + 4}mm; height: {each.down + 4}mm"
    address = _data_address(_seal_png(seed % 24, each.across, each.down))
    return f"<img class=at style='{place}; {size}' src='{address}'>"


@cache
def _seal_png(seed: int, across: float, down: float) -> bytes:
    imprint = seal(Random(seed), across, down)
    _, green, blue = imprint.split()
    alpha = ImageChops.invert(ImageChops.darker(green, blue)).point(
        [min(255, round(value * 1.15)) for value in range(256)]
    )
    picture = Image.new("RGBA", imprint.size, RED)
    picture.putalpha(alpha)
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def qr(text: str, millimetres: float, style: str = "") -> str:
    """A QR code as an image of HTML. Needs the library of the extra `read`."""
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    drawn = base64.b64encode(code.to_svg().encode()).decode("ascii")
    size = f"width: {millimetres}mm; height: {millimetres}mm; {style}"
    return f"<img style='{size}' src='data:image/svg+xml;base64,{drawn}'>"


def photograph(seed: int, wide: int, high: int, style: str = "") -> str:
    """A picture with much red in it, as brochures and signs have it."""
    dice = Random(seed)
    small = Image.new("RGB", (9, 7))
    small.putdata([(dice.randint(150, 240), dice.randint(20, 120), 40) for _ in range(63)])
    stream = BytesIO()
    small.resize((270, 210), Image.Resampling.BICUBIC).save(stream, "PNG")
    size = f"width: {wide}mm; height: {high}mm; {style}"
    return f"<img style='{size}' src='{_data_address(stream.getvalue())}'>"


def _data_address(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"
