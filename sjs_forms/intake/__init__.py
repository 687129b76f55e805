"""Attachments made ready: whatever an office sends becomes a clean PDF and facts about it.

Importing this loads no PDF library; files are opened in a process of their own.
"""

from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from sjs_forms.digests import digest
from sjs_forms.facts import Remark, SourceFacts
from sjs_forms.intake import hindrance, kinds, unusable
from sjs_forms.intake.refused import refused_type
from sjs_forms.intake.shelf import (
    CacheShelf,
    Shelf,
    WorkShelf,
    facts_from,
    key_for,
    open_shelf,
)
from sjs_forms.intake.unusable import Unusable
from sjs_forms.machine import is_nameable
from sjs_forms.programme import IntakeLimits

__all__ = ["CacheShelf", "Shelf", "Unusable", "WorkShelf", "open_shelf", "take_in"]


def take_in(
    path: Path, shown: str, shelf: Shelf, limits: IntakeLimits, password: str | None = None
) -> SourceFacts:
    """Open an attachment once and for all: its clean PDF, on the shelf, and its facts.

    `shown` is the file as the user wrote it; every message names it so. Raises Unusable, also
    where the machine or this software is to blame (see `hindrance`). Only what the file's bytes
    are to blame for is remembered.
    """
    from sjs_forms.intake.host import Interrupted

    try:
        size = path.stat().st_size if path.is_file() else -1
        if size < 0:
            raise unusable.missing()
        if size == 0:
            raise unusable.empty()
        if size > limits.max_bytes:
            mega = f"{size / 1e6:,.1f} MB", f"{limits.max_bytes / 1e6:,.1f} MB"
            raise unusable.too_large("大小", *mega)
        return _named(_from_shelf(path, PurePath(shown).name, shelf, limits, password), shown)
    except Unusable as refusal:
        raise refusal.named(shown) from None
    except OSError as problem:
        raise hindrance.unread(problem).named(shown) from problem
    except Interrupted:
        raise
    except Exception as problem:
        raise hindrance.of(problem, shelf.folder).named(shown) from problem


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is when its reading begins, and how it is to be read.

    `name` is what its owner calls it.
    """

    path: Path
    name: str
    stamp: tuple[int, int]
    sha256: str
    limits: IntakeLimits
    password: str | None

    def hold(self) -> None:
        """Raise Unusable where the file was lost or changed: no fault of its content then."""
        try:
            if digest(self.path) != self.sha256:
                raise hindrance.changed()
        except OSError as problem:
            raise hindrance.unread(problem) from problem


def _stamp(path: Path) -> tuple[int, int]:
    """What is another as soon as somebody writes to the file. Raises OSError."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _from_shelf(
    path: Path, name: str, shelf: Shelf, limits: IntakeLimits, password: str | None
) -> SourceFacts:
    file = _File(path, name, _stamp(path), digest(path), limits, password)
    # A spreadsheet may print its own name.
    named = name if kinds.may_be_office(path) else ""
    key = key_for(file.sha256, password, limits.model_dump_json() + named)
    with shelf.alone(key):
        known = shelf.find(key)
        if isinstance(known, Unusable):
            raise known
        if known is not None:
            return known
        try:
            return _shelved(file, key, shelf)
        except Unusable as refusal:
            if not refusal.passing:
                file.hold()
                shelf.refuse(key, refusal)
            raise


def _shelved(file: _File, key: str, shelf: Shelf) -> SourceFacts:
    """The file opened anew and shelved, on the first shelf that can be written."""
    for place in shelf.in_turn():
        try:
            with place.scratch() as scratch:
                facts = _fresh(file, Path(scratch))
                if _stamp(file.path) != file.stamp:
                    raise hindrance.changed()
                return place.put(key, facts)
        except OSError as problem:
            file.hold()
            stopped = hindrance.of(problem, place.folder)
    raise stopped


def _fresh(file: _File, scratch: Path) -> SourceFacts:
    """The file opened anew, its clean PDF still in `scratch`. Raises Unusable or OSError."""
    from sjs_forms.intake.host import in_a_worker

    source, kind, password = file.path, kinds.kind_of(file.path), file.password
    if not is_nameable(source):
        source = scratch / f"source{source.suffix if is_nameable(Path(source.suffix)) else ''}"
        source.symlink_to(file.path.absolute())
    remarks: tuple[Remark, ...] = ()
    if kind == "office-encrypted":
        raise unusable.office_encrypted()
    if kind == kinds.OFFICE:
        from sjs_forms.intake.office import as_pdf

        source, remarks = as_pdf(source, file.name, scratch, file.limits)
        kind, password = kinds.PDF, None
    if kind not in (kinds.PDF, kinds.IMAGE):
        raise refused_type(kind)
    clean = scratch / "clean.pdf"
    plain = in_a_worker(kind, source, clean, file.limits, password)
    facts = facts_from({"sha256": file.sha256, **plain}, clean)
    return replace(facts, remarks=(*remarks, *facts.remarks))


def _named(facts: SourceFacts, shown: str) -> SourceFacts:
    remarks = tuple(unusable.in_words(remark, shown) for remark in facts.remarks)
    return replace(facts, remarks=remarks)
