"""Fields of WordprocessingML: what in a document is a field's code and what its stored result.

A complex field (ECMA-376 part 1, 17.16.18) lies between two `fldChar` marks, begin and end; a
third, separate, parts its code from its result. Fields nest, and may run over paragraphs.
"""

from dataclasses import dataclass, field
from typing import Any

from sjs_forms.intake.wordml import attribute, local, named

_SHOWN = ("t", "tab", "br", "cr", "sym", "noBreakHyphen", "drawing", "pict", "object", "delText")
_MARKS = ("fldChar", "instrText", "delInstrText")
DEEPEST = 64
"""Fields within each other; Word takes 20. More are beginnings without an end."""


@dataclass(slots=True)
class Field:
    """A field with an end; `separate` is None where it has no result.

    `code` holds what stands between begin and separate, fields nested there included.
    """

    begin: Any
    instruction: str = ""
    separate: Any | None = None
    end: Any | None = None
    code: list[Any] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The field's type in capitals, such as DATE; `=` for a formula."""
        return kind_of(self.instruction)


def kind_of(instruction: str) -> str:
    """The type that an instruction such as ` DATE \\@ "yyyy"` begins with."""
    text = instruction.strip().lstrip("\\")
    if text.startswith("="):
        return "="
    return text.split(maxsplit=1)[0].upper() if text else ""


def complex_fields(root: Any) -> list[Field]:
    """The fields below `root` that are complete, inner ones before those round them.

    A mark without its partner is passed over.
    """
    found: list[Field] = []
    open_ones: list[Field] = []
    for element in named(root, *_MARKS, *_SHOWN):
        kind = attribute(element, "fldCharType") if local(element) == "fldChar" else ""
        if kind == "separate" and open_ones and open_ones[-1].separate is None:
            open_ones[-1].separate = element
        if kind == "end" and open_ones:
            closed = open_ones.pop()
            closed.end = element
            found.append(closed)
        for each in open_ones:
            if each.separate is None:
                each.code.append(element)
        if kind == "begin":
            del open_ones[: max(0, len(open_ones) - DEEPEST + 1)]
            open_ones.append(Field(element))
        elif local(element) == "instrText" and open_ones and open_ones[-1].separate is None:
            open_ones[-1].instruction += element.text or ""
    return found


def drop_codes(root: Any) -> None:
    """Take out what is shown only where fields are shown as their codes."""
    for each in complex_fields(root):
        if each.separate is not None:
            for element in each.code:
                remove(element)


def remove(element: Any) -> None:
    """Take an element out of its tree, and leave the text that follows it; again is no harm."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail and element.tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)
