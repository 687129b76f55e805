"""The seals of a document (18): where each is to be seen, and its picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sjs_forms.intake.ofd.archive import OfdArchive
from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.document_tree import OfdDocument
from sjs_forms.intake.ofd.seal_structure import SealPicture, seal_picture
from sjs_forms.intake.ofd.xml_nodes import box, text_of

_MAX_SIGNATURES = 1_000
_Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class StampPlacement:
    """A seal on a page: the page's ID, its boundary and the part of that which is seen.

    `picture` is None if it could not be read.
    """

    page: str
    boundary: _Rect
    clip: _Rect | None
    picture: SealPicture | None


def stamps_of(archive: OfdArchive, document: OfdDocument) -> list[StampPlacement]:
    """Return the seals of a document. Raises FileRefused past a bound."""
    reference = text_of(document.body, "Signatures")
    if not reference:
        return []
    try:
        part, root = archive.part(reference, document.entry)
    except OfdDamaged:
        return []
    found: list[StampPlacement] = []
    for node in list(root.iter("Signature"))[:_MAX_SIGNATURES]:
        found += _stamps_in(archive, node.get("BaseLoc") or "", part)
    return found


def has_signatures(document: OfdDocument) -> bool:
    """Return whether the document states signatures, visible or not."""
    return bool(text_of(document.body, "Signatures"))


def _stamps_in(archive: OfdArchive, reference: str, base: str) -> Iterator[StampPlacement]:
    try:
        part, root = archive.part(reference, base)
    except OfdDamaged:
        return
    nodes = list(root.iter("StampAnnot"))
    if not nodes:
        return
    picture = _picture(archive, root, part)
    for node in nodes:
        boundary = box(node.get("Boundary"))
        if boundary is not None:
            page = (node.get("PageRef") or "").strip()
            yield StampPlacement(page, boundary, box(node.get("Clip")), picture)


def _picture(archive: OfdArchive, root: Any, part: str) -> SealPicture | None:
    """Return the picture from the signature value, else from the seal beside it."""
    names = [text_of(root, "SignedValue"), text_of(root, "SignedInfo/Seal/BaseLoc"), "Seal.esl"]
    for reference in names:
        name = archive.resolved(reference, part) if reference else None
        if name is None:
            continue
        try:
            found = seal_picture(archive.read(name))
        except OfdDamaged:
            continue
        if found is not None:
            return found
    return None
