"""Scans brought down to 200 dpi: read back and looked at with PDFium, which did not write them."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Name, Pdf, Stream
from PIL import Image, ImageChops, ImageStat

from sjs_forms.portal.downsampling import reduce
from sjs_forms.portal.picture_resolution import drawn_pictures
from tests.portal_files import letter, page_of, picture_stream
from tests.samples import the_programme

RULES = the_programme().portal
SIZE = (2, 2.5)


@dataclass(frozen=True)
class Outcome:
    """A PDF before and after, and how many pictures were brought down."""

    before: Path
    after: Path
    count: int


def _reduced(tmp_path: Path, make: Callable[[Pdf], None]) -> Outcome:
    before, after = tmp_path / "before.pdf", tmp_path / "after.pdf"
    with pikepdf.new() as pdf:
        make(pdf)
        pdf.save(before)
    shutil.copyfile(before, after)
    count = reduce(after, RULES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["after.pdf", "before.pdf"]
    return Outcome(before, after, count)


def _pictures(path: Path) -> list[dict[str, Any]]:
    with pikepdf.open(path) as pdf:
        return [
            {
                "size": (int(thing.Width), int(thing.Height)),
                "filter": str(thing.get("/Filter")),
                "bits": int(thing.get("/BitsPerComponent", 0)),
            }
            for thing in pdf.objects
            if isinstance(thing, Stream) and thing.get("/Subtype") == "/Image"
        ]


def _seen(path: Path, dpi: int = 60) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def _looks_the_same(made: Outcome, tolerance: float = 4) -> None:
    before, after = _seen(made.before), _seen(made.after)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert one.size == other.size
        assert max(ImageStat.Stat(ImageChops.difference(one, other)).mean) < tolerance


@pytest.mark.parametrize(
    ("mode", "packed", "dpi"),
    [
        ("L", "/DCTDecode", 300),
        ("RGB", "/DCTDecode", 300),
        ("RGB", "/DCTDecode", 600),
        ("L", "/FlateDecode", 300),
        ("RGB", "/FlateDecode", 300),
    ],
)
def test_a_scan_comes_down_to_two_hundred_dpi_and_looks_the_same(
    tmp_path: Path, mode: str, packed: str, dpi: int
) -> None:
    made = _reduced(
        tmp_path,
        lambda pdf: page_of(pdf, picture_stream(pdf, letter(mode, dpi), packed), SIZE),
    )
    assert made.count == 1
    assert [picture["size"] for picture in _pictures(made.after)] == [(400, 500)]
    assert made.after.stat().st_size < made.before.stat().st_size
    _looks_the_same(made)


@pytest.mark.parametrize("packed", ["/CCITTFaxDecode", "/FlateDecode"])
@pytest.mark.parametrize("decode", [None, [0, 1], [1, 0]])
def test_black_and_white_stays_black_and_white(
    tmp_path: Path, packed: str, decode: list[int] | None
) -> None:
    entries = {"Decode": Array(decode)} if decode else {}
    made = _reduced(
        tmp_path,
        lambda pdf: page_of(pdf, picture_stream(pdf, letter("1", 600), packed, **entries), SIZE),
    )
    assert made.count == 1
    assert _pictures(made.after) == [{"size": (400, 500), "filter": "/CCITTFaxDecode", "bits": 1}]
    _looks_the_same(made, 8)
    shades = _seen(made.after, 200)[0].convert("L").getcolors() or []
    assert {shade for _, shade in shades} == {0, 255}


def test_thin_strokes_do_not_break(tmp_path: Path) -> None:
    lines = Image.new("1", (600, 750), 1)
    strokes = range(30, 600, 31)
    for at in strokes:
        lines.paste(0, (at, 0, at + 1, 750))
    made = _reduced(
        tmp_path, lambda pdf: page_of(pdf, picture_stream(pdf, lines, "/CCITTFaxDecode"), SIZE)
    )
    assert made.count == 1
    middle = _seen(made.after, 200)[0].convert("L").crop((0, 250, 400, 251))
    assert sum(shade < 128 for shade in middle.tobytes()) == len(strokes)


@pytest.mark.parametrize("dpi", [72, 150, 200, 215])
def test_a_scan_that_is_hardly_finer_than_asked_is_left_alone(tmp_path: Path, dpi: int) -> None:
    made = _reduced(
        tmp_path,
        lambda pdf: page_of(pdf, picture_stream(pdf, letter("RGB", dpi), "/DCTDecode"), SIZE),
    )
    assert made.count == 0


def test_the_resolution_is_that_of_the_largest_drawing(tmp_path: Path) -> None:
    def twice(pdf: Pdf) -> None:
        shared = picture_stream(pdf, letter("L", 300), "/DCTDecode")
        page_of(pdf, shared, SIZE, "q 36 0 0 45 0 0 cm /I Do Q")
        page_of(pdf, shared, SIZE)
        page_of(pdf, shared, (5, 4), "q 0 288 -360 0 360 0 cm /I Do Q")

    made = _reduced(tmp_path, twice)
    assert made.count == 0
    with pikepdf.open(made.before) as pdf:
        (drawn,) = drawn_pictures(pdf)
        assert drawn.dpi == pytest.approx(600 / 4)


def test_a_picture_on_many_pages_is_brought_down_once(tmp_path: Path) -> None:
    def everywhere(pdf: Pdf) -> None:
        shared = picture_stream(pdf, letter("L", 300), "/DCTDecode")
        for _ in range(5):
            page_of(pdf, shared, SIZE)

    made = _reduced(tmp_path, everywhere)
    assert made.count == 1
    assert [picture["size"] for picture in _pictures(made.after)] == [(400, 500)]
    _looks_the_same(made)


def test_a_soft_mask_goes_on_masking(tmp_path: Path) -> None:
    def masked(pdf: Pdf) -> None:
        mask = picture_stream(pdf, Image.linear_gradient("L").resize((300, 300)), "/FlateDecode")
        page_of(pdf, picture_stream(pdf, letter("RGB", 300), "/DCTDecode", SMask=mask), SIZE)

    made = _reduced(tmp_path, masked)
    assert made.count == 1
    assert {picture["size"] for picture in _pictures(made.after)} == {(400, 500), (300, 300)}
    _looks_the_same(made)


@pytest.mark.parametrize(
    "entries",
    [
        {"ImageMask": True},
        {"ColorSpace": Name.DeviceCMYK},
        {"Mask": Array([0, 10])},
        {"Width": 999},
        {"Decode": Array([1, 0])},
        {"Filter": Name.JPXDecode},
        {"Filter": Array([Name.ASCIIHexDecode, Name.DCTDecode])},
        {"BitsPerComponent": 16},
    ],
)
def test_what_is_not_quite_a_plain_scan_is_left_byte_for_byte(
    tmp_path: Path, entries: dict[str, Any]
) -> None:
    made = _reduced(
        tmp_path,
        lambda pdf: page_of(
            pdf, picture_stream(pdf, letter("L", 300), "/DCTDecode", **entries), SIZE
        ),
    )
    assert made.count == 0
    with pikepdf.open(made.before) as one, pikepdf.open(made.after) as other:
        assert _raw(one) == _raw(other)


def _raw(pdf: Pdf) -> Sequence[bytes]:
    return sorted(
        thing.read_raw_bytes()
        for thing in pdf.objects
        if isinstance(thing, Stream) and thing.get("/Subtype") == "/Image"
    )


@pytest.mark.parametrize("damage", [b"", b"\xff\xd8\xff\xe0rubbish", b"%!PS"])
def test_a_picture_that_cannot_be_read_is_left_as_it_is(tmp_path: Path, damage: bytes) -> None:
    def broken(pdf: Pdf) -> None:
        image = picture_stream(pdf, letter("L", 300), "/DCTDecode")
        image.write(damage, filter=Name.DCTDecode)
        page_of(pdf, image, SIZE)

    assert _reduced(tmp_path, broken).count == 0


def test_data_that_unpack_without_end_are_not_unpacked(tmp_path: Path) -> None:
    def bomb(pdf: Pdf) -> None:
        image = picture_stream(pdf, letter("L", 300), "/FlateDecode")
        image.write(bytes(50_000_000))
        page_of(pdf, image, SIZE)

    assert _reduced(tmp_path, bomb).count == 0


def test_forms_that_draw_themselves_without_end_are_left_alone(tmp_path: Path) -> None:
    def endless(pdf: Pdf) -> None:
        page_of(pdf, picture_stream(pdf, letter("L", 300), "/DCTDecode"), SIZE, "/I Do /J Do /J Do")
        form = pdf.pages[0].obj.Resources.XObject.P0
        form.Resources.XObject.J = form

    assert _reduced(tmp_path, endless).count == 0


def test_a_page_of_too_many_drawings_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.pdf.image_places.MAX", 100)

    def busy(pdf: Pdf) -> None:
        picture = picture_stream(pdf, letter("L", 300), "/DCTDecode")
        page_of(pdf, picture, SIZE, " ".join(f"q 144 0 0 180 {n} 0 cm /I Do Q" for n in range(200)))

    assert _reduced(tmp_path, busy).count == 0


def test_a_file_of_many_pictures_is_written_from_time_to_time_and_loses_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.portal.downsampling.HELD", 1)

    def several(pdf: Pdf) -> None:
        for mode in ("L", "RGB", "1", "L"):
            packed = "/CCITTFaxDecode" if mode == "1" else "/DCTDecode"
            page_of(pdf, picture_stream(pdf, letter(mode, 300), packed), SIZE)

    made = _reduced(tmp_path, several)
    assert made.count == 4
    assert {picture["size"] for picture in _pictures(made.after)} == {(400, 500)}
    _looks_the_same(made, 8)
