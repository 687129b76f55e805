"""Every container, coding, depth and orientation comes out as the picture that went in.

Each file is made from a known picture, taken in, and the page that PDFium draws is held against
the picture itself: whatever decodes the file in between is not believed.
"""

import io
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps, ImageStat, TiffImagePlugin, features

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake.clean.document import PlainDocument
from sjs_forms.intake.images.avif_pictures import pictures_in
from sjs_forms.intake.images.picture_file import take_in_image
from tests.intake import tiff_files
from tests.intake.conftest import seen
from tests.intake.tiff_files import (
    BLACK_IS_ZERO,
    CMYK,
    DEFLATE,
    PACKBITS,
    RAW,
    RGB,
    WHITE_IS_ZERO,
    YCBCR,
    Layout,
    Samples,
    tiff,
)

ORIENTATIONS = range(1, 9)
_T = Image.Transpose
_STORED = {
    2: _T.FLIP_LEFT_RIGHT,
    3: _T.ROTATE_180,
    4: _T.FLIP_TOP_BOTTOM,
    5: _T.TRANSPOSE,
    6: _T.ROTATE_90,
    7: _T.TRANSVERSE,
    8: _T.ROTATE_270,
}
_ORIENTATION = 0x0112
FAX = ("group3", "group4", "tiff_ccitt")

TakeIn = Callable[[bytes], PlainDocument]


def scene(size: tuple[int, int] = (96, 136)) -> Image.Image:
    """A picture that is nowhere like itself turned, mirrored or inverted."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    wide, high = size
    pen.rectangle((0, 0, wide // 3, high // 6), fill="red")
    pen.rectangle((wide * 3 // 4, 0, wide, high // 2), fill="blue")
    pen.rectangle((0, high * 3 // 4, wide // 2, high), fill="black")
    pen.rectangle((wide // 2, high * 5 // 8, wide * 5 // 8, high * 3 // 4), fill="#b0b0b0")
    return picture


def stored(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture as a file of that EXIF orientation stores it."""
    return picture.transpose(_STORED[orientation]) if orientation > 1 else picture


def saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def exif_of(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[274] = orientation
    return exif


def tags_of(orientation: int, rows: int) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274], tags[278] = orientation, rows
    return tags


@pytest.fixture
def take_in(tmp_path: Path, limits: IntakeLimits) -> TakeIn:
    """Take in a picture file without a worker; the clean PDF lies at tmp_path/clean.pdf."""
    source = tmp_path / "picture"

    def taken(data: bytes) -> PlainDocument:
        source.write_bytes(data)
        return take_in_image(source, tmp_path / "clean.pdf", limits)

    return taken


def shows(clean: Path, expected: Sequence[Image.Image], within: float = 9) -> bool:
    """Whether the pages of the clean PDF look like these pictures, and are as many."""
    for page, picture in enumerate(expected):
        shown = seen(clean, page, 0.5)
        upright = picture.convert("RGB")
        if (shown.width > shown.height) != (upright.width > upright.height):
            return False
        difference = ImageChops.difference(shown, upright.resize(shown.size))
        if max(ImageStat.Stat(difference).mean) > within:
            return False
    return True


@pytest.mark.parametrize("rows", [10_000, 40], ids=["one strip", "strips"])
@pytest.mark.parametrize(
    "compression",
    [None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "webp", "zstd", *FAX],
)
def test_tiff_in_every_compression_and_orientation(
    tmp_path: Path, take_in: TakeIn, compression: str | None, rows: int
) -> None:
    """One page, and eight pages of eight orientations."""
    picture = scene().convert("1" if compression in FAX else "RGB")
    pages = []
    for orientation in ORIENTATIONS:
        how = {"compression": compression, "tiffinfo": tags_of(orientation, rows)}
        try:
            data = saved(stored(picture, orientation), "TIFF", **how)
        except (OSError, RuntimeError):
            pytest.skip(f"this libtiff does not write {compression}")
        assert len(take_in(data).pages) == 1
        assert shows(tmp_path / "clean.pdf", [picture]), orientation
        pages.append(data)
    together = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(together, True) as writer:
        for orientation in ORIENTATIONS:
            how = {"compression": compression, "tiffinfo": tags_of(orientation, rows)}
            stored(picture, orientation).save(writer, "TIFF", **how)
            writer.newFrame()
    assert len(take_in(together.getvalue()).pages) == 8
    assert shows(tmp_path / "clean.pdf", [picture] * 8)


DEPTHS: dict[str, tuple[str, Callable[[Image.Image], Samples]]] = {
    **{
        f"grey {bits} {name}": (
            "1" if bits == 1 else "L",
            lambda seen, bits=bits, kind=kind: tiff_files.grey(seen, bits, kind),
        )
        for bits in (1, 2, 4, 8, 12, 16, 32)
        for name, kind in (("white is zero", WHITE_IS_ZERO), ("black is zero", BLACK_IS_ZERO))
    },
    **{
        f"{name} {bits}": (
            mode,
            lambda seen, bits=bits, kind=kind: tiff_files.bands(seen, bits, kind),
        )
        for bits in (8, 16)
        for name, mode, kind in (("RGB", "RGB", RGB), ("CMYK", "CMYK", CMYK))
    },
    "RGBA 8": ("RGBA", lambda seen: tiff_files.bands(seen, 8, RGB, t338=(2,))),
    "grey and alpha 8": ("LA", lambda seen: tiff_files.bands(seen, 8, BLACK_IS_ZERO, t338=(2,))),
    "YCbCr 8": ("YCbCr", lambda seen: tiff_files.bands(seen, 8, YCBCR, t530=(1, 1))),
    **{
        f"palette {bits}": ("L", lambda seen, bits=bits: tiff_files.palette(seen, bits))
        for bits in (1, 2, 4, 8)
    },
    "floating point": ("L", lambda seen: tiff_files.floats(seen, 1.0)),
    "floating point to 255": ("L", lambda seen: tiff_files.floats(seen, 255.0)),
}


@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
@pytest.mark.parametrize("depth", DEPTHS)
def test_tiff_of_every_depth_in_strips_and_tiles(
    tmp_path: Path, take_in: TakeIn, depth: str, order: str
) -> None:
    """Photometric interpretation, depth, planes and the order of bits and bytes are obeyed."""
    mode, samples_of = DEPTHS[depth]
    picture = scene().convert(mode) if mode != "1" else scene().convert("L").convert("1")
    expected = picture
    if depth == "palette 1":
        expected = picture.point(lambda value: 255 if value > 127 else 0)
    ways = itertools.product(({}, {"rows": 50}, {"tile": 48}), (RAW, PACKBITS, DEFLATE))
    for number, (pieces, compression) in enumerate(ways):
        orientation = number % 8 + 1
        samples = samples_of(stored(picture, orientation))
        for more in ({}, {"fill_order": 2}, {"planar": True}):
            several = len(samples.bits) > 1
            deep = several or samples.kind == "float"
            if (deep and "fill_order" in more) or ("planar" in more and mode not in _PLANES):
                continue
            layout = Layout(compression, order=order, orientation=orientation, **pieces, **more)
            take_in(tiff([(samples, layout)]))
            assert shows(tmp_path / "clean.pdf", [expected]), layout


_PLANES = ("RGB", "RGBA", "CMYK", "YCbCr")
"""Modes of several bands that may lie in planes."""


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "MPO"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_orientation_by_exif(tmp_path: Path, take_in: TakeIn, form: str, mode: str) -> None:
    """Cameras and phones store pictures as the sensor lay; HEIF and AVIF by boxes of their own."""
    _register()
    if form == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    picture = scene((192, 272)).convert(mode)
    for orientation in ORIENTATIONS:
        how: dict[str, Any] = {"exif": exif_of(orientation).tobytes(), "quality": 95}
        if form == "MPO":
            second = stored(ImageOps.invert(picture), orientation)
            second.encoderinfo = {"exif": exif_of(orientation)}
            how |= {"save_all": True, "append_images": [second]}
        take_in(saved(stored(picture, orientation), form, **how))
        assert shows(tmp_path / "clean.pdf", [picture]), orientation


_OTHER_TAG = 0x0113
"""A tag that no program reads, and that writers leave where the orientation is to be."""


def by_exif_alone(picture: Image.Image, form: str, orientation: int) -> bytes:
    """A HEIF or AVIF whose orientation is in EXIF and in no box of its own."""
    exif = Image.Exif()
    exif[_OTHER_TAG] = orientation
    data = saved(picture, form, exif=exif.tobytes(), quality=95)
    entry = _OTHER_TAG.to_bytes(2, "big") + b"\0\3\0\0\0\1\0"
    assert data.count(entry) == 1
    return data.replace(entry, _ORIENTATION.to_bytes(2, "big") + entry[2:])


@pytest.mark.parametrize("form", ["HEIF", "AVIF"])
def test_orientation_by_exif_alone_or_besides_boxes_is_obeyed_once(
    tmp_path: Path, take_in: TakeIn, form: str
) -> None:
    """Converters keep EXIF and write no boxes; phones write both, one of them for the record."""
    _register()
    if form == "AVIF" and not features.check("avif"):
        pytest.skip("this Pillow has no AVIF")
    picture = scene((192, 272))
    for orientation in ORIENTATIONS:
        take_in(by_exif_alone(stored(picture, orientation), form, orientation))
        assert shows(tmp_path / "clean.pdf", [picture]), orientation
        both = saved(
            stored(picture, orientation), form, exif=exif_of(orientation).tobytes(), quality=95
        )
        assert orientation == 1 or b"irot" in both or b"imir" in both
        take_in(both)
        assert shows(tmp_path / "clean.pdf", [picture]), orientation


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
@pytest.mark.parametrize("form", ["PNG", "GIF", "BMP", "WEBP", "JPEG2000", "TIFF", "AVIF", "HEIF"])
def test_every_mode_of_every_container(
    tmp_path: Path, take_in: TakeIn, form: str, mode: str
) -> None:
    """Palettes, transparency, black and white, deep grey."""
    _register()
    grey = mode in ("1", "L", "LA", "I;16")
    picture = scene((192, 272)).convert("L" if grey else "RGB")
    if mode == "I;16" and form not in ("PNG", "TIFF", "JPEG2000"):
        pytest.skip(f"{form} has no {mode}")
    if mode == "I;16":
        given = picture.convert("I").point(lambda value: value * 257).convert("I;16")
    else:
        given = picture.convert(mode)
    try:
        data = saved(given, form)
    except (OSError, ValueError, KeyError, TypeError):
        pytest.skip(f"{form} has no {mode}")
    take_in(data)
    expected = given.convert("L") if mode == "1" else picture
    assert shows(tmp_path / "clean.pdf", [expected])


def _register() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()


@pytest.mark.parametrize("form", ["TIFF", "HEIF", "MPO"])
def test_several_pictures_are_several_pages(tmp_path: Path, take_in: TakeIn, form: str) -> None:
    """In the order of the file, each of its own size."""
    _register()
    pictures = [scene(), ImageOps.invert(scene((160, 120))), scene((90, 200)).convert("RGB")]
    pictures[2] = ImageOps.mirror(pictures[2])
    plain = take_in(saved(pictures[0], form, save_all=True, append_images=pictures[1:]))
    assert len(plain.pages) == 3
    assert shows(tmp_path / "clean.pdf", pictures)
    assert {remark.code for remark in plain.remarks} <= {"attachment-low-resolution"}


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_animations_give_their_first_frame(tmp_path: Path, take_in: TakeIn, form: str) -> None:
    """A moving picture cannot be printed, which is said."""
    frames = [ImageOps.invert(scene()), scene()]
    plain = take_in(
        saved(scene(), form, save_all=True, append_images=frames, duration=100, lossless=True)
    )
    assert len(plain.pages) == 1
    assert shows(tmp_path / "clean.pdf", [scene()])
    assert plain.remarks[0].code == "attachment-animated"


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("compression", ["tiff_lzw", "group4"])
def test_resolution_turns_with_the_picture(
    take_in: TakeIn, orientation: int, compression: str
) -> None:
    """A fax has twice as many dots across as down: as stored, whatever its orientation."""
    picture = Image.new("1", (816, 550), 1)
    tags = tags_of(orientation, 10_000)
    plain = take_in(saved(picture, "TIFF", compression=compression, tiffinfo=tags, dpi=(204, 98)))
    size = (816 * 72 / 204, 550 * 72 / 98)
    expected = size if orientation < 5 else size[::-1]
    assert (plain.pages[0].width, plain.pages[0].height) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_resolution_by_exif(take_in: TakeIn, form: str) -> None:
    """Scanning programs write it there, in inches or centimetres."""
    _register()
    exif = exif_of(6)
    exif[282], exif[283], exif[296] = 80.0, 40.0, 3
    plain = take_in(saved(scene((800, 500)), form, exif=exif))
    size = 500 * 72 / (40 * 2.54), 800 * 72 / (80 * 2.54)
    assert (plain.pages[0].width, plain.pages[0].height) == pytest.approx(size, abs=0.5)


def test_lab_colours(tmp_path: Path, take_in: TakeIn) -> None:
    """Print shops send CIE L*a*b*."""
    from PIL import ImageCms

    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    picture = scene((192, 272))
    take_in(saved(ImageCms.applyTransform(picture, to_lab), "TIFF"))
    assert shows(tmp_path / "clean.pdf", [picture], within=12)


def test_a_colour_called_transparent_in_deep_grey(tmp_path: Path, take_in: TakeIn) -> None:
    """PNG names one shade of 65,536; only that one is paper."""
    row = b"".join(number.to_bytes(2, "little") * 60 for number in (30_001, 30_000))
    picture = Image.frombytes("I;16", (120, 160), row * 160)
    take_in(saved(picture, "PNG", transparency=30_001))
    shown = seen(tmp_path / "clean.pdf")
    assert shown.getpixel((shown.width // 4, 300)) == (255, 255, 255)
    assert shown.getpixel((shown.width * 3 // 4, 300)) == (117, 117, 117)


def behind(first: Image.Image, second: Image.Image, said: bytes = b"") -> bytes:
    """An MPO file of two pictures; the header of the second says `said`."""
    marker = b"\xff\xe2" + (len(said) + 2).to_bytes(2, "big") + said if said else b""
    second.encoderinfo = {"extra": marker}
    return saved(first, "MPO", save_all=True, append_images=[second], quality=90)


def noisy(mode: str = "RGB") -> Image.Image:
    grain = Image.effect_noise((192, 272), 40).convert("RGB")
    return ImageChops.screen(scene((192, 272)), grain).convert(mode)


_UNWRITTEN = [
    *(("PNG", {}), ("WEBP", {"quality": 90}), ("HEIF", {"quality": 90}), ("BMP", {})),
    *(("TIFF", {}), ("TIFF", {"compression": "packbits"}), ("AVIF", {"quality": 90})),
]


@pytest.mark.parametrize(("form", "how"), _UNWRITTEN)
@pytest.mark.parametrize("share", [50, 80])
def test_a_picture_whose_end_was_never_written_is_refused_or_told(
    take_in: TakeIn, form: str, how: dict[str, Any], share: int
) -> None:
    """A copy was interrupted after the system had reserved the file's full length."""
    _register()
    whole = saved(noisy(), form, **how)
    kept = len(whole) * share // 100
    assert len(whole) - kept > 1024
    try:
        plain = take_in(whole[:kept].ljust(len(whole), b"\0"))
    except FileRefused as refusal:
        assert refusal.code == "attachment-unreadable"
    else:
        assert "attachment-pages-incomplete" in [remark.code for remark in plain.remarks]


@pytest.mark.parametrize(("form", "how"), [*_UNWRITTEN, ("JPEG", {}), ("GIF", {})])
def test_zeros_behind_a_whole_picture_are_nothing_to_speak_of(
    take_in: TakeIn, form: str, how: dict[str, Any]
) -> None:
    _register()
    plain = take_in(saved(noisy(), form, **how) + bytes(4096))
    assert "attachment-pages-incomplete" not in [remark.code for remark in plain.remarks]


@pytest.mark.parametrize("bits", [1, 8])
def test_the_white_foot_of_a_fax_is_no_unwritten_end(take_in: TakeIn, bits: int) -> None:
    """Where white is stored as zeros."""
    page = Image.new("L", (192, 272), "white")
    page.paste(scene().convert("L").point([0] * 255 + [255]), (0, 0))
    plain = take_in(tiff([(tiff_files.grey(page, bits, WHITE_IS_ZERO), Layout())]))
    assert "attachment-pages-incomplete" not in [remark.code for remark in plain.remarks]


@pytest.mark.parametrize(
    ("second", "said", "pages", "code"),
    [
        (scene((96, 136)), b"", 1, None),
        (ImageOps.invert(scene((192, 272))), b"urn:iso:std:iso:ts:21496:-1\0", 1, None),
        (ImageOps.invert(scene((96, 136)).convert("L")), b"", 1, "attachment-pictures-dropped"),
        (ImageOps.invert(scene((96, 136))), b"", 2, None),
        (scene((192, 272)), b"", 2, None),
    ],
    ids=["preview", "gain map", "grey map", "another small one", "the same at full size"],
)
def test_what_lies_behind_a_photo(
    take_in: TakeIn, second: Image.Image, said: bytes, pages: int, code: str | None
) -> None:
    """Phones put previews, depth and gain maps there; scanning programs put pages there."""
    plain = take_in(behind(scene((192, 272)), second, said))
    assert len(plain.pages) == pages
    codes = {remark.code for remark in plain.remarks} - {"attachment-low-resolution"}
    assert codes == ({code} if code else set())


@pytest.mark.parametrize(
    ("behind_it", "told"),
    [
        (saved(ImageOps.invert(scene((192, 272))), "JPEG"), 1),
        (b"\r\n\0" + saved(scene((180, 260)), "JPEG", progressive=True) * 2, 2),
        (saved(scene((96, 136)), "JPEG"), 0),
        (b"\0\0\0\x18ftypmp42" + saved(scene((192, 272)), "JPEG"), 0),
        (bytes(5000), 0),
        (b"", 0),
    ],
    ids=["another", "two more", "preview", "film", "padding", "nothing"],
)
def test_pictures_joined_to_a_jpeg_are_told(take_in: TakeIn, behind_it: bytes, told: int) -> None:
    """No index lists them, and viewers show the first alone."""
    remarks = take_in(saved(scene((192, 272)), "JPEG") + behind_it).remarks
    found = [one.message for one in remarks if one.code == "attachment-pictures-dropped"]
    assert len(found) == bool(told)
    assert not told or f"另有 {told} 幅" in found[0]


def test_a_picture_that_the_index_promises_is_missed(tmp_path: Path, take_in: TakeIn) -> None:
    """A program that knows nothing of the index cut the file behind its first picture."""
    whole = behind(scene((192, 272)), ImageOps.invert(scene((192, 272))))
    plain = take_in(whole[: whole.rindex(b"\xff\xd8\xff")])
    assert shows(tmp_path / "clean.pdf", [scene((192, 272))])
    assert plain.remarks[0].code == "attachment-pictures-lost"


@pytest.mark.parametrize(("kind", "pages"), [(0, 2), (1, 1), (4, 1)])
def test_reduced_copies_and_masks_in_tiff_are_no_pages(
    take_in: TakeIn, kind: int, pages: int
) -> None:
    """NewSubfileType says so (TIFF 6.0)."""
    large, small = scene((192, 272)), scene((96, 136))
    samples = [tiff_files.grey(picture, 8) for picture in (large, small)]
    samples[1].tags[254] = ("I", (kind,))
    plain = take_in(tiff([(one, Layout()) for one in samples]))
    assert len(plain.pages) == pages


def test_a_coding_that_nobody_reads_is_not_called_damaged(take_in: TakeIn) -> None:
    """Grey and alpha of 16 bits, or a compression with a number of its own."""
    odd = tiff_files.bands(scene().convert("LA"), 16, BLACK_IS_ZERO, t338=(2,))
    for data in (tiff([(odd, Layout())]), tiff([(tiff_files.grey(scene(), 8), Layout(34661))])):
        with pytest.raises(FileRefused) as caught:
            take_in(data)
        assert "编码少见" in caught.value.message
        assert "损坏" not in caught.value.message


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def item(number: int, what: bytes, hidden: bool = False) -> bytes:
    flags = bytes((2, 0, 0, int(hidden)))
    return box(b"infe", flags, number.to_bytes(2, "big"), b"\0\0", what, b"\0")


def reference(kind: bytes, source: int, *targets: int) -> bytes:
    numbers = (source, len(targets), *targets)
    return box(kind, *(number.to_bytes(2, "big") for number in numbers))


def test_further_pictures_in_avif_are_counted() -> None:
    """Neither planes of alpha nor tiles, thumbnails or metadata are pictures of their own."""
    items = [
        *(item(1, b"av01"), item(2, b"av01"), item(3, b"grid"), item(4, b"av01")),
        *(item(5, b"av01", hidden=True), item(6, b"Exif"), item(7, b"av01")),
    ]
    count = b"\0\0\0\0" + len(items).to_bytes(2, "big")
    references = [reference(b"auxl", 2, 1), reference(b"dimg", 3, 4), reference(b"thmb", 7, 1)]
    lists = box(b"iinf", count, *items) + box(b"iref", b"\0\0\0\0", *references)
    assert pictures_in(box(b"ftyp", b"avif") + box(b"meta", b"\0\0\0\0", lists)) == 2
    if features.check("avif"):
        data = saved(scene((192, 272)).convert("RGBA"), "AVIF", exif=exif_of(1))
        assert pictures_in(data) == 1
        assert pictures_in(data[:60]) == pictures_in(b"") == 0
