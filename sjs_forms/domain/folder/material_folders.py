"""Assigns folders and files to materials by the numbers in their names."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sjs_forms.domain.folder.clutter import Nature
from sjs_forms.domain.folder.folder_entries import FolderEntry, entries_below, entries_in
from sjs_forms.domain.folder.numbered_names import is_han, leading_number, natural_key
from sjs_forms.domain.programme import Material, Programme

ATTACHMENTS_FOLDER = "attachments"

_ALIKE = 2
"""Consecutive Chinese characters in common with a material's title for it to be likely."""

_PLAIN = 3
"""Number of such characters that contradict the number before the name."""


@dataclass(frozen=True, slots=True)
class MaterialClaim:
    """What a name says about its material.

    `material` is None if that is uncertain. `number` may be the material's number, `likely` is the
    material suggested by the words of the name.
    """

    name: str
    material: Material | None
    number: int | None = None
    likely: Material | None = None


@dataclass(frozen=True, slots=True)
class StrayFile:
    """An entry of no material, with the claim of the relevant name."""

    entry: FolderEntry
    claim: MaterialClaim


@dataclass(frozen=True, slots=True)
class SortedFiles:
    """The entries below a folder: those of materials in the notice's order, and the others.

    `doubtful` are folders whose words suggest another material than their number, with their
    claims.
    """

    taken: tuple[tuple[Material, FolderEntry], ...]
    strays: tuple[StrayFile, ...]
    doubtful: tuple[tuple[MaterialClaim, Path], ...] = ()


def folder_name(programme: Programme, material: Material) -> str:
    """Return our name of a material's folder: 2-场地租赁合同."""
    return f"{programme.number_of(material)}-{material.short}"


def material_folder(programme: Programme, material: Material) -> str:
    """Return the folder in which a material's files are searched: attachments/2-场地租赁合同."""
    return f"{ATTACHMENTS_FOLDER}/{folder_name(programme, material)}"


def sort_files(
    root: Path, programme: Programme, is_passed: Callable[[FolderEntry], bool] = lambda _: False
) -> SortedFiles:
    """Sort everything below `root` by material, and in natural order of names within each.

    Entries of `root` itself that `is_passed` accepts are skipped.
    """
    taken: dict[str, list[FolderEntry]] = {material.id: [] for material in programme.materials}
    strays: list[StrayFile] = []
    doubtful: list[tuple[MaterialClaim, Path]] = []
    for entry in entries_in(root) if root.is_dir() else ():
        if is_passed(entry):
            continue
        claim = claim_of(programme, entry)
        below = tuple(entries_below(entry.path)) if entry.is_searched else (entry,)
        if claim.material is None:
            strays += [
                StrayFile(found, claim) for found in below if found.nature is not Nature.OPEN
            ]
            continue
        taken[claim.material.id] += below
        if below and claim.likely not in (None, claim.material):
            doubtful.append((claim, entry.path))
    return SortedFiles(
        tuple(
            (material, entry)
            for material in programme.materials
            for entry in in_order(taken[material.id], root)
        ),
        tuple(sorted(strays, key=lambda stray: order_below(root, stray.entry.path))),
        tuple(doubtful),
    )


def in_order(entries: list[FolderEntry], root: Path) -> Iterator[FolderEntry]:
    """Yield entries in natural order of their paths from `root`."""
    yield from sorted(entries, key=lambda entry: order_below(root, entry.path))


def order_below(root: Path, path: Path) -> tuple[list[tuple[int, int, str]], str]:
    """Return the sort key of a path below `root`."""
    return natural_key(path.relative_to(root).as_posix())


def claim_of(programme: Programme, entry: FolderEntry) -> MaterialClaim:
    """Return the claim of an entry of the folder in which materials are sorted.

    A folder's number decides; a file's (2-合同.pdf) only if its words do not contradict it.
    """
    is_searched = entry.is_searched
    name = entry.path.name if is_searched else (entry.verdict.of or entry.path.name)
    stem = name if entry.is_folder else Path(name).stem
    found = leading_number(stem)
    if found is None:
        return MaterialClaim(name, None, None, _spoken_of(programme, stem))
    likely = _spoken_of(programme, found.rest)
    if not 1 <= found.number <= len(programme.materials):
        return MaterialClaim(name, None, found.number, likely)
    material = programme.materials[found.number - 1]
    agrees = _shared(found.rest, material) >= _ALIKE
    if agrees:
        return MaterialClaim(name, material, found.number, material)
    contradiction = _shared(found.rest, likely) if likely else 0
    if is_searched and found.sure:
        return MaterialClaim(
            name, material, found.number, likely if contradiction >= _PLAIN else None
        )
    contradicts = contradiction >= (_ALIKE if material.form else _PLAIN)
    is_sure = found.sure and bool(found.rest) and not contradicts
    return MaterialClaim(
        name, material if is_sure else None, found.number, None if is_sure else likely
    )


def _spoken_of(programme: Programme, words: str) -> Material | None:
    """Return the one material with most in common with a name, if it is enough."""
    shared = [(_shared(words, material), material) for material in programme.materials]
    most = max(length for length, _ in shared)
    best = [material for length, material in shared if length == most]
    return best[0] if most >= _ALIKE and len(best) == 1 else None


def _shared(words: str, material: Material) -> int:
    """Return the length of the longest run of Chinese characters in common with the titles."""
    text = f"{material.title} {material.short} {material.hint}"
    best = 0
    for start in range(min(len(words), 100)):
        end = start + best + 1
        while end <= len(words) and all(map(is_han, words[start:end])) and words[start:end] in text:
            best, end = end - start, end + 1
    return best


def is_offered(entry: FolderEntry) -> bool:
    """Return whether an entry of a material's folder is an attachment, usable or not."""
    return entry.nature in _OFFERED


_OFFERED = (Nature.DOCUMENT, Nature.NOT_DOWNLOADED, Nature.UNFINISHED, Nature.BUNDLE)
