"""Replaces the fields of RTF by their stored results (Rich Text Format 1.9.1, Fields)."""

import re
from dataclasses import dataclass

from sjs_forms.intake.office.docx import LIVE, PAGES
from sjs_forms.intake.wordml.fields import kind_of

_TOKEN = re.compile(
    rb"\\bin(?P<binary>\d+) ?|\\(?P<word>[a-zA-Z]+)-?\d* ?"
    rb"|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[{}]|[^\\{}]+",
    re.S,
)
_OF_FIELDS = frozenset({b"field", b"fldrslt", b"flddirty", b"fldedit", b"fldlock", b"fldpriv"})
_NOW = frozenset({b"chdate", b"chtime", b"chdpl", b"chdpa"})
"""Control words for the current date and time."""
_MARGINS = frozenset(
    {b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf"}
)


@dataclass(slots=True)
class _Group:
    """An open group: where it begins, its kind, and its text."""

    start: int
    kind: bytes = b""
    said: bytes = b""
    marks: list[tuple[int, int]] | None = None
    code: tuple[int, int] | None = None
    result: bool = False


def freeze_rtf(data: bytes) -> tuple[bytes, bool]:
    """Return the file with its fields replaced by results, and whether it asks for the clock."""
    cuts: list[tuple[int, int]] = []
    groups: list[_Group] = []
    clock = False
    at = 0
    while found := _TOKEN.match(data, at):
        start, at = found.start(), found.end()
        first = data[start : start + 1]
        word = found["word"]
        if found["binary"]:
            at += int(found["binary"])
        elif first == b"{":
            groups.append(_Group(start))
        elif first == b"}" and groups:
            _close(groups, at, cuts)
        elif word in _NOW:
            cuts.append((start, at))
            clock = True
        elif word and groups:
            _take_word(groups, word, start, at)
        elif groups and first not in b"\\":
            _take_text(groups, found[0])
        elif groups and found[0] in (b"\\\\",):
            _take_text(groups, b"\\")
    return _without(data, cuts), clock


def _take_word(groups: list[_Group], word: bytes, start: int, end: int) -> None:
    group = groups[-1]
    if not group.kind:
        group.kind = word
    field = _field(groups)
    if word in _OF_FIELDS and field is not None:
        field.marks = [*(field.marks or ()), (start, end)]
    if word == b"fldrslt" and field is not None:
        field.result = True


def _take_text(groups: list[_Group], text: bytes) -> None:
    """Add text to the innermost field code."""
    for group in reversed(groups):
        if group.kind == b"fldinst":
            if len(group.said) < 1000:
                group.said += text
            return
        if group.kind in (b"field", b"fldrslt"):
            return


def _field(groups: list[_Group]) -> _Group | None:
    return next((group for group in reversed(groups) if group.kind == b"field"), None)


def _close(groups: list[_Group], end: int, cuts: list[tuple[int, int]]) -> None:
    group = groups.pop()
    if group.kind == b"fldinst":
        field = _field(groups)
        if field is not None:
            field.code = (group.start, end)
            field.said = group.said
    elif group.kind == b"field" and group.code is not None:
        kind = kind_of(group.said.decode("latin-1"))
        is_in_margin = any(each.kind in _MARGINS for each in groups)
        if kind in LIVE and not (kind in PAGES and group.result and not is_in_margin):
            return
        cuts.append(group.code)
        cuts += group.marks or []


def _without(data: bytes, cuts: list[tuple[int, int]]) -> bytes:
    """Return the data without these ranges, which may nest."""
    kept = []
    at = 0
    for start, end in sorted(cuts):
        if start > at:
            kept.append(data[at:start])
        at = max(at, end)
    kept.append(data[at:])
    return b"".join(kept)
