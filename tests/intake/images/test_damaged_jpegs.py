"""A JPEG of which a part is lost is named, wherever it is; a whole one never is."""

import io
import random
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageDraw

from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.picture_data.jpeg_damage import is_damaged, look_at
from tests.intake.conftest import Take, saved

_SIZE = (640, 900)

_CODINGS: dict[str, dict[str, Any]] = {
    "baseline": {},
    "optimised": {"optimize": True},
    "restarts": {"restart_marker_blocks": 40},
    "progressive": {"progressive": True},
}
_DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "hole of zeros": lambda data: _with(data, bytes(2048)),
    "hole of another byte": lambda data: _with(data, b"\xcc" * 2048),
    "foreign bytes": lambda data: _with(data, random.Random(5).randbytes(2048)),
    "half with an end mark": lambda data: data[: len(data) // 2] + b"\xff\xd9",
    "a part taken out": lambda data: data[: len(data) // 3] + data[len(data) // 2 :],
    "zeros up to the end mark": lambda data: (
        data[: 2 * len(data) // 3] + bytes(len(data) // 3) + b"\xff\xd9"
    ),
    "a part twice": lambda data: data[: len(data) // 2] + data[len(data) // 3 :],
}
_LOST = "attachment-pages-incomplete"


def _with(data: bytes, foreign: bytes) -> bytes:
    """The data with other bytes in the middle."""
    at = len(data) // 2
    return data[:at] + foreign + data[at + len(foreign) :]


def _scan(mode: str = "RGB") -> Image.Image:
    """Grainy paper with lines of print, as a scanner sees it."""
    grain = Image.frombytes("L", _SIZE, random.Random(7).randbytes(_SIZE[0] * _SIZE[1]))
    grain = grain.point([180 + value // 4 for value in range(256)])
    draw = ImageDraw.Draw(grain)
    for line in range(60, 840, 24):
        draw.rectangle((60, line, 580, line + 8), fill=30)
    return grain.convert(mode)


def _jpeg(picture: Image.Image, **how: Any) -> bytes:
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=80, **how)
    return data.getvalue()


def _pdf(data: bytes, around: bytes = b"", mode: str = "RGB", packed: bool = False) -> bytes:
    """Three pages, the second of which draws this JPEG, the others a whole one."""
    pdf = Pdf.new()
    space = {"RGB": Name.DeviceRGB, "L": Name.DeviceGray, "CMYK": Name.DeviceCMYK}[mode]
    for at in range(3):
        image = Stream(pdf, data if at == 1 else _jpeg(_scan(mode)))
        image.Subtype, image.ColorSpace, image.BitsPerComponent = Name.Image, space, 8
        image.Width, image.Height = _SIZE
        image.Filter = Name.DCTDecode
        if packed:
            image.write(
                zlib.compress(image.read_raw_bytes()),
                filter=Array([Name.FlateDecode, Name.DCTDecode]),
            )
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        page.Resources = Dictionary(XObject=Dictionary(I=image))
        page.Contents = Stream(pdf, around + b"q 595 0 0 842 0 0 cm /I Do Q")
    how = pikepdf.StreamDecodeLevel.none
    return saved(pdf, compress_streams=False, stream_decode_level=how)


def _lost(facts: SourceFacts) -> list[str]:
    return [remark.message for remark in facts.remarks if remark.code == _LOST]


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("damage", _DAMAGES)
@pytest.mark.parametrize("coding", _CODINGS)
def test_a_strict_decoding_tells_damage_and_a_look_gives_cause_for_it(
    coding: str, damage: str, mode: str
) -> None:
    whole = _jpeg(_scan(mode), **_CODINGS[coding])
    assert not is_damaged(whole)
    assert look_at(whole).doubtful == (coding == "progressive")
    assert is_damaged(_DAMAGES[damage](whole))


@pytest.mark.parametrize("damage", _DAMAGES)
@pytest.mark.parametrize("coding", _CODINGS)
def test_a_damaged_jpeg_alone_is_named_or_refused(take: Take, coding: str, damage: str) -> None:
    """Pillow refuses some; what it decodes with grey or garbage in it is named by its page."""
    data = _DAMAGES[damage](_jpeg(_scan(), **_CODINGS[coding]))
    try:
        facts = take(data, name="扫描件.jpg")
    except Exception as refusal:
        assert getattr(refusal, "code", "") == "attachment-unreadable"
        return
    assert len(_lost(facts)) == 1
    assert "第 1 页" in _lost(facts)[0]


@pytest.mark.parametrize("packed", [False, True], ids=["", "packed"])
@pytest.mark.parametrize("around", [b"", b"0 g 50 50 300 9 re f "], ids=["alone", "and a bar"])
@pytest.mark.parametrize("damage", _DAMAGES)
def test_a_damaged_jpeg_in_a_sound_pdf_is_named_by_its_page(
    take: Take, damage: str, around: bytes, packed: bool
) -> None:
    if (around or packed) and damage == "a part twice":
        pytest.skip("leaves no trace where PDFium decodes")
    data = _DAMAGES[damage](_jpeg(_scan()))
    lost = _lost(take(_pdf(data, around, packed=packed)))
    assert len(lost) == 1
    assert "第 2 页" in lost[0]


@pytest.mark.parametrize("coding", _CODINGS)
@pytest.mark.parametrize("paper", ["white", "#808080", "black", "grain"])
def test_a_whole_jpeg_is_never_called_damaged(take: Take, paper: str, coding: str) -> None:
    """White paper may be a run of zeros, and a picture may end in the grey of lost data."""
    picture = _scan() if paper == "grain" else Image.new("RGB", _SIZE, paper)
    data = _jpeg(picture, **_CODINGS[coding])
    assert not _lost(take(data, name="扫描件.jpg"))
    assert not _lost(take(data + bytes(5000), name="补零.jpg"))
    assert not _lost(take(_pdf(data, b"0 g 50 50 300 9 re f ")))


@pytest.mark.parametrize("coding", _CODINGS)
@pytest.mark.parametrize("padding", [b"\0", b"\xff"], ids=["zeros", "fill"])
@pytest.mark.parametrize("length", [4, 100, 5000])
def test_padding_before_the_end_mark_of_a_whole_jpeg_is_no_damage(
    take: Take, padding: bytes, length: int, coding: str
) -> None:
    data = _jpeg(_scan(), **_CODINGS[coding]).removesuffix(b"\xff\xd9")
    assert not _lost(take(data + padding * length + b"\xff\xd9", name="扫描件.jpg"))


def test_two_photos_in_one_file_are_judged_each_by_its_own_data(take: Take) -> None:
    first, second = _scan(), _scan().transpose(Image.Transpose.ROTATE_180)
    data = io.BytesIO()
    first.save(data, "MPO", save_all=True, append_images=[second])
    assert not _lost(take(data.getvalue(), name="照片.mpo"))
    held = data.getvalue()
    at = len(held) * 3 // 4
    torn = held[:at] + bytes(2048) + held[at + 2048 :]
    assert "第 2 页" in _lost(take(torn, name="照片2.mpo"))[0]
