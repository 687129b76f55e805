"""Which files are taken at all: by content, within bounds, with a password or without."""

import io
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from tests.intake.clean.test_plain_page import alike
from tests.intake.conftest import SHOWN, Take, assert_plain, made, refused, saved
from tests.intake.images.test_images import encoded, scene


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, saved(made()))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"MZ\x90\0" + bytes(200), "程序"),
        (b"\x7fELF" + bytes(200), "程序"),
        ("租赁合同\n第一条".encode(), "纯文本"),
        ("租赁合同\n第一条".encode("gb18030"), "纯文本"),
        (b"<!DOCTYPE html><html><body>login</body></html>", "网页"),
        (_zip("合同.pdf"), "ZIP"),
        (b"Rar!\x1a\x07\x01\0" + bytes(100), "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(100), "压缩包"),
        (bytes(range(256)), "类型"),
    ],
)
def test_types_are_told_by_content(take: Take, data: bytes, word: str) -> None:
    """Whatever it is called, each type is refused with its own advice."""
    refusal = refused(take, data, name="合同.pdf")
    assert refusal.code == "attachment-type"
    assert word in refusal.message + refusal.remedy


def test_a_picture_called_pdf_is_taken(take: Take) -> None:
    """People rename files to get past upload forms."""
    assert len(take(encoded(scene(), "JPEG"), name="合同.pdf").pages) == 1
    assert len(take(saved(made(2)), name="合同.jpg").pages) == 2


def test_empty_and_missing(take: Take, tmp_path: object) -> None:
    """A download that failed leaves no bytes; a typing error no file."""
    assert refused(take, b"").code == "attachment-empty"
    assert refused(take, Path(str(tmp_path)) / "没有.pdf").code == "attachment-unreadable"


def test_no_pages(take: Take) -> None:
    """A PDF may be whole and hold nothing."""
    assert refused(take, saved(Pdf.new())).code == "attachment-empty"


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_passwords(take: Take, revision: int) -> None:
    """Banks lock their PDFs: some for opening, most only against changes."""
    rules = pikepdf.Encryption(
        owner="主人" if revision > 4 else "owner",
        user="8888",
        R=revision,
        aes=revision > 3,
        metadata=revision > 3,
    )
    locked = saved(made(2), encryption=rules)
    assert refused(take, locked).code == "attachment-encrypted"
    assert "不对" in refused(take, locked, password="1234").message
    facts = take(locked, password="8888")
    assert len(facts.pages) == 2
    assert_plain(facts)
    with pikepdf.open(facts.clean) as clean:
        assert not clean.is_encrypted
    open_to_all = pikepdf.Encryption(
        owner="x", user="", R=revision, aes=revision > 3, metadata=revision > 3
    )
    data = saved(made(3), encryption=open_to_all)
    assert len(take(data).pages) == 3
    assert len(take(data, password="beside the point").pages) == 3


def test_bounds(take: Take) -> None:
    """Every bound is a refusal that says which, how much it is and how much is allowed."""
    data = saved(made(5))
    refusal = refused(take, data, max_pages=4)
    assert refusal.code == "attachment-too-large"
    assert "5 页" in refusal.message and "4 页" in refusal.message
    assert "MB" in refused(take, data, max_bytes=100).message
    pdf = made()
    image = Stream(pdf, b"\0")
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 10**5, 10**5
    image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 8
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Im=image))
    assert "像素" in refused(take, saved(pdf)).message


def test_decompression_bombs(take: Take) -> None:
    """Kilobytes of content may unpack to gigabytes, twice over."""
    bomb = zlib.compress(zlib.compress(b" " * 300_000_000))
    pdf = made()
    content = Stream(pdf, bomb)
    content.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    pdf.pages[0].obj.Contents = content
    data = saved(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    assert len(data) < 400_000
    refusal = refused(take, data, max_decoded_bytes=100_000_000)
    assert refusal.code == "attachment-too-large"
    assert "60 MB" in refusal.message


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: data.rindex(b"startxref")],
        lambda data: data.replace(b"startxref\n", b"startxref\n9"),
        lambda data: b"HTTP/1.1 200 OK\r\n\r\n" + data,
        lambda data: data.replace(b"%PDF-1.", b"%XYZ-1."),
        lambda data: data + b"\0" * 3000,
        lambda data: data.replace(b"/Count 3", b"/Count 9"),
    ],
)
def test_damage_is_repaired(take: Take, damage: object) -> None:
    """Mail, portals and bad sticks cut files, prefix them and break their tables."""
    data = saved(made(3), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    facts = take(damage(data))  # type: ignore[operator]
    assert len(facts.pages) == 3
    assert_plain(facts)
    for remark in facts.remarks:
        assert SHOWN in remark.message


def test_what_nobody_can_read(take: Take) -> None:
    """A header alone makes no document."""
    assert refused(take, b"%PDF-1.7\n" + b"rubbish " * 99).code == "attachment-unreadable"


def test_pages_that_only_pypdf_sees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it reads pages but stumbles when it copies them, what they are drawn of is kept."""
    import pypdf

    from sjs_forms.intake.clean import readers

    def stumble(*_: object, **__: object) -> None:
        raise ValueError("Invalid page object")

    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    source.write_bytes(saved(made(3)))
    monkeypatch.setattr(pypdf.PdfWriter, "append", stumble)
    real = pypdf.PdfWriter.add_page

    def add_page(writer: pypdf.PdfWriter, page: pypdf.PageObject, *others: object) -> object:
        return stumble() if page.indirect_reference else real(writer, page)

    monkeypatch.setattr(pypdf.PdfWriter, "add_page", add_page)
    readers.rewrite_by_pypdf(source, target, None)
    alike(source, target, 3)
