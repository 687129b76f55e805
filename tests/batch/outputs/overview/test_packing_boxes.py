"""The boxes that the print shop packs."""

import pytest

from sjs_forms.batch.outputs.overview.applicant_rows import VolumePrint
from sjs_forms.batch.outputs.overview.packing_boxes import BOX_MM, boxes_for


def volume(copies: int, spine_mm: float) -> VolumePrint:
    return VolumePrint(copies, 60, 30, spine_mm, {}, {}, 0, "")


@pytest.mark.parametrize(
    ("volumes", "boxes"),
    [
        ([], 0),
        ([volume(1, 3.2)], 1),
        ([volume(10, BOX_MM / 10 - 0.6)], 1),
        ([volume(10, BOX_MM / 10 - 0.6), volume(1, 3.2)], 2),
    ],
)
def test_a_box_holds_volumes_and_their_covers_up_to_its_height(
    volumes: list[VolumePrint], boxes: int
) -> None:
    assert boxes_for(volumes) == boxes
