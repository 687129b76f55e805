"""Office documents made on the spot: by hand where that is short, else by LibreOffice."""

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
import olefile
import openpyxl
import pypdfium2
from docx.oxml import parse_xml

from sjs_forms.domain.installed_notices import load_programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake import office

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = f'xmlns:w="{W}"'
BY = 'w:author="某人" w:date="2024-01-01T00:00:00Z"'


def printed(facts: SourceFacts) -> str:
    """The text of the clean PDF without blanks, as PDFium reads it."""
    with pypdfium2.PdfDocument(facts.clean) as pdf:
        pages = [page.get_textpage().get_text_bounded() for page in pdf]
    return "".join("".join(pages).split())


def codes(facts: SourceFacts) -> set[str]:
    """The codes of what is said of an attachment."""
    return {remark.code for remark in facts.remarks}


def field(instruction: str, result: str) -> str:
    """The runs of a complex field, its result in a run of its own."""
    parts = (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {instruction} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{result}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def word(*paragraphs: str, header: str = "") -> bytes:
    """A .docx of paragraphs and tables given as XML; `header` is the XML of runs."""
    document = docx.Document()
    end = document.element.body[-1]
    for paragraph in paragraphs:
        outer = parse_xml(f"<w:body {NS}>{paragraph}</w:body>")
        for child in list(outer):
            end.addprevious(child)
    if header:
        place = document.sections[0].header.paragraphs[0]._p
        for child in list(parse_xml(f"<w:p {NS}>{header}</w:p>")):
            place.append(child)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def p(inner: str, properties: str = "") -> str:
    """A paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def repacked(data: bytes, change: Mapping[str, tuple[str, str]]) -> bytes:
    """A zip in which, in each named member, a pattern is replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            member = old.read(name)
            if name in change:
                pattern, instead = change[name]
                text, count = re.subn(pattern, instead, member.decode(), flags=re.S)
                assert count, f"{pattern} is not in {name}"
                member = text.encode()
            new.writestr(name, member)
    return out.getvalue()


def converted(data: bytes, suffix: str, kind: str, folder: Path) -> bytes:
    """A document in another format, by LibreOffice as it is."""
    source = folder / f"made{suffix}"
    source.write_bytes(data)
    return office.convert([source], folder, load_programme().intake, kind)[0].read_bytes()


def workbook(cells: Mapping[str, object], results: Mapping[str, str] = {}, **how: str) -> bytes:
    """An .xlsx of one sheet, 台账; `results` are what is stored for formulas.

    `how` may give `header`, `orientation` and `area`.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "台账"
    for place, value in cells.items():
        sheet[place] = value
    if "header" in how:
        sheet.oddHeader.center.text = how["header"]
    if "orientation" in how:
        sheet.page_setup.orientation = how["orientation"]
    if "area" in how:
        sheet.print_area = how["area"]
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    for place, result in results.items():
        kind = "" if re.fullmatch(r"[\d.]+", result) else ' t="str"'
        pattern = rf'(<c r="{place}"[^>]*?)>(<f>[^<]*</f>)<v\s*/?>(?:</v>)?'
        data = repacked(
            data, {"xl/worksheets/sheet1.xml": (pattern, rf"\1{kind}>\2<v>{result}</v>")}
        )
    return data


def with_stored_numbers(data: bytes, number: float) -> bytes:
    """An .xls whose formulas all have the same number for a result."""
    written = io.BytesIO(data)
    with olefile.OleFileIO(written, write_mode=True) as container:
        stream = bytearray(container.openstream("Workbook").read())
        at = 0
        while at + 4 <= len(stream):
            kind, length = struct.unpack_from("<HH", stream, at)
            if kind == 6:
                struct.pack_into("<d", stream, at + 10, number)
            at += 4 + length
        container.write_stream("Workbook", bytes(stream))
    return written.getvalue()


def with_date_fields(data: bytes, kind: int = 31, kind_in_header: int = 31) -> bytes:
    """A .doc whose MERGEFIELD fields (59) are made DATE (31) or others, with the same results."""
    written = io.BytesIO(data)
    with olefile.OleFileIO(written, write_mode=True) as container:
        main = container.openstream("WordDocument").read()
        name = "1Table" if struct.unpack_from("<H", main, 10)[0] & 0x200 else "0Table"
        table = bytearray(container.openstream(name).read())
        for pair in (16, 17):
            offset, size = struct.unpack_from("<II", main, 0x9A + 8 * pair)
            begin = offset + 4 * ((size - 4) // 6 + 1)
            for at in range(begin, offset + size, 2):
                if table[at] & 0x1F == 0x13 and table[at + 1] == 59:
                    table[at + 1] = kind if pair == 16 else kind_in_header
        container.write_stream(name, bytes(table))
    return written.getvalue()


_OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"'
)


def flat(kind: str, body: str, styles: str = "") -> bytes:
    """A flat OpenDocument file of a kind: text, spreadsheet or presentation."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_OPEN} '
        f'office:mimetype="application/vnd.oasis.opendocument.{kind}">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()


def open_package(kind: str, body: str, styles: str = "") -> bytes:
    """The same as a package: .odt, .ods or .odp."""
    content = (
        flat(kind, body, styles).decode().replace("office:document ", "office:document-content ")
    )
    content = content.replace("</office:document>", "</office:document-content>")
    content = re.sub(r' office:mimetype="[^"]*"', "", content)
    mime = f"application/vnd.oasis.opendocument.{kind}"
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", mime)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest "
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f"{entry.format('/', mime)}{entry.format('content.xml', 'text/xml')}"
            "</manifest:manifest>",
        )
    return out.getvalue()
