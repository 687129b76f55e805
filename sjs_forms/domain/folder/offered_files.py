"""The attachments that an applicant offers: found in folders, and changed by a list.

Entries of the list without a material change the title, pages, rotation, straightening, password or
order of files that were found. All other files are unchanged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, error
from sjs_forms.base.findings.finding_places import AnswerPlace, FilePlace
from sjs_forms.base.findings.remedies import MendAnswer
from sjs_forms.domain.answers.unread_places import UnreadPlaces
from sjs_forms.domain.application import Attachment
from sjs_forms.domain.notice.notice_fields import NoticeFields
from sjs_forms.domain.programme import Material

_LIST = "attachments"


@dataclass(frozen=True, slots=True)
class Offered:
    """One attachment as the applicant offers it, found on disk.

    `place` is its entry in application.json, or the file itself if the folders were searched.
    `file` is the path as the user wrote it. `path` is the real file, or None if it cannot be used
    (a finding then says why). `title` is its title in contents and bookmarks. `pages` are chosen
    first, then photographs among them are straightened (`straighten`), then all are turned
    (`rotate`).
    """

    place: AnswerPlace | FilePlace
    material: Material
    file: str
    path: Path | None
    title: str
    pages: str | None = None
    rotate: int = 0
    password: str | None = None
    straighten: bool = False

    @property
    def where(self) -> str:
        """The place as in `check --json`."""
        return str(self.place)


def change_found_files(
    fields: NoticeFields,
    found: Sequence[Offered],
    entries: Sequence[tuple[Attachment, Path | None] | None],
    unread: UnreadPlaces,
) -> tuple[tuple[Offered, ...], tuple[Finding, ...]]:
    """Return the files found, changed as the entries say. Each entry has its real file.

    Files of one material that the entries name are put in the order of the entries; the files
    between them keep their positions. None stands for an entry that was already reported.
    """
    findings: list[Finding] = []
    changed: dict[int, Offered] = {}
    for index, entry in enumerate(entries):
        if entry is None:
            continue
        attachment, path = entry
        number = next((at for at, item in enumerate(found) if path and item.path == path), None)
        if number is None:
            findings.append(without_material(fields, index))
        elif number in changed:
            findings.append(_named_twice(fields, index, attachment.file or ""))
        else:
            changed[number] = _changed(found[number], attachment, (_LIST, index), unread)
    return _in_order_of_list(found, changed), tuple(findings)


def _changed(
    item: Offered, attachment: Attachment, place: tuple[str, int], unread: UnreadPlaces
) -> Offered:
    return replace(
        item,
        place=AnswerPlace(place),
        path=None if unread.touches(*place, "password") else item.path,
        title=attachment.title or item.title,
        pages=attachment.pages,
        rotate=attachment.rotate or 0,
        password=attachment.password,
        straighten=bool(attachment.straighten),
    )


def _in_order_of_list(
    found: Sequence[Offered], changed: Mapping[int, Offered]
) -> tuple[Offered, ...]:
    made = list(found)
    for material in {item.material.id for item in changed.values()}:
        own = [number for number, item in changed.items() if item.material.id == material]
        for number, listed in zip(sorted(own), own, strict=True):
            made[number] = changed[listed]
    return tuple(made)


def without_material(fields: NoticeFields, index: int) -> Finding:
    """Return the finding on an entry without a material whose file is in no material's folder."""
    place = (_LIST, index, "material")
    label = fields.label_of(place)
    return error(
        "required-missing",
        AnswerPlace(place),
        label,
        f"“{label}”没有填写，文件也不在材料文件夹里。",
        MendAnswer("请在{}处填写，或把文件放进材料文件夹。", (place,), link="的"),
    )


def _named_twice(fields: NoticeFields, index: int, file: str) -> Finding:
    place = (_LIST, index, "file")
    return error(
        "duplicate-attachment",
        AnswerPlace(place),
        fields.label_of(place),
        f"“{FILE}”列了不止一次。",
        MendAnswer("请删去多余的，只保留一个。", (place,)),
        file,
    )
