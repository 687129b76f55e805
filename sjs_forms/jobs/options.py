"""The options of a job, and the application that is ready for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.application import Application
from sjs_forms.domain.print_rules import DividerColour
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Gap, Source


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a job.

    `draft` makes gaps in the materials placeholder pages. `cache` keeps opened attachments for the
    next run. `stock` is the id of the paper, None for the notice's own. `dividers` says where their
    colour comes from. `split_colour` writes coloured sheets into a separate file. `since` is the
    folder of an earlier build to compare every sheet with. `split` makes several volumes of one
    that is too thick.
    """

    draft: bool = False
    cache: bool = True
    stock: str | None = None
    dividers: DividerColour = "ink"
    split_colour: bool = False
    since: Path | None = None
    split: bool = False


PLAIN = Options()
"""The notice's defaults."""


@dataclass(frozen=True, slots=True)
class ReadyApplication:
    """An application that was read and checked, without blocking findings for this job.

    `digests` are known SHA-256 of output files by name, so that these are not read again.
    """

    programme: Programme
    application: Application
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
