"""What travels between the stages of a job: how it is to be done, and what is ready to be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sjs_forms.base.findings import Finding
from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import DividerColour, Programme
from sjs_forms.domain.sources import Gap, Source


@dataclass(frozen=True, slots=True)
class Options:
    """How a job is to be done.

    `draft` carries gaps in the materials as placeholder pages; `cache` keeps opened attachments
    for the next time; `stock` is the id of the paper, None for the notice's own; `dividers` says
    where their colour comes from; `split_colour` writes coloured sheets into a file of their own;
    `since` is the folder of an earlier build, with which every sheet is compared; `split` makes
    several volumes of one too thick to be bound.
    """

    draft: bool = False
    cache: bool = True
    stock: str | None = None
    dividers: DividerColour = "ink"
    split_colour: bool = False
    since: Path | None = None
    split: bool = False


PLAIN = Options()
"""As the notice has it, nothing more."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An application that was read and judged: nothing in it blocks the job at hand.

    `digests` are the SHA-256, by name, of files of the output that need not be read for it.
    """

    programme: Programme
    application: Application
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
