"""One broken part beside the text does not make a file unusable; broken text is never printed."""

import io
import struct
import zipfile
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.shared import Cm
from PIL import Image

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.intake.office.treatment import treat
from sjs_forms.intake.office.treatment_request import TreatmentRequest, TreatmentResult
from tests.intake.office.test_office import needs_office
from tests.intake.office_files import codes, flat, open_package, printed
from tests.intake.office_together import Converter, Papers, papers_of

BROKEN = "attachment-parts-broken"


@cache
def document() -> bytes:
    """A .docx with a header, a picture, a numbered list and all that python-docx adds."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "页眉甲"
    made.add_paragraph("正文乙")
    made.add_paragraph("列表丙", style="List Number")
    picture = io.BytesIO()
    Image.effect_noise((200, 100), 60).save(picture, "PNG")
    made.add_picture(picture, width=Cm(3))
    made.add_paragraph("末尾丁")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@cache
def book() -> bytes:
    """An .xlsx of two sheets."""
    made = openpyxl.Workbook()
    assert made.active is not None
    made.active["A1"] = "台账"
    made.create_sheet("第二")["A1"] = "第二张"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def damaged(data: bytes, victim: str, how: str) -> bytes:
    """The zip with one member overwritten in its middle, cut short, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        assert victim in old.namelist()
        for name in old.namelist():
            member = old.read(name)
            if name == victim and how == "cut":
                member = member[: len(member) * 2 // 3]
            if name != victim or how != "gone":
                new.writestr(name, member, zipfile.ZIP_DEFLATED)
        entry = next((each for each in new.infolist() if each.filename == victim), None)
    made = bytearray(out.getvalue())
    if how == "overwritten" and entry is not None:
        start = entry.header_offset + 30 + len(victim.encode())
        middle = start + entry.compress_size // 2
        made[middle : middle + 8] = bytes(each ^ 0x55 for each in made[middle : middle + 8])
    return bytes(made)


def treated(data: bytes, suffix: str, folder: Path) -> tuple[TreatmentResult, Path]:
    source, target = folder / f"given{suffix}", folder / f"made{suffix}"
    source.write_bytes(data)
    return treat(source, target, TreatmentRequest(given=True, name="材料", for_print=True)), target


def said(data: bytes, suffix: str, folder: Path) -> str:
    """What is said of broken parts, or "". The document made has only parts that can be read."""
    result, target = treated(data, suffix, folder)
    assert result.understood
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
    return "".join(each.message for each in result.remarks if each.code == BROKEN)


@pytest.mark.parametrize("how", ["overwritten", "cut", "gone"])
@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("word/header1.xml", "页眉"),
        ("word/theme/theme1.xml", "主题的颜色和字体"),
        ("word/fontTable.xml", "字体表"),
        ("word/styles.xml", "样式"),
        ("word/numbering.xml", "自动编号"),
        ("word/settings.xml", "文档设置"),
        ("word/media/image1.png", "图片"),
    ],
)
def test_a_broken_part_beside_the_text_is_left_out_and_named(
    part: str, what: str, how: str, tmp_path: Path
) -> None:
    """The rest is converted. A picture cut short is a part that can still be unpacked."""
    found = said(damaged(document(), part, how), ".docx", tmp_path)
    if (part, how) == ("word/media/image1.png", "cut"):
        assert not found
    else:
        assert f"没有收入：{what}。" in found


@pytest.mark.parametrize("how", ["overwritten", "cut", "gone"])
@pytest.mark.parametrize(
    "part",
    ["docProps/core.xml", "docProps/app.xml", "docProps/thumbnail.jpeg", "customXml/item1.xml"],
)
def test_what_is_not_printed_is_not_missed(part: str, how: str, tmp_path: Path) -> None:
    """Notes on a file are no part of the paper."""
    data = document()
    assert not said(data, ".docx", tmp_path)
    assert not said(damaged(data, part, how), ".docx", tmp_path)


@pytest.mark.parametrize("how", ["overwritten", "cut"])
@pytest.mark.parametrize(
    ("made", "suffix", "part"),
    [
        (document, ".docx", "word/document.xml"),
        (document, ".docx", "word/_rels/document.xml.rels"),
        (document, ".docx", "_rels/.rels"),
        (document, ".docx", "[Content_Types].xml"),
        (book, ".xlsx", "xl/workbook.xml"),
        (book, ".xlsx", "xl/worksheets/sheet2.xml"),
        (book, ".xlsx", "xl/styles.xml"),
    ],
)
def test_broken_text_is_refused(made, suffix: str, part: str, how: str, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """LibreOffice would print a broken worksheet as far as it gets, and dates as numbers."""
    with pytest.raises(FileRefused) as caught:
        treated(damaged(made(), part, how), suffix, tmp_path)
    assert caught.value.code == "attachment-unreadable"
    assert "正文" in caught.value.message


def test_a_worksheet_that_is_not_in_the_file_is_refused(tmp_path: Path) -> None:
    """It would be an empty page."""
    with pytest.raises(FileRefused):
        treated(damaged(book(), "xl/worksheets/sheet2.xml", "gone"), ".xlsx", tmp_path)


def test_a_picture_that_never_was_is_not_missed(tmp_path: Path) -> None:
    """Word and WPS write NULL as the target of a picture that was none."""
    data = document()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            member = old.read(name)
            if name == "word/_rels/document.xml.rels":
                kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
                more = (
                    b'<Relationship Id="n" Type="' + kind + b'" Target="../NULL"/></Relationships>'
                )
                member = member.replace(b"</Relationships>", more)
            new.writestr(name, member)
    assert not said(out.getvalue(), ".docx", tmp_path)


def test_parts_of_opendocument(tmp_path: Path) -> None:
    """Its text is in content.xml; settings may be broken."""
    data = open_package("text", "")
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("settings.xml", "<unfinished")
        archive.writestr("Pictures/one.png", bytes(range(256)), zipfile.ZIP_DEFLATED)
    assert not said(out.getvalue(), ".odt", tmp_path)
    broken = damaged(out.getvalue(), "Pictures/one.png", "overwritten")
    assert "没有收入：图片。" in said(broken, ".odt", tmp_path)
    with pytest.raises(FileRefused):
        treated(damaged(data, "content.xml", "cut"), ".odt", tmp_path)
    with pytest.raises(FileRefused):
        treated(damaged(data, "content.xml", "gone"), ".odt", tmp_path)


def test_opendocument_under_a_password(tmp_path: Path) -> None:
    """It is called encrypted, not damaged."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(open_package("text", ""))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for name in old.namelist():
            member = bytes(64) if name == "content.xml" else old.read(name)
            if name == "META-INF/manifest.xml":
                member = member.replace(
                    b'media-type="text/xml"/>',
                    b'media-type="text/xml"><manifest:encryption-data/></manifest:file-entry>',
                )
            new.writestr(name, member)
    with pytest.raises(FileRefused) as caught:
        treated(out.getvalue(), ".odt", tmp_path)
    assert caught.value.code == "attachment-encrypted"


@needs_office
@pytest.mark.parametrize(
    "part", ["word/header1.xml", "word/media/image1.png", "word/theme/theme1.xml"]
)
@papers_of(lambda part: {"合同.docx": damaged(document(), part, "overwritten")})
def test_the_rest_is_printed(papers: Papers, part: str) -> None:
    """LibreOffice refuses the whole document for a header that it cannot read."""
    facts = papers["合同.docx"]
    text = printed(facts)
    assert "正文乙" in text and "末尾丁" in text and BROKEN in codes(facts)
    assert ("页眉甲" in text) == (part != "word/header1.xml")


NOTE = (
    '<text:p>正文甲<text:note text:id="a" text:note-class="footnote"><text:note-citation>1'
    "</text:note-citation><text:note-body><text:p>脚注乙</text:p></text:note-body></text:note>完</text:p>"
)


def _broken_notes(convert: Converter, how: str) -> dict[str, bytes]:
    data = convert(flat("text", NOTE), ".fodt", "docx")
    return {"合同.docx": damaged(data, "word/footnotes.xml", how)}


@needs_office
@pytest.mark.parametrize("how", ["overwritten", "gone"])
@papers_of(_broken_notes)
def test_a_text_without_its_broken_notes_is_printed(
    papers: Papers,
    how: str,
) -> None:
    facts = papers["合同.docx"]
    assert "正文甲完" in printed(facts) and BROKEN in codes(facts)


def zip64(data: bytes) -> bytes:
    """The zip with 64-bit records for every member and for the directory (APPNOTE 4.3.14)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            with new.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                member.write(old.read(name))
    made = out.getvalue()
    at = made.rfind(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HII", made, at + 10)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, *[0xFFFFFFFF] * 2, 0)
    return made[:at] + record + locator + end


@needs_office
@papers_of(lambda: {"合同.docx": zip64(document())})
def test_a_document_with_records_of_zip64_is_printed(papers: Papers) -> None:
    """Some programs write them for small files too; LibreOffice reads none."""
    assert "正文乙" in printed(papers["合同.docx"])
