"""Office documents through LibreOffice, where this machine has it."""

import io
from pathlib import Path

import docx
import pikepdf
import pypdfium2
import pytest

from sjs_forms.intake import office
from tests.intake.conftest import Take, assert_plain, refused
from tests.intake.office_together import Converter, Papers, papers_of

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
@papers_of(lambda: {"合同.docx": word_document("场地租赁合同", "甲方：石景山")})
def test_word_becomes_pages_in_our_fonts(papers: Papers) -> None:
    """Left alone, LibreOffice sets 仿宋_GB2312 in a font of blank glyphs."""
    facts = papers["合同.docx"]
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
@papers_of(lambda: {"合同.docx": word_document("石景", font="宋体")})
def test_no_font_of_the_office_comes_out_as_boxes(papers: Papers) -> None:
    """A subset that bears the name of its family would be taken for the whole."""
    facts = papers["合同.docx"]
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
@papers_of(lambda: {"合同.pdf": word_document("一"), "合同.wps": word_document("二")})
def test_content_decides_not_the_name(papers: Papers) -> None:
    """A Word file called .pdf is a Word file."""
    assert [len(facts.pages) for facts in papers.values()] == [1, 1]


@needs_office
@papers_of(lambda: {"a.doc": rb"{\rtf1\ansi Hello\page World}"})
def test_rtf_and_tables(papers: Papers) -> None:
    """Old programs write RTF."""
    assert len(papers["a.doc"].pages) == 2


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


def _slides(convert: Converter, suffix: str) -> dict[str, bytes]:
    return {f"a.{suffix}": convert(slides_document(), ".fodp", suffix)}


@needs_office
@pytest.mark.parametrize("suffix", ["pptx", "ppt"])
@papers_of(_slides)
def test_presentations(papers: Papers, suffix: str) -> None:
    """Slides are pages, landscape as they were."""
    facts = papers[f"a.{suffix}"]
    assert_plain(facts)
    assert len(facts.pages) == 2
    assert facts.pages[0].width > facts.pages[0].height
