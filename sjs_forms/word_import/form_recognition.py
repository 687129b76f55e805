"""Recognises the forms in a document, and reads each of their slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sjs_forms.word_import.alignment import FoundWording, Text, align, is_form, texts_of
from sjs_forms.word_import.form_pattern import Pattern, Wording, is_tick
from sjs_forms.word_import.table_rows import TableRead, take_rows
from sjs_forms.word_import.text_between import (
    Leftover,
    Piece,
    Reading,
    after_tick,
    assign_gap,
    pieces_between,
    split_labels,
    strip_marks,
)
from sjs_forms.word_import.tick_boxes import leading_marks, trailing_marks
from sjs_forms.word_import.word_blocks import Block, DocumentText


@dataclass(frozen=True, slots=True)
class FormRead:
    """One form found in a document.

    `readings` are by path in the context. `leftovers` is all other text that is not the form's.
    `missing` is wording that was not found, `displaced` wording where an answer could be, `boxless`
    slots of tick boxes in a row that has no boxes. `tables` are those whose row is repeated.
    """

    pattern: Pattern
    readings: Mapping[str, Reading]
    leftovers: tuple[Leftover, ...]
    missing: tuple[Wording, ...]
    displaced: tuple[Leftover, ...]
    boxless: tuple[str, ...]
    tables: tuple[TableRead, ...] = ()


def read_forms(
    patterns: Sequence[Pattern], written: DocumentText, hints: Mapping[str, str]
) -> tuple[FormRead, ...]:
    """Return the forms that a document contains, in the order of `patterns`. May be empty."""
    if not written.blocks:
        return ()
    found = _recognised(patterns, written.blocks, hints)
    if len(found) == 1:
        return (found[0].read(),)
    made = {}
    for number, candidate in enumerate(found):
        first = candidate.first if number else 0
        last = found[number + 1].first if number + 1 < len(found) else len(written.blocks)
        again = _candidate(candidate.pattern, written.blocks[first:last], hints)
        if again.found:
            made[candidate.pattern.form] = again.read()
    return tuple(made[pattern.form] for pattern in patterns if pattern.form in made)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A form as it was found in a document.

    `blocks` are those of the document without the rows of its `tables`; `first` and `last` are the
    document's blocks with its first and its last wording.
    """

    pattern: Pattern
    blocks: tuple[Block, ...]
    tables: tuple[TableRead, ...]
    found: tuple[FoundWording, ...]
    first: int = 0
    last: int = 0

    def read(self) -> FormRead:
        """Read its slots."""
        return replace(read_form(self.pattern, self.found, self.blocks), tables=self.tables)


def _candidate(
    pattern: Pattern,
    blocks: tuple[Block, ...],
    hints: Mapping[str, str],
    texts: tuple[Text, ...] = (),
) -> _Candidate:
    """Align a form with a document; `texts` are those of the blocks where they are known."""
    kept, tables = take_rows(pattern.tables, blocks)
    all_kept = len(kept) == len(blocks)
    found = align(pattern, texts if texts and all_kept else texts_of(kept), hints)
    if not found:
        return _Candidate(pattern, kept, tables, found)
    first, last = found[0].block, found[-1].block
    if not all_kept:
        places = {block.spot: number for number, block in enumerate(blocks)}
        first, last = places[kept[first].spot], places[kept[last].spot]
    return _Candidate(pattern, kept, tables, found, first, last)


def _recognised(
    patterns: Sequence[Pattern], blocks: tuple[Block, ...], hints: Mapping[str, str]
) -> list[_Candidate]:
    """Return the forms in a document, in its order.

    A form that seems to be inside another is ignored: it is quoted in an answer there.
    """
    texts = texts_of(blocks)
    aligned = [_candidate(pattern, blocks, hints, texts) for pattern in patterns]
    kept: list[_Candidate] = []
    for candidate in sorted(aligned, key=lambda each: -len(each.found)):
        if is_form(candidate.pattern, candidate.found) and not any(
            candidate.first <= other.last and other.first <= candidate.last for other in kept
        ):
            kept.append(candidate)
    return sorted(kept, key=lambda each: (each.first, each.found[0].start))


def read_form(
    pattern: Pattern, found: tuple[FoundWording, ...], blocks: tuple[Block, ...]
) -> FormRead:
    """Read one form, whose wording was found in these blocks."""
    end = (len(blocks) - 1, len(blocks[-1].text))
    places = [*(one.begins for one in found[1:]), end]
    gaps = [
        pieces_between(blocks, one.ends, place) for one, place in zip(found, places, strict=True)
    ]
    before = pieces_between(blocks, (0, 0), found[0].begins)
    for one, pieces in zip(found, gaps, strict=True):
        strip_marks(pattern.wordings[one.wording].gap, pieces)
    behind = _ticks_after(pattern, found, [before, *gaps])
    readings: dict[str, Reading] = {}
    leftovers: list[Leftover] = []
    _, left = assign_gap((), before, pattern.kind_of)
    leftovers += left
    known = {one.wording for one in found}
    for one, pieces in zip(found, gaps, strict=True):
        wording = pattern.wordings[one.wording]
        following = one.wording + 1
        if following < len(pattern.wordings) and following not in known:
            halves = split_labels(pattern.wordings[following], pieces)
            readings.update(halves)
            known |= {following} if halves else set()
        shared, left = assign_gap(wording.gap, pieces, pattern.kind_of)
        readings.update(shared)
        leftovers += [replace(each, after=wording.text) for each in left]
    readings.update(behind)
    return FormRead(
        pattern,
        readings,
        tuple(leftovers),
        tuple(w for index, w in enumerate(pattern.wordings) if index not in known),
        tuple(
            Leftover(pattern.wordings[one.wording].text, blocks[one.block].spot)
            for one in found
            if not one.as_expected and pattern.wordings[one.wording].before == "block"
        ),
        _boxless(pattern, readings),
    )


def _ticks_after(
    pattern: Pattern, found: tuple[FoundWording, ...], gaps: list[list[Piece]]
) -> dict[str, Reading]:
    """Take out of the gaps the ticks of choices whose boxes follow them.

    `gaps` begins with what precedes the first wording.
    """
    readings: dict[str, Reading] = {}
    for group in _choices_in_a_row(pattern, found):
        first, last = gaps[group[0]][-1].lines, gaps[group[-1] + 1][0].lines
        if not first or not last:
            continue
        if trailing_marks(first[-1])[1] or not leading_marks(last[0])[0]:
            continue
        for index in group:
            slot = pattern.wordings[found[index].wording - 1].slots[-1]
            readings[slot.path] = after_tick(gaps[index + 1][0])
    return readings


def _choices_in_a_row(pattern: Pattern, found: tuple[FoundWording, ...]) -> list[list[int]]:
    """Return runs of found wording with a tick box before it on the form, without gaps."""
    groups: list[list[int]] = []
    for index, one in enumerate(found):
        if pattern.wordings[one.wording].before != "tick" or not one.wording:
            continue
        slots = pattern.wordings[one.wording - 1].slots
        if not slots or not is_tick(slots[-1].path):
            continue
        if groups and groups[-1][-1] == index - 1 and found[index - 1].wording == one.wording - 1:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _boxless(pattern: Pattern, readings: Mapping[str, Reading]) -> tuple[str, ...]:
    """Return tick slots without a box, if none of those beside them has one either."""
    without: list[str] = []
    for field_of in dict.fromkeys(_row_of(path) for path in pattern.choices):
        paths = [path for path in pattern.choices if _row_of(path) == field_of]
        read = [path for path in paths if path in readings]
        if read and not any(readings[path].lines for path in read):
            without += read
    return tuple(without)


def _row_of(path: str) -> str:
    """Return what all boxes of a row have in common: `category` of `category.new.tick`."""
    return path.rsplit(".", 2)[0]
