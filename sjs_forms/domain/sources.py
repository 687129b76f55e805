"""Opened attachments, and the gaps of a draft: the input of checks and plan."""

from dataclasses import dataclass

from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.programme import Material
from sjs_forms.domain.source_facts import SourceFacts


@dataclass(frozen=True, slots=True)
class Source:
    """An offered attachment with its facts and its selected pages.

    `facts` is None if it cannot be used (a finding says why).
    """

    offered: Offered
    facts: SourceFacts | None
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something for which a draft has a placeholder page."""

    material: Material
    title: str
    reason: str
