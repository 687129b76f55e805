"""Pictures of every form stand where they should, in their colours; some keep their bytes."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image, ImageDraw

from tests.intake.ofd.conftest import Draw, Drawn
from tests.intake.ofd.jbig2_files import jbig2
from tests.intake.ofd.ofd_files import Document, Page, image, layer, media, ofd, rectangle

RED, BLUE, WHITE, BLACK = (220, 20, 30), (20, 40, 200), (255, 255, 255), (0, 0, 0)
LEFT_TOP, RIGHT_BOTTOM = (25, 25), (55, 45)
"""Places within the picture's quarters, which covers 20 to 60 mm across and 20 to 50 mm down."""


def quarters(mode: str = "RGB") -> Image.Image:
    """A picture in blue, its left upper quarter red; or in white and black."""
    colours = {"1": (255, 0), "L": (255, 0)}.get(mode, (BLUE, RED))
    made = Image.new("RGB" if mode in ("P", "CMYK") else mode, (80, 60), colours[0])
    ImageDraw.Draw(made).rectangle((0, 0, 39, 29), fill=colours[1])
    if mode == "P":
        return made.quantize(4)
    return made.convert(mode)


def saved(picture: Image.Image, form: str, **how: object) -> bytes:
    """The picture in a form that Pillow writes."""
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def shown(draw: Draw, data: bytes, mask: bytes | None = None) -> Drawn:
    """A page with the picture on it, on white."""
    files = {"a.png": data} | ({"mask.bin": mask} if mask else {})
    listed = media(("10", "a.png"), *([("11", "mask.bin")] if mask else []))
    how = {"ImageMask": "11"} if mask else {}
    page = Page(layer(image("10", "20 20 40 30", **how)))
    return draw(ofd(Document([page], resources=listed, media=files)))


def close(found: tuple[int, ...], wanted: tuple[int, ...], within: int = 12) -> bool:
    """Whether two colours look the same."""
    return all(abs(one - other) <= within for one, other in zip(found, wanted, strict=True))


COLOURED: list[tuple[str, Callable[[], bytes]]] = [
    ("png", lambda: saved(quarters(), "PNG")),
    ("png with a palette", lambda: saved(quarters("P"), "PNG")),
    ("gif", lambda: saved(quarters("P"), "GIF")),
    ("bmp", lambda: saved(quarters(), "BMP")),
    ("bmp of 32 bits", lambda: saved(quarters().convert("RGBA"), "BMP")),
    ("jpeg", lambda: saved(quarters(), "JPEG", quality=95)),
    ("jpeg, progressive", lambda: saved(quarters(), "JPEG", quality=95, progressive=True)),
    ("tiff", lambda: saved(quarters(), "TIFF")),
    ("tiff, LZW", lambda: saved(quarters(), "TIFF", compression="tiff_lzw")),
    ("tiff, JPEG", lambda: saved(quarters(), "TIFF", compression="jpeg", quality=95)),
    ("jpeg 2000", lambda: saved(quarters(), "JPEG2000")),
    ("webp", lambda: saved(quarters(), "WEBP", lossless=True)),
]


@pytest.mark.parametrize("made", [make for _, make in COLOURED], ids=[name for name, _ in COLOURED])
def test_a_picture_is_known_by_its_content(draw: Draw, made: Callable[[], bytes]) -> None:
    """All are called a.png, and lie upright in their place."""
    page = shown(draw, made())
    red, blue, beside = page.colours(LEFT_TOP, RIGHT_BOTTOM, (65, 25))
    assert close(red, RED), red
    assert close(blue, BLUE), blue
    assert beside == WHITE
    assert page.remarks == ()


BLACK_AND_WHITE: list[tuple[str, Callable[[], bytes]]] = [
    ("png", lambda: saved(quarters("1"), "PNG")),
    ("grey png", lambda: saved(quarters("L"), "PNG")),
    ("tiff, fax", lambda: saved(quarters("1"), "TIFF", compression="group4")),
    ("bmp", lambda: saved(quarters("1"), "BMP")),
    ("jbig2", lambda: jbig2(quarters("1"))),
    ("jbig2, random access", lambda: jbig2(quarters("1"), sequential=False)),
    ("jbig2, bare segments", lambda: jbig2(quarters("1"), header=False)),
    ("jbig2, in stripes", lambda: jbig2(quarters("1"), striped=True)),
]


@pytest.mark.parametrize(
    "made", [make for _, make in BLACK_AND_WHITE], ids=[name for name, _ in BLACK_AND_WHITE]
)
def test_black_stays_black(draw: Draw, made: Callable[[], bytes]) -> None:
    """No form is shown as its negative."""
    page = shown(draw, made())
    assert page.colours(LEFT_TOP, RIGHT_BOTTOM) == [BLACK, WHITE]
    assert page.remarks == ()


def test_a_cmyk_jpeg_is_no_negative(draw: Draw) -> None:
    """Adobe's programs store such pictures inverted, and say so by a marker."""
    page = shown(draw, saved(quarters("CMYK"), "JPEG", quality=95))
    red, blue = page.colours(LEFT_TOP, RIGHT_BOTTOM)
    assert red[0] > 150 > 100 > max(red[1:]), red
    assert blue[2] > 120 > 100 > max(blue[:2]), blue


def test_jpeg_and_jbig2_data_are_kept(draw: Draw) -> None:
    """They are not encoded again."""
    jpeg = saved(quarters(), "JPEG", quality=95)
    with pikepdf.open(shown(draw, jpeg).path) as pdf:
        assert any(
            isinstance(found, pikepdf.Stream) and found.read_raw_bytes() == jpeg
            for found in pdf.objects
        )
    with pikepdf.open(shown(draw, jbig2(quarters("1"))).path) as pdf:
        coded = [
            found
            for found in pdf.objects
            if isinstance(found, pikepdf.Stream) and found.get("/Filter") == "/JBIG2Decode"
        ]
        assert len(coded) == 1


def test_transparent_parts_show_what_lies_below(draw: Draw) -> None:
    """By an alpha channel, and by a transparent colour of a palette."""
    seal = Image.new("RGBA", (80, 60), (0, 0, 0, 0))
    ImageDraw.Draw(seal).rectangle((0, 0, 39, 29), fill=(*RED, 255))
    for data in (saved(seal, "PNG"), saved(seal, "WEBP", lossless=True), saved(seal, "GIF")):
        below = rectangle("10 10 100 100", "0 128 0")
        document = Document(
            [Page(layer(below, image("10", "20 20 40 30")))],
            resources=media(("10", "a.png")),
            media={"a.png": data},
        )
        red, green = draw(ofd(document)).colours(LEFT_TOP, RIGHT_BOTTOM)
        assert close(red, RED), red
        assert green == (0, 128, 0)


def test_a_mask_shows_the_picture_where_it_is_white(draw: Draw) -> None:
    """A black and white picture as ImageMask, also in JBIG2."""
    picture = saved(Image.new("RGB", (80, 60), BLUE), "PNG")
    for mask in (saved(quarters("1"), "PNG"), saved(quarters("L"), "PNG"), jbig2(quarters("1"))):
        hidden, blue = shown(draw, picture, mask).colours(LEFT_TOP, RIGHT_BOTTOM)
        assert hidden == WHITE
        assert close(blue, BLUE), blue


def test_the_same_picture_is_stored_once(draw: Draw) -> None:
    """A seal or logo on each page costs its bytes once."""
    document = Document(
        [Page(layer(image("10", "20 20 40 30"), image("11", "80 20 40 30"))) for _ in range(3)],
        resources=media(("10", "a.png"), ("11", "b.png")),
        media={"a.png": saved(quarters(), "PNG"), "b.png": saved(quarters(), "PNG")},
    )
    with pikepdf.open(draw(ofd(document)).path) as pdf:
        pictures = [
            found
            for found in pdf.objects
            if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Image"
        ]
        assert len(pictures) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff\xe0" + bytes(40),
        jbig2(quarters("1"))[:30],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=["empty", "text", "png", "jpeg", "jbig2", "svg"],
)
def test_a_picture_that_cannot_be_read_is_said_and_the_page_is_drawn(
    draw: Draw, data: bytes
) -> None:
    """The rest of the page stands."""
    document = Document(
        [Page(layer(rectangle("100 20 20 20", "0 128 0"), image("10", "20 20 40 30")))],
        resources=media(("10", "a.png")),
        media={"a.png": data},
    )
    page = draw(ofd(document))
    assert page.codes == {"attachment-pages-incomplete"}
    assert page.colours((110, 30)) == [(0, 128, 0)]


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_a_picture_of_which_a_part_was_overwritten_is_said_on_each_page(
    draw: Draw, form: str
) -> None:
    """Decoders show it without an error. JPEG data are judged when the PDF is read."""
    how = {"compression": "tiff_adobe_deflate"} if form == "TIFF" else {}
    noise = Image.effect_noise((300, 200), 80)
    whole = saved(noise, form, **how)
    middle = len(whole) // 2
    harmed = whole[:middle] + bytes(2000) + whole[middle + 2000 :]
    for data, codes in ((whole, set()), (harmed, {"attachment-pages-incomplete"})):
        document = Document(
            [Page(layer(image("10", "20 20 40 30"))) for _ in range(2)],
            resources=media(("10", "a.png")),
            media={"a.png": data},
        )
        assert draw(ofd(document)).codes == codes


def test_a_picture_that_is_not_there_is_said(draw: Draw) -> None:
    """Neither the file of a resource nor the resource itself."""
    document = Document([Page(layer(image("10", "20 20 40 30")))], resources=media(("10", "a.png")))
    assert draw(ofd(document)).codes == {"attachment-pages-incomplete"}
    assert draw(ofd(Page(layer(image("99", "20 20 40 30"))))).codes == {
        "attachment-pages-incomplete"
    }


def test_a_picture_on_many_pages_counts_once_against_the_bounds(draw: Draw) -> None:
    """A logo in the template of a long report is unpacked once."""
    logo = saved(quarters().resize((800, 600)), "BMP")
    document = Document(
        [Page(layer(), templates='<Template TemplateID="900"/>') for _ in range(40)],
        resources=media(("10", "a.bmp")),
        media={"a.bmp": logo},
        templates=[Page(layer(image("10", "20 20 40 30")))],
    )
    pages = draw(ofd(document), max_decoded_bytes=5 * len(logo))
    assert close(pages.colours(LEFT_TOP, page=39)[0], RED)


def test_a_picture_stands_where_its_matrix_says_and_within_its_boundary(draw: Draw) -> None:
    """It may be larger than its boundary, turned, or without a matrix."""
    files = {"a.png": saved(quarters(), "PNG")}

    def placed(boundary: str, matrix: str) -> str:
        stated = f' CTM="{matrix}"' if matrix else ""
        return f'<ImageObject ID="1" Boundary="{boundary}"{stated} ResourceID="10"/>'

    objects = (
        placed("10 10 40 30", ""),
        placed("60 10 20 15", "40 0 0 30 0 0"),
        placed("110 10 30 40", "0 40 -30 0 30 0"),
        placed("160 10 20 15", "40 0 0 30 -20 -15"),
    )
    page = Page(layer(*objects))
    drawn = draw(ofd(Document([page], resources=media(("10", "a.png")), media=files)))
    plain = drawn.colours((15, 15), (45, 35))
    assert drawn.colours((65, 15), (95, 35)) == [plain[0], WHITE], "only the first quarter"
    assert drawn.colours((135, 15), (115, 45)) == plain, "turned to the right"
    assert drawn.colours((170, 20), (150, 5)) == [plain[1], WHITE], "only the last quarter"


def test_a_border_lies_around_a_picture(draw: Draw) -> None:
    border = '<Border LineWidth="2"><BorderColor Value="0 0 255"/></Border>'
    framed = f'<ImageObject ID="1" Boundary="10 10 40 30" ResourceID="10">{border}</ImageObject>'
    files = {"a.png": saved(quarters("L"), "PNG")}
    document = Document([Page(layer(framed))], resources=media(("10", "a.png")), media=files)
    assert draw(ofd(document)).colours((10.5, 25), (30, 39.5)) == [(0, 0, 255)] * 2
