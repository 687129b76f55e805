"""Objects of an OFD as tests of painting write them, with any attribute, and files of pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.intake.ofd.ofd_files import Document, Page, ofd

A4 = "0 0 210 297"


def xml(name: str, content: str = "", **attributes: object) -> str:
    """An element; `content` is XML, and attributes that are None are left out."""
    stated = "".join(
        f" {key}={quoteattr(str(value))}" for key, value in attributes.items() if value is not None
    )
    return f"<{name}{stated}>{content}</{name}>"


def text(
    words: str,
    x: float,
    y: float,
    *,
    font: int = 1,
    size: float = 4,
    dx: str | None = None,
    dy: str | None = None,
    transforms: str = "",
    inside: str = "",
    **attributes: object,
) -> str:
    """A text object whose boundary is the page."""
    code = xml("TextCode", escape(words), X=x, Y=y, DeltaX=dx, DeltaY=dy)
    given = {"Boundary": A4, "Font": font, "Size": size, **attributes}
    return xml("TextObject", inside + transforms + code, **given)


def path(data: str, *, inside: str = "", **attributes: object) -> str:
    """A path object whose boundary is the page, unless it says otherwise."""
    given = {"Boundary": A4, **attributes}
    return xml("PathObject", inside + xml("AbbreviatedData", data), **given)


def colour(name: str, value: str, inside: str = "", **attributes: object) -> str:
    """FillColor or StrokeColor."""
    return xml(name, inside, Value=value, **attributes)


def layer(objects: Iterable[str], **attributes: object) -> str:
    """A layer of objects."""
    return xml("Layer", "".join(objects), **attributes)


@dataclass
class OfdFile:
    """A file of A4 pages. `fonts` and `resources` are XML, `members` further parts of the zip."""

    fonts: list[str] = field(default_factory=list)
    resources: str = ""
    members: dict[str, bytes] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    def page(self, *layers: str) -> None:
        """Add a page of layers."""
        self.pages.append(Page("".join(layers), box=A4))

    def write(self, target: Path) -> Path:
        """Write the file."""
        public = xml("Fonts", "".join(self.fonts)) + self.resources
        target.write_bytes(ofd(Document(self.pages, public=public), members=self.members))
        return target
