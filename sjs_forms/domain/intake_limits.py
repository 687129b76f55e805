"""The limits within which attachments are opened.

A dataclass without pydantic, because the processes that open files use nothing else of a notice,
and loading all of it takes as long as opening two files.
"""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeLimits:
    """Limits that no real scan reaches. Exceeding one is a finding.

    Bytes of a file, of its unpacked content and of memory; pixels of one picture; seconds for one
    file (`office_seconds`: its conversion by LibreOffice); sides of the whole volume.
    `max_content_bytes` limits an unpacked stream of a PDF (content, font and the like), pictures
    excluded. `max_total_bytes` and `max_total_seconds` limit all attachments of an application
    together.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - read by pydantic, which sets nothing

    max_bytes: int
    max_pages: int
    max_pixels: int
    max_decoded_bytes: int
    max_seconds: float
    office_seconds: float
    max_memory: int
    max_attachments: int
    max_volume_sides: int
    max_content_bytes: int
    max_total_bytes: int
    max_total_seconds: float

    def as_json(self) -> str:
        """Return the limits as compact JSON, the same for equal limits."""
        return json.dumps(asdict(self), separators=(",", ":"))
