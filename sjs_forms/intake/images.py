"""Pictures as PDF pages: JPEG and fax data go in untouched, all else without loss of sight.

Every picture is decoded once, whatever becomes of it: that is how a truncated one is found.
"""

import contextlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import img2pdf
import pikepdf
from PIL import Image, ImageFile, ImageSequence, UnidentifiedImageError

from sjs_forms.intake import unusable
from sjs_forms.intake.document import Plain, check_count, write_plain
from sjs_forms.intake.geometry import A4, figures
from sjs_forms.intake.objects import new_stream
from sjs_forms.intake.pictures import oversized
from sjs_forms.machine import is_the_machines, raised_by_a_library
from sjs_forms.programme import IntakeLimits

_ORIENTATION = 0x0112
_SUBFILE, _REDUCED = 0x00FE, 1
_COMPRESSION, _G4 = 0x0103, 4
_PHOTOMETRIC, _FILL_ORDER, _STRIPS, _SIZES = 0x0106, 0x010A, 0x0111, 0x0117
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits the other way round: some fax machines write them so."""

_LOSSY = {"JPEG", "MPO", "HEIF", "AVIF", "WEBP", "JPEG2000"}
_ROOMY = 1.02
"""How much larger than A4 a page may be and still count as A4."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One picture ready to become a page: data for img2pdf, size in points as stored.

    For fax data `fax` holds the entries of its picture dictionary, and img2pdf is passed by.
    """

    data: bytes
    width: float
    height: float
    orientation: int
    fax: dict[str, Any] | None = None


def take_in_image(source: Path, target: Path, limits: IntakeLimits) -> Plain:
    """Write the picture's pages as a clean PDF. Raises Unusable.

    What the system reports of the machine, and what this package's own code raises, passes.
    """
    _register()
    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            leaves, animated = _leaves(source, limits)
            return _bound(leaves, animated, target, limits)
    except Image.DecompressionBombError as problem:
        raise oversized(_pixels(source), limits.max_pixels) from problem
    except UnidentifiedImageError as problem:
        raise unusable.unreadable("图像格式无法识别") from problem
    except (OSError, SyntaxError, ValueError, EOFError, IndexError) as problem:
        if is_the_machines(problem):
            raise
        if "truncated" in str(problem).lower() or "not processed" in str(problem).lower():
            raise unusable.truncated() from problem
        raise unusable.unreadable("图像数据有误") from problem
    except (img2pdf.ImageOpenError, TypeError, KeyError, RuntimeError) as problem:
        if not raised_by_a_library(problem):
            raise
        raise unusable.unreadable("图像数据有误") from problem


def _register() -> None:
    import pillow_heif

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    pillow_heif.register_heif_opener(thumbnails=False)


def _pixels(source: Path) -> int:
    """How many pixels a picture says it has."""
    Image.MAX_IMAGE_PIXELS = None
    with contextlib.suppress(Exception), Image.open(source) as picture:
        return picture.width * picture.height
    return 0


def _leaves(source: Path, limits: IntakeLimits) -> tuple[list[Leaf], bool]:
    """The pages of a picture file; and whether frames of a moving picture were left out."""
    with Image.open(source) as picture:
        _check_pixels(picture, limits)
        frames = getattr(picture, "n_frames", 1)
        if picture.format != "TIFF":
            moving = frames > 1 and picture.format in ("GIF", "WEBP", "PNG", "AVIF")
            return [_leaf(picture, source)], moving
        check_count(frames, limits)
        return [_leaf(frame, source) for frame in _pages_of_tiff(picture, limits)], False


def _pages_of_tiff(picture: Image.Image, limits: IntakeLimits) -> Iterator[Image.Image]:
    """The frames that are pages, not previews of one."""
    several = getattr(picture, "n_frames", 1) > 1
    for frame in ImageSequence.Iterator(picture):
        _check_pixels(frame, limits)
        kind: Any = frame.tag_v2.get(_SUBFILE, 0)  # type: ignore[attr-defined]
        if not (several and kind == _REDUCED):
            yield frame


def _check_pixels(picture: Image.Image, limits: IntakeLimits) -> None:
    pixels = picture.width * picture.height
    if pixels > limits.max_pixels:
        raise oversized(pixels, limits.max_pixels)


def _leaf(picture: Image.Image, source: Path) -> Leaf:
    dpi = picture.info.get("dpi")
    orientation = _orientation(picture)
    wide, high = picture.size
    picture.load()
    width, height = page_size(wide, high, dpi)
    fax = _fax_of(picture, source)
    if fax is not None:
        return Leaf(fax[0], width, height, orientation, fax[1])
    return Leaf(_data(picture, source), width, height, orientation)


def _fax_of(picture: Image.Image, source: Path) -> tuple[bytes, dict[str, Any]] | None:
    """G4 data as it lies in a TIFF in one piece, and what a PDF must know to draw it."""
    if picture.format != "TIFF" or picture.mode != "1":
        return None
    tags: Any = picture.tag_v2  # type: ignore[attr-defined]
    starts, sizes = tags.get(_STRIPS, ()), tags.get(_SIZES, ())
    order = tags.get(_FILL_ORDER, 1)
    is_g4 = tags.get(_COMPRESSION) == _G4 and order in (1, 2)
    if not is_g4 or len(starts) != 1 or len(sizes) != 1:
        return None
    with source.open("rb") as file:
        file.seek(starts[0])
        data = file.read(sizes[0])
    if order == 2:
        data = data.translate(_REVERSED)
    wide, high = picture.size
    how = pikepdf.Dictionary(K=-1, Columns=wide, Rows=high, BlackIs1=tags.get(_PHOTOMETRIC) == 1)
    return data, {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": wide,
        "/Height": high,
        "/ColorSpace": pikepdf.Name.DeviceGray,
        "/BitsPerComponent": 1,
        "/Filter": pikepdf.Name.CCITTFaxDecode,
        "/DecodeParms": how,
    }


def _orientation(picture: Image.Image) -> int:
    """EXIF orientation, 1 to 8; HEIF files come upright from the decoder already."""
    if picture.format in ("HEIF", "AVIF"):
        return 1
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except (SyntaxError, ValueError, OSError, TypeError):
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def page_size(across: int, down: int, dpi: Any) -> tuple[float, float]:
    """Width and height in points for a picture of so many pixels.

    Its own dots per inch are believed if they make a page between a stamp's size and A4, or
    (from 100 dpi up) a larger sheet that a scanner takes; else the picture fills A4.
    """
    with contextlib.suppress(TypeError, ValueError, ArithmeticError, IndexError):
        wide, high = float(dpi[0]), float(dpi[1])
        coarse, fine = sorted((wide, high))
        if coarse >= 30 and fine <= 2400 and fine < 3 * coarse:
            size = (across * 72 / wide, down * 72 / high)
            short, long = sorted(size)
            fits = short <= A4[0] * _ROOMY and long <= A4[1] * _ROOMY
            sheet = coarse >= 100 and short <= A4[0] * 4.1 and long <= A4[1] * 4.1
            if long >= 36 and (fits or sheet):
                return size
    room = A4 if across <= down else (A4[1], A4[0])
    scale = min(room[0] / across, room[1] / down)
    return across * scale, down * scale


def _data(picture: Image.Image, source: Path) -> bytes:
    """The picture as img2pdf takes it: the file's own bytes, or encoded anew."""
    if picture.format in ("JPEG", "MPO") and picture.mode in ("L", "RGB", "CMYK"):
        is_first = picture.format == "MPO"
        return _first_picture(picture, source) if is_first else source.read_bytes()
    plain = picture.mode in ("1", "L", "RGB", "P") and "transparency" not in picture.info
    if picture.format == "PNG" and plain and not getattr(picture, "is_animated", False):
        return _flattened(picture, "PNG")
    if picture.mode == "1":
        return _as_fax(picture)
    lossy = picture.format in _LOSSY or picture.info.get("compression") == "jpeg"
    return _flattened(picture, "JPEG" if lossy else "PNG")


def _first_picture(picture: Image.Image, source: Path) -> bytes:
    """The first of the JPEGs one behind the other in an MPO file, by itself."""
    size = picture.mpinfo[0xB002][0]["Size"]  # type: ignore[attr-defined]
    data = source.read_bytes()[: size or None]
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] == 0xE2 and data[at + 4 : at + 8] == b"MPF\0":
            return data[:at] + data[end:]
        at = end
    return data


def _as_fax(picture: Image.Image) -> bytes:
    saved = io.BytesIO()
    picture.save(saved, "TIFF", compression="group4")
    return saved.getvalue()


def _flattened(picture: Image.Image, form: str) -> bytes:
    """The picture without alpha (over white), in 8 bits, as JPEG or PNG."""
    if picture.mode in ("I;16", "I;16L", "I;16B", "I;16N", "I", "F"):
        picture = _eight_bits(picture)
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        white.alpha_composite(seen)
        picture = white.convert("RGB")
    if picture.mode not in ("1", "L", "RGB", "CMYK") or (form == "PNG" and picture.mode == "CMYK"):
        picture = picture.convert("RGB")
    saved = io.BytesIO()
    if form == "JPEG":
        picture.save(saved, "JPEG", quality=93, subsampling=0)
    else:
        picture.save(saved, "PNG", compress_level=6)
    return saved.getvalue()


def _eight_bits(picture: Image.Image) -> Image.Image:
    wide = picture.convert("I") if picture.mode != "F" else picture
    _, highest = wide.getextrema()
    scale = 1.0 if float(highest) <= 255 else 255 / 65535  # type: ignore[arg-type]
    return wide.point(lambda value: value * scale + 0).convert("L")


def _bound(leaves: list[Leaf], animated: bool, target: Path, limits: IntakeLimits) -> Plain:
    """Bind the leaves as a PDF and make that plain, each leaf turned upright."""
    with pikepdf.Pdf.new() as pdf:
        for leaf in leaves:
            if leaf.fax is not None:
                _add_fax(pdf, leaf, leaf.fax)
                continue
            with pikepdf.open(io.BytesIO(_by_img2pdf(leaf))) as one:
                pdf.pages.extend(one.pages)
        turns = {at: leaf.orientation for at, leaf in enumerate(leaves)}
        plain = write_plain(pdf, target, limits, turns)
    if not animated:
        return plain
    return Plain(plain.pages, plain.bookmarks, (unusable.animated(), *plain.remarks))


def _by_img2pdf(leaf: Leaf) -> bytes:
    """A PDF of this one leaf, as stored."""
    size = (leaf.width, leaf.height, leaf.width, leaf.height)
    made: bytes = img2pdf.convert(
        leaf.data,
        layout_fun=lambda *_: size,
        rotation=img2pdf.Rotation.none,
        engine=img2pdf.Engine.pikepdf,
        nodate=True,
    )
    return made


def _add_fax(pdf: pikepdf.Pdf, leaf: Leaf, entries: dict[str, Any]) -> None:
    """Add a page that is one picture of fax data."""
    image = new_stream(pdf, leaf.data, entries)
    page = pdf.add_blank_page(page_size=(max(leaf.width, 3), max(leaf.height, 3))).obj
    page.MediaBox = pikepdf.Array([0, 0, leaf.width, leaf.height])
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    size = figures((leaf.width, 0, 0, leaf.height, 0, 0))
    page.Contents = pikepdf.Stream(pdf, f"{size} cm /Im0 Do".encode())
