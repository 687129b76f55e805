"""Every kind of file is told by its content and refused with a step that leads somewhere."""

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image

from sjs_forms.intake.kinds import file_kinds
from sjs_forms.intake.kinds.refused_kinds import refused_type
from tests.intake.conftest import Take, made, refused, saved
from tests.samples import is_chinese_sentence


def zipped(**members: bytes) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def compound(*streams: str, within: str = "") -> bytes:
    """An OLE compound file with these streams at its root, or in a storage of that name."""
    names = ["Root Entry", within, *streams] if within else ["Root Entry", *streams]
    kinds_ = [5, 1] + [2] * len(streams) if within else [5] + [2] * len(streams)
    directory = b""
    for at, (name, kind) in enumerate(zip(names, kinds_, strict=True)):
        child, right = 0xFFFFFFFF, 0xFFFFFFFF
        if at == 0 and len(names) > 1:
            child = 1
        elif within and at == 1 and streams:
            child = 2
        elif at + 1 < len(names):
            right = at + 1
        coded = name.encode("utf-16-le") + b"\0\0"
        entry = coded.ljust(64, b"\0") + len(coded).to_bytes(2, "little") + bytes([kind, 1])
        entry += b"\xff" * 4 + right.to_bytes(4, "little") + child.to_bytes(4, "little")
        entry += bytes(16 + 4 + 16) + (0xFFFFFFFE).to_bytes(4, "little") + bytes(8)
        directory += entry
    directory = directory.ljust(-(-len(directory) // 512) * 512, b"\0")
    sectors = len(directory) // 512
    table = [0xFFFFFFFD] + [at + 2 for at in range(sectors - 1)] + [0xFFFFFFFE]
    fat = b"".join(value.to_bytes(4, "little") for value in table).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
    header += bytes(10) + (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4)
    header += (4096).to_bytes(4, "little") + b"\xfe\xff\xff\xff" + bytes(4)
    header += b"\xfe\xff\xff\xff" + bytes(4) + bytes(4)
    return header.ljust(512, b"\xff") + fat + directory


SHEET = "<table><tr><td>纳税人</td><td>金额</td></tr></table>"
LOGIN = "<html><head><script>x()</script></head><body><table></table><form></form></body></html>"
MHTML = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n<html>"
MAIL = b"Received: by mx\r\nFrom: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
INLINE = MAIL + b"Content-Type: multipart/related; boundary=x\r\n\r\n"

KINDS = [
    ("xps", zipped(**{"[Content_Types].xml": b"<Types/>", "FixedDocSeq.fdseq": b"x"})),
    ("xps", zipped(**{"FixedDocumentSequence.fdseq": b"x", "Documents/1/FixedDoc.fdoc": b""})),
    ("iwork", zipped(**{"Index/Document.iwa": b"x"})),
    ("iwork", zipped(**{"Index.zip": b"x", "preview.jpg": b""})),
    ("iwork", zipped(**{"index.apxl": b"x"})),
    ("iwork", zipped(**{"index.xml": b"x", "buildVersionHistory.plist": b"x"})),
    ("visio", zipped(**{"[Content_Types].xml": b"", "visio/document.xml": b""})),
    ("ebook", zipped(**{"mimetype": b"application/epub+zip", "META-INF/container.xml": b""})),
    ("program", zipped(**{"AndroidManifest.xml": b""})),
    *(("ofd", zipped(**{name: b"", "x": b""})) for name in ("OFD.xml", "ofd.XML", "/OFD.xml")),
    ("ofd", zipped(**{"\\OFD.xml": b""})),
    ("zip", zipped(**{"合同.pdf": b"%PDF-"})),
    ("office", zipped(**{"[Content_Types].xml": b"", "word/document.xml": b""})),
    ("rar", b"Rar!\x1a\x07\x01\0" + bytes(50)),
    ("archive", b"7z\xbc\xaf\x27\x1c" + bytes(50)),
    ("archive", b"\x1f\x8b\x08" + bytes(50)),
    ("archive", b"MSCF" + bytes(50)),
    ("archive", b"a.pdf".ljust(257, b"\0") + b"ustar\0" + bytes(300)),
    ("archive", b"\x20\x00-lh5-" + bytes(50)),
    ("archive", bytes(32768) + b"\x01CD001\x01" + bytes(2000)),
    ("hollow", bytes(5000)),
    ("web-archive", MHTML),
    ("web-archive", b"From: <Saved by Blink>\nSnapshot-Content-Location: http://x\nSubject: y\n\n"),
    ("mail", INLINE),
    ("mail", MAIL + b"\r\nbody"),
    ("mail", b"From a@b.cn Mon Mar  3 2025\n" + MAIL + b"\n"),
    ("html", b"<!DOCTYPE html><html><body>login</body></html>"),
    ("html", LOGIN.encode()),
    ("html", LOGIN.encode("utf-16")),
    ("html-table", SHEET.encode("gbk")),
    ("html-table", f"\ufeff<html><head><meta/></head><body>{SHEET}".encode()),
    ("html-table", b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><head></head>"),
    ("office", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>'),
    (
        "office",
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
    ),
    ("invoice", b'<?xml version="1.0" encoding="UTF-8"?><EInvoice><Header/></EInvoice>'),
    ("invoice", b"<EInvoice><a/></EInvoice>"),
    ("invoice", '<?xml version="1.0" encoding="GBK"?><电子发票/>'.encode("gbk")),
    ("xml", b'<?xml version="1.0"?><data><row/></data>'),
    ("vector", b'<?xml version="1.0"?><!-- x --><svg xmlns="http://www.w3.org/2000/svg"/>'),
    ("vector", b"%!PS-Adobe-3.0"),
    ("shortcut", bytes.fromhex("4c0000000114020000000000c000000000000046") + bytes(90)),
    ("shortcut", b"[InternetShortcut]\r\nURL=http://x/\r\n"),
    ("shortcut", b"[Desktop Entry]\nType=Link\nURL=http://x/\n"),
    ("shortcut", b'<?xml version="1.0"?><plist><dict><key>URL</key><string>x</string></dict>'),
    ("shortcut", b"bplist00\xd1\x01\x02SURL_\x10\x10http://x"),
    ("shortcut", b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}'),
    ("cloud", b"bplist00" + bytes(90)),
    ("cloud", b"bplist00\xd2\x01\x02_\x10\x12NSURLNameKey" + bytes(90)),
    ("apple", b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X"),
    ("text", "租赁合同\n第一条\n".encode()),
    ("text", "租赁合同\n第一条\n".encode("gb18030")),
    ("table", "姓名,金额,日期\n甲,1,2\n乙,2,3\n".encode("gbk")),
    ("table", "姓名\t金额\n甲\t1\n乙\t2\n".encode("utf-16")),
    ("cad", b"AC1032\0\0\0\0\0" + bytes(90)),
    ("cad", b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n"),
    ("cnki", b"CAJ\0" + bytes(90)),
    ("cnki", b"KDH 2.00" + bytes(90)),
    ("ebook", b"AT&TFORM" + bytes(90)),
    ("media", b"\0\0\0\x18ftypisom" + bytes(90)),
    ("media", b"ID3\x03" + bytes(90)),
    ("media", b"RIFF\0\0\0\0AVI LIST"),
    ("media", b"#!AMR\n" + bytes(90)),
    ("program", b"#!/bin/sh\n"),
    ("program", b"MZ\x90\0" + bytes(90)),
    ("font", b"\0\1\0\0\0\x12" + bytes(90)),
    ("font", b"OTTO" + bytes(90)),
    ("data", b"SQLite format 3\0" + bytes(90)),
    ("data", b"\0\1\0\0Standard Jet DB\0"),
    ("design", b"8BPS" + bytes(90)),
    ("note", bytes.fromhex("e4525c7b8cd8a74d") + bytes(90)),
    ("printer", b"\x1b%-12345X@PJL\n" + bytes(90)),
    ("torrent", b"d8:announce30:http://x"),
    ("key", b"-----BEGIN CERTIFICATE-----\nMIIB\n"),
    ("key", b"-----BEGIN RSA PRIVATE KEY-----\nMIIB\n"),
    ("key", bytes.fromhex("3082 0a51 020103 3082") + bytes(90)),
    ("key", bytes.fromhex("3082 0351 3082 0239 a003") + b"\x06\x03\x55\x04\x06" + bytes(90)),
    ("signed", bytes.fromhex("3082 0a51 06092a864886f70d010702") + bytes(90)),
    ("signed", b"-----BEGIN PKCS7-----\nMIIB\n"),
    ("protected", bytes.fromhex("3082 0a51 06092a864886f70d010703") + bytes(90)),
    ("protected", b"b\x14#e\x00\x05" + bytes(90)),
    ("protected", b"\x00\x01\x02E-SafeNet\0\0LOCK" + bytes(90)),
    ("protected", b"%TSD-Header-###%" + bytes(90)),
    ("protected", b"SCDSA002" + bytes(90)),
    ("protected", b"\x9b DRMONE  This Document is encrypted" + bytes(90)),
    ("protected", b".pfile\0\0" + bytes(90)),
    ("protected", compound("EncryptedPackage", "DRMEncryptedTransform")),
    ("protected", compound("DRMEncryptedDataSpace", within="\x06DataSpaces")),
    ("protected", compound("WordDocument", "\tDRMContent")),
    ("office-encrypted", compound("EncryptionInfo", "EncryptedPackage")),
    ("office", compound("WordDocument", "1Table")),
    ("office", compound("Workbook")),
    ("visio", compound("VisioDocument")),
    ("publisher", compound("Contents", "Quill")),
    ("mail", compound("__properties_version1.0")),
    ("word-processor", compound("FileHeader", "\x05HwpSummaryInformation")),
    ("unknown", compound("Something")),
    ("unknown", bytes(range(256)) * 20),
    ("pdf", b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n"),
    ("pdf", b"\x1b%-12345X@PJL\n%PDF-1.4\n"),
    ("pdf", MAIL + b"\n" + b"x\n" * 2000 + b"%PDF-1.4\n"),
]


@pytest.mark.parametrize(("kind", "data"), KINDS)
def test_a_kind_is_told_by_content(tmp_path: Path, kind: str, data: bytes) -> None:
    path = tmp_path / "合同.pdf"
    path.write_bytes(data)
    assert file_kinds.kind_of(path) == kind


def test_every_kind_that_is_told_has_advice_of_its_own() -> None:
    taken = {"pdf", "image", "office", "ofd"}
    told = {kind for kind, _ in KINDS} - taken - {"office-encrypted", "unknown"}
    general = refused_type("unknown")
    for kind in told:
        refusal = refused_type(kind)
        assert refusal.message != general.message, kind
        assert is_chinese_sentence(refusal.remedy)


def test_what_is_embedded_in_an_office_document_does_not_make_it_another_kind(
    tmp_path: Path,
) -> None:
    """A Word document with a Visio drawing, or that only speaks of Quill, is a Word document."""
    path = tmp_path / "合同.doc"
    data = compound("WordDocument", "Pool") + "VisioDocument Quill DRMContent".encode("utf-16-le")
    path.write_bytes(data)
    assert file_kinds.kind_of(path) == "office"
    path.write_bytes(compound("VisioDocument", within="ObjectPool"))
    assert file_kinds.kind_of(path) == "unknown"


def test_the_names_in_a_damaged_compound_file_are_found_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "合同.doc"
    whole = compound("WordDocument", "1Table")
    path.write_bytes(whole[:512] + b"\xff" * 512 + whole[1024:])
    assert file_kinds.kind_of(path) == "office"


@pytest.mark.parametrize("kind", ["zip", "rar", "archive"])
def test_an_archive_is_to_be_unpacked_where_it_lies_and_taken_away(kind: str) -> None:
    remedy = refused_type(kind).remedy
    assert "把它解压" in remedy
    assert "压缩包移走" in remedy


# Protected PDFs


@pytest.mark.parametrize(
    "handler", ["Adobe.PubSec", "FoxitRMS", "EBX_HANDLER", "MicrosoftIRMServices", "Unheard.Of"]
)
def test_a_security_handler_of_its_own_is_protection_and_no_damage(
    take: Take, handler: str
) -> None:
    rules = pikepdf.Encryption(owner="owner", user="", R=4, aes=True)
    data = saved(made(3), encryption=rules).replace(
        b"/Filter /Standard", b"/Filter /" + handler.encode()
    )
    assert refused(take, data).code == "attachment-protected"


def wrapper(names: bool = True, **of_file: object) -> bytes:
    """A page that says the document is protected, round an embedded file."""
    pdf = made(1)
    payload = pdf.make_indirect(Stream(pdf, b"\x01" * 500))
    file = pdf.make_indirect(
        Dictionary(Type=Name.Filespec, F="x.pdf", UF="x.pdf", EF=Dictionary(F=payload))
    )
    for key, value in of_file.items():
        file[f"/{key}"] = value
    if names:
        tree = Dictionary(Names=Array([pikepdf.String("x.pdf"), file]))
        pdf.Root.Names = Dictionary(EmbeddedFiles=tree)
    else:
        pdf.Root.AF = Array([file])
    return saved(pdf)


@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize(
    "of_file",
    [
        {"AFRelationship": Name.EncryptedPayload},
        {"EP": Dictionary(Type=Name.EncryptedPayload, Subtype=Name.MicrosoftIRMServices)},
        {"UF": "MicrosoftIRMServices Protected PDF.pdf"},
    ],
)
def test_the_page_of_a_wrapper_is_never_taken_for_the_paper(
    take: Take, of_file: dict[str, object], names: bool
) -> None:
    assert refused(take, wrapper(names, **of_file)).code == "attachment-protected"


def test_a_notice_round_an_embedded_file_is_no_paper_even_without_a_mark(take: Take) -> None:
    pdf = Pdf.open(io.BytesIO(wrapper()))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=font))
    text = b"BT /F1 12 Tf 50 700 Td (This PDF document is protected.) Tj ET"
    pdf.pages[0].obj.Contents = Stream(pdf, text)
    assert refused(take, saved(pdf)).code == "attachment-protected"


def test_a_paper_with_a_file_in_it_is_a_paper(take: Take) -> None:
    """Invoices carry their data as an embedded file."""
    facts = take(wrapper(AFRelationship=Name.Data))
    assert len(facts.pages) == 1
    assert [remark.code for remark in facts.remarks] == ["attachment-embedded-files"]


def test_an_ofd_that_was_cut_short_is_still_known(tmp_path: Path) -> None:
    """It is to be downloaded anew, not unpacked."""
    path = tmp_path / "发票.ofd"
    path.write_bytes(zipped(**{"Doc_0/Document.xml": b"x" * 50, "OFD.xml": b"x" * 50})[:160])
    assert file_kinds.kind_of(path) == "ofd"
    path.write_bytes(zipped(**{"合同.txt": b"OFD.xml" * 50})[:160])
    assert file_kinds.kind_of(path) == "zip"


def test_a_long_ofd_is_known_by_its_last_member(tmp_path: Path) -> None:
    """Some writers put OFD.xml behind all pages."""
    pages = {f"Doc_0/Pages/Page_{at}/Content.xml": b"" for at in range(6_000)}
    path = tmp_path / "长.ofd"
    path.write_bytes(zipped(**pages, **{"OFD.xml": b""}))
    assert file_kinds.kind_of(path) == "ofd"


@pytest.mark.parametrize(
    "form", ["JPEG", "MPO", "PNG", "GIF", "BMP", "TIFF", "WEBP", "JPEG2000", "AVIF"]
)
def test_every_picture_format_is_recognised_by_its_first_bytes(tmp_path: Path, form: str) -> None:
    path = tmp_path / "名片"
    Image.new("RGB", (8, 8)).save(path, form)
    assert file_kinds.kind_of(path) == "image"
