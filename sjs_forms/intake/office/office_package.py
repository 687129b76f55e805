"""The zip of an OOXML or OpenDocument file. Parts are parsed on demand, rewritten if changed."""

import posixpath
import zipfile
from functools import cached_property
from pathlib import Path
from typing import Any

from lxml import etree

from sjs_forms.intake.office.embedded_svg import svg_in
from sjs_forms.intake.wordml import local

_XML = (".xml", ".rels", ".vml", ".svg")
_DOCTYPE = "<!DOCTYPE"
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def parse(data: bytes) -> Any | None:
    """Return the root of an XML part, or None if it is invalid or declares a document type."""
    head = data[:4096]
    if any(_DOCTYPE.encode(encoding) in head for encoding in _ENCODINGS):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_pis=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None


def written(root: Any) -> bytes:
    """Return a tree as the bytes of a part."""
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


class OfficePackage:
    """A zip during treatment, its parts keyed by name. Raises zipfile's errors."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._members = {member.filename: member for member in self._archive.infolist()}
        self._trees: dict[str, Any | None] = {}
        self._changed: set[str] = set()
        self._put: dict[str, bytes] = {}

    @property
    def changed(self) -> bool:
        """Whether `save` would write anything else than the original."""
        return bool(self._changed or self._put)

    def trees(self) -> dict[str, Any]:
        """Return the roots of all XML parts by name. SVG is one, whatever its name."""
        return {name: root for name in self._xml if (root := self.tree(name)) is not None}

    def tree(self, name: str) -> Any | None:
        """Return the root of one part, or None if it is missing or not XML."""
        if name not in self._members:
            return None
        if name not in self._trees:
            data = self.read(name)
            self._trees[name] = parse(svg_in(data) or data)
        return self._trees[name]

    @cached_property
    def _xml(self) -> tuple[str, ...]:
        """The names of the XML parts."""
        return tuple(
            name
            for name in self._members
            if name.lower().endswith(_XML) or svg_in(self.read(name)) is not None
        )

    @property
    def has_unread(self) -> bool:
        """Return whether an XML part could not be parsed, and so was not examined."""
        return any(self.tree(name) is None for name in self._xml)

    @property
    def members(self) -> list[str]:
        """Return the names of all parts."""
        return list(self._members)

    def names(self, suffix: str) -> list[str]:
        """Return the names of the parts with this suffix."""
        return [name for name in self._members if name.endswith(suffix)]

    def read(self, name: str) -> bytes:
        """Return the original bytes of a part."""
        return self._archive.read(self._members[name])

    def put(self, name: str, data: bytes) -> None:
        """Replace a part."""
        self._put[name] = data

    def roots(self, *kinds: str) -> list[tuple[str, Any]]:
        """Return the parts whose root element has one of these names."""
        return [(name, root) for name, root in self.trees().items() if local(root) in kinds]

    def relationships(self, name: str) -> Any | None:
        """Return the relationships of a part."""
        folder, base = posixpath.split(name)
        return self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))

    def target(self, name: str, identifier: str) -> str:
        """Return the part that a relationship of another part points at, or ""."""
        found = [each for each in self._relationships_of(name) if each.get("Id") == identifier]
        return self._at(name, found[0]) if found else ""

    def targets(self, name: str, kind: str) -> list[str]:
        """Return the parts that relationships whose type ends in `kind` point at."""
        found = [r for r in self._relationships_of(name) if r.get("Type", "").endswith(kind)]
        return [self._at(name, each) for each in found]

    @staticmethod
    def _at(name: str, relationship: Any) -> str:
        if relationship.get("TargetMode") == "External":
            return ""
        to = relationship.get("Target", "").replace("\\", "/")
        return posixpath.normpath(posixpath.join("/", posixpath.dirname(name), to))[1:]

    def drop_relationships(self, name: str, *kinds: str) -> bool:
        """Remove a part's relationships whose type ends so. Returns whether there were any."""
        dropped = [r for r in self._relationships_of(name) if r.get("Type", "").endswith(kinds)]
        for each in dropped:
            each.getparent().remove(each)
        if dropped:
            folder, base = posixpath.split(name)
            self.touch(posixpath.join(folder, "_rels", f"{base}.rels"))
        return bool(dropped)

    def _relationships_of(self, name: str) -> list[Any]:
        root = self.relationships(name)
        return [] if root is None else [each for each in root if local(each) == "Relationship"]

    def touch(self, name: str) -> None:
        """Record that the tree of a part was changed."""
        self._changed.add(name)

    def save(self, target: Path) -> None:
        """Write the package uncompressed, its members in their original order."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
            for name, member in self._members.items():
                if name in self._put:
                    data = self._put[name]
                elif name in self._changed:
                    data = written(self._trees[name])
                else:
                    data = self._archive.read(member)
                out.writestr(zipfile.ZipInfo(name), data)
