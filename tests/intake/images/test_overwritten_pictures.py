"""PNG and TIFF files of which a part was overwritten are named; whole ones never are."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sjs_forms.intake.picture_data.png_chunks import is_png_overwritten
from sjs_forms.intake.picture_data.tiff_strips import is_tiff_overwritten
from tests.intake.conftest import Take
from tests.intake.office_files import codes

_LOST = "attachment-pages-incomplete"
_SIZE = (300, 400)


def _grain(mode: str) -> Image.Image:
    data = random.Random(3).randbytes(_SIZE[0] * _SIZE[1])
    return Image.frombytes("L", _SIZE, data).convert(mode)


def _saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def _with_hole(data: bytes, size: int = 16, share: float = 0.5) -> bytes:
    at = int(len(data) * share)
    return data[:at] + bytes(size) + data[at + size :]


def _tiff_is_overwritten(data: bytes, folder: Path) -> bool:
    path = folder / "a.tif"
    path.write_bytes(data)
    with Image.open(path) as picture, path.open("rb") as file:
        found = [
            is_tiff_overwritten(picture, file)
            for number in range(getattr(picture, "n_frames", 1))
            if picture.seek(number) is None
        ]
    return any(found)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "I;16"])
def test_a_chunk_of_a_png_with_another_sum_is_damaged(mode: str) -> None:
    picture = (
        _grain("L").convert(mode) if mode != "I;16" else _grain("L").convert("I").convert(mode)
    )
    data = _saved(picture, "PNG")
    assert not is_png_overwritten(data)
    assert is_png_overwritten(_with_hole(data))
    assert is_png_overwritten(_with_hole(data, 1, 0.9))
    assert not is_png_overwritten(data + bytes(4000)), "padding behind the end"


def test_sums_of_what_is_not_shown_do_not_matter() -> None:
    """Some programs write a text or a time without minding its sum."""
    data = _saved(_grain("L"), "PNG")
    text = struct.pack(">I", 5) + b"tEXt" + b"a\0bcd" + b"none"
    assert not is_png_overwritten(data[:33] + text + data[33:])


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize(
    ("compression", "how"),
    [
        ("jpeg", {}),
        ("jpeg", {"strip_size": 20_000}),
        ("tiff_adobe_deflate", {}),
        ("tiff_adobe_deflate", {"strip_size": 20_000}),
        ("tiff_deflate", {}),
    ],
)
def test_a_strip_of_a_tiff_that_was_overwritten_is_damaged(
    mode: str, compression: str, how: dict[str, int], tmp_path: Path
) -> None:
    data = _saved(_grain(mode), "TIFF", compression=compression, **how)
    assert not _tiff_is_overwritten(data, tmp_path)
    assert _tiff_is_overwritten(_with_hole(data, 600), tmp_path)


@pytest.mark.parametrize("size", [3, 40, 3000])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_deflated_data_that_were_overwritten_anywhere_are_damaged(
    mode: str, size: int, tmp_path: Path
) -> None:
    """Zeros may be codes of the data's own, after which their end is not found."""
    data = _saved(_grain(mode), "TIFF", compression="tiff_adobe_deflate")
    for share in range(5, 95, 5):
        assert _tiff_is_overwritten(_with_hole(data, size, share / 100), tmp_path), share


def test_deflated_data_without_their_sum_are_whole(tmp_path: Path) -> None:
    """Some programs do not write it, and no reader misses it."""
    data = bytearray(_saved(_grain("L"), "TIFF", compression="tiff_adobe_deflate"))
    with Image.open(io.BytesIO(data)) as picture:
        tags: Any = picture
        counts = tags.tag_v2[279]
    for count in counts:
        at = data.rindex(struct.pack("<I", count))
        data[at : at + 4] = struct.pack("<I", count - 4)
    assert not _tiff_is_overwritten(bytes(data), tmp_path)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_fax_data_with_zeros_that_no_code_has_are_damaged(compression: str, tmp_path: Path) -> None:
    data = _saved(_grain("1"), "TIFF", compression=compression)
    assert not _tiff_is_overwritten(data, tmp_path)
    assert _tiff_is_overwritten(_with_hole(data, 600), tmp_path)
    blank = _saved(Image.new("1", (2480, 3508), 1), "TIFF", compression=compression)
    assert not _tiff_is_overwritten(blank, tmp_path)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "packbits", "jpeg", "tiff_deflate"])
def test_whole_tiffs_of_several_pages_are_not(compression: str, tmp_path: Path) -> None:
    pages = [_grain("RGB"), _grain("RGB").rotate(90), Image.new("RGB", _SIZE, "white")]
    data = _saved(pages[0], "TIFF", compression=compression, save_all=True, append_images=pages[1:])
    assert not _tiff_is_overwritten(data, tmp_path)


def _stored(picture: Image.Image) -> bytes:
    """A PNG whose data are not packed, so that foreign bytes in it are decoded as pixels."""
    data = _saved(picture, "PNG", compress_level=0)
    assert len(zlib.compress(data)) > len(data) // 2
    return data


_MADE: dict[str, Callable[[], bytes]] = {
    "a.png": lambda: _stored(_grain("L")),
    "b.tif": lambda: _saved(_grain("L"), "TIFF", compression="jpeg"),
}


@pytest.mark.parametrize("name", _MADE)
def test_the_page_is_named(take: Take, name: str) -> None:
    """Viewers show such a picture with a stripe of other pixels."""
    data = _MADE[name]()
    assert _LOST not in codes(take(data, name=name))
    assert _LOST in codes(take(_with_hole(data, 600), name=f"damaged-{name}"))
