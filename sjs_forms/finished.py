"""A finished folder, as a build wrote it: its manifest, and the volume that it speaks of."""

import json
from pathlib import Path
from typing import Any

from sjs_forms.digests import digest
from sjs_forms.errors import UsageFault
from sjs_forms.publish import MANIFEST

VOLUME = "装订版.pdf"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a built folder. Raises UsageFault where the folder was not built by us."""
    if not (folder / MANIFEST).is_file():
        raise UsageFault(
            f"“{folder}”里没有 {MANIFEST}，不是生成好的文件夹。",
            "请给出 sjs-forms build -o 所写的那个文件夹。",
        )
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        entries = [*manifest["files"], *manifest["sides"], *manifest["parts"]]
        if all(isinstance(entry, dict) for entry in entries):
            return dict(manifest)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
        raise unreadable(folder) from problem
    raise unreadable(folder)


def volumes_of(folder: Path) -> tuple[Path, ...]:
    """The folder of each volume: the built folder itself, unless a job took several.

    Raises UsageFault where the folder was not built by us.
    """
    volumes = read_manifest(folder).get("volumes")
    if volumes is None:
        return (folder,)
    try:
        return tuple(folder / Path(volume["folder"]).name for volume in volumes)
    except (KeyError, TypeError) as problem:
        raise unreadable(folder) from problem


def job_folder(folder: Path) -> Path:
    """The folder that one build wrote: of a volume among several, the one above it."""
    above = folder.absolute().parent
    return above if (above / MANIFEST).is_file() else folder.absolute()


def unreadable(folder: Path) -> UsageFault:
    """What is wrong with a folder whose manifest says something else than ours do."""
    return UsageFault(f"“{folder}”里的 {MANIFEST} 读不懂，可能被改动过。", "请重新生成一次。")


def volume_of(folder: Path, manifest: dict[str, Any]) -> Path:
    """The volume, as it was built. Raises UsageFault where it is gone or was changed."""
    path = folder / VOLUME
    try:
        recorded = {entry["file"]: entry["sha256"] for entry in manifest["files"]}
        if digest(path) == recorded[VOLUME]:
            return path
    except FileNotFoundError as problem:
        raise UsageFault(f"“{folder}”里没有 {VOLUME}。", "请重新生成一次。") from problem
    except (KeyError, TypeError) as problem:
        raise unreadable(folder) from problem
    raise UsageFault(f"“{path}”生成后被改动过。", "请重新生成一次，不要手工改动生成的文件。")
