"""What is encrypted, damaged or made to do harm is refused by name, in a moment."""

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.intake.ofd.bounds import Budget
from tests.intake.ofd.conftest import Draw
from tests.intake.ofd.ofd_files import (
    NAMESPACE,
    Document,
    Page,
    image,
    layer,
    media,
    ofd,
    part,
    path,
    rectangle,
    text,
    zipped,
)

CONTENT = "Doc_0/Pages/Page_0/Content.xml"
SIMPLE = Page(layer(rectangle("20 20 20 20", "255 0 0")))


def refusal(draw: Draw, data: bytes, **bounds: int) -> FileRefused:
    """The refusal of a file, which does not take long."""
    begun = time.process_time()
    with pytest.raises(FileRefused) as caught:
        draw(data, **bounds)
    assert time.process_time() - begun < 5
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("name", ["Encryptions.xml", "encryptions.XML", "Doc_0/DecryptSeed.dat"])
def test_an_encrypted_file_is_refused_as_such(draw: Draw, name: str) -> None:
    """GM/T 0099 replaces the parts and states how in a part of its own."""
    assert refusal(draw, ofd(SIMPLE, members={name: b"x"})).code == "attachment-encrypted"


def test_encrypted_members_are_refused_as_such(draw: Draw) -> None:
    """The encryption of zip, which no reader of OFD supports."""
    data = bytearray(ofd(SIMPLE))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(mark)
        data[at + offset] |= 1
    assert refusal(draw, bytes(data)).code == "attachment-encrypted"


DOCTYPE = f'<!DOCTYPE Page [<!ENTITY a "{"x" * 50}">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", ["OFD.xml", "Doc_0/Document.xml", CONTENT])
def test_a_document_type_is_refused_in_any_encoding(draw: Draw, encoding: str, name: str) -> None:
    """Entities that multiply come with one, and no writer of OFD has any."""
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    content = f'{mark}<?xml version="1.0"?>{DOCTYPE}<Page xmlns="{NAMESPACE}">&a;&a;</Page>'
    found = refusal(draw, ofd(SIMPLE, members={name: content.encode(encoding)}))
    assert found.code == "attachment-unreadable"
    assert "DTD" in found.message


def test_no_entity_reaches_outside(draw: Draw, tmp_path: Path) -> None:
    """Files of this computer are not read."""
    secret = tmp_path / "secret"
    secret.write_text("机密", encoding="utf-8")
    doctype = f'<!DOCTYPE Page [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    content = f'<?xml version="1.0"?>{doctype}<Page>&a;</Page>'.encode()
    assert "DTD" in refusal(draw, ofd(SIMPLE, members={CONTENT: content})).message


@pytest.mark.parametrize(
    "members",
    [
        {"OFD.xml": None},
        {"OFD.xml": part("OFD", "")},
        {"OFD.xml": part("OFD", "<DocBody><DocRoot>Doc_7/Absent.xml</DocRoot></DocBody>")},
        {"OFD.xml": part("OFD", "<DocBody/>")},
        {"OFD.xml": b""},
        {"OFD.xml": b"\x89PNG"},
        {"Doc_0/Document.xml": None},
        {"Doc_0/Document.xml": b"no XML"},
        {"Doc_0/Document.xml": part("Document", "<CommonData/>")},
        {"Doc_0/Document.xml": part("Document", "<CommonData/><Pages/>")},
        {CONTENT: None},
        {CONTENT: b""},
    ],
)
def test_a_file_without_a_page_is_refused(draw: Draw, members: dict[str, bytes | None]) -> None:
    """Whatever part of it is missing."""
    found = refusal(draw, ofd(SIMPLE, members=members))
    assert found.code in ("attachment-unreadable", "attachment-empty")


def test_what_is_no_zip_is_refused(draw: Draw) -> None:
    """A download cut short, or something else by that name."""
    whole = ofd(SIMPLE)
    for data in (b"", b"PK\x03\x04", whole[:300], whole[:-10], b"OFD.xml" * 100):
        assert refusal(draw, data).code == "attachment-unreadable"


def test_paths_never_leave_the_zip(draw: Draw, tmp_path: Path) -> None:
    """Nor do references: what is beside the file is not read."""
    (tmp_path / "Absent.xml").write_bytes(part("Page", layer()))
    for location in ("../../Absent.xml", f"{tmp_path}/Absent.xml", "file:///etc/passwd"):
        document = Document([SIMPLE])
        pages = f'<CommonData/><Pages><Page ID="100" BaseLoc="{location}"/></Pages>'
        data = ofd(document, members={"Doc_0/Document.xml": part("Document", pages)})
        assert refusal(draw, data).code == "attachment-unreadable"


def _bomb(size: int) -> bytes:
    return ofd(SIMPLE, members={CONTENT: b"<Page>" + b" " * size + b"</Page>"})


def test_a_part_that_unpacks_to_too_much_is_refused(draw: Draw) -> None:
    """By its bytes and by the ratio to those packed."""
    assert refusal(draw, _bomb(60_000_000)).code == "attachment-too-large"
    assert refusal(draw, _bomb(3_000_000), max_content_bytes=2_000_000).code == (
        "attachment-too-large"
    )
    assert refusal(draw, _bomb(3_000_000), max_decoded_bytes=2_000_000).code == (
        "attachment-too-large"
    )


def test_a_part_that_lies_about_its_size_is_not_believed(draw: Draw) -> None:
    """The directory states a hundred bytes of what unpacks to many."""
    data = bytearray(_bomb(30_000_000))
    at = data.index(CONTENT.encode(), data.index(b"PK\x01\x02")) - 46
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    with pytest.raises(FileRefused):
        draw(bytes(data))


def test_too_many_members_and_pages_are_refused(draw: Draw) -> None:
    """Before any is read."""
    members: dict[str, bytes | None] = {f"x/{at}": b"" for at in range(20_001)}
    assert refusal(draw, ofd(SIMPLE, members=members)).code == "attachment-too-large"
    many = "".join(f'<Page ID="{at}" BaseLoc="Pages/Page_0/Content.xml"/>' for at in range(5_000))
    document = part("Document", f"<CommonData/><Pages>{many}</Pages>")
    data = ofd(SIMPLE, members={"Doc_0/Document.xml": document})
    assert refusal(draw, data).code == "attachment-too-large"


def test_too_many_objects_are_refused() -> None:
    """300,000 a file, however they come about, and 3,000 more for each page."""
    budget = Budget()
    for pages in range(2):
        for _ in range(3_000 if pages else 300_000):
            budget.object()
        with pytest.raises(FileRefused) as caught:
            budget.object()
        assert caught.value.code == "attachment-too-large"
        assert f"{300_000 + 3_000 * pages:,}" in caught.value.message
        budget = Budget()
        budget.page()
        for _ in range(300_000):
            budget.object()


def test_a_long_paper_may_have_an_object_for_each_character() -> None:
    """412 pages of 1,500 characters, which some writers also store as paths."""
    budget = Budget()
    for _ in range(412):
        budget.page()
        for _ in range(1_500):
            budget.object()
        budget.tokens(1_500 * 66)


def test_too_long_paths_are_refused(draw: Draw) -> None:
    """Two million numbers and operators a file."""
    long = path("M 0 0 " + "L 1 1 " * 700_000, "0 0 100 100")
    assert refusal(draw, ofd(Page(layer(long)))).code == "attachment-too-large"


def _composites(levels: int, times: int) -> Document:
    """Composites that each draw the one before several times."""
    units, drawn = "", rectangle("0 0 9 9", "9 9 9")
    for level in range(levels):
        units += (
            f'<CompositeGraphicUnit ID="{1000 + level}" Width="9" Height="9">'
            f"<Content>{drawn}</Content></CompositeGraphicUnit>"
        )
        drawn = f'<CompositeObject ID="1" Boundary="0 0 9 9" ResourceID="{1000 + level}"/>' * times
    last = f'<CompositeObject ID="1" Boundary="20 20 9 9" ResourceID="{999 + levels}"/>'
    graphics = f"<CompositeGraphicUnits>{units}</CompositeGraphicUnits>"
    return Document([Page(layer(last))], resources=graphics)


def test_composites_within_composites_are_drawn_once(draw: Draw) -> None:
    """Ten to the tenth drawings are not parsed so often."""
    begun = time.process_time()
    draw(ofd(_composites(10, 10)))
    assert time.process_time() - begun < 3


def test_a_composite_that_draws_itself_comes_to_an_end(draw: Draw) -> None:
    """By way of another, too."""
    ring = "".join(
        f'<CompositeGraphicUnit ID="{own}" Width="9" Height="9"><Content>'
        f'<CompositeObject ID="1" Boundary="0 0 9 9" ResourceID="{other}"/></Content>'
        "</CompositeGraphicUnit>"
        for own, other in ((1, 2), (2, 1), (3, 3))
    )
    objects = "".join(
        f'<CompositeObject ID="1" Boundary="9 9 9 9" ResourceID="{at}"/>' for at in (1, 3)
    )
    document = Document(
        [Page(layer(objects))], resources=f"<CompositeGraphicUnits>{ring}</CompositeGraphicUnits>"
    )
    draw(ofd(document))


def test_blocks_within_blocks_come_to_an_end(draw: Draw) -> None:
    """A thousand levels are no page that anybody made."""
    inner = rectangle("20 20 20 20", "255 0 0")
    deep = "<PageBlock>" * 1_000 + inner + "</PageBlock>" * 1_000
    try:
        draw(ofd(Page(layer(deep))))
    except FileRefused as found:
        assert found.remedy


def test_drawing_parameters_that_refer_to_each_other_come_to_an_end(draw: Draw) -> None:
    """A chain without end is followed for a while."""
    chain = '<DrawParam ID="1" Relative="2"/><DrawParam ID="2" Relative="1"/>'
    page = Page(layer(path("M 0 0 L 9 9", "0 0 9 9", DrawParam="1"), DrawParam="2"))
    draw(ofd(Document([page], public=f"<DrawParams>{chain}</DrawParams>")))


def test_a_template_that_uses_itself_comes_to_an_end(draw: Draw) -> None:
    """Templates of templates are not drawn."""
    template = Page(layer(), templates='<Template TemplateID="900"/>')
    page = Page(layer(), templates='<Template TemplateID="900"/>')
    draw(ofd(Document([page], templates=[template])))


@pytest.mark.parametrize(
    "deltas", ["g 2000000000 1", "g -5 1", "g 1e300 1", "g", "g 3", "nan inf", "1e999", "x y z"]
)
def test_senseless_offsets_do_no_harm(draw: Draw, deltas: str) -> None:
    """A count of two thousand million is not carried out."""
    drawn = draw(ofd(Page(layer(text("价税合计", "20 20 60 8", delta_x=deltas)))))
    assert "价" in drawn.text()


@pytest.mark.parametrize("number", ["1e308", "-1e308", "nan", "inf", "", "a", "0", "-1", "1e-300"])
def test_senseless_numbers_do_no_harm(draw: Draw, number: str) -> None:
    """In a box, matrix, size, width of line or colour."""
    objects = (
        rectangle("20 20 20 20", f"{number} {number} {number}"),
        path(f"M {number} 0 L 9 {number} A {number} 5 0 0 1 3 4", "0 0 9 9", LineWidth=number),
        path("M 0 0 L 9 9", f"{number} 0 {number} 9", DashPattern=f"{number} {number}"),
        path("M 0 0 L 9 9", "0 0 9 9", CTM=f"{number} 0 0 {number} {number} 0", Alpha=number),
        text("样例", "20 60 20 8", HScale=number, Weight=number, CharDirection=number),
        text("样例", "20 60 20 8").replace('Size="4"', f'Size="{number}"'),
        rectangle("20 90 20 20", "255 0 0"),
    )
    page = draw(ofd(Page(layer(*objects), box=f"0 0 {number} 140")))
    assert page.sizes()[0][0] > 0


def test_pictures_of_too_many_pixels_are_refused(draw: Draw) -> None:
    """A header is enough to know."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + bytes(4)
    document = Document(
        [Page(layer(image("10", "20 20 40 30")))],
        resources=media(("10", "a.png")),
        media={"a.png": png},
    )
    found = draw_or_refusal(draw, ofd(document))
    assert found in ("attachment-too-large", "attachment-pages-incomplete")


def draw_or_refusal(draw: Draw, data: bytes) -> str:
    """The code of the refusal, or of the only remark."""
    try:
        return next(iter(draw(data).codes))
    except FileRefused as found:
        return found.code


def test_members_stored_twice_are_read_once(draw: Draw) -> None:
    """The first of a name counts, or the last; never both."""
    out = io.BytesIO(ofd(SIMPLE))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(zipfile.ZipInfo(CONTENT), part("Page", layer()))
    assert len(draw(out.getvalue()).sizes()) == 1


def test_bytes_put_in_the_place_of_others_never_crash(draw: Draw) -> None:
    """Each part in turn is cut, emptied, or replaced by another."""
    whole = dict(_members(ofd(Document([SIMPLE, SIMPLE], templates=[SIMPLE]))))
    for name, data in whole.items():
        for other in (b"", data[: len(data) // 2], data[::-1], b"\0" * 50, part("Page", "<a/>")):
            try:
                draw(zipped(whole | {name: other}))
            except FileRefused as found:
                assert found.remedy


def _members(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]
