"""Places of application.json whose content could not be parsed.

Reading leaves them blank and continues. Checks ask here before they report a blank, so that a bad
value has only its own finding.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_places import AnswerPlace, FindingPlace
from sjs_forms.domain.places import Place


@dataclass(frozen=True, slots=True)
class UnreadPlaces:
    """The places left blank, and the findings that say why."""

    places: frozenset[tuple[str | int, ...]] = frozenset()
    findings: tuple[Finding, ...] = ()

    def touches(self, *place: str | int) -> bool:
        """Return whether a place, its parent or a place in it could not be parsed."""
        return any(
            known[: len(place)] == place or place[: len(known)] == known for known in self.places
        )

    def also(self, places: Iterable[Place], *findings: Finding) -> Self:
        """Return this with more places and findings."""
        more = (tuple(place) for place in places)
        return type(self)(self.places.union(more), (*self.findings, *findings))

    def within(self, key: str, *names: str) -> bool:
        """Return whether a list, an item, or one of these answers in an item could not be
        parsed.
        """
        return any(
            known[:1] == (key,) and (not known[2:] or known[2] in names) for known in self.places
        )

    def of_file(self, file: FindingPlace, key: str) -> bool:
        """Return whether `key` of the attachment at a place could not be parsed."""
        return any(
            known == ("attachments",)
            or (AnswerPlace(known[:2]) == file and known[2:] in ((), (key,)))
            for known in self.places
        )

    def beyond(self, key: str, length: int) -> int:
        """Return how many items of a list were dropped because it is too long."""
        return sum(known[:1] == (key,) and known[1:] >= (length,) for known in self.places)


ALL_READ = UnreadPlaces()
"""Everything was parsed."""
