"""Boxes, turns, units, content and resources: each page comes out as a viewer showed it."""

from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import ImageChops, ImageStat

from tests.intake.conftest import Take, assert_plain, colour_at, made, saved, seen

MARKED = b"0 g 50 700 200 40 re f 1 0 0 rg 400 100 60 160 re f 0 0 1 rg 20 20 30 30 re f"


def alike(before: Path, after: Path, pages: int = 1) -> None:
    """Hold page against page, drawn by pdfium, allowing for scale."""
    for page in range(pages):
        old, new = seen(before, page), seen(after, page)
        difference = ImageChops.difference(old, new.resize(old.size))
        assert max(ImageStat.Stat(difference).mean) < 0.5


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90, 450])
def test_rotate_is_baked(take: Take, tmp_path: Path, turn: int) -> None:
    """Scanners turn pages by /Rotate, some by negative or too large angles."""
    pdf = made(1, MARKED)
    pdf.pages[0].obj.Rotate = turn
    source = tmp_path / "a.pdf"
    source.write_bytes(saved(pdf))
    facts = take(source)
    assert_plain(facts)
    alike(source, facts.clean)
    size = (facts.pages[0].width, facts.pages[0].height)
    assert size == ((842, 595) if turn % 180 else (595, 842))


@pytest.mark.parametrize(
    ("boxes", "size"),
    [
        ({"CropBox": [40, 60, 500, 800]}, (460, 740)),
        ({"MediaBox": [595, 842, 0, 0]}, (595, 842)),
        ({"MediaBox": [-100, -50, 495, 792]}, (595, 842)),
        ({"CropBox": [-100, -100, 9000, 9000]}, (595, 842)),
        ({"CropBox": [2000, 2000, 3000, 3000]}, (595, 842)),
        ({"CropBox": [500, 800, 40, 60], "Rotate": 90}, (740, 460)),
        ({"TrimBox": [100, 100, 200, 200], "ArtBox": [0, 0, 9, 9]}, (595, 842)),
        ({"MediaBox": [0, 0, 0, 0]}, (612, 792)),
    ],
)
def test_odd_boxes(take: Take, boxes: dict[str, Any], size: tuple[float, float]) -> None:
    """Print shops crop, old drivers write corners the wrong way round, others write nonsense."""
    pdf = made(1, MARKED)
    for name, value in boxes.items():
        found = Array(value) if isinstance(value, list) else value
        pdf.pages[0].obj[f"/{name}"] = found
    facts = take(saved(pdf))
    assert_plain(facts)
    assert (facts.pages[0].width, facts.pages[0].height) == pytest.approx(size)


def test_cropped_page_shows_the_same(take: Take, tmp_path: Path) -> None:
    """What lay outside the crop box must not come back."""
    pdf = made(1, MARKED)
    pdf.pages[0].obj.CropBox = Array([40, 60, 430, 800])
    source = tmp_path / "a.pdf"
    source.write_bytes(saved(pdf))
    alike(source, take(source).clean)


def test_user_unit_is_baked(take: Take) -> None:
    """Large plans count in units of more than a point."""
    pdf = made(1, MARKED)
    pdf.pages[0].obj.UserUnit = 2.5
    facts = take(saved(pdf))
    assert (facts.pages[0].width, facts.pages[0].height) == (595 * 2.5, 842 * 2.5)
    assert colour_at(facts.clean, 150 * 2.5, 120 * 2.5) == (0, 0, 0)


def test_huge_and_tiny_pages(take: Take) -> None:
    """A plan of ten metres and a stamp of one millimetre are pages too."""
    pdf = made(2, MARKED)
    pdf.pages[0].obj.MediaBox = Array([0, 0, 28000, 14000])
    pdf.pages[1].obj.MediaBox = Array([0, 0, 3, 3])
    facts = take(saved(pdf))
    assert [page.width for page in facts.pages] == [28000, 3]


def test_unbalanced_content_does_not_leak(take: Take) -> None:
    """Some drivers end a page with q still open, or with one Q too many."""
    for content in (b"q q 0.1 0 0 0.1 0 0 cm " + MARKED, MARKED + b" Q Q Q"):
        with pikepdf.open(take(saved(made(1, content))).clean) as pdf:
            drawing = pdf.pages[0].Contents.read_bytes()
            assert drawing.count(b"q") == drawing.count(b"Q")
            assert b"re" not in drawing


def test_content_in_pieces_and_missing(take: Take, tmp_path: Path) -> None:
    """Content may be an array cut in the middle of a command, empty, or not there at all."""
    pdf = made(3, MARKED)
    pieces = [Stream(pdf, b"0 g 50 700"), Stream(pdf, b"200 40 re f")]
    pdf.pages[0].obj.Contents = Array([pdf.make_indirect(piece) for piece in pieces])
    pdf.pages[1].obj.Contents = Array([])
    del pdf.pages[2].obj["/Contents"]
    source = tmp_path / "a.pdf"
    source.write_bytes(saved(pdf))
    facts = take(source)
    assert len(facts.pages) == 3
    alike(source, facts.clean, 3)


def test_inherited_resources(take: Take) -> None:
    """Resources, boxes and turns may stand far up in the page tree."""
    pdf = made(2, b"/Fx Do")
    form = Stream(pdf, b"0 g 0 0 300 300 re f")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 300, 300])
    tree = pdf.Root.Pages
    tree.Resources = Dictionary(XObject=Dictionary(Fx=form))
    tree.MediaBox, tree.Rotate = Array([0, 0, 400, 600]), 180
    for page in pdf.pages:
        for key in ("/MediaBox", "/Resources"):
            if key in page.obj:
                del page.obj[key]
    facts = take(saved(pdf))
    assert_plain(facts)
    assert [(page.width, page.height) for page in facts.pages] == [(400, 600)] * 2
    assert colour_at(facts.clean, 350, 50) == (0, 0, 0)


def test_cycles_are_survived(take: Take) -> None:
    """A form that draws itself, and a page tree that contains itself."""
    pdf = made(1, b"/Fx Do " + MARKED)
    form = Stream(pdf, b"/Fx Do")
    form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 10, 10])
    kept = pdf.make_indirect(form)
    kept.Resources = Dictionary(XObject=Dictionary(Fx=kept))
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Fx=kept))
    assert len(take(saved(pdf)).pages) == 1
    pdf = made(1, MARKED)
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)
    facts = take(saved(pdf), name="b.pdf")
    assert len(facts.pages) == 1


def test_a_page_used_twice_is_two_pages(take: Take) -> None:
    """Some programs list one page object several times."""
    pdf = made(1, MARKED)
    pdf.Root.Pages.Kids.append(pdf.pages[0].obj)
    pdf.Root.Pages.Count = 2
    assert len(take(saved(pdf)).pages) == 2


def test_names_that_are_not_utf8(take: Take) -> None:
    """Chinese programs write GBK into names of fonts and resources."""
    pdf = made(1, b"BT /KaiTiXX 20 Tf 50 700 Td (abc) Tj ET")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/KaiTiXX"))
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(KaiTiXX=font))
    pdf.pages[0].obj.KaiTiXX = 1
    facts = take(saved(pdf).replace(b"KaiTiXX", b"#CB#CEX"))
    assert len(facts.pages) == 1
    assert "attachment-rasterised" not in {remark.code for remark in facts.remarks}


def test_order_and_number_of_pages(take: Take, tmp_path: Path) -> None:
    """Page for page as it was."""
    source = tmp_path / "a.pdf"
    source.write_bytes(saved(made(7)))
    facts = take(source)
    alike(source, facts.clean, 7)
    with pypdfium2.PdfDocument(facts.clean) as document:
        assert len(document) == 7


def test_same_input_same_bytes(take: Take, tmp_path: Path) -> None:
    """Builds are to be reproducible."""
    data = saved(made(2, MARKED))
    first = take(data).clean.read_bytes()
    assert take(data, max_seconds=99.0).clean.read_bytes() == first
