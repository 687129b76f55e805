"""Opened attachments, and the gaps that a draft has in their place: what checks and plan see."""

from dataclasses import dataclass

from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.programme import Material
from sjs_forms.domain.source_facts import SourceFacts


@dataclass(frozen=True, slots=True)
class Source:
    """An offered attachment with what intake found, and the pages wanted of it.

    `facts` is None where it cannot be used (a finding says why).
    """

    offered: Offered
    facts: SourceFacts | None
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What a draft carries a placeholder page for."""

    material: Material
    title: str
    reason: str
