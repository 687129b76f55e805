"""Pictures of the places on papers that findings speak of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from sjs_forms.base.findings.evidence import Evidence
from sjs_forms.base.findings.finding import Finding
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.domain.source_facts import SourceFacts
from sjs_forms.domain.sources import Source
from sjs_forms.intake.page_drawing import PageDrawing
from sjs_forms.jobs.judgement import notice_and_answers

_DPI = 150
_MOST = 60
"""Findings of which pictures are drawn."""
_AROUND = 14.0
"""Points around the place that are shown too."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """The picture of one place, as PNG, and the finding that speaks of it."""

    finding: Finding
    png: bytes


def snippets(
    folder: ApplicationFolder,
    sources: Sequence[Source],
    findings: Sequence[Finding],
    drawing: PageDrawing,
) -> Iterator[Snippet]:
    """Yield the picture of each finding's evidence. Raises what `PageDrawing.page` raises."""
    programme, _ = notice_and_answers(folder)
    clean = {source.offered.file: source.facts for source in sources if source.facts is not None}
    for found in findings[:_MOST]:
        evidence = found.evidence
        if evidence is not None and evidence.file in clean:
            facts = clean[evidence.file]
            drawn = drawing.page(programme.intake, facts.clean, evidence.page, _DPI)
            picture = _cut(drawn.png, evidence, facts)
            if picture is not None:
                yield Snippet(found, picture)


def _cut(png: bytes, evidence: Evidence, facts: SourceFacts) -> bytes | None:
    """Return the evidence's part of a page, set upright; None if that is not on the page."""
    from PIL import Image

    page = facts.pages[evidence.page - 1]
    with Image.open(BytesIO(png), formats=("PNG",)) as drawn:
        scale = drawn.width / page.width
        upright = drawn.convert("RGB").rotate(-90 * evidence.turned, expand=True)
    left, top, right, bottom = evidence.box
    box = (
        max(0, round((left - _AROUND) * scale)),
        max(0, round((top - _AROUND) * scale)),
        min(upright.width, round((right + _AROUND) * scale)),
        min(upright.height, round((bottom + _AROUND) * scale)),
    )
    if box[0] >= box[2] or box[1] >= box[3]:
        return None
    stream = BytesIO()
    upright.crop(box).save(stream, "PNG")
    return stream.getvalue()
