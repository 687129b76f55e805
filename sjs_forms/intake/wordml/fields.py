"""Finds the codes and stored results of fields in WordprocessingML.

A complex field (ECMA-376 part 1, 17.16.18) is enclosed by two `fldChar` elements, begin and end; a
third, separate, divides its code from its result. Fields may nest and span paragraphs.
"""

from dataclasses import dataclass, field
from typing import Any

from sjs_forms.intake.wordml import attribute, local, named

_SHOWN = ("t", "tab", "br", "cr", "sym", "noBreakHyphen", "drawing", "pict", "object", "delText")
_MARKS = ("fldChar", "instrText", "delInstrText")
DEEPEST = 64
"""Limit on nested fields; Word allows 20. More are begin marks without an end."""


@dataclass(slots=True)
class WordField:
    """A complete field. `separate` is None if it has no result.

    `code` is the content between begin and separate, including nested fields. `is_shown` says that
    the result has text or a picture.
    """

    begin: Any
    instruction: str = ""
    separate: Any | None = None
    end: Any | None = None
    code: list[Any] = field(default_factory=list)
    is_shown: bool = False

    @property
    def kind(self) -> str:
        """The field's type in capitals, such as DATE, or `=` for a formula."""
        return kind_of(self.instruction)


def kind_of(instruction: str) -> str:
    r"""Return the type that an instruction such as ` DATE \@ "yyyy"` begins with."""
    text = instruction.strip().lstrip("\\")
    if text.startswith("="):
        return "="
    return text.split(maxsplit=1)[0].upper() if text else ""


def complex_fields(root: Any) -> list[WordField]:
    """Return the complete fields below `root`, inner ones before those around them.

    A mark without its partner is ignored.
    """
    found: list[WordField] = []
    open_ones: list[WordField] = []
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
            elif local(element) in _SHOWN:
                each.is_shown = True
        if kind == "begin":
            del open_ones[: max(0, len(open_ones) - DEEPEST + 1)]
            open_ones.append(WordField(element))
        elif local(element) == "instrText" and open_ones and open_ones[-1].separate is None:
            open_ones[-1].instruction += element.text or ""
    return found


def drop_codes(root: Any) -> None:
    """Remove what is shown only when field codes are displayed."""
    for each in complex_fields(root):
        if each.separate is not None:
            for element in each.code:
                remove(element)


def remove(element: Any) -> None:
    """Remove an element from its tree but keep the text after it. Idempotent."""
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
