"""The tree of an OFD file: its documents, their pages, templates and resources."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.structure.archive import OfdArchive
from sjs_forms.intake.ofd.structure.xml_nodes import box, is_true, text_of

_A4 = (0.0, 0.0, 210.0, 297.0)
_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PagePart:
    """A page or template page: its ID, the member with its content, and the order of a template."""

    number: str
    part: str | None
    z_order: str = "Background"


@dataclass(frozen=True, slots=True)
class OfdDocument:
    """One document of the file. `part` is its Document.xml, `root` the parsed element.

    `body` is its DocBody in OFD.xml, which names the signatures; `entry` is OFD.xml.
    """

    part: str
    root: Any
    body: Any
    entry: str
    pages: tuple[PagePart, ...]
    templates: Mapping[str, PagePart]
    area: _Box

    def references(self, name: str) -> list[str]:
        """Return the paths in elements `name` of the document or its common data."""
        found = [*self.root.iterfind(name), *self.root.iterfind(f"CommonData/{name}")]
        return [node.text.strip() for node in found if (node.text or "").strip()]


def documents(archive: OfdArchive) -> Iterator[OfdDocument | None]:
    """Yield the documents of a file in order; None for one that cannot be read.

    Raises OfdDamaged if OFD.xml cannot be read, and FileRefused.
    """
    entry = archive.entry()
    seen: set[str] = set()
    for body in archive.xml(entry).iter("DocBody"):
        try:
            part, root = archive.part(_root_of(archive, entry, body), entry)
        except OfdDamaged:
            yield None
            continue
        if part in seen:  # found by its base name, because the stated one is missing
            yield None
            continue
        seen.add(part)
        yield _document(archive, part, root, body, entry)


def _root_of(archive: OfdArchive, entry: str, body: Any) -> str:
    """Return the path of Document.xml: that of the current version, if there is one."""
    for version in body.iterfind("Versions/Version"):
        if not is_true(version.get("Current")):
            continue
        try:
            part, root = archive.part(version.get("BaseLoc") or "", entry)
        except OfdDamaged:
            break
        found = archive.resolved(text_of(root, "DocRoot"), part)
        if found is not None:
            return f"/{found}"
    return text_of(body, "DocRoot")


def _document(archive: OfdArchive, part: str, root: Any, body: Any, entry: str) -> OfdDocument:
    nodes = [*root.iterfind("CommonData/TemplatePage"), *root.iterfind("Pages/Page")]
    contents = _contents(archive, part, [node.get("BaseLoc") or "" for node in nodes])
    found = [
        PagePart(node.get("ID") or "", content, node.get("ZOrder") or "Background")
        for node, content in zip(nodes, contents, strict=True)
    ]
    templates = {
        each.number: each for node, each in zip(nodes, found, strict=True) if node.tag != "Page"
    }
    pages = tuple(each for node, each in zip(nodes, found, strict=True) if node.tag == "Page")
    area = page_box(root.find("CommonData/PageArea")) or _A4
    return OfdDocument(part, root, body, entry, pages, templates, area)


def _contents(archive: OfdArchive, part: str, references: list[str]) -> list[str | None]:
    """Return the members of pages and templates, or None for a missing one.

    A member found by its base name alone is not used twice, so that no page is another's double.
    """
    names = [archive.resolved(reference, part) for reference in references]
    is_guess = [
        name is not None and archive.is_guess(reference, name)
        for reference, name in zip(references, names, strict=True)
    ]
    used = {name for name, guessed in zip(names, is_guess, strict=True) if not guessed}
    found: list[str | None] = []
    for name, guessed in zip(names, is_guess, strict=True):
        found.append(None if guessed and name in used else name)
        used.add(name)
    return found


def page_box(area: Any) -> _Box | None:
    """Return the physical box of a page area in millimetres (7.5), or None without a usable one."""
    if area is None:
        return None
    for name in ("PhysicalBox", "ApplicationBox", "ContentBox"):
        found = box(text_of(area, name))
        if found is not None and found[2] > 0 and found[3] > 0:
            return found
    return None
