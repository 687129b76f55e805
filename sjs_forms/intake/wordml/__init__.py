"""Reads WordprocessingML for both of its users: fields, and the formatting of runs.

Elements are lxml's; nothing here parses or writes files. Names are compared without namespaces,
because Word files use several: transitional, strict, and the XML of Word 2003.
"""

from collections.abc import Iterator
from typing import Any

OFF = frozenset({"0", "false", "off"})
"""Values that switch a property off. Any other value, or none, switches it on."""


def local(element: Any) -> str:
    """Return the element's name without its namespace, or "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its local name, or ""."""
    for key, value in element.attrib.items():
        if key == name or key.endswith(f"}}{name}"):
            return str(value)
    return ""


def first(element: Any | None, name: str) -> Any | None:
    """Return the first child of that name."""
    if element is None:
        return None
    return next((each for each in element if local(each) == name), None)


def named(root: Any, *names: str) -> Iterator[Any]:
    """Yield all elements below `root` with these names, in document order."""
    yield from root.iter(*(f"{{*}}{name}" for name in names))


def is_on(properties: Any | None, name: str) -> bool:
    """Return whether an on/off property is present and on."""
    found = first(properties, name)
    return found is not None and attribute(found, "val") not in OFF
