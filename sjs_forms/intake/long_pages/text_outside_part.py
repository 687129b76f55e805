"""Removes text outside a part of a page from the part's content.

Clipping only hides it: search and copy would find it on every part. Text that may be inside is
kept: in a Type 3 or vertical font, used for clipping, or nested too deep or too long.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Operator, Pdf, Stream

from sjs_forms.pdf.image_places import matrix_of
from sjs_forms.pdf.matrices import IDENTITY, Box, Matrix, intersection, moved, multiplied
from sjs_forms.pdf.objects import entry, items, name_of, names_of, number, numbers, stream

_DEEPEST = 4
_MIN = 1_000
"""Minimum bytes counted per form, so that nested ones cannot multiply."""
_SHOWS = ("Tj", "TJ", "'", '"')
_MOVES = ("BT", "ET", "Td", "TD", "Tm", "T*", "'", '"')
_CORE = (0.05, 0.65)
"""Vertical extent, relative to the font size and baseline, in which a line certainly has ink."""
_FULL = (-0.4, 1.2)
"""Vertical extent in which it may have ink."""
_WIDEST = 1.2
"""Maximum width of a letter, relative to the font size, if its font does not state it."""
_TWO_BYTES = ("/Identity-H", "/UniGB-UCS2-H", "/UniCNS-UCS2-H", "/UniJIS-UCS2-H", "/UniKS-UCS2-H")
"""Encodings with two bytes per letter; others have at least one."""


@dataclass(frozen=True, slots=True)
class KeptArea:
    """The box of the page that a part shows, and which of its edges cut through something.

    `most` is the limit in bytes on content examined.
    """

    box: Box
    rough: tuple[Box, ...]
    most: int

    def holds(self, core: Box, full: Box) -> bool:
        """Return whether a line of text of this certain and this possible extent is kept."""
        return intersection(core, self.box) is not None or any(
            intersection(full, edge) for edge in self.rough
        )


@dataclass(frozen=True, slots=True)
class _TextState:
    """The text state that determines positions (PDF 32000-1, 9.3 and 9.4)."""

    font: Any = None
    size: float = 0.0
    stretch: float = 1.0
    extra: float = 0.0
    leading: float = 0.0
    rise: float = 0.0
    clips: bool = False
    line: Matrix = IDENTITY


@dataclass(slots=True)
class _TextRun:
    """Text shown from one point on: the indices of its instructions, and its possible extent."""

    start: Matrix
    text: _TextState
    shows: list[int] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    certain: bool = True


@dataclass(slots=True)
class _Trimming:
    """The state while one part is trimmed. `left` is the remaining limit in bytes."""

    pdf: Pdf
    kept: KeptArea
    left: int

    def trimmed(
        self, content: bytes, resources: Any, matrix: Matrix, depth: int
    ) -> tuple[bytes, Any] | None:
        """Return content and resources without text outside; None if nothing was removed."""
        self.left -= max(len(content), _MIN)
        if self.left < 0:
            return None
        steps: list[Any] = list(pikepdf.parse_content_stream(Stream(self.pdf, content)))
        dropped: set[int] = set()
        drawn: dict[int, Stream] = {}
        for found in _walk(steps, resources, matrix):
            if isinstance(found, _TextRun):
                dropped.update(() if _is_kept(found, self.kept) else found.shows)
            elif depth < _DEEPEST:
                at, form, now = found
                made = self._form(form, form.get("/Resources") or resources, now, depth + 1)
                drawn |= {} if made is None else {at: made}
        if not dropped and not drawn:
            return None
        named = Dictionary(entry(resources, "/XObject") or {})
        for count, (at, made) in enumerate(drawn.items()):
            name = _free_name(named, count)
            named[name] = made
            steps[at] = pikepdf.ContentStreamInstruction([Name(name)], Operator("Do"))
        left = [one for at, step in enumerate(steps) for one in _instead(step, at in dropped)]
        own = Dictionary(resources)
        own.XObject = named
        return pikepdf.unparse_content_stream(left), own

    def _form(self, form: Stream, resources: Any, matrix: Matrix, depth: int) -> Stream | None:
        """Return a form without its text outside, or None if it has none."""
        inner = self.trimmed(form.read_bytes(), resources, matrix, depth)
        if inner is None:
            return None
        made = Stream(self.pdf, inner[0])
        for key, value in names_of(form):
            if key not in ("/Length", "/Filter", "/DecodeParms", "/Resources"):
                made[key] = value
        made["/Resources"] = inner[1]
        return self.pdf.make_indirect(made)


def without_text_beyond(
    pdf: Pdf, content: bytes, resources: Any, kept: KeptArea
) -> tuple[bytes, Any] | None:
    """Return a page's content and resources without text certainly outside the kept box.

    None if nothing was removed or the content cannot be parsed.
    """
    try:
        return _Trimming(pdf, kept, kept.most).trimmed(content, resources, IDENTITY, 0)
    except (pikepdf.PdfError, UnicodeError, ValueError, TypeError):
        return None


def _free_name(named: Dictionary, count: int) -> str:
    name = f"/Part{count}"
    while name in named:
        name += "x"
    return name


def _instead(step: Any, dropped: bool) -> Iterator[Any]:
    """Yield the instruction, or only the part of it that moves following text."""
    if not dropped:
        yield step
        return
    operator = str(step.operator)
    if operator == '"' and len(step.operands) == 3:
        for value, sets in zip(step.operands, ("Tw", "Tc"), strict=False):
            yield pikepdf.ContentStreamInstruction([value], Operator(sets))
    if operator in ("'", '"'):
        yield pikepdf.ContentStreamInstruction([], Operator("T*"))


def _is_kept(run: _TextRun, kept: KeptArea) -> bool:
    text = run.text
    if not run.certain:
        return True
    boxes = []
    for low, high in (_CORE, _FULL):
        bottom, top = sorted((text.size * low + text.rise, text.size * high + text.rise))
        boxes.append(moved(run.start, (run.left, bottom, run.right, top)))
    return kept.holds(*boxes)


def _walk(
    steps: Sequence[Any], resources: Any, matrix: Matrix
) -> Iterator[_TextRun | tuple[int, Stream, Matrix]]:
    """Yield every run of text, and every form with its matrix."""
    xobjects = dict(names_of(entry(resources, "/XObject")))
    now, text, run = matrix, _TextState(), None
    saved: list[tuple[Matrix, _TextState]] = []
    for at, step in enumerate(steps):
        operator, operands = str(step.operator), list(step.operands)
        if operator == "q":
            saved.append((now, text))
        elif operator == "Q":
            now, text = saved.pop() if saved else (now, text)
        elif operator == "cm":
            now = multiplied(matrix_of(operands), now)
        elif operator == "Do" and operands:
            form = stream(xobjects.get(name_of(operands[0])))
            if form is not None and name_of(form.get("/Subtype")) == "/Form":
                own = numbers(form.get("/Matrix"))
                yield at, form, multiplied(matrix_of(own) if own else IDENTITY, now)
        else:
            text = _changed(text, operator, operands, resources)
            if operator in _MOVES and run is not None:
                yield run
                run = None
            if operator in _SHOWS:
                run = run or _TextRun(multiplied(text.line, now), text)
                _show(run, at, text, operands)
    if run is not None:
        yield run


def _changed(text: _TextState, operator: str, operands: list[Any], resources: Any) -> _TextState:
    """Return the text state after an instruction."""
    values = [number(value) or 0.0 for value in operands]
    if operator == "BT":
        return replace(text, line=IDENTITY)
    if operator == "Tm":
        return replace(text, line=matrix_of(operands))
    if operator in ("Td", "TD") and len(values) == 2:
        leading = -values[1] if operator == "TD" else text.leading
        line = multiplied((1.0, 0.0, 0.0, 1.0, values[0], values[1]), text.line)
        return replace(text, line=line, leading=leading)
    if operator in ("T*", "'", '"'):
        extra = text.extra + (max(values[:2]) if operator == '"' and len(values) > 2 else 0.0)
        line = multiplied((1.0, 0.0, 0.0, 1.0, 0.0, -text.leading), text.line)
        return replace(text, line=line, extra=extra)
    if operator == "Tf" and len(values) == 2:
        font = entry(entry(resources, "/Font"), name_of(operands[0]))
        return replace(text, font=font, size=values[1])
    if operator == "gs":
        state = entry(entry(resources, "/ExtGState"), name_of(operands[0])) if operands else None
        return text if entry(state, "/Font") is None else replace(text, font=None)
    if not values:
        return text
    if operator == "Tr":
        return replace(text, clips=values[0] >= 4)
    if operator in ("Tc", "Tw"):
        return replace(text, extra=text.extra + max(values[0], 0.0))
    if operator == "TL":
        return replace(text, leading=values[0])
    if operator == "Ts":
        return replace(text, rise=values[0])
    return replace(text, stretch=values[0] / 100) if operator == "Tz" else text


def _is_plain(font: Any) -> bool:
    """Return whether a font's glyphs are of ordinary size and run to the right."""
    if font is None or name_of(entry(font, "/Subtype")) == "/Type3":
        return False
    encoding = entry(font, "/Encoding")
    if stream(encoding) is not None:
        return not number(encoding.get("/WMode"))
    return not name_of(encoding).endswith("V")


def _show(run: _TextRun, at: int, text: _TextState, operands: list[Any]) -> None:
    """Add a text-showing instruction to its run."""
    run.shows.append(at)
    alike = (text.size, text.rise) == (run.text.size, run.text.rise)
    plain = text.size > 0 and text.stretch > 0 and not text.clips and _is_plain(text.font)
    run.certain = run.certain and alike and plain
    shown = (items(operands[-1]) or operands[-1:]) if operands else []
    for value in shown:
        if isinstance(value, pikepdf.String):
            raw = bytes(value)
            run.right += (_width(text.font, raw) * text.size + text.extra * len(raw)) * text.stretch
        else:
            back = (number(value) or 0.0) / 1000 * text.size * text.stretch
            run.left -= max(back, 0.0)
            run.right += max(-back, 0.0)


def _width(font: Any, raw: bytes) -> float:
    """Return an upper bound of a string's width, relative to the font size."""
    widths, first = numbers(entry(font, "/Widths")), number(entry(font, "/FirstChar"))
    if widths and first is not None:
        codes = [code - int(first) for code in raw]
        return sum(widths[at] / 1000 if 0 <= at < len(widths) else _WIDEST for at in codes)
    two_bytes = name_of(entry(font, "/Encoding")) in _TWO_BYTES
    return _WIDEST * len(raw) / (2 if two_bytes else 1)
