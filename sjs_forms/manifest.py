"""manifest.json: what was built from what, as data for scripts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sjs_forms import TOOL, __version__
from sjs_forms.application import Application
from sjs_forms.findings import Finding
from sjs_forms.plan import BindingPlan
from sjs_forms.printing import PrintJob, print_data
from sjs_forms.programme import Programme
from sjs_forms.sources import Source
from sjs_forms.views import manifest_parts, manifest_sides


def manifest(
    programme: Programme,
    application: Application,
    sources: Sequence[Source],
    files: Mapping[str, tuple[str, int]],
    plan: BindingPlan,
    job: PrintJob,
    findings: Sequence[Finding],
    digests: Sequence[str],
) -> dict[str, Any]:
    """The manifest of one build; `files` maps each output's name to its SHA-256 and bytes.

    `digests` are those of the sides (see `fingerprint`).
    """
    return {
        **_origin(programme, application, sources, files),
        "parts": manifest_parts(plan),
        "sides": manifest_sides(plan, digests),
        "print": print_data(job),
        "draft": plan.draft,
        "findings": [finding.as_dict() for finding in findings],
    }


def manifest_of_volumes(
    programme: Programme,
    application: Application,
    sources: Sequence[Source],
    files: Mapping[str, tuple[str, int]],
    volumes: Sequence[tuple[BindingPlan, PrintJob]],
    findings: Sequence[Finding],
) -> dict[str, Any]:
    """The manifest above the folders of several volumes, each of which has its own.

    Sides and parts say which volume they are in; `side` counts anew in each.
    """
    return {
        **_origin(programme, application, sources, files),
        "volumes": [
            {"folder": plan.edition.ordinal, "sheets": plan.sheets, "spine_mm": job.spine.width_mm}
            for plan, job in volumes
        ],
        "parts": [_of(plan, part) for plan, _ in volumes for part in manifest_parts(plan)],
        "sides": [_of(plan, side) for plan, _ in volumes for side in manifest_sides(plan)],
        "print": {
            "copies": programme.print.copies,
            "sheets_per_copy": sum(plan.sheets for plan, _ in volumes),
            "paper": programme.print.paper,
            "duplex": programme.print.duplex,
        },
        "draft": volumes[0][0].draft,
        "findings": [finding.as_dict() for finding in findings],
    }


def _of(plan: BindingPlan, entry: dict[str, Any]) -> dict[str, Any]:
    return {"volume": plan.edition.ordinal, **entry}


def _origin(
    programme: Programme,
    application: Application,
    sources: Sequence[Source],
    files: Mapping[str, tuple[str, int]],
) -> dict[str, Any]:
    """By what and from what it was made, and what was made."""
    return {
        "tool": {"name": TOOL, "version": __version__},
        "programme": programme.id,
        "applicant": {"name": application.applicant.name, "uscc": application.applicant.uscc},
        "inputs": [
            {
                "file": source.offered.file,
                "sha256": source.facts.sha256,
                "pages": source.facts.given,
            }
            for source in sources
            if source.facts is not None
        ],
        "files": [
            {"file": name, "sha256": sha256, "bytes": size}
            for name, (sha256, size) in files.items()
        ],
    }
