"""Finds uninformative document titles, such as IMG_0001, and proposes better ones."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import PurePosixPath

from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding import Finding, warning
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.findings.remedies import NameFile
from sjs_forms.domain.answers.unread_places import ALL_READ, UnreadPlaces
from sjs_forms.domain.folder.document_titles import clearer_title, title_of
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.sources import Source


def check_titles(sources: Sequence[Source], unread: UnreadPlaces = ALL_READ) -> Iterator[Finding]:
    """Yield a warning for each title made from a camera's or a scanner's file name."""
    usable = [
        source.offered
        for source in sources
        if source.facts is not None and not unread.of_file(source.offered.place, "title")
    ]
    unclear = {
        index: _proposal(item, clearer)
        for index, item in enumerate(usable)
        if item.title == title_of(_path(item).name)
        and (clearer := clearer_title(item.title)) is not None
    }
    taken = {(item.material.id, item.title) for at, item in enumerate(usable) if at not in unclear}
    alike = Counter((usable[index].material.id, title) for index, title in unclear.items())
    for index, title in unclear.items():
        material = usable[index].material.id
        plain = [title] if alike[material, title] == 1 else []
        numbered = (f"{title}{number}" for number in count(1))
        free = (made for made in chain(plain, numbered) if (material, made) not in taken)
        chosen = next(free)
        taken.add((material, chosen))
        yield _finding_of(usable[index], chosen)


def _path(item: Offered) -> PurePosixPath:
    return PurePosixPath(item.file.replace("\\", "/"))


def _proposal(item: Offered, clearer: str) -> str:
    """Return what is left of the title, else the folder's name, else the material's."""
    if clearer:
        return clearer
    folder = title_of(_path(item).parent.name)
    is_clear = folder != ATTACHMENTS_FOLDER and clearer_title(folder) is None
    return folder if folder and is_clear and not item.material.form else item.material.short


def _finding_of(item: Offered, proposed: str) -> Finding:
    path = _path(item)
    order = path.stem.removesuffix(item.title) if path.stem.endswith(item.title) else ""
    name = f"{order}{proposed}{path.suffix}"
    return warning(
        "title-unclear",
        item.place,
        item.material.title,
        f"“{FILE}”在目录和书签中会叫“{item.title}”，读者看不出是什么材料。",
        NameFile(proposed, name, is_listed=isinstance(item.place, AnswerPlace)),
        item.file,
    )
