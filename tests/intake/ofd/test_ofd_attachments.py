"""An OFD is an attachment like any other: clean, searchable, in print, and its original kept."""

import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from tests.intake.conftest import Take, assert_plain, refused, seen
from tests.intake.ofd.invoices import (
    BUYER,
    NUMBER,
    PAYEE,
    PAYER,
    SELLER,
    bank_receipt,
    digital_invoice,
    letter,
    vat_invoice,
)
from tests.intake.ofd.ofd_files import Document, Page, layer, ofd, text

POINTS = 72 / 25.4


def words(path: Path, page: int = 0) -> str:
    """The text of a page of a PDF without blanks."""
    with pypdfium2.PdfDocument(path) as pdf:
        return "".join(pdf[page].get_textpage().get_text_bounded().split())


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        (digital_invoice, set()),
        (vat_invoice, {"attachment-signed"}),
        (lambda: vat_invoice(4), {"attachment-signed"}),
    ],
    ids=["数电票", "2020", "2020, version 4"],
)
def test_an_invoice_shows_its_text_code_and_seal(
    take: Take, made: Callable[[], bytes], codes: set[str]
) -> None:
    """At their places; nothing is said but that the seal is not verified."""
    facts = take(made(), name="发票.ofd")
    assert_plain(facts)
    assert {remark.code for remark in facts.remarks} == codes
    found = words(facts.clean)
    for wanted in ("电子发票（普通发票）", NUMBER, BUYER, SELLER, "价税合计（大写）", "¥11300.00"):
        assert wanted in found
    shown = seen(facts.clean, scale=2.0)
    at = [shown.getpixel((round(x * POINTS * 2), round(y * POINTS * 2))) for x, y in ((100, 15),)]
    assert isinstance(at[0], tuple)
    assert at[0][0] > 200 > 60 > max(at[0][1:])
    assert [(round(page.width), round(page.height)) for page in facts.pages] == [(595, 397)]


def test_a_bank_receipt_shows_its_text_lines_and_seals(take: Take) -> None:
    """Converted from PDF: each object in points by its own matrix, glyphs by number alone."""
    facts = take(bank_receipt(), name="回单.ofd")
    assert_plain(facts)
    assert facts.remarks == ()
    found = words(facts.clean)
    for wanted in ("样例银行电子回单", PAYER, PAYEE, "壹万壹仟叁佰圆整", "2026030100004711"):
        assert wanted in found
    shown = seen(facts.clean, scale=2.0)
    red, line, ring, within = (
        shown.getpixel((round(x * POINTS * 2), round(y * POINTS * 2)))
        for x, y in ((165, 50), (100, 20.13), (121 + 11 * 0.9, 86.2), (131, 91))
    )
    assert isinstance(red, tuple) and red[0] > 200 > 60 > max(red[1:])
    assert line == ring == (0, 0, 0)
    assert within == (255, 255, 255)


def test_every_font_is_embedded_and_the_pdf_is_sound(take: Take) -> None:
    """As qpdf sees it, and with text that other readers find."""
    facts = take(digital_invoice(), name="发票.ofd")
    with pikepdf.open(facts.clean) as pdf:
        assert pdf.check_pdf_syntax() == []
        fonts = [
            found
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("/FontFile2" in font for font in fonts)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is another reader")
def test_another_reader_finds_the_same_text(take: Take) -> None:
    """The text does not depend on PDFium's way to read."""
    facts = take(vat_invoice(), name="发票.ofd")
    printed = subprocess.run(
        ["pdftotext", "-raw", str(facts.clean), "-"],
        capture_output=True,
        check=True,
    )
    found = "".join(printed.stdout.decode().split())
    for wanted in (NUMBER, BUYER, SELLER, "壹万壹仟叁佰圆整"):
        assert wanted in found


@pytest.mark.parametrize("made", [digital_invoice, vat_invoice, letter])
def test_the_characters_are_those_that_another_reader_of_ofd_finds(
    take: Take, made: Callable[[], bytes]
) -> None:
    """None is lost, added or shown twice; ofdkit reads the OFD, PDFium what was made of it."""
    ofdkit = pytest.importorskip("ofdkit")
    facts = take(made(), name="材料.ofd")
    shown = "".join(words(facts.clean, at) for at in range(len(facts.pages)))
    assert Counter(shown) == Counter("".join(ofdkit.extract_text(made()).split()))


def test_a_letter_has_its_seal_on_every_page(take: Take) -> None:
    """骑缝章, each page with a third of it."""
    facts = take(letter(), name="函.ofd")
    assert len(facts.pages) == 3
    assert_plain(facts)
    for at in range(3):
        assert f"（第{at + 1}页）" in words(facts.clean, at)
    assert [remark.code for remark in facts.remarks] == ["attachment-signed"]


def test_the_name_does_not_matter(take: Take) -> None:
    """It is known by what is in it."""
    for name in ("发票.pdf", "发票.zip", "发票"):
        assert len(take(digital_invoice(), name=name).pages) == 1


def test_refusals_name_the_file_and_a_way_on(take: Take) -> None:
    """As of any other kind."""
    encrypted = ofd(Page(layer()), members={"Encryptions.xml": b"x"})
    assert refused(take, encrypted, name="a.ofd").code == "attachment-encrypted"
    assert refused(take, digital_invoice()[:4000], name="b.ofd").code == "attachment-unreadable"
    empty = ofd(Page(layer()), members={"OFD.xml": b"<OFD/>"})
    assert refused(take, empty, name="c.ofd").code in ("attachment-unreadable", "attachment-empty")


def test_composites_that_no_program_can_show_are_refused(take: Take) -> None:
    """Ten within ten, ten levels deep: each is parsed once, but drawn too often."""
    units, drawn = "", text("甲", "0 0 9 9")
    for level in range(12):
        units += (
            f'<CompositeGraphicUnit ID="{1000 + level}" Width="9" Height="9">'
            f"<Content>{drawn}</Content></CompositeGraphicUnit>"
        )
        drawn = f'<CompositeObject ID="1" Boundary="0 0 9 9" ResourceID="{1000 + level}"/>' * 10
    resources = f"<CompositeGraphicUnits>{units}</CompositeGraphicUnits>"
    data = ofd(Document([Page(layer(drawn))], resources=resources))
    begun = time.monotonic()
    assert refused(take, data, name="a.ofd").code == "attachment-too-large"
    assert time.monotonic() - begun < 20


def test_the_same_file_gives_the_same_clean_pdf(take: Take, tmp_path: Path) -> None:
    """In whichever process it is opened, and by whatever name."""
    first = take(vat_invoice(), name="a.ofd").clean.read_bytes()
    shutil.rmtree(tmp_path / "facts_cache")
    (tmp_path / "facts_cache").mkdir()
    assert take(vat_invoice(), name="b.pdf").clean.read_bytes() == first
