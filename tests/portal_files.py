"""Scans and applications for the tests of the zip."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageDraw


def letter(mode: str, dpi: int, inches: tuple[float, float] = (2, 2.5)) -> Image.Image:
    """A page with lines of words and a red seal, as a scanner sees it."""
    size = round(inches[0] * dpi), round(inches[1] * dpi)
    sheet = Image.effect_noise(size, 12).convert("RGB")
    sheet = Image.blend(Image.new("RGB", size, "white"), sheet, 0.15)
    draw = ImageDraw.Draw(sheet)
    for line in range(12):
        top = (0.2 + line * 0.15) * dpi
        end = 1.7 - line % 3 / 8
        draw.rectangle((0.2 * dpi, top, end * dpi, top + 0.05 * dpi), fill="black")
    draw.ellipse((1.1 * dpi, 1.5 * dpi, 1.8 * dpi, 2.2 * dpi), outline="#C00000", width=dpi // 40)
    if mode == "1":
        return sheet.convert("L").point(lambda value: 255 * (value > 128), "1")
    return sheet.convert(mode)


def jpeg(picture: Image.Image, quality: int = 95) -> bytes:
    """The picture as JPEG."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=quality)
    return held.getvalue()


def picture_stream(pdf: Pdf, picture: Image.Image, packed: str, **entries: Any) -> Any:
    """A picture as it stands in a PDF, packed as said."""
    import img2pdf

    channels = {"1": Name.DeviceGray, "L": Name.DeviceGray, "RGB": Name.DeviceRGB}
    data, extra = picture.tobytes(), Dictionary()
    if packed == "/DCTDecode":
        data = jpeg(picture)
    elif packed == "/CCITTFaxDecode":
        data = img2pdf.transcode_monochrome(picture)
        extra = Dictionary(K=-1, Columns=picture.width, Rows=picture.height, BlackIs1=True)
    made = Stream(pdf, data)
    if packed != "/FlateDecode":
        made.Filter = Name(packed)
    if packed == "/CCITTFaxDecode":
        made.DecodeParms = extra
    made.Type, made.Subtype = Name.XObject, Name.Image
    made.Width, made.Height = picture.size
    made.BitsPerComponent = 1 if picture.mode == "1" else 8
    made.ColorSpace = channels[picture.mode]
    for key, value in entries.items():
        made[f"/{key}"] = value
    return pdf.make_indirect(made)


def page_of(pdf: Pdf, picture: Any, size: tuple[float, float], draw: str = "") -> None:
    """A page of `size` inches that the picture fills, through a form as clean PDFs have it."""
    wide, high = size[0] * 72, size[1] * 72
    form = Stream(pdf, (draw or f"q {wide} 0 0 {high} 0 0 cm /I Do Q").encode())
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, wide, high])
    form.Resources = Dictionary(XObject=Dictionary(I=picture))
    page = pdf.add_blank_page(page_size=(wide, high))
    page.obj.Resources = Dictionary(XObject=Dictionary(P0=pdf.make_indirect(form)))
    page.obj.Contents = Stream(pdf, b"q /P0 Do Q")


def scanned_pdf(path: Path, pictures: Sequence[Image.Image], dpi: int) -> Path:
    """A PDF of scans, each a page of its own, as an office machine sends it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pikepdf.new() as pdf:
        for picture in pictures:
            packed = "/CCITTFaxDecode" if picture.mode == "1" else "/DCTDecode"
            size = picture.width / dpi, picture.height / dpi
            page_of(pdf, picture_stream(pdf, picture, packed), size)
        pdf.save(path, deterministic_id=True)
    return path
