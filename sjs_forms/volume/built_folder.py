"""A finished folder, as a build wrote it: its manifest, and the volume that it speaks of."""

from pathlib import Path

from sjs_forms.base.errors import UsageFault
from sjs_forms.base.hashing import digest
from sjs_forms.base.manifest import MANIFEST, Manifest, unreadable

VOLUME = "装订版.pdf"


def volumes_of(folder: Path) -> tuple[Path, ...]:
    """The folder of each volume: the built folder itself, unless a job took several.

    Raises UsageFault where the folder was not built by us.
    """
    volumes = Manifest.read(folder).volumes
    if volumes is None:
        return (folder,)
    return tuple(folder / Path(volume.folder).name for volume in volumes)


def job_folder(folder: Path) -> Path:
    """The folder that one build wrote: of a volume among several, the one above it."""
    above = folder.absolute().parent
    return above if (above / MANIFEST).is_file() else folder.absolute()


def volume_of(folder: Path, manifest: Manifest) -> Path:
    """The volume, as it was built. Raises UsageFault where it is gone or was changed."""
    path = folder / VOLUME
    recorded = {entry.file: entry.sha256 for entry in manifest.files}
    if VOLUME not in recorded:
        raise unreadable(folder)
    try:
        if digest(path) == recorded[VOLUME]:
            return path
    except FileNotFoundError as problem:
        raise UsageFault(f"“{folder}”里没有 {VOLUME}。", "请重新生成一次。") from problem
    raise UsageFault(f"“{path}”生成后被改动过。", "请重新生成一次，不要手工改动生成的文件。")
