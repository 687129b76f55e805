"""Turns pictures into PDF pages: JPEG and fax data unchanged, all else without visible loss.

Every picture is decoded once, to detect truncated files. The formats that are read are in
`kinds.picture_formats`.
"""

import contextlib
import io
import struct
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import img2pdf
import pikepdf
from PIL import Image, ImageFile, JpegImagePlugin, UnidentifiedImageError

from sjs_forms.base.findings import file_refusal
from sjs_forms.base.system_errors import is_system_error, raised_by_a_library
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import refusals
from sjs_forms.intake.clean.document import PlainDocument, write_plain
from sjs_forms.intake.file_remarks import unwritten_end
from sjs_forms.intake.images import tiff_reading
from sjs_forms.intake.images.fax_data import Fax, add_fax, fax_of
from sjs_forms.intake.images.frames import Frames, check_pixels, frames_of, own_jpeg
from sjs_forms.intake.images.heif_orientation import orientation_left
from sjs_forms.intake.images.pixel_depth import eight_bits
from sjs_forms.intake.images.unwritten_end import has_unwritten_end
from sjs_forms.intake.long_pages.cut_places import ACROSS, Strip, is_slender, natural_size, strip_of
from sjs_forms.intake.long_pages.page_parts import cut_pages
from sjs_forms.intake.picture_data.jpeg_damage import is_damaged, load_and_judge, look_at
from sjs_forms.intake.picture_data.png_chunks import is_png_overwritten
from sjs_forms.intake.picture_data.tiff_strips import is_tiff_overwritten
from sjs_forms.pdf.matrices import A4
from sjs_forms.pdf.page_pictures import oversized

_ORIENTATION = 0x0112
_X_RESOLUTION, _Y_RESOLUTION, _UNIT, _CENTIMETRE = 0x011A, 0x011B, 0x0128, 3

_T = Image.Transpose
_UPRIGHT = {
    2: _T.FLIP_LEFT_RIGHT,
    3: _T.ROTATE_180,
    4: _T.FLIP_TOP_BOTTOM,
    5: _T.TRANSPOSE,
    6: _T.ROTATE_270,
    7: _T.TRANSVERSE,
    8: _T.ROTATE_90,
}
"""The operation that sets a picture of each EXIF orientation upright."""

_LOSSY = {"JPEG", "MPO", "HEIF", "AVIF", "WEBP", "JPEG2000"}
_SHEETS_FROM = 99.0
"""Dots per inch from which a sheet larger than A4 is accepted: 100, which PNG stores as 99.998."""

_ROOMY = 1.02
"""Factor by which a page may exceed A4 and still count as A4."""


@dataclass(frozen=True, slots=True)
class PicturePage:
    """A picture ready to become a page: data for img2pdf or fax data, and its stored size in
    points.

    `orientation` (EXIF, 1 to 8) must still be applied to the data. `strip` says where the upright
    page is cut. `damaged` says that a part of the data cannot be decoded.
    """

    data: bytes | Fax
    width: float
    height: float
    orientation: int
    strip: Strip | None = None
    damaged: bool = False


def take_in_image(source: Path, target: Path, limits: IntakeLimits) -> PlainDocument:
    """Write the picture's pages as a clean PDF. Raises FileRefused.

    System errors and errors of this package's own code are not caught.
    """
    _register()
    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(source) as picture:
                frames = frames_of(picture, limits)
            with _opened(source) as picture:
                if has_unwritten_end(picture, source):
                    frames = replace(frames, remarks=(*frames.remarks, unwritten_end()))
                pages = _picture_pages(picture, frames, source, limits)
                return _bound(pages, frames, target, limits)
    except Image.DecompressionBombError as problem:
        raise oversized(_pixels(source), limits.max_pixels) from problem
    except (UnidentifiedImageError, KeyError) as problem:
        if not raised_by_a_library(problem):
            raise
        raise refusals.unknown_coding() from problem
    except (OSError, SyntaxError, ValueError, EOFError, IndexError) as problem:
        if is_system_error(problem):
            raise
        raise _refusal(str(problem).lower()) from problem
    except (img2pdf.ImageOpenError, TypeError, RuntimeError) as problem:
        if not raised_by_a_library(problem):
            raise
        raise _refusal(str(problem).lower()) from problem


def _refusal(said: str) -> file_refusal.FileRefused:
    """Return the refusal for a decoder's error message in lower case."""
    if "truncated" in said or "not processed" in said:
        return refusals.truncated()
    if "unsupported" in said or "not supported" in said:
        return refusals.unknown_coding()
    return refusals.unreadable("图像数据有误")


def _register() -> None:
    import pi_heif

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    pi_heif.register_heif_opener(thumbnails=False)
    tiff_reading.configure_pillow()


def _pixels(source: Path) -> int:
    """Return the number of pixels that a picture's header states."""
    Image.MAX_IMAGE_PIXELS = None
    with contextlib.suppress(Exception), Image.open(source) as picture:
        return picture.width * picture.height
    return 0


def _opened(source: Path) -> Image.Image:
    """Open the file with Pillow; a JPEG with a damaged MPO index as a plain JPEG."""
    try:
        return Image.open(source)
    except (AssertionError, KeyError, TypeError, ValueError, struct.error):
        return JpegImagePlugin.JpegImageFile(source)


def _picture_pages(
    picture: Image.Image, frames: Frames, source: Path, limits: IntakeLimits
) -> Iterator[PicturePage]:
    """Yield the pages of a picture file."""
    for number in frames.pages:
        picture.seek(number)
        check_pixels(picture, limits)
        yield _picture_page(picture, source)


def _picture_page(picture: Image.Image, source: Path) -> PicturePage:
    """Return the current frame. Data copied as stored are turned by the page's matrix.

    Pillow applies the orientation of TIFF pictures when decoding, libheif what the boxes of HEIF
    say; all others are as stored.
    """
    orientation, dpi = _orientation(picture, source), _resolution(picture)
    by_pillow = picture.format == "TIFF"
    if by_pillow:
        tiff_reading.check_layout(picture)
    damaged = _loaded_with_damage(picture, source)
    fax = fax_of(picture, source)
    if fax is None and by_pillow:
        dpi = dpi[::-1] if dpi and orientation >= 5 else dpi
        orientation = 1
    across, down = picture.size if fax is None else (fax.columns, fax.rows)
    own = own_size(across, down, dpi)
    size = own or natural_size(across, down)
    shown = size[::-1] if orientation >= 5 else size
    strip = None
    if is_slender(*shown):
        strip = strip_of(_in_grey(picture, 1 if by_pillow else orientation), *shown)
    if own is None and strip is None:
        size = filling_a4(across, down)
    return PicturePage(fax or _data(picture, source), *size, orientation, strip, damaged)


def _loaded_with_damage(picture: Image.Image, source: Path) -> bool:
    """Decode the current frame and return whether a part of its data cannot be decoded.

    Only JPEG and data with a sum can be told apart so; decoders of other formats fail on such data,
    or cannot know.
    """
    if not isinstance(picture, JpegImagePlugin.JpegImageFile):
        picture.load()
        if picture.format == "PNG":
            return is_png_overwritten(source.read_bytes())
        if picture.format != "TIFF":
            return False
        with source.open("rb") as file:
            return is_tiff_overwritten(picture, file)
    start = getattr(picture, "offset", 0)  # of the frame, in an MPO file
    data = source.read_bytes()[start:]
    return load_and_judge(picture, look_at(data), start) and is_damaged(data)


def _in_grey(picture: Image.Image, orientation: int) -> Image.Image:
    """Return the picture upright, in grey, reduced to the resolution at which strips are
    analysed.
    """
    grey = eight_bits(picture).convert("L")
    coarser = min(grey.size) // ACROSS
    small = grey.reduce(coarser) if coarser > 1 else grey
    return small.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else small


def _orientation(picture: Image.Image, source: Path) -> int:
    """Return the orientation, 1 to 8, of the frame as decoded. Must be called before decoding."""
    if picture.format in ("HEIF", "AVIF"):
        left = orientation_left(picture, source.read_bytes())
        return left if left > 1 else _exif_orientation(picture)
    return _exif_orientation(picture)


def _exif_orientation(picture: Image.Image) -> int:
    found = _exif(picture, _ORIENTATION, 1)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _exif(picture: Image.Image, tag: int, otherwise: Any = None) -> Any:
    try:
        return picture.getexif().get(tag, otherwise)
    except (SyntaxError, ValueError, OSError, TypeError, struct.error):
        return otherwise


def _resolution(picture: Image.Image) -> tuple[float, float] | None:
    """Return the stored dots per inch across and down, from the header, else from EXIF."""
    given = picture.info.get("dpi")
    # Pillow reads only the horizontal resolution from EXIF.
    by_exif = picture.format in ("JPEG", "MPO") and picture.info.get("jfif_unit") not in (1, 2)
    with contextlib.suppress(TypeError, ValueError, ArithmeticError, IndexError):
        if given is not None and not by_exif:
            return float(given[0]), float(given[1])
        scale = 2.54 if _exif(picture, _UNIT) == _CENTIMETRE else 1.0
        across, down = (float(_exif(picture, tag)) for tag in (_X_RESOLUTION, _Y_RESOLUTION))
        return across * scale, down * scale
    return None


def own_size(across: int, down: int, dpi: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the size in points of a picture at its own resolution.

    The resolution is accepted if the page is between a stamp's size and A4, or (from 100 dpi) a
    larger sheet that a scanner takes. Else returns None.
    """
    if dpi is None:
        return None
    coarse, fine = sorted(dpi)
    if not (coarse >= 30 and fine <= 2400 and fine < 3 * coarse):
        return None
    size = (across * 72 / dpi[0], down * 72 / dpi[1])
    short, long = sorted(size)
    fits = short <= A4[0] * _ROOMY and long <= A4[1] * _ROOMY
    sheet = coarse >= _SHEETS_FROM and short <= A4[0] * 4.1 and long <= A4[1] * 4.1
    return size if long >= 36 and (fits or sheet) else None


def filling_a4(across: int, down: int) -> tuple[float, float]:
    """Return the size in points at which a picture fills A4, upright or landscape."""
    room = A4 if across <= down else (A4[1], A4[0])
    scale = min(room[0] / across, room[1] / down)
    return across * scale, down * scale


def _data(picture: Image.Image, source: Path) -> bytes:
    """Return the picture for img2pdf: the file's own bytes, or encoded again."""
    if picture.format in ("JPEG", "MPO") and picture.mode in ("L", "RGB", "CMYK"):
        data = source.read_bytes()
        return own_jpeg(picture, data) if picture.format == "MPO" else data
    plain = picture.mode in ("1", "L", "RGB", "P") and "transparency" not in picture.info
    if picture.format == "PNG" and plain and not getattr(picture, "is_animated", False):
        return _encoded(picture, "PNG")
    if picture.mode == "1":
        return _as_fax(picture)
    lossy = picture.format in _LOSSY or picture.info.get("compression") == "jpeg"
    return _encoded(picture, "JPEG" if lossy else "PNG")


def _as_fax(picture: Image.Image) -> bytes:
    saved = io.BytesIO()
    picture.save(saved, "TIFF", compression="group4")
    return saved.getvalue()


def _encoded(picture: Image.Image, form: str) -> bytes:
    """Return the picture in 8 bits, as JPEG or PNG."""
    plain = eight_bits(picture)
    saved = io.BytesIO()
    if form == "JPEG":
        plain.save(saved, "JPEG", quality=93, subsampling=0)
    else:
        rgb = plain.convert("RGB") if plain.mode == "CMYK" else plain
        rgb.save(saved, "PNG", compress_level=6)
    return saved.getvalue()


def _bound(
    pages: Iterable[PicturePage], frames: Frames, target: Path, limits: IntakeLimits
) -> PlainDocument:
    """Bind the pictures as a PDF and make it plain, each turned upright."""
    turns: dict[int, int] = {}
    strips: dict[int, Strip] = {}
    damaged: list[int] = []
    with pikepdf.Pdf.new() as pdf:
        for page in pages:
            turns[len(pdf.pages)] = page.orientation
            if page.damaged:
                damaged.append(len(pdf.pages))
            if page.strip is not None:
                strips[len(pdf.pages)] = page.strip
            if isinstance(page.data, Fax):
                add_fax(pdf, page.data, page.width, page.height)
                continue
            with pikepdf.open(io.BytesIO(_by_img2pdf(page.data, page))) as one:
                pdf.pages.extend(one.pages)
        plain = write_plain(pdf, target, limits, turns)
    plain = replace(plain, remarks=(*frames.remarks, *plain.remarks), broken=tuple(damaged))
    return cut_pages(target, plain, strips, limits)


def _by_img2pdf(data: bytes, page: PicturePage) -> bytes:
    """Return a PDF of this one picture, as stored."""
    size = (page.width, page.height, page.width, page.height)
    made: bytes = img2pdf.convert(
        data,
        layout_fun=lambda *_: size,
        rotation=img2pdf.Rotation.none,
        engine=img2pdf.Engine.pikepdf,
        nodate=True,
    )
    return made
