"""Creates the manifest of a build: inputs, outputs, parts, sides, print job and findings."""

from collections.abc import Mapping, Sequence
from typing import Any

from sjs_forms import TOOL, __version__
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.manifest import (
    ApplicantEntry,
    File,
    FindingEntry,
    Input,
    Manifest,
    PrintEntry,
    Since,
    Tool,
    VolumeEntry,
)
from sjs_forms.domain.answers.answer_values import role_of
from sjs_forms.domain.application import Application
from sjs_forms.domain.programme import Programme
from sjs_forms.domain.sources import Source
from sjs_forms.printing.print_job import PrintJob, print_data
from sjs_forms.volume.binding_plan import BindingPlan
from sjs_forms.volume.plan_views import manifest_parts, manifest_sides

Files = Mapping[str, tuple[str, int]]
"""SHA-256 and bytes of each output file by its path."""


def manifest_of_volume(
    programme: Programme,
    application: Application,
    sources: Sequence[Source],
    files: Files,
    plan: BindingPlan,
    job: PrintJob,
    findings: Sequence[Finding],
    digests: Sequence[str],
    since: Since | None = None,
) -> Manifest:
    """Return the manifest of one volume. `digests` are those of its sides (see `side_digests`)."""
    return Manifest(
        **_origin(programme, application, sources, files),
        parts=manifest_parts(plan),
        sides=manifest_sides(plan, digests),
        print=print_data(job),
        draft=plan.draft,
        findings=_finding_entries(findings),
    ).saying(since=since)


def manifest_of_volumes(
    programme: Programme,
    application: Application,
    sources: Sequence[Source],
    files: Files,
    volumes: Sequence[tuple[BindingPlan, PrintJob]],
    findings: Sequence[Finding],
) -> Manifest:
    """Return the manifest of a folder with several volumes, each of which has its own.

    Sides and parts name their volume; `side` restarts in each.
    """
    rules = programme.print
    return Manifest(
        **_origin(programme, application, sources, files),
        volumes=tuple(
            VolumeEntry(
                folder=plan.edition.ordinal, sheets=plan.sheets, spine_mm=job.spine.width_mm
            )
            for plan, job in volumes
        ),
        parts=tuple(
            part.model_copy(update={"volume": plan.edition.ordinal})
            for plan, _ in volumes
            for part in manifest_parts(plan)
        ),
        sides=tuple(
            side.model_copy(update={"volume": plan.edition.ordinal})
            for plan, _ in volumes
            for side in manifest_sides(plan)
        ),
        print=PrintEntry(
            copies=rules.copies,
            sheets_per_copy=sum(plan.sheets for plan, _ in volumes),
            paper=rules.paper,
            duplex=rules.duplex,
        ),
        draft=volumes[0][0].draft,
        findings=_finding_entries(findings),
    )


def _finding_entries(findings: Sequence[Finding]) -> tuple[FindingEntry, ...]:
    return tuple(FindingEntry(**finding.as_dict()) for finding in findings)


def _origin(
    programme: Programme,
    application: Application,
    sources: Sequence[Source],
    files: Files,
) -> dict[str, Any]:
    """Return the entries that volumes share: tool, notice, applicant, inputs and outputs."""
    name, code = (
        role_of(programme.fields, application, role) for role in ("applicant", "applicant_code")
    )
    return {
        "tool": Tool(name=TOOL, version=__version__),
        "programme": programme.id,
        "applicant": ApplicantEntry(name=name, uscc=code),
        "inputs": tuple(
            Input(file=source.offered.file, sha256=source.facts.sha256, pages=source.facts.given)
            for source in sources
            if source.facts is not None
        ),
        "files": tuple(
            File(file=name, sha256=sha256, bytes=size) for name, (sha256, size) in files.items()
        ),
    }
