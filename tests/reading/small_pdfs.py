"""Small PDFs for the tests of reading: a page of HTML, and pages changed as offices change them."""

from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2

_FONTS = Path(__file__).parent.parent.parent / "templates" / "fonts"
_STYLE = """
@font-face { font-family: Song; src: url(NotoSerifSC-Regular.ttf) }
@font-face { font-family: Rare; src: url(NotoSerifSC-Regular-Rare.ttf) }
@page { size: A4; margin: 20mm } body { font: 11pt Song, Rare; margin: 0 }
"""


def html_page(body: str, style: str = "") -> bytes:
    """A PDF of some HTML, in a font of this repository."""
    import weasyprint

    html = weasyprint.HTML(
        string=f"<style>{_STYLE}{style}</style>{body}", base_url=str(_FONTS) + "/"
    )
    return bytes(html.write_pdf())


def with_content(pdf: bytes, before: bytes, after: bytes = b"") -> bytes:
    """A PDF with operators put before and after the content of its first page."""
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        page.contents_add(before, prepend=True)
        page.contents_add(after)
        saved = BytesIO()
        document.save(saved)
    return saved.getvalue()


def under_picture(pdf: bytes) -> bytes:
    """A PDF whose first page is covered by a grey picture."""
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        picture = pikepdf.Stream(document, b"\x80")
        picture.update(
            {
                "/Type": pikepdf.Name.XObject,
                "/Subtype": pikepdf.Name.Image,
                "/Width": 1,
                "/Height": 1,
                "/BitsPerComponent": 8,
                "/ColorSpace": pikepdf.Name.DeviceGray,
            }
        )
        name = page.add_resource(picture, pikepdf.Name.XObject)
        page.contents_add(b"q", prepend=True)
        page.contents_add(f"Q q 595 0 0 842 0 0 cm {name} Do Q".encode())
        saved = BytesIO()
        document.save(saved)
    return saved.getvalue()


def first_page(pdf: bytes) -> pypdfium2.PdfPage:
    """The first page of a PDF, opened by PDFium."""
    return pypdfium2.PdfDocument(pdf)[0]
