"""Limits on the work that one OFD file may cause."""

from sjs_forms.base.findings.file_refusal import FileRefused
from sjs_forms.intake import refusals

MAX_MEMBERS = 20_000
MAX_NESTING = 16
"""Levels of composite objects, page blocks and seals within one another."""

MAX_RATIO = 1_000
"""Unpacked bytes for each packed one, from `RATIO_FROM` on."""

RATIO_FROM = 20_000_000
MAX_DELTAS = 100_000
"""Offsets that one text code may state."""

_MAX_OBJECTS = 300_000
_MAX_PATH_TOKENS = 2_000_000


class OfdDamaged(Exception):
    """Raised for a part of the file that cannot be read."""


class Budget:
    """Counts what is drawn of one file. Every method raises FileRefused beyond its limit."""

    def __init__(self) -> None:
        self._objects = _MAX_OBJECTS
        self._tokens = _MAX_PATH_TOKENS

    def object(self) -> None:
        """Count a graphic object."""
        self._objects -= 1
        if self._objects < 0:
            raise self._past(f"{_MAX_OBJECTS:,} 个图元")

    def tokens(self, count: int) -> None:
        """Count operators and numbers of a path."""
        self._tokens -= count
        if self._tokens < 0:
            raise self._past(f"{_MAX_PATH_TOKENS:,} 个路径数据")

    def _past(self, what: str) -> FileRefused:
        return refusals.ofd_too_intricate(what)
