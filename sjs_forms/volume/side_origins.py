"""Where the sides of a volume come from, for those who compare the two."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Origin:
    """The page that a side shows: page `page` (from 0) of a PDF, which is a file or bytes.

    `name` is what the user calls it; `streams` are digests as `source_facts.SourceFacts` has them.
    """

    data: Path | bytes
    page: int
    name: str
    streams: Mapping[int, str] = field(default_factory=dict)

    def opened(self) -> Path | BytesIO:
        """What a reader takes."""
        return BytesIO(self.data) if isinstance(self.data, bytes) else self.data
