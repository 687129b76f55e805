"""Computes how many boxes the printed volumes fill; a box holds one stack of volumes."""

import math
from collections.abc import Iterable

from sjs_forms.batch.outputs.overview.applicant_rows import VolumePrint

BOX_MM = 300
"""Height in millimetres of the stack of volumes that a box holds."""

_COVERS_MM = 0.6
"""Thickness in millimetres of both covers of a volume."""


def boxes_for(volumes: Iterable[VolumePrint]) -> int:
    """Return how many boxes hold all copies of these volumes."""
    height = sum(volume.copies * (volume.spine_mm + _COVERS_MM) for volume in volumes)
    return math.ceil(height / BOX_MM)
