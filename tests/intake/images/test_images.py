"""Pictures of every kind an office sends become pages that look right."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps, ImageStat, TiffImagePlugin

from sjs_forms.domain.source_facts import SourceFacts
from tests.intake.conftest import Take, assert_plain, refused, seen


def scene(mode: str = "RGB", size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A picture without any symmetry."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    wide, high = size
    pen.rectangle((0, 0, wide // 3, high // 6), fill="red")
    pen.rectangle((wide * 3 // 4, 0, wide, high // 2), fill="blue")
    pen.rectangle((0, high * 3 // 4, wide // 2, high), fill="black")
    return picture.convert(mode)


def encoded(picture: Image.Image, form: str, **how: Any) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def assert_shows(
    facts: SourceFacts, expected: Image.Image, page: int = 0, *, within: float = 6
) -> None:
    """Hold the page against the picture it was made of."""
    assert_plain(facts)
    shown = seen(facts.clean, page)
    difference = ImageChops.difference(shown, expected.convert("RGB").resize(shown.size))
    assert max(ImageStat.Stat(difference).mean) < within


def streams(path: Path) -> list[bytes]:
    """The raw data of all pictures in a PDF."""
    with pikepdf.open(path) as pdf:
        return [
            found.read_raw_bytes()
            for found in pdf.objects
            if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Image"
        ]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation(take: Take, orientation: int) -> None:
    """Phones store pictures as the sensor lay and say by EXIF how to turn or mirror them."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(scene(), "JPEG", exif=exif, quality=90)
    facts = take(data, name="照片.jpg")
    with Image.open(io.BytesIO(data)) as picture:
        assert_shows(facts, ImageOps.exif_transpose(picture))
    assert streams(facts.clean)[0][:2000] in data  # the JPEG data is untouched


@pytest.mark.parametrize(
    ("mode", "how"),
    [("L", {}), ("RGB", {"progressive": True}), ("CMYK", {}), ("RGB", {"dpi": (200, 200)})],
)
def test_jpeg_kinds(take: Take, mode: str, how: dict[str, Any]) -> None:
    """Print shops send CMYK (inverted, as Adobe does), web pages progressive JPEG."""
    data = encoded(scene(mode), "JPEG", quality=90, **how)
    facts = take(data, name="扫描.jpg")
    # pdfium mixes inks in its own way: black of four inks is not quite black, and so on
    assert_shows(facts, Image.open(io.BytesIO(data)), within=40 if mode == "CMYK" else 6)
    assert streams(facts.clean)[0][:2000] in data
    assert facts.pages[0].scanned


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_png_kinds(take: Take, mode: str) -> None:
    """Screenshots have alpha or a palette, instruments 16 bits of grey."""
    if mode == "I;16":
        picture = scene("L").convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        picture = scene(mode)
    assert_shows(
        take(encoded(picture, "PNG"), name="图.png"),
        scene("L" if "L" in mode or mode in ("1", "I;16") else "RGB"),
    )


def test_transparency_lies_over_white(take: Take) -> None:
    """A seal cut out as a transparent PNG prints on white, not on black."""
    picture = Image.new("RGBA", (1240, 1754), (0, 0, 0, 0))
    assert seen(take(encoded(picture, "PNG")).clean).getpixel((100, 100)) == (255, 255, 255)


def test_tiff_of_many_pages(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fax machines and archives send all pages in one TIFF, as G4 data that stays as it is."""
    monkeypatch.setattr(TiffImagePlugin, "STRIP_SIZE", 10**9)  # one strip, as scanners write
    frames = [ImageChops.offset(scene("1"), 40 * number, 0) for number in range(3)]
    data = encoded(
        frames[0],
        "TIFF",
        save_all=True,
        append_images=frames[1:],
        compression="group4",
        dpi=(150, 150),
    )
    facts = take(data, name="传真.tif")
    assert len(facts.pages) == 3
    for number, frame in enumerate(frames):
        assert_shows(facts, frame, number)
    assert all(raw in data for raw in streams(facts.clean))


def test_tiff_in_strips(take: Take) -> None:
    """G4 data in several strips cannot stay as it is, but loses nothing."""
    data = encoded(scene("1"), "TIFF", compression="group4")
    assert_shows(take(data, name="传真.tif"), scene("1"))


@pytest.mark.parametrize("compression", [None, "jpeg", "tiff_lzw", "tiff_deflate"])
def test_tiff_kinds(take: Take, compression: str | None) -> None:
    """Scanners choose among many compressions."""
    data = encoded(scene(), "TIFF", compression=compression)
    assert_shows(take(data, name="扫描.tif"), scene())


@pytest.mark.parametrize("form", ["BMP", "WEBP", "GIF", "HEIF", "JPEG2000", "AVIF"])
def test_other_formats(take: Take, form: str) -> None:
    """Phones send HEIC, chat programs WebP, old ones BMP and GIF."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    assert_shows(take(encoded(scene(), form), name="图.jpg"), scene())


def test_moving_pictures_give_their_first_frame(take: Take) -> None:
    """Only one frame can be printed, which must be said."""
    frames = [scene(), ImageOps.invert(scene())]
    for form in ("GIF", "WEBP"):
        facts = take(encoded(frames[0], form, save_all=True, append_images=frames[1:]))
        assert_shows(facts, scene())
        assert facts.remarks[0].code == "attachment-animated"


def test_mpo_gives_its_first_picture(take: Take) -> None:
    """Some cameras put a preview behind the picture."""
    data = encoded(scene(), "MPO", save_all=True, append_images=[scene("RGB", (160, 120))])
    facts = take(data, name="照片.jpg")
    assert len(facts.pages) == 1
    assert_shows(facts, scene())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_truncated_pictures_are_found(take: Take, form: str) -> None:
    """An interrupted copy leaves half a picture, which a viewer would show as half grey."""
    noise = Image.effect_noise((800, 1000), 80).convert("RGB")
    data = encoded(noise, form)
    refusal = refused(take, data[: len(data) * 6 // 10], name="照片.jpg")
    assert refusal.code == "attachment-unreadable"


@pytest.mark.parametrize(
    ("size", "dpi", "points"),
    [
        ((1240, 1754), (150, 150), (595.2, 841.9)),
        ((2480, 1754), (150, 150), (1190.4, 841.9)),
        ((4000, 3000), (72, 72), (793.7, 595.28)),
        ((3000, 4000), None, (595.28, 793.7)),
        ((3000, 4000), (1, 1), (595.28, 793.7)),
        ((204 * 8, 98 * 11), (204, 98), (576, 792)),
    ],
)
def test_sizes(take: Take, size: tuple[int, int], dpi: Any, points: tuple[float, float]) -> None:
    """Resolutions that scanners write are kept; those of phones mean nothing."""
    how = {} if dpi is None else {"dpi": dpi}
    page = take(encoded(scene("L", size), "JPEG", **how)).pages[0]
    assert (page.width, page.height) == pytest.approx(points, abs=0.5)


@pytest.mark.parametrize(("size", "poor"), [((700, 1000), True), ((1654, 2339), False)])
def test_low_resolution_is_remarked(take: Take, size: tuple[int, int], poor: bool) -> None:
    """清晰 is asked for: 150 dots per inch on the paper."""
    facts = take(encoded(scene("L", size), "JPEG"))
    assert ("attachment-low-resolution" in {mark.code for mark in facts.remarks}) is poor


def test_large_sheets_are_judged_as_printed(take: Take) -> None:
    """An A3 scan at 120 dpi has 170 dpi once it is shrunk to A4."""
    facts = take(encoded(scene("L", (1403, 1984)), "JPEG", dpi=(120, 120)))
    assert facts.pages[0].width > 800
    assert facts.remarks == ()


def test_pixels_are_bounded(take: Take) -> None:
    """A few bytes may unpack to a picture of gigabytes."""
    data = encoded(Image.new("1", (20000, 20000)), "PNG")
    assert len(data) < 200_000
    refusal = refused(take, data, max_pixels=100_000_000)
    assert refusal.code == "attachment-too-large"
    assert "400 百万" in refusal.message


def test_reversed_bits_stay_reversed(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some fax machines write each byte's bits the other way round; nothing is encoded anew."""
    monkeypatch.setattr(TiffImagePlugin, "STRIP_SIZE", 10**9)
    plain = encoded(scene("1"), "TIFF", compression="group4", dpi=(150, 150))
    turned = encoded(scene("1"), "TIFF", compression="group4", dpi=(150, 150), tiffinfo={266: 2})
    turn = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
    facts = take(turned, name="传真.tif")
    assert_shows(facts, scene("1"))
    (kept,) = streams(facts.clean)
    assert kept in plain or kept.translate(turn) in turned


@pytest.mark.parametrize(("dots", "poor"), [(100, True), (200, False)])
@pytest.mark.parametrize("strips", [4, 40])
def test_scans_cut_in_strips(take: Take, dots: int, poor: bool, strips: int) -> None:
    """Copiers cut a page into strips; together they are a scan, sharp enough or not."""
    across, down = round(8.27 * dots), round(11.69 * dots) // strips
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    strip = pikepdf.Stream(pdf, bytes(across * down))
    strip.Type, strip.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    strip.Width, strip.Height, strip.BitsPerComponent = across, down, 8
    strip.ColorSpace = pikepdf.Name.DeviceGray
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=strip))
    high = 842 / strips
    content = "".join(f"q 595 0 0 {high} 0 {high * at} cm /Im Do Q " for at in range(strips))
    page.Contents = pikepdf.Stream(pdf, content.encode())
    out = io.BytesIO()
    pdf.save(out)
    facts = take(out.getvalue())
    assert facts.pages[0].scanned
    assert ("attachment-low-resolution" in {mark.code for mark in facts.remarks}) is poor


def test_a_few_photos_make_no_scan(take: Take) -> None:
    """A report with a photo at the top is not a scan, and photos are not judged."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    photo = pikepdf.Stream(pdf, bytes(120 * 120))
    photo.Type, photo.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    photo.Width, photo.Height, photo.BitsPerComponent = 120, 120, 8
    photo.ColorSpace = pikepdf.Name.DeviceGray
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=photo))
    page.Contents = pikepdf.Stream(
        pdf, b"q 400 0 0 300 50 500 cm /Im Do Q q 400 0 0 300 50 100 cm /Im Do Q"
    )
    out = io.BytesIO()
    pdf.save(out)
    facts = take(out.getvalue())
    assert not facts.pages[0].scanned
    assert facts.remarks == ()
