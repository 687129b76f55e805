"""Tells whether the data of a picture in a PDF are whole."""

import io
import re
import zlib
from typing import Any

import pikepdf
from pikepdf import Name, Pdf, PdfImage, Stream
from PIL import Image

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.intake.picture_data.jpeg_damage import is_damaged, look_at
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import decoded, decoded_as_far, entry, items, name_of, number

_FILLS = (b"\x00" * 512, b"\x55" * 512)
_CHANNELS = {"/DeviceGray": 1, "/CalGray": 1, "/Indexed": 1, "/Separation": 1}
_CHANNELS |= {"/DeviceRGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4}
_UNPACKED = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"}

_END = b"\xff\xd9"
"""The mark that ends a JPEG (ITU-T T.81, B.2.4) and a JPEG 2000 codestream (T.800, A.4.4)."""

_HOLE = 64
"""Zeros at the end that are no data: space that was reserved and never written."""

_FAX_HOLES = {True: 16, False: 256}
"""Zeros in the middle that are no fax data of two dimensions only, or of other schemes, where lines
may be filled up with zeros (T.4, 4.1.3).
"""

_JBIG2_HOLE = 256
"""Zeros that arithmetic coding (ITU-T T.88, annex E) does not write one after another."""

_PADDING = b"\0\r\n "
"""Bytes that programs add behind the end."""

_FAX_END = re.compile("0{11}1.?0{11}1")
"""The bits that end fax data: two or more end-of-line codes (ITU-T T.4, 4.1.4; T.6, 2.4.1.1)."""


def may_be_cut(image: Stream, bound: int) -> bool:
    """Return whether the data look wrong, as far as is seen without decoding a picture.

    Fax data need no end mark, and most have one. `bound` is the limit on an unpacked stream.
    """
    filters = filters_of(image)
    if filters[-1] == "/DCTDecode":
        try:
            data = jpeg_in(image, bound)
        except (Damaged, FileRefused, pikepdf.PdfError):
            return True
        return not data.rstrip(_PADDING).endswith(_END) or look_at(data).doubtful
    raw = image.read_raw_bytes()
    if len(filters) > 1:
        return False
    if filters[0] == "/JPXDecode":
        return not raw.rstrip(_PADDING).endswith(_END)
    if filters[0] == "/FlateDecode":
        return not _inflates_to(raw, _bytes_of(image))
    if filters[0] == "/CCITTFaxDecode":
        return not _FAX_END.search(_last_bits(raw)) or _has_hole(image, raw)
    if filters[0] == "/JBIG2Decode":
        return _has_hole(image, raw)
    return not filters[0] and len(raw) < _bytes_of(image)


def is_whole(pdf: Pdf, image: Stream, bound: int) -> bool:
    """Return whether a picture's data decode to their end, as far as that can be determined."""
    filters = filters_of(image)
    last = filters[-1]
    try:
        raw = image.read_raw_bytes()
        if not raw:
            return False
        if last == "/DCTDecode":
            return is_whole_jpeg(jpeg_in(image, bound))
        if last == "/JPXDecode" and len(filters) == 1:
            _pixels(raw)
        elif last == "/CCITTFaxDecode" and len(filters) == 1:
            return not _has_hole(image, raw) and _is_whole_fax(pdf, image, raw)
        elif last == "/JBIG2Decode" and len(filters) == 1:
            return not _has_hole(image, raw)
        elif all(name in _UNPACKED or not name for name in filters):
            return len(decoded_as_far(image, bound)[0]) >= _bytes_of(image)
    except (Damaged, FileRefused, pikepdf.PdfError, OSError, ValueError, SyntaxError):
        return False
    except (NotImplementedError, TypeError, RuntimeError):
        return True
    return True


def jpeg_in(image: Stream, bound: int) -> bytes:
    """Return the JPEG of a picture whose last filter is /DCTDecode, freed from all others.

    Raises Damaged, FileRefused or PdfError if these cannot be undone within `bound` bytes.
    """
    filters, raw = filters_of(image), image.read_raw_bytes()
    if len(filters) == 1:
        return raw
    with pikepdf.new() as pdf:
        scratch = Stream(pdf, raw)
        scratch.Filter = pikepdf.Array([Name(one) for one in filters[:-1]])
        return decoded(scratch, bound)


def _pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=["JPEG", "JPEG2000"]) as picture:
        return picture.tobytes()


def is_whole_jpeg(data: bytes) -> bool:
    """Return whether a JPEG is complete.

    If only its end mark is missing, it decodes the same with any bytes appended; a truncated one
    does not. What is missing before the end is found by `jpeg_damage`.
    """
    try:
        _pixels(data)
    except OSError:
        held = data.rstrip(b"\0")
        kept = held if len(data) - len(held) >= _HOLE else data
        one, other = (_pixels(kept + fill + _END) for fill in _FILLS)
        return one == other
    return not is_damaged(data)


def _is_whole_fax(pdf: Pdf, image: Stream, raw: bytes) -> bool:
    """Return whether fax data are complete. They need no end mark: see `is_whole_jpeg`."""
    pictures = []
    for fill in _FILLS:
        copy = Stream(pdf, raw + fill)
        for key in ("/Width", "/Height", "/DecodeParms"):
            if image.get(key) is not None:
                copy[key] = image.get(key)
        copy.Filter, copy.ColorSpace = Name.CCITTFaxDecode, Name.DeviceGray
        copy.Subtype, copy.BitsPerComponent = Name.Image, 1
        pictures.append(PdfImage(copy).as_pil_image().tobytes())
    return pictures[0] == pictures[1]


def _has_hole(image: Stream, raw: bytes) -> bool:
    """Return whether fax or JBIG2 data have zeros within them that encode nothing."""
    if name_of(image.get("/Filter")) == "/JBIG2Decode":
        return raw.rstrip(b"\0").find(bytes(_JBIG2_HOLE)) >= 0
    parms = image.get("/DecodeParms")
    parms = parms if not items(parms) else items(parms)[0]
    return has_fax_hole(raw, (number(entry(parms, "/K")) or 0) < 0)


def has_fax_hole(data: bytes, is_t6: bool) -> bool:
    """Return whether fax data, of T.6 or another scheme, have zeros within that encode nothing."""
    return data.rstrip(b"\0").find(bytes(_FAX_HOLES[is_t6])) >= 0


def _bytes_of(image: Stream) -> int:
    """Return the number of bytes of a picture's samples, or 0 if uncertain."""
    bits = int(number(image.get("/BitsPerComponent")) or 0)
    channels = _channels(image.get("/ColorSpace"))
    if entry(image, "/ImageMask") is True:
        bits, channels = 1, 1
    across, down = int(number(image.get("/Width")) or 0), int(number(image.get("/Height")) or 0)
    return down * (-(-across * bits * channels // 8))


def _channels(space: Any) -> int:
    """Return the number of a colour space's components, or 0 if unknown."""
    kind = name_of(space) or name_of(next(iter(items(space)), None))
    if kind == "/ICCBased" and len(items(space)) > 1:
        return int(number(entry(items(space)[1], "/N")) or 0)
    return _CHANNELS.get(kind, 0)


def filters_of(image: Stream) -> list[str]:
    """Return the names of a picture's filters, in the order of decoding, or one empty name."""
    return [name_of(one) for one in items(image.get("/Filter")) or [image.get("/Filter")]]


def _inflates_to(raw: bytes, size: int) -> bool:
    """Return whether deflated data give `size` bytes or reach their end. Keeps none of them."""
    inflater, rest, total = zlib.decompressobj(), raw, 0
    try:
        while rest and total < size and not inflater.eof:
            total += len(inflater.decompress(rest, 1 << 20))
            rest = inflater.unconsumed_tail
    except zlib.error:
        return False
    return total >= size or inflater.eof


def _last_bits(raw: bytes) -> str:
    """Return the last bits of data without padding, as digits."""
    last = raw[-4096:].rstrip(b"\0")[-32:]
    return "".join(f"{byte:08b}" for byte in last)
