"""Seals stand where the signatures say, in every structure and form, and are said not verified."""

import io

import pikepdf
import pytest
from PIL import Image

from tests.intake.ofd.conftest import Draw
from tests.intake.ofd.ofd_files import (
    Document,
    Page,
    Sign,
    image,
    layer,
    media,
    ofd,
    part,
    rectangle,
    stamp,
    watermark,
)
from tests.intake.ofd.seals import picture_info, seal, signed_value

RED, WHITE = (255, 0, 0), (255, 255, 255)


def square(form: str = "PNG") -> bytes:
    """A seal: a red square of 30 by 30 pixels."""
    out = io.BytesIO()
    Image.new("RGB", (30, 30), RED).save(out, form)
    return out.getvalue()


def own_ofd(**members: bytes) -> bytes:
    """A seal that is itself an OFD: a red square of 40 mm, its page's corner not at zero."""
    page = Page(layer(rectangle("10 10 40 40", "255 0 0")), box="10 10 40 40")
    return ofd(page, members=members)


def signed(value: bytes, stamps: str, pages: int = 1, own_seal: bytes | None = None) -> bytes:
    """A file of empty pages with one signature."""
    blank = [Page(layer()) for _ in range(pages)]
    return ofd(Document(blank, signs=[Sign(value, stamps, own_seal)]))


def is_red(colour: tuple[int, ...]) -> bool:
    """Whether a colour is red, as exactly as JPEG stores it."""
    return colour[0] > 245 and max(colour[1:]) < 12


@pytest.mark.parametrize("version", [1, 4])
@pytest.mark.parametrize("form", ["PNG", "GIF", "JPEG", "BMP"])
def test_a_seal_is_drawn_in_its_boundary(draw: Draw, version: int, form: str) -> None:
    """Its own size in millimetres does not count."""
    value = signed_value(version, form, square(form), 50, 50)
    page = draw(signed(value, stamp(0, "100 60 30 20")))
    inner, *around = page.colours((115, 70), (98, 70), (132, 70), (115, 58), (115, 82))
    assert is_red(inner)
    assert around == [WHITE] * 4
    assert page.codes == {"attachment-signed"}


@pytest.mark.parametrize("version", [1, 4])
def test_a_seal_that_is_an_ofd_is_drawn(draw: Draw, version: int) -> None:
    """Its page is fitted to the boundary."""
    page = draw(signed(signed_value(version, "ofd", own_ofd()), stamp(0, "100 60 20 20")))
    corner, opposite, beside = page.colours((101, 61), (119, 79), (122, 70))
    assert is_red(corner)
    assert is_red(opposite)
    assert beside == WHITE
    assert page.codes == {"attachment-signed"}


def test_seals_within_seals_come_to_an_end(draw: Draw) -> None:
    """An OFD as the seal of an OFD, forty deep, is no way to keep a computer busy."""
    inner = own_ofd()
    for _ in range(40):
        inner = signed(signed_value(1, "ofd", inner), stamp(0, "0 0 210 140"))
    assert "attachment-signed" in draw(inner).codes


def test_the_picture_beside_serves_where_the_signature_has_none(draw: Draw) -> None:
    """Seal.esl holds the same."""
    own_seal = seal(4, picture_info("png", square(), 30, 30))
    page = draw(signed(b"\x30\x03\x02\x01\x01", stamp(0, "100 60 30 20"), own_seal=own_seal))
    assert is_red(page.colours((115, 70))[0])


def test_a_clip_shows_a_part_of_the_seal(draw: Draw) -> None:
    """Its box is stated within the boundary."""
    page = draw(signed(signed_value(1, "png", square()), stamp(0, "100 60 30 30", "0 0 10 30")))
    shown, hidden = page.colours((105, 75), (120, 75))
    assert is_red(shown)
    assert hidden == WHITE


def test_a_seal_across_pages_is_shown_in_parts(draw: Draw) -> None:
    """骑缝章: one signature with a stamp on each page, each with another clip."""
    stamps = "".join(stamp(at, "190 60 30 30", f"{at * 5} 0 5 30") for at in range(3))
    pages = draw(signed(signed_value(4, "png", square()), stamps, pages=3))
    for at in range(3):
        inner, before = pages.colours((192.5 + at * 5, 75), (188, 75), page=at)
        assert before == WHITE
        assert is_red(inner)


def test_text_below_a_seal_stays_readable(draw: Draw) -> None:
    """The seal is multiplied with what lies below it, and never covers it."""
    below = Page(layer(rectangle("100 60 15 20", "0 0 0")))
    sign = Sign(signed_value(1, "png", square()), stamp(0, "100 60 30 20"))
    page = draw(ofd(Document([below], signs=[sign])))
    black, red = page.colours((107, 70), (122, 70))
    assert black == (0, 0, 0)
    assert is_red(red)


def test_a_seal_that_cannot_be_read_is_said(draw: Draw) -> None:
    """No structure, an SVG, or no file."""
    svg = signed_value(1, "svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    for value in (b"nothing", svg, b""):
        codes = draw(signed(value, stamp(0, "100 60 30 20"))).codes
        assert codes >= {"attachment-signed", "attachment-annotation-undrawn"}


def test_a_signature_without_a_seal_is_not_missed(draw: Draw) -> None:
    """It has nothing to show, but it is not verified."""
    assert draw(signed(signed_value(1, "png", square()), "")).codes == {"attachment-signed"}


def test_the_seal_of_an_invoice_is_a_watermark_with_a_blend_mode_of_its_own(draw: Draw) -> None:
    """On 数电票 the seal is an annotation whose picture is to be multiplied."""
    red = '<Parameters><Parameter Name="BlendMode">Multiply</Parameter></Parameters>'
    seal_ = watermark("90 10 30 20", image("10", "0 0 30 20"))
    annotation = seal_.replace("<Appearance", f"{red}<Appearance")
    below = layer(rectangle("90 10 15 20", "0 0 0"))
    document = Document(
        [Page(below, annotations=annotation)],
        resources=media(("10", "seal.png")),
        media={"seal.png": square()},
    )
    page = draw(ofd(document))
    assert page.colours((97, 20), (115, 20)) == [(0, 0, 0), RED]
    assert page.codes == set()


@pytest.mark.parametrize("kind", ["Watermark", "Stamp", "Path", "Highlight", "Unheard"])
def test_annotations_of_all_kinds_are_drawn(draw: Draw, kind: str) -> None:
    """By their appearance, except those that are not to be printed."""
    shown = watermark("20 20 20 20", rectangle("0 0 20 20", "255 0 0"), kind=kind)
    hidden = watermark("60 20 20 20", rectangle("0 0 20 20", "255 0 0"), kind=kind, Print="false")
    gone = watermark("100 20 20 20", rectangle("0 0 20 20", "255 0 0"), kind=kind, Visible="false")
    page = draw(ofd(Page(layer(), annotations=shown + hidden + gone)))
    assert page.colours((30, 30), (70, 30), (110, 30)) == [RED, WHITE, WHITE]


def test_paths_of_signatures_vary(draw: Draw) -> None:
    """Relative, with backslashes, and with the file of the signature in another case."""
    value = signed_value(1, "png", square())
    own = "<SignedInfo>" + stamp(0, "100 60 30 20") + "</SignedInfo>"
    signature = part("Signature", own + "<SignedValue>SignedValue.dat</SignedValue>")
    listed = part("Signatures", '<Signature ID="1" BaseLoc="Sign_0\\signature.XML"/>')
    body = (
        "<DocBody><DocRoot>Doc_0/Document.xml</DocRoot>"
        "<Signatures>/doc_0\\Signs/Signatures.xml</Signatures></DocBody>"
    )
    page = draw(
        ofd(
            Page(layer()),
            members={
                "OFD.xml": part("OFD", body),
                "Doc_0/Signs/Signatures.xml": listed,
                "Doc_0/Signs/Sign_0/Signature.xml": signature,
                "Doc_0/Signs/Sign_0/SignedValue.dat": value,
            },
        )
    )
    assert is_red(page.colours((115, 70))[0])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Doc_0/Signs/Signatures.xml", b"no XML"),
        ("Doc_0/Signs/Signatures.xml", None),
        ("Doc_0/Signs/Signatures.xml", part("Signatures", "<Signature")),
        ("Doc_0/Signs/Sign_0/Signature.xml", b"no XML"),
        ("Doc_0/Signs/Sign_0/Signature.xml", None),
        ("Doc_0/Signs/Sign_0/Signature.xml", part("Signature", '<StampAnnot PageRef="100"/>')),
    ],
)
def test_a_seal_that_is_lost_with_its_part_is_said(
    draw: Draw, name: str, data: bytes | None
) -> None:
    """The other signature is shown all the same."""
    value = signed_value(1, "png", square())
    signs = [Sign(value, stamp(0, "20 60 30 20")), Sign(value, stamp(0, "100 60 30 20"))]
    page = draw(ofd(Document([Page(layer())], signs=signs), members={name: data}))
    assert page.codes >= {"attachment-annotation-undrawn"}
    if "Sign_0" in name:
        assert is_red(page.colours((115, 70))[0])


def test_a_seal_on_a_page_that_is_not_there_is_said(draw: Draw) -> None:
    """But a file of one page has no other that could be meant."""
    value = signed_value(1, "png", square())
    assert is_red(draw(signed(value, stamp(7, "100 60 30 20"))).colours((115, 70))[0])
    codes = draw(signed(value, stamp(7, "100 60 30 20"), pages=2)).codes
    assert "attachment-annotation-undrawn" in codes


@pytest.mark.parametrize("name", ["Annots/Annotations.xml", "Pages/Page_0/Annotation.xml"])
@pytest.mark.parametrize("data", [None, b"no XML"])
def test_annotations_that_are_lost_with_their_part_are_said(
    draw: Draw, name: str, data: bytes | None
) -> None:
    """The seal of a 数电票 may be among them."""
    seal_ = watermark("20 20 20 20", rectangle("0 0 20 20", "255 0 0"))
    page = Page(layer(), annotations=seal_)
    assert draw(ofd(page, members={f"Doc_0/{name}": data})).codes == {"attachment-pages-incomplete"}


def _annotated(pages: int, annotation: bytes | None, page_id: str = "999") -> bytes:
    """A file whose list of annotations names a page that is not there."""
    document = Document(
        [Page(layer()) for _ in range(pages)], further="<Annotations>A</Annotations>"
    )
    listed = f'<Page PageID="{page_id}"><FileLoc>x.xml</FileLoc></Page>'
    members = {"Doc_0/A": part("Annotations", listed), "Doc_0/x.xml": annotation}
    return ofd(document, members=members)


def test_annotations_of_a_page_that_is_not_there_are_said(draw: Draw) -> None:
    """But a file of one page has no other that could be meant; and a removed page's matter not."""
    shown = part("PageAnnot", watermark("20 20 20 20", rectangle("0 0 20 20", "255 0 0")))
    hidden = part("PageAnnot", watermark("20 20 20 20", "", Visible="false"))
    assert draw(_annotated(1, shown)).colours((30, 30)) == [RED]
    assert draw(_annotated(2, shown)).codes == {"attachment-pages-incomplete"}
    assert draw(_annotated(2, hidden)).codes == set()
    assert draw(_annotated(2, None)).codes == set()


def test_a_seal_on_many_pages_is_drawn_once(draw: Draw) -> None:
    """An OFD in a seal across the pages of a long letter costs its fonts and paths once."""
    value = signed_value(1, "ofd", own_ofd())
    stamps = "".join(stamp(at, "100 60 20 20") for at in range(30))
    with pikepdf.open(draw(signed(value, stamps, pages=30)).path) as pdf:
        forms = [
            found
            for found in pdf.objects
            if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Form"
        ]
        assert len(forms) == 1


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04" + bytes(90), own_ofd()[:-9], own_ofd(**{"Encryptions.xml": b"x"})],
    ids=["no zip", "cut short", "encrypted"],
)
def test_a_damaged_ofd_in_a_seal_costs_the_seal_alone(draw: Draw, data: bytes) -> None:
    """The page is taken all the same."""
    codes = draw(signed(signed_value(1, "ofd", data), stamp(0, "100 60 20 20"))).codes
    assert codes == {"attachment-signed", "attachment-annotation-undrawn"}


def test_a_list_of_no_signatures_is_no_signature(draw: Draw) -> None:
    listed = part("Signatures", "<MaxSignId>0</MaxSignId>")
    entry = part(
        "OFD",
        "<DocBody><DocRoot>Doc_0/Document.xml</DocRoot>"
        "<Signatures>Doc_0/Signs/Signatures.xml</Signatures></DocBody>",
    )
    members = {"OFD.xml": entry, "Doc_0/Signs/Signatures.xml": listed}
    assert draw(ofd(Page(layer()), members=members)).remarks == ()
