"""Copies the build of an earlier batch, where a build would only make the same volume again.

The comparison with it is written into the copy: no sheet is printed again.
"""

import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.files.hashing import BLOCK
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.files.stable_bytes import csv_bytes
from sjs_forms.base.manifest import MANIFEST, File, Manifest
from sjs_forms.base.output import patient_moves
from sjs_forms.base.output.output_folder import refuse_foreign, swap_folder, work_folder
from sjs_forms.base.progress import Progress, quiet
from sjs_forms.printing.reprint import (
    REPRINT_LIST,
    REPRINT_PDF,
    compare,
    reprint_list,
    since,
)

_OF_COMPARISON = (REPRINT_LIST, REPRINT_PDF)
"""Files that say how a build differs from the one before it."""

_log = logging.getLogger(__name__)


def copy_build(build: Path, manifest: str, out: Path, progress: Progress = quiet) -> bool:
    """Copy an earlier build to `out` and write what a build compared with it would.

    `manifest` is the SHA-256 of its manifest when it was built. Returns False, with nothing
    written, if the folder is not as it was built, or cannot be copied or replaced: a build then
    says why. Raises Cancelled.
    """
    try:
        refuse_foreign(out)
        with work_folder(out) as work:
            if not _copied(build, manifest, work, progress):
                return False
            _compare(build, work, progress)
            swap_folder(work, out)
    except (OSError, ValueError, SjsFormsError):
        _log.info("“%s” cannot be copied", build, exc_info=True)
        return False
    return True


def _copied(build: Path, manifest: str, work: Path, progress: Progress) -> bool:
    """Copy all files that the manifest lists, and return whether they are those of the build."""
    data = read_record(build / MANIFEST)
    if sha256(data).hexdigest() != manifest:
        return False
    (work / MANIFEST).write_bytes(data)
    for listed in Manifest.parse(data).files:
        if not (build / listed.file).resolve().is_relative_to(build.resolve()):
            return False
        if _copy(build / listed.file, work / listed.file, progress) != listed.sha256:
            return False
    return True


def _copy(source: Path, target: Path, progress: Progress) -> str:
    """Copy a file, and return the SHA-256 of what was copied."""
    found = sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as given, target.open("xb") as made:
        while block := given.read(BLOCK):
            progress.check()
            found.update(block)
            made.write(block)
    return found.hexdigest()


def _compare(build: Path, work: Path, progress: Progress) -> None:
    """Replace what the copy says of an earlier comparison by that of the build with itself."""
    from sjs_forms.printing.sheet_files import read_earlier
    from sjs_forms.volume.built_folder import volumes_of

    whole = Manifest.read(build)
    ordinals = [volume.folder for volume in whole.volumes or ()]
    for place, ordinal in zip(volumes_of(work), ordinals or [""], strict=True):
        earlier = read_earlier(build, ordinal)
        made = compare(earlier.sheets, earlier.sheets)
        patient_moves.unlink(place / REPRINT_PDF)
        (place / REPRINT_LIST).write_bytes(csv_bytes(reprint_list(made)))
        own = Manifest.read(place).saying(since=since(made, earlier.manifest))
        _list_files(place, own, progress)
    if ordinals:
        _list_files(work, whole, progress)


def _list_files(folder: Path, manifest: Manifest, progress: Progress) -> None:
    """Write a manifest with the files that are in the folder now."""
    from sjs_forms.jobs.binding.volume_files import files_in

    (folder / MANIFEST).unlink()
    found = files_in(folder, _kept(manifest), progress)
    files = (File(file=name, sha256=digest, bytes=size) for name, (digest, size) in found.items())
    (folder / MANIFEST).write_bytes(manifest.saying(files=tuple(files)).as_bytes())


def _kept(manifest: Manifest) -> Mapping[str, str]:
    """Return the digests of the files that were copied and not replaced."""
    replaced = {*_OF_COMPARISON, MANIFEST}
    return {
        entry.file: entry.sha256
        for entry in manifest.files
        if Path(entry.file).name not in replaced
    }
