"""Reports, by page, annotations that will not appear in print."""

from collections.abc import Callable, Sequence
from typing import Any

from sjs_forms.base.findings.finding import Finding
from sjs_forms.intake import file_remarks
from sjs_forms.intake.annotations import appearances
from sjs_forms.pdf.matrices import upright
from sjs_forms.pdf.objects import entry, name_of, numbers, text_of

_SEEN_BY = {
    "/Circle": "/C",
    "/FreeText": "/Contents",
    "/Highlight": "/QuadPoints",
    "/Ink": "/InkList",
    "/Line": "/C",
    "/PolyLine": "/C",
    "/Polygon": "/C",
    "/Square": "/C",
    "/Squiggly": "/QuadPoints",
    "/StrikeOut": "/QuadPoints",
    "/Underline": "/QuadPoints",
}
"""The entry without which an annotation of the subtype shows nothing."""
_ALWAYS_SEEN = {"/3D", "/Caret", "/FileAttachment", "/Movie", "/RichMedia", "/Sound", "/Stamp"}

UndrawnRemark = tuple[Callable[[Any], bool], Callable[[list[int]], Finding]]


def remarks(listed: Sequence[Sequence[Any]], doubtful: Sequence[int]) -> tuple[Finding, ...]:
    """Return the remarks on each page's annotations, once everything possible is drawn.

    `doubtful` are pages, from 0, with check boxes whose state is ambiguous.
    """
    told: tuple[UndrawnRemark, ...] = (
        (_is_undrawn, file_remarks.annotations_undrawn),
        (_opens_on_demand, file_remarks.notes_closed),
        (_is_redaction, file_remarks.redaction_pending),
        (_holds_a_file, lambda _: file_remarks.embedded_dropped()),
    )
    found = []
    if doubtful:
        found.append(file_remarks.ticks_doubtful(sorted({index + 1 for index in doubtful})))
    for applies, remark in told:
        pages = [at for at, here in enumerate(listed, start=1) if any(map(applies, here))]
        if pages:
            found.append(remark(pages))
    return tuple(found)


def _kind(annotation: Any) -> str:
    return name_of(entry(annotation, "/Subtype")) if appearances.is_shown(annotation) else ""


def _is_undrawn(annotation: Any) -> bool:
    """Return whether a reader would see something of it that could not be drawn."""
    kind = _kind(annotation)
    if appearances.has_appearance(annotation):
        form = appearances.normal_appearance(annotation)
        return bool(kind) and form is not None and not appearances.is_drawable(form)
    if kind in _ALWAYS_SEEN:
        return upright(numbers(entry(annotation, "/Rect"))) is not None
    return kind in _SEEN_BY and bool(entry(annotation, _SEEN_BY[kind]))


def _opens_on_demand(annotation: Any) -> bool:
    """Return whether it is a note whose text shows only when clicked, and no reply to another."""
    if _kind(annotation) not in ("/Text", "/Caret") or entry(annotation, "/IRT") is not None:
        return False
    return bool((text_of(entry(annotation, "/Contents")) or "").strip())


def _is_redaction(annotation: Any) -> bool:
    return _kind(annotation) == "/Redact"


def _holds_a_file(annotation: Any) -> bool:
    return _kind(annotation) == "/FileAttachment"
