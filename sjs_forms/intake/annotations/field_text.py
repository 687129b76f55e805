"""Writes out text that a file leaves to the viewer: form field values and free text notes.

PDFium does this for Latin text (see `viewer_appearances`). It can show Chinese only if the system
has a font, so Chinese is set here in the bundled fonts.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from pikepdf import Array, Pdf, Stream

from sjs_forms.intake.annotations import path_drawing
from sjs_forms.intake.annotations.path_drawing import colour
from sjs_forms.intake.annotations.text_setting import ASCENT, DESCENT, LEADING, TextSetter
from sjs_forms.pdf.matrices import IDENTITY, Matrix, format_numbers, upright
from sjs_forms.pdf.objects import entry, inherited, items, name_of, number, numbers, text_of

_MULTILINE, _PASSWORD, _COMB = 1 << 12, 1 << 13, 1 << 24
_LONGEST = 20_000
_LARGEST, _SMALLEST = 12.0, 4.0
_INKED, _BEARING = 0.9, 0.1
"""Height of the ink of Chinese characters, and the blank at a side of one, in font sizes."""
_COLOUR = re.compile(r"((?:[\d.]+\s+){1,4})(rg|g|k)\b")
_SIZE = re.compile(r"([\d.]+)\s+Tf\b")


@dataclass(frozen=True, slots=True)
class TextToSet:
    """Text to be set: its format, and the size of its area in points."""

    text: str
    style: str
    width: float
    height: float
    turn: int = 0
    align: int = 0
    several_lines: bool = False
    cells: int = 0
    ground: str = ""


def text_to_set(pdf: Pdf, annotation: Any) -> TextToSet | None:
    """Return what a viewer writes for the annotation, if it is a text field or a free text note."""
    box = upright(numbers(entry(annotation, "/Rect")))
    if box is None:
        return None
    width, height = box[2] - box[0], box[3] - box[1]
    form = entry(pdf.Root, "/AcroForm")
    if name_of(entry(annotation, "/Subtype")) == "/FreeText":
        text, style = text_of(entry(annotation, "/Contents")), text_of(entry(annotation, "/DA"))
        side = int(number(entry(annotation, "/Q")) or 0)
        ground = _note_ground(annotation, style or "", width, height)
        return _bounded(text, style, TextToSet("", "", width, height, 0, side, True, 0, ground))
    flags = int(number(inherited(annotation, "/Ff")) or 0)
    if flags & _PASSWORD:
        return None
    is_text = name_of(inherited(annotation, "/FT")) == "/Tx"
    look = entry(annotation, "/MK")
    turn = int(number(entry(look, "/R")) or 0) % 360
    turned = turn in (90, 270)
    cells = int(number(inherited(annotation, "/MaxLen")) or 0) if flags & _COMB else 0
    style = text_of(inherited(annotation, "/DA")) or text_of(entry(form, "/DA"))
    own = number(inherited(annotation, "/Q"))
    align = number(entry(form, "/Q")) if own is None else own
    room = TextToSet(
        "",
        "",
        height if turned else width,
        width if turned else height,
        turn,
        int(align or 0),
        (is_text and bool(flags & _MULTILINE)) or not is_text,
        cells if is_text and 0 < cells < 1000 else 0,
        _ground(look, annotation, width, height),
    )
    return _bounded(_value(annotation), style, room)


def appearance(pdf: Pdf, written: TextToSet, typesetter: TextSetter) -> Stream:
    """Return the text as an appearance stream with its box at 0 0."""
    size, lines = _fitted(written, typesetter)
    pen, _ = pen_of(written.style)
    margin = _margin(written)
    down = size * LEADING
    if written.several_lines:
        top = written.height - margin - size * ASCENT
    else:
        top = (written.height - size * (ASCENT + DESCENT)) / 2 + size * DESCENT
    steps = []
    for count, line in enumerate(lines):
        for text, left in _placed(written, typesetter, line, size, margin):
            place = format_numbers((1, 0, 0, 1, left, top - count * down))
            steps.append(f"{place} Tm {typesetter.shown(text, size)}")
    content = (
        f"{written.ground}q {format_numbers((0, 0, written.width, written.height))} re W n "
        f"BT {pen} {chr(10).join(steps)} ET Q"
    )
    box = (0.0, 0.0, written.width, written.height)
    form = path_drawing.appearance(pdf, content, box, typesetter.resources)
    form.Matrix = Array([round(value, 4) for value in _turned(written)])
    return form


def is_cut(written: TextToSet, typesetter: TextSetter) -> bool:
    """Return whether a part of the text is outside its area, where no viewer shows it.

    A size that is not 0 is kept even if the text does not fit (12.7.3.3), and text is clipped; a
    comb field has no cell for further characters.
    """
    size, lines = _fitted(written, typesetter)
    if written.several_lines:
        return _last_line(written, size, lines) < 0
    if size * _INKED > written.height:
        return True
    text = written.text.rstrip()
    if written.cells:
        return len(text) > written.cells
    beside = 0.0 if written.align == 1 else _margin(written)
    return typesetter.width(text) * size + beside > written.width + _BEARING * size


def _margin(written: TextToSet) -> float:
    return min(2.0, written.width / 10)


def _last_line(written: TextToSet, size: float, lines: list[str]) -> float:
    """Return the height of the last baseline with text above the area's lower edge."""
    last = max((at for at, line in enumerate(lines) if line.strip()), default=0)
    return written.height - _margin(written) - size * (ASCENT + last * LEADING)


def pen_of(style: str) -> tuple[str, str]:
    """Return the colour in a default appearance string, as fill and stroke operators."""
    found = _COLOUR.search(style)
    pen = " ".join(found.group(0).split()) if found else "0 g"
    values, operator = pen.rsplit(" ", 1)
    return pen, f"{values} {operator.upper()}"


def ink_of(style: str) -> list[float]:
    """Return the same colour as numbers."""
    return [float(value) for value in pen_of(style)[0].split()[:-1]]


def _bounded(text: str | None, style: str | None, room: TextToSet) -> TextToSet | None:
    if not text:
        return None
    plain = "\n".join(re.split(r"\r\n|[\r\n\u2028\u2029]", text[:_LONGEST]))
    if not room.several_lines:
        plain = " ".join(plain.splitlines())
    kept = "".join(sign for sign in plain if sign == "\n" or sign.isprintable() or sign == "\u3000")
    return replace(room, text=kept, style=style or "")


def _value(annotation: Any) -> str | None:
    """Return the field's value, as its options display it."""
    value = inherited(annotation, "/V")
    shown = {}
    for option in items(inherited(annotation, "/Opt")):
        pair = items(option)
        if len(pair) == 2:
            shown[text_of(pair[0])] = text_of(pair[1])
    chosen = [text_of(one) for one in items(value)] or [text_of(value)]
    if isinstance(value, Stream):
        chosen = [value.read_bytes()[:_LONGEST].decode("utf-8", "replace")]
    return "\n".join(shown.get(one) or one for one in chosen if one)


def _note_ground(annotation: Any, style: str, width: float, height: float) -> str:
    """Return the background and border of a free text note, if any (12.5.6.6)."""
    thick = path_drawing.border_width(annotation, 0.0)
    steps = []
    if fill := colour(entry(annotation, "/C"), False):
        steps.append(f"{fill} {format_numbers((0, 0, width, height))} re f ")
    if thick > 0:
        inner = format_numbers((thick / 2, thick / 2, width - thick, height - thick))
        steps.append(f"{pen_of(style)[1]} {format_numbers((thick,))} w {inner} re S ")
    return f"q {''.join(steps)}Q " if steps else ""


def _ground(look: Any, annotation: Any, width: float, height: float) -> str:
    """Return the background and border of a field from its /MK."""
    steps = []
    thick = number(entry(entry(annotation, "/BS"), "/W"))
    thick = 1.0 if thick is None else thick
    fill, stroke = colour(entry(look, "/BG"), False), colour(entry(look, "/BC"), True)
    if fill:
        steps.append(f"{fill} {format_numbers((0, 0, width, height))} re f ")
    if stroke and thick > 0:
        inner = format_numbers((thick / 2, thick / 2, width - thick, height - thick))
        steps.append(f"{stroke} {format_numbers((thick,))} w {inner} re S ")
    return f"q {''.join(steps)}Q " if steps else ""


def _fitted(written: TextToSet, typesetter: TextSetter) -> tuple[float, list[str]]:
    """Return the requested size, or one that fits if it is automatic; and the lines."""
    asked = _SIZE.search(written.style)
    size = float(asked.group(1)) if asked else 0.0
    room = max(written.width - 4, 1.0)
    if not written.several_lines:
        if not 0 < size < 1000:
            size = max(_SMALLEST, min(_LARGEST, written.height * 0.75))
            wide = typesetter.width(written.text)
            if wide and not written.cells:
                size = max(_SMALLEST, min(size, room / wide))
        return size, [written.text]
    if 0 < size < 1000:
        return size, typesetter.wrapped(written.text, room / size)
    size = _LARGEST
    while True:
        lines = typesetter.wrapped(written.text, room / size)
        if _last_line(written, size, lines) >= size * DESCENT or size <= _SMALLEST:
            return size, lines
        size -= 0.5


def _placed(
    written: TextToSet, typesetter: TextSetter, line: str, size: float, margin: float
) -> list[tuple[str, float]]:
    """Return where the line begins, or where each character does in a comb field."""
    if written.cells:
        cell = written.width / written.cells
        return [
            (sign, cell * (at + 0.5) - typesetter.width(sign) * size / 2)
            for at, sign in enumerate(line[: written.cells])
        ]
    free = written.width - typesetter.width(line) * size
    return [(line, {1: free / 2, 2: free - margin}.get(written.align, margin))]


def _turned(written: TextToSet) -> Matrix:
    """Return the matrix of a field that is rotated on its page."""
    return {
        90: (0.0, 1.0, -1.0, 0.0, written.height, 0.0),
        180: (-1.0, 0.0, 0.0, -1.0, written.width, written.height),
        270: (0.0, -1.0, 1.0, 0.0, 0.0, written.width),
    }.get(written.turn, IDENTITY)
