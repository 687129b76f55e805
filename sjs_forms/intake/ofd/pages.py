"""Makes the pages of a document: templates, layers, annotations and seals, in the order of 7.6."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.ofd.annotations import annotations_of
from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.canvas import Canvas
from sjs_forms.intake.ofd.drawing.painting import (
    OBJECTS,
    Painter,
    Setting,
    Tools,
    blend_mode,
    parameters_of,
)
from sjs_forms.intake.ofd.losses import Loss
from sjs_forms.intake.ofd.signatures import StampPlacement, stamps_of
from sjs_forms.intake.ofd.structure.archive import OfdArchive
from sjs_forms.intake.ofd.structure.document_resources import Resources
from sjs_forms.intake.ofd.structure.document_tree import OfdDocument, PagePart, page_box
from sjs_forms.intake.ofd.structure.xml_nodes import box
from sjs_forms.pdf.matrices import format_numbers

_ORDER = {"background": 0, "body": 1, "foreground": 2}
_Rect = tuple[float, float, float, float]

SealPainter = Callable[[Canvas, StampPlacement], bool]
"""Paints a seal within its boundary; returns whether that could be done."""


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """The content of a page: its element, its resources, its area, and whether that is all."""

    root: Any
    resources: Resources
    area: _Rect
    is_complete: bool


@dataclass(frozen=True, slots=True)
class _OrderedLayer:
    """A layer of a page or of one of its templates, and its drawing order."""

    order: tuple[int, int]
    node: Any
    resources: Resources


class PagePainter:
    """Paints the pages of one document."""

    def __init__(self, tools: Tools, document: OfdDocument, paint_seal: SealPainter) -> None:
        self._tools, self._document, self._paint_seal = tools, document, paint_seal
        self._painter = Painter(tools, document)
        self._resources = Resources()
        archive: OfdArchive = tools.archive
        for name in ("PublicRes", "DocumentRes"):
            if not self._resources.read(archive, document.references(name), document.part):
                tools.losses.note(Loss.PART_UNDRAWN)
        space = document.root.find("CommonData/DefaultCS")
        self._resources.default_space = (space.text or "").strip() if space is not None else ""
        self._annotations = annotations_of(archive, document, tools.losses)
        self.stamps = stamps_of(archive, document, tools.losses)
        self._templates: dict[str, LoadedPage | None] = {}

    def load(self, part: PagePart) -> LoadedPage | None:
        """Read the content of a page. Records a loss and returns None if it cannot be read."""
        if part.part is None:
            self._tools.losses.note(Loss.PAGE_UNREADABLE)
            return None
        try:
            root = self._tools.archive.xml(part.part)
        except OfdDamaged:
            self._tools.losses.note(Loss.PAGE_UNREADABLE)
            return None
        resources = self._resources
        references = [node.text or "" for node in root.iterfind("PageRes")]
        if references:
            resources = resources.over()
            if not resources.read(self._tools.archive, references, part.part):
                self._tools.losses.note(Loss.PART_UNDRAWN)
        area = page_box(root.find("Area")) or self._document.area
        return LoadedPage(root, resources, area, self._tools.archive.is_complete(part.part))

    def paint(self, canvas: Canvas, part: PagePart, page: LoadedPage) -> None:
        """Paint a page. Lengths are millimetres from the top left of its area."""
        if not page.is_complete:
            self._tools.losses.note(Loss.PAGE_UNREADABLE)
        for stratum in sorted(self._layers(page), key=lambda each: each.order):
            setting = Setting(
                stratum.resources,
                parameters_of(stratum.node),
                blend_mode(stratum.node) or "Normal",
            )
            with canvas.saved():
                self._painter.paint(canvas, stratum.node, setting)
        for annotation in self._annotations.get(part.number, ()):
            self._annotation(canvas, annotation, page.resources)
        for stamp in self.stamps:
            if stamp.page == part.number:
                self._stamp(canvas, stamp)

    def _layers(self, page: LoadedPage) -> Iterator[_OrderedLayer]:
        """Yield the layers; templates' are below the page's own, in the foreground above them."""
        for node in page.root.iterfind("Template"):
            number = (node.get("TemplateID") or "").strip()
            known = self._document.templates.get(number)
            template = self._template(number, known)
            if template is None or not template.is_complete:
                self._tools.losses.note(Loss.PAGE_UNREADABLE)
            if template is None:
                continue
            stated = node.get("ZOrder") or (known.z_order if known else "")
            order = _ORDER.get(stated.strip().lower(), 0)
            for layer in _layers_in(template.root):
                yield _OrderedLayer((order, 2 if order == 2 else 0), layer, template.resources)
        for layer in _layers_in(page.root):
            order = _ORDER.get((layer.get("Type") or "Body").strip().lower(), 1)
            yield _OrderedLayer((order, 1), layer, page.resources)

    def _template(self, number: str, part: PagePart | None) -> LoadedPage | None:
        if number not in self._templates:
            self._templates[number] = self.load(part) if part is not None else None
        return self._templates[number]

    def _annotation(self, canvas: Canvas, node: Any, resources: Resources) -> None:
        for appearance in node.iterfind("Appearance"):
            x, y, *_ = box(appearance.get("Boundary")) or (0.0, 0.0)
            blend = blend_mode(appearance) or blend_mode(node) or _stated_blend(node)
            with canvas.saved((1, 0, 0, 1, x, y)):
                self._painter.paint(canvas, appearance, Setting(resources, (), blend))

    def _stamp(self, canvas: Canvas, stamp: StampPlacement) -> None:
        x, y, wide, high = stamp.boundary
        if wide <= 0 or high <= 0:
            return  # an invisible signature
        with canvas.saved((1, 0, 0, 1, x, y)):
            if stamp.clip is not None and stamp.clip[2] > 0 and stamp.clip[3] > 0:
                canvas.add(f"{format_numbers(stamp.clip)} re W n")
            if not self._paint_seal(canvas, stamp):
                self._tools.losses.note(Loss.SEAL_UNREADABLE)


def _layers_in(root: Any) -> Iterator[Any]:
    """Yield the layers of a page, or its content as a whole where objects are outside of layers."""
    for content in root.iterfind("Content"):
        layers = content.findall("Layer")
        has_others = any(child.tag in OBJECTS for child in content if child.tag != "Layer")
        yield from [content] if has_others else layers


def _stated_blend(node: Any) -> str:
    """Return the blend mode that some writers store among an annotation's parameters."""
    for parameter in node.iterfind("Parameters/Parameter"):
        if (parameter.get("Name") or "").strip().lower() == "blendmode":
            holder = {"BlendMode": parameter.text or ""}
            return blend_mode(holder) or "Normal"
    return "Normal"
