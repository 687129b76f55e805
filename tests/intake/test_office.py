"""Office documents through LibreOffice, where this machine has it."""

import io
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest

from sjs_forms.intake import office
from tests.intake.conftest import Take, assert_plain, refused

needs_office = pytest.mark.skipif(office.soffice() is None, reason="LibreOffice is not installed")


def _document(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        paragraph = document.add_paragraph()
        run = paragraph.add_run(line)
        run.font.name = "仿宋_GB2312"
        fonts = run._element.rPr.rFonts
        fonts.set(docx.oxml.ns.qn("w:eastAsia"), "仿宋_GB2312")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@needs_office
def test_word_becomes_pages_in_our_fonts(take: Take) -> None:
    """Left alone, LibreOffice sets 仿宋_GB2312 in a font of blank glyphs."""
    facts = take(_document("场地租赁合同", "甲方：石景山"), name="合同.docx")
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
def test_content_decides_not_the_name(take: Take) -> None:
    """A Word file called .pdf is a Word file."""
    assert len(take(_document("一"), name="合同.pdf").pages) == 1
    assert len(take(_document("二"), name="合同.wps").pages) == 1


@needs_office
def test_rtf_and_tables(take: Take) -> None:
    """Old programs write RTF."""
    assert len(take(rb"{\rtf1\ansi Hello\page World}", name="a.doc").pages) == 2


@needs_office
def test_office_is_bounded_in_time(take: Take) -> None:
    """A document that keeps LibreOffice busy for ever is given up."""
    refusal = refused(take, _document("一"), name="合同.docx", office_seconds=0.05)
    assert refusal.code == "attachment-timeout"


def test_without_libreoffice(take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    """The advice is to install it or to save as PDF; it is not remembered."""
    data = _document("一")
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
