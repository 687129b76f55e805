"""Every bound of programme.toml: met it passes, passed by a little it is a finding, in time."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from sjs_forms.intake import office
from tests.intake.conftest import Take, made, refused, saved, seen
from tests.intake.images.test_images import encoded
from tests.intake.office.test_office import needs_office, word_document


def _content_of(size: int, *, filters: int = 1) -> bytes:
    """A page whose content unpacks, through so many filters, to `size` bytes."""
    pdf = made()
    data = b" " * size
    for _ in range(filters):
        data = zlib.compress(data, 9)
    content = Stream(pdf, data)
    content.Filter = Array([Name.FlateDecode] * filters)
    pdf.pages[0].obj.Contents = content
    return saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def _bounded_cases() -> list[Any]:
    small = saved(made())
    picture = encoded(Image.new("L", (400, 500), "white"), "PNG")
    return [
        pytest.param(small, "max_bytes", len(small), id="bytes"),
        pytest.param(saved(made(5)), "max_pages", 5, id="pages"),
        pytest.param(picture, "max_pixels", 200_000, id="pixels"),
        pytest.param(_content_of(100_000), "max_decoded_bytes", 100_000, id="decoded"),
    ]


@pytest.mark.parametrize(("data", "bound", "size"), _bounded_cases())
def test_bounds_are_exact(take: Take, data: bytes, bound: str, size: int) -> None:
    """At the bound a file is taken, one past it is refused with the bound named."""
    assert take(data, **{bound: size}).pages
    refusal = refused(take, data, **{bound: size - 1})
    assert refusal.code == "attachment-too-large"
    assert "上限" in refusal.message


def test_memory_is_bounded(take: Take) -> None:
    """A picture whose pixels do not fit is a finding, and the next file is none the worse."""
    data = encoded(Image.new("RGB", (9000, 9000), "white"), "PNG")
    refusal = refused(take, data, max_memory=400_000_000)
    assert refusal.code == "attachment-too-large"
    assert "内存" in refusal.message
    assert take(saved(made())).pages


def test_seconds_are_bounded(take: Take) -> None:
    """Whatever a file is busy with, its time ends."""
    data = encoded(Image.effect_noise((4000, 5000), 80).convert("RGB"), "PNG", compress_level=1)
    assert refused(take, data, max_seconds=0.4).code == "attachment-timeout"


@pytest.mark.parametrize("filters", [1, 4])
def test_pdf_bombs(take: Take, filters: int) -> None:
    """Each filter more packs a thousand times over."""
    data = _content_of(40_000_000, filters=filters)
    assert len(data) < 100_000
    refusal = refused(take, data, max_decoded_bytes=20_000_000)
    assert refusal.code == "attachment-too-large"


def test_bombs_in_other_filters(take: Take) -> None:
    """Run lengths and predictors unpack as well as Flate does."""
    pdf = made()
    content = Stream(pdf, zlib.compress(b"\x81 " * 400_000))
    content.Filter = Array([Name.FlateDecode, Name.RunLengthDecode])
    pdf.pages[0].obj.Contents = content
    data = saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert refused(take, data, max_decoded_bytes=20_000_000).code == "attachment-too-large"


def test_forms_within_forms_are_survived(take: Take) -> None:
    """Ten forms that each draw the next ten times are ten milliards of squares."""
    pdf = made(1, b"/Fx Do")
    below = Stream(pdf, b"0 0 1 1 re f")
    for _ in range(10):
        below.Type, below.Subtype, below.BBox = Name.XObject, Name.Form, Array([0, 0, 99, 99])
        above = Stream(pdf, b"/Fx Do " * 10)
        above.Resources = Dictionary(XObject=Dictionary(Fx=pdf.make_indirect(below)))
        below = above
    below.Type, below.Subtype, below.BBox = Name.XObject, Name.Form, Array([0, 0, 99, 99])
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Fx=pdf.make_indirect(below)))
    try:
        assert len(take(saved(pdf), max_seconds=5.0).pages) == 1
    except Exception as problem:  # given up, by name, is as good
        assert getattr(problem, "code", "") in ("attachment-timeout", "attachment-too-large")


def _png(width: int, height: int, data: bytes) -> bytes:
    """A PNG that says it has so many pixels, with any data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def test_png_bombs(take: Take) -> None:
    """A header of two milliard pixels, and text that unpacks to more than its picture."""
    refusal = refused(take, _png(50_000, 50_000, b""), name="图.png")
    assert refusal.code == "attachment-too-large" and "像素" in refusal.message
    plain = encoded(Image.new("L", (400, 500), "white"), "PNG")
    text = b"Comment\0\0" + zlib.compress(b"x" * 50_000_000)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + text))
    try:
        assert len(take(plain[:33] + chunk + plain[33:], name="图.png").pages) == 1
    except Exception as problem:
        assert getattr(problem, "code", "").startswith("attachment-")


def _stuffed(size: int) -> bytes:
    """A Word file with a part of so many blanks."""
    out = io.BytesIO(word_document("一"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/blank.xml", b" " * size)
    return out.getvalue()


@needs_office
def test_zip_bombs(take: Take) -> None:
    """A small Word file may unpack to more than the machine has; LibreOffice never sees it."""
    data = _stuffed(30_000_000)
    assert len(data) < 200_000
    refusal = refused(take, data, name="合同.docx", max_decoded_bytes=20_000_000)
    assert refusal.code == "attachment-too-large"
    lying = data.replace(struct.pack("<I", 30_000_000), struct.pack("<I", 30))
    assert lying != data
    try:
        take(lying, name="合同.docx", max_decoded_bytes=20_000_000)
    except Exception as problem:
        assert getattr(problem, "code", "").startswith("attachment-")


@needs_office
def test_linked_files_are_not_fetched(take: Take, tmp_path: Path) -> None:
    """A document may link to a picture or a text on this machine; neither may be shown."""
    picture, text = tmp_path / "secret.png", tmp_path / "secret.txt"
    Image.new("RGB", (200, 200), "red").save(picture)
    text.write_text("geheim geheim", encoding="utf-8")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.text">'
        "<office:body><office:text><text:p>Here "
        '<draw:frame svg:width="8cm" svg:height="8cm" text:anchor-type="as-char">'
        f'<draw:image xlink:href="{picture.as_uri()}"/></draw:frame></text:p>'
        '<text:section text:name="s"><text:section-source '
        f'xlink:href="{text.as_uri()}"/><text:p>old</text:p></text:section>'
        "</office:text></office:body></office:document>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            body.replace("office:document ", "office:document-content ", 1).replace(
                "</office:document>", "</office:document-content>"
            ),
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest='
            '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
            'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
            '<manifest:file-entry manifest:full-path="content.xml" '
            'manifest:media-type="text/xml"/></manifest:manifest>',
        )
    import pypdfium2

    facts = take(packed.getvalue(), name="合同.odt")
    with pypdfium2.PdfDocument(facts.clean) as document:
        words = document[0].get_textpage().get_text_bounded()
    assert "Here" in words and "geheim" not in words
    colours = {colour for _, colour in seen(facts.clean).getcolors(1 << 24)}
    assert (255, 0, 0) not in colours


@needs_office
def test_office_memory_is_bounded(take: Take) -> None:
    """LibreOffice with less memory than it needs ends in a finding."""
    refusal = refused(take, word_document("一"), name="合同.docx", max_memory=400_000_000)
    assert refusal.code == "attachment-unreadable"


def test_unpacked_sizes_are_counted_not_believed(tmp_path: Path) -> None:
    """What an archive says of its sizes is as little believed as a file's name."""
    from sjs_forms.base.findings.file_refusal import FileRefused

    path = tmp_path / "a.docx"
    path.write_bytes(_stuffed(5_000_000))
    office.check_unpacked(path, 6_000_000)
    with pytest.raises(FileRefused):
        office.check_unpacked(path, 4_000_000)
