"""The files that builds wrote beside an application, and a zip of them for download."""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from sjs_forms.base.errors import SjsFormsError
from sjs_forms.base.manifest import MANIFEST, Manifest
from sjs_forms.domain.folder.material_folders import ATTACHMENTS_FOLDER
from sjs_forms.web.wording.shown_findings import element_id
from sjs_forms.web.workspace.output_records import answers_digest, inputs_digest, is_made_from

FORM_FILES = (".pdf", ".docx")
_CHUNK = 1 << 20
_MAX_FILES = 2_000
_FIRST = ("装订版.pdf", "封面书脊.pdf", "印制单.pdf", "在线申报.zip")


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file that a build wrote; `name` is its path within the folder, with `/`."""

    id: str
    name: str
    path: Path
    bytes: int


@dataclass(frozen=True, slots=True)
class Results:
    """A finished folder: its files, the volume first, and whether it is up to date."""

    folder: Path
    manifest: Manifest
    files: tuple[ResultFile, ...]
    is_current: bool
    is_draft: bool

    def file(self, file_id: str) -> ResultFile | None:
        """Return the file with this id, or None."""
        return next((each for each in self.files if each.id == file_id), None)


def finished_folder(application: Path) -> Path:
    """Return the output folder of a build."""
    return application.parent / f"{application.name}-成册"


def draft_folder(application: Path) -> Path:
    """Return the output folder of a draft that the user requested."""
    return application.parent / f"{application.name}-草稿"


def forms_folder(application: Path) -> Path:
    """Return the output folder of the forms."""
    return application.parent / f"{application.name}-表格"


@dataclass(frozen=True, slots=True)
class FormsForSigning:
    """The forms written for signing, and whether they are up to date."""

    names: tuple[str, ...]
    is_current: bool


def printed_forms(folder: Path, application: Path) -> FormsForSigning:
    """Return the forms written for an application, PDFs first."""
    place = forms_folder(folder)
    there = (
        [each for each in place.iterdir() if each.suffix in FORM_FILES and each.is_file()]
        if place.is_dir()
        else []
    )
    there.sort(key=lambda each: (each.suffix != ".pdf", each.name))
    written = min((each.stat().st_mtime_ns for each in there), default=0)
    made = is_made_from(application, place, answers_digest(application)) if there else None
    is_current = _time(application) <= written if made is None else made
    return FormsForSigning(tuple(each.name for each in there), is_current)


def results_of(folder: Path, application: Path, *, is_draft: bool = False) -> Results | None:
    """Return the results of the build in `folder`, or None if there is no readable one.

    `application` is the JSON file of what was built.
    """
    try:
        manifest = Manifest.read(folder)
        written = (folder / MANIFEST).stat().st_mtime_ns
    except (SjsFormsError, OSError):
        return None
    volumes = [volume.folder for volume in manifest.volumes or ()]
    listed = sorted([entry.file for entry in manifest.files], key=lambda name: _rank(name, volumes))
    names = [*listed, MANIFEST]
    files = []
    for name in names:
        path = folder.joinpath(*name.split("/"))
        inside = ".." not in name.split("/") and path.resolve().is_relative_to(folder.resolve())
        if inside and path.is_file():
            files.append(ResultFile(element_id("r", name), name, path, path.stat().st_size))
    made = is_made_from(application, folder, inputs_digest(application))
    is_current = _newest(application) <= written if made is None else made
    return Results(folder, manifest, tuple(files), is_current, is_draft)


def _rank(name: str, volumes: Sequence[str]) -> tuple[bool, int, int, str]:
    """Return the sort key of a file: those for the print shop and the portal come first.

    Files of one kind come in the order of their volumes, which their names do not tell.
    """
    folder, _, last = name.rpartition("/")
    volume = volumes.index(folder) if folder in volumes else len(volumes)
    return "/" in name, _FIRST.index(last) if last in _FIRST else len(_FIRST), volume, name


def _newest(application: Path) -> int:
    """Return the time of the last change of the application, in nanoseconds."""
    times = [_time(application)]
    found = (application.parent / ATTACHMENTS_FOLDER).rglob("*")
    for _, path in zip(range(_MAX_FILES), found, strict=False):
        times.append(_time(path))
    return max(times)


def _time(path: Path) -> int:
    try:
        return path.lstat().st_mtime_ns
    except OSError:
        return 0


class _Pipe:
    """A file that is not seekable, whose content is taken in pieces."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Add data to be taken."""
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: there is no buffer."""

    def taken(self) -> bytes:
        """Return the data written since the last call."""
        data = b"".join(self._parts)
        self._parts.clear()
        return data


def zipped(results: Results) -> Iterator[bytes]:
    """Yield a zip of all files, uncompressed, in pieces."""
    pipe = _Pipe()
    with zipfile.ZipFile(cast(IO[bytes], pipe), "w", zipfile.ZIP_STORED) as archive:
        for file in results.files:
            entry = zipfile.ZipInfo(f"{results.folder.name}/{file.name}")
            with archive.open(entry, "w", force_zip64=True) as target, file.path.open("rb") as data:
                while chunk := data.read(_CHUNK):
                    target.write(chunk)
                    yield pipe.taken()
    yield pipe.taken()
