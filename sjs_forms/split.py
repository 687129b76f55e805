"""Where a volume too thick to be bound is cut: between documents, never inside one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sjs_forms.plan import Section

FRONT_SHEETS = 3
"""Cover and contents of a volume; a contents page of two leaves is allowed for."""


def split_sections(
    sections: Sequence[Section], most_sheets: int
) -> tuple[tuple[Section, ...], ...]:
    """The sections of each volume, so that none takes more than `most_sheets` sheets.

    Documents keep their order and none is cut, so one that is thicker than that has a volume
    of its own. A material that goes on in the next volume has its divider there again.
    """
    volumes: list[list[Section]] = [[]]
    room = most_sheets - FRONT_SHEETS
    for section, sheets in _single_documents(sections):
        goes_on = bool(volumes[-1]) and volumes[-1][-1].material == section.material
        needed = sheets if goes_on else sheets + 1
        if volumes[-1] and needed > room:
            volumes.append([])
            room = most_sheets - FRONT_SHEETS
            needed, goes_on = sheets + 1, False
        room -= needed
        if goes_on:
            last = volumes[-1][-1]
            section = replace(last, documents=last.documents + section.documents)
            volumes[-1][-1] = section
        else:
            volumes[-1].append(section)
    return tuple(tuple(volume) for volume in volumes)


def _single_documents(sections: Sequence[Section]) -> Iterator[tuple[Section, int]]:
    """Each document as a section of its own, with the sheets it takes."""
    for section in sections:
        for index, document in enumerate(section.documents):
            alone = replace(section, documents=(document,), continued=index > 0)
            yield alone, (len(document.pages) + 1) // 2
