"""Reduces the resolution of scans in a merged PDF, one picture at a time.

Only pictures finer than wanted are re-encoded, and only if that makes them smaller. Grey and colour
become JPEG; black and white remains so (CCITT G4). Stencils and masks are left unchanged, because
they contain text and are small; so are JPEG 2000, JBIG2, CMYK, and anything non-standard.
"""

import io
import logging
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, PdfImage, Stream
from PIL import Image

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.base.output import patient_moves
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.domain.programme import Portal
from sjs_forms.pdf.objects import entry, inflated, items, name_of, number
from sjs_forms.portal.material_pdf import open_large, save
from sjs_forms.portal.picture_resolution import DrawnPicture, drawn_pictures

_log = logging.getLogger(__name__)

WORTH_IT = 1.1
"""Minimum ratio of a picture's resolution to the wanted one; below it there is little to gain."""
LARGEST = 120_000_000
"""A picture of more pixels than this is left unchanged: decoded, it would take too much memory."""
_SMALLEST = 100
"""A picture with fewer pixels than this on either side is an ornament, not a scan."""
HELD = 32_000_000
"""Bytes of new pictures kept in memory before the file is rewritten."""
_INK = 0.3
"""Share of a new pixel that must be ink for it to be black: less than a third, so that a stroke one
pixel wide at 300 or 600 dpi does not break.
"""

_GREY, _COLOUR = 1, 3
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    AttributeError,
    KeyError,
    NotImplementedError,
    zlib.error,
    pikepdf.PikepdfError,
    Image.DecompressionBombError,
    FileRefused,
)


@dataclass(frozen=True, slots=True)
class _Reencoded:
    """A re-encoded picture: its data, its size and its encoding."""

    data: bytes
    size: tuple[int, int]
    bits: int
    packed: Name
    parms: Dictionary | None = None


def reduce(path: Path, rules: Portal, progress: Progress = quiet) -> int:
    """Reduce the pictures of the PDF at `path` that are too fine. Returns their number.

    New data stay in memory until the file is rewritten, which happens from time to time. Raises
    Cancelled.
    """
    count, tried = 0, 0
    while True:
        with open_large(path) as pdf:
            pictures = drawn_pictures(pdf)
            held = 0
            while tried < len(pictures) and held < HELD:
                progress.check()
                held += (size := _reduced(pictures[tried], rules))
                count += bool(size)
                tried += 1
            if held:
                fresh = path.with_suffix(".reduced")
                with fresh.open("wb") as target:
                    save(pdf, target)
        if held:
            patient_moves.replace(fresh, path)
        if tried >= len(pictures):
            return count


def is_too_fine(pdf: pikepdf.Pdf, rules: Portal) -> bool:
    """Return whether any picture is finer than wanted, so that `reduce` may have an effect."""
    return any(drawn.dpi > rules.dpi * WORTH_IT for drawn in drawn_pictures(pdf))


def _reduced(drawn: DrawnPicture, rules: Portal) -> int:
    """Replace a picture that is too fine. Returns the bytes of new data, 0 if it is unchanged."""
    if drawn.dpi <= rules.dpi * WORTH_IT:
        return 0
    image = drawn.image
    fresh = _reencoded(image, drawn.dpi, rules)
    if fresh is None or len(fresh.data) >= len(image.read_raw_bytes()):
        return 0
    image.write(fresh.data, filter=fresh.packed, decode_parms=fresh.parms)
    image.Width, image.Height = fresh.size
    image.BitsPerComponent = fresh.bits
    if "/Decode" in image:
        del image["/Decode"]
    return len(fresh.data)


def _reencoded(image: Stream, dpi: float, rules: Portal) -> _Reencoded | None:
    """Return the picture at the wanted resolution, or None if it should be left unchanged."""
    across, down = int(number(image.get("/Width")) or 0), int(number(image.get("/Height")) or 0)
    if min(across, down) < _SMALLEST or across * down > LARGEST:
        return None
    if image.get("/ImageMask") is not None or items(image.get("/Mask")):
        return None
    if entry(image.get("/SMask"), "/Matte") is not None:
        return None
    factor = rules.dpi / dpi
    size = max(1, round(across * factor)), max(1, round(down * factor))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's, about large pictures
            return _made(image, (across, down), size, rules)
    except _BROKEN:
        _log.info("a picture is left as it is", exc_info=True)
        return None


def _made(
    image: Stream, given: tuple[int, int], size: tuple[int, int], rules: Portal
) -> _Reencoded | None:
    bits, channels = int(number(image.get("/BitsPerComponent")) or 0), _channels(image)
    packed = name_of(image.get("/Filter"))
    if not channels:
        return None
    if channels == _GREY and (bits == 1 or packed == "/CCITTFaxDecode"):
        return (
            _bilevel(image, given, size) if packed in ("/CCITTFaxDecode", "/FlateDecode") else None
        )
    if bits != 8 or image.get("/Decode") is not None:
        return None
    if packed == "/DCTDecode" and image.get("/DecodeParms") is None:
        picture = _jpeg(image, given, size)
    elif packed == "/FlateDecode":
        picture = _flate(image, given, channels)
    else:
        return None
    if picture.mode != ("L" if channels == _GREY else "RGB"):
        return None
    small = picture.resize(size, Image.Resampling.HAMMING)
    return _packed(small, rules, lossless=packed == "/FlateDecode")


def _channels(image: Stream) -> int:
    """Return the number of channels of a picture whose values may be averaged; 0 for others."""
    space = image.get("/ColorSpace")
    kind = name_of(space) or name_of(next(iter(items(space)), None))
    if kind in ("/DeviceGray", "/CalGray"):
        return _GREY
    if kind in ("/DeviceRGB", "/CalRGB"):
        return _COLOUR
    if kind == "/ICCBased" and len(items(space)) == 2:
        named = int(number(entry(items(space)[1], "/N")) or 0)
        return named if named in (_GREY, _COLOUR) else 0
    return 0


def _jpeg(image: Stream, given: tuple[int, int], size: tuple[int, int]) -> Image.Image:
    picture = Image.open(io.BytesIO(image.read_raw_bytes()), formats=["JPEG"])
    if picture.size != given:
        raise ValueError("not the size that the PDF says")
    mode = picture.mode
    picture.draft(None, size)  # libjpeg decodes at a half or a quarter if that is enough
    if picture.mode != mode:
        raise ValueError("not the colours that the PDF says")
    picture.load()
    return picture


def _flate(image: Stream, given: tuple[int, int], channels: int) -> Image.Image:
    _check_inflated(image, given[0] * given[1] * channels)
    mode = "L" if channels == _GREY else "RGB"
    return Image.frombytes(mode, given, image.read_bytes())


def _check_inflated(image: Stream, bound: int) -> None:
    """Raise FileRefused if the data unpack to more than the picture can need."""
    inflated(image.read_raw_bytes(), bound + bound // 50 + 100_000)


def _packed(picture: Image.Image, rules: Portal, *, lossless: bool) -> _Reencoded:
    """Encode as JPEG, or losslessly if the original was lossless and the result is no larger."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=rules.jpeg_quality, subsampling=0, optimize=True)
    data = held.getvalue()
    if lossless:
        plain = zlib.compress(picture.tobytes())
        if len(plain) <= len(data):
            return _Reencoded(plain, picture.size, 8, Name.FlateDecode)
    return _Reencoded(data, picture.size, 8, Name.DCTDecode)


def _bilevel(image: Stream, given: tuple[int, int], size: tuple[int, int]) -> _Reencoded | None:
    """Return a black and white picture, without greys. The rarer of the two colours is the ink."""
    import img2pdf

    if name_of(image.get("/Filter")) == "/FlateDecode":
        _check_inflated(image, given[0] * given[1] // 8 + given[1])
    picture = PdfImage(image).as_pil_image()
    if picture.mode != "1" or picture.size != given:
        return None
    grey = picture.convert("L")
    dark, light = grey.histogram()[0], grey.histogram()[255]
    edge = 255 * (1 - _INK if dark <= light else _INK)
    small = grey.resize(size, Image.Resampling.BOX).point(lambda value: 255 * (value > edge), "1")
    data: bytes = img2pdf.transcode_monochrome(small)
    parms = Dictionary(K=-1, Columns=size[0], Rows=size[1], BlackIs1=True)
    return _Reencoded(data, size, 1, Name.CCITTFaxDecode, parms)
