"""Adds, moves, changes and removes files of an application; returns each step as a value.

If application.json lists its attachments, the list in its text is edited, else the folders. A
change that only a list can express (titles, pages, rotation, straightening, passwords, a custom
order) adds a list of the found files.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from sjs_forms.base.errors import OutputUnwritable, UsageFault
from sjs_forms.base.files.safe_names import safe_file_name
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.findings.finding_places import AnswerPlace
from sjs_forms.base.output.journalled_moves import free_name
from sjs_forms.domain.application import only_changes_found
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.domain.folder.clutter import EntryVerdict, Nature, judge_file
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER, material_folder
from sjs_forms.domain.folder.offered_files import Offered
from sjs_forms.domain.folder.path_resolution import entry_of
from sjs_forms.domain.json_text.answer_edits import set_answer
from sjs_forms.domain.json_text.attachments_edit import KEY, listed, with_list
from sjs_forms.domain.json_text.json_edits import moved, put, without
from sjs_forms.domain.places import place_of
from sjs_forms.domain.programme import Material, Programme

Move = tuple[Path, Path]


class NoSuchFile(UsageFault):
    """Raised if the application has no such file or material."""

    def __init__(self, where: str) -> None:
        super().__init__(f"这份申报里没有“{where}”。", "请刷新后再试。")


@dataclass(frozen=True, slots=True)
class Change:
    """The changes of a step.

    `text` is the new text of application.json, `record` that of the record of sealed forms; None
    leaves them unchanged. `moves` are of existing files, `added` of new ones from the work folder;
    `removed` go to the trash.
    """

    text: str | None = None
    moves: tuple[Move, ...] = ()
    added: tuple[Move, ...] = ()
    removed: tuple[Path, ...] = ()
    record: bytes | None = None


@dataclass(frozen=True, slots=True)
class Current:
    """An application before a step: what was read, and the text of its application.json."""

    folder: ApplicationFolder
    programme: Programme
    text: str

    @property
    def is_listed(self) -> bool:
        """Whether application.json lists the attachments."""
        return isinstance(json.loads(self.text).get(KEY), list)

    def material(self, material_id: str) -> Material:
        """Return the material with this id. Raises NoSuchFile."""
        try:
            return self.programme.material(material_id)
        except KeyError:
            raise NoSuchFile(material_id) from None

    def item(self, where: str) -> Offered | None:
        """Return the offered file at a place, or None."""
        return next((item for item in self.folder.offered if item.where == where), None)

    def listed_place(self, where: str) -> str:
        """Return the list place of a file given by its path, if it is listed."""
        same = (item.where for item in self.folder.offered if where in (item.file, item.where))
        return next(same, where)

    def index(self, where: str) -> int:
        """Return the index of a listed file. Raises NoSuchFile."""
        try:
            place = place_of(where)
        except ValueError:
            raise NoSuchFile(where) from None
        items = json.loads(self.text).get(KEY)
        if len(place) != 2 or place[0] != KEY or not isinstance(items, list):
            raise NoSuchFile(where)
        if not isinstance(place[1], int) or place[1] >= len(items):
            raise NoSuchFile(where)
        return place[1]

    def entry(self, where: str) -> int:
        """Return the index of a listed file that has an entry of its own. Raises NoSuchFile."""
        index = self.index(where)
        if not isinstance(json.loads(self.text)[KEY][index], dict):
            raise NoSuchFile(where)
        return index

    def found(self, where: str) -> Path:
        """Return a file in the folder by its path in findings. Raises NoSuchFile."""
        item = self.item(where)
        written = item.file if item else where
        steps = PurePosixPath(written.replace("\\", "/")).parts
        path = entry_of(self.folder.folder, written)
        inside = path.parent.resolve().is_relative_to(self.folder.folder.resolve())
        if ".." in steps or not inside or steps[:1] != (ATTACHMENTS_FOLDER,):
            raise NoSuchFile(where)
        if not (path.is_symlink() or path.is_file()):
            raise NoSuchFile(where)
        return path

    def place_for(self, material: Material, name: str) -> Path:
        """Return a free path for a file of a material. Raises OutputUnwritable."""
        place = self.folder.folder / material_folder(self.programme, material)
        if not place.resolve().is_relative_to(self.folder.folder.resolve()):
            raise OutputUnwritable(
                f"“{FILE}”通向申报文件夹之外。",
                "请把它换成申报文件夹里真正的文件夹。",
                place,
            )
        return free_name(place / _document_name(name))

    def shown(self, path: Path) -> str:
        """Return a path as application.json writes it."""
        return path.relative_to(self.folder.folder).as_posix()


def _document_name(name: str) -> str:
    """Return a name that is valid on every system and not taken for a leftover of a program."""
    plain = safe_file_name(name)
    stem, suffix = Path(plain).stem.lstrip(".~$"), Path(plain).suffix
    names = (plain, _verdict(plain).of, f"文件{stem}{suffix}", f"文件{plain.replace('.', '_')}")
    return next(each for each in names if each and _verdict(each).nature is Nature.DOCUMENT)


def _verdict(name: str) -> EntryVerdict:
    return judge_file(name, (), lambda: (1, b""))


def add(current: Current, material_id: str, name: str, source: Path, work: Path) -> Change:
    """Add a copy of a file to a material, as its last file. Raises NoSuchFile or UsageFault."""
    current, _ = _listing_all(current, "")
    material = current.material(material_id)
    limit = current.programme.intake.max_bytes
    if not source.is_file():
        raise UsageFault(
            f"没有找到文件“{FILE}”。", "请检查文件名（含后缀）和路径是否写对。", source
        )
    if source.stat().st_size > limit:
        raise UsageFault(
            f"“{name}”超过 {limit // 1_000_000} MB 的上限。", "请分成几个文件，或降低扫描精度。"
        )
    target = current.place_for(material, name)
    copy = work / "added"
    shutil.copyfile(source, copy)
    if not current.is_listed:
        return Change(added=((copy, target),))
    entry = {"material": material.id, "file": current.shown(target)}
    return Change(listed(current.text, entry, _end_of(current, material)), added=((copy, target),))


def _end_of(current: Current, material: Material) -> int:
    """Return the list index after the last file of a material, or where its first would be."""
    order = [each.id for each in current.programme.materials]
    items = json.loads(current.text)[KEY]
    of = [item.get("material") if isinstance(item, dict) else None for item in items]
    own = [number for number, each in enumerate(of) if each == material.id]
    if own:
        return own[-1] + 1
    later = order[order.index(material.id) + 1 :]
    return next((number for number, each in enumerate(of) if each in later), len(items))


def move(current: Current, where: str, material_id: str | None, position: int | None) -> Change:
    """Move a file to another material, or to an index among its material's files.

    A file that is not yet listed is added to the list. Raises NoSuchFile.
    """
    material = current.material(material_id) if material_id else None
    current, where = _listing_all(current, current.listed_place(where))
    if current.is_listed and material is not None and where.startswith(f"{ATTACHMENTS_FOLDER}/"):
        entry = {"material": material.id, "file": current.shown(current.found(where))}
        at = _end_of(current, material)
        text = listed(current.text, entry, at)
        current, where = replace(current, text=text), f"{KEY}[{at}]"
    if not current.is_listed:
        item = current.item(where)
        if position is None:
            if material is None or (item and item.material == material):
                return Change()
            path = current.found(where)
            return Change(moves=((path, current.place_for(material, path.name)),))
        current, where = _with_list(current, where)
    index, text = current.entry(where), current.text
    if material is not None:
        text = put(text, (KEY, index, "material"), material.id)
    items = json.loads(text)[KEY]
    own = [
        number
        for number, item in enumerate(items)
        if number != index and isinstance(item, dict)
        if item.get("material") == items[index].get("material")
    ]
    if position is None or position >= len(own):
        target = own[-1] + (own[-1] < index) if own else index
    else:
        target = own[max(position, 0)] - (own[max(position, 0)] > index)
    return Change(moved(text, (KEY,), index, target))


def change(current: Current, where: str, answers: Mapping[str, str]) -> Change:
    """Set title, pages, rotate, straighten or password of a file as typed; "" removes one.

    Raises NoSuchFile.
    """
    current, where = _listing_all(current, current.listed_place(where))
    if not current.is_listed:
        if not any(answers.values()):
            return Change()
        current, where = _with_list(current, where)
    index, text = current.entry(current.listed_place(where)), current.text
    for key, typed in answers.items():
        place = (KEY, index, key)
        text = set_answer(text, place, typed) if typed else without(text, place)
    return Change(text)


def remove(current: Current, where: str) -> Change:
    """Remove a file and its entry; the file is kept if other entries name it. Raises NoSuchFile."""
    current, where = _listing_all(current, current.listed_place(where))
    if not current.is_listed or where.startswith(f"{ATTACHMENTS_FOLDER}/"):
        return Change(removed=(current.found(where),))
    index = current.index(where)
    text = without(current.text, (KEY, index))
    item = current.item(where)
    others = {other.path for other in current.folder.offered if other.where != where}
    if item is None or item.path is None or item.path in others:
        return Change(text)
    return Change(text, removed=(entry_of(current.folder.folder, item.file),))


def _listing_all(current: Current, where: str) -> tuple[Current, str]:
    """Convert a list that only changes found files to one that lists all of them."""
    application = current.folder.application
    if application is None or not only_changes_found(application.attachments):
        return current, where
    offered = current.folder.offered
    wheres = [item.where for item in offered]
    text = with_list(current.text, [_entry_of(item) for item in offered])
    listed_now = tuple(
        replace(item, place=AnswerPlace((KEY, index))) for index, item in enumerate(offered)
    )
    folder = replace(current.folder, offered=listed_now)
    place = f"{KEY}[{wheres.index(where)}]" if where in wheres else where
    return replace(current, text=text, folder=folder), place


def _entry_of(item: Offered) -> dict[str, object]:
    """Return the entry of a list for a file, with all its known properties."""
    said = {
        "pages": item.pages,
        "rotate": item.rotate,
        "straighten": item.straighten,
        "password": item.password,
    }
    given = {key: value for key, value in said.items() if value}
    return {"material": item.material.id, "file": item.file, "title": item.title, **given}


def _with_list(current: Current, where: str) -> tuple[Current, str]:
    """Return the application with a list of the found files, and the place of one in it."""
    wheres = [item.where for item in current.folder.offered]
    if where not in wheres:
        raise NoSuchFile(where)
    entries = [{"material": each.material.id, "file": each.file} for each in current.folder.offered]
    text = with_list(current.text, entries)
    return replace(current, text=text), f"{KEY}[{wheres.index(where)}]"
