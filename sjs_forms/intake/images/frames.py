"""Decides which pictures of a file become pages.

TIFF files contain reduced copies and masks (TIFF 6.0, NewSubfileType). MPO files (CIPA DC-007)
contain previews, depth maps and gain maps after the photo. HEIF files contain alternatives of one
picture (ISO 14496-12, group `altr`). GIF, WebP, APNG and AVIF with several frames are animations.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageStat

from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake import file_remarks
from sjs_forms.intake.clean.document import check_count
from sjs_forms.intake.images.avif_pictures import pictures_in
from sjs_forms.intake.images.joined_jpegs import joined_pictures
from sjs_forms.pdf.page_pictures import oversized

_SUBFILE, _REDUCED, _MASK = 0x00FE, 1, 4
_OLD_SUBFILE, _OLD_REDUCED = 0x00FF, 2
_ENTRIES = 0xB002
"""MPO index of the pictures in the file (CIPA DC-007, 5.2.3.3)."""

_ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
_AUXILIARY = (b"hdrgm:", b"gainmap", b"iso:ts:21496", b"apdi:", b"gdepth:", b"depthmap")
"""Strings, in lower case, in the header of a depth map, matte or gain map."""

_LIKE = 24
"""Side in pixels at which a preview is compared with the picture."""

_SAME = 12
"""Mean difference (of 255) up to which two pictures count as the same."""

_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError)


@dataclass(frozen=True, slots=True)
class Frames:
    """The indices of a file's pictures that are pages, and remarks on the others."""

    pages: tuple[int, ...]
    remarks: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _FurtherPicture:
    """A picture after the first, and its reduced copy."""

    number: int
    size: tuple[int, int]
    grey: bool
    small: Image.Image


def frames_of(picture: Image.Image, limits: IntakeLimits) -> Frames:
    """Find the pages of an opened file. To decode them it must be opened again.

    Raises FileRefused if there are too many.
    """
    check_pixels(picture, limits)
    count = getattr(picture, "n_frames", 1)
    if count == 1:
        return Frames((0,), _further_pictures(picture))
    if picture.format in _ANIMATED:
        return Frames((0,), (file_remarks.animated(),))
    check_count(count, limits)
    if picture.format == "TIFF":
        return Frames(_pages_of_tiff(picture, count))
    if picture.format == "MPO":
        return _pages_of_mpo(picture, count, limits)
    if picture.format == "HEIF":
        return Frames(_pages_of_heif(picture, count))
    return Frames((0,))


def _further_pictures(picture: Any) -> tuple[Finding, ...]:
    """Return a remark on pictures that Pillow does not know of."""
    further = 0
    if picture.format == "AVIF":
        further = pictures_in(Path(picture.filename).read_bytes()) - 1
    elif picture.format == "JPEG":
        further = joined_pictures(Path(picture.filename).read_bytes())
    return (file_remarks.pictures_beside(further),) if further > 0 else ()


def check_pixels(picture: Image.Image, limits: IntakeLimits) -> None:
    """Raise FileRefused if the current frame has too many pixels."""
    pixels = picture.width * picture.height
    if pixels > limits.max_pixels:
        raise oversized(pixels, limits.max_pixels)


def own_jpeg(picture: Any, data: bytes) -> bytes:
    """Return the current frame of an MPO file as a JPEG of its own.

    `data` are the bytes of the file.
    """
    entry = picture.mpinfo[_ENTRIES][picture.tell()]
    start = picture.offset
    own = data[start : start + entry["Size"]] if entry["Size"] else data[start:]
    at = 2
    while own[at : at + 1] == b"\xff" and own[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(own[at + 2 : at + 4], "big")
        if own[at + 1] == 0xE2 and own[at + 4 : at + 8] == b"MPF\0":
            return own[:at] + own[end:]
        at = end
    return own


def _pages_of_tiff(picture: Any, count: int) -> tuple[int, ...]:
    """Return all frames except masks and reduced copies of a larger one."""
    whole, reduced = [], []
    largest = 0
    for number in range(count):
        picture.seek(number)
        tags = picture.tag_v2
        kind, old = tags.get(_SUBFILE, 0), tags.get(_OLD_SUBFILE, 0)
        pixels = picture.width * picture.height
        if isinstance(kind, int) and kind & _MASK:
            continue
        if (isinstance(kind, int) and kind & _REDUCED) or old == _OLD_REDUCED:
            reduced.append((number, pixels))
            continue
        whole.append(number)
        largest = max(largest, pixels)
    kept = whole + [number for number, pixels in reduced if pixels >= largest]
    return tuple(sorted(kept)) or tuple(range(count))


def _pages_of_heif(picture: Any, count: int) -> tuple[int, ...]:
    """Return all pictures; one of several alternatives, the primary if present."""
    primary = picture.tell()
    left_out: set[int] = set()
    for group in picture.info.get("entity_groups") or ():
        if group.get("type") == "altr":
            alike = sorted(number for number in group.get("images", ()) if number is not None)
            left_out.update(alike if primary in alike else alike[1:])
            left_out.discard(primary)
    return tuple(number for number in range(count) if number not in left_out)


def _pages_of_mpo(picture: Any, count: int, limits: IntakeLimits) -> Frames:
    """Return the photo, and pictures after it that are no preview, depth map or gain map."""
    others: list[_FurtherPicture] = []
    size, colourful = picture.size, picture.mode != "L"
    pages, lost, dropped = [0], 0, 0
    for number in range(1, count):
        if "Thumbnail" in _type_of(picture, number):
            continue
        try:
            picture.seek(number)
            check_pixels(picture, limits)
            if _is_auxiliary(picture):
                continue
            others.append(
                _FurtherPicture(number, picture.size, picture.mode == "L", _small(picture))
            )
        except _UNREADABLE:
            lost += 1
    picture.seek(0)
    first = _small(picture) if others else picture
    for one in others:
        alike = max(ImageStat.Stat(ImageChops.difference(first, one.small)).mean) <= _SAME
        if alike and (one.size[0] * 2 <= size[0] or one.size[1] * 2 <= size[1]):
            continue
        if colourful and one.grey and _is_scaled_down(one.size, size):
            dropped += 1
            continue
        pages.append(one.number)
    remarks = [file_remarks.pictures_lost(lost)] if lost else []
    remarks += [file_remarks.pictures_dropped(dropped)] if dropped else []
    return Frames(tuple(pages), tuple(remarks))


def _type_of(picture: Any, number: int) -> str:
    try:
        return str(picture.mpinfo[_ENTRIES][number]["Attribute"]["MPType"])
    except (KeyError, TypeError, IndexError):
        return ""


def _is_auxiliary(picture: Any) -> bool:
    """Return whether the frame's own header says that it is an auxiliary map."""
    header = b"".join(data for _, data in picture.applist).lower()
    return any(word in header for word in _AUXILIARY)


def _is_scaled_down(own: tuple[int, int], of: tuple[int, int]) -> bool:
    """Return whether a size is `of` scaled to a half or less, as maps of a photo are."""
    across, down = own[0] / of[0], own[1] / of[1]
    return max(across, down) <= 0.51 and abs(across - down) <= 0.02


def _small(picture: Image.Image) -> Image.Image:
    """Return a small grey copy of the frame, to compare it with others."""
    return picture.copy().convert("L").resize((_LIKE, _LIKE), Image.Resampling.BOX)
