"""Copies fax data (ITU-T T.6) from a TIFF file into a PDF unchanged."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from sjs_forms.pdf.matrices import format_numbers
from sjs_forms.pdf.objects import new_stream

_WIDTH, _LENGTH = 0x0100, 0x0101
_COMPRESSION, _G4 = 0x0103, 4
_PHOTOMETRIC, _FILL_ORDER, _STRIPS, _SIZES = 0x0106, 0x010A, 0x0111, 0x0117
_T6_OPTIONS = 0x0125
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
"""Each byte with its bits reversed; some fax machines write them so."""


@dataclass(frozen=True, slots=True)
class Fax:
    """The stored data of one picture: its columns and rows, before its orientation is applied."""

    data: bytes
    columns: int
    rows: int
    black_is_1: bool


def fax_of(picture: Image.Image, source: Path) -> Fax | None:
    """Return the current frame's data if it is T.6 in one strip that PDF can show, else None.

    PDF does not support the uncompressed mode of T.6 (PDF 32000-1, 7.4.6).
    """
    if picture.format != "TIFF" or picture.mode != "1":
        return None
    tags: Any = picture.tag_v2  # type: ignore[attr-defined]
    starts, sizes = tags.get(_STRIPS, ()), tags.get(_SIZES, ())
    order = tags.get(_FILL_ORDER, 1)
    is_plain = tags.get(_COMPRESSION) == _G4 and order in (1, 2) and not tags.get(_T6_OPTIONS)
    if not is_plain or len(starts) != 1 or len(sizes) != 1:
        return None
    with source.open("rb") as file:
        file.seek(starts[0])
        data = file.read(sizes[0])
    if order == 2:
        data = data.translate(_REVERSED)
    return Fax(data, tags[_WIDTH], tags[_LENGTH], tags.get(_PHOTOMETRIC) == 1)


def add_fax(pdf: pikepdf.Pdf, fax: Fax, width: float, height: float) -> None:
    """Add a page of `width` × `height` points that shows this picture as stored."""
    how = pikepdf.Dictionary(K=-1, Columns=fax.columns, Rows=fax.rows, BlackIs1=fax.black_is_1)
    entries = {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": fax.columns,
        "/Height": fax.rows,
        "/ColorSpace": pikepdf.Name.DeviceGray,
        "/BitsPerComponent": 1,
        "/Filter": pikepdf.Name.CCITTFaxDecode,
        "/DecodeParms": how,
    }
    image = new_stream(pdf, fax.data, entries)
    page = pdf.add_blank_page(page_size=(max(width, 3), max(height, 3))).obj
    page.MediaBox = pikepdf.Array([0, 0, width, height])
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = pikepdf.Stream(
        pdf, f"{format_numbers((width, 0, 0, height, 0, 0))} cm /Im0 Do".encode()
    )
