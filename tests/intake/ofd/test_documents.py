"""Pages, templates, versions and parts are found however a writer arranges and names them."""

import io
import zipfile
from collections.abc import Callable
from urllib.parse import unquote

import pypdfium2
import pytest
from PIL import Image

from tests.intake.ofd.conftest import Draw
from tests.intake.ofd.ofd_files import (
    NAMESPACE,
    Document,
    Page,
    image,
    layer,
    media,
    ofd,
    page_id,
    part,
    path,
    rectangle,
    text,
    zipped,
)

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 128, 0), (0, 0, 255), (255, 255, 255)
PLACE = (30, 30)


def filled(colour: str) -> str:
    """A square over the place that tests look at."""
    return rectangle("20 20 20 20", colour)


def red_png() -> bytes:
    """A red picture."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), RED).save(out, "PNG")
    return out.getvalue()


def plain(inner: str = "") -> dict[str, bytes]:
    """The members of a small file, with a red square on its only page."""
    content = (
        "<Area><PhysicalBox>0 0 210 140</PhysicalBox></Area>"
        f"<Content>{layer(filled('255 0 0'))}{inner}</Content>"
    )
    pages = '<Pages><Page ID="100" BaseLoc="Pages/Page_0/Content.xml"/></Pages>'
    return {
        "OFD.xml": part("OFD", "<DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody>"),
        "Doc_0/Document.xml": part("Document", f"<CommonData/>{pages}"),
        "Doc_0/Pages/Page_0/Content.xml": part("Page", content),
    }


def renamed(change: Callable[[str], str]) -> dict[str, bytes]:
    """The same members under other names."""
    return {change(name): data for name, data in plain().items()}


@pytest.mark.parametrize(
    "members",
    [
        plain(),
        renamed(lambda name: f"/{name}"),
        renamed(lambda name: f"./{name}"),
        renamed(lambda name: name.replace("/", "\\")),
        renamed(str.lower),
        renamed(str.upper),
        renamed(lambda name: name.replace("Pages/", "")),
        renamed(lambda name: name.replace("Doc_0/Pages/Page_0/", "other/")),
    ],
    ids=["plain", "slash", "dot", "backslash", "lower", "upper", "folder left out", "elsewhere"],
)
def test_names_of_members_vary(draw: Draw, members: dict[str, bytes]) -> None:
    """Exact, then normalised, in any case, and at last by a base name that only one has."""
    page = draw(zipped(members))
    assert page.colours(PLACE) == [RED]
    assert page.codes == set()


@pytest.mark.parametrize(
    "reference", ["/Doc_0/Document.xml", "./Doc_0\\Document.xml", "DOC_0/document.XML"]
)
def test_references_vary(draw: Draw, reference: str) -> None:
    """With a leading slash, backslashes, and in another case."""
    body = part("OFD", f"<DocBody><DocRoot> {reference}\n</DocRoot></DocBody>")
    assert draw(zipped(plain() | {"OFD.xml": body})).colours(PLACE) == [RED]


def _unprefixed(data: bytes) -> bytes:
    return data.replace(f' xmlns="{NAMESPACE}"'.encode(), b"")


def _prefixed(data: bytes, declared: str) -> bytes:
    bare = _unprefixed(data)
    body = bare.split(b"?>", 1)[1]
    named = body.replace(b"</", b"\0").replace(b"<", b"<ofd:").replace(b"\0", b"</ofd:")
    root = named.index(b">") if b" " not in named[: named.index(b">")] else named.index(b" ")
    return b'<?xml version="1.0"?>' + named[:root] + declared.encode() + named[root:]


@pytest.mark.parametrize(
    "change",
    [
        _unprefixed,
        lambda data: _prefixed(data, f' xmlns:ofd="{NAMESPACE}"'),
        lambda data: _prefixed(data, ' xmlns:ofd="http://www.ofdspec.org"'),
        lambda data: _prefixed(data, ""),
        lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b'<?xml version="1.0" encoding="UTF-8"?>', b""),
    ],
    ids=["none", "prefix", "other", "undeclared", "UTF-16", "mark", "no declaration"],
)
def test_namespaces_and_encodings_vary(draw: Draw, change: Callable[[bytes], bytes]) -> None:
    """Elements are known by their local names, also where a prefix is not declared."""
    members = {name: change(data) for name, data in plain().items()}
    assert draw(zipped(members)).colours(PLACE) == [RED]


@pytest.mark.parametrize("declared", ["UTF-8", "GBK", "GB2312"])
def test_text_in_gbk_is_read(draw: Draw, declared: str) -> None:
    """Declared or not."""
    members = plain(layer(text("价税合计", "20 60 40 8")))
    name = "Doc_0/Pages/Page_0/Content.xml"
    content = members[name].decode().replace("UTF-8", declared).encode("gb18030")
    assert draw(zipped(members | {name: content})).text() == "价税合计"


def test_the_current_version_decides(draw: Draw) -> None:
    """Not DocRoot, which names the first."""
    members = plain()
    later = members["Doc_0/Pages/Page_0/Content.xml"].replace(b"255 0 0", b"0 0 255")
    document = members["Doc_0/Document.xml"].replace(b"Page_0", b"Page_1")
    versions = (
        '<Versions><Version ID="1" Index="1" BaseLoc="Doc_0/V1.xml"/>'
        '<Version ID="2" Index="2" Current="true" BaseLoc="/Doc_0/V2.xml"/></Versions>'
    )
    body = f"<DocBody><DocRoot>Doc_0/Document.xml</DocRoot>{versions}</DocBody>"
    members |= {
        "OFD.xml": part("OFD", body),
        "Doc_0/V1.xml": part("DocVersion", "<DocRoot>Document.xml</DocRoot>"),
        "Doc_0/V2.xml": part("DocVersion", "<DocRoot>Document_1.xml</DocRoot>"),
        "Doc_0/Document_1.xml": document,
        "Doc_0/Pages/Page_1/Content.xml": later,
    }
    assert draw(zipped(members)).colours(PLACE) == [BLUE]


def test_several_documents_follow_one_another(draw: Draw) -> None:
    """Each with its own pages, resources and sizes."""
    first = Document([Page(layer(filled("255 0 0"))), Page(layer(filled("0 128 0")))])
    second = Document([Page(layer(filled("0 0 255")), box="0 0 100 100")])
    pages = draw(ofd(first, second))
    assert pages.sizes() == [(210, 140), (210, 140), (100, 100)]
    assert [pages.colours(PLACE, page=at)[0] for at in range(3)] == [RED, GREEN, BLUE]


def test_layers_and_templates_lie_over_one_another_as_stated(draw: Draw) -> None:
    """Background, body, foreground; at one height a template lies under the page."""
    template = Page(layer(filled("0 128 0")))

    def seen(template_order: str, kind: str) -> tuple[int, ...]:
        order = f' ZOrder="{template_order}"' if template_order else ""
        page = Page(
            layer(filled("255 0 0"), kind=kind), templates=f'<Template TemplateID="900"{order}/>'
        )
        return draw(ofd(Document([page], templates=[template]))).colours(PLACE)[0]

    assert seen("", "Body") == RED
    assert seen("Background", "Background") == RED
    assert seen("Foreground", "Body") == GREEN
    assert seen("Body", "Body") == RED
    assert seen("Foreground", "Foreground") in (RED, GREEN)
    assert seen("Body", "Background") == GREEN


def test_a_template_serves_every_page(draw: Draw) -> None:
    """With its fonts and colours."""
    template = Page(layer(filled("0 128 0"), text("电子发票", "60 10 60 10")))
    pages = [Page(layer(), templates='<Template TemplateID="900"/>') for _ in range(3)]
    drawn = draw(ofd(Document(pages, templates=[template])))
    for at in range(3):
        assert drawn.colours(PLACE, page=at) == [GREEN]
        assert drawn.text(at) == "电子发票"


def test_a_page_begins_at_its_own_corner(draw: Draw) -> None:
    """PhysicalBox may begin elsewhere than at zero."""
    page = Page(layer(rectangle("120 70 20 20", "255 0 0")), box="100 50 80 60")
    drawn = draw(ofd(page))
    assert drawn.sizes() == [(80, 60)]
    assert drawn.colours((30, 30), (15, 30)) == [RED, WHITE]


def test_a_page_without_an_area_has_that_of_the_document(draw: Draw) -> None:
    """And A4 if that has none."""
    members = plain()
    name = "Doc_0/Pages/Page_0/Content.xml"
    members[name] = members[name].replace(
        b"<Area><PhysicalBox>0 0 210 140</PhysicalBox></Area>", b""
    )
    assert draw(zipped(members)).sizes() == [(210, 297)]
    common = b"<CommonData><PageArea><PhysicalBox>0 0 148 105</PhysicalBox></PageArea></CommonData>"
    document = members["Doc_0/Document.xml"].replace(b"<CommonData/>", common)
    assert draw(zipped(members | {"Doc_0/Document.xml": document})).sizes() == [(148, 105)]


def test_a_page_that_cannot_be_read_is_blank_and_said(draw: Draw) -> None:
    """The others are drawn, at their places."""
    document = Document([Page(layer(filled("255 0 0"))) for _ in range(3)])
    drawn = draw(ofd(document, members={"Doc_0/Pages/Page_1/Content.xml": b"\0\1\2"}))
    assert [drawn.colours(PLACE, page=at)[0] for at in range(3)] == [RED, WHITE, RED]
    assert drawn.codes == {"attachment-pages-incomplete"}
    assert "第 2 页" in next(iter(drawn.remarks)).message


def test_what_is_attached_inside_is_said(draw: Draw) -> None:
    """Papers within the file are not printed. Data of the invoice for machines are no paper."""

    def codes(name: str) -> set[str]:
        listed = f'<Attachment ID="1" Name="x"><FileLoc>Attachs/{name}</FileLoc></Attachment>'
        document = Document([Page(layer())], further="<Attachments>Attachments.xml</Attachments>")
        members = {
            "Doc_0/Attachments.xml": part("Attachments", listed),
            f"Doc_0/Attachs/{name}": b"%PDF-1.4",
        }
        return draw(ofd(document, members=members)).codes

    assert codes("original_invoice.xml") == set()
    assert codes("合同.pdf") == {"attachment-embedded-files"}


def test_tags_and_extensions_draw_nothing(draw: Draw) -> None:
    """数电票 state their data in custom tags beside the pages."""
    document = Document(
        [Page(layer(filled("255 0 0")))],
        further="<CustomTags>Tags/CustomTags.xml</CustomTags><Extensions>Ext.xml</Extensions>",
    )
    tags = part("CustomTags", '<CustomTag TypeID="0"><FileLoc>CustomTag.xml</FileLoc></CustomTag>')
    drawn = draw(ofd(document, members={"Doc_0/Tags/CustomTags.xml": tags}))
    assert drawn.colours(PLACE) == [RED]
    assert drawn.codes == set()


def test_the_outline_leads_to_its_pages(draw: Draw) -> None:
    """By a page's ID or a bookmark; an entry that leads nowhere gives its place to those below."""

    def entry(title: str, goto: str, *below: str) -> str:
        action = f'<Actions><Action Event="CLICK"><Goto>{goto}</Goto></Action></Actions>'
        return (
            f'<OutlineElem Title="{title}">{action if goto else ""}{"".join(below)}</OutlineElem>'
        )

    def to(page: int) -> str:
        return f'<Dest Type="Fit" PageID="{page_id(page)}"/>'

    nowhere = entry("附录", "", entry("附表", to(2)))
    chapters = entry("一", to(0), entry("二", '<Bookmark Name="b"/>')) + nowhere
    marks = f'<Bookmarks><Bookmark Name="b">{to(1)}</Bookmark></Bookmarks>'
    document = Document(
        [Page(layer()) for _ in range(3)], further=f"<Outlines>{chapters}</Outlines>{marks}"
    )
    with pypdfium2.PdfDocument(draw(ofd(document)).path) as pdf:
        found = [
            (mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in pdf.get_toc()
        ]
    assert found == [(0, "一", 0), (1, "二", 1), (0, "附表", 2)]


def test_the_same_file_gives_the_same_bytes(draw: Draw) -> None:
    """Nothing depends on time, order of sets or place."""
    data = ofd(Page(layer(filled("255 0 0"), text("样例", "60 20 30 8"))))
    first = draw(data).path.read_bytes()
    assert draw(data).path.read_bytes() == first


def test_an_object_of_an_unknown_kind_is_said(draw: Draw) -> None:
    """Not what is no object: actions, extensions."""
    unknown = '<VideoObject ID="9" Boundary="0 0 9 9"/>'
    assert draw(ofd(Page(layer(filled("255 0 0"), unknown)))).codes == {
        "attachment-pages-incomplete"
    }
    assert draw(ofd(Page(layer(filled("255 0 0"), "<Actions/><Extra/>")))).codes == set()


def test_a_subpath_may_be_closed_as_in_svg(draw: Draw) -> None:
    """By Z in the place of C."""
    triangle = path(
        "M 0 0 L 20 0 L 20 20 Z", "20 20 20 20", inner='<StrokeColor Value="255 0 0"/>', LineWidth=2
    )
    assert draw(ofd(Page(layer(triangle)))).colours(PLACE) == [RED]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_chinese_names_of_members_are_found(draw: Draw, encoding: str) -> None:
    """Stored in UTF-8 or GBK, and not said in which."""
    latin, chinese = "Pages/Page_0/Content.xml", "页面/第1页.xml"
    stored = chinese.encode(encoding)
    placeholder = "x" * len(stored)
    members = renamed(lambda name: name.replace(latin, placeholder))
    members["Doc_0/Document.xml"] = members["Doc_0/Document.xml"].replace(
        latin.encode(), chinese.encode()
    )
    data = zipped(members).replace(placeholder.encode(), stored)
    assert draw(data).colours(PLACE) == [RED]


@pytest.mark.parametrize("folder", ["Res", "/Doc_0/Res", "/Doc_0/Res/", "./Res/", "..", ""])
def test_folders_of_resources_vary(draw: Draw, folder: str) -> None:
    """Relative to the part, from the root of the zip, or wrong."""
    stated = part("Res", media(("11", "red.png")), BaseLoc=folder)
    document = Document([Page(layer(image("11", "20 20 20 20")))], media={"red.png": red_png()})
    drawn = draw(ofd(document, members={"Doc_0/DocumentRes.xml": stated}))
    assert drawn.colours(PLACE) == [RED]
    assert drawn.codes == set()


@pytest.mark.parametrize("written", ["red%20seal.png", "%E7%AB%A0.png", "%41.png"])
def test_escapes_in_references_are_read(draw: Draw, written: str) -> None:
    """Unless a member has the name as it is written."""
    for name in (unquote(written), written):
        document = Document(
            [Page(layer(image("11", "20 20 20 20")))],
            resources=media(("11", written)),
            media={name: red_png(), "unlike.txt": b""},
        )
        assert draw(ofd(document)).colours(PLACE) == [RED]


@pytest.mark.parametrize("reference", ["Doc_0/Document.xml", "/Doc_0/Document.xml"])
def test_a_folder_around_everything_does_no_harm(draw: Draw, reference: str) -> None:
    """Someone unpacked the file and packed its folder again; two pages have like names."""
    document = Document([Page(layer(filled(colour))) for colour in ("255 0 0", "0 0 255")])
    with zipfile.ZipFile(io.BytesIO(ofd(document))) as archive:
        members = {f"发票/{name}": archive.read(name) for name in archive.namelist()}
    members["发票/OFD.xml"] = part("OFD", f"<DocBody><DocRoot>{reference}</DocRoot></DocBody>")
    drawn = draw(zipped(members | {"__MACOSX/发票/._OFD.xml": b"x"}))
    assert [drawn.colours(PLACE, page=at)[0] for at in range(2)] == [RED, BLUE]


def test_objects_outside_of_layers_are_drawn(draw: Draw) -> None:
    """In a template too, and among layers."""
    drawn = draw(
        ofd(
            Document(
                [
                    Page(
                        rectangle("20 20 10 10", "255 0 0")
                        + layer(rectangle("30 20 10 10", "0 0 255")),
                        templates='<Template TemplateID="900"/>',
                    )
                ],
                templates=[Page(rectangle("60 20 20 20", "255 0 0"))],
            )
        )
    )
    assert drawn.colours((25, 25), (35, 25), (70, 30)) == [RED, BLUE, RED]
