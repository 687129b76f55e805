"""Tells whether a picture that another program shows from a file's data is whole.

LibreOffice fills what is missing in a picture with grey or black, or leaves the picture out, and
stores the result anew: the PDF bears no trace of it. So the data are judged before.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from PIL import Image, ImageFile, UnidentifiedImageError

from sjs_forms.base.system_errors import is_system_error
from sjs_forms.intake.picture_data.jpeg_damage import look_at
from sjs_forms.intake.picture_data.jpeg_markers import markers_of
from sjs_forms.intake.picture_data.picture_streams import is_whole_jpeg
from sjs_forms.intake.picture_data.png_chunks import has_png_end, is_png_overwritten
from sjs_forms.intake.picture_data.tiff_strips import is_tiff_overwritten

_JPEG, _JPEG_END, _PADDING = b"\xff\xd8\xff", b"\xff\xd9", b"\0\n\r "
_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = b"II*\0", b"MM\0*"
_DECODED = {b"GIF8": "GIF", b"BM": "BMP", b"RIFF": "WEBP", **dict.fromkeys(_TIFF, "TIFF")}
"""The first bytes of further formats that office programs embed, and their names in Pillow."""
LARGEST = 100_000_000
"""Pixels up to which a picture is decoded."""


def is_damaged_picture(data: bytes) -> bool:
    """Return whether a part of a picture is missing or cannot be decoded.

    Only data that look wrong are decoded, where that can be seen. Data of a format that is not
    known here, such as EMF, or that Pillow does not read, count as whole, and so do very large
    pictures.
    """
    with _filling_nothing():
        return _is_damaged(data)


@contextmanager
def _filling_nothing() -> Iterator[None]:
    """Have Pillow fail where data are missing; libraries such as WeasyPrint have it fill gaps."""
    was = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = was


def _is_damaged(data: bytes) -> bool:
    try:
        if data.startswith(_JPEG):
            return not _is_sound_jpeg(data)
        if data.startswith(_PNG):
            return is_png_overwritten(data) or not (has_png_end(data) or _decodes(data, "PNG"))
        if data.startswith(_TIFF) and _directory_of(data) >= len(data):
            return True
        form = next((name for start, name in _DECODED.items() if data.startswith(start)), None)
        return form is not None and not _decodes(data, form)
    except OSError as problem:
        if is_system_error(problem):
            raise
        return True


def _is_sound_jpeg(data: bytes) -> bool:
    """Return whether JPEG data look whole, or decode to their end. Raises OSError."""
    if data.rstrip(_PADDING).endswith(_JPEG_END) and not look_at(data).doubtful:
        return True
    found = markers_of(data)
    return (found is not None and found.pixels > LARGEST) or is_whole_jpeg(data)


def _directory_of(data: bytes) -> int:
    """Return the offset of a TIFF's first directory, which many programs write last (TIFF 6.0)."""
    return int.from_bytes(data[4:8], "little" if data.startswith(b"II") else "big")


def _decodes(data: bytes, form: str) -> bool:
    """Return whether the first frame of a picture, which is shown, decodes.

    So counts one that is coded in a way that Pillow lacks, or too large to be decoded here. Raises
    OSError if data are missing.
    """
    with warnings.catch_warnings(), suppress(UnidentifiedImageError, Image.DecompressionBombError):
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data), formats=[form]) as picture:
            if picture.width * picture.height > LARGEST:
                return True
            try:
                picture.load()
            except (SyntaxError, ValueError, EOFError, IndexError):
                return False
            return form != "TIFF" or not is_tiff_overwritten(picture, io.BytesIO(data))
    return True
