"""Pictures of an OFD file as image XObjects: JPEG and JBIG2 unchanged, all else decoded."""

import hashlib
import io
import logging
import struct
import warnings
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, UnidentifiedImageError

from sjs_forms.base.system_errors import is_system_error
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake.images import tiff_reading
from sjs_forms.intake.images.frames import check_pixels
from sjs_forms.intake.images.pixel_depth import eight_bits
from sjs_forms.intake.ofd.drawing import jbig2
from sjs_forms.intake.ofd.losses import Loss, Losses
from sjs_forms.intake.picture_data.embedded_pictures import is_damaged_picture
from sjs_forms.pdf.page_pictures import oversized

_log = logging.getLogger(__name__)

_SPACES = {"1": Name.DeviceGray, "L": Name.DeviceGray, "RGB": Name.DeviceRGB}
_WITH_ALPHA = ("RGBA", "LA", "PA", "RGBa", "La")
_UNREADABLE = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError),
    *(RuntimeError, AttributeError, OverflowError, struct.error, UnidentifiedImageError),
)


class Pictures:
    """The pictures of one file; the same bytes are the same object."""

    def __init__(self, pdf: Pdf, losses: Losses, limits: IntakeLimits) -> None:
        self._pdf, self._losses, self._limits = pdf, losses, limits
        self._made: dict[tuple[bytes, bytes], Any | None] = {}
        self._damaged: set[tuple[int, int]] = set()

    def image(self, data: bytes, mask: bytes | None = None) -> Any | None:
        """Return a picture as an image XObject; None, with a loss, if it cannot be decoded.

        It is visible where `mask` is white. Raises FileRefused if it has too many pixels.
        """
        key = hashlib.sha256(data).digest(), hashlib.sha256(mask or b"").digest()
        if key not in self._made:
            self._made[key] = self._image(data, mask)
        made = self._made[key]
        if made is None:
            self._losses.note(Loss.PICTURE_UNREADABLE)
        else:
            self.note_damage(made)
        return made

    def note_damage(self, made: Any) -> None:
        """Record a loss on the current page if a part of a picture is missing."""
        if made.objgen in self._damaged:
            self._losses.note(Loss.PICTURE_DAMAGED)

    def _image(self, data: bytes, mask: bytes | None) -> Any | None:
        try:
            made = self._jbig2(data) or self._by_pillow(data)
            if mask is not None:
                made.SMask = self._mask(mask)
        except Image.DecompressionBombError as problem:
            raise oversized(self._limits.max_pixels + 1, self._limits.max_pixels) from problem
        except _UNREADABLE as problem:
            if is_system_error(problem):
                raise
            _log.info("a picture in an OFD cannot be read", exc_info=True)
            return None
        image = self._pdf.make_indirect(made)
        copied = image.get(Name.Filter) == Name.DCTDecode  # and judged when the PDF is read
        if any(map(is_damaged_picture, (b"" if copied else data, mask or b""))):
            self._damaged.add(image.objgen)
        return image

    def _jbig2(self, data: bytes) -> Stream | None:
        """Return JBIG2 data in the form that PDF needs, or None for another format."""
        found = jbig2.embedded(data)
        if found is None:
            return None
        if found.width * found.height > self._limits.max_pixels:
            raise oversized(found.width * found.height, self._limits.max_pixels)
        return self._stream(
            found.data, (found.width, found.height), Name.DeviceGray, 1, Name.JBIG2Decode
        )

    def _by_pillow(self, data: bytes) -> Stream:
        picture = self._opened(data)
        if picture.format in ("JPEG", "MPO") and picture.mode in ("L", "RGB", "CMYK"):
            return self._jpeg(picture, data)
        alpha = None
        if picture.mode in _WITH_ALPHA or "transparency" in picture.info:
            seen = picture.convert("RGBA")
            alpha = seen.getchannel("A")
            picture = seen.convert("RGB")
        plain = eight_bits(picture)
        if plain.mode not in _SPACES:
            plain = plain.convert("RGB")
        made = self._raw(plain)
        if alpha is not None and alpha.getextrema() != (255, 255):
            made.SMask = self._pdf.make_indirect(self._raw(alpha))
        return made

    def _opened(self, data: bytes) -> Image.Image:
        tiff_reading.configure_pillow()
        Image.MAX_IMAGE_PIXELS = self._limits.max_pixels
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(data))
            check_pixels(picture, self._limits)
            picture.load()
        return picture

    def _jpeg(self, picture: Image.Image, data: bytes) -> Stream:
        space = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
        made = self._stream(data, picture.size, space[picture.mode], 8, Name.DCTDecode)
        if picture.mode == "CMYK" and "adobe" in picture.info:
            made.Decode = Array([1, 0] * 4)  # Adobe writes CMYK inverted
        return made

    def _raw(self, picture: Image.Image) -> Stream:
        bits = 1 if picture.mode == "1" else 8
        return self._stream(picture.tobytes(), picture.size, _SPACES[picture.mode], bits, None)

    def _mask(self, data: bytes) -> Any:
        made = self._jbig2(data) or self._raw(eight_bits(self._opened(data)).convert("L"))
        return self._pdf.make_indirect(made)

    def _stream(
        self, data: bytes, size: tuple[int, int], space: Any, bits: int, coding: Any | None
    ) -> Stream:
        made = Stream(self._pdf, data)
        entries = Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=size[0],
            Height=size[1],
            ColorSpace=space,
            BitsPerComponent=bits,
        )
        for key, value in entries.items():
            made[key] = value
        if coding is not None:
            made.Filter = coding
        return made
