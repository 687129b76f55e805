"""Links and bookmarks aim at the same place of the same page as before."""

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, String

from tests.intake.conftest import Take, annotate, assert_plain, made, saved


def _links(facts_clean: object) -> list[pikepdf.Object]:
    with pikepdf.open(str(facts_clean)) as pdf:
        return [dict(link) for link in pdf.pages[0].obj.get("/Annots", Array())]  # type: ignore[misc]


def test_web_links_stay(take: Take) -> None:
    """An address of the web or of mail is harmless and useful."""
    pdf = made()
    for address in ("https://www.bjsjs.gov.cn/", "mailto:a@b.cn", "HTTP://x.cn/申报"):
        uri = String(address) if address.isascii() else String(address.encode())  # type: ignore[arg-type]
        annotate(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=uri))
    facts = take(saved(pdf))
    assert_plain(facts)
    with pikepdf.open(facts.clean) as clean:
        found = [str(link.A.URI) for link in clean.pages[0].obj.Annots]
    assert found[:2] == ["https://www.bjsjs.gov.cn/", "mailto:a@b.cn"]
    assert found[2].isascii()


@pytest.mark.parametrize(
    ("turn", "expected"), [(0, [100, 500]), (90, [500, 495]), (180, [495, 342])]
)
def test_destinations_follow_the_turn(take: Take, turn: int, expected: list[float]) -> None:
    """Aims are given in the page's own coordinates and must turn with it."""
    pdf = made(3)
    target = pdf.pages[2].obj
    target.Rotate = turn
    aim = Array([target, Name.XYZ, 100, 500, None])
    annotate(pdf, Subtype=Name.Link, Dest=aim)
    annotate(pdf, Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=aim))
    annotate(pdf, Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=String("章")))
    annotate(pdf, Subtype=Name.Link, Dest=Name("/old"))
    pdf.Root.Names = Dictionary(
        Dests=Dictionary(
            Kids=Array([pdf.make_indirect(Dictionary(Names=Array([String("章"), aim])))])
        )
    )
    pdf.Root.Dests = Dictionary(old=Dictionary(D=aim))
    facts = take(saved(pdf))
    assert_plain(facts)
    with pikepdf.open(facts.clean) as clean:
        links = list(clean.pages[0].obj.Annots)
        assert len(links) == 4
        for link in links:
            assert link.Dest[0].objgen == clean.pages[2].obj.objgen
            assert [float(value) for value in link.Dest[2:4]] == pytest.approx(expected)


def test_links_to_nowhere_go(take: Take) -> None:
    """Nothing may point at a page that is not there."""
    pdf = made()
    loose = pdf.make_indirect(Dictionary(Type=Name.Page))
    annotate(pdf, Subtype=Name.Link, Dest=Array([loose, Name.Fit]))
    annotate(pdf, Subtype=Name.Link, Dest=String("nowhere"))
    annotate(pdf, Subtype=Name.Link, Dest=Array([99, Name.Fit]))
    facts = take(saved(pdf))
    with pikepdf.open(facts.clean) as clean:
        assert "/Annots" not in clean.pages[0].obj


def test_link_areas_move_with_the_crop(take: Take) -> None:
    """The live area stays over the words that it belongs to."""
    pdf = made()
    pdf.pages[0].obj.CropBox = Array([50, 50, 595, 842])
    annotate(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("http://a.cn")))
    with pikepdf.open(take(saved(pdf)).clean) as clean:
        rect = [float(value) for value in clean.pages[0].obj.Annots[0].Rect]
    assert rect == pytest.approx([50, 50, 150, 150])


def outlined_pdf() -> Pdf:
    pdf = made(3)
    pdf.pages[1].obj.Rotate = 180
    with pdf.open_outline() as outline:
        first = OutlineItem("第一章\t概述", 0, "XYZ", left=0, top=800)
        first.children.append(OutlineItem("1.1", 1, "FitH", top=800))
        outline.root.extend([first, OutlineItem("第二章", 2)])
    return pdf


def test_bookmarks_come_along(take: Take) -> None:
    """A long report is found through its own bookmarks."""
    marks = take(saved(outlined_pdf())).bookmarks
    assert [(mark.title, mark.page) for mark in marks] == [("第一章 概述", 0), ("第二章", 2)]
    assert marks[0].top == pytest.approx(800)
    assert marks[0].children[0].page == 1
    assert marks[0].children[0].top == pytest.approx(42)
    assert marks[1].top is None


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("租赁合同".encode("gbk"), "租赁合同"),
        ("第1章 概述（2024）".encode("gbk"), "第1章 概述（2024）"),
        ("Übersicht ÄÖ".encode("latin-1"), "Übersicht ÄÖ"),
        ("Résumé – año".encode("pdfdoc"), "Résumé – año"),
        (b"\xfe\xff" + "合同".encode("utf-16-be"), "合同"),
        (b"\xef\xbb\xbf" + "合同".encode(), "合同"),
    ],
)
def test_a_title_is_read_in_the_encoding_that_it_is_in(take: Take, raw: bytes, title: str) -> None:
    """Chinese programs write GBK where the standard has PDFDocEncoding (7.9.2.2)."""
    pdf = outlined_pdf()
    pdf.Root.Outlines.First.Title = String(raw)
    assert take(saved(pdf)).bookmarks[0].title == title


def test_cyclic_outlines_are_survived(take: Take) -> None:
    """A damaged outline may lead back into itself."""
    pdf = outlined_pdf()
    first = pdf.Root.Outlines.First
    first.First.Next = first
    first.Next.Next = first
    first.First.First = first
    marks = take(saved(pdf)).bookmarks
    assert [mark.title for mark in marks] == ["第一章 概述", "第二章"]


def test_deep_outlines_are_bounded(take: Take) -> None:
    """Nothing readable is nested a thousand deep."""
    pdf = made()
    node = None
    for number in range(1000):
        aim = Array([pdf.pages[0].obj, Name.Fit])
        above = pdf.make_indirect(Dictionary(Title=String(f"{number}"), Dest=aim))
        if node is not None:
            above.First = node
        node = above
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=node))
    depth, marks = 0, take(saved(pdf)).bookmarks
    while marks:
        depth, marks = depth + 1, marks[0].children
    assert 3 < depth < 20
