"""WordprocessingML as both of its readers need it: fields, and how a run of text is formatted.

Elements are lxml's; nothing here parses or writes. Names are compared without their namespace,
for Word files come in several: transitional, strict, and the XML of Word 2003.
"""

from collections.abc import Iterator
from typing import Any

OFF = frozenset({"0", "false", "off"})
"""Values that switch a property off; any other value, and none, switch it on."""


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute by its local name; "" for none."""
    for key, value in element.attrib.items():
        if key == name or key.endswith(f"}}{name}"):
            return str(value)
    return ""


def first(element: Any | None, name: str) -> Any | None:
    """The first child of that name."""
    if element is None:
        return None
    return next((each for each in element if local(each) == name), None)


def named(root: Any, *names: str) -> Iterator[Any]:
    """All elements below `root` of these names, in document order."""
    yield from root.iter(*(f"{{*}}{name}" for name in names))


def is_on(properties: Any | None, name: str) -> bool:
    """Whether a property that is on or off is there and on."""
    found = first(properties, name)
    return found is not None and attribute(found, "val") not in OFF
