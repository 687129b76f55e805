"""Paints the objects of a page block (8 to 13) in order: paths, text, pictures, composites.

Lengths are in millimetres with y downwards; the canvas' first matrix converts to points, y upwards.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from pikepdf import Array, Name, Pdf, Stream

from sjs_forms.intake.ofd.bounds import MAX_NESTING, Budget, OfdDamaged
from sjs_forms.intake.ofd.canvas import BLEND_MODES, Canvas
from sjs_forms.intake.ofd.drawing.clips import apply_clips, clip_to_boundary, unit_square
from sjs_forms.intake.ofd.drawing.path_data import path_of
from sjs_forms.intake.ofd.drawing.pictures import Pictures
from sjs_forms.intake.ofd.drawing.shadings import flat_colour, gradient_of
from sjs_forms.intake.ofd.drawing.styles import BLACK, Colour, Style, colour_of, shading_in
from sjs_forms.intake.ofd.losses import Loss, Losses
from sjs_forms.intake.ofd.page_targets import target_of
from sjs_forms.intake.ofd.structure.archive import OfdArchive
from sjs_forms.intake.ofd.structure.document_resources import FontRecord, Resources
from sjs_forms.intake.ofd.structure.document_tree import OfdDocument
from sjs_forms.intake.ofd.structure.xml_nodes import box, is_true, matrix, number, text_of
from sjs_forms.intake.ofd.text.text_painting import TextFonts
from sjs_forms.pdf.matrices import IDENTITY, Matrix, format_number, moved, multiplied

_ANYWHERE = (-1e6, -1e6, 1e6, 1e6)
"""The bounding box of a composite, in any units, because its drawing may exceed its stated size."""

OBJECTS = ("TextObject", "PathObject", "ImageObject", "CompositeObject", "PageBlock", "Layer")
"""The elements of a page block that are drawn."""


@dataclass(slots=True)
class Tools:
    """Objects shared by all pages of one file."""

    archive: OfdArchive
    pdf: Pdf
    losses: Losses
    fonts: TextFonts
    pictures: Pictures
    budget: Budget = field(default_factory=Budget)
    composites: dict[tuple[Any, tuple[str, ...], bool], Any] = field(default_factory=dict)
    pictures_by_parts: dict[tuple[str | None, ...], Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """The context of an object: its resources, blend mode, and nesting depth.

    `parameters` are IDs of the drawing parameters of its composite objects and its layer, the
    innermost first.
    """

    resources: Resources
    parameters: tuple[str, ...] = ()
    blend: str = "Normal"
    depth: int = 0

    def within(self, node: Any) -> "Setting":
        """Return the setting one level deeper, within `node`."""
        return Setting(
            self.resources,
            parameters_of(node) + self.parameters,
            blend_mode(node) or self.blend,
            self.depth + 1,
        )


@dataclass(frozen=True, slots=True)
class _Paint:
    """A colour or pattern for filling or stroking: the operator that sets it, and its opacity."""

    operator: str
    alpha: float


def parameters_of(node: Any) -> tuple[str, ...]:
    """Return the ID of the drawing parameters that an element refers to, if it does."""
    stated = (node.get("DrawParam") or "").strip()
    return (stated,) if stated else ()


def blend_mode(node: Any) -> str | None:
    """Return the PDF name of a blend mode, which is an extension of some writers, or None."""
    return BLEND_MODES.get((node.get("BlendMode") or "").strip().lower())


class Painter:
    """Paints objects of one document onto a canvas."""

    def __init__(self, tools: Tools, document: OfdDocument) -> None:
        self._tools, self._document = tools, document

    def paint(self, canvas: Canvas, block: Any, setting: Setting) -> None:
        """Paint the objects in an element. Raises FileRefused past a bound."""
        if setting.depth > MAX_NESTING:
            self._tools.losses.note(Loss.PART_UNDRAWN)
            return
        for node in block.iterchildren(etree.Element):
            if node.tag not in OBJECTS:
                if node.tag.endswith("Object"):
                    self._tools.losses.note(Loss.PART_UNDRAWN)
                continue
            self._tools.budget.object()
            if is_true(node.get("Visible"), otherwise=True):
                self._paint_one(canvas, node, setting)

    def _paint_one(self, canvas: Canvas, node: Any, setting: Setting) -> None:
        if node.tag in ("Layer", "PageBlock"):
            self.paint(canvas, node, setting.within(node))
        elif node.tag == "PathObject":
            self._path(canvas, node, setting)
        elif node.tag == "TextObject":
            self._text(canvas, node, setting)
        elif node.tag == "ImageObject":
            self._image(canvas, node, setting)
        else:
            self._composite(canvas, node, setting)

    @contextmanager
    def _placed(self, canvas: Canvas, node: Any) -> Iterator[Matrix]:
        """Move the origin to the object's boundary, and clip. Yields the CTM, not yet applied."""
        x, y, *_ = box(node.get("Boundary")) or (0.0, 0.0)
        own = matrix(node.get("CTM")) or IDENTITY
        with canvas.saved((1, 0, 0, 1, x, y)):
            target, boundary = target_of(node, self._document), self._own_box(node)
            if target is not None and boundary is not None:
                canvas.link(boundary, target)
            if not apply_clips(canvas, node, own, self._tools.budget):
                self._tools.losses.note(Loss.PART_UNDRAWN)
            yield own

    def _path(self, canvas: Canvas, node: Any, setting: Setting) -> None:
        path = path_of(text_of(node, "AbbreviatedData"), self._tools.budget)
        style = Style(node, setting.parameters, setting.resources)
        strokes = is_true(node.get("Stroke"), otherwise=True)
        fill_node = style.colour_node("FillColor") if is_true(node.get("Fill")) else None
        if not path.segments or not (strokes or fill_node is not None):
            return
        with self._placed(canvas, node) as own:
            clip_to_boundary(canvas, self._own_box(node), path.box(own))
            canvas.apply(own)
            fill = (
                self._paint_of(canvas, fill_node, setting, stroking=False)
                if fill_node is not None
                else None
            )
            stroke = (
                self._paint_of(canvas, style.colour_node("StrokeColor"), setting, stroking=True)
                if strokes
                else None
            )
            self._set_paints(canvas, node, setting, fill, stroke)
            if stroke:
                canvas.add(style.line_operators())
            rule = "*" if (node.get("Rule") or "").strip().lower() == "even-odd" else ""
            operator = {(True, True): f"B{rule}", (True, False): f"f{rule}", (False, True): "S"}
            canvas.add(*path.operators(), operator[fill is not None, stroke is not None])

    @staticmethod
    def _own_box(node: Any) -> tuple[float, float, float, float] | None:
        """Return the boundary with its origin at its own corner."""
        found = box(node.get("Boundary"))
        return (0.0, 0.0, found[2], found[3]) if found else None

    def _set_paints(
        self,
        canvas: Canvas,
        node: Any,
        setting: Setting,
        fill: _Paint | None,
        stroke: _Paint | None,
    ) -> None:
        alpha = opacity(node)
        canvas.set_state(
            alpha * (fill.alpha if fill else 1.0),
            alpha * (stroke.alpha if stroke else 1.0),
            blend_mode(node) or setting.blend,
        )
        canvas.add(*(paint.operator for paint in (fill, stroke) if paint))

    def _paint_of(self, canvas: Canvas, node: Any, setting: Setting, *, stroking: bool) -> _Paint:
        """Return the paint that a colour element states, in the current space."""
        if node is None:
            return _Paint(BLACK.operator(stroking=stroking), 1.0)
        shading = shading_in(node)
        if shading is None:
            return self._plain(colour_of(node, setting.resources), stroking)
        pattern, alpha = None, number(node.get("Alpha"), 255) / 255
        if shading.tag == "Pattern":
            pattern = self._tiling(canvas, shading, setting)
        elif shading.tag in ("AxialShd", "RadialShd"):
            gradient = gradient_of(shading, setting.resources, canvas.pdf, canvas.matrix)
            if gradient is not None:
                pattern, alpha = gradient.pattern, alpha * gradient.alpha
        if pattern is None:
            self._tools.losses.note(Loss.SHADING_FLAT)
            return self._plain(flat_colour(shading, setting.resources), stroking)
        name = canvas.resource("/Pattern", pattern, pattern.objgen)
        operators = ("/Pattern CS", "SCN") if stroking else ("/Pattern cs", "scn")
        return _Paint(f"{operators[0]} {name} {operators[1]}", min(max(alpha, 0.0), 1.0))

    @staticmethod
    def _plain(colour: Colour, stroking: bool) -> _Paint:
        return _Paint(colour.operator(stroking=stroking), colour.alpha)

    def _tiling(self, canvas: Canvas, node: Any, setting: Setting) -> Any | None:
        """Return a tiling pattern (8.3.3) for the current space, or None without a cell."""
        cell = node.find("CellContent")
        wide, high = number(node.get("Width"), 0.0), number(node.get("Height"), 0.0)
        if cell is None or wide <= 0 or high <= 0 or setting.depth > MAX_NESTING:
            return None
        across, down = number(node.get("XStep"), wide), number(node.get("YStep"), high)
        across, down = max(across, wide / 100, 0.05), max(down, high / 100, 0.05)
        inner = Canvas(canvas.pdf)
        reflects = (node.get("ReflectMethod") or "Normal").strip().lower()
        columns = (False, True) if reflects in ("column", "rowandcolumn") else (False,)
        rows = (False, True) if reflects in ("row", "rowandcolumn") else (False,)
        for row, turned_y in enumerate(rows):
            for column, turned_x in enumerate(columns):
                left, top = column * across, row * down
                flip: Matrix = (
                    -1.0 if turned_x else 1.0,
                    0,
                    0,
                    -1.0 if turned_y else 1.0,
                    left + wide if turned_x else left,
                    top + high if turned_y else top,
                )
                with inner.saved(flip):
                    self.paint(inner, cell, setting.within(cell))
        pattern = Stream(canvas.pdf, inner.content())
        pattern.Type, pattern.PatternType = Name.Pattern, 1
        pattern.PaintType, pattern.TilingType = 1, 2
        size = across * len(columns), down * len(rows)
        pattern.BBox = Array(
            [0, 0, round(size[0] - across + wide, 4), round(size[1] - down + high, 4)]
        )
        pattern.XStep, pattern.YStep = round(size[0], 4), round(size[1], 4)
        placed = multiplied(matrix(node.get("CTM")) or IDENTITY, canvas.matrix)
        pattern.Matrix = Array([round(value, 6) for value in placed])
        pattern.Resources = inner.resources()
        return canvas.pdf.make_indirect(pattern)

    def _text(self, canvas: Canvas, node: Any, setting: Setting) -> None:
        style = Style(node, setting.parameters, setting.resources)
        fills = is_true(node.get("Fill"), otherwise=True)
        strokes = is_true(node.get("Stroke"))
        mode = {(True, False): 0, (False, True): 1, (True, True): 2}.get((fills, strokes), 3)
        font = setting.resources.fonts.get((node.get("Font") or "").strip(), FontRecord(""))
        with self._placed(canvas, node) as own:
            canvas.apply(own)
            fill = self._paint_of(canvas, style.colour_node("FillColor"), setting, stroking=False)
            thickness = self._tools.fonts.thickness(node, font) if mode == 0 else 0.0
            stroke = None
            if strokes or thickness:
                stroke_node = style.colour_node("StrokeColor" if strokes else "FillColor")
                stroke = self._paint_of(canvas, stroke_node, setting, stroking=True)
            self._set_paints(canvas, node, setting, fill, stroke)
            if strokes:
                canvas.add(style.line_operators())
            elif thickness:
                canvas.add(f"{format_number(thickness)} w 1 j")
            self._tools.fonts.show(canvas, node, font, 2 if thickness else mode)

    def _image(self, canvas: Canvas, node: Any, setting: Setting) -> None:
        picture = self._picture(node, "ResourceID", setting)
        if picture is None:
            return
        with self._placed(canvas, node) as own:
            boundary = self._own_box(node)
            if node.get("CTM") is None and boundary is not None:
                own = (boundary[2], 0, 0, boundary[3], 0, 0)
            clip_to_boundary(canvas, boundary, unit_square(own))
            alpha = opacity(node)
            canvas.set_state(alpha, alpha, blend_mode(node) or setting.blend)
            self.draw_picture(canvas, picture, own)
            self._border(canvas, node, setting, own)

    @staticmethod
    def draw_picture(canvas: Canvas, picture: Any, own: Matrix) -> None:
        """Draw a picture. `own` maps its unit square, with y downwards, to the current space."""
        with canvas.saved(multiplied((1, 0, 0, -1, 0, 1), own)):
            canvas.draw(picture)

    def _border(self, canvas: Canvas, node: Any, setting: Setting, own: Matrix) -> None:
        """Draw the border of a picture (10), if it has one; by default 0.353 mm wide."""
        border = node.find("Border")
        width = number(border.get("LineWidth"), 0.353) if border is not None else 0.0
        if border is None or width <= 0:
            return
        left, top, right, bottom = unit_square(own)
        colour = border.find("BorderColor")
        with canvas.saved():
            paint = self._paint_of(canvas, colour, setting, stroking=True)
            canvas.set_state(paint.alpha, paint.alpha)
            canvas.add(paint.operator, f"{format_number(width)} w")
            edges = (left, top, right - left, bottom - top)
            canvas.add(f"{' '.join(map(format_number, edges))} re S")

    def _picture(self, node: Any, attribute: str, setting: Setting) -> Any | None:
        """Return the picture that an object names, with its mask. None, with a loss, if missing."""
        media = setting.resources.media
        own, instead, mask = (
            media.get((node.get(name) or "").strip())
            for name in (attribute, "Substitution", "ImageMask")
        )
        key = own, instead, mask
        if self._tools.pictures_by_parts.get(key) is None:
            data = self._media(own) or self._media(instead)
            if data is None:
                self._tools.losses.note(Loss.PICTURE_MISSING)
                return None
            masking = self._media(mask)
            if masking is None and node.get("ImageMask"):
                self._tools.losses.note(Loss.PART_UNDRAWN)
            found = self._tools.pictures.image(data, masking)
            self._tools.pictures_by_parts[key] = found
        else:
            self._tools.pictures.note_damage(self._tools.pictures_by_parts[key])
        return self._tools.pictures_by_parts[key]

    def _media(self, part: str | None) -> bytes | None:
        if part is None:
            return None
        try:
            return self._tools.archive.read(part)
        except OfdDamaged:
            return None

    def _composite(self, canvas: Canvas, node: Any, setting: Setting) -> None:
        name = (node.get("ResourceID") or "").strip()
        unit = setting.resources.composites.get(name)
        if unit is None:
            self._tools.losses.note(Loss.PART_UNDRAWN)
            return
        alpha, blend = opacity(node), blend_mode(node) or setting.blend
        form = self._form(unit, node, setting, is_group=(alpha, blend) != (1.0, "Normal"))
        if form is None:
            self._tools.losses.note(Loss.PART_UNDRAWN)
            return
        with self._placed(canvas, node) as own:
            size = number(unit.get("Width"), 0.0), number(unit.get("Height"), 0.0)
            drawn = moved(own, (0.0, 0.0, *size)) if min(size) > 0 else None
            clip_to_boundary(canvas, self._own_box(node), drawn)
            canvas.apply(own)
            canvas.set_state(alpha, alpha, blend)
            canvas.draw(form)

    def _form(self, unit: Any, node: Any, setting: Setting, *, is_group: bool) -> Any | None:
        """Return the unit that an object draws as a form; None for one that contains itself.

        It is painted once for each combination of drawing parameters that it inherits. A group is
        blended as a whole.
        """
        parameters = parameters_of(node) + setting.parameters
        key = unit, parameters, is_group
        if key in self._tools.composites:
            return self._tools.composites[key]
        self._tools.composites[key] = None
        inner = Canvas(self._tools.pdf)
        within = Setting(setting.resources, parameters, "Normal", setting.depth)
        for content in unit.iterchildren("Content", "PageBlock"):
            self.paint(inner, content, within.within(content))
        form = inner.as_form(_ANYWHERE, is_group=is_group)
        self._tools.composites[key] = form
        return form


def opacity(node: Any) -> float:
    """Return the opacity of an object from 0 to 1 (Alpha from 0 to 255)."""
    return min(max(number(node.get("Alpha"), 255), 0), 255) / 255
