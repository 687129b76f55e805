"""The PDFs that a volume is made of, and the source page of each side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PdfPages:
    """The pages of one of the plan's PDFs: a file or bytes, from page index `first` on.

    `streams` holds digests as in `source_facts.SourceFacts`.
    """

    data: Path | bytes
    first: int = 0
    streams: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """The page that a side shows: index `page` (from 0) of a PDF, which is a file or bytes.

    `name` is the user's name of it. `streams` holds digests as in `source_facts.SourceFacts`.
    """

    data: Path | bytes
    page: int
    name: str
    streams: Mapping[int, str] = field(default_factory=dict)

    def opened(self) -> Path | BytesIO:
        """Return what a PDF reader accepts: a path or a stream."""
        return BytesIO(self.data) if isinstance(self.data, bytes) else self.data
