"""A picture in an Office document of which a part is missing is told; a whole one never is."""

import base64
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.shared import Cm
from openpyxl.drawing.image import Image as SheetPicture
from PIL import Image, ImageFile, features

from sjs_forms.intake.office.treatment import treat
from sjs_forms.intake.office.treatment_request import TreatmentRequest
from tests.intake.office_files import flat, open_package

LOST = "attachment-pages-incomplete"


def picture(form: str, mode: str = "RGB", **how: Any) -> bytes:
    """A picture of noise, so that nothing in its data can be missed."""
    grain = random.Random(5).randbytes(300 * 400)
    out = io.BytesIO()
    Image.frombytes("L", (300, 400), grain).convert(mode).save(out, form, **how)
    return out.getvalue()


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def with_hole(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(3000) + data[middle + 3000 :]


def replaced(document: bytes, data: bytes) -> bytes:
    """The document with other data for its pictures."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if "/media/" in name else old.read(name))
    return out.getvalue()


def in_word(data: bytes) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    made.add_picture(io.BytesIO(picture("PNG")), width=Cm(3))
    made.save(out)
    return replaced(out.getvalue(), data)


def in_workbook(data: bytes) -> bytes:
    made, out = openpyxl.Workbook(), io.BytesIO()
    assert made.active is not None
    made.active.add_image(SheetPicture(io.BytesIO(picture("PNG"))), "B2")
    made.save(out)
    return replaced(out.getvalue(), data)


def in_open_text(data: bytes) -> bytes:
    frame = (
        '<text:p><draw:frame svg:width="3cm" svg:height="4cm">'
        '<draw:image xlink:href="Pictures/1.png"/></draw:frame></text:p>'
    )
    out = io.BytesIO(open_package("text", frame))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("Pictures/1.png", data)
    return out.getvalue()


def in_flat_text(data: bytes) -> bytes:
    coded = base64.encodebytes(data).decode()
    return flat(
        "text",
        '<text:p><draw:frame svg:width="3cm" svg:height="4cm"><draw:image>'
        f"<office:binary-data>{coded}</office:binary-data></draw:image></draw:frame></text:p>",
    )


def in_rtf(data: bytes) -> bytes:
    word = b"\\jpegblip" if data.startswith(b"\xff\xd8") else b"\\pngblip"
    rows = "\r\n".join(data.hex()[at : at + 128] for at in range(0, 2 * len(data), 128)).encode()
    shown = b"{\\pict{\\*\\picprop{\\sp{\\sn x}{\\sv 1}}}\\picwgoal1700\\pichgoal2267" + word
    return (
        b"{\\rtf1\\ansi {\\*\\shppict" + shown + b"{\\*\\blipuid 00ff}\r\n" + rows + b"}} a\\par}"
    )


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    ".docx": in_word,
    ".xlsx": in_workbook,
    ".odt": in_open_text,
    ".fodt": in_flat_text,
    ".rtf": in_rtf,
}


def said(data: bytes, suffix: str, folder: Path) -> str:
    source = folder / f"材料{suffix}"
    source.write_bytes(data)
    order = TreatmentRequest(given=True, name="材料", for_print=True)
    remarks = treat(source, folder / f"made{suffix}", order).remarks
    return "".join(each.message for each in remarks if each.code == LOST)


def test_a_tag_before_the_data_is_no_part_of_them(tmp_path: Path) -> None:
    """As programs write it that give no identifier."""
    data = in_rtf(cut(picture("PNG"))).replace(b"{\\*\\blipuid 00ff}", b"")
    assert said(data, ".rtf", tmp_path)


@pytest.mark.parametrize("harm", [cut, with_hole])
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("suffix", CONTAINERS)
def test_a_damaged_picture_is_told_in_every_kind_of_document(
    suffix: str, form: str, harm: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    whole = picture(form)
    assert not said(CONTAINERS[suffix](whole), suffix, tmp_path)
    assert "1 幅图片" in said(CONTAINERS[suffix](harm(whole)), suffix, tmp_path)


@pytest.mark.parametrize(
    ("form", "how"),
    [
        ("JPEG", {"progressive": True}),
        ("GIF", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_a_picture_cut_short_is_told_in_every_format(
    form: str, how: dict[str, Any], tmp_path: Path
) -> None:
    if form == "WEBP" and not features.check("webp"):
        pytest.skip("this Pillow does not write WebP")
    whole = picture(form, **how)
    assert not said(in_word(whole), ".docx", tmp_path)
    assert said(in_word(cut(whole)), ".docx", tmp_path)


def test_a_tiff_that_was_overwritten_is_told_by_its_sum(tmp_path: Path) -> None:
    whole = picture("TIFF", compression="tiff_adobe_deflate")
    assert not said(in_word(whole), ".docx", tmp_path)
    assert said(in_word(with_hole(whole)), ".docx", tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        b"\xd7\xcd\xc6\x9a" + bytes(60),
        b"\x01\0\0\0" + bytes(36) + b" EMF",
        b"",
        b"not a picture",
        picture("PNG")[:-12],
        picture("JPEG")[:-2],
        picture("JPEG") + bytes(200),
        picture("PNG") + b"\r\n",
    ],
    ids=["WMF", "EMF", "nothing", "text", "PNG, no end", "JPEG, no end", "JPEG, padded", "PNG+"],
)
def test_what_is_whole_or_unknown_is_not_called_damaged(data: bytes, tmp_path: Path) -> None:
    assert not said(in_word(data), ".docx", tmp_path)


def test_it_is_told_where_another_library_has_gaps_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint has Pillow do so, for all in its process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    for form in ("PNG", "GIF", "JPEG"):
        assert said(in_word(cut(picture(form))), ".docx", tmp_path)


def test_each_picture_counts_once(tmp_path: Path) -> None:
    made, out = docx.Document(), io.BytesIO()
    for form in ("PNG", "PNG", "JPEG"):
        made.add_picture(io.BytesIO(picture(form)), width=Cm(3))
    made.save(out)
    assert "2 幅图片" in said(replaced(out.getvalue(), cut(picture("PNG"))), ".docx", tmp_path)


@pytest.mark.parametrize("form", ["JPEG", "GIF"])
def test_a_picture_too_large_to_be_decoded_is_not_judged(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sjs_forms.intake.picture_data.embedded_pictures.LARGEST", 1000)
    assert not said(in_word(cut(picture(form))), ".docx", tmp_path)
