"""The seals of a document (18): the place of each, and its picture."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sjs_forms.intake.ofd.bounds import OfdDamaged
from sjs_forms.intake.ofd.losses import Loss, Losses
from sjs_forms.intake.ofd.seal_structure import SealPicture, seal_picture
from sjs_forms.intake.ofd.structure.archive import OfdArchive
from sjs_forms.intake.ofd.structure.document_tree import OfdDocument
from sjs_forms.intake.ofd.structure.xml_nodes import box, text_of

_MAX_SIGNATURES = 1_000
_Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class StampPlacement:
    """A seal on a page: the page's ID, its boundary, and the visible part of that.

    `picture` is None if it could not be read.
    """

    page: str
    boundary: _Rect
    clip: _Rect | None
    picture: SealPicture | None


def stamps_of(archive: OfdArchive, document: OfdDocument, losses: Losses) -> list[StampPlacement]:
    """Return the seals of a document.

    A seal that cannot be read or placed is a loss; so is that none is verified.

    Raises FileRefused past a bound.
    """
    stated = text_of(document.body, "Signatures")
    part = archive.resolved(stated, document.entry)
    if part is None:
        if stated:
            losses.note(Loss.SEAL_UNREADABLE)
        return []
    found: list[StampPlacement] = []
    read: set[str] = set()
    try:
        nodes = list(archive.xml(part).iter("Signature"))[:_MAX_SIGNATURES]
    except OfdDamaged:
        nodes = []
        losses.note(Loss.SEAL_UNREADABLE)
    if nodes:
        losses.note(Loss.SEAL_UNVERIFIED)
    if not archive.is_complete(part):
        losses.note(Loss.SEAL_UNREADABLE)
    for node in nodes:
        try:
            own, root = archive.part(node.get("BaseLoc") or "", part)
            if own in read:  # found by its base name, because the stated one is missing
                raise OfdDamaged(own)
            read.add(own)
            found.extend(_stamps_in(archive, own, root))
        except OfdDamaged:
            losses.note(Loss.SEAL_UNREADABLE)
    placed = [_on_a_page(stamp, document) for stamp in found]
    if None in placed:
        losses.note(Loss.SEAL_UNREADABLE)
    return [stamp for stamp in placed if stamp is not None]


def _on_a_page(stamp: StampPlacement, document: OfdDocument) -> StampPlacement | None:
    """Return a seal with the page that it names, or the only page; None without such a page."""
    if any(page.number.strip() == stamp.page for page in document.pages):
        return stamp
    return replace(stamp, page=document.pages[0].number) if len(document.pages) == 1 else None


def _stamps_in(archive: OfdArchive, part: str, root: Any) -> Iterator[StampPlacement]:
    """Yield the seals of a signature. Raises OfdDamaged."""
    nodes = list(root.iter("StampAnnot"))
    if not nodes:
        return
    picture = _picture(archive, root, part)
    for node in nodes:
        boundary = box(node.get("Boundary"))
        if boundary is None:
            raise OfdDamaged(part)
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
