"""Counts how often the forms of a page are drawn, because nesting can make it exponential.

Thirty forms that each draw the next one twice are drawn a thousand million times. Every viewer,
PDFium included, would try.
"""

from typing import Any

from pikepdf import PdfError, Stream

from sjs_forms.intake import refusals
from sjs_forms.pdf.content_names import names_used
from sjs_forms.pdf.damage import Damaged
from sjs_forms.pdf.objects import Key, decoded, entry, name_of, names_of, stream

MAX = 2_000_000
"""Limit on form drawings per page; a plan full of symbols has a hundred thousand."""


class Repeats:
    """Counts for one document. The content of each form is read once."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._times: dict[Key, int] = {}

    def check(self, content: bytes, resources: Any) -> None:
        """Raise FileRefused if content draws too many forms."""
        if names_of(entry(resources, "/XObject")):
            drawn = _forms(content, resources)
            self._count_forms(drawn)
            if self._sum(drawn) > MAX:
                raise refusals.entangled(MAX)

    def _sum(self, drawn: list[Stream]) -> int:
        return sum(1 + self._times.get(form.objgen, 0) for form in drawn)

    def _count_forms(self, drawn: list[Stream]) -> None:
        """Count what each of these forms draws, innermost first. A cycle counts once."""
        inside: dict[Key, list[Stream]] = {}
        waiting = list(drawn)
        while waiting:
            form = waiting[-1]
            key = form.objgen
            if key in self._times:
                waiting.pop()
            elif key in inside:
                waiting.pop()
                self._times[key] = min(self._sum(inside[key]), 2 * MAX)
            else:
                inside[key] = self._drawn_by(form)
                waiting += [one for one in inside[key] if one.objgen not in inside]

    def _drawn_by(self, form: Stream) -> list[Stream]:
        resources = form.get("/Resources")
        if not names_of(entry(resources, "/XObject")):
            return []
        try:
            return _forms(decoded(form, self._bound), resources)
        except (Damaged, PdfError):
            return []


def _forms(content: bytes, resources: Any) -> list[Stream]:
    """Return the forms that content draws, with repetitions."""
    held = entry(resources, "/XObject")
    known: dict[str, Stream | None] = {}
    found = []
    for name, drawn in names_used(content):
        if drawn and name not in known:
            thing = stream(entry(held, name))
            if thing is not None and name_of(thing.get("/Subtype")) != "/Form":
                thing = None
            known[name] = thing
        form = known.get(name) if drawn else None
        if form is not None:
            found.append(form)
    return found
