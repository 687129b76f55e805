"""The attachments that application.json lists, each with its file and its material."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import ChooseMaterial
from sjs_forms.domain.answers.unread_places import UnreadPlaces
from sjs_forms.domain.application import Attachment
from sjs_forms.domain.folder.clutter import DOCUMENT
from sjs_forms.domain.folder.document_titles import title_of
from sjs_forms.domain.folder.folder_entries import FolderEntry
from sjs_forms.domain.folder.material_folders import (
    ATTACHMENTS_FOLDER,
    claim_of,
)
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.folder.path_resolution import resolve
from sjs_forms.domain.near_words import nearest
from sjs_forms.domain.programme import Material, Programme

ATTACHMENTS_LIST = "attachments"


def listed_files(
    folder: Path, programme: Programme, attachments: tuple[Attachment, ...], unread: UnreadPlaces
) -> tuple[tuple[Offered, ...], tuple[Finding, ...]]:
    """Return the listed files. One whose file or password is unknown is present but unusable."""
    offered: list[Offered] = []
    findings: list[Finding] = []
    for index, attachment in enumerate(attachments):
        place = (ATTACHMENTS_LIST, index)
        material = _material_of(programme, attachment, place, findings)
        if material is None and unread.touches(*place, "material"):
            material = _likely_material(programme, attachment)
        if material is None:
            continue
        at = (*place, "file")
        if attachment.file is None:
            if unread.touches(*at):
                offered.append(
                    Offered(AnswerPlace(place), material, "", None, attachment.title or "")
                )
            continue
        path, problem = resolve(
            folder, attachment.file, AnswerPlace(at), programme.fields.label_of(at)
        )
        if problem:
            findings.append(problem)
        if unread.touches(*place, "password"):
            path = None
        offered.append(
            Offered(
                AnswerPlace(place),
                material,
                attachment.file,
                path,
                attachment.title
                or title_of(PurePosixPath(attachment.file.replace("\\", "/")).name),
                attachment.pages,
                attachment.rotate or 0,
                attachment.password,
                bool(attachment.straighten),
            )
        )
    return tuple(offered), tuple(findings)


def unknown_materials(
    programme: Programme, attachments: Sequence[Attachment]
) -> Iterator[tuple[str | int, ...]]:
    """Yield the places of materials that are not the notice's."""
    known = {None, *(material.id for material in programme.materials)}
    for index, attachment in enumerate(attachments):
        if attachment.material not in known:
            yield ATTACHMENTS_LIST, index, "material"


def _likely_material(programme: Programme, attachment: Attachment) -> Material | None:
    """Return the material that an unknown name was probably meant for."""
    near = nearest(attachment.material or "", [material.id for material in programme.materials])
    if near:
        return programme.material(near)
    top, *way = PurePosixPath((attachment.file or "").replace("\\", "/")).parts or ("",)
    if top != ATTACHMENTS_FOLDER or not way:
        return None
    return claim_of(programme, FolderEntry(Path(way[0]), DOCUMENT, is_folder=len(way) > 1)).material


def _material_of(
    programme: Programme,
    attachment: Attachment,
    place: tuple[str, int],
    findings: list[Finding],
) -> Material | None:
    """Return the attachment's material; adds a finding if it is not one of the notice's."""
    known = [material.id for material in programme.materials]
    if attachment.material is None:
        return None
    if attachment.material in known:
        return programme.material(attachment.material)
    near = nearest(attachment.material, known)
    path = (*place, "material")
    findings.append(
        error(
            "unknown-material",
            AnswerPlace(path),
            programme.fields.label_of(path),
            f"附件所属材料“{attachment.material}”不是通知所列的材料。",
            ChooseMaterial(near or "", tuple(known)),
        )
    )
    return None
