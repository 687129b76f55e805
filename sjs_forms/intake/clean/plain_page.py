"""Turns a page with boxes, rotation and annotations into one plain drawing."""

from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from sjs_forms.domain.source_facts import PageFacts
from sjs_forms.intake.annotations import appearances
from sjs_forms.intake.clean.form_repeats import Repeats
from sjs_forms.intake.clean.layers import Layers, Remover
from sjs_forms.pdf import page_pictures
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.image_places import Drawings
from sjs_forms.pdf.matrices import (
    IDENTITY,
    LETTER,
    ORIENTATION_OF,
    ShownTransform,
    format_numbers,
    intersection,
    shown_transform,
    upright,
)
from sjs_forms.pdf.objects import (
    Key,
    decoded_as_far,
    dictionary,
    entry,
    inherited,
    items,
    key_for,
    key_of,
    key_of_xobjects,
    keys_of,
    keys_with_nothing,
    name_of,
    names_of,
    new_stream,
    number,
    numbers,
    stream,
)

_NEEDED = {"/Contents", "/CropBox", "/MediaBox", "/Resources", "/Rotate"}
"""Entries of a page that determine how it looks."""
_KEPT = ("/Type", "/Group", "/Parent")


@dataclass(frozen=True, slots=True)
class PageWork:
    """Shared by all pages of a document while they are made plain.

    `contents` holds the new content streams; pages with the same content (a scanner's) share one.
    """

    pdf: Pdf
    layers: Layers
    remover: Remover
    max_decoded: int
    form_resources: Any
    drawings: Drawings
    repeats: Repeats
    contents: dict[str, Stream] = field(default_factory=dict)
    shared: set[Key] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class PlainPage:
    """The result for a page: its facts, and whether content is lost.

    `broken` means that content is missing or cannot be decoded to its end.
    """

    facts: PageFacts
    broken: bool = False


def shown_transform_of(page: Any, mirrored: int = 1) -> ShownTransform:
    """Return how the page is shown: crop box within media box, /Rotate, user unit.

    `mirrored` is an EXIF orientation for pages with one picture and no /Rotate.
    """
    media = upright(numbers(inherited(page, "/MediaBox"))) or LETTER
    crop = upright(numbers(inherited(page, "/CropBox")))
    shown = (intersection(media, crop) if crop else None) or media
    unit = number(entry(page, "/UserUnit")) or 1.0
    turn = ORIENTATION_OF[rotation_of(page)]
    return shown_transform(shown, unit if 0 < unit < 1e4 else 1.0, turn if turn != 1 else mirrored)


def rotation_of(page: Any) -> int:
    """Return the page's rotation: 0, 90, 180 or 270 degrees clockwise."""
    turn = number(inherited(page, "/Rotate")) or 0.0
    return int(turn / 90) % 4 * 90 if abs(turn) < 1e6 else 0


def make_plain(work: PageWork, page: Any, shown: ShownTransform) -> PlainPage:
    """Make the page a single drawing of itself, upright, with nothing active left."""
    resources = inherited(page, "/Resources")
    if dictionary(resources) is None:
        resources = Dictionary()
    resources = _share_resources(work, resources)
    data, kept, broken = _content(work, page)
    work.repeats.check(data, resources)
    broken = broken or bool(keys_with_nothing(page) & _NEEDED)
    dpi = _look(work, data, resources, shown)
    drawing = new_stream(
        work.pdf,
        data if kept is None else kept.read_raw_bytes(),
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Form,
            "/BBox": Array([round(value, 4) for value in shown.box]),
            "/Resources": resources,
        },
    )
    if kept is not None:
        for key in ("/Filter", "/DecodeParms"):
            if kept.get(key) is not None:
                drawing[key] = kept[key]
    if work.layers.any_off:
        work.remover.clean(work.pdf.make_indirect(drawing))
    stamped, sealed = _stamped(work, page)
    _replace(work, page, shown, [appearances.Stamped(drawing, IDENTITY), *stamped])
    facts = PageFacts(shown.width, shown.height, dpi is not None, sealed, dpi=dpi)
    return PlainPage(facts, broken)


def _share_resources(work: PageWork, resources: Any) -> Any:
    """Give forms without resources those of the page, which they use implicitly.

    All get the same dictionary; forms of shared resources are examined once. Returns the page's
    resources.
    """
    key = key_of_xobjects(resources)
    if key is not None and key in work.shared:
        return resources
    if key is not None:
        work.shared.add(key)
    poor = [
        drawn
        for _, drawn in names_of(entry(resources, "/XObject"))
        if stream(drawn) is not None
        and name_of(drawn.get("/Subtype")) == "/Form"
        and drawn.get("/Resources") is None
    ]
    if poor and key_of(resources) is None:
        resources = work.pdf.make_indirect(resources)
    for form in poor:
        form["/Resources"] = resources
    return resources


def _content(work: PageWork, page: Any) -> tuple[bytes, Stream | None, bool]:
    """Return the decoded content, its one stream if that can be kept, and whether any is missing.

    An array item that leads nowhere is lost content.
    """
    contents = entry(page, "/Contents")
    given = items(contents) if isinstance(contents, Array) else [contents]
    parts = [found for found in given if stream(found) is not None]
    pieces = []
    left = work.max_decoded
    broken = contents is not None and len(parts) < len(given)
    for part in parts:
        try:
            piece, whole = decoded_as_far(part, left)
        except Damaged:
            broken = True
            continue
        broken = broken or not whole
        pieces.append(piece)
        left -= len(piece)
    plain = {"/FlateDecode", "/Fl", ""}
    single = len(parts) == len(pieces) == 1 and name_of(parts[0].get("/Filter")) in plain
    if single and parts[0].get("/F") is None and not isinstance(parts[0].get("/Filter"), Array):
        return pieces[0], parts[0], broken
    return b"\n".join(pieces), None, broken


def _look(work: PageWork, data: bytes, resources: Any, shown: ShownTransform) -> float | None:
    """Return the page's resolution in dots per inch if one picture covers most of it."""
    drawing = work.drawings.of(data, resources)
    found = page_pictures.covering(drawing, shown.matrix, (0.0, 0.0, shown.width, shown.height))
    return page_pictures.dots_per_inch(found)


def _stamped(work: PageWork, page: Any) -> tuple[list[appearances.Stamped], bool]:
    """Return what the page's annotations draw, and whether one is a signature or stamp."""
    found: list[appearances.Stamped] = []
    sealed = False
    for annotation in appearances.listed(page):
        if not appearances.is_shown(annotation) or work.layers.hides(entry(annotation, "/OC")):
            continue
        sealed = sealed or appearances.seals(annotation)
        stamped = appearances.placed(annotation, rotation_of(page))
        if stamped is None or work.layers.hides(stamped.form.get("/OC")):
            continue
        appearances.made_drawable(stamped.form, work.form_resources)
        if work.layers.any_off:
            work.remover.clean(stamped.form)
        found.append(stamped)
    return found, sealed


def _replace(
    work: PageWork, page: Any, shown: ShownTransform, drawings: list[appearances.Stamped]
) -> None:
    """Replace the page's content by these drawings under its matrix."""
    for key in keys_of(page):
        if key not in _KEPT:
            del page[key_for(key)]
    steps = [f"q {format_numbers(shown.matrix)} cm"]
    named = Dictionary()
    for number_, stamped in enumerate(drawings):
        name = f"/P{number_}"
        named[name] = stamped.form
        matrix = "" if stamped.matrix == IDENTITY else f"{format_numbers(stamped.matrix)} cm "
        steps.append(f"q {matrix}{name} Do Q")
    steps.append("Q")
    page.Type = Name.Page
    page.MediaBox = Array([0, 0, round(shown.width, 4), round(shown.height, 4)])
    page.Resources = Dictionary(XObject=named)
    content = "\n".join(steps)
    if content not in work.contents:
        work.contents[content] = work.pdf.make_indirect(Stream(work.pdf, content.encode()))
    page.Contents = work.contents[content]
