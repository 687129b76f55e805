"""Records what a batch built from what, so that the next run builds only what changed.

A file counts as unchanged if its size and modification time are; otherwise its bytes are compared.
The ledger is appended line by line, so that a killed run loses nothing finished.
"""

import json
import logging
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sjs_forms import __version__
from sjs_forms.base.files.file_stamps import Stamp, TreeStamp, stamp_of, stamps_in
from sjs_forms.base.files.hashing import digest
from sjs_forms.base.files.plain_files import read_record
from sjs_forms.base.findings.finding import Finding
from sjs_forms.base.findings.finding_records import finding_of, record_of
from sjs_forms.base.manifest import MANIFEST, Manifest
from sjs_forms.base.output import patient_moves
from sjs_forms.base.resources import fonts_folder, package_folder, templates_folder
from sjs_forms.domain.folder.application_folder import ApplicationFolder
from sjs_forms.domain.installed_notices import notice_folders
from sjs_forms.intake.photographs import opencv
from sjs_forms.jobs.options import Options

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A folder that a batch built: its inputs (`key`), and the stamps of the files written.

    `pages` and `findings` are the build's. `manifest` is the SHA-256 of its manifest, by which a
    copy of the folder is recognised. `volume` is what the key would be without an earlier build to
    compare with, "" if the findings say why that could not be compared.
    """

    folder: str
    key: str
    pages: int
    findings: tuple[Finding, ...]
    written: Mapping[str, Stamp]
    manifest: str = ""
    volume: str = ""


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """The result of a build. `stamps` of its input files were taken before it began.

    `compared` is False if it could not be compared with an earlier build, as was wanted.
    """

    pages: int
    findings: tuple[Finding, ...]
    digests: Mapping[str, str]
    stamps: Mapping[str, Stamp]
    compared: bool = True


class Ledger:
    """The entries of one output folder by folder name, and the digests of input files.

    `path` is the ledger's file, `out` the output folder, `names` the folders of the rows of this
    run: none of them is renamed for another row.
    """

    def __init__(self, path: Path, out: Path, names: Collection[str]) -> None:
        self._path, self._out, self._names = path, out, frozenset(names)
        self._entries: dict[str, LedgerEntry] = {}
        self._known: dict[str, tuple[Stamp, str]] = {}
        self._tool = tool_digest()
        lines = path.read_bytes().splitlines() if path.is_file() else []
        for line in lines:
            self._read(line)
        self._is_compact = len(lines) == len(self._known) + len(self._entries)

    def unchanged_entry(
        self, name: str, application: ApplicationFolder, options: Options
    ) -> LedgerEntry | None:
        """Return the entry of a folder that equals what a build would make now.

        If it has another name, because the office gave another number, it is renamed.
        """
        entry = self._entries.get(name)
        if application.application is None or not (entry or self._entries):
            return None
        key = key_of(application, self.digests_of(application), options, self._tool)
        if entry and entry.key == key:
            return self._whole(entry)
        if (self._out / name).exists():
            return None
        moved = [
            known
            for known in self._entries.values()
            if known.key == key and known.folder not in self._names
        ]
        whole = next((one for known in moved if (one := self._whole(known))), None)
        try:
            return self._rename(whole, name) if whole else None
        except OSError:  # another program has a file of it open: it is built under the new name
            _log.info("“%s” is not renamed", name, exc_info=True)
            return None

    def record(
        self, name: str, application: ApplicationFolder, options: Options, made: "BuildRecord"
    ) -> None:
        """Record a build, with its input files as they were when it read them."""
        for item in application.offered:
            if item.file in made.digests and item.file in made.stamps:
                self._learn(str(item.path), made.stamps[item.file], made.digests[item.file])
        digests = {**self.digests_of(application), **made.digests}
        key = key_of(application, digests, options, self._tool)
        alone = replace(options, since=None)
        volume = key_of(application, digests, alone, self._tool) if made.compared else ""
        folder = self._out / name
        written = _written_in(folder)
        manifest = digest(folder / MANIFEST) if MANIFEST in written else ""
        self._enter(LedgerEntry(name, key, made.pages, made.findings, written, manifest, volume))

    def same_volume(
        self,
        name: str,
        application: ApplicationFolder,
        options: Options,
        digests: Mapping[str, str],
    ) -> LedgerEntry | None:
        """Return the entry of a folder with the volume that a build would make now.

        Whether the folder still is as it was built is not examined, and nothing is recorded.
        `digests` are those of the files (see `digests_of`).
        """
        entry = self._entries.get(name)
        if application.application is None or entry is None or not entry.volume:
            return None
        key = key_of(application, digests, replace(options, since=None), self._tool)
        return entry if entry.volume == key else None

    def learn_from(self, other: "Ledger") -> None:
        """Take over the digests of input files that only another ledger knows."""
        self._known = other._known | self._known

    def digests_of(self, application: ApplicationFolder) -> dict[str, str]:
        """Return the SHA-256 of each readable file by its path as the user wrote it.

        Those are the offered files, and the Word forms beside the answers by their names.
        """
        files = [(item.file, item.path) for item in application.offered if item.path is not None]
        found = {}
        for name, path in (*files, *((path.name, path) for path in application.word_beside)):
            with suppress(OSError):
                found[name] = self._digest(path)
        return found

    def unknown_folders(self) -> tuple[str, ...]:
        """Return existing folders built by a batch that are of no row of this run."""
        unknown = (name for name in self._entries if name not in self._names)
        there = [name for name in unknown if (self._out / name).is_dir()]
        known = {name.casefold(): self._out / name for name in self._names}
        alike = {name: known.get(name.casefold()) for name in there}
        return tuple(sorted(name for name in there if not _are_one(self._out / name, alike[name])))

    def is_as_built(self, stamps: Mapping[str, TreeStamp]) -> bool:
        """Return whether the folders of this run's rows have the files that were built.

        `stamps` are those of all files in the output folder.
        """
        return all(
            stamps.get(f"{entry.folder}/{name}", ())[:2] == written
            for entry in self._entries.values()
            if entry.folder in self._names
            for name, written in entry.written.items()
        )

    def compact(self) -> None:
        """Rewrite the ledger without lines that later ones supersede, if it has grown."""
        if self._is_compact:
            return
        lines: list[dict[str, Any]] = [
            {"file": path, "stamp": stamp, "sha256": found}
            for path, (stamp, found) in self._known.items()
        ]
        lines += [{"entry": _as_json(entry)} for entry in self._entries.values()]
        patient_moves.write(self._path, b"".join(_line(value) for value in lines))
        self._is_compact = True

    def _whole(self, entry: LedgerEntry) -> LedgerEntry | None:
        """Return the entry if its folder is as it was built, or a copy of that; else None."""
        folder = self._out / entry.folder
        stamps = stamps_in(folder) if folder.is_dir() else {}
        stamps = {name: stamp for name, stamp in stamps.items() if name in entry.written}
        if stamps == entry.written:  # what others put beside does not matter
            return entry
        if not _is_copy(folder, stamps, entry):
            return None
        again = replace(entry, written=stamps)
        self._enter(again)
        return again

    def _rename(self, entry: LedgerEntry, name: str) -> LedgerEntry:
        patient_moves.replace(self._out / entry.folder, self._out / name)
        del self._entries[entry.folder]
        self._append({"gone": entry.folder})
        renamed = replace(entry, folder=name)
        self._enter(renamed)
        return renamed

    def _enter(self, entry: LedgerEntry) -> None:
        self._entries[entry.folder] = entry
        self._append({"entry": _as_json(entry)})

    def _learn(self, path: str, stamp: Stamp, found: str) -> None:
        if self._known.get(path) != (stamp, found):
            self._known[path] = stamp, found
            self._append({"file": path, "stamp": stamp, "sha256": found})

    def _digest(self, path: Path) -> str:
        stamp = stamp_of(path)
        known = self._known.get(str(path))
        if known and known[0] == stamp:
            return known[1]
        found = digest(path)
        self._learn(str(path), stamp, found)
        return found

    def _append(self, value: dict[str, Any]) -> None:
        self._is_compact = False
        with self._path.open("ab") as stream:
            stream.write(_line(value))

    def _read(self, line: bytes) -> None:
        """Read one line. A truncated or foreign line only means that its folder is rebuilt."""
        try:
            value = json.loads(line)
            if "entry" in value:
                entry = _from_json(value["entry"])
                self._entries[entry.folder] = entry
            elif "gone" in value:
                self._entries.pop(value["gone"], None)
            else:
                size, changed = value["stamp"]
                self._known[value["file"]] = (size, changed), value["sha256"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            _log.warning("a line of the ledger %s is thrown away", self._path, exc_info=True)


def _are_one(folder: Path, other: Path | None) -> bool:
    """Return whether two names are of one folder, as upper and lower case are on some systems."""
    return other is not None and other.exists() and folder.samefile(other)


def _written_in(folder: Path) -> dict[str, Stamp]:
    """Return the stamps of the files that a build wrote, as its manifest lists them."""
    stamps = stamps_in(folder)
    try:
        listed = {each.file for each in Manifest.parse(read_record(folder / MANIFEST)).files}
    except (OSError, ValueError):
        return stamps
    return {name: stamp for name, stamp in stamps.items() if name in listed | {MANIFEST}}


def _is_copy(folder: Path, stamps: Mapping[str, Stamp], entry: LedgerEntry) -> bool:
    """Return whether a folder has the files that were built, byte for byte, at other times.

    The ledger knows the manifest's digest, and the manifest those of all other files.
    """
    sizes = {name: size for name, (size, _) in stamps.items()}
    if not entry.manifest or sizes != {name: size for name, (size, _) in entry.written.items()}:
        return False
    try:
        data = read_record(folder / MANIFEST)
        if sha256(data).hexdigest() != entry.manifest:
            return False
        listed = {each.file: each.sha256 for each in Manifest.parse(data).files}
        return listed.keys() | {MANIFEST} == sizes.keys() and all(
            digest(folder / name) == found for name, found in listed.items()
        )
    except (OSError, ValueError):
        _log.info("“%s” is no copy of what was built", folder, exc_info=True)
        return False


def key_of(
    application: ApplicationFolder, digests: Mapping[str, str], options: Options, tool: str
) -> str:
    """Return a digest of everything that a build depends on: equal keys give equal volumes.

    `tool` is this program's (see `tool_digest`). If the build to compare with is gone, the key says
    so: the volume is then built without the comparison, which its findings tell.
    """
    answers = application.application
    assert answers is not None
    parts = [
        tool,
        repr(options),
        answers.model_dump_json(),
        json.dumps([found.as_dict() for found in application.findings]),
        repr(application.stamped),
        json.dumps(
            [(item.where, item.file, digests.get(item.file)) for item in application.offered]
        ),
        json.dumps([(path.name, digests.get(path.name)) for path in application.word_beside]),
    ]
    if any(item.straighten for item in application.offered):
        parts.append(f"straightens: {opencv.is_installed()}")
    if options.since is not None:
        parts.append(_compared_with(options.since))
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _compared_with(earlier: Path) -> str:
    """Return the digest of an earlier build's manifest, or that it cannot be read."""
    try:
        return digest(earlier / MANIFEST)
    except OSError:
        _log.warning("the manifest in %s cannot be read", earlier, exc_info=True)
        return "not compared"


def tool_digest() -> str:
    """Return a digest of this program: version, code, templates, and the sizes of its fonts.

    It is computed once per process for the installed notices.
    """
    return _digest_with(tuple(notice_folders().values()))


@cache
def _digest_with(notices: tuple[Path, ...]) -> str:
    found = sha256(__version__.encode())
    code = sorted(package_folder().rglob("*.py"))
    folders = (templates_folder(), *notices)
    files = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    pages = sorted(files)
    for path in (*code, *pages):
        found.update(path.name.encode())
        heavy = path.is_relative_to(fonts_folder())
        found.update(str(path.stat().st_size).encode() if heavy else path.read_bytes())
    return found.hexdigest()


def stamps_of(application: ApplicationFolder) -> dict[str, Stamp]:
    """Return the stamp of each existing offered file by its path as the user wrote it."""
    found = {}
    for item in application.offered:
        if item.path is not None:
            with suppress(OSError):
                found[item.file] = stamp_of(item.path)
    return found


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode() + b"\n"


def _as_json(entry: LedgerEntry) -> dict[str, Any]:
    return {**asdict(entry), "findings": [record_of(found) for found in entry.findings]}


def _from_json(value: dict[str, Any]) -> LedgerEntry:
    return LedgerEntry(
        str(value["folder"]),
        str(value["key"]),
        int(value["pages"]),
        tuple(finding_of(found) for found in value["findings"]),
        {name: (size, changed) for name, (size, changed) in value["written"].items()},
        str(value.get("manifest", "")),
        str(value.get("volume", "")),
    )
