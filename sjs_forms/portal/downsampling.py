"""Brings the scans of a merged PDF down to so many dots per inch, one picture at a time.

Only pictures that cover paper more finely than asked are made anew, and only where that is
smaller. Grey and colour become JPEG, black and white stays so (CCITT G4). Left as they are:
stencils and masks (they carry text, sharp and small already), JPEG 2000 and JBIG2, CMYK, and
whatever is not quite as the standard has it.
"""

import io
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name, PdfImage, Stream
from PIL import Image

from sjs_forms.base.file_refusal import FileRefused
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.domain.programme import Portal
from sjs_forms.pdf.objects import entry, inflated, items, name_of, number
from sjs_forms.portal.material_pdf import open_large, save
from sjs_forms.portal.picture_resolution import DrawnPicture, drawn_pictures

WORTH_IT = 1.1
"""How many times finer than asked a picture must be; below that there is little to gain."""
LARGEST = 120_000_000
"""Pixels of a picture beyond which it is left alone: unpacked it would take too much memory."""
_SMALLEST = 100
"""Pixels on either side below which a picture is an ornament, not a scan."""
_HELD = 32_000_000
"""Bytes of new pictures that are held before the file is written anew."""
_INK = 0.3
"""Share of a dot that ink must cover for the dot to be ink: less than a third, so that a stroke one
dot wide at 300 or 600 dpi does not break."""

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
class _Fresh:
    """A picture made anew: its data, its size, and how it is packed."""

    data: bytes
    size: tuple[int, int]
    bits: int
    packed: Name
    parms: Dictionary | None = None


def reduce(path: Path, rules: Portal, progress: Progress = quiet) -> int:
    """Bring down what is too fine in the PDF at `path`; says how many pictures that were.

    What is new lies in memory until the file is written anew, which it is from time to time. Raises
    Cancelled.
    """
    count, tried = 0, 0
    while True:
        with open_large(path) as pdf:
            pictures = drawn_pictures(pdf)
            held = 0
            while tried < len(pictures) and held < _HELD:
                progress.check()
                held += (size := _reduced(pictures[tried], rules))
                count += bool(size)
                tried += 1
            if held:
                fresh = path.with_suffix(".reduced")
                with fresh.open("wb") as target:
                    save(pdf, target)
        if held:
            fresh.replace(path)
        if tried >= len(pictures):
            return count


def is_too_fine(pdf: pikepdf.Pdf, rules: Portal) -> bool:
    """Whether any picture of it is finer than asked, so that `reduce` may find something to do."""
    return any(drawn.dpi > rules.dpi * WORTH_IT for drawn in drawn_pictures(pdf))


def _reduced(drawn: DrawnPicture, rules: Portal) -> int:
    """Replace a picture that is too fine; says how many bytes are new, 0 where it is left."""
    if drawn.dpi <= rules.dpi * WORTH_IT:
        return 0
    image = drawn.image
    fresh = _fresh(image, drawn.dpi, rules)
    if fresh is None or len(fresh.data) >= len(image.read_raw_bytes()):
        return 0
    image.write(fresh.data, filter=fresh.packed, decode_parms=fresh.parms)
    image.Width, image.Height = fresh.size
    image.BitsPerComponent = fresh.bits
    if "/Decode" in image:
        del image["/Decode"]
    return len(fresh.data)


def _fresh(image: Stream, dpi: float, rules: Portal) -> _Fresh | None:
    """The picture at the resolution asked for; None where it is better left as it is."""
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
            warnings.simplefilter("ignore")  # of Pillow's, about pictures that are large
            return _made(image, (across, down), size, rules)
    except _BROKEN:
        return None


def _made(
    image: Stream, given: tuple[int, int], size: tuple[int, int], rules: Portal
) -> _Fresh | None:
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
    """How many channels a picture has whose values may be averaged; 0 for any other."""
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
    picture.draft(None, size)  # libjpeg reads at a half or a quarter where that is enough
    if picture.mode != mode:
        raise ValueError("not the colours that the PDF says")
    picture.load()
    return picture


def _flate(image: Stream, given: tuple[int, int], channels: int) -> Image.Image:
    _check_inflated(image, given[0] * given[1] * channels)
    mode = "L" if channels == _GREY else "RGB"
    return Image.frombytes(mode, given, image.read_bytes())


def _check_inflated(image: Stream, bound: int) -> None:
    """Raise FileRefused where the data unpack to more than the picture can need."""
    inflated(image.read_raw_bytes(), bound + bound // 50 + 100_000)


def _packed(picture: Image.Image, rules: Portal, *, lossless: bool) -> _Fresh:
    """As JPEG; what came without loss stays so where that is no larger (drawings, screens)."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=rules.jpeg_quality, subsampling=0, optimize=True)
    data = held.getvalue()
    if lossless:
        plain = zlib.compress(picture.tobytes())
        if len(plain) <= len(data):
            return _Fresh(plain, picture.size, 8, Name.FlateDecode)
    return _Fresh(data, picture.size, 8, Name.DCTDecode)


def _bilevel(image: Stream, given: tuple[int, int], size: tuple[int, int]) -> _Fresh | None:
    """Black and white again, without a grey in between; ink is what there is less of."""
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
    return _Fresh(data, size, 1, Name.CCITTFaxDecode, parms)
