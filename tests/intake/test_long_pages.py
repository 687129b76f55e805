"""Long strips are cut where nothing stands; what is shrunk too far otherwise is named."""

import io
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream
from PIL import Image, ImageChops, ImageDraw, ImageStat

from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.long_pages import cut_places
from sjs_forms.jobs.pipeline import Options, build
from tests.intake.conftest import Take, assert_plain, saved, seen
from tests.samples import minimal_answers, write_application

MM = 72 / 25.4


def screenshot(
    size: tuple[int, int] = (1080, 9000), letters: int = 40, pitch: int = 64
) -> Image.Image:
    """Lines of things like letters on white, each line with its own pattern."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for number, top in enumerate(range(pitch, size[1] - pitch, pitch)):
        for left in range(40, size[0] - 2 * letters, letters + letters // 4):
            if (left * 7 + number * 13) % 11:
                pen.rectangle((left, top, left + letters, top + letters), outline="black", width=4)
                pen.line((left, top + letters // 2, left + letters, top + letters // 2), "black", 3)
    return picture


def noise(size: tuple[int, int], contrast: float = 100) -> Image.Image:
    """A pattern without any empty place."""
    return Image.effect_noise(size, contrast).convert("RGB")


def encoded(picture: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def codes(facts: SourceFacts) -> set[str]:
    return {remark.code for remark in facts.remarks}


def assert_parts_are(facts: SourceFacts, whole: Image.Image, within: float = 8) -> None:
    """Hold every part against its piece of the whole: nothing lost, nothing twice."""
    across = len({page.height for page in facts.pages}) == 1
    sizes = [page.width if across else page.height for page in facts.pages]
    dots = (whole.width if across else whole.height) / sum(sizes)
    start = 0.0
    for number, size in enumerate(sizes):
        end = start + size * dots
        piece = (start, 0, end, whole.height) if across else (0, start, whole.width, end)
        shown = seen(facts.clean, number, 2)
        small = (shown.width // 16, shown.height // 16)
        shown = shown.resize(small, Image.Resampling.BOX)
        expected = whole.convert("RGB").resize(small, Image.Resampling.BOX, piece)
        difference = ImageChops.difference(shown, expected)
        assert max(ImageStat.Stat(difference).mean) < within, number
        start = end
    assert start == pytest.approx(whole.width if across else whole.height)


def assert_parts_are_of(facts: SourceFacts, source: bytes) -> None:
    """The same of a PDF of one page."""
    path = facts.clean.with_name("source.pdf")
    path.write_bytes(source)
    assert_parts_are(facts, seen(path, scale=2), within=6)


def tall_pdf(
    size: tuple[float, float], letters: float = 11, pitch: float = 18, before: int = 0
) -> Pdf:
    """A page of so many millimetres full of numbered lines, behind so many of A4."""
    pdf = Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for _ in range(before):
        pdf.add_blank_page(page_size=(595, 842))
    width, height = size[0] * MM, size[1] * MM
    page = pdf.add_blank_page(page_size=(width, height)).obj
    page.Resources = Dictionary(Font=Dictionary(F=font))
    count = int((height - 60) / pitch)
    lines = [
        f"BT /F {letters} Tf 1 0 0 1 20 {height - 40 - at * pitch:.2f} Tm (Row {at} of this) Tj "
        f"0 0 1 rg (, gp) Tj 0 g ET"
        for at in range(count)
    ]
    page.Contents = Stream(pdf, "\n".join(lines).encode())
    return pdf


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "HEIF"])
def test_a_long_screenshot_is_cut_between_lines(take: Take, form: str) -> None:
    """Every part has clear margins where it was cut; put together they are the screenshot."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    picture = screenshot() if form != "HEIF" else screenshot((480, 3400), 12, 20)
    facts = take(encoded(picture, form), name="截图")
    assert_plain(facts)
    assert 2 < len(facts.pages) < 9
    assert "attachment-cut" in codes(facts)
    assert "attachment-low-resolution" not in codes(facts)
    assert f"{len(facts.pages)} 页 A4" in facts.remarks[0].message
    for page in range(len(facts.pages)):
        shown = seen(facts.clean, page, 3).convert("L")
        for row in (0, shown.height - 1):
            assert min(shown.crop((0, row, shown.width, row + 1)).tobytes()) > 200
    assert_parts_are(facts, picture, within=10)


def test_a_strip_of_every_orientation(take: Take) -> None:
    """Turned upright first, then cut from the top."""
    picture = screenshot()
    ImageDraw.Draw(picture).rectangle((0, 0, 1080, 50), fill="red")
    for orientation, stored in ((6, Image.Transpose.ROTATE_90), (3, Image.Transpose.ROTATE_180)):
        exif = Image.Exif()
        exif[274] = orientation
        facts = take(encoded(picture.transpose(stored), "JPEG", exif=exif), name=str(orientation))
        assert len(facts.pages) > 4
        top = seen(facts.clean, 0).getpixel((200, 5))
        assert isinstance(top, tuple) and top[0] > 200 and top[1] < 60


def test_a_strip_of_columns_is_cut_beside_them(take: Take) -> None:
    """A sheet captured to the right is cut between its blocks, each part upright."""
    wide = Image.new("RGB", (9000, 900), "white")
    for left in range(0, 9000, 900):
        wide.paste(screenshot((840, 900), 24, 40), (left + 30, 0))
    facts = take(encoded(wide, "PNG"), name="长表")
    assert len(facts.pages) > 4
    assert len({round(page.height) for page in facts.pages}) == 1
    assert "切口" not in facts.remarks[0].message
    assert_parts_are(facts, wide, within=10)


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270])
def test_a_strip_that_lies_on_its_side_is_cut_between_its_lines(
    take: Take, turn: Image.Transpose
) -> None:
    """A long screenshot that was turned, with nothing in the file that says so."""
    lying = screenshot((900, 9000), 24, 40).transpose(turn)
    facts = take(encoded(lying, "PNG"), name="横着的长图")
    assert len(facts.pages) > 4
    assert "切口" not in facts.remarks[0].message
    assert_parts_are(facts, lying, within=10)


def test_a_strip_without_empty_places_says_so(take: Take) -> None:
    """It is cut all the same: in one piece it would be 20 mm wide."""
    facts = take(encoded(noise((400, 5000)), "PNG"), name="图案")
    assert len(facts.pages) > 3
    assert re.search(r"其中 \d+ 处找不到空白", facts.remarks[0].message)


@pytest.mark.parametrize(
    "data",
    [
        encoded(screenshot((1080, 2400)), "PNG"),
        encoded(screenshot((1080, 3600)), "PNG"),
        encoded(noise((4200, 1000)), "JPEG", quality=50),
        encoded(noise((8000, 1000), 30), "JPEG", quality=50),
        encoded(screenshot((945, 3543), 32, 50), "JPEG", dpi=(300, 300)),
        saved(tall_pdf((420, 297))),
        saved(tall_pdf((594, 420), 12)),
        saved(tall_pdf((80, 300))),
        saved(tall_pdf((210, 297), 3, 5)),
    ],
    ids=[
        "a phone's screen",
        "a screen and a half",
        "a panorama",
        "a long panorama",
        "a till receipt",
        "A3",
        "A2",
        "a receipt in PDF",
        "A4 with tiny letters of its own",
    ],
)
def test_what_can_be_read_stays_whole_and_unremarked(take: Take, data: bytes) -> None:
    facts = take(data, name="材料")
    assert len(facts.pages) == 1
    assert codes(facts) <= {"attachment-low-resolution"}


@pytest.mark.parametrize(
    ("data", "percent"),
    [
        (saved(tall_pdf((2000, 900), 40, 60)), 15),
        (saved(tall_pdf((1189, 841), 40, 60)), 25),
        (saved(tall_pdf((420, 297), 5, 8)), 71),
        (encoded(Image.new("L", (4600, 3300), 255), "PNG", dpi=(100, 100)), 25),
    ],
    ids=["a plan", "A0", "A3 with tiny letters", "a scan of A0"],
)
def test_what_is_shrunk_too_far_is_named_with_its_scale(
    take: Take, data: bytes, percent: int
) -> None:
    facts = take(data, name="图纸")
    assert len(facts.pages) == 1
    (remark,) = (one for one in facts.remarks if one.code == "attachment-shrunk")
    assert f"缩小到 {percent}%" in remark.message


def test_pages_are_named_as_in_the_file(take: Take) -> None:
    """The third page is cut, the fourth shrunk."""
    pdf = tall_pdf((200, 1500), before=2)
    with Pdf.open(io.BytesIO(saved(tall_pdf((1189, 841))))) as plan:
        pdf.pages.extend(plan.pages)
        facts = take(saved(pdf))
    assert facts.given == 4
    assert [page.origin for page in facts.pages] == [0, 1, *[2] * (len(facts.pages) - 3), 3]
    assert facts.parts_of(2) == tuple(range(2, len(facts.pages) - 1))
    assert [facts.part_of(at) for at in (0, 2, 3)] == [None, 1, 2]
    messages = {remark.code: remark.message for remark in facts.remarks}
    assert "第 3 页" in messages["attachment-cut"]
    assert "第 4 页" in messages["attachment-shrunk"]


def test_resolution_is_that_of_the_parts(take: Take) -> None:
    """A small screenshot is sharp as a thread 20 mm wide, and coarse where it can be read."""
    facts = take(encoded(screenshot((200, 2400), 10, 16), "PNG"), name="小截图")
    assert len(facts.pages) > 2
    (remark,) = (one for one in facts.remarks if one.code == "attachment-low-resolution")
    assert "第 1 页" in remark.message


def test_a_long_page_keeps_its_text_once(take: Take) -> None:
    """Each line on one part only, in order, for a reader that knows nothing of clipping."""
    source = saved(tall_pdf((200, 3000)))
    facts = take(source)
    assert len(facts.pages) > 9
    texts = [page.extract_text() for page in pypdf.PdfReader(facts.clean).pages]
    rows = [int(row) for row in re.findall(r"Row (\d+) of this, gp", "\n".join(texts))]
    assert rows == list(range(len(rows)))
    assert len(rows) == int((3000 * MM - 60) / 18)
    assert_parts_are_of(facts, source)


def test_text_of_forms_quotes_and_odd_fonts(take: Take) -> None:
    """Lines moved by quotes keep their places; what may reach further is not left out."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(500, 6000)).obj
    fonts = Dictionary(
        F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
        V=Dictionary(Type=Name.Font, Subtype=Name.Type0, Encoding=Name("/Identity-V")),
    )
    lines = "".join(f"(q{at}) '\n" for at in range(290))
    form = Stream(pdf, f"BT /F 10 Tf 20 TL 30 5900 Td {lines} ET".encode())
    form.Type, form.Subtype = Name.XObject, Name.Form
    form.BBox, form.Resources = Array([0, 0, 500, 6000]), Dictionary(Font=fonts)
    page.Resources = Dictionary(XObject=Dictionary(X=form), Font=fonts)
    page.Contents = Stream(
        pdf, b'/X Do BT /F 10 Tf 3 Tr 1 0 0 1 250 5890 Tm (hidden) Tj 1 2 (spaced) " ET'
    )
    source = saved(pdf)
    facts = take(source)
    assert len(facts.pages) > 5
    reader = pypdf.PdfReader(facts.clean)
    found = [re.findall(r"q(\d+)", page.extract_text()) for page in reader.pages]
    assert [int(row) for page in found for row in page] == list(range(290))
    assert ["hidden" in page.extract_text() for page in reader.pages].count(True) == 1
    assert_parts_are_of(facts, source)


def test_links_and_bookmarks_follow_to_the_parts(take: Take) -> None:
    """A bookmark half way down leads to the part that shows the place, at its height there."""
    pdf = tall_pdf((200, 3000), before=1)
    height = 3000 * MM
    page = pdf.pages[1].obj
    aim = Array([page, Name.XYZ, 0, 1000, None])
    web = Dictionary(S=Name.URI, URI=pikepdf.String("https://example.org/"))
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([9, 9, 99, 99]), Dest=aim)]
    )
    page.Annots = Array(
        [
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([9, 99, 99, 199]), A=web),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([9, height - 60, 99, height - 9]),
                Dest=Array([pdf.pages[0].obj, Name.Fit]),
            ),
        ]
    )
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("中间", aim))
        outline.root.append(OutlineItem("开头", 1))
    facts = take(saved(pdf))
    assert_plain(facts)
    heights = [page.height for page in facts.pages[1:]]
    foot, part = height, 0
    while foot > 1000:
        foot -= heights[part]
        part += 1
    middle, first = facts.bookmarks
    assert (middle.page, first.page) == (part, 1)
    assert middle.top == pytest.approx(1000 - foot, abs=0.1)
    with Pdf.open(facts.clean) as clean:
        pages = [page.obj for page in clean.pages]
        (link,) = pages[0].Annots
        assert link.Dest[0].objgen == pages[part].objgen
        assert float(link.Dest[3]) == pytest.approx(1000 - foot, abs=0.1)
        assert [len(page.get("/Annots", [])) for page in pages[1:]].count(1) == 2
        assert pages[1].Annots[0].Dest[0].objgen == pages[0].objgen


def test_pages_chosen_are_those_of_the_file(tmp_path: Path) -> None:
    """`pages` counts as the user does; manifest and plan say which part of a page a side shows."""
    folder, answers = tmp_path / "某单位", minimal_answers()
    (folder / "attachments").mkdir(parents=True)
    pdf = tall_pdf((200, 900), before=1)
    pdf.add_blank_page(page_size=(595, 842))
    (folder / "attachments" / "长.pdf").write_bytes(saved(pdf))
    listed = {"file": "attachments/长.pdf", "material": "evidence", "pages": "3,2"}
    answers["attachments"] = [listed]
    write_application(folder, answers)
    build(folder, tmp_path / "成册", Options(cache=False, draft=True))
    made = json.loads((tmp_path / "成册" / "manifest.json").read_text(encoding="utf-8"))
    sides = [side for side in made["sides"] if side["source"]]
    assert [side["source_page"] for side in sides] == [3, 2, 2, 2, 2]
    assert [side.get("source_part") for side in sides] == [None, 1, 2, 3, 4]
    assert made["inputs"][0]["pages"] == 3


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(8, 60), st.integers(6, 90)), min_size=60, max_size=160))
def test_cuts_never_touch_ink(lines: list[tuple[int, int]]) -> None:
    """Lines of any height and distance: every cut lies between two, no part is longer than A4."""
    height = sum(ink + gap for ink, gap in lines)
    picture = Image.new("L", (400, height), 255)
    pen = ImageDraw.Draw(picture)
    top, inked = 0, []
    for ink, gap in lines:
        for left in range(20, 360, 12):
            pen.rectangle((left, top, left + 5, top + ink - 1), fill=0)
        inked.append((top, top + ink))
        top += ink + gap
    width, points = 200.0, height / 2
    if not cut_places.is_slender(width, points):
        return
    strip = cut_places.strip_of(picture, width, points)
    if strip is None:
        return
    assert strip.cuts and not strip.rough
    assert all(not top < 2 * cut < end for cut in strip.cuts for top, end in inked)
    edges = (0.0, *strip.cuts, points)
    assert all(0 < end - start <= cut_places.ROOM[1] + 0.5 for start, end in pairwise(edges))
