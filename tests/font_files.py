"""PDFs whose fonts are only named, made on the spot; and what two readers say of a PDF."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

Make = Callable[[Pdf], Any]
"""Makes a font dictionary in a document."""

NEEDS_A_FILE = ("/Type1", "/MMType1", "/TrueType", "/CIDFontType0", "/CIDFontType2")


def descriptor(pdf: Pdf, name: str, flags: int = 4, **entries: Any) -> Any:
    """A font descriptor without a file."""
    made = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{name}"),
        Flags=flags,
        FontBBox=Array([0, -141, 1000, 859]),
        ItalicAngle=0,
        Ascent=859,
        Descent=-141,
        CapHeight=700,
        StemV=80,
    )
    for key, value in entries.items():
        made[f"/{key}"] = value
    return pdf.make_indirect(made)


def composite(
    name: str, encoding: str | bytes, ordering: str, to_unicode: bytes | None = None, **entries: Any
) -> Make:
    """A composite font; `entries` are the CIDFont's, such as W and DW."""

    def make(pdf: Pdf) -> Any:
        system = Dictionary(Registry=String("Adobe"), Ordering=String(ordering), Supplement=0)
        inner = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(f"/{name}"),
            CIDSystemInfo=system,
            FontDescriptor=descriptor(pdf, name),
        )
        for key, value in entries.items():
            inner[f"/{key}"] = Array(value) if isinstance(value, list) else value
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(f"/{name}"),
            DescendantFonts=Array([pdf.make_indirect(inner)]),
        )
        if isinstance(encoding, bytes):
            font.Encoding = pdf.make_indirect(Stream(pdf, encoding))
        else:
            font.Encoding = Name(f"/{encoding}")
        if to_unicode is not None:
            font.ToUnicode = pdf.make_indirect(Stream(pdf, to_unicode))
        return pdf.make_indirect(font)

    return make


def simple(
    name: str,
    subtype: str = "Type1",
    encoding: Any = None,
    widths: Sequence[float] = (),
    flags: int | None = 32,
    **entries: Any,
) -> Make:
    """A simple font; `widths` begin at the space, `flags` None makes one without descriptor."""

    def make(pdf: Pdf) -> Any:
        font = Dictionary(
            Type=Name.Font, Subtype=Name(f"/{subtype}"), BaseFont=Name(f"/{name}"), **entries
        )
        if encoding is not None:
            font.Encoding = Name(f"/{encoding}") if isinstance(encoding, str) else encoding
        if widths:
            font.FirstChar, font.LastChar = 32, 31 + len(widths)
            font.Widths = Array(widths)
        if flags is not None:
            font.FontDescriptor = descriptor(pdf, name, flags)
        return pdf.make_indirect(font)

    return make


def sheet(*lines: tuple[Make, bytes], size: float = 24) -> Pdf:
    """A page with a line in each of these fonts."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    page.Resources = Dictionary(Font=Dictionary())
    steps = []
    for at, (make, text) in enumerate(lines):
        page.Resources.Font[f"/F{at}"] = make(pdf)
        steps.append(f"BT /F{at} {size:g} Tf 50 {780 - at * size * 1.5:g} Td <{text.hex()}> Tj ET")
    page.Contents = Stream(pdf, "\n".join(steps).encode())
    return pdf


def loose_fonts(path: Path) -> list[str]:
    """The fonts of a PDF that have no file, found by looking at every dictionary there is."""
    with pikepdf.open(path) as pdf:
        return [
            str(font.get("/BaseFont"))
            for found in pdf.objects
            for font in _dictionaries(found, 0)
            if str(font.get("/Subtype")) in NEEDS_A_FILE
            and not any(
                f"/FontFile{kind}" in font.get("/FontDescriptor", {}) for kind in ("", 2, 3)
            )
        ]


def _dictionaries(value: Any, depth: int) -> Iterator[Any]:
    """Dictionaries that lie directly in each other, the value itself among them."""
    if isinstance(value, (Dictionary, Stream)):
        yield value
    members = value.values() if isinstance(value, Dictionary) else ()
    for member in list(value) if isinstance(value, Array) else members:
        if isinstance(member, pikepdf.Object) and not member.is_indirect and depth < 20:
            yield from _dictionaries(member, depth + 1)


def text_by_pdfium(path: Path, page: int = 0) -> str:
    """The text of a page, without blanks."""
    with pypdfium2.PdfDocument(path) as document:
        return "".join(document[page].get_textpage().get_text_bounded().split())


def text_by_poppler(path: Path) -> str:
    """The text of a PDF, without blanks; skips the test where pdftotext is missing."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode("utf-8").split())


def drawn_by_pdfium(path: Path, dpi: int = 72) -> Image.Image:
    """The first page in grey."""
    with pypdfium2.PdfDocument(path) as document:
        picture: Image.Image = document[0].render(scale=dpi / 72).to_pil()
        return picture.convert("L")


def drawn_by_poppler(path: Path, folder: Path, dpi: int = 72) -> Image.Image:
    """The first page in grey; skips the test where pdftoppm is missing."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    target = folder / "poppler"
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-png", str(path), str(target)]
    subprocess.run(command, capture_output=True, check=True)
    with Image.open(target.with_suffix(".png")) as picture:
        return picture.convert("L")
