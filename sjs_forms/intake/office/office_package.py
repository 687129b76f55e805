"""The zip of an OOXML or OpenDocument file: parts parsed on demand, and written anew if changed."""

import posixpath
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from sjs_forms.intake.wordml import local

_XML = (".xml", ".rels", ".vml", ".svg")
_DOCTYPE = "<!DOCTYPE"
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def parse(data: bytes) -> Any | None:
    """The root of a piece of XML; None where it is none, or declares a document type."""
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
    """A tree as the bytes of a part."""
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


class OfficePackage:
    """A zip while it is treated; parts go by their names in it. Raises zipfile's errors."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._members = {member.filename: member for member in self._archive.infolist()}
        self._trees: dict[str, Any | None] = {}
        self._changed: set[str] = set()
        self._put: dict[str, bytes] = {}

    @property
    def changed(self) -> bool:
        """Whether `save` would write something else than what was opened."""
        return bool(self._changed or self._put)

    def trees(self) -> dict[str, Any]:
        """The root of every part that is XML, by name."""
        names = [name for name in self._members if name.lower().endswith(_XML)]
        return {name: root for name in names if (root := self.tree(name)) is not None}

    def tree(self, name: str) -> Any | None:
        """The root of one part; None where it is not there or no XML."""
        if name not in self._members:
            return None
        if name not in self._trees:
            self._trees[name] = parse(self.read(name))
        return self._trees[name]

    @property
    def has_unread(self) -> bool:
        """Whether a part that should be XML could not be parsed, and so not looked through."""
        names = [name for name in self._members if name.lower().endswith(_XML)]
        return any(self.tree(name) is None for name in names)

    @property
    def members(self) -> list[str]:
        """The names of all parts."""
        return list(self._members)

    def names(self, suffix: str) -> list[str]:
        """The names of the parts that end so."""
        return [name for name in self._members if name.endswith(suffix)]

    def read(self, name: str) -> bytes:
        """The bytes of a part as they were."""
        return self._archive.read(self._members[name])

    def put(self, name: str, data: bytes) -> None:
        """Let a part be these bytes."""
        self._put[name] = data

    def roots(self, *kinds: str) -> list[tuple[str, Any]]:
        """Parts whose root element is of one of these names."""
        return [(name, root) for name, root in self.trees().items() if local(root) in kinds]

    def relationships(self, name: str) -> Any | None:
        """What a part refers to."""
        folder, base = posixpath.split(name)
        return self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))

    def target(self, name: str, identifier: str) -> str:
        """The name of the part that a relationship of another points at; "" for none."""
        found = [each for each in self._relationships_of(name) if each.get("Id") == identifier]
        return self._at(name, found[0]) if found else ""

    def targets(self, name: str, kind: str) -> list[str]:
        """The names of the parts that relationships of a type that ends so point at."""
        found = [r for r in self._relationships_of(name) if r.get("Type", "").endswith(kind)]
        return [self._at(name, each) for each in found]

    @staticmethod
    def _at(name: str, relationship: Any) -> str:
        if relationship.get("TargetMode") == "External":
            return ""
        to = relationship.get("Target", "").replace("\\", "/")
        return posixpath.normpath(posixpath.join("/", posixpath.dirname(name), to))[1:]

    def drop_relationships(self, name: str, *kinds: str) -> bool:
        """Take out a part's relationships of the types that end so; whether there were any."""
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
        """Note that the tree of a part was changed."""
        self._changed.add(name)

    def save(self, target: Path) -> None:
        """Write the package, uncompressed, its members in the order in which they were."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
            for name, member in self._members.items():
                if name in self._put:
                    data = self._put[name]
                elif name in self._changed:
                    data = written(self._trees[name])
                else:
                    data = self._archive.read(member)
                out.writestr(zipfile.ZipInfo(name), data)
