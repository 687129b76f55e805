"""What is lost in parts that are not well-formed XML is said; the rest is drawn."""

import io
import zipfile
from collections.abc import Callable

import pytest

from sjs_forms.base.findings.file_refusal import FileRefused
from tests.intake.ofd.conftest import Draw
from tests.intake.ofd.ofd_files import Document, Page, layer, ofd, rectangle, text, watermark

RED, WHITE = (255, 0, 0), (255, 255, 255)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"<TextCode", b"\x01<TextCode"),
        lambda data: data.replace("样例".encode(), b"&unknown;"),
        lambda data: data.replace(b' Size="4"', b" Size=4"),
    ],
    ids=["cut short", "control character", "entity", "no quotes"],
)
@pytest.mark.parametrize(
    "name",
    ["Pages/Page_0/Content.xml", "Tpls/Tpl_0/Content.xml", "Pages/Page_0/Annotation.xml"],
)
def test_what_a_malformed_part_has_lost_is_said(
    draw: Draw, name: str, change: Callable[[bytes], bytes]
) -> None:
    """The rest of the page is drawn."""
    objects = rectangle("60 20 20 20", "255 0 0") + "".join(
        text("样例数据", f"20 {30 + row * 8} 60 8") for row in range(8)
    )
    document = Document(
        [
            Page(
                layer(rectangle("20 20 20 20", "255 0 0"), objects),
                templates='<Template TemplateID="900"/>',
                annotations=watermark("0 0 210 140", objects),
            )
        ],
        templates=[Page(layer(objects))],
    )
    data = ofd(document)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        changed = change(archive.read(f"Doc_0/{name}"))
    drawn = draw(ofd(document, members={f"Doc_0/{name}": changed}))
    assert drawn.codes == {"attachment-pages-incomplete"}
    assert drawn.colours((30, 30), (70, 30)) == [RED, RED]


def test_pages_that_a_malformed_document_has_lost_are_said(draw: Draw) -> None:
    pages = [Page(layer(rectangle("20 20 20 20", "255 0 0"))) for _ in range(6)]
    with zipfile.ZipFile(io.BytesIO(ofd(Document(pages)))) as archive:
        whole = archive.read("Doc_0/Document.xml")
    cut = {"Doc_0/Document.xml": whole[: whole.index(b'ID="103"')]}
    drawn = draw(ofd(Document(pages), members=cut))
    assert len(drawn.sizes()) < 6
    assert drawn.codes == {"attachment-pages-incomplete"}


@pytest.mark.parametrize("lost", [None, b"no XML"])
def test_a_document_that_is_lost_among_several_is_said(draw: Draw, lost: bytes | None) -> None:
    """The others are taken; a file in which none can be read is refused."""
    pages = [Page(layer(rectangle("20 20 20 20", "255 0 0"))) for _ in range(2)]
    drawn = draw(ofd(*pages, members={"Doc_0/Document.xml": lost}))
    assert [len(drawn.sizes()), drawn.colours((30, 30))] == [1, [RED]]
    assert drawn.codes == {"attachment-pages-incomplete"}
    assert "几份文档" in drawn.remarks[0].message
    gone = {f"Doc_{at}/Document.xml": lost for at in range(2)}
    with pytest.raises(FileRefused, match="文档结构"):
        draw(ofd(*pages, members=gone))


def test_a_missing_page_is_not_taken_for_the_only_one_with_its_name(draw: Draw) -> None:
    """Nor for the template; each member is one page, unless several state it."""
    pages = [Page(layer(rectangle("20 20 20 20", colour))) for colour in ("255 0 0", "0 0 255")]
    missing: dict[str, bytes | None] = {"Doc_0/Pages/Page_1/Content.xml": None}
    drawn = draw(ofd(Document(pages), members=missing))
    assert [drawn.colours((30, 30), page=at)[0] for at in range(2)] == [RED, WHITE]
    assert drawn.codes == {"attachment-pages-incomplete"}
    template = Page(layer(rectangle("60 20 20 20", "255 0 0")))
    alone = Document([pages[0]], templates=[template])
    gone: dict[str, bytes | None] = {"Doc_0/Pages/Page_0/Content.xml": None}
    with pytest.raises(FileRefused):
        draw(ofd(alone, members=gone))
