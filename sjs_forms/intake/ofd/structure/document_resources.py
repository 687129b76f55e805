"""The resources of a document: fonts, pictures, drawing parameters, colour spaces, composites."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.structure.archive import OfdArchive
from sjs_forms.intake.ofd.structure.xml_nodes import is_true, number, text_of


@dataclass(frozen=True, slots=True)
class FontRecord:
    """A font resource. `part` is the member with its file, if it is embedded.

    `is_missing` is whether the resource names a file that does not exist.
    """

    name: str
    family: str = ""
    bold: bool = False
    italic: bool = False
    serif: bool = False
    fixed_width: bool = False
    part: str | None = None
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class ColourSpace:
    """A colour space (8.3.1): Gray, RGB or CMYK, bits of a component, and its palette."""

    kind: str = "RGB"
    bits: int = 8
    palette: tuple[str, ...] = ()


@dataclass(slots=True)
class Resources:
    """All resources by ID. Those of a page take precedence over those of its document."""

    fonts: dict[str, FontRecord] = field(default_factory=dict)
    media: dict[str, str | None] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    composites: dict[str, Any] = field(default_factory=dict)
    colour_spaces: dict[str, ColourSpace] = field(default_factory=dict)
    default_space: str = ""

    def over(self) -> "Resources":
        """Return a copy into which further resources can be read."""
        return Resources(
            dict(self.fonts),
            dict(self.media),
            dict(self.parameters),
            dict(self.composites),
            dict(self.colour_spaces),
            self.default_space,
        )

    def read(self, archive: OfdArchive, references: Iterable[str], base: str) -> bool:
        """Read the parts that member `base` refers to; return whether all could be read."""
        complete = True
        for reference in references:
            try:
                part, root = archive.part(reference, base)
                self._read(archive, part, root)
            except OfdDamaged:
                complete = False
            else:
                complete &= archive.is_complete(part)
        return complete

    def _read(self, archive: OfdArchive, part: str, root: Any) -> None:
        folder = posixpath.join(posixpath.dirname(part), _slashes(root.get("BaseLoc")), "x")

        def located(reference: str) -> str | None:
            return archive.resolved(reference, folder) or archive.resolved(reference, part)

        for node in root.iter("Font"):
            if node.get("ID"):
                self.fonts[node.get("ID")] = _font(node, located(text_of(node, "FontFile")))
        for node in root.iter("MultiMedia"):
            self.media[node.get("ID") or ""] = located(text_of(node, "MediaFile"))
        for node in root.iter("DrawParam"):
            self.parameters[node.get("ID") or ""] = node
        for node in root.iter("CompositeGraphicUnit", "VectorG"):
            self.composites[node.get("ID") or ""] = node
        for node in root.iter("ColorSpace"):
            self.colour_spaces[node.get("ID") or ""] = _colour_space(node)


def _slashes(path: str | None) -> str:
    return (path or "").strip().replace("\\", "/")


def _font(node: Any, part: str | None) -> FontRecord:
    return FontRecord(
        name=(node.get("FontName") or "").strip(),
        family=(node.get("FamilyName") or "").strip(),
        bold=is_true(node.get("Bold")),
        italic=is_true(node.get("Italic")),
        serif=is_true(node.get("Serif")),
        fixed_width=is_true(node.get("FixedWidth")),
        part=part,
        is_missing=part is None and bool(text_of(node, "FontFile")),
    )


def _colour_space(node: Any) -> ColourSpace:
    kind = (node.get("Type") or "RGB").strip().upper()
    palette = tuple((each.text or "") for each in node.iterfind("Palette/CV"))
    return ColourSpace(kind, int(number(node.get("BitsPerComponent"), 8)) or 8, palette)
