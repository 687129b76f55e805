"""A plain scan is seen without PDFium as PDFium shows it; all else is left to PDFium."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFile, ImageStat

from sjs_forms.intake import jpeg_scan

WIDTH, HEIGHT, SCALE = 300.0, 400.0, 0.7
UPRIGHT = "300 0 0 400 0 0"


def _jpeg(mode: str = "RGB", size: tuple[int, int] = (900, 1200)) -> bytes:
    """A picture that is nowhere like itself turned or mirrored."""
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, size[0] // 2, size[1] // 8), fill="black")
    draw.rectangle((0, 0, size[0] // 8, size[1] // 3), fill="#c02020")
    saved = io.BytesIO()
    picture.convert(mode).save(saved, "JPEG", quality=90)
    return saved.getvalue()


def _page(
    path: Path, draw: str, jpeg: bytes, space: str = "/DeviceRGB", **entries: Any
) -> tuple[Image.Image | None, Image.Image]:
    """How we see a page that draws /Im0 within a form, and how PDFium does."""
    with pikepdf.new() as pdf:
        image = pdf.make_stream(jpeg)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height = Image.open(io.BytesIO(jpeg)).size
        image.ColorSpace, image.BitsPerComponent = pikepdf.Name(space), 8
        image.Filter = pikepdf.Name.DCTDecode
        box = entries.pop("BBox", [0, 0, WIDTH, HEIGHT])
        defaults = entries.pop("defaults", {})
        for name, value in entries.items():
            image[f"/{name}"] = value(pdf) if callable(value) else value
        form = pdf.make_stream(draw.encode())
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = pikepdf.Array(box)
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        form.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Im0=image),
            Font=pikepdf.Dictionary(F0=font),
            ColorSpace=pikepdf.Dictionary(defaults),
        )
        page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P0=form))
        page.Contents = pdf.make_stream(b"q 1 0 0 1 0 0 cm\nq /P0 Do Q\nQ")
        pdf.save(path)
    with pikepdf.open(path) as pdf:
        scan = jpeg_scan.scan_of(pdf.pages[0].obj, WIDTH, HEIGHT, SCALE)
        ours = None if scan is None else scan.picture
    document = pypdfium2.PdfDocument(path)
    shown = document[0].render(scale=SCALE).to_pil().convert("RGB")
    document.close()
    return ours, shown


@pytest.mark.parametrize(
    "matrix",
    [
        UPRIGHT,
        "-300 0 0 400 300 0",
        "300 0 0 -400 0 400",
        "-300 0 0 -400 300 400",
        "0 400 300 0 0 0",
        "0 400 -300 0 300 0",
        "0 -400 300 0 0 400",
        "0 -400 -300 0 300 400",
        "200 0 0 250 60 90",
        "340 0 0 440 -20 -20",
    ],
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_plain_scan_is_seen_as_pdfium_shows_it(tmp_path: Path, matrix: str, mode: str) -> None:
    space = {"RGB": "/DeviceRGB", "L": "/DeviceGray"}[mode]
    ours, shown = _page(tmp_path / "a.pdf", f"q {matrix} cm /Im0 Do Q", _jpeg(mode), space)
    assert ours is not None and ours.size == shown.size
    assert max(ImageStat.Stat(ImageChops.difference(ours, shown)).mean) < 2.5


@pytest.mark.parametrize("size", [(210, 280), (350, 470), (2400, 3200)])
def test_the_resolution_of_a_scan_does_not_matter(tmp_path: Path, size: tuple[int, int]) -> None:
    ours, shown = _page(tmp_path / "a.pdf", f"{UPRIGHT} cm /Im0 Do", _jpeg(size=size))
    assert ours is not None
    assert max(ImageStat.Stat(ImageChops.difference(ours, shown)).mean) < 2.5


@pytest.mark.parametrize(
    "draw",
    [
        f"q {UPRIGHT} cm /Im0 Do Q BT /F0 12 Tf 50 50 Td (text) Tj ET",
        f"q {UPRIGHT} cm /Im0 Do Q 0 g 10 10 50 50 re f",
        f"q {UPRIGHT} cm /Im0 Do Q q {UPRIGHT} cm /Im0 Do Q",
        f"q 10 10 50 50 re W n {UPRIGHT} cm /Im0 Do Q",
        "q 300 20 -20 400 0 0 cm /Im0 Do Q",
        "q 0 0 0 0 0 0 cm /Im0 Do Q",
        "q 300 0 0 cm /Im0 Do Q",
        "/Im1 Do",
        f"q {UPRIGHT} cm /Im0 Do Q" + " q Q" * 3_000,
        "",
    ],
)
def test_a_page_of_anything_more_is_left_to_pdfium(tmp_path: Path, draw: str) -> None:
    assert _page(tmp_path / "a.pdf", draw, _jpeg())[0] is None


def _mask(pdf: pikepdf.Pdf) -> pikepdf.Object:
    mask = pdf.make_stream(b"\0" * 100)
    mask.Type, mask.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    mask.Width, mask.Height, mask.BitsPerComponent = 10, 10, 8
    mask.ColorSpace = pikepdf.Name.DeviceGray
    return mask


@pytest.mark.parametrize(
    "entries",
    [
        {"SMask": _mask},
        {"Mask": pikepdf.Array([0, 10, 0, 10, 0, 10])},
        {"Decode": pikepdf.Array([1, 0, 1, 0, 1, 0])},
        {"Width": 800},
        {"ColorSpace": pikepdf.Name.DeviceGray},
        {"BBox": [0, 0, WIDTH, HEIGHT / 2]},
        {"defaults": {"/DefaultRGB": pikepdf.Name.DeviceRGB}},
    ],
    ids=lambda entries: next(iter(entries)),
)
def test_a_picture_that_may_show_something_else_is_left_to_pdfium(
    tmp_path: Path, entries: dict[str, Any]
) -> None:
    assert _page(tmp_path / "a.pdf", f"{UPRIGHT} cm /Im0 Do", _jpeg(), **entries)[0] is None


def test_a_damaged_jpeg_is_left_to_pdfium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # WeasyPrint, which the worker never loads, has Pillow forgive files cut short.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)
    whole = _jpeg()
    path = tmp_path / "a.pdf"
    assert _page(path, f"{UPRIGHT} cm /Im0 Do", whole[: len(whole) // 2])[0] is None
    assert _page(path, f"{UPRIGHT} cm /Im0 Do", _jpeg("CMYK"), "/DeviceCMYK")[0] is None
