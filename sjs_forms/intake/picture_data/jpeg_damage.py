"""Finds JPEG data of which a part cannot be decoded, although they begin and end as they should.

A decoder skips what it cannot read and fills what is missing with grey, without an error. Decoding
strictly tells such data from whole ones, but takes as long as all else that is done with a scan.
So it is done only if a quick look at the data, or a decoding that is due anyway, gives cause:

- a long run of one byte: a part of the file that was never stored;
- a marker between coded blocks, as foreign bytes give, or restart markers that do not fit;
- a scan that is missing in a progressive picture, and the fact that it is one: a part that is lost
  there is covered by the coarse picture, and scanners do not write them;
- a last block in mid-grey, which decoders put where no data are left;
- a picture that is complete long before its data end.

Foreign bytes that happen to be codes of as many blocks as were there are not recognised.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from sjs_forms.intake.picture_data.jpeg_markers import Markers, markers_of

_HOLE, _LONG_HOLE = 64, 512
"""Zeros from which a run gives cause; the second where zeros also encode empty blocks."""

_STEP = 1024
"""Distance in bytes at which data are searched for a run of another byte."""

_GREY = 128
"""Value of every channel of a block without data (ITU-T T.81, A.3.1)."""

_BLOCK, _LAST_BLOCK, _LAST_BLOCKS = 4096, 256, 16384
"""Bytes that are read at a time, of the last bytes fewer."""

_SLACK = 64
"""Bytes at the end that no decoder may need."""

_LARGEST = 150_000_000
"""Pixels up to which a picture is decoded strictly; a larger one counts as damaged with cause."""

_END = b"\xff\xd9"


@dataclass(frozen=True, slots=True)
class JpegLook:
    """What a look at JPEG data shows: whether there is cause to doubt them, and where they end."""

    doubtful: bool
    end: int


def look_at(data: bytes) -> JpegLook:
    """Look at JPEG data without decoding them: less than a millisecond for a megabyte.

    Data that are no JPEG give no cause for doubt here; they do not decode at all.
    """
    found = markers_of(data)
    if found is None:
        return JpegLook(False, len(data))
    doubtful = found.progressive or found.misplaced or found.lacking or _has_hole(data, found)
    return JpegLook(doubtful, found.end)


def _has_hole(data: bytes, found: Markers) -> bool:
    hole = bytes(_LONG_HOLE if found.zeros_are_empty else _HOLE)
    if data.find(hole, found.start, found.end) >= 0:
        return True
    starts = range(found.start, found.end - _HOLE, _STEP)
    samples = (data[found.start + more : found.end - _HOLE : _STEP] for more in range(3))
    return any(
        one and one == two == three and data[at : at + _HOLE] == data[at : at + 1] * _HOLE
        for at, one, two, three in zip(starts, *samples, strict=False)
    )


def load_and_judge(picture: JpegImageFile, look: JpegLook, start: int = 0) -> bool:
    """Decode a picture and return whether it gives cause for doubt.

    `look` is what `look_at` found in its data, which begin at `start` in the opened file. Raises
    what Pillow raises.
    """
    file, reached = picture.fp, [0]
    assert file is not None, "a picture is decoded once"

    def read(size: int) -> bytes:
        is_near = look.end - reached[0] <= _LAST_BLOCKS
        part = file.read(min(size, _LAST_BLOCK if is_near else _BLOCK))
        reached[0] = file.tell() - start
        return part

    vars(picture)["load_read"] = read  # what Pillow reads by
    picture.load()
    return look.doubtful or reached[0] + _SLACK < look.end or _ends_in_grey(picture)


def is_damaged(data: bytes) -> bool:
    """Decode JPEG data strictly and return whether any of them are missing or cannot be decoded.

    qpdf, unlike other decoders, refuses data of which libjpeg has to warn. An end mark that is
    missing is supplied.
    """
    found = markers_of(data)
    if found is not None and (found.lacking or found.pixels > _LARGEST):
        return True
    return not any(map(_decodes, (data + _END, *_without_padding(data, found))))


def _without_padding(data: bytes, found: Markers | None) -> Iterator[bytes]:
    """Yield the data without zeros before the end mark, which may be padding.

    The first of the zeros may belong to the data. If it was no padding, data are missing then.
    """
    if found is None:
        return
    bare = data[found.start : found.end].rstrip(b"\0")
    if len(bare) < found.end - found.start:
        yield data[: found.start] + bare + _END
        yield data[: found.start] + bare + b"\0" + _END


def _decodes(data: bytes) -> bool:
    with pikepdf.new() as pdf:
        scratch = pikepdf.Stream(pdf, data)
        scratch.Filter = pikepdf.Name.DCTDecode
        try:
            scratch.read_bytes(pikepdf.StreamDecodeLevel.all)
        except pikepdf.PdfError:
            return False
    return True


def _ends_in_grey(picture: Image.Image) -> bool:
    last = picture.getpixel((picture.width - 1, picture.height - 1))
    values = last if isinstance(last, tuple) else (last,)
    return all(isinstance(value, int) and abs(value - _GREY) <= 1 for value in values)
