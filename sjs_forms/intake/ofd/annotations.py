"""The appearances of annotations (15), by the page that they are on."""

from collections.abc import Iterator
from typing import Any

from sjs_forms.intake.ofd.archive import OfdArchive
from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.document_tree import OfdDocument
from sjs_forms.intake.ofd.losses import Loss, Losses
from sjs_forms.intake.ofd.xml_nodes import is_true, text_of


def annotations_of(
    archive: OfdArchive, document: OfdDocument, losses: Losses
) -> dict[str, list[Any]]:
    """Return the printed annotations by the ID of their page; an unreadable part is a loss.

    Raises FileRefused.
    """
    found: dict[str, list[Any]] = {}
    for reference in document.references("Annotations"):
        try:
            part, root = archive.part(reference, document.part)
        except OfdDamaged:
            losses.note(Loss.PART_UNDRAWN)
            continue
        for page in root.iter("Page"):
            here = found.setdefault((page.get("PageID") or "").strip(), [])
            try:
                here.extend(_on_page(archive, text_of(page, "FileLoc"), part))
            except OfdDamaged:
                losses.note(Loss.PART_UNDRAWN)
    return found


def _on_page(archive: OfdArchive, reference: str, base: str) -> Iterator[Any]:
    """Yield the annotations of a page. Raises OfdDamaged."""
    _, root = archive.part(reference, base)
    for node in root.iter("Annot"):
        is_shown = is_true(node.get("Visible"), otherwise=True)
        if is_shown and is_true(node.get("Print"), otherwise=True):
            yield node
