"""Office documents through LibreOffice, where this machine has it."""

import io
import subprocess
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest

from sjs_forms.intake import office
from tests.counting import HANGS
from tests.intake.conftest import Take, assert_plain, refused

needs_office = pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not installed")


def word_document(*lines: str, font: str = "仿宋_GB2312") -> bytes:
    document = docx.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(line)
        run.font.name = font
        fonts = run._element.rPr.rFonts
        fonts.set(docx.oxml.ns.qn("w:eastAsia"), font)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@needs_office
def test_word_becomes_pages_in_our_fonts(take: Take) -> None:
    """Left alone, LibreOffice sets 仿宋_GB2312 in a font of blank glyphs."""
    facts = take(word_document("场地租赁合同", "甲方：石景山"), name="合同.docx")
    assert_plain(facts)
    with pypdfium2.PdfDocument(facts.clean) as pdf:
        assert "场地租赁合同" in pdf[0].get_textpage().get_text_bounded()
    with pikepdf.open(facts.clean) as clean:
        fonts = {
            str(found.BaseFont)
            for found in clean.objects
            if isinstance(found, pikepdf.Dictionary) and "/BaseFont" in found
        }
    assert any("FandolFang" in name for name in fonts)


@needs_office
def test_no_font_of_the_office_comes_out_as_boxes(take: Take) -> None:
    """A subset that bears the name of its family would be taken for the whole."""
    facts = take(word_document("石景", font="宋体"), name="合同.docx")
    with pypdfium2.PdfDocument(facts.clean) as pdf:
        page = pdf[0].get_textpage()
        drawn = [
            pdf[0].render(scale=4, crop=_around(pdf[0], page.get_charbox(index))).to_pil().tobytes()
            for index in range(2)
        ]
    assert drawn[0] != drawn[1]


def _around(page: pypdfium2.PdfPage, box: tuple[float, ...]) -> tuple[float, ...]:
    """What to cut from the page's sides to leave 9 points about the middle of a box."""
    left, bottom, right, top = box
    across, up, half = (left + right) / 2, (bottom + top) / 2, 4.5
    width, height = page.get_size()
    return (across - half, up - half, width - across - half, height - up - half)


@needs_office
def test_content_decides_not_the_name(take: Take) -> None:
    """A Word file called .pdf is a Word file."""
    assert len(take(word_document("一"), name="合同.pdf").pages) == 1
    assert len(take(word_document("二"), name="合同.wps").pages) == 1


@needs_office
def test_rtf_and_tables(take: Take) -> None:
    """Old programs write RTF."""
    assert len(take(rb"{\rtf1\ansi Hello\page World}", name="a.doc").pages) == 2


@needs_office
def test_office_is_bounded_in_time(take: Take) -> None:
    """A document that keeps LibreOffice busy for ever is given up."""
    refusal = refused(take, word_document("一"), name="合同.docx", office_seconds=0.05)
    assert refusal.code == "attachment-timeout"


def test_without_libreoffice(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """The advice is to install it or to save as PDF; it is not remembered."""
    data = word_document("一")
    with monkeypatch.context() as patch:
        patch.setattr(office, "soffice", lambda: None)
        refusal = refused(take, data, name="合同.docx")
    assert refusal.code == "attachment-office"
    assert "安装 LibreOffice" in refusal.remedy and "PDF" in refusal.remedy
    if office.soffice() is not None:
        assert len(take(data, name="合同.docx").pages) == 1


def test_locked_office_documents(take: Take, tmp_path: Path) -> None:
    """Office files under a password are OLE containers with an encrypted package."""
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert refused(take, data, name="合同.docx").code == "attachment-encrypted"


def slides_document() -> bytes:
    """A presentation of two slides, by LibreOffice's own hand (its flat XML is shortest)."""
    page = (
        '<draw:page draw:name="{0}"><draw:frame svg:width="20cm" svg:height="5cm" svg:x="2cm" '
        'svg:y="2cm"><draw:text-box><text:p>{0}</text:p></draw:text-box></draw:frame></draw:page>'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><office:document '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
        'office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.presentation"><office:body>'
        f"<office:presentation>{page.format('一')}{page.format('二')}</office:presentation>"
        "</office:body></office:document>"
    ).encode()


@needs_office
@pytest.mark.parametrize("suffix", ["pptx", "ppt"])
def test_presentations(take: Take, tmp_path: Path, suffix: str) -> None:
    """Slides are pages, landscape as they were."""
    flat = tmp_path / "a.fodp"
    flat.write_bytes(slides_document())
    program = office.soffice()
    assert program is not None
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    how = ["--headless", "--convert-to", suffix, "--outdir", str(tmp_path), str(flat)]
    subprocess.run([str(program), home, *how], check=True, capture_output=True, timeout=HANGS)
    facts = take(tmp_path / f"a.{suffix}")
    assert_plain(facts)
    assert len(facts.pages) == 2
    assert facts.pages[0].width > facts.pages[0].height
