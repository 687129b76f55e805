"""Renders a page that is one JPEG and nothing else, as scanners make them, without PDFium.

libjpeg decodes at a half, a quarter or an eighth for a fraction of the full cost. Any page that may
look different (another colour space, a mask, a clip, any text) is left to PDFium.
"""

import logging
import math
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from sjs_forms.intake.picture_data.jpeg_damage import JpegLook, load_and_judge
from sjs_forms.intake.picture_data.picture_streams import filters_of
from sjs_forms.pdf.matrices import IDENTITY, Box, Matrix, intersection, moved, multiplied, upright
from sjs_forms.pdf.objects import entry, name_of, number, numbers, stream

_log = logging.getLogger(__name__)

_MODES = {"/DeviceGray": "L", "/DeviceRGB": "RGB"}
"""Colour spaces in which a JPEG is shown as encoded, and Pillow's names for them."""
_UNSURE = ("/Decode", "/DecodeParms", "/F", "/ImageMask", "/Mask", "/SMask")
"""Entries with which a picture may look different from its JPEG."""
_DEEPEST = 4
_LONGEST = 10_000
"""Limit in bytes on the content, packed or not, of a plain scan."""
_LARGEST = 80_000_000
"""Limit in pixels; larger pictures are left to PDFium."""
_SKEW = 1e-3
_FINE_ENOUGH = 0.7
"""Share of the wanted resolution that suffices; below it, twice the size is decoded."""

_TRANSPOSE = Image.Transpose
_TURNS = {
    (False, True, True): None,
    (False, False, True): _TRANSPOSE.FLIP_LEFT_RIGHT,
    (False, True, False): _TRANSPOSE.FLIP_TOP_BOTTOM,
    (False, False, False): _TRANSPOSE.ROTATE_180,
    (True, True, True): _TRANSPOSE.TRANSVERSE,
    (True, False, True): _TRANSPOSE.ROTATE_90,
    (True, True, False): _TRANSPOSE.ROTATE_270,
    (True, False, False): _TRANSPOSE.TRANSPOSE,
}
"""Keyed by: axes swapped, right stays right, up stays up."""


@dataclass(frozen=True, slots=True)
class _OnlyPicture:
    """The only picture of a page, and the matrix from its unit square to the page."""

    image: pikepdf.Stream
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class DrawnScan:
    """A page rendered in RGB; `doubtful` if data of its JPEG may be missing (see `jpeg_damage`)."""

    picture: Image.Image
    doubtful: bool


def scan_of(page: Any, width: float, height: float, scale: float) -> DrawnScan | None:
    """Render the clean `page` of `width` × `height` points at `scale` pixels per point.

    Returns None unless it is certainly one JPEG and nothing else.
    """
    whole = (0.0, 0.0, width, height)
    try:
        only = _only_picture(page, IDENTITY, whole, 0)
        return None if only is None else _drawn(only, whole, scale)
    except (pikepdf.PdfError, OSError, ValueError, SyntaxError, RuntimeError):
        _log.info("a page is left to pdfium", exc_info=True)
        return None


def _only_picture(holder: Any, matrix: Matrix, page: Box, depth: int) -> _OnlyPicture | None:
    """Return the only picture that a page or form draws, if it draws nothing else."""
    content = entry(holder, "/Contents") if depth == 0 else holder
    resources = entry(holder, "/Resources")
    if stream(content) is None or len(content.read_raw_bytes()) > _LONGEST:
        return None
    if len(content.read_bytes()) > _LONGEST or _has_own_defaults(resources):
        return None
    now, saved, found = matrix, list[Matrix](), None
    for step in pikepdf.parse_content_stream(content):
        operator = str(step.operator)
        if operator == "q":
            saved.append(now)
        elif operator == "Q" and saved:
            now = saved.pop()
        elif operator == "cm":
            six = [number(value) for value in step.operands]
            if len(six) != 6 or None in six:
                return None
            now = multiplied(tuple(six), now)  # type: ignore[arg-type]
        elif operator == "Do" and found is None:
            named = entry(entry(resources, "/XObject"), name_of(step.operands[0]))
            found = _drawn_thing(named, now, page, depth)
            if found is None:
                return None
        else:
            return None
    return found


def _has_own_defaults(resources: Any) -> bool:
    """Return whether default colour spaces are defined (PDF 32000-1, 8.6.5.6)."""
    spaces = entry(resources, "/ColorSpace")
    return any(entry(spaces, name) is not None for name in ("/DefaultGray", "/DefaultRGB"))


def _drawn_thing(thing: Any, now: Matrix, page: Box, depth: int) -> _OnlyPicture | None:
    if stream(thing) is None:
        return None
    if name_of(thing.get("/Subtype")) == "/Image":
        return _OnlyPicture(thing, now)
    own, box = numbers(thing.get("/Matrix")), upright(numbers(thing.get("/BBox")))
    if own or box is None or depth >= _DEEPEST:
        return None
    found = _only_picture(thing, now, page, depth + 1)
    if found is None:
        return None
    shown = intersection(moved(found.matrix, (0, 0, 1, 1)), page)
    return found if shown is not None and _within(shown, moved(now, box)) else None


def _within(inner: Box, outer: Box) -> bool:
    """Return whether a form's box clips nothing, within a tolerance."""
    low = all(inner[at] >= outer[at] - 0.5 for at in (0, 1))
    return low and all(inner[at] <= outer[at] + 0.5 for at in (2, 3))


def _drawn(only: _OnlyPicture, page: Box, scale: float) -> DrawnScan | None:
    turn, box = _turn(only.matrix), moved(only.matrix, (0, 0, 1, 1))
    data = only.image.read_raw_bytes()
    image = _opened(only.image, data)
    if turn is None or image is None:
        return None
    left, right = round(box[0] * scale), round(box[2] * scale)
    head, foot = round((page[3] - box[3]) * scale), round((page[3] - box[1]) * scale)
    across, down = right - left, foot - head
    if not (0 < across < 1e4 and 0 < down < 1e4):
        return None
    wanted = (down, across) if turn[0] else (across, down)
    image.draft(image.mode, (int(wanted[0] * _FINE_ENOUGH), int(wanted[1] * _FINE_ENOUGH)))
    # The data themselves were looked at when the page was made plain.
    doubtful = load_and_judge(image, JpegLook(False, data.rfind(b"\xff\xd9")))
    enlarged = image.width <= wanted[0] and image.height <= wanted[1]
    quickest = Image.Resampling.NEAREST if enlarged else Image.Resampling.BILINEAR
    small = image.convert("RGB").resize(wanted, quickest)
    method = _TURNS[turn]
    shown = small if method is None else small.transpose(method)
    drawn = Image.new("RGB", (math.ceil(page[2] * scale), math.ceil(page[3] * scale)), "white")
    drawn.paste(shown, (left, head))
    return DrawnScan(drawn, doubtful)


def _turn(matrix: Matrix) -> tuple[bool, bool, bool] | None:
    """Return the picture's orientation as a key of `_TURNS`, or None if it is skewed."""
    a, b, c, d = matrix[:4]
    bound = _SKEW * max(abs(a), abs(b), abs(c), abs(d))
    if max(abs(b), abs(c)) <= bound:
        return False, a > 0, d > 0
    if max(abs(a), abs(d)) <= bound:
        return True, c > 0, b > 0
    return None


def _opened(image: pikepdf.Stream, data: bytes) -> JpegImageFile | None:
    """Return the JPEG of these data before decoding, or None if it may look different."""
    mode = _MODES.get(name_of(image.get("/ColorSpace")))
    size = number(image.get("/Width")) or 0, number(image.get("/Height")) or 0
    if (
        mode is None
        or filters_of(image) != ["/DCTDecode"]
        or any(image.get(key) is not None for key in _UNSURE)
        or size[0] * size[1] > _LARGEST
    ):
        return None
    opened = JpegImageFile(BytesIO(data))
    return opened if opened.mode == mode and opened.size == size else None
