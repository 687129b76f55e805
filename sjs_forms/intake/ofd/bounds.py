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

_OBJECTS, _OBJECTS_OF_PAGE = 300_000, 3_000
_PATH_TOKENS, _PATH_TOKENS_OF_PAGE = 2_000_000, 100_000
"""What any file may draw, and what it may draw in addition for each page.

Some writers store each character as an object, or as a path: some 1,500 objects a page, or 100,000
operators and numbers.
"""


class OfdDamaged(Exception):
    """Raised for a part of the file that cannot be read."""


class Budget:
    """Counts what is drawn of one file. `object` and `tokens` raise FileRefused beyond a limit."""

    def __init__(self) -> None:
        self._objects = self._most_objects = _OBJECTS
        self._tokens = self._most_tokens = _PATH_TOKENS

    def page(self) -> None:
        """Allow for what one more page may draw."""
        self._objects += _OBJECTS_OF_PAGE
        self._most_objects += _OBJECTS_OF_PAGE
        self._tokens += _PATH_TOKENS_OF_PAGE
        self._most_tokens += _PATH_TOKENS_OF_PAGE

    def object(self) -> None:
        """Count a graphic object."""
        self._objects -= 1
        if self._objects < 0:
            raise self._past(f"{self._most_objects:,} 个图元")

    def tokens(self, count: int) -> None:
        """Count operators and numbers of a path."""
        self._tokens -= count
        if self._tokens < 0:
            raise self._past(f"{self._most_tokens:,} 个路径数据")

    def _past(self, what: str) -> FileRefused:
        return refusals.ofd_too_intricate(what)
