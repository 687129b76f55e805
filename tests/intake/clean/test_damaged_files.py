"""Damaged files: bound with every page that lacks something named, or refused by name."""

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name, Pdf, Stream
from PIL import Image, ImageFile

from sjs_forms import intake
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.clean import page_likeness, readers, repair
from sjs_forms.intake.clean.page_tree import StatedPages
from sjs_forms.intake.clean.strict_reopening import check_reopens
from sjs_forms.intake.picture_data.picture_streams import is_whole
from sjs_forms.pdf.damage import Damaged
from tests.font_files import composite, sheet
from tests.intake.conftest import Take, made, refused, saved

PAGES = 6
FLAT = pikepdf.ObjectStreamMode.disable


def _codes(facts: SourceFacts) -> list[str]:
    return [remark.code for remark in facts.remarks]


def _named(facts: SourceFacts, code: str) -> list[int]:
    """The page numbers that the remark of this code names."""
    for remark in facts.remarks:
        if remark.code == code:
            told = re.search(r"第 ([\d–、]+) 页", remark.message)
            assert told
            runs = [run.partition("–") for run in told.group(1).split("、")]
            return [at for a, _, b in runs for at in range(int(a), int(b or a) + 1)]
    return []


def _looks(data: bytes | Path) -> list[Image.Image]:
    with pypdfium2.PdfDocument(data) as document:
        return [page_likeness.drawn(page) for page in document]


def _image(pdf: Pdf, data: bytes, **entries: Any) -> Stream:
    image = Stream(pdf, data)
    image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceRGB
    image.BitsPerComponent, image.Width, image.Height = 8, 120, 160
    for key, value in entries.items():
        image[f"/{key}"] = value
    return image


def _noise() -> Image.Image:
    return Image.effect_noise((120, 160), 90).convert("RGB")


def _jpeg() -> bytes:
    data = io.BytesIO()
    _noise().save(data, "JPEG", quality=90)
    return data.getvalue()


def _contract() -> Pdf:
    """Pages of drawing, text and a picture each, which share a font; the catalogue stands first."""
    pdf = Pdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for number in range(PAGES):
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        image = _image(pdf, _jpeg(), Filter=Name.DCTDecode)
        page.Resources = Dictionary(
            Font=Dictionary(F=font), XObject=Dictionary(I=pdf.make_indirect(image))
        )
        page.Contents = Stream(
            pdf,
            f"0 g 50 700 {60 * (number + 1)} 40 re f q 200 0 0 300 50 300 cm /I Do Q "
            f"BT /F 40 Tf 50 200 Td (Page {number + 1}) Tj ET".encode(),
        )
    return pdf


@pytest.mark.parametrize("share", [*range(30, 100, 5), 97, 99])
def test_every_page_of_a_file_cut_short_is_as_it_was_or_named(share: int, take: Take) -> None:
    """Wherever it ends; and what is kept opens without complaint."""
    whole = saved(_contract(), object_stream_mode=FLAT, static_id=True)
    before = _looks(whole)
    try:
        facts = take(whole[: len(whole) * share // 100])
    except intake.FileRefused as refusal:
        assert refusal.code == "attachment-unreadable"
        return
    check_reopens(facts.clean, len(facts.pages))
    lost = _named(facts, "attachment-pages-lost")
    named = {
        *_named(facts, "attachment-pages-blank"),
        *_named(facts, "attachment-pages-incomplete"),
    }
    kept = [number for number in range(1, PAGES + 1) if number not in lost]
    assert len(facts.pages) == len(kept)
    for place, (number, after) in enumerate(zip(kept, _looks(facts.clean), strict=True), start=1):
        differs = page_likeness.difference(before[number - 1], after).mean > 0.1
        assert not differs or place in named
    assert "attachment-repaired" in _codes(facts)


@pytest.mark.parametrize("mode", [FLAT, pikepdf.ObjectStreamMode.generate])
@pytest.mark.parametrize("share", [45, 50, 60, 75, 90, 95, 99])
def test_a_linearized_file_cut_short_names_every_page_it_stated(
    share: int, mode: Any, take: Take
) -> None:
    """Its head states the pages, which a repair that finds fewer does not know (F.3.3)."""
    whole = saved(_contract(), object_stream_mode=mode, linearize=True, static_id=True)
    try:
        facts = take(whole[: len(whole) * share // 100])
    except intake.FileRefused as refusal:
        assert refusal.code == "attachment-unreadable"
        return
    lost = _named(facts, "attachment-pages-lost")
    assert len(facts.pages) + len(lost) == PAGES
    assert not lost or f"{len(facts.pages)} 页都在" not in "".join(
        remark.message for remark in facts.remarks
    )


@pytest.mark.parametrize("lost", [30, 200])
def test_no_update_is_missed_in_a_linearized_file_that_had_none(lost: int, take: Take) -> None:
    """Its first %%EOF comes long before its end (F.3.4)."""
    whole = saved(_contract(), object_stream_mode=FLAT, linearize=True, static_id=True)
    facts = take(whole[:-lost])
    assert "attachment-repaired" in _codes(facts)
    assert "最后一次保存" not in "".join(remark.message for remark in facts.remarks)


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\0\0"])
def test_a_file_of_two_joined_end_to_end_says_that_one_is_missing(
    take: Take, between: bytes
) -> None:
    """Joined by `copy /b`: readers show the last, and count its pages alone."""
    facts = take(saved(made(2)) + between + saved(made(3)))
    told = [one.message for one in facts.remarks if one.code == "attachment-pages-lost"]
    assert len(told) == 1
    assert "2 份 PDF" in told[0] and f"{len(facts.pages)} 页" in told[0]


def test_a_pdf_within_a_pdf_and_a_saved_change_are_no_second_file(take: Take) -> None:
    pdf = made(2)
    pdf.attachments["a.pdf"] = saved(made(1)) + b"\n"
    whole = saved(pdf, compress_streams=False)
    update = b"9 0 obj\n<< >>\nendobj\nxref\n0 0\ntrailer\n<< >>\nstartxref\n0\n%%EOF\n"
    for data in (whole, saved(made(2)) + update):
        assert "首尾相接" not in "".join(one.message for one in take(data).remarks)


def test_a_modern_file_without_its_end_is_called_incomplete(take: Take) -> None:
    """Its objects lie in streams that only its last part tells of."""
    whole = saved(_contract(), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert "末尾缺失" in refused(take, whole[:-100]).message


def test_a_file_cut_in_its_last_table_has_all_pages_and_says_so(take: Take) -> None:
    """Nothing but the table of objects is lost."""
    facts = take(saved(_contract(), object_stream_mode=FLAT)[:-200])
    assert _codes(facts) == ["attachment-repaired"]
    assert f"文件所记的 {PAGES} 页都在" in facts.remarks[0].message


def test_changes_that_were_cut_off_are_told_of(take: Take) -> None:
    """What was saved last is not there; what was before it is."""
    whole = saved(_contract(), object_stream_mode=FLAT)
    facts = take(whole + b"\n99 0 obj\n<< /Type /Annot /Subtype /Stamp /Rect [0 0 ")
    assert "attachment-update-lost" in _codes(facts)


@pytest.mark.parametrize("spoil", [b"/Size", b"%PDF-"])
def test_what_only_a_tolerant_reader_opens_is_not_kept(spoil: bytes, tmp_path: Path) -> None:
    """The check that every clean PDF passes refuses it."""
    path = tmp_path / "a.pdf"
    data = saved(made(2))
    path.write_bytes(data)
    check_reopens(path, 2)
    with pytest.raises(Damaged):
        check_reopens(path, 3)
    path.write_bytes(data.replace(spoil, b"/Xize" if spoil == b"/Size" else b"%XXX-"))
    with pytest.raises(Damaged):
        check_reopens(path, 2)


@pytest.mark.parametrize(
    "problem", [ZeroDivisionError, RecursionError, MemoryError, OSError, KeyError]
)
def test_whatever_one_reader_stumbles_over_the_next_one_takes_its_turn(
    problem: type[Exception],
    tmp_path: Path,
    limits: IntakeLimits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An exception of any kind, raised while qpdf reads the file itself."""
    job = repair.RepairJob(tmp_path / "a.pdf", tmp_path / "clean.pdf", None, limits)
    job.source.write_bytes(saved(made(2)))
    read_all = readers.read_all

    def stumbling(pdf: Pdf) -> None:
        if Path(pdf.filename) == job.source:
            raise problem("as a library would")
        read_all(pdf)

    monkeypatch.setattr(readers, "read_all", stumbling)
    steps: list[str] = []
    assert len(repair.take_in_pdf(job, steps.append).pages) == 2
    assert steps[-2:] == ["qpdf", "pypdf"]


def test_what_the_machine_lacks_is_not_taken_for_damage(
    tmp_path: Path, limits: IntakeLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk stops all readers."""
    job = repair.RepairJob(tmp_path / "a.pdf", tmp_path / "clean.pdf", None, limits)
    job.source.write_bytes(saved(made(2)))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(readers, "read_all", full)
    with pytest.raises(OSError, match="No space"):
        repair.take_in_pdf(job, lambda _: None)


def _raw(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1, of which the first is the catalogue."""
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(data) + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(data))
    )


def _page(parent: int, content: bytes = b"/Contents 10 0 R") -> bytes:
    return b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Resources 11 0 R %b >>" % (
        parent,
        content,
    )


def _tree(root: bytes, first: bytes, second: bytes, third: bytes = _page(3)) -> bytes:
    """Five pages in a tree of two levels: 5, 6, 7 in node 3, and 8, 9 in node 4."""
    pages = [_page(3), third, _page(3), _page(4), _page(4)]
    bar = b"0 g 50 700 300 40 re f"
    return _raw(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%b] >>" % root,
            b"<< /Type /Pages /Parent 2 0 R /Kids [%b] >>" % first,
            b"<< /Type /Pages /Parent 2 0 R /Kids [%b] >>" % second,
            *pages,
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(bar), bar),
            b"<< >>",
        ]
    )


ROOT, FIRST, SECOND = (
    b"3 0 R 4 0 R] /Count 5",
    b"5 0 R 6 0 R 7 0 R] /Count 3",
    b"8 0 R 9 0 R] /Count 2",
)


@pytest.mark.parametrize(
    ("data", "promise"),
    [
        (_tree(ROOT, FIRST, SECOND), StatedPages(5)),
        (_tree(ROOT, b"5 0 R null 7 0 R] /Count 3", SECOND), StatedPages(5, (2,))),
        (_tree(ROOT, b"5 0 R 99 0 R 7 0 R] /Count 3", SECOND), StatedPages(5, (2,))),
        (_tree(b"99 0 R 4 0 R] /Count 5", FIRST, SECOND), StatedPages(5, (1, 2, 3))),
        (_tree(b"3 0 R 4 0 R] /Count 7", FIRST, SECOND), StatedPages(7, (6, 7))),
        (
            _tree(b"3 0 R 4 0 R] /Count 6", b"5 0 R 6 0 R 7 0 R] /Count 4", SECOND),
            StatedPages(6, (4,)),
        ),
        (_tree(ROOT, FIRST, b"8 0 R 9 0 R 2 0 R] /Count 2"), StatedPages(5)),
    ],
)
def test_what_a_page_tree_promises_is_read_off_before_it_is_repaired(
    data: bytes, promise: StatedPages, take: Take, limits: IntakeLimits, tmp_path: Path
) -> None:
    """And the user is told the numbers of the pages that are not there."""
    path = tmp_path / "tree.pdf"
    path.write_bytes(data)
    assert repair.expected_pages(repair.RepairJob(path, path, None, limits))[1] == promise
    facts = take(path)
    assert _named(facts, "attachment-pages-lost") == list(promise.lost)
    assert len(facts.pages) == promise.pages - len(promise.lost)


def _broken_content(pdf: Pdf, page: Any) -> None:
    page.Contents = pdf.make_indirect(Stream(pdf, b"no deflated data"))
    page.Contents.Filter = Name.FlateDecode


def _missing_picture(pdf: Pdf, page: Any) -> None:
    page.Resources = Dictionary(XObject=Dictionary())
    page.Contents = Stream(pdf, b"q 500 0 0 700 50 50 cm /I Do Q")


def _broken_picture(pdf: Pdf, page: Any) -> None:
    image = _image(pdf, b"no picture", Filter=Name.DCTDecode)
    page.Resources = Dictionary(XObject=Dictionary(I=pdf.make_indirect(image)))
    page.Contents = Stream(pdf, b"q 500 0 0 700 50 50 cm /I Do Q")


def test_a_page_whose_content_is_not_there_is_named(take: Take) -> None:
    """Its /Contents lead nowhere, or one of several does, or its resources or its box do."""
    lost = (b"/Contents 99 0 R", b"/Contents [99 0 R]")
    for content in lost:
        facts = take(_tree(ROOT, FIRST, SECOND, _page(3, content)))
        assert _named(facts, "attachment-pages-blank") == [2]
    for content in (b"/Contents [10 0 R 99 0 R]", b"/Contents 10 0 R /Rotate 99 0 R"):
        facts = take(_tree(ROOT, FIRST, SECOND, _page(3, content)))
        assert _named(facts, "attachment-pages-incomplete") == [2]


EMPTYING = [_broken_content, _missing_picture, _broken_picture]


@pytest.mark.parametrize("spoil", EMPTYING)
def test_a_page_that_is_blank_by_damage_is_named(
    spoil: Callable[[Pdf, Any], None], take: Take
) -> None:
    """Though nothing else of the file is damaged, and the other pages stay as they are."""
    pdf = made(4)
    spoil(pdf, pdf.pages[2].obj)
    facts = take(saved(pdf))
    assert _named(facts, "attachment-pages-blank") == [3]
    assert "attachment-rasterised" not in _codes(facts)
    looks = _looks(facts.clean)
    assert [page_likeness.is_blank(look) for look in looks] == [False, False, True, False]


@pytest.mark.parametrize("spoil", EMPTYING)
def test_a_file_that_shows_nothing_by_damage_is_refused(
    spoil: Callable[[Pdf, Any], None], take: Take
) -> None:
    """A blank page in its place would be taken for the paper."""
    pdf = made(1)
    spoil(pdf, pdf.pages[0].obj)
    assert refused(take, saved(pdf)).code == "attachment-unreadable"


def test_a_page_of_which_a_part_is_lost_is_named(take: Take) -> None:
    """The rest of its deflated content is gone."""
    pdf = made(3)
    content = b"0 g 50 700 300 40 re f\n" + b"\n".join(b"%d 9 5 5 re f" % at for at in range(900))
    packed = zlib.compress(content)
    cut = Stream(pdf, packed[: len(packed) // 2])
    cut.Filter = Name.FlateDecode
    pdf.pages[0].obj.Contents = pdf.make_indirect(cut)
    facts = take(saved(pdf))
    assert _named(facts, "attachment-pages-incomplete") == [1]


@pytest.mark.parametrize("tail", [b"", b"\x00\x00\x00\x00"])
def test_content_that_lacks_only_its_checksum_is_whole(tail: bytes, take: Take) -> None:
    """Many writers cut it off; every viewer shows all of it."""
    pdf = made(1)
    packed = zlib.compress(b"0 g 50 700 300 40 re f")[:-4] + tail
    content = Stream(pdf, packed)
    content.Filter = Name.FlateDecode
    pdf.pages[0].obj.Contents = pdf.make_indirect(content)
    assert take(saved(pdf)).remarks == ()


def test_a_blank_page_is_nothing_to_speak_of(take: Take) -> None:
    """Without content, with none that paints, or with a white picture: none of it is damage."""
    pdf = made(1)
    pdf.add_blank_page(page_size=(595, 842))
    pdf.add_blank_page(page_size=(595, 842)).obj.Contents = Stream(pdf, b"q Q")
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    white = _image(pdf, b"\xff" * (120 * 160 * 3))
    page.Resources = Dictionary(XObject=Dictionary(I=pdf.make_indirect(white)))
    page.Contents = Stream(pdf, b"q 500 0 0 700 50 50 cm /I Do Q")
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    del page["/Resources"]
    codes = _codes(take(saved(pdf)))
    assert [code for code in codes if code != "attachment-low-resolution"] == []


@pytest.mark.parametrize("length", [b"/a", b"()", b"[]", b"99", b"-1"])
@pytest.mark.parametrize("filters", [b"/FlateDecode", b"[/FlateDecode]"])
def test_a_length_that_is_none_costs_no_page(take: Take, length: bytes, filters: bytes) -> None:
    """What a stream says of its length is not asked, neither for its data nor for their size."""
    content = zlib.compress(b"0 g 50 700 300 40 re f")
    facts = take(
        _raw(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
                b"<< /Length %b /Filter %b >>\nstream\n%b\nendstream" % (length, filters, content),
            ]
        )
    )
    assert len(facts.pages) == 1 and facts.pages[0].ink and any(facts.pages[0].ink.rows)


def test_pictures_are_whole_if_they_decode_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A JPEG without its end mark has all its data; one cut before has not; nor has fax."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # a library may have set it
    pdf = Pdf.new()
    data = _jpeg()
    for given, whole in ((data, True), (data[:-2], True), (data[: len(data) // 2], False)):
        image = _image(pdf, given, Filter=Name.DCTDecode)
        assert is_whole(pdf, image, 10**7) == whole
    raw = _noise().tobytes()
    for given, whole in ((raw, True), (raw[: len(raw) // 2], False), (b"", False)):
        assert is_whole(pdf, _image(pdf, given), 10**7) == whole
    import img2pdf

    fax = img2pdf.transcode_monochrome(_noise().convert("1"))
    parms = Dictionary(K=-1, Columns=120, Rows=160, BlackIs1=True)
    for given, whole in ((fax, True), (fax[: len(fax) // 2], False)):
        image = _image(pdf, given, Filter=Name.CCITTFaxDecode, DecodeParms=parms)
        image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 1
        assert is_whole(pdf, image, 10**7) == whole


def _deflated() -> bytes:
    return zlib.compress(_noise().tobytes())


def _as_jpeg2000() -> bytes:
    data = io.BytesIO()
    _noise().save(data, "JPEG2000")
    return data.getvalue()


def _with_predictor(raw: bytes) -> bytes:
    """Rows as PNG stores them, each behind the number of its filter."""
    return zlib.compress(b"".join(b"\0" + raw[at : at + 360] for at in range(0, len(raw), 360)))


_PNG_ROWS = {"Predictor": 15, "Colors": 3, "Columns": 120, "BitsPerComponent": 8}


@pytest.mark.parametrize(
    ("make", "entries"),
    [
        (_jpeg, {"Filter": Name.DCTDecode}),
        (_as_jpeg2000, {"Filter": Name.JPXDecode}),
        (_deflated, {"Filter": Name.FlateDecode}),
        (
            lambda: _with_predictor(_noise().tobytes()),
            {"Filter": Name.FlateDecode, "DecodeParms": Dictionary(**_PNG_ROWS)},
        ),
        (lambda: _noise().tobytes(), {}),
    ],
    ids=["jpeg", "jpeg 2000", "deflate", "png rows", "plain"],
)
@pytest.mark.parametrize(
    "cut",
    [lambda data: data[: len(data) // 2], lambda data: data[: len(data) // 2].ljust(9000, b"\0")],
    ids=["cut", "and filled with zeros"],
)
def test_a_cut_picture_in_a_sound_file_is_named_by_its_page(
    take: Take,
    make: Callable[[], bytes],
    entries: dict[str, Any],
    cut: Callable[[bytes], bytes],
) -> None:
    """A program put half a scan into a PDF that is otherwise sound; no reader complains."""
    pdf = Pdf.new()
    for data in (make(), cut(make()), make()):
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        page.Resources = Dictionary(XObject=Dictionary(I=_image(pdf, data, **entries)))
        page.Contents = Stream(pdf, b"0 g 50 50 300 9 re f q 500 0 0 600 50 100 cm /I Do Q")
    how = pikepdf.StreamDecodeLevel.none
    facts = take(saved(pdf, compress_streams=False, stream_decode_level=how))
    assert _named(facts, "attachment-pages-incomplete") == [2]


def test_a_cut_fax_in_a_sound_file_is_named_by_its_page(take: Take) -> None:
    """Whole fax data with and without their end mark are not spoken of."""
    import img2pdf

    fax = img2pdf.transcode_monochrome(_noise().convert("1"))
    parms = Dictionary(K=-1, Columns=120, Rows=160, BlackIs1=True)
    pdf = Pdf.new()
    for data in (fax, fax[:-3], fax[: len(fax) // 2], fax + bytes(200)):
        image = _image(pdf, data, Filter=Name.CCITTFaxDecode, DecodeParms=parms)
        image.ColorSpace, image.BitsPerComponent = Name.DeviceGray, 1
        page = pdf.add_blank_page(page_size=(595, 842)).obj
        page.Resources = Dictionary(XObject=Dictionary(I=image))
        page.Contents = Stream(pdf, b"0 g 50 50 300 9 re f q 500 0 0 600 50 100 cm /I Do Q")
    assert _named(take(saved(pdf)), "attachment-pages-incomplete") == [3]


@pytest.mark.parametrize("tail", [b"", b"\0", b"\r\n", b"\n\0\0\0", bytes(3000)])
def test_padding_behind_a_picture_is_nothing_to_speak_of(take: Take, tail: bytes) -> None:
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    image = _image(pdf, _jpeg() + tail, Filter=Name.DCTDecode)
    page.Resources = Dictionary(XObject=Dictionary(I=image))
    page.Contents = Stream(pdf, b"0 g 50 50 300 9 re f q 500 0 0 600 50 100 cm /I Do Q")
    assert not _named(take(saved(pdf)), "attachment-pages-incomplete")


def test_a_file_is_cut_short_that_does_not_say_where_it_begins(tmp_path: Path) -> None:
    """Garbage behind a whole file is none of that."""
    path = tmp_path / "a.pdf"
    whole = saved(made(1))
    for data, cut in ((whole, False), (whole + b"\n<html>", False), (whole[:-60], True)):
        path.write_bytes(data)
        assert readers.is_cut_short(path) == cut
        assert not readers.has_torn_update(path)


def test_a_repair_that_loses_the_text_of_a_page_does_not_have_the_last_word(take: Take) -> None:
    """pypdf refuses arrays of so many elements, and drops the resources that hold them."""
    font = composite("SimSun", "GBK-EUC-H", "GB1", W=[0, 65535, 600] * 50_000)
    facts = take(saved(sheet((font, "租赁合同".encode("gbk")))))
    assert "attachment-rasterised" in {remark.code for remark in facts.remarks}
