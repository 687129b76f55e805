"""The totals of all volumes for the print shop (付印总单)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sjs_forms.batch.outputs.overview.applicant_rows import (
    ApplicantRow,
    VolumePrint,
    is_compared,
    sheets_to_print,
)
from sjs_forms.batch.outputs.overview.packing_boxes import boxes_for


@dataclass(frozen=True, slots=True)
class PrintTotals:
    """Counts over all copies of all volumes.

    `stocks` are sheets by paper, `colours` coloured dividers by colour, `covers` covers by paper,
    `spines` volumes by the width of the spine in millimetres. `to_print` are the sheets that are to
    be printed where some were printed earlier; None if nothing was compared. From `colour_sheets`
    on, everything counts only what is to be printed; boxes are those of volumes printed whole.
    Nothing of the `drafts`, which are applicants, is counted.
    """

    applicants: int
    volumes: int
    books: int
    sides: int
    sheets: int
    colour_sheets: int
    stocks: Mapping[str, int]
    colours: Mapping[str, int]
    covers: Mapping[str, int]
    spines: Mapping[float, int]
    boxes: int
    to_print: int | None = None
    drafts: int = 0


def print_totals(rows: Sequence[ApplicantRow]) -> PrintTotals:
    """Return the totals of the applicants whose volumes are ready."""
    ready = [row for row in rows if row.is_printable]
    volumes = [volume for row in ready for volume in row.volumes]
    return PrintTotals(
        len(ready),
        len(volumes),
        sum(volume.copies for volume in volumes),
        sum(volume.copies * volume.sides for volume in volumes),
        sum(volume.copies * volume.sheets for volume in volumes),
        sum(volume.copies * volume.colour_sheets for volume in volumes),
        _added((volume, volume.stocks) for volume in volumes),
        _added((volume, volume.colours) for volume in volumes),
        _added((volume, {volume.cover: 1}) for volume in volumes),
        dict(sorted(Counter(each.spine_mm for each in volumes if _has_spine(each)).items())),
        boxes_for(volume for volume in volumes if volume.reprint is None),
        sum(volume.copies * sheets_to_print(volume) for volume in volumes)
        if is_compared(ready)
        else None,
        sum(row.draft for row in rows),
    )


def _has_spine(volume: VolumePrint) -> bool:
    return volume.reprint is None or volume.reprint.cover


def _added(counted: Iterable[tuple[VolumePrint, Mapping[str, int]]]) -> dict[str, int]:
    """Return the counts of a copy times the copies, added up by name in order of appearance."""
    found: dict[str, int] = {}
    for volume, counts in counted:
        for name, count in counts.items():
            if name:
                found[name] = found.get(name, 0) + volume.copies * count
    return found
