"""The appearances of annotations (15), by the page that they are on."""

from collections.abc import Iterator
from typing import Any

from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.losses import Loss, Losses
from sjs_forms.intake.ofd.structure.archive import OfdArchive
from sjs_forms.intake.ofd.structure.document_tree import OfdDocument
from sjs_forms.intake.ofd.structure.xml_nodes import is_true, text_of


def annotations_of(
    archive: OfdArchive, document: OfdDocument, losses: Losses
) -> dict[str, list[Any]]:
    """Return the printed annotations by the ID of their page; an unreadable part is a loss.

    Those of an unknown page are on the only page; if there are several pages, they are a loss.
    Raises FileRefused.
    """
    pages = [page.number.strip() for page in document.pages]
    found: dict[str, list[Any]] = {}
    for reference in document.references("Annotations"):
        try:
            part, root = archive.part(reference, document.part)
        except OfdDamaged:
            losses.note(Loss.PART_UNDRAWN)
            continue
        listed = list(root.iter("Page"))
        if not archive.is_complete(part):
            losses.note(Loss.PART_UNDRAWN)
        for page in listed:
            number = (page.get("PageID") or "").strip()
            is_known = number in pages
            here = found.setdefault(number if is_known or len(pages) != 1 else pages[0], [])
            try:
                here.extend(_on_page(archive, text_of(page, "FileLoc"), part, losses))
            except OfdDamaged:
                if is_known:
                    losses.note(Loss.PART_UNDRAWN)
    if any(found[number] for number in found if number not in pages):
        losses.note(Loss.PART_UNDRAWN)
    return found


def _on_page(archive: OfdArchive, reference: str, base: str, losses: Losses) -> Iterator[Any]:
    """Yield the annotations of a page. Raises OfdDamaged."""
    part, root = archive.part(reference, base)
    if not archive.is_complete(part):
        losses.note(Loss.PART_UNDRAWN)
    for node in root.iter("Annot"):
        is_shown = is_true(node.get("Visible"), otherwise=True)
        if is_shown and is_true(node.get("Print"), otherwise=True):
            yield node
