"""The contents of the zip for the portal and the name of each file, before any is written. Pure.

The notice (四（一）) asks for its materials by number: for a form the Word file and the stamped
scan, for the others scans. So each material is one PDF named by its number. Beside it is a folder
with the original files, so that signatures can be verified.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from sjs_forms.base.files.safe_names import safe_name
from sjs_forms.domain.programme import Form, Material, Programme
from sjs_forms.domain.sources import Gap, Source

PORTAL = "在线申报.zip"
LIST = "清单.xlsx"

Kind = Literal["word", "unstamped", "stamped", "merged", "original"]
"""A form as Word; an unstamped form; its stamped scan; another material; an original file."""

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class ZipFile:
    """One file of the zip. `name` is its path there, separated by `/`.

    `sources` are those that a PDF is merged from, in order, or those that use an original. `form`
    is the id of a generated form.
    """

    name: str
    kind: Kind
    sources: tuple[Source, ...] = ()
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class MaterialFiles:
    """One material of the notice: its files in the zip, and what it lacks.

    The title of a gap is empty where all of the material is missing.
    """

    number: int
    material: Material
    entries: tuple[ZipFile, ...]
    lacks: tuple[Gap, ...]


def files_by_material(
    programme: Programme, sources: Sequence[Source], gaps: Sequence[Gap] = ()
) -> tuple[MaterialFiles, ...]:
    """Return all materials of the notice in its order, empty ones included.

    `gaps` are the placeholders of a draft. No two names collide on any system.
    """
    return tuple(
        MaterialFiles(
            number,
            material,
            tuple(_entries(programme, material, _usable(material, sources))),
            tuple(_lacks(material, _usable(material, sources), gaps)),
        )
        for number, material in enumerate(programme.materials, start=1)
    )


def _usable(material: Material, sources: Sequence[Source]) -> tuple[Source, ...]:
    return tuple(
        source
        for source in sources
        if source.offered.material == material and source.facts is not None
    )


def _entries(
    programme: Programme, material: Material, own: tuple[Source, ...]
) -> Iterator[ZipFile]:
    """Return Word file, PDF and originals. A form without its scan is included to be stamped."""
    stem = f"{programme.number_of(material)}_{safe_name(material.short)}"
    form = programme.form(material.form) if material.form else None
    if form and material.word:
        yield ZipFile(f"{stem}.docx", "word", form=form)
    if form and own:
        yield ZipFile(f"{stem}（盖章扫描）.pdf", "stamped", own)
    elif form:
        yield ZipFile(f"{stem}（未盖章）.pdf", "unstamped", form=form)
    elif own:
        yield ZipFile(f"{stem}.pdf", "merged", own)
    yield from _originals(f"{stem}（原件）", own)


def _originals(folder: str, own: tuple[Source, ...]) -> Iterator[ZipFile]:
    """Yield the files as given, each once, under the applicant's own names."""
    places: dict[object, list[Source]] = {}
    for source in own:
        places.setdefault(source.offered.path or source.offered.file, []).append(source)
    taken: set[str] = set()
    for uses in places.values():
        name = _free_name(uses[0].offered.file, taken)
        yield ZipFile(f"{folder}/{name}", "original", tuple(uses))


def _free_name(written: str, taken: set[str]) -> str:
    """Return the last step of a path as a safe name that is not in `taken`, with its suffix."""
    path = PurePosixPath(written.replace("\\", "/"))
    suffix = path.suffix if _SUFFIX.fullmatch(path.suffix) else ""
    stem = safe_name(path.name.removesuffix(suffix))
    name, count = f"{stem}{suffix}", 1
    while _folded(name) in taken:
        count += 1
        name = f"{stem}（{count}）{suffix}"
    taken.add(_folded(name))
    return name


def _folded(name: str) -> str:
    """Return a key that is equal for names that Windows or macOS treat as the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _lacks(material: Material, own: tuple[Source, ...], gaps: Sequence[Gap]) -> Iterator[Gap]:
    known = [gap for gap in gaps if gap.material == material]
    for gap in known:
        yield replace(gap, title="") if gap.title == material.title else gap
    if material.form and not own and not known:
        yield Gap(material, "盖章扫描件", "打印、签字、盖章后扫描，放进申报文件夹再生成一次。")
