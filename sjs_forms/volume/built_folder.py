"""Reads a folder that a build wrote: its manifest and the volume that it describes."""

from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.findings.file_names import FILE
from sjs_forms.base.manifest import MANIFEST, Manifest, unreadable

VOLUME = "装订版.pdf"


def volumes_of(folder: Path) -> tuple[Path, ...]:
    """Return the folder of each volume: the built folder itself, unless it holds several.

    Raises UsageFault if the folder is not one of ours.
    """
    return _volumes(folder, Manifest.read(folder))


def manifests_of(folder: Path) -> dict[Path, Manifest]:
    """Return the manifest of each volume by its folder, as `volumes_of` returns them.

    Raises UsageFault if one of the folders is not one of ours.
    """
    whole = Manifest.read(folder)
    if whole.volumes is None:
        return {folder: whole}
    return {volume: Manifest.read(volume) for volume in _volumes(folder, whole)}


def _volumes(folder: Path, manifest: Manifest) -> tuple[Path, ...]:
    if manifest.volumes is None:
        return (folder,)
    return tuple(folder / Path(volume.folder).name for volume in manifest.volumes)


def job_folder(folder: Path) -> Path:
    """Return the folder that one build wrote; for one of several volumes, its parent."""
    above = folder.absolute().parent
    return above if (above / MANIFEST).is_file() else folder.absolute()


def volume_of(folder: Path, manifest: Manifest) -> Path:
    """Return the path of the volume. Raises UsageFault if it is missing or was changed."""
    path = folder / VOLUME
    recorded = {entry.file: entry.sha256 for entry in manifest.files}
    if VOLUME not in recorded:
        raise unreadable(folder)
    try:
        if digest(path) == recorded[VOLUME]:
            return path
    except FileNotFoundError as problem:
        raise UsageFault(f"“{FILE}”里没有 {VOLUME}。", "请重新生成一次。", folder) from problem
    raise UsageFault(f"“{FILE}”生成后被改动过。", "请重新生成一次，不要手工改动生成的文件。", path)
