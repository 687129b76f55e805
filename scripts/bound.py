"""Bind one file taken in and hold each side of the volume against the page it came from.

The page as PDFium shows it in the original is turned and scaled as the plan says and laid over
the same place of the side; what else is on the side must be its number and nothing more.
"""

import contextlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw

from sjs_forms.domain.placement import A4_HEIGHT, A4_WIDTH
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.intake.clean import page_likeness
from sjs_forms.volume.assemble import SideMarks, assemble
from sjs_forms.volume.binding_plan import (
    OWN_PDFS,
    BindingPlan,
    Document,
    Page,
    Section,
    Side,
    plan_binding,
)
from sjs_forms.volume.origin_texts import origin_texts
from sjs_forms.volume.page_numbers import number_font
from sjs_forms.volume.plan_views import manifest_sides
from sjs_forms.volume.side_digests import compared_with_origins
from sjs_forms.volume.side_origins import Origin, PdfPages
from sjs_forms.volume.verify import verify_volume

WORST, WORST_SPOT = 0.5, 16.0
"""Mean grey (of 255) by which a page, and any small part of it, may differ: drawn at another
scale and place, a dense scan differs a little everywhere, a missing word much in one spot."""

SOURCE = "source:0"
MAX_SIDES = 80
"""Sides of one volume that are looked at."""

FINER = 4
"""Pixels drawn for one compared: hair lines fall between pixels in their own way."""

_AROUND = 3.0
"""Points round a number, and round a page, that are not looked at."""

_QUARTERS = (
    None,
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_270,
)
"""Quarter-turns anticlockwise."""

Box = tuple[float, float, float, float]
Size = tuple[float, float]
"""Width and height of a page as shown, in points; PDFium itself knows no user unit."""


def bind(
    programme: Programme, facts: SourceFacts, folder: Path, rotate: int = 0
) -> tuple[BindingPlan, Path]:
    """A volume of this one attachment, and its plan; our own pages in it are blank."""
    pages = tuple(
        Page(
            index,
            page.width,
            page.height,
            rotate,
            page.coloured,
            page.ink,
            facts.origin_of(index) + 1,
            facts.part_of(index),
        )
        for index, page in enumerate(facts.pages)
    )
    document = Document("附件", "attachment", SOURCE, pages, "附件.pdf", facts.bookmarks)
    plan = plan_binding([Section(programme.materials[1], 2, (document,))], programme.binding)
    blank = folder / "blank.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(A4_WIDTH, A4_HEIGHT))
        pdf.save(blank)
    pdfs = {key: PdfPages(blank) for key in OWN_PDFS}
    pdfs[SOURCE] = PdfPages(facts.clean, streams=facts.streams)
    volume = folder / "volume.pdf"
    marks = SideMarks(programme.binding, number_font(), programme.print.copies)
    assemble(plan, pdfs, marks, {}, volume)
    return plan, volume


def unlike_clean(plan: BindingPlan, volume: Path, facts: SourceFacts) -> Iterator[str]:
    """Sides that PDFium or qpdf reads otherwise than the clean page, as a build looks at them."""
    origins = {
        side.side: Origin(facts.clean, side.page, "附件", facts.streams)
        for side in plan.sides
        if side.pdf == SOURCE
    }
    yield from verify_volume(volume, manifest_sides(plan), origin_texts(origins))
    _, differing = compared_with_origins(
        volume, [side.side not in origins for side in plan.sides], origins
    )
    yield from (f"side {side} draws something else" for side in differing)


def faults(
    plan: BindingPlan,
    volume: Path,
    originals: Mapping[str, Path],
    unlike: Set[int] = frozenset(),
) -> Iterator[str]:
    """What of a volume is not as planned; `originals` by the plan's key of their clean PDF.

    Pages in `unlike` (from 0) may look otherwise than in the original.
    """
    with contextlib.ExitStack() as stack:
        bound = stack.enter_context(pypdfium2.PdfDocument(volume))
        if len(bound) != len(plan.sides):
            yield f"the volume has {len(bound)} pages, not {len(plan.sides)}"
            return
        before = {}
        for key, path in originals.items():
            with contextlib.suppress(pypdfium2.PdfiumError):
                before[key] = stack.enter_context(pypdfium2.PdfDocument(path))
                before[key].init_forms()
        shown = {
            (part.document.pdf, page.index): _shown(page, part.document)
            for part in plan.parts
            if part.document
            for page in part.document.pages
        }
        wanted = [side for side in plan.sides if side.pdf in originals][:MAX_SIDES]
        for side in wanted:
            source = before.get(side.pdf or "")
            compared = None if side.page in unlike else source
            for fault in _faults_of(side, shown[side.pdf or "", side.page], bound, compared):
                yield f"side {side.side} (page {side.source_page}): {fault}"


@dataclass(frozen=True)
class _Shown:
    """A page, or a part of one that was cut: its size, the whole page's, and where it begins.

    `left` and `foot` are its lower left corner on the whole page.
    """

    size: Size
    whole: Size
    left: float = 0.0
    foot: float = 0.0


def _shown(page: Page, document: Document) -> _Shown:
    size = (page.width, page.height)
    if page.part is None:
        return _Shown(size, size)
    parts = [one for one in document.pages if one.given == page.given]
    before = [one for one in parts if (one.part or 0) < page.part]
    if len({one.width for one in parts}) == 1:
        high = sum(one.height for one in parts)
        foot = high - sum(one.height for one in before) - page.height
        return _Shown(size, (page.width, high), foot=foot)
    whole = (sum(one.width for one in parts), page.height)
    return _Shown(size, whole, left=sum(one.width for one in before))


def _faults_of(
    side: Side,
    shown: _Shown,
    bound: pypdfium2.PdfDocument,
    source: pypdfium2.PdfDocument | None,
) -> Iterator[str]:
    page = bound[side.side - 1]
    width, height = page.get_size()
    if max(abs(width - A4_WIDTH), abs(height - A4_HEIGHT)) > 0.5:
        yield f"{width:.0f} by {height:.0f} points is not A4"
        return
    numbers = list(_numbers(page, side))
    if side.label is not None and not numbers:
        yield f"its number {side.label} is not at the outer foot"
    original = _loaded(source, (side.source_page or 1) - 1)
    if original is None or side.placement is None:
        return
    box = _box_on_side(side, (0, 0, *shown.size))
    right, top = shown.whole[0] - shown.left, shown.whole[1] - shown.foot
    whole = _box_on_side(side, (-shown.left, -shown.foot, right, top))
    scale = side.placement.scale * shown.whole[0] / original.get_size()[0]
    found = _difference(page, original, (side.placement.turn, scale), (whole, box), numbers)
    if found.mean > WORST or found.spot > WORST_SPOT:
        yield f"looks different ({found.mean:.2f}, in one spot {found.spot:.0f})"
    if not _is_white_around(page, box, numbers):
        yield "something is beside the page"


def _loaded(source: pypdfium2.PdfDocument | None, index: int) -> pypdfium2.PdfPage | None:
    """A page of the original, if PDFium shows it with anything on it."""
    if source is None or index >= len(source):
        return None
    with contextlib.suppress(pypdfium2.PdfiumError, ValueError):
        page = source[index]
        return None if page_likeness.is_blank(page_likeness.drawn(page)) else page
    return None


def _numbers(page: pypdfium2.PdfPage, side: Side) -> Iterator[Box]:
    """Where the printed number stands at the outer foot, with its ground."""
    if side.label is None:
        return
    text = page.get_textpage()
    searcher = text.search(f"— {side.label} —")
    while (found := searcher.get_next()) is not None:
        for rect in range(text.count_rects(*found)):
            left, bottom, right, top = text.get_rect(rect)
            outer = (left + right > A4_WIDTH) == (side.face == "recto")
            if outer and top < A4_HEIGHT / 8:
                yield (left - 5, bottom - 6, right + 5, top + 6)


def _box_on_side(side: Side, of: Box) -> Box:
    """Where a box of the page stands on its side; empty margins may hang over."""
    assert side.placement is not None
    corners = [side.placement.apply(x, y) for x in (of[0], of[2]) for y in (of[1], of[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _difference(
    page: pypdfium2.PdfPage,
    original: pypdfium2.PdfPage,
    stand: tuple[int, float],
    boxes: tuple[Box, Box],
    numbers: list[Box],
) -> page_likeness.Difference:
    """How far the place where the page stands differs from the page.

    `stand` is by how many quarters and to what scale the page is turned and shrunk, `boxes` are
    where all of it would stand and where what is shown of it does.
    """
    turn, shrunk = stand
    whole, box = boxes
    box = (max(box[0], 0), max(box[1], 0), min(box[2], A4_WIDTH), min(box[3], A4_HEIGHT))
    long = max(box[2] - box[0], box[3] - box[1])
    scale = FINER * page_likeness.LONG_SIDE / max(long, 1.0)
    crop = (box[0], box[1], A4_WIDTH - box[2], A4_HEIGHT - box[3])
    new: Image.Image = page.render(scale=scale, crop=crop).to_pil().convert("L")
    old: Image.Image = original.render(scale=scale * shrunk).to_pil().convert("L")
    quarter = _QUARTERS[turn]
    old = old if quarter is None else old.transpose(quarter)
    size = round((whole[2] - whole[0]) * scale), round((whole[3] - whole[1]) * scale)
    left, top = round((box[0] - whole[0]) * scale), round((whole[3] - box[3]) * scale)
    old = old.resize((max(size[0], 1), max(size[1], 1)))
    old = old.crop((left, top, left + new.width, top + new.height))
    small = (max(1, round(new.width / FINER)), max(1, round(new.height / FINER)))
    for picture in (old, new):
        pen = ImageDraw.Draw(picture)
        for number in numbers:
            pen.rectangle(_pixels(number, (box[0], box[3]), scale), fill="white")
    box_filter = Image.Resampling.BOX
    old, new = (picture.resize(small, box_filter) for picture in (old, new))
    return page_likeness.difference(old, new)


def _is_white_around(page: pypdfium2.PdfPage, box: Box, numbers: list[Box]) -> bool:
    """Whether nothing is drawn beside the page but the number."""
    picture: Image.Image = page.render(scale=1).to_pil().convert("L")
    pen = ImageDraw.Draw(picture)
    for place in (box, *numbers):
        left, bottom, right, top = place
        grown = (left - _AROUND, bottom - _AROUND, right + _AROUND, top + _AROUND)
        pen.rectangle(_pixels(grown, (0.0, A4_HEIGHT), 1.0), fill="white")
    return picture.getextrema() == (255, 255)


def _pixels(box: Box, corner: tuple[float, float], scale: float) -> Box:
    """A box in points as pixels of a picture whose upper left corner is `corner`."""
    left, top = corner
    return (
        (box[0] - left) * scale,
        (top - box[3]) * scale,
        (box[2] - left) * scale,
        (top - box[1]) * scale,
    )
