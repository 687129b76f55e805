"""Brings the scans of a merged PDF down to so many dots per inch, one picture at a time.

Only pictures that cover paper more finely than asked are made anew, and only where that is
smaller. Grey and colour become JPEG, black and white stays so (CCITT G4). Left as they are:
stencils and masks (they carry text, sharp and small already), JPEG 2000 and JBIG2, CMYK, and
whatever is not quite as the standard has it.
"""

import io
import warnings
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, PdfImage, Stream
from PIL import Image

from sjs_forms.intake.objects import entry, inflated, items, name_of, number
from sjs_forms.intake.unusable import Unusable
from sjs_forms.portal.merged import save
from sjs_forms.portal.placements import Drawn, drawn_pictures
from sjs_forms.programme import Portal

WORTH_IT = 1.1
"""How many times finer than asked a picture must be; below that there is little to gain."""
LARGEST = 120_000_000
"""Pixels of a picture beyond which it is left alone: unpacked it would take too much memory."""
_SMALLEST = 100
"""Pixels on either side below which a picture is an ornament, not a scan."""
_HELD = 32_000_000
"""Bytes of new pictures that are held before they are put aside on disk."""
_INK = 0.3
"""Share of a dot that ink must cover for the dot to be ink: less than a third, so that a stroke one
dot wide at 300 or 600 dpi does not break."""

_GREY, _COLOUR = 1, 3
_KEPT = ("/Type", "/Subtype", "/ColorSpace", "/Intent", "/Interpolate", "/SMask", "/Mask")
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
    Unusable,
)


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A picture made anew: its data, its size, and the entries that say how it is packed."""

    data: bytes
    size: tuple[int, int]
    entries: dict[str, Any]


class Reduction:
    """Pictures brought down in a PDF; what is new lies in `scratch` until the PDF is saved."""

    def __init__(self, pdf: Pdf, rules: Portal, scratch: Path) -> None:
        self.count = 0
        self._pdf = pdf
        self._rules = rules
        self._scratch = scratch
        self._stack = ExitStack()
        self._waiting: list[tuple[Drawn, _Fresh]] = []
        self._files = 0

    def __enter__(self) -> "Reduction":
        """Bring down what is too fine; `count` then says how many pictures that were."""
        try:
            for drawn in drawn_pictures(self._pdf):
                if drawn.dpi > self._rules.dpi * WORTH_IT:
                    self._reduce(drawn)
            self._put_aside()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the files in `scratch`."""
        self._stack.close()

    def _reduce(self, drawn: Drawn) -> None:
        fresh = _fresh(drawn.image, drawn.dpi, self._rules)
        if fresh is None or len(fresh.data) >= len(drawn.image.read_raw_bytes()):
            return
        self.count += 1
        self._waiting.append((drawn, fresh))
        if sum(len(waiting.data) for _, waiting in self._waiting) > _HELD:
            self._put_aside()

    def _put_aside(self) -> None:
        """Write what is new into a PDF of its own, from which qpdf copies once it saves."""
        if not self._waiting:
            return
        path = self._scratch / f"reduced-{self._files}.pdf"
        self._files += 1
        with pikepdf.new() as aside:
            made = [aside.make_indirect(_stream(aside, fresh)) for _, fresh in self._waiting]
            aside.Root.Reduced = Array(made)
            save(aside, path)
        given = pikepdf.open(path, access_mode=pikepdf.AccessMode.stream)
        self._stack.callback(path.unlink, missing_ok=True)
        self._stack.enter_context(given)
        for (drawn, _), lying in zip(self._waiting, items(given.Root.Reduced), strict=True):
            image = self._pdf.copy_foreign(lying)
            for key in _KEPT:
                if key in drawn.image:
                    image[key] = drawn.image[key]
            for holder, name in drawn.holders:
                holder[name] = image
        self._waiting.clear()


def _stream(pdf: Pdf, fresh: _Fresh) -> Stream:
    made = Stream(pdf, fresh.data)
    made.Width, made.Height = fresh.size
    for key, value in fresh.entries.items():
        made[key] = value
    return made


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
    small = picture.resize(size, Image.Resampling.LANCZOS)
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
    """Raise Unusable where the data unpack to more than the picture can need."""
    inflated(image.read_raw_bytes(), bound + bound // 50 + 100_000)


def _packed(picture: Image.Image, rules: Portal, *, lossless: bool) -> _Fresh:
    """As JPEG; what came without loss stays so where that is no larger (drawings, screens)."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=rules.jpeg_quality, subsampling=0, optimize=True)
    bits = {"/BitsPerComponent": 8}
    data = held.getvalue()
    if lossless:
        plain = zlib.compress(picture.tobytes())
        if len(plain) <= len(data):
            return _Fresh(plain, picture.size, {**bits, "/Filter": Name.FlateDecode})
    return _Fresh(data, picture.size, {**bits, "/Filter": Name.DCTDecode})


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
    entries = {"/BitsPerComponent": 1, "/Filter": Name.CCITTFaxDecode, "/DecodeParms": parms}
    return _Fresh(data, size, entries)
