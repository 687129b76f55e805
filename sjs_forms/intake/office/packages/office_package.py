"""The zip of an OOXML or OpenDocument file. Parts are parsed on demand, rewritten if changed."""

import posixpath
import zipfile
import zlib
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree

from sjs_forms.base.system_errors import is_system_error
from sjs_forms.intake.office.packages.embedded_svg import svg_in
from sjs_forms.intake.wordml import local

_XML = (".xml", ".rels", ".vml", ".svg")
_STRICT_XML = (".xml", ".rels")
"""Parts that are XML if they are whole. Excel writes HTML with open tags into .vml."""
_TYPES, _MANIFEST = "[Content_Types].xml", "META-INF/manifest.xml"
_ENCRYPTED = 0x1
"""The flag of an encrypted member of a zip (APPNOTE 4.4.4)."""
_DOCTYPE = "<!DOCTYPE"
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def parse(data: bytes) -> Any | None:
    """Return the root of an XML part, or None if it is invalid or declares a document type."""
    if _declares_type(data):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_pis=False
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return None


def _declares_type(data: bytes) -> bool:
    return any(_DOCTYPE.encode(encoding) in data[:4096] for encoding in _ENCODINGS)


def is_malformed(data: bytes) -> bool:
    """Return whether no parser reads an XML part to its end.

    An undeclared prefix or a document type is no such error.
    """
    if _declares_type(data) or parse(data) is not None:
        return False
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        return True
    return any(each.level == etree.ErrorLevels.FATAL for each in parser.error_log)


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
    def is_open_document(self) -> bool:
        """Whether it is a package of OpenDocument, and not of OOXML."""
        return _TYPES not in self._members and "mimetype" in self._members

    @cached_property
    def is_workbook(self) -> bool:
        """Whether it is a workbook of OOXML."""
        return any(name.startswith("xl/") for name in self._members)

    @property
    def is_encrypted(self) -> bool:
        """Whether its parts need a password, by the zip or by the manifest of OpenDocument."""
        if any(member.flag_bits & _ENCRYPTED for member in self._members.values()):
            return True
        data = self._unpacked(_MANIFEST) if self.is_open_document else None
        return data is not None and b":encryption-data" in data

    def lacks(self, names: Iterable[str]) -> bool:
        """Return whether one of these parts is missing that the manifest of OpenDocument lists."""
        manifest = self._unpacked(_MANIFEST) or b""
        return any(
            name not in self._members and f':full-path="{name}"'.encode() in manifest
            for name in names
        )

    def broken(self) -> list[str]:
        """Return the parts that cannot be unpacked or whose XML has no end. Raises OSError."""
        found = []
        for name in self._members:
            data = self._unpacked(name)
            is_xml = name.lower().endswith(_STRICT_XML)
            if data is None or (is_xml and self._is_malformed(name, data)):
                found.append(name)
        return found

    def _is_malformed(self, name: str, data: bytes) -> bool:
        """Return the same for a part with these data; a sound tree is kept for the treatment."""
        return (svg_in(data) is not None or self.tree(name) is None) and is_malformed(data)

    def _unpacked(self, name: str) -> bytes | None:
        """Return the bytes of a part, or None if it is missing or broken. Raises OSError."""
        try:
            return self.read(name) if name in self._members else None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as bad:
            if is_system_error(bad):
                raise
            return None

    def remove(self, name: str) -> None:
        """Remove a part with its relationships and its content type."""
        folder, base = posixpath.split(name)
        for each in (name, posixpath.join(folder, "_rels", f"{base}.rels")):
            self._members.pop(each, None)
            self._trees.pop(each, None)
        types = self.tree(_TYPES)
        for entry in list(types) if types is not None else ():
            if entry.get("PartName", "").lstrip("/").casefold() == name.casefold():
                entry.getparent().remove(entry)
                self.touch(_TYPES)

    def related(self) -> Iterator[tuple[str, str]]:
        """Yield each part that a relationship within the package leads to, with its type."""
        for _, _, target, kind in self._related():
            yield target, kind

    def drop_dangling(self, kept: Container[str]) -> list[tuple[str, str]]:
        """Remove the relationships to parts that are missing; returns these with their types.

        Those whose type ends in one of `kept` stay.
        """
        dropped = []
        for name, relationship, target, kind in list(self._related()):
            if target not in self._members and kind.rpartition("/")[2] not in kept:
                relationship.getparent().remove(relationship)
                self.touch(name)
                dropped.append((target, kind))
        return dropped

    def _related(self) -> Iterator[tuple[str, Any, str, str]]:
        """Yield relationships: the part that lists it, the element, its target, its type."""
        alike = {name.casefold(): name for name in self._members}
        for name in self.names(".rels"):
            owner = posixpath.join(posixpath.dirname(posixpath.dirname(name)), "any")
            root = self.tree(name)
            for each in root if root is not None else ():
                kind, to = each.get("Type", ""), each.get("Target", "")
                if local(each) != "Relationship" or not to or "#" in to or ":" in to:
                    continue
                target = self._at(owner, each)
                if target and not kind.endswith("/hyperlink"):
                    found = alike.get(target.casefold()) or alike.get(unquote(target).casefold())
                    yield name, each, found or target, kind

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

    def identifiers(self, name: str) -> set[str]:
        """Return the identifiers of a part's relationships."""
        return {each.get("Id", "") for each in self._relationships_of(name)}

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
